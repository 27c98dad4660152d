import AbideCore

/// All that a promise line and the words beside it need to know of one clock.
struct PromiseLineView: Sendable {
    var kind: PromiseKind
    var reading: ClockReading
    var intervals: [ClockReading.Interval]
    /// The rungs of the ladder, in order; none for a clock without a deadline.
    var steps: [PromiseStep] = []
    /// Words for the keys of suspension reasons: the agreement's labels.
    var reasons: [String: String] = [:]
    /// Labels of what is missing, while it has not started.
    var missing: [String] = []
    /// The deadline if it started now, for the form.
    var wouldBeDue: Instant? = nil

    var state: PromiseState { PromiseState(reading) }

    /// True where minutes would hide what happens.
    var isExact: Bool { DurationWords.usesSeconds(reading.targetSeconds) }

    /// Of a ticket's clocks, the one that the list speaks of: a missed one that still runs, else the deadline that comes first, else a
    /// suspended one, one without a deadline, one that has not started, and last the one that stopped last.
    static func promisedNext(_ clocks: [PromiseLineView]) -> PromiseLineView? {
        func rank(_ clock: PromiseLineView) -> (Int, Int64) {
            let due = clock.reading.due?.seconds ?? .max
            switch clock.state {
            case .missed: return (0, due)
            case .running, .dueSoon: return (1, due)
            case .suspended: return (2, clock.reading.leftSeconds ?? .max)
            case .open: return (3, 0)
            case .notStarted: return (4, 0)
            case .met, .late, .ended: return (5, -(clock.reading.stoppedAt?.seconds ?? 0))
            }
        }
        return clocks.min { rank($0) < rank($1) }
    }

    /// `10 h 24 m`, `3 h 42 m over`, `phone, site`: the first line beside it.
    var headline: String {
        let target = reading.targetSeconds
        switch state {
        case .notStarted: return missing.isEmpty ? say("not started") : missing.map(lowerFirst).joined(separator: ", ")
        case .running, .dueSoon, .suspended:
            // A clock without a target has nothing left; it says what it took.
            guard let left = reading.leftSeconds else { return DurationWords.say(reading.usedSeconds, target: target) }
            return DurationWords.say(left, target: target, rounding: .up)
        case .missed, .late: return say("\(DurationWords.say(reading.leftSeconds ?? 0, target: target)) over")
        case .met: return say("after \(DurationWords.say(reading.usedSeconds, target: target))")
        case .open, .ended: return DurationWords.say(reading.usedSeconds, target: target)
        }
    }

    /// `Resolution Fri 12:06`, `left, stands still`: the second line beside it.
    func secondLine(_ words: TimeWords, now: Instant) -> String {
        switch state {
        case .notStarted: return missing.isEmpty ? "" : say("missing")
        case .running, .dueSoon, .missed:
            return kind.name + (reading.due.map { " " + words.stamp($0, now: now, seconds: isExact) } ?? "")
        case .suspended: return reading.leftSeconds == nil ? say("so far, stands still") : say("left, stands still")
        case .met, .late: return say("\(kind.name) of \(DurationWords.say(reading.targetSeconds ?? 0, target: reading.targetSeconds))")
        case .open: return say("so far, no deadline")
        case .ended: return kind.name
        }
    }

    func sentence(_ words: TimeWords, now: Instant) -> String {
        clockSentence(kind, reading, intervals: intervals, steps: steps, missing: missing, reasons: reasons, words: words, now: now)
    }
}
