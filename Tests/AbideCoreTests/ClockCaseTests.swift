import AbideCore
import AbideDesk
import Foundation
import Testing

/// Agreements for tests: the standard one, changed where a test says so.
enum ClockFixture {
    static func agreement(_ change: (inout AgreementTerms) -> Void = { _ in }) throws -> Agreement {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("agreements/standard.yaml")
        var terms = try #require(AgreementFile.read(yaml: String(contentsOf: file, encoding: .utf8), fileName: "standard.yaml").terms)
        change(&terms)
        let zones = ZoneFiles()
        return try Agreement(terms) { try zones.rules($0) }
    }

    static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(0) }

    /// Round the clock, for one severity.
    static func roundTheClock(_ number: Int) -> (inout AgreementTerms) -> Void {
        { terms in
            terms.calendars.append(CalendarTerms(
                name: "always", zone: "America/Chicago", week: Array(repeating: [DayHours(open: 0, close: 86_400)], count: 7), holidayRules: [], holidays: [], exceptions: [], nominalDay: nil))
            for index in terms.severities.indices where terms.severities[index].number == number { terms.severities[index].calendar = "always" }
        }
    }
}

/// The cases of a ticket's clock, each by its sentence. Dallas is six hours behind UTC in winter, five from 8 March 2026 on.
@Suite struct ClockCaseTests {
    private func at(_ text: String) -> Instant { ClockFixture.at(text) }
    private func clock(_ changes: [(String, ClockChange.Kind)], _ agreement: Agreement, _ name: ClockName = .response) -> SLAClock {
        SLAClock(name, changes: changes.map { ClockChange(at($0.0), $0.1) }, agreement: agreement)
    }
    private func sum(_ clock: SLAClock, _ now: Instant) -> Int64 { clock.intervals(at: now).reduce(0) { $0 + $1.seconds } }

    @Test("C6 overlapping suspensions: their union is taken out, and each stretch has its own reason")
    func union() throws {
        let agreement = try ClockFixture.agreement()
        let clock = clock([
            ("2026-03-10T14:00:00Z", .start(severity: 1)), ("2026-03-10T14:30:00Z", .suspend(1, reason: "accessAwaited")), ("2026-03-10T15:00:00Z", .suspend(2, reason: "answerAwaited")),
            ("2026-03-10T15:30:00Z", .resume(1)), ("2026-03-10T16:00:00Z", .resume(2)),
        ], agreement)
        #expect(clock.due == at("2026-03-10T17:30:00Z"))
        let intervals = clock.intervals(at: at("2026-03-10T16:15:00Z"))
        #expect(intervals.map(\.cause) == [.open, .suspended("accessAwaited"), .suspended("answerAwaited"), .open])
        #expect(intervals.map(\.lost) == [0, 3600, 1800, 0] && sum(clock, at("2026-03-10T16:15:00Z")) == 2700)
    }

    @Test("C6 what is entered late counts from its true time, in whatever order it was recorded")
    func late() throws {
        let agreement = try ClockFixture.agreement()
        let inOrder: [(String, ClockChange.Kind)] = [
            ("2026-03-10T14:00:00Z", .start(severity: 2)), ("2026-03-10T15:00:00Z", .suspend(1, reason: "staffAwaited")), ("2026-03-10T16:00:00Z", .resume(1)), ("2026-03-10T18:00:00Z", .stop),
        ]
        let now = at("2026-03-11T15:00:00Z")
        let expected = clock(inOrder, agreement)
        for recorded in [[0, 3, 1, 2], [0, 1, 3, 2], [3, 0, 2, 1]] {
            let late = clock(recorded.map { inOrder[$0] }, agreement)
            #expect(late.reading(at: now) == expected.reading(at: now) && late.intervals(at: now) == expected.intervals(at: now))
        }
        #expect(expected.reading(at: now).usedSeconds == 3 * 3600)
    }

    @Test("C5 several changes of severity: what has counted stands, what is left counts by the new target (carry)")
    func carry() throws {
        let agreement = try ClockFixture.agreement()
        let clock = clock([
            ("2026-03-10T14:00:00Z", .start(severity: 3)), ("2026-03-10T15:00:00Z", .severity(1)), ("2026-03-10T15:30:00Z", .severity(2)), ("2026-03-10T16:00:00Z", .severity(1)),
        ], agreement)
        // Two hours of severity 1, all but none of them used: the change of 16:00 falls on the deadline itself.
        #expect(clock.due == at("2026-03-10T16:00:00Z") && clock.reading(at: at("2026-03-10T16:00:00Z")).usedSeconds == 7200)
        #expect(clock.isMissed(at: at("2026-03-10T16:00:00Z")) == false && clock.isMissed(at: at("2026-03-10T16:00:01Z")))
    }

    @Test("C5 where the agreement says restart the new target counts in full from the change")
    func restart() throws {
        let agreement = try ClockFixture.agreement { $0.severityChange = .restart }
        let clock = clock([("2026-03-10T14:00:00Z", .start(severity: 3)), ("2026-03-10T15:00:00Z", .severity(1)), ("2026-03-10T16:30:00Z", .severity(1))], agreement)
        #expect(clock.due == at("2026-03-10T18:30:00Z"))
        #expect(sum(clock, at("2026-03-10T17:00:00Z")) == 3 * 3600)
    }

    @Test("C5 a target that is spent already is due at the instant of the change, never before it")
    func neverBefore() throws {
        let agreement = try ClockFixture.agreement()
        let clock = clock([("2026-03-10T14:00:00Z", .start(severity: 3)), ("2026-03-10T20:00:00Z", .severity(1))], agreement)
        #expect(clock.due == at("2026-03-10T20:00:00Z"))
        // Outside hours as well: the change itself is the deadline.
        let night = self.clock([("2026-03-10T14:00:00Z", .start(severity: 3)), ("2026-03-11T03:00:00Z", .severity(1))], agreement)
        #expect(night.due == at("2026-03-11T03:00:00Z"))
    }

    @Test("C4 C5 a severity with a calendar of its own: elapsed time stands as it counted, the rest counts round the clock")
    func calendarChange() throws {
        let agreement = try ClockFixture.agreement(ClockFixture.roundTheClock(1))
        // Tuesday 16:00 to 17:00 in Dallas by office hours, then an hour of the night.
        let clock = clock([("2026-03-10T21:00:00Z", .start(severity: 2)), ("2026-03-11T03:00:00Z", .severity(1))], agreement)
        #expect(clock.due == at("2026-03-11T04:00:00Z"))
        let intervals = clock.intervals(at: at("2026-03-11T03:30:00Z"))
        #expect(intervals.map(\.cause) == [.open, .outsideHours, .open] && intervals.map(\.seconds) == [3600, 0, 1800])
        // And back to office hours.
        let back = self.clock([("2026-03-10T21:00:00Z", .start(severity: 2)), ("2026-03-11T03:00:00Z", .severity(1)), ("2026-03-11T03:30:00Z", .severity(2))], agreement)
        #expect(back.due == at("2026-03-11T20:30:00Z"))
    }

    @Test("C2 as soon as possible: no deadline, and elapsed working time is measured all the same")
    func asap() throws {
        let agreement = try ClockFixture.agreement()
        let clock = clock([("2026-03-10T14:00:00Z", .start(severity: 4)), ("2026-03-11T15:00:00Z", .stop)], agreement)
        let reading = clock.reading(at: at("2026-03-12T15:00:00Z"))
        #expect(reading.due == nil && reading.targetSeconds == nil && reading.outcome == nil && reading.usedSeconds == 10 * 3600)
        #expect(clock.warnings.isEmpty && clock.instant(afterDeadline: .seconds(0)) == nil)
    }

    @Test("C4 round the clock over both changes of the clocks: two hours are two hours", arguments: [
        ("2026-03-08T07:30:00Z", "2026-03-08T09:30:00Z"), ("2026-11-01T05:30:00Z", "2026-11-01T07:30:00Z"),
    ])
    func daylight(start: String, due: String) throws {
        let agreement = try ClockFixture.agreement(ClockFixture.roundTheClock(1))
        let clock = clock([(start, .start(severity: 1))], agreement)
        #expect(clock.due == at(due) && sum(clock, at(due)) == 7200)
    }

    @Test("C2 to the end of the day: due at the close of the day, later by the working time that a suspension takes out")
    func endOfDay() throws {
        let agreement = try ClockFixture.agreement { terms in
            for index in terms.severities.indices where terms.severities[index].number == 2 { terms.severities[index].response = .within(.workingDays(1), .endOfDay) }
        }
        let start: (String, ClockChange.Kind) = ("2026-03-10T14:00:00Z", .start(severity: 2))
        #expect(clock([start], agreement).due == at("2026-03-11T22:00:00Z"))
        let suspended = clock([start, ("2026-03-10T15:00:00Z", .suspend(1, reason: "accessAwaited")), ("2026-03-10T16:30:00Z", .resume(1))], agreement)
        // An hour and a half after the close: the next morning.
        #expect(suspended.due == at("2026-03-12T14:30:00Z"))
    }

    @Test("C7 a closed stretch says why: a holiday by its name, the night without one, and the counted seconds are the figure")
    func reasons() throws {
        let agreement = try ClockFixture.agreement()
        // Thursday 2 July 16:30 in Dallas; Friday is the observed Independence Day.
        let clock = clock([("2026-07-02T21:30:00Z", .start(severity: 1))], agreement)
        #expect(clock.due == at("2026-07-06T14:30:00Z"))
        let intervals = clock.intervals(at: at("2026-07-06T13:47:11Z"))
        #expect(intervals.map(\.kind) == [.counted, .closed, .closed, .closed, .counted])
        #expect(intervals.map(\.reason).dropFirst().prefix(3) == ["outside hours", "Independence Day (observed)", "outside hours"] || intervals[2].reason.contains("Independence Day"))
        #expect(intervals[2].from == at("2026-07-03T05:00:00Z") && intervals[2].to == at("2026-07-04T05:00:00Z"))
        #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(sum(clock, at("2026-07-06T13:47:11Z")) == 1800 + 47 * 60 + 11)
    }

    @Test("N4 reopening under each rule", arguments: ReopeningRule.allCases)
    func reopening(rule: ReopeningRule) throws {
        let agreement = try ClockFixture.agreement()
        let kinds: [(String, ClockChange.Kind)] = switch rule {
        case .restart: [("2026-03-11T14:00:00Z", .restart)]
        case .carry: [("2026-03-11T14:00:00Z", .carryOn)]
        case .none: []
        }
        let clock = clock([("2026-03-10T14:00:00Z", .start(severity: 1)), ("2026-03-10T15:00:00Z", .stop)] + kinds, agreement)
        let now = at("2026-03-11T14:30:00Z")
        let reading = clock.reading(at: now)
        switch rule {
        case .restart: #expect(reading.state == .running && reading.usedSeconds == 1800 && reading.due == at("2026-03-11T16:00:00Z") && clock.cycle == 2)
        case .carry:
            #expect(reading.state == .running && reading.usedSeconds == 5400 && reading.due == at("2026-03-11T15:00:00Z") && clock.cycle == 1)
            #expect(clock.intervals(at: now).map(\.cause) == [.open, .stopped, .open])
        case .none: #expect(reading.state == .stopped && reading.outcome == .met && reading.usedSeconds == 3600)
        }
        #expect(sum(clock, now) == reading.usedSeconds)
    }

    @Test("C3 an agreed date is that instant, moves by the working time lost alone, and stays whatever the severity")
    func agreedDate() throws {
        let agreement = try ClockFixture.agreement(ClockFixture.roundTheClock(1))
        let due = at("2026-03-12T18:17:23Z")
        var list: [(String, ClockChange.Kind)] = [("2026-03-10T14:00:00Z", .start(severity: 2)), ("2026-03-10T15:11:07Z", .agreed(due: due, workingSeconds: nil))]
        #expect(clock(list, agreement, .resolution).due == due)
        list.append(("2026-03-11T02:00:00Z", .severity(1)))
        #expect(clock(list, agreement, .resolution).due == due)
        list.append(("2026-03-11T14:00:00Z", .severity(3)))
        #expect(clock(list, agreement, .resolution).due == due)
        list += [("2026-03-11T15:00:00Z", .suspend(1, reason: "accessAwaited")), ("2026-03-11T15:40:05Z", .resume(1))]
        #expect(clock(list, agreement, .resolution).due == due + 2405)
        let resolution = clock(list, agreement, .resolution)
        let reading = resolution.reading(at: due)
        #expect(reading.usedSeconds + (reading.leftSeconds ?? 0) == reading.targetSeconds && sum(resolution, due) == reading.usedSeconds)
    }

    @Test("C3 working time that is agreed counts from the start of the clock; where it is spent already it is due at the acceptance")
    func agreedSeconds() throws {
        let agreement = try ClockFixture.agreement()
        let early = clock([("2026-03-10T14:00:00Z", .start(severity: 2)), ("2026-03-10T16:00:00Z", .agreed(due: nil, workingSeconds: 10_800))], agreement, .resolution)
        #expect(early.due == at("2026-03-10T17:00:00Z"))
        let late = clock([("2026-03-10T14:00:00Z", .start(severity: 2)), ("2026-03-10T18:00:00Z", .agreed(due: nil, workingSeconds: 10_800))], agreement, .resolution)
        #expect(late.due == at("2026-03-10T18:00:00Z"))
    }

    @Test("C3 a date agreed anew after the first was missed is a promise of its own, with a ladder of its own")
    func renegotiated() throws {
        let agreement = try ClockFixture.agreement()
        let list: [(String, ClockChange.Kind)] = [
            ("2026-03-10T14:00:00Z", .start(severity: 2)), ("2026-03-10T14:10:00Z", .agreed(due: at("2026-03-10T18:00:00Z"), workingSeconds: nil)),
            ("2026-03-10T19:00:00Z", .agreed(due: at("2026-03-11T18:00:00Z"), workingSeconds: nil)),
        ]
        #expect(clock(Array(list.prefix(2)), agreement, .resolution).isMissed(at: at("2026-03-10T18:30:00Z")))
        let clock = clock(list, agreement, .resolution)
        #expect(clock.cycle == 2 && clock.due == at("2026-03-11T18:00:00Z") && !clock.isMissed(at: at("2026-03-11T18:00:00Z")) && clock.isMissed(at: at("2026-03-11T18:00:01Z")))
    }

    @Test("C5 a promise missed under earlier terms stays missed, and the new deadline is shown as what is promised")
    func missedBefore() throws {
        let agreement = try ClockFixture.agreement()
        let clock = clock([("2026-03-10T14:00:00Z", .start(severity: 1)), ("2026-03-10T17:00:00Z", .severity(2))], agreement)
        let reading = clock.reading(at: at("2026-03-10T18:00:00Z"))
        #expect(reading.outcome == .missed && reading.due == at("2026-03-11T14:00:00Z") && PromiseState(reading) == .running)
    }
}
