import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

/// `abide agreement …`: what can be done with an agreement file without a desk.
struct Agreement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Work on agreement files.", subcommands: [Check.self, AgreementSimulate.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check an agreement file.",
            discussion: """
                Names every fault in one run, one a line: FILE:LINE:COLUMN: what is wrong; what is allowed.
                Exit codes: 0 right, 65 faults, 66 the file cannot be read.
                """)

        @Argument(help: "The agreement file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
        var file: String

        func run() async throws {
            let yaml: String
            do {
                yaml = try AgreementFile.text(at: file)
            } catch {
                FileHandle.standardError.write(Data("\(error)\n".utf8))
                throw ExitCode(66)
            }
            let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: file)
            for fault in faults { print(fault) }
            guard let terms else { throw ExitCode(65) }
            print("\(file) is right: \(terms.name), version \(terms.version), digest \(terms.digest)")
        }
    }
}
