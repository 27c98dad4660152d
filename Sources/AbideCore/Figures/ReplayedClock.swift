/// What one promise of a ticket comes to under given terms, from its start to an instant: the same fold as the running clock, with what
/// the tick would have let happen on the way. Nothing is stored and nobody is told.
package struct ReplayedClock: Sendable, Hashable {
    package struct Miss: Sendable, Hashable {
        package var cycle: Int
        package var due: Instant
        /// Counted seconds beyond the deadline, up to the stop or the end.
        package var overSeconds: Int64
    }

    package struct Escalation: Sendable, Hashable {
        package var cycle: Int
        /// From 1.
        package var rung: Int
        package var dueAt: Instant
        package var notified: [Role]
    }

    /// How a count ended.
    package struct Stop: Sendable, Hashable {
        package var at: Instant
        /// It had a target, and its deadline was not missed.
        package var met: Bool
        package var usedSeconds: Int64
        package var targetSeconds: Int64?
    }

    package var state: ClockReading.State
    package var outcome: ClockReading.Outcome?
    package var targetSeconds: Int64?
    package var due: Instant?
    package var usedSeconds: Int64
    /// One at most in each cycle (a cycle begins with each new count, as after a reopening).
    package var misses: [Miss] = []
    package var escalations: [Escalation] = []
    package var stops: [Stop] = []

    /// - Parameters:
    ///   - changes: in any order.
    ///   - end: up to when it is read, or up to the last change where that is later.
    ///   - holds: whether the ticket meets the conditions of a rung; one that it doesn't meet is passed over.
    package init(_ name: ClockName, changes: [ClockChange], agreement: Agreement, until end: Instant, holds: (Rung) -> Bool = { _ in true }) {
        var clock = SLAClock(name, changes: [], agreement: agreement)
        let ladder = agreement.terms.ladder(name).enumerated().filter { holds($0.element) }
        var ordered = changes
        if zip(changes, changes.dropFirst()).contains(where: { $0.at > $1.at }) {
            ordered = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        }
        var misses: [Miss] = []
        var escalations: [Escalation] = []
        var stops: [Stop] = []

        /// What has fallen due while nothing changed, as `Ticket.fallenDue` has it.
        func letPass(_ clock: SLAClock, to at: Instant) {
            if let due = clock.missedDue(at: at) {
                let over = clock.used(at: min(at, clock.stoppedAt ?? at)) - clock.used(at: due)
                if misses.last?.cycle == clock.cycle { misses[misses.count - 1].overSeconds = over } else { misses.append(Miss(cycle: clock.cycle, due: due, overSeconds: over)) }
            }
            guard clock.state == .running, let due = clock.due, due < at else { return }
            let done = escalations.last.map { $0.cycle == clock.cycle ? $0.rung : 0 } ?? 0
            for (index, rung) in ladder where index >= done {
                guard let when = clock.instant(afterDeadline: rung.after), when <= at else { break }
                escalations.append(Escalation(cycle: clock.cycle, rung: index + 1, dueAt: when, notified: rung.notify))
            }
        }
        for change in ordered {
            if case .stop = change.kind, clock.state == .running || clock.state == .suspended {
                let target = clock.targetSeconds
                stops.append(Stop(at: change.at, met: target != nil && !clock.isMissed(at: change.at), usedSeconds: clock.used(at: change.at), targetSeconds: target))
            }
            letPass(clock, to: change.at)
            clock.apply(change)
        }
        let end = max(end, ordered.last?.at ?? end)
        letPass(clock, to: end)
        let reading = clock.reading(at: end)
        state = reading.state
        outcome = reading.outcome
        targetSeconds = reading.targetSeconds
        due = reading.due
        usedSeconds = reading.usedSeconds
        self.misses = misses
        self.escalations = escalations
        self.stops = stops
    }

    /// Stops that met a target.
    package var met: Int { stops.count(where: \.met) }
}

/// One stretch of a ticket's time that two agreements count differently.
package struct ReplayedStretch: Sendable, Hashable {
    package var from: Instant
    package var to: Instant
    /// Nil: the clock does not run there at all.
    package var now: ClockReading.Interval.Kind?
    package var then: ClockReading.Interval.Kind?
    package var nowReason: String
    package var thenReason: String

    /// The stretches in which `now` and `then` differ, in order; both lists in order and without overlaps.
    package static func differences(_ now: [ClockReading.Interval], _ then: [ClockReading.Interval]) -> [ReplayedStretch] {
        let cuts = Set((now + then).flatMap { [$0.from, $0.to] }).sorted()
        var result: [ReplayedStretch] = []
        var (a, b) = (0, 0)
        for (from, to) in zip(cuts, cuts.dropFirst()) {
            while a < now.count, now[a].to <= from { a += 1 }
            while b < then.count, then[b].to <= from { b += 1 }
            let one = a < now.count && now[a].from <= from ? now[a] : nil
            let two = b < then.count && then[b].from <= from ? then[b] : nil
            guard one?.kind != two?.kind else { continue }
            let stretch = ReplayedStretch(from: from, to: to, now: one?.kind, then: two?.kind, nowReason: one?.reason ?? "", thenReason: two?.reason ?? "")
            if let last = result.last, last.to == from, last.now == stretch.now, last.then == stretch.then, last.nowReason == stretch.nowReason, last.thenReason == stretch.thenReason {
                result[result.count - 1].to = to
            } else { result.append(stretch) }
        }
        return result
    }
}
