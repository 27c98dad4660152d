import AbideCore
import Foundation
import Testing
@testable import AbideWeb

@Suite struct SentenceTests {
    @Test("The sentence of a running clock says which, state, used, suspended and why, due, left, what follows")
    func running() {
        let clock = Example.conveyor
        let says = clockSentence(.resolution, clock.reading, intervals: clock.intervals, steps: clock.steps, reasons: ["accessAwaited": "Missing access"], words: Example.dallas, now: Example.now)
        #expect(says == "Resolution, running. 7 h 36 m of 18 h used, suspended 6 h 35 m (missing access). Due Friday 13 March, 12:06 in Dallas, 10 h 24 m left. If missed: department lead at once, service manager Fri 16:06.")
    }

    @Test("A suspended clock has no deadline, only time left")
    func suspended() {
        let clock = Example.clock(.resolution, start: Example.at(11, 8), target: 18, suspended: [(Example.at(11, 15), Example.at(30, 8))])
        let says = clockSentence(.resolution, clock.reading, intervals: clock.intervals, words: Example.dallas, now: Example.now)
        #expect(says.hasSuffix("11 h left, stands still.") && !says.contains("Due"))
    }

    @Test("A missed clock says by how much, who was told, and who is next")
    func missed() {
        let steps = [PromiseStep(at: Example.at(12, 9), done: true, who: "department lead"), PromiseStep(at: Example.at(12, 13), done: false, who: "service manager")]
        let clock = Example.clock(.response, start: Example.at(11, 9), target: 9, steps: steps)
        let says = clockSentence(.response, clock.reading, intervals: clock.intervals, steps: steps, words: Example.dallas, now: Example.now)
        #expect(says == "Response, missed. 10 h 42 m of 9 h used. Was due Thursday 12 March, 09:00 in Dallas, 1 h 42 m over. Told: department lead 09:00. Next: service manager 13:00.")
    }

    @Test("Short targets are said in seconds, others in minutes", arguments: [
        (Int64(22), Int64(60), "22 s"), (65, 60, "1 m 05 s"), (3599, 7200, "59 m"), (37_440, 64_800, "10 h 24 m"), (64_800, 64_800, "18 h"), (-6120, 32_400, "1 h 42 m"),
    ])
    func durations(seconds: Int64, target: Int64, says: String) {
        #expect(DurationWords.say(seconds, target: target) == says)
    }

    @Test("Days are named as the zone's wall shows them, over midnight, year's end and before 1970")
    func days() {
        let auckland = TimeWords(place: "Auckland", offset: { _ in 13 * 3600 })
        #expect(auckland.full(Instant(1_772_323_200 + 11 * 3600)) == "Monday 2 March, 00:00")
        #expect(Example.dallas.stamp(Example.at(13, 12, 6), now: Example.now) == "Fri 12:06")
        #expect(Example.dallas.stamp(Example.at(12, 12, 6), now: Example.now) == "12:06")
        #expect(Example.dallas.date(Instant(-1)) == "31 December 1969")
        #expect(TimeWords(place: "", offset: { _ in 0 }).date(Instant(951_782_400)) == "29 February 2000")
    }

    @Test("The mail's line fills its width, says when it was sent, and shows no deadline while suspended")
    func cells() {
        let open = Example.open(Example.at(10, 13), Example.at(13, 17))
        let running = promiseLineCells(Example.conveyor.reading, intervals: Example.conveyor.intervals, open: open, sent: Example.now, words: Example.dallas)
        let widths = running.components(separatedBy: "<td width=\"").dropFirst().compactMap { Double($0.prefix { $0 != "%" }) }
        #expect(abs(widths.reduce(0, +) - 300) < 2, "three rows of 100 per cent")
        #expect(running.contains("sent&nbsp;") && running.contains("due 12:06"))
        let stopped = Example.clock(.resolution, start: Example.at(11, 8), target: 18, suspended: [(Example.at(11, 15), Example.at(30, 8))])
        #expect(!promiseLineCells(stopped.reading, intervals: stopped.intervals, open: open, sent: Example.now, words: Example.dallas).contains("due "))
        #expect(promiseLineCells(Example.notStarted.reading, intervals: [], open: open, sent: Example.now, words: Example.dallas).isEmpty)
    }
}
