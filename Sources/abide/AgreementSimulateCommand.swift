import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

/// `abide agreement simulate FILE`: the desk's history under other terms.
struct AgreementSimulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Replays the desk's history under another agreement and prints what would have been different.",
        discussion: "Nothing is written and nobody is told. Every ticket is counted under the version that it is pinned to, and under FILE. Exit codes: 65 faults in FILE, 66 it cannot be read.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The agreement file (YAML).", completion: .file(extensions: ["yaml", "yml"])) var file: String
    @Option(help: "Only this client's tickets.") var client: String?
    @Option(help: "How many differing tickets are listed.") var tickets = 200
    @Flag(help: "Prints one JSON object; its shape is in docs/simulation.md.") var json = false

    func run() async throws {
        try await speaking {
            guard (0...1_000_000).contains(tickets) else { throw Stop("--tickets: a number from 0 to 1,000,000.", code: 64) }
            let reading: AgreementReading
            do { reading = try AgreementFile.load(path: file).reading } catch { throw Stop("\(error)", code: 66) }
            guard let terms = reading.terms else { throw Stop(reading.faults.map { "\($0)" }.joined(separator: "\n"), code: 65) }
            let desk = try await store.desk()
            var wanted: Int64?
            if let client { wanted = try await desk.clientID(named: client) }
            let replay = try await desk.replay(terms, client: wanted, keep: tickets)
            let when = desk.when(for: nil, replay.agreement)
            if json { say(try replay.json(when: when)) } else { say(replay.lines(when: when).joined(separator: "\n")) }
            try await desk.close()
        }
    }
}
