import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

/// `abide agreement …`: agreement files, and the versions that a desk knows.
struct Agreement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Work on agreement files.", subcommands: [Check.self, Diff.self, TryRouting.self, AgreementSimulate.self, Put.self, Versions.self])

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
            let terms = try Agreement.terms(file)
            print("\(file) is right: \(terms.name), version \(terms.version), digest \(terms.digest)")
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say in words what differs between two agreements.",
            discussion: "Each is a file, or with --data the digest of a version that the desk knows (its beginning is enough), or 'current'.")

        @Argument(help: "The agreement as it was.") var old: String
        @Argument(help: "The agreement as it is to be.") var new: String
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await speaking {
                let (a, b) = (try await Agreement.either(old, store), try await Agreement.either(new, store))
                let lines = AgreementDiff.lines(from: a, to: b)
                for line in lines { say(line) }
                if lines.isEmpty { say("They say the same.") }
            }
        }
    }

    struct TryRouting: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "route", abstract: "Try the routing rules of a file on the tickets of the past; touches nothing.")

        @Argument(help: "The agreement file.", completion: .file(extensions: ["yaml", "yml"])) var file: String
        @OptionGroup var store: StoreOptions
        @Flag(help: "One JSON object a ticket, all of them; else only those that would go elsewhere.") var json = false

        private struct Row: Encodable {
            var ref: String
            var subject: String
            var was: String?
            var department: String?
            var assignee: String?
            var tags: [String]
            var rules: [String]
        }

        func run() async throws {
            let terms = try Agreement.terms(file)
            try await speaking {
                let desk = try await store.desk()
                let trials = try await desk.tryRouting(terms)
                try await desk.close()
                for trial in trials where json || !trial.isSame {
                    let route = trial.route
                    if json {
                        try sayJSON(Row(ref: trial.ref, subject: trial.subject, was: trial.was, department: route.department, assignee: route.assignee, tags: route.tags, rules: route.rules))
                    } else {
                        let rules = route.rules.isEmpty ? "no rule" : route.rules.joined(separator: ", ")
                        say("\(trial.ref): \(trial.was ?? "nowhere") -> \(route.department ?? "nowhere") (\(rules)): \(trial.subject)")
                    }
                }
                if !json { say("\(trials.count { !$0.isSame }) of \(trials.count) tickets would go elsewhere.") }
            }
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a file in force for all clients without an agreement of their own, while the desk runs.",
            discussion: "For one client: abide client agreement NAME FILE. Running tickets stay with their version.")

        @Argument(help: "The agreement file.", completion: .file(extensions: ["yaml", "yml"])) var file: String
        @OptionGroup var store: StoreOptions
        @Option(help: ArgumentHelp("From the beginning of this day on, in the provider's zone; else from the date that the file names, or now.", valueName: "yyyy-mm-dd")) var from: String?

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                let answer = try await Agreement.putInForce(file, client: nil, from: from, desk)
                try sayJSON(answer)
                try await desk.close()
            }
        }
    }

    struct Versions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What happened to agreements: put in force, for whom, accepted; one JSON object a line.")
        @OptionGroup var store: StoreOptions

        private struct Row: Encodable {
            var type: String
            var digest: String?
            var client: String?
            var occurredAt: String
            var recordedAt: String
            var by: String
            var sentence: String
        }

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                for event in try await desk.agreementEvents() {
                    try sayJSON(Row(
                        type: event.kind.rawValue, digest: event.digest, client: event.client?.name, occurredAt: event.occurredAt.rfc3339, recordedAt: event.recordedAt.rfc3339,
                        by: event.actor, sentence: event.sentence))
                }
                try await desk.close()
            }
        }
    }

    // MARK: Shared by the commands

    /// The terms of a file; its faults are printed, one a line.
    static func terms(_ file: String) throws -> AgreementTerms {
        let reading: AgreementReading
        do { reading = try AgreementFile.load(path: file).reading } catch {
            complain("\(error)")
            throw ExitCode(66)
        }
        for fault in reading.faults { print(fault) }
        guard let terms = reading.terms else { throw ExitCode(65) }
        return terms
    }

    /// A file's terms, or those of a version that the desk knows.
    private static func either(_ word: String, _ store: StoreOptions) async throws -> AgreementTerms {
        if FileManager.default.fileExists(atPath: word) || store.data == nil && store.database == nil { return try terms(word) }
        let desk = try await store.desk()
        let found = try await desk.agreementTerms(word)
        try await desk.close()
        return found
    }

    struct InForce: Encodable {
        var client: String?
        var name: String
        var version: Int
        var digest: String
        var from: String
    }

    /// Stores a file's version and puts it in force.
    static func putInForce(_ file: String, client: String?, from: String?, _ desk: Desk) async throws -> InForce {
        let read: (yaml: String, reading: AgreementReading)
        do { read = try AgreementFile.load(path: file) } catch { throw Stop("\(error)", code: 66) }
        let agreement = try await desk.putAgreement(yaml: read.yaml, fileName: file) { read.reading.sources[$0] }
        let begins = try from.map { text in
            guard let date = LocalDate(iso: text) else { throw Stop("--from \(text): a date as 2026-12-01.", code: 64) }
            // Today means from now on.
            let zone = agreement.providerZone ?? agreement.defaultCalendar.zone
            return zone.local(desk.now()).date == date ? desk.now() : zone.start(of: date)
        }
        var id: Int64?
        if let client { id = try await desk.clientID(named: client) }
        let terms = agreement.terms
        let inForce = try await desk.putInForce(digest: terms.digest, client: id, from: begins, actor: "abide \(client == nil ? "agreement put" : "client agreement")")
        return InForce(client: client, name: terms.name, version: terms.version, digest: terms.digest, from: inForce.rfc3339)
    }
}
