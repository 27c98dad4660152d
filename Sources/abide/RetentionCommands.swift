import AbideDesk
import AbideStore
import ArgumentParser
import Foundation

/// `abide retention …`: how long is kept what the agreement needs no more.
struct Retention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long raw mails, files and words are kept, by client.",
        discussion: """
            What there is: mail (the bytes of mails, from their arrival), files (from the last movement of the closed ticket), words (all words of a closed ticket with its files and mails). \
            Times, severities and levels always stay, and the event log still verifies. The desk removes every six hours what is due; `run` does it at once. Without rules all is kept.
            """, subcommands: [Show.self, Set.self, Hold.self, Run.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What holds for whom.")
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                for line in try await desk.retention() {
                    let rules = RetainedKind.allCases.compactMap { kind in line.rules[kind].map { "\(kind.rawValue) \($0)" } }.joined(separator: ", ")
                    say("\(line.client): \(rules.isEmpty ? (line.client == "all others" ? "all is kept" : "as for all others") : rules)\(line.hold.map { "; on hold: \($0)" } ?? "")")
                }
                try await desk.close()
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sets how long something is kept: `abide retention set words 1095 --client \"Northfield Mining\"`.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "mail, files or words.") var what: String
        @Argument(help: "Days, `forever`, or `default` (as for all others).") var days: String
        @Option(help: "Of this client; without it, of all that have no rule of their own.") var client: String?

        func run() async throws {
            try await speaking {
                guard let kind = RetainedKind(rawValue: what) else { throw Stop("\(what): one of mail, files, words.", code: 64) }
                guard ["forever", "default"].contains(days) || Int(days) != nil else { throw Stop("\(days): a number of days, `forever` or `default`.", code: 64) }
                let desk = try await store.desk()
                let id = if let client { try await desk.clientID(named: client) } else { Int64?.none }
                if days == "default" { try await desk.dropRetention(kind, client: id, by: .command) } else { try await desk.setRetention(kind, client: id, days: Int(days), by: .command) }
                try await desk.close()
            }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Nothing of a client's is removed, whatever the rules say; or, with --end, again.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The client's name.") var client: String
        @Option(help: "Why; it stands in the audit log.") var reason: String?
        @Flag(help: "The hold ends.") var end = false

        func run() async throws {
            try await speaking {
                guard end != (reason != nil) else { throw Stop("Give --reason TEXT, or --end.", code: 64) }
                let desk = try await store.desk()
                try await desk.setRetentionHold(client: try await desk.clientID(named: client), reason: reason, by: .command)
                try await desk.close()
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes what is kept no longer; with --dry-run it only counts.")
        @OptionGroup var store: StoreOptions
        @Flag(help: "Nothing is removed.") var dryRun = false

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                let result = try await desk.applyRetention(dryRun: dryRun)
                let names = Dictionary(uniqueKeysWithValues: try await desk.db.read { try $0.clients().map { ($0.id, $0.name) } })
                for (client, counts) in result.removed.sorted(by: { $0.key < $1.key }) {
                    let text = RetainedKind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind == .mail ? "mails" : kind == .files ? "tickets' files" : "tickets' words")" } }
                    say("\(names[client] ?? "nobody's client"): \(text.joined(separator: ", "))")
                }
                say(dryRun ? "\(result.total) in all; nothing was removed" : "\(result.total) in all")
                if !dryRun, result.total > 0 { do { try await desk.db.compact() } catch { complain("The space is not yet overwritten (\(error)); it is reused.") } }
                try await desk.close()
            }
        }
    }
}
