import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Checks the event log's chain and that every projection follows from it; names the first that does not.")
    @OptionGroup var store: StoreOptions
    @Flag(help: "The whole log.") var all = false

    func run() async throws {
        try await speaking {
            guard all else { throw Stop("Say --all: the whole log is checked.", code: 64) }
            let desk = try await store.desk()
            let result = try await desk.verify()
            try await desk.close()
            if let fault = result.fault { throw Stop(fault) }
            say("ok: \(result.tickets) tickets, \(result.events) events; the chain holds and every ticket follows from its log")
        }
    }
}

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The service report of a client and a period, counted from the event log.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The client's name.") var client: String
    @Option(help: ArgumentHelp("The first day.", valueName: "yyyy-mm-dd")) var from: String
    @Option(help: ArgumentHelp("The last day, included.", valueName: "yyyy-mm-dd")) var to: String
    @Option(help: "json or csv.") var format = "json"

    func run() async throws {
        try await speaking {
            guard let first = LocalDate(iso: from), let last = LocalDate(iso: to) else { throw Stop("--from and --to: dates as 2026-03-01.", code: 64) }
            guard ["json", "csv"].contains(format) else { throw Stop("--format \(format): json or csv.", code: 64) }
            let desk = try await store.desk()
            let report = try await desk.report(clientNamed: client, from: first, to: last)
            try await desk.close()
            say(format == "csv" ? report.csv : report.json)
        }
    }
}
