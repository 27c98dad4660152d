import AbideSimulation
import Foundation

/// `abide-simulate 1..200 [--jobs N] [--trace]`: a quarter of a desk's life for each seed; exit 1 with the first law that did not hold.
struct Arguments {
    var seeds: ClosedRange<UInt64> = 1...20
    var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
    var trace = false

    init?(_ words: [String]) {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--jobs":
                guard let count = words.popFirst().flatMap({ Int($0) }), count > 0 else { return nil }
                jobs = count
            case "--trace": trace = true
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
let results = await simulate(arguments.seeds, jobs: arguments.jobs, trace: arguments.trace) { result in
    switch result.result {
    case .success(let o):
        print("seed \(o.seed): \(o.tickets) tickets, \(o.events) events, \(o.escalations) escalations, \(o.mails) mails, \(o.deaths) deaths, \(o.refusals) refusals, \(o.comparisons) comparisons; digest \(o.digest)")
    case .failure(let error):
        print("seed \(result.seed) FAILED: \(String("\(error)".prefix(arguments.trace ? 20_000 : 2500)))\n  run it again: make simulate SEEDS=\(result.seed)      step by step: scripts/simulate \(result.seed) --trace")
    }
}
let seconds = Date().timeIntervalSince(began)
let failed = results.count { if case .failure = $0.result { true } else { false } }
let years = Double(results.count) / 4
print("\(results.count) quarters, \(failed) failed, in \(String(format: "%.1f", seconds)) s: \(Int(years / seconds * 3600)) desk-years an hour")
exit(failed == 0 ? 0 : 1)
