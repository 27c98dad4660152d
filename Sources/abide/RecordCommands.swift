import AbideCore
import AbideDesk
import AbideWeb
import ArgumentParser
import Foundation

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks that what the desk shows follows from its log; names the first place that does not.",
        discussion: """
            With FILE, an issued report as JSON: the log's chain, and that every figure of the report follows from the log.
            With --all: the chain, every row that lists and timers read, and every figure of every issued report.
            Exit codes: 0 all follows, 1 the first fault is named, 66 FILE cannot be read.
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "An issued report as the desk gives it in JSON.", completion: .file(extensions: ["json"])) var file: String?
    @Flag(help: "The whole log and all issued reports.") var all = false
    @Option(help: ArgumentHelp("Against a file of signed heads that `abide serve` wrote: finds a log whose end is cut off, or that was written anew.", valueName: "file")) var heads: String?

    func run() async throws {
        try await speaking {
            guard !(all && file != nil), all || file != nil || heads != nil else { throw Stop("Give the file of an issued report, --all, or --heads FILE.", code: 64) }
            if let file {
                guard let data = FileManager.default.contents(atPath: file) else { throw Stop("\(file) can't be read.", code: 66) }
                let desk = try await store.desk()
                let fault = try await desk.verifyReport(String(decoding: data, as: UTF8.self))
                try await desk.close()
                if let fault { throw Stop("\(file): \(fault)") }
                say("ok: the chain holds and every figure of \(file) follows from the log")
                guard heads != nil else { return }
            }
            let desk = try await store.desk()
            if let heads {
                let result = try await desk.verifyHeads(heads)
                if let fault = result.fault { throw Stop(fault) }
                say("ok: \(result.lines) signed lines, \(result.heads) heads; the log has them all")
            }
            guard all else { return try await desk.close() }
            let result = try await desk.verify()
            try await desk.close()
            if let fault = result.fault { throw Stop(fault) }
            say("ok: \(result.tickets) tickets, \(result.events) events, \(result.reports) issued reports; the chain holds, and every ticket and every figure follow from the log")
        }
    }
}

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The service report of a client and a period, counted from the event log.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The client's name.") var client: String
    @Option(help: ArgumentHelp("The first day.", valueName: "yyyy-mm-dd")) var from: String
    @Option(help: ArgumentHelp("The last day, included.", valueName: "yyyy-mm-dd")) var to: String
    @Option(help: "html, csv, json or pdf.") var format = "json"
    @Option(help: "A file to write to; standard output without it.", completion: .file()) var output: String?
    @Flag(help: "Issues it: kept as it is, checked by `abide verify`, and the client's report readers are told. The period must be over.") var issue = false

    func run() async throws {
        try await speaking {
            guard let first = LocalDate(iso: from), let last = LocalDate(iso: to) else { throw Stop("--from and --to: dates as 2026-03-01.", code: 64) }
            guard let kind = ReportFile.Format(rawValue: format) else { throw Stop("--format \(format): one of \(ReportFile.Format.allCases.map(\.rawValue).joined(separator: ", ")).", code: 64) }
            let desk = try await store.desk()
            let bytes = try await ReportFile.bytes(desk, client: try await desk.clientID(named: client), from: first, to: last, issue: issue, format: kind)
            try await desk.close()
            if let output {
                guard FileManager.default.createFile(atPath: output, contents: Data(bytes)) else { throw Stop("\(output) can't be written.", code: 73) }
            } else { FileHandle.standardOutput.write(Data(bytes)) }
        }
    }
}
