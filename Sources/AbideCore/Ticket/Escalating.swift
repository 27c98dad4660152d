/// Something that the tick looks at when it falls due: one row of the timer table.
package struct TimerDue: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case warning, missed, rung, closingPrompt, closingListed, complaintLate, accessEnd

        /// Kept back after a long stop, until answers under way had time to come in (`catchUpGrace`).
        package var waitsForIntake: Bool { self == .closingPrompt || self == .closingListed }
    }

    package var kind: Kind
    package var clock: ClockName?
    package var rung: Int
    package var cycle: Int
    package var dueAt: Instant

    package init(kind: Kind, clock: ClockName?, rung: Int, cycle: Int, dueAt: Instant) {
        self.kind = kind
        self.clock = clock
        self.rung = rung
        self.cycle = cycle
        self.dueAt = dueAt
    }
}

/// Escalation by itself (D1), warnings (D4), the closing list (N2), late answers to complaints (D3), access that ends (L5): what falls
/// due, and what follows when it has.
extension Ticket {
    /// What comes next by itself; a rung falls due at the same instant as the deadline where the ladder says `after: 0`.
    package func timers(_ agreement: Agreement) -> [TimerDue] {
        var timers: [TimerDue] = []
        if phase == .open {
            for name in agreement.terms.clocks {
                let clock = clock(name, agreement)
                guard clock.state == .running, let due = clock.due else { continue }
                let cycle = clock.cycle
                // Answered at the due instant is met: the miss is one second later.
                if !missedRecorded.contains(Self.key(name, cycle)) { timers.append(TimerDue(kind: .missed, clock: name, rung: 0, cycle: cycle, dueAt: due + 1)) }
                if let warnAt = warnings(name, clock, due).first { timers.append(TimerDue(kind: .warning, clock: name, rung: 0, cycle: cycle, dueAt: warnAt)) }
                if let next = rungs(of: agreement.terms.ladder(name), after: highestRung(name, cycle: cycle), agreement).first,
                    let at = clock.instant(afterDeadline: next.rung.after)
                {
                    timers.append(TimerDue(kind: .rung, clock: name, rung: next.number, cycle: cycle, dueAt: max(at, due + 1)))
                }
            }
            if let next = unsolved(agreement).first { timers.append(TimerDue(kind: .rung, clock: nil, rung: next.number, cycle: reopenedCount + 1, dueAt: next.at)) }
        }
        if let at = promptAt(agreement) { timers.append(TimerDue(kind: .closingPrompt, clock: nil, rung: 0, cycle: 0, dueAt: at)) }
        if let closing, !closing.listed, let at = closableAt(agreement) {
            timers.append(TimerDue(kind: .closingListed, clock: nil, rung: 0, cycle: 0, dueAt: at))
        }
        for complaint in complaints where complaint.answeredAt == nil && !complaint.isOverdue {
            if let at = due(complaint, agreement) { timers.append(TimerDue(kind: .complaintLate, clock: nil, rung: complaint.id, cycle: 0, dueAt: at + 1)) }
        }
        for grant in grants where grant.endedAt == nil && phase != .closed {
            if let until = grant.until { timers.append(TimerDue(kind: .accessEnd, clock: nil, rung: grant.id, cycle: 0, dueAt: until)) }
        }
        return timers
    }

    /// All that has fallen due by `now`, each once, in the order in which it fell due; `holdsClosing` after a long stop, until
    /// intake has been up long enough for answers that were under way.
    package func fallenDue(at now: Instant, _ agreement: Agreement, holdsClosing: Bool = false) -> [Draft] {
        let ended = phase == .closed ? [] : grants.filter { $0.endedAt == nil && $0.until.map { $0 <= now } ?? false }
        guard !ended.isEmpty else { return passed(at: now, agreement, holdsClosing: holdsClosing) }
        // Access that ended in between suspends the clocks from then on: what was missed before it is missed, what came later is not.
        var ticket = self
        var drafts: [Draft] = []
        func add(_ more: [Draft]) {
            for draft in more { ticket.apply(draft.event(number: ticket.head + 1, recordedAt: now), agreement) }
            drafts += more
        }
        for grant in ended.sorted(by: { ($0.until ?? now, $0.id) < ($1.until ?? now, $1.id) }) {
            let until = grant.until ?? now
            add(ticket.passed(at: until, agreement, holdsClosing: holdsClosing))
            add(ticket.accessEnded(grant.id, expired: true, actor: .desk, at: until, agreement))
        }
        add(ticket.passed(at: now, agreement, holdsClosing: holdsClosing))
        return drafts
    }

    private func passed(at now: Instant, _ agreement: Agreement, holdsClosing: Bool) -> [Draft] {
        var drafts: [(at: Instant, draft: Draft)] = []
        if phase == .open {
            for name in agreement.terms.clocks {
                let clock = clock(name, agreement)
                guard clock.state == .running, let due = clock.due else { continue }
                let cycle = clock.cycle
                guard due < now else {
                    if let warnAt = warnings(name, clock, due).last(where: { $0 <= now }) { drafts.append((warnAt, Draft(.warned(clock: name, dueAt: due), warnAt, .desk))) }
                    continue
                }
                if !missedRecorded.contains(Self.key(name, cycle)) { drafts.append((due, Draft(.targetMissed(clock: name, dueAt: due, cycle: cycle), due, .desk))) }
                for (number, rung) in rungs(of: agreement.terms.ladder(name), after: highestRung(name, cycle: cycle), agreement) {
                    guard let at = clock.instant(afterDeadline: rung.after), at <= now else { break }
                    drafts.append((at, Draft(.escalated(clock: name, rung: number, dueAt: at, notified: rung.notify, tellClient: rung.tellClient, cycle: cycle), at, .desk)))
                    if let handed = handed(rung, at) { drafts.append((at, handed)) }
                }
            }
            for (number, rung, at) in unsolved(agreement) where at <= now {
                drafts.append((at, Draft(.unsolvedEscalated(rung: number, dueAt: at, notified: rung.notify, tellClient: rung.tellClient, cycle: reopenedCount + 1), at, .desk)))
                if let handed = handed(rung, at) { drafts.append((at, handed)) }
            }
        }
        if !holdsClosing {
            if let at = promptAt(agreement), at <= now, let since = feedbackAwaitedSince(agreement) { drafts.append((at, Draft(.closingPrompted(awaitedSince: since), at, .desk))) }
            if let closing, !closing.listed, let at = closableAt(agreement), at <= now { drafts.append((at, Draft(.closingListed, at, .desk))) }
        }
        for complaint in complaints where complaint.answeredAt == nil && !complaint.isOverdue {
            if let at = due(complaint, agreement), at < now { drafts.append((at, Draft(.complaintOverdue(complaint: complaint.id, dueAt: at), at, .desk))) }
        }
        return drafts.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.draft)
    }

    /// The rungs of a ladder that are still to come for this ticket, with their numbers; one whose conditions it doesn't meet is passed over.
    private func rungs(of ladder: [Rung], after done: Int, _ agreement: Agreement) -> [(number: Int, rung: Rung)] {
        let kind = agreement.terms.proposals(fields: fields).kind?.name ?? kind
        return ladder.enumerated().dropFirst(done).map { ($0.offset + 1, $0.element) }
            .filter { $0.1.when?.hold(severity: severity, department: department, kind: kind, coverage: coverage) ?? true }
    }

    /// The third trigger of D1: what is to come of its ladder, and when, counted by the resolution clock.
    private func unsolved(_ agreement: Agreement) -> [(number: Int, rung: Rung, at: Instant)] {
        guard let trigger = agreement.terms.ladders.unsolved, case .within(let span, _)? = agreement.terms.severity(severity)?.response else { return [] }
        let clock = clock(.resolution, agreement), calendar = agreement.calendar(ofSeverity: severity)
        guard clock.state == .running, let response = agreement.seconds(span, calendar: calendar) else { return [] }
        return rungs(of: trigger.rungs, after: rungs["unsolved/\(reopenedCount + 1)"] ?? 0, agreement).compactMap { number, rung in
            guard let after = agreement.seconds(rung.after, calendar: calendar), let at = clock.instant(whereUsed: response * Int64(trigger.responseTimes) + after) else { return nil }
            return (number, rung, at)
        }
    }

    /// A rung can hand the ticket to another department, where somebody else takes it.
    private func handed(_ rung: Rung, _ at: Instant) -> Draft? {
        guard let department = rung.handTo, department != self.department else { return nil }
        return Draft(.assigned(assignee: nil, assigneeName: nil, department: department), at, .desk)
    }

    /// The warning points of a deadline that are still to come (D4); of several that passed unseen, as while the desk was down, the last
    /// one speaks for all.
    private func warnings(_ name: ClockName, _ clock: SLAClock, _ due: Instant) -> [Instant] {
        let last = warned["\(name.rawValue)/\(due.seconds)"]
        return clock.warnings.filter { at in at < due && (last.map { $0 < at } ?? true) }
    }

    /// N2: when the desk prompts for the closing notice; nil where nothing is awaited, it did so already, or the notice is out.
    private func promptAt(_ agreement: Agreement) -> Instant? {
        guard closing == nil, let since = feedbackAwaitedSince(agreement), since != promptedFor else { return nil }
        return noticePossibleAt(agreement)
    }

    /// How a list sorts it: 1 promised (with the deadline), 2 suspended, 3 not started, 4 without a deadline, 5 resolved, 6 closed.
    package func standing(_ agreement: Agreement) -> (rank: Int, due: Instant?) {
        switch phase {
        case .registered: return (3, nil)
        case .resolved: return (5, nil)
        case .closed: return (6, nil)
        case .open:
            let clocks = agreement.terms.clocks.map { clock($0, agreement) }
            if let due = clocks.filter({ $0.state == .running }).compactMap(\.due).min() { return (1, due) }
            if clocks.contains(where: { $0.state == .suspended }) { return (2, nil) }
            return (4, nil)
        }
    }
}
