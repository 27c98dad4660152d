import AbideCore
import AbideDesk
import ArgumentParser

/// How many questions of working time one core answers, on the hours of the standard agreement.
struct BenchClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench-clock", abstract: "Measures questions of working time.", shouldDisplay: false)

    @Option(help: "Seconds for each question.") var seconds = 1.0

    func run() async throws {
        let office = DayHours(open: 8 * 3600, close: 17 * 3600)
        let terms = CalendarTerms(
            name: "office", zone: "America/Chicago", week: Array(repeating: [office], count: 5) + [[], []], holidayRules: ["us-federal"], holidays: [], exceptions: [],
            nominalDay: nil)
        let calendar = try WorkingCalendar(terms: terms, zone: ZoneFiles().rules(terms.zone))
        // Starts over thirty years and targets from a second to a month, so that no branch can be learnt by heart.
        var state: UInt64 = 20_261_124
        func random(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        let questions = (0..<4096).map { _ in (start: Instant(1_420_070_400 + random(900_000_000)), length: 1 + random(700_000)) }
        let add = measure(questions) { calendar.instant(after: $0, working: $1)?.seconds ?? 0 }
        let between = measure(questions) { calendar.worked(from: $0, to: $0 + $1) }
        say("{\"add\":\(Int(add.rate)),\"between\":\(Int(between.rate)),\"checksum\":\(add.sum &+ between.sum)}")
    }

    private func measure(_ questions: [(start: Instant, length: Int64)], _ answer: (Instant, Int64) -> Int64) -> (rate: Double, sum: Int64) {
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        // Printed, so that nothing is optimised away.
        var sum: Int64 = 0
        var elapsed = clock.now - start
        repeat {
            for _ in 0..<64 {
                for question in questions { sum &+= answer(question.start, question.length) }
            }
            count += 64 * questions.count
            elapsed = clock.now - start
        } while elapsed < .seconds(seconds)
        return (Double(count) / (elapsed / .seconds(1)), sum)
    }
}
