/// Something that the tick looks at when it falls due: one row of the timer table.
package struct TimerDue: Hashable, Sendable {
    package enum Kind: String, Sendable { case warning, missed, rung, closingListed, complaintLate }

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

/// Escalation by itself (D1), warnings (D4) and the closing list (N2): what falls due, and what follows when it has.
extension Ticket {
    private func cycleKey(_ clock: ClockName, _ cycle: Int) -> String { Self.key(clock, cycle) }

    /// What comes next by itself; a rung falls due at the same instant as the deadline where the ladder says `after: 0`.
    package func timers(_ agreement: Agreement) -> [TimerDue] {
        var timers: [TimerDue] = []
        if phase == .open {
            for name in ClockName.allCases {
                let clock = clock(name, agreement)
                guard clock.state == .running, let due = clock.due else { continue }
                let cycle = clock.cycle
                if !missedRecorded.contains(Self.key(name, cycle)) {
                    // Answered at the due instant is met: the miss is one second later.
                    timers.append(TimerDue(kind: .missed, clock: name, rung: 0, cycle: cycle, dueAt: due + 1))
                    if let warnAt = clock.warnAt, warnAt < due, !warned.contains("\(name.rawValue)/\(due.seconds)") {
                        timers.append(TimerDue(kind: .warning, clock: name, rung: 0, cycle: cycle, dueAt: warnAt))
                    }
                }
                let ladder = name == .response ? agreement.terms.ladders.response : agreement.terms.ladders.resolution
                let done = highestRung(name, cycle: cycle)
                if done < ladder.count, let at = clock.instant(afterDeadline: ladder[done].after) {
                    timers.append(TimerDue(kind: .rung, clock: name, rung: done + 1, cycle: cycle, dueAt: max(at, due + 1)))
                }
            }
        }
        if let closing, !closing.listed, let at = closableAt(agreement) {
            timers.append(TimerDue(kind: .closingListed, clock: nil, rung: 0, cycle: 0, dueAt: at))
        }
        return timers
    }

    /// All that has fallen due by `now`, each once, in the order in which it fell due; `holdsClosing` after a long stop, until
    /// intake has been up long enough for answers that were under way.
    package func fallenDue(at now: Instant, _ agreement: Agreement, holdsClosing: Bool = false) -> [Draft] {
        var drafts: [(at: Instant, draft: Draft)] = []
        if phase == .open {
            for name in ClockName.allCases {
                let clock = clock(name, agreement)
                guard clock.state == .running, let due = clock.due else { continue }
                let cycle = clock.cycle
                let recorded = missedRecorded.contains(Self.key(name, cycle))
                if due < now {
                    if !recorded { drafts.append((due, Draft(.targetMissed(clock: name, dueAt: due, cycle: cycle), due, .desk))) }
                    let ladder = name == .response ? agreement.terms.ladders.response : agreement.terms.ladders.resolution
                    var rung = highestRung(name, cycle: cycle)
                    while rung < ladder.count, let at = clock.instant(afterDeadline: ladder[rung].after), at <= now {
                        drafts.append((at, Draft(.escalated(clock: name, rung: rung + 1, dueAt: at, notified: ladder[rung].notify, tellClient: ladder[rung].tellClient, cycle: cycle), at, .desk)))
                        rung += 1
                    }
                } else if !recorded, let warnAt = clock.warnAt, warnAt <= now, warnAt < due, !warned.contains("\(name.rawValue)/\(due.seconds)") {
                    drafts.append((warnAt, Draft(.warned(clock: name, dueAt: due), warnAt, .desk)))
                }
            }
        }
        if let closing, !closing.listed, !holdsClosing, let at = closableAt(agreement), at <= now {
            drafts.append((at, Draft(.closingListed, at, .desk)))
        }
        return drafts.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.draft)
    }

    /// How a list sorts it: 1 promised (with the deadline), 2 suspended, 3 not started, 4 without a deadline, 5 resolved, 6 closed.
    package func standing(_ agreement: Agreement) -> (rank: Int, due: Instant?) {
        switch phase {
        case .registered: return (3, nil)
        case .resolved: return (5, nil)
        case .closed: return (6, nil)
        case .open:
            let clocks = ClockName.allCases.map { clock($0, agreement) }
            if let due = clocks.filter({ $0.state == .running }).compactMap(\.due).min() { return (1, due) }
            if clocks.contains(where: { $0.state == .suspended }) { return (2, nil) }
            return (4, nil)
        }
    }
}
