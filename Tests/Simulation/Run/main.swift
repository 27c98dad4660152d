import AbideSimulation
import Foundation

/// `abide-simulate 1..200 [--jobs N] [--trace]`: a quarter of a desk's life for each seed; exit 1 with the first law that did not hold.
struct Arguments {
    var seeds: ClosedRange<UInt64> = 1...20
    var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
    var trace = false
    /// Set in a part of a run: every so many-th seed alone, without the closing line.
    var every: UInt64?

    init?(_ words: [String]) {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--jobs":
                guard let count = words.popFirst().flatMap({ Int($0) }), count > 0 else { return nil }
                jobs = count
            case "--trace": trace = true
            case "--every":
                guard let step = words.popFirst().flatMap({ UInt64($0) }), step > 0 else { return nil }
                every = step
            default:
                let ends = word.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
                guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1], low <= high else { return nil }
                seeds = low...high
            }
        }
    }
}

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
    FileHandle.standardError.write(Data("abide-simulate SEEDS [--jobs N] [--trace]: SEEDS is 17 or 1..200\n".utf8))
    exit(64)
}
let began = Date()
var failed = 0
let count = arguments.seeds.count
if arguments.every == nil, arguments.jobs > 1, count > 1, !arguments.trace {
    // A process for each job: desks in one process would wait for each other's locks and allocations.
    let jobs = min(arguments.jobs, count)
    let parts = try (0..<UInt64(jobs)).map { part in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["\(arguments.seeds.lowerBound + part)..\(arguments.seeds.upperBound)", "--every", "\(jobs)"]
        try process.run()
        return process
    }
    for part in parts {
        part.waitUntilExit()
        failed += part.terminationReason == .exit ? Int(part.terminationStatus) : 1
    }
} else {
    for seed in stride(from: arguments.seeds.lowerBound, through: arguments.seeds.upperBound, by: Int(arguments.every ?? 1)) {
        do {
            let o = try await Simulation(seed: seed, trace: arguments.trace).run()
            print("seed \(o.seed): \(o.tickets) tickets, \(o.events) events, \(o.escalations) escalations, \(o.mails) mails, \(o.deaths) deaths, \(o.refusals) refusals, \(o.comparisons) comparisons; digest \(o.digest)")
        } catch {
            failed += 1
            print("seed \(seed) FAILED: \(String("\(error)".prefix(arguments.trace ? 20_000 : 2500)))\n  run it again: make simulate SEEDS=\(seed)      step by step: scripts/simulate \(seed) --trace")
        }
        fflush(nil)
    }
}
// A part tells how many failed by its status.
if arguments.every != nil { exit(Int32(min(failed, 100))) }
let seconds = Date().timeIntervalSince(began)
print("\(count) quarters, \(failed) failed, in \(String(format: "%.1f", seconds)) s: \(Int(Double(count) / 4 / seconds * 3600)) desk-years an hour")
exit(failed == 0 ? 0 : 1)
