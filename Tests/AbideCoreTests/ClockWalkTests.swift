import AbideCore
import Foundation
import Testing

/// A second answer to a ticket's clock, by walking minute after minute: what a suspension, a change of severity, a reopening or an agreement
/// does is written here as the sentences of the page say it, and shares nothing with the product but the calendar's open minutes.
private struct Walker {
    let start: Int64
    /// Open minutes by severity, from `start` on.
    let open: [Int: [Bool]]
    let targets: [Int: Int64]
    let restarts: Bool
    let minutes: Int

    struct Answer: Equatable {
        var state: ClockReading.State
        var used: Int64
        var due: Instant?
        var missed: Bool
    }

    private struct State {
        var isStarted = false, isStopped = false
        var severity = 3
        var suspensions: Set<Int> = []
        var used: Int64 = 0
        var budget: Int64?
        var since: Int64 = 0
        var isAgreed = false
        /// The severity changed while the clock was stopped.
        var changed = false
        var missed = false
        /// When the budget was reached.
        var reachedAt: Int64?
    }

    func answer(_ changes: [ClockChange], at now: Int64) -> Answer {
        var state = State()
        var left = changes[...]
        func due(_ state: State) -> Int64? { state.reachedAt.map { max($0, state.since) } }
        func takeNewTerms(_ t: Int64) {
            state.budget = targets[state.severity].map { restarts ? $0 + state.used : $0 }
            state.since = t
            state.reachedAt = state.budget.map { $0 <= state.used } ?? false ? t : nil
        }
        func apply(_ change: ClockChange, _ t: Int64) {
            func note() { if let due = due(state), due < t, state.isStarted, !state.isStopped { state.missed = true } }
            switch change.kind {
            case .start(let severity):
                state.isStarted = true
                state.severity = severity
                state.budget = targets[severity]
                state.since = t
            case .severity(let severity):
                let running = state.isStarted && !state.isStopped
                if running { note() }
                state.severity = severity
                if running, !state.isAgreed { takeNewTerms(t) }
                if state.isStopped, !state.isAgreed { state.changed = true }
            case .agreed(_, let seconds):
                note()
                if state.isAgreed { state.missed = false }
                state.isAgreed = true
                state.budget = seconds
                state.since = t
                state.reachedAt = state.budget.map { $0 <= state.used } ?? false ? t : nil
            case .suspend(let id, _): state.suspensions.insert(id)
            case .resume(let id): state.suspensions.remove(id)
            case .stop, .end:
                if state.isStarted { note() }
                state.isStopped = true
            case .carryOn:
                state.isStopped = false
                if state.changed { takeNewTerms(t) }
                state.changed = false
            case .restart:
                state.isStopped = false
                state.changed = false
                state.used = 0
                state.budget = targets[state.severity]
                state.since = t
                state.missed = false
                state.isAgreed = false
                state.reachedAt = nil
            }
        }
        func step(_ minute: Int) {
            guard state.isStarted, !state.isStopped, state.suspensions.isEmpty, open[state.severity]?[minute] ?? false else { return }
            state.used += 60
            if let budget = state.budget, state.used >= budget, state.reachedAt == nil { state.reachedAt = start + Int64(minute + 1) * 60 }
        }
        var minute = 0
        while start + Int64(minute) * 60 < now {
            let t = start + Int64(minute) * 60
            while let next = left.first, next.at.seconds == t {
                apply(next, t)
                left = left.dropFirst()
            }
            step(minute)
            minute += 1
        }
        while let next = left.first, next.at.seconds == now {
            apply(next, now)
            left = left.dropFirst()
        }
        let reading: ClockReading.State = !state.isStarted ? .notStarted : state.isStopped ? .stopped : state.suspensions.isEmpty ? .running : .suspended
        let used = state.used
        let isMissed = state.missed || (reading != .stopped && (due(state).map { $0 < now } ?? false))
        // The deadline: walk on as if nothing more happened.
        if reading == .running, state.budget != nil {
            while due(state) == nil, minute < minutes {
                step(minute)
                minute += 1
            }
        }
        return Answer(state: reading, used: used, due: reading == .running ? due(state).map(Instant.init) : nil, missed: isMissed)
    }
}

@Suite struct ClockWalkTests {
    @Test("C5 C6 N4 a ticket's clock equals a walk minute after minute over random histories", arguments: [SeverityChangeRule.carry, .restart])
    func walk(rule: SeverityChangeRule) throws {
        let agreement = try ClockFixture.agreement { terms in
            ClockFixture.roundTheClock(1)(&terms)
            terms.severityChange = rule
        }
        var dice = SplitMix(state: rule == .carry ? 11 : 12)
        let minutes = 24 * 1440
        var compared = 0
        for _ in 0..<300 {
            // Around a change of the clocks, a holiday weekend, or in between.
            let base = [ClockFixture.at("2026-03-05T06:00:00Z"), ClockFixture.at("2026-10-29T05:00:00Z"), ClockFixture.at("2026-06-30T05:00:00Z")][Int(dice.next() % 3)].seconds
            let open = Dictionary(uniqueKeysWithValues: [1, 2, 3].map { severity in
                var flags = [Bool](repeating: false, count: minutes)
                for stretch in agreement.calendar(ofSeverity: severity).open(from: Instant(base), to: Instant(base + Int64(minutes) * 60)) {
                    for minute in (stretch.from.seconds - base) / 60..<(stretch.to.seconds - base) / 60 { flags[Int(minute)] = true }
                }
                return (severity, flags)
            })
            let walker = Walker(start: base, open: open, targets: [1: 7200, 2: 32_400, 3: 97_200], restarts: rule == .restart, minutes: minutes)
            var t = base + Int64(dice.next() % 2880) * 60
            var changes = [ClockChange(Instant(t), .start(severity: Int(dice.next() % 3) + 1))]
            var suspended: [Int] = [], stopped = false, count = 0
            for _ in 0..<Int(dice.next() % 9) {
                t += Int64(dice.next() % 900 + 1) * 60
                if t > base + 9 * 86_400 { break }
                let kind: ClockChange.Kind
                switch dice.next() % 8 {
                case 0, 1:
                    count += 1
                    suspended.append(count)
                    kind = .suspend(count, reason: "r\(count)")
                case 2 where !suspended.isEmpty, 3 where !suspended.isEmpty: kind = .resume(suspended.remove(at: Int(dice.next() % UInt64(suspended.count))))
                case 4 where !stopped:
                    stopped = true
                    kind = .stop
                case 5 where stopped:
                    stopped = false
                    kind = dice.next() % 2 == 0 ? .carryOn : .restart
                default: kind = .severity(Int(dice.next() % 3) + 1)
                }
                changes.append(ClockChange(Instant(t), kind))
            }
            let clock = SLAClock(.response, changes: changes.shuffledStably(&dice), agreement: agreement)
            let now = t + Int64(dice.next() % 1440) * 60
            let expected = walker.answer(changes, at: now)
            let reading = clock.reading(at: Instant(now))
            guard reading.state != .notStarted else { continue }
            #expect(reading.state == expected.state && reading.usedSeconds == expected.used, "\(ClockChangeCoding.write(changes)) at \(now)")
            #expect(reading.state == .stopped || reading.due == expected.due, "\(ClockChangeCoding.write(changes)) at \(now)")
            #expect((reading.outcome == .missed) == expected.missed, "\(ClockChangeCoding.write(changes)) at \(now)")
            #expect(clock.intervals(at: Instant(now)).reduce(0) { $0 + $1.seconds } == reading.usedSeconds)
            compared += 1
        }
        #expect(compared >= 250)
    }
}

private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension [ClockChange] {
    /// In another order of recording; those of one instant keep theirs.
    fileprivate func shuffledStably(_ dice: inout SplitMix) -> [ClockChange] {
        var left = self, result: [ClockChange] = []
        while !left.isEmpty {
            let pick = Int(dice.next() % UInt64(left.count))
            let at = left[pick].at
            result.append(left.remove(at: left.firstIndex { $0.at == at } ?? pick))
        }
        return result
    }
}
