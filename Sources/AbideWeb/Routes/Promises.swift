import AbideCore
import AbideDesk

/// Makes promise lines of clocks. One for a page: the labels of each agreement are looked up once.
struct Promises {
    let now: Instant
    private var reasons: [String: [String: String]] = [:]

    init(now: Instant) { self.now = now }

    /// Labels of the suspension reasons by key.
    mutating func labels(_ agreement: Agreement) -> [String: String] {
        if let known = reasons[agreement.terms.digest] { return known }
        let labels = Dictionary(agreement.terms.suspensionReasons.map { ($0.name, $0.label) }, uniquingKeysWith: { a, _ in a })
        reasons[agreement.terms.digest] = labels
        return labels
    }

    /// The clock that a row of a list speaks of. Both are read, but only the one that is shown is explained.
    mutating func next(_ row: AbideDesk.TicketRow) -> PromiseLineView {
        let clocks = [ClockName.response, .resolution].map { name in
            let clock = row.clock(name)
            return (name, clock, PromiseLineView(kind: name.promise, reading: clock.reading(at: now), intervals: []))
        }
        let wanted = PromiseLineView.promisedNext(clocks.map(\.2))
        guard let (name, clock, bare) = clocks.first(where: { $0.2.kind == wanted?.kind }) ?? clocks.first else {
            return PromiseLineView(kind: .response, reading: row.clock(.response).reading(at: now), intervals: [])
        }
        var line = bare
        line.intervals = clock.intervals(at: now)
        line.reasons = labels(row.agreement)
        line.missing = row.missing.map { row.agreement.terms.fieldLabel($0) }
        if line.state == .missed {
            line.steps = steps(clock, row.agreement.terms.ladder(name), done: name == .response ? row.responseRung : row.resolutionRung)
        }
        return line
    }

    /// One clock of a ticket's page, with its whole ladder.
    mutating func line(_ name: ClockName, _ view: AbideDesk.TicketView, events: [AbideDesk.EventView]) -> PromiseLineView {
        let ticket = view.ticket, terms = view.agreement.terms
        let clock = ticket.clock(name, view.agreement)
        var line = PromiseLineView(kind: name.promise, reading: clock.reading(at: now), intervals: clock.intervals(at: now))
        line.reasons = labels(view.agreement)
        line.missing = ticket.missing(view.agreement).map { terms.fieldLabel($0) }
        var done: [PromiseStep] = []
        for event in events {
            if case .escalated(let of, _, let dueAt, let notified, _, let cycle) = event.event.fact, of == name, cycle == clock.cycle {
                done.append(PromiseStep(at: dueAt, done: true, who: EventSentence.list(notified.map(\.words))))
            }
        }
        line.steps = done + steps(clock, terms.ladder(name), done: done.count).dropFirst(done.count)
        if line.state == .notStarted, ticket.phase != .closed { line.wouldBeDue = wouldBeDue(name, ticket.severity, view.agreement) }
        return line
    }

    /// The deadline of a clock that would start now.
    func wouldBeDue(_ name: ClockName, _ severity: Int, _ agreement: Agreement) -> Instant? {
        SLAClock(name, changes: [ClockChange(now, .start(severity: severity))], agreement: agreement).due
    }

    private func steps(_ clock: SLAClock, _ ladder: [Rung], done: Int) -> [PromiseStep] {
        var steps: [PromiseStep] = []
        for (index, rung) in ladder.enumerated() {
            guard let at = clock.instant(afterDeadline: rung.after) else { break }
            steps.append(PromiseStep(at: at, done: index < done, who: EventSentence.list(rung.notify.map(\.words))))
        }
        return steps
    }
}

extension ClockName {
    var promise: PromiseKind {
        switch self {
        case .response: .response
        case .resolution: .resolution
        case .nextReply: .nextReply
        }
    }
}

extension AgreementTerms {
    /// The longest response target that has a length in seconds, for the scale of the list's axis; nil where days are promised.
    var longestTarget: Int64? {
        var longest: Int64?
        for severity in severities {
            guard case .within(let span, _) = severity.response else { continue }
            guard case .seconds(let seconds) = span else { return nil }
            longest = max(longest ?? 0, seconds)
        }
        return longest
    }
}

extension WorkingCalendar {
    /// Open time within two instants, as an axis takes it.
    func stretches(_ from: Instant, _ to: Instant) -> [(from: Instant, to: Instant)] {
        from < to ? open(from: from, to: to).map { ($0.from, $0.to) } : []
    }
}
