/// Why a promise comes out differently under other terms, in words.
package enum ReplaySentence {
    /// A sentence for each thing that differs: target, time that counts, deadline, outcome, escalation.
    /// - Parameter when: an instant in words, with its place.
    package static func why(_ difference: Replay.ClockDifference, when: (Instant) -> String) -> [String] {
        let (now, then) = (difference.now.clock, difference.then.clock)
        var lines: [String] = []
        if now.targetSeconds != then.targetSeconds { lines.append(say("The target is \(target(then)) instead of \(target(now)).")) }
        for stretch in difference.stretches.prefix(6) {
            lines.append(say("From \(when(stretch.from)) to \(when(stretch.to)): \(kind(stretch.then, stretch.thenReason)) instead of \(kind(stretch.now, stretch.nowReason))."))
        }
        if difference.stretches.count > 6 { lines.append(say("And \(difference.stretches.count - 6) stretches more that count differently.")) }
        if now.due != then.due { lines.append(say("Due \(then.due.map(when) ?? say("at no instant")) instead of \(now.due.map(when) ?? say("at no instant")).")) }
        if now.misses.count != then.misses.count || now.outcome != then.outcome { lines.append(say("\(outcome(then)) instead of \(outcome(now)).").capitalizedFirst) }
        if now.escalations.map(\.rung) != then.escalations.map(\.rung) { lines.append(say("\(escalations(then)) instead of \(escalations(now)).").capitalizedFirst) }
        else if now.escalations != then.escalations { lines.append(say("The same steps are reached at other times, or tell others.")) }
        return lines
    }

    /// `Chargeable instead of covered, by rule M4-training.`
    package static func why(_ coverage: Replay.CoverageDifference) -> String {
        say("\(coverage.then.words) instead of \(coverage.now.words)\(coverage.rule.map { say(", by rule \($0)") } ?? "").").capitalizedFirst
    }

    package static func outcome(_ clock: ReplayedClock) -> String {
        if let miss = clock.misses.last { return say("missed by \(Duration.words(miss.overSeconds))\(clock.misses.count > 1 ? say(", \(clock.misses.count) times") : "")") }
        if clock.outcome == .met { return say("met") }
        return clock.targetSeconds == nil ? say("no target") : say("not decided yet")
    }

    private static func target(_ clock: ReplayedClock) -> String { clock.targetSeconds.map(Duration.words) ?? say("none") }

    private static func escalations(_ clock: ReplayedClock) -> String {
        guard let last = clock.escalations.last else { return say("no escalation") }
        return clock.escalations.count == 1 ? say("escalated to \(EventSentence.list(last.notified.map(\.words)))") : say("\(clock.escalations.count) escalations, the last to \(EventSentence.list(last.notified.map(\.words)))")
    }

    private static func kind(_ kind: ClockReading.Interval.Kind?, _ reason: String) -> String {
        switch kind {
        case .counted: say("counted")
        case .closed: reason.isEmpty || reason == "outside hours" ? say("outside hours") : reason == "stopped" ? say("stopped") : say("closed (\(reason))")
        case .suspended: say("suspended")
        case nil: say("not running")
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
