import AbideCore
import AbideDesk
import AbideMail
import ArgumentParser
import Foundation

struct Mail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mail by hand: deliver a message, or see how one is read.", subcommands: [Deliver.self, MailParse.self, Raw.self])

    struct Deliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads one message on standard input into the desk and prints the reference.",
            discussion: "Exit code 75 when it could not be stored, so that a mail server tries again; 65 when it is empty.")
        @OptionGroup var store: StoreOptions
        @Option(help: "The envelope's sender.") var from = ""
        @Option(help: "The envelope's recipient. Default: the desk's mailbox.") var to: String?
        @Flag(help: "Run it again although it was here before: after a fault in its reading was mended.") var again = false

        func run() async throws {
            let raw = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
            guard !raw.isEmpty else {
                complain("There was no message on standard input.")
                throw ExitCode(65)
            }
            do {
                let desk = try await store.desk()
                let id = try await desk.receive(raw, from: from, recipients: [to ?? desk.currentAgreement().terms.provider.mailbox], again: again)
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

    struct Raw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a mail as it came, byte for byte: the first of a ticket, or another of its messages.",
            discussion: "`abide mail raw DESK-1001 | abide mail parse` shows what is read in it today, `abide mail raw DESK-1001 | abide mail deliver --again` runs it again.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The ticket's reference.") var ref: String
        @Option(help: "The message's number: the last in its address on the page of the ticket.") var message: Int?

        func run() async throws {
            let desk = try await store.desk()
            guard let raw = try await desk.rawMail(message, of: ref) else { throw Stop("\(ref): there is no such mail.", code: 66) }
            try FileHandle.standardOutput.write(contentsOf: Data(raw))
            try await desk.close()
        }
    }
}
