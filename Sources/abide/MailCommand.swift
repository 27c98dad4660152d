import AbideCore
import AbideDesk
import AbideMail
import ArgumentParser
import Foundation

struct Mail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mail by hand: deliver a message, or see how one is read.", subcommands: [Deliver.self, MailParse.self])

    struct Deliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads one message on standard input into the desk and prints the reference.",
            discussion: "Exit code 75 when it could not be stored, so that a mail server tries again; 65 when it is empty.")
        @OptionGroup var store: StoreOptions
        @Option(help: "The envelope's sender.") var from = ""
        @Option(help: "The envelope's recipient. Default: the desk's mailbox.") var to: String?

        func run() async throws {
            let raw = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
            guard !raw.isEmpty else {
                complain("There was no message on standard input.")
                throw ExitCode(65)
            }
            do {
                let desk = try await store.desk()
                let id = try await desk.receive(raw, from: from, recipients: [to ?? desk.currentAgreement().terms.provider.mailbox])
                // Without the desk's key an answer can't be told to its ticket: then it is left to a node that has it.
                if try await desk.hasOwnKey() {
                    while try await desk.registerMail(read: { MailReader.read($0) }) > 0 {}
                } else {
                    for _ in 0..<50 where try await desk.reference(ofMail: id) == nil { try await Task.sleep(for: .milliseconds(100)) }
                }
                if let ref = try await desk.reference(ofMail: id) { say(ref) }
                try await desk.close()
            } catch let stop as Stop where stop.code == 64 {
                complain(stop.description)
                throw ExitCode(64)
            } catch {
                complain("Not stored, try again: \(error)")
                throw ExitCode(75)
            }
        }
    }
}
