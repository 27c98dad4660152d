import AbideDesk
import ArgumentParser
import Foundation

/// `abide continuity …`: going on while the desk is away, and coming back (J3).
struct Continuity: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The continuity pack: plain files to go on by hand, and logging afterwards.", subcommands: [Write.self, Import.self])

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the pack now.", discussion: "`abide serve` writes it every 15 minutes and when it stops: \(ContinuityPack.pageName), tickets.csv, contacts.csv, log.csv.")
        @OptionGroup var store: StoreOptions
        @Option(help: ArgumentHelp("The folder to write it to.", valueName: "dir")) var to: String

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                let pack = try await desk.continuityPack()
                try await desk.close()
                do { try pack.write(to: to) } catch { throw Stop("\(to) can't be written: \(error.localizedDescription)", code: 73) }
                say(pack.files.keys.sorted().map { "\(to)/\($0)" }.joined(separator: "\n"))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Logs what was handled while the desk was away, with its true times.",
            discussion: """
                The file is log.csv of the pack, filled in. Columns: act (logged, answered, noted, suspended, resumed, resolved, closed), ref, at, by, text; for logged also \
                contact, subject, urgency, phone, site, project, environment; for suspended also reason. A line that was taken over before is left out, so that a \
                corrected file can be handed in again. Exit code 65 where a line makes no sense; the lines before it are logged.
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The CSV file; - for standard input.") var file: String

        func run() async throws {
            try await speaking {
                let data = file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
                guard let data else { throw Stop("\(file) can't be read.", code: 66) }
                let desk = try await store.desk()
                do {
                    for outcome in try await desk.importContinuity(String(decoding: data, as: UTF8.self)) {
                        say("\(outcome.ref)  \(outcome.act)\(outcome.isKnown ? ", known already" : "")")
                    }
                } catch let fault as ContinuityFault {
                    try await desk.close()
                    throw Stop("\(file): \(fault)", code: 65)
                }
                try await desk.close()
            }
        }
    }
}
