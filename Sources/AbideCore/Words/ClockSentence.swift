/// Which promise of a ticket a clock measures.
package enum PromiseKind: String, Sendable, Hashable, CaseIterable {
    case response, resolution, nextReply

    /// For staff and in the agreement.
    package var name: String {
        switch self {
        case .response: say("Response")
        case .resolution: say("Resolution")
        case .nextReply: say("Next reply")
        }
    }
}

/// How a promise stands, as the promise line draws it and its badge says it.
package enum PromiseState: String, Sendable, Hashable, CaseIterable {
    case notStarted, running, dueSoon, missed, met, late, suspended, open, ended

    /// `missed` runs on after its deadline, `late` has stopped; `open` has no deadline, and `ended` is an `open` one that stopped.
    package init(_ reading: ClockReading) {
        switch reading.state {
        case .notStarted: self = .notStarted
        case .suspended: self = reading.outcome == .missed && (reading.leftSeconds ?? 0) <= 0 ? .missed : .suspended
        case .running:
            // Missed under earlier terms, and promised anew since: what is promised now is what stands.
            let isPromisedAnew = reading.outcome == .missed && (reading.leftSeconds ?? 0) > 0
            if (reading.outcome == .missed && !isPromisedAnew) || (reading.leftSeconds ?? 0) < 0 { self = .missed }
            else if reading.targetSeconds == nil { self = .open }
            else { self = reading.dueSoon ? .dueSoon : .running }
        case .stopped:
            if reading.outcome == .missed { self = .late } else { self = reading.outcome == .met ? .met : .ended }
        }
    }

    package var word: String {
        switch self {
        case .notStarted: say("not started")
        case .running: say("running")
        case .dueSoon: say("due soon")
        case .missed: say("missed")
        case .met: say("met")
        case .late: say("late")
        case .suspended: say("suspended")
        case .open: say("no deadline")
        case .ended: say("ended")
        }
    }
}

/// A rung of the ladder as one ticket meets it: who is told, when, and whether that has happened.
package struct PromiseStep: Sendable, Hashable {
    package var at: Instant
    package var done: Bool
    /// Who is told: "department lead".
    package var who: String
    package init(at: Instant, done: Bool, who: String) {
        self.at = at
        self.done = done
        self.who = who
    }
}

/// The sentence that stands for a promise line wherever it can't be seen, on pages and on the command line alike.
/// In order: which clock, state, used of target, suspended and why, due, left, what follows.
package func clockSentence(
    _ kind: PromiseKind, _ reading: ClockReading, intervals: [ClockReading.Interval], steps: [PromiseStep] = [],
    missing: [String] = [], reasons: [String: String] = [:], words: TimeWords, now: Instant
) -> String {
    let state = PromiseState(reading)
    let target = reading.targetSeconds
    let exact = DurationWords.usesSeconds(target)
    var sentences = ["\(kind.name), \(state.word)"]
    if state == .notStarted {
        if !missing.isEmpty { sentences.append(say("Missing: \(missing.joined(separator: ", "))")) }
        return sentences.joined(separator: ". ") + "."
    }
    var used = DurationWords.say(reading.usedSeconds, target: target)
    used = target.map { say("\(used) of \(DurationWords.say($0, target: $0)) used") } ?? say("\(used) so far, no deadline")
    for (reason, lost) in suspensions(intervals) {
        used += say(", suspended \(DurationWords.say(lost, target: target))")
        let label = reasons[reason] ?? reason
        if !label.isEmpty { used += " (\(lowerFirst(label)))" }
    }
    sentences.append(used)
    let place = words.place.isEmpty ? "" : " \(words.names.within) \(words.place)"
    switch state {
    case .met, .late, .ended:
        if let stopped = reading.stoppedAt { sentences.append(say("Stopped \(words.full(stopped, now: now, seconds: exact))\(place)")) }
        if let due = reading.due { sentences.append(say("Was due \(words.full(due, now: now, seconds: exact))\(place)")) }
    case .suspended:
        if let left = reading.leftSeconds { sentences.append(say("\(DurationWords.say(left, target: target, rounding: .up)) left, stands still")) }
    case .missed:
        let over = reading.leftSeconds.map { say("\(DurationWords.say($0, target: target)) over") } ?? say("over")
        sentences.append(reading.due.map { say("Was due \(words.full($0, now: now, seconds: exact))\(place), \(over)") } ?? over)
    case .running, .dueSoon:
        if let due = reading.due, let left = reading.leftSeconds {
            sentences.append(say("Due \(words.full(due, now: now, seconds: exact))\(place), \(DurationWords.say(left, target: target, rounding: .up)) left"))
        }
    case .open, .notStarted: break
    }
    let told = steps.filter(\.done).map { "\($0.who) \(words.stamp($0.at, now: now, seconds: exact))" }
    if !told.isEmpty { sentences.append(say("Told: \(told.joined(separator: ", "))")) }
    let next = steps.filter { !$0.done }.map { step in
        step.at == reading.due ? say("\(step.who) at once") : "\(step.who) \(words.stamp(step.at, now: now, seconds: exact))"
    }
    if !next.isEmpty, [.running, .dueSoon, .missed].contains(state) {
        sentences.append(state == .missed ? say("Next: \(next.joined(separator: ", "))") : say("If missed: \(next.joined(separator: ", "))"))
    }
    return sentences.joined(separator: ". ") + "."
}

/// Working time lost by reason, in order of first appearance.
package func suspensions(_ intervals: [ClockReading.Interval]) -> [(reason: String, lost: Int64)] {
    var sums: [(reason: String, lost: Int64)] = []
    for interval in intervals where interval.kind == .suspended && interval.lost > 0 {
        if let i = sums.firstIndex(where: { $0.reason == interval.reason }) {
            sums[i].lost += interval.lost
        } else {
            sums.append((interval.reason, interval.lost))
        }
    }
    return sums
}

/// A label in the middle of a sentence; one that begins with two capitals (ALTA-APP-02) stays.
package func lowerFirst(_ text: String) -> String {
    guard !Tongue.current.writing.capitalNouns, let first = text.first, first.isUppercase, !(text.dropFirst().first?.isUppercase ?? false) else { return text }
    return first.lowercased() + text.dropFirst()
}
