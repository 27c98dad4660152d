/// What changes a clock, at the instant at which it occurred (not at which it was recorded: late entries are welcome).
package struct ClockChange: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case start(severity: Int)
        case severity(Int)
        /// C3: what both sides agreed; `workingSeconds` counts from the start of the clock.
        case agreed(due: Instant?, workingSeconds: Int64?)
        case suspend(Int, reason: String)
        case resume(Int)
        case stop
        /// Stops it without anything having been given: neither met nor, unless its deadline had passed, missed.
        case end
        /// Goes on from what had elapsed.
        case carryOn
        /// A new count, the next cycle.
        case restart
    }

    package var at: Instant
    package var kind: Kind

    package init(_ at: Instant, _ kind: Kind) {
        self.at = at
        self.kind = kind
    }
}

/// One promise of a ticket, folded from what happened to it (`clock.md`, "A ticket's clock").
package struct SLAClock: Sendable {
    /// A stretch of time that counts (or stands suspended) under one calendar.
    struct Stretch: Sendable {
        var from: Instant
        /// Nil: still going.
        var to: Instant?
        /// Nil where it counts, else the reason of the suspension.
        var suspended: String?
        var calendar: WorkingCalendar
        /// Counted before this stretch.
        var usedBefore: Int64
    }

    package private(set) var state = ClockReading.State.notStarted
    package private(set) var startedAt: Instant?
    package private(set) var stoppedAt: Instant?
    /// How often it was started anew: escalations belong to a cycle.
    package private(set) var cycle = 1
    private(set) var stretches: [Stretch] = []
    /// What the target comes to in counted seconds; nil: none.
    private var budget: Int64?
    /// When the terms of the budget began to hold.
    private var budgetSince: Instant?
    private var target: Target = .asap
    private var agreed: (due: Instant?, workingSeconds: Int64?)?
    private var running: [(id: Int, reason: String)] = []
    /// The first deadline of this cycle that passed unmet: a promise that was missed under the terms of its time stays missed, whatever terms follow.
    private var firstMissed: Instant?
    /// Severity or agreed date changed while the clock was stopped: what is left is counted under the new terms when it goes on.
    private var changedWhileStopped = false
    /// Stopped with nothing given.
    private var isEnded = false
    private var severity: Int
    private let name: ClockName
    private let agreement: Agreement

    /// Folds `changes`, which may be in any order; those of one instant keep theirs.
    package init(_ name: ClockName, changes: [ClockChange], agreement: Agreement) {
        self.name = name
        self.agreement = agreement
        severity = agreement.terms.provisionalSeverity
        var ordered = changes
        if zip(changes, changes.dropFirst()).contains(where: { $0.at > $1.at }) {
            ordered = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        }
        for change in ordered { apply(change) }
    }

    // MARK: Folding

    mutating func apply(_ change: ClockChange) {
        let at = change.at
        switch change.kind {
        case .start(let number):
            severity = number
            startedAt = at
            stoppedAt = nil
            state = running.isEmpty ? .running : .suspended
            setTarget(at: at, from: at)
            open(at: at)
        case .severity(let number):
            let before = calendar
            severity = number
            if state == .stopped, agreed == nil { changedWhileStopped = true }
            guard state == .running || state == .suspended else { return }
            noteMiss(at: at)
            close(at: at)
            if let agreed {
                // What both sides agreed stands whatever the severity: a date stays that date, also by another calendar's hours.
                if calendar !== before, let due = agreed.due, agreed.workingSeconds == nil, due > at { budget = used(at: at) + calendar.worked(from: at, to: due) }
            } else {
                takeNewTerms(at: at)
            }
            open(at: at)
        case .agreed(let due, let seconds):
            let isAnother = agreed != nil
            agreed = (due, seconds)
            if state == .stopped { changedWhileStopped = true }
            guard state == .running || state == .suspended else { return }
            noteMiss(at: at)
            if isAnother {
                // Agreed anew: another promise, with a ladder of its own. That the one before was missed stands in the log.
                cycle += 1
                firstMissed = nil
            }
            close(at: at)
            setTarget(at: at, from: startedAt ?? at)
            open(at: at)
        case .suspend(let id, let reason):
            running.append((id, reason))
            guard state == .running else { return }
            close(at: at)
            state = .suspended
            open(at: at)
        case .resume(let id):
            let reason = running.first?.reason
            running.removeAll { $0.id == id }
            // Of several that overlap the first gives its reason; what goes on after it is explained by the next.
            guard state == .suspended, running.first?.reason != reason else { return }
            close(at: at)
            state = running.isEmpty ? .running : .suspended
            open(at: at)
        case .stop, .end:
            guard state == .running || state == .suspended else { return }
            noteMiss(at: at)
            close(at: at)
            state = .stopped
            stoppedAt = at
            isEnded = change.kind == .end
        case .carryOn:
            guard state == .stopped else { return }
            stoppedAt = nil
            state = running.isEmpty ? .running : .suspended
            if changedWhileStopped { takeNewTerms(at: at) }
            changedWhileStopped = false
            open(at: at)
        case .restart:
            guard startedAt != nil else { return }
            // Of several messages that wait for the next reply the oldest counts.
            if name == .nextReply, state != .stopped { return }
            close(at: at)
            stretches = []
            agreed = nil
            firstMissed = nil
            changedWhileStopped = false
            cycle += 1
            startedAt = at
            stoppedAt = nil
            state = running.isEmpty ? .running : .suspended
            setTarget(at: at, from: at)
            open(at: at)
        }
    }

    /// What is left is counted under the terms that hold from now on.
    private mutating func takeNewTerms(at: Instant) {
        if agreement.terms.severityChange == .restart, agreed == nil {
            setTarget(at: at, from: at)
            if let own = budget { budget = used(at: at) + own }
        } else {
            setTarget(at: at, from: startedAt ?? at)
        }
    }

    private var terms: SeverityTerms? { agreement.terms.severity(severity) }
    private var calendar: WorkingCalendar { agreement.calendar(ofSeverity: severity) }

    private mutating func open(at: Instant) {
        stretches.append(Stretch(from: at, to: nil, suspended: state == .suspended ? running.first?.reason ?? "" : nil, calendar: calendar, usedBefore: used(at: at)))
    }

    private mutating func close(at: Instant) {
        guard let last = stretches.indices.last, stretches[last].to == nil else { return }
        stretches[last].to = max(at, stretches[last].from)
        if stretches[last].to == stretches[last].from { stretches.removeLast() }
    }

    /// Sets the budget under the terms that hold now, for a count that began at `from`.
    private mutating func setTarget(at: Instant, from: Instant) {
        let calendar = calendar
        let wanted = switch name {
        case .response: terms?.response
        case .resolution: terms?.resolution
        case .nextReply: terms?.nextReply
        }
        target = wanted ?? .asap
        budgetSince = at
        if let agreed {
            if let seconds = agreed.workingSeconds {
                budget = seconds
            } else if let due = agreed.due {
                // By this date: what is open until then, on top of what has counted.
                budget = used(at: at) + max(0, calendar.worked(from: at, to: due))
            }
            return
        }
        switch target {
        case .within(.seconds(let seconds), _): budget = seconds
        case .within(.workingDays(let days), .rolling): budget = calendar.nominalDay.map { $0 * Int64(days) }
        case .within(.workingDays(let days), .endOfDay):
            budget = calendar.endOfDay(after: from, days: days).map { calendar.worked(from: from, to: $0) }
        case .agreed, .asap: budget = nil
        }
    }

    private mutating func noteMiss(at: Instant) {
        if firstMissed == nil, let due = dueInstant(), due < at { firstMissed = due }
    }

    // MARK: Figures

    /// Counted seconds up to `at`.
    package func used(at: Instant) -> Int64 {
        var index = stretches.count - 1
        while index >= 0, stretches[index].from > at { index -= 1 }
        guard index >= 0 else { return 0 }
        let stretch = stretches[index]
        guard stretch.suspended == nil else { return stretch.usedBefore }
        let end = min(at, stretch.to ?? at)
        return stretch.usedBefore + stretch.calendar.worked(from: stretch.from, to: end)
    }

    /// The earliest instant at which `seconds` have been counted; nil if that is never, as while suspended.
    package func instant(whereUsed seconds: Int64) -> Instant? {
        for (index, stretch) in stretches.enumerated() where stretch.suspended == nil {
            let missing = seconds - stretch.usedBefore
            if missing <= 0 { return stretch.from }
            // A stopped clock keeps its flag: where the deadline would have been.
            let last = index == stretches.count - 1
            guard let found = stretch.calendar.instant(after: stretch.from, working: missing) else { continue }
            if last || found <= stretch.to ?? found { return found }
        }
        // A clock that stopped while suspended: where the deadline would be if it had gone on from there.
        guard state == .stopped, let stoppedAt, let last = stretches.last, last.suspended != nil else { return nil }
        return last.calendar.instant(after: stoppedAt, working: seconds - last.usedBefore)
    }

    private func dueInstant() -> Instant? {
        guard let budget, state != .notStarted else { return nil }
        let counted = instant(whereUsed: budget)
        guard let since = budgetSince else { return counted }
        // A deadline never moves into the past by a change of terms.
        return counted.map { max($0, since) }
    }

    /// The deadline; nil while suspended, and where none is promised.
    package var due: Instant? { state == .suspended ? nil : dueInstant() }

    package var targetSeconds: Int64? { budget }

    /// When rung `after` of a ladder falls due: counted on by this clock from its own deadline.
    package func instant(afterDeadline span: Span) -> Instant? {
        guard state == .running, let due else { return nil }
        let seconds = agreement.seconds(span, calendar: calendar) ?? 0
        if seconds == 0 { return due }
        return instant(whereUsed: used(at: due) + seconds)
    }

    /// The warning points (D4), from the first to the one closest to the deadline; none without a deadline.
    package var warnings: [Instant] {
        guard state == .running, let due, let budget else { return [] }
        let points = terms?.warning(of: name)?.ahead.compactMap { agreement.seconds($0, calendar: calendar) } ?? [min(budget / 4, 7200)]
        let usedThen = used(at: due)
        return points.filter { $0 > 0 && $0 < budget }.sorted(by: >).compactMap { ahead in
            instant(whereUsed: usedThen - ahead).map { max($0, budgetSince ?? $0) }
        }
    }

    package func isMissed(at now: Instant) -> Bool {
        missedDue(at: now) != nil
    }

    /// The deadline of this cycle that passed unmet before `now`, the first where terms changed since; nil: none did.
    package func missedDue(at now: Instant) -> Instant? {
        if let firstMissed { return firstMissed }
        guard state == .running || state == .suspended, let due = dueInstant(), due < now else { return nil }
        return due
    }

    package func reading(at now: Instant) -> ClockReading {
        let used = used(at: stoppedAt ?? now)
        let missed = isMissed(at: now)
        let due = due
        let outcome: ClockReading.Outcome? = missed ? .missed : state == .stopped && budget != nil && !isEnded ? .met : nil
        // Missed under earlier terms and promised anew: then the new deadline is what comes next.
        let isAhead = due.map { $0 >= now } ?? false
        return ClockReading(
            state: state, outcome: outcome, targetSeconds: budget, startedAt: startedAt, due: due, stoppedAt: stoppedAt,
            usedSeconds: used, leftSeconds: budget.map { $0 - used },
            dueSoon: state == .running && isAhead && (warnings.first.map { $0 <= now } ?? false))
    }

    /// Every interval from the start to `now` (or to the stop), with its reason; the counted seconds sum to the figure (C7).
    package func intervals(at now: Instant) -> [ClockReading.Interval] {
        var all: [ClockReading.Interval] = []
        var reachedSoFar: Instant?
        for stretch in stretches where stretch.from < now {
            if let gap = reachedSoFar, gap < stretch.from { all.append(.init(from: gap, to: stretch.from, cause: .stopped)) }
            let end = min(now, stretch.to ?? now)
            if let reason = stretch.suspended {
                all.append(.init(from: stretch.from, to: end, cause: .suspended(reason), lost: stretch.calendar.worked(from: stretch.from, to: end)))
            } else {
                var at = stretch.from
                for open in stretch.calendar.open(from: stretch.from, to: end) {
                    if at < open.from { all += closed(at, open.from, stretch.calendar) }
                    all.append(.init(from: open.from, to: open.to, cause: .open))
                    at = open.to
                }
                if at < end { all += closed(at, end, stretch.calendar) }
            }
            reachedSoFar = end
        }
        return all
    }

    /// A stretch that the calendar holds closed, cut where a holiday begins and ends.
    private func closed(_ from: Instant, _ to: Instant, _ calendar: WorkingCalendar) -> [ClockReading.Interval] {
        let zone = calendar.zone
        var parts: [ClockReading.Interval] = []
        var at = from
        var date = zone.local(from).date
        let last = zone.local(to - 1).date
        while at < to {
            // Where the clocks go back over midnight a date can come after the next one; then the rest is one part.
            let end = date < last ? min(max(zone.start(of: date.next), at), to) : to
            let cause: ClockReading.Interval.Cause = calendar.holiday(on: date).map { .holiday($0) } ?? .outsideHours
            if let same = parts.indices.last, parts[same].cause == cause {
                parts[same].to = end
            } else if at < end {
                parts.append(.init(from: at, to: end, cause: cause))
            }
            at = end
            date = date.next
        }
        return parts
    }
}
