/// The desk's history under the agreements that it had, beside the same history under another one.
package struct Replay: Sendable {
    /// What a set of tickets came to.
    package struct Figures: Sendable, Hashable {
        package var responseMet = 0
        package var responseMissed = 0
        package var resolutionMet = 0
        package var resolutionMissed = 0
        package var nextReplyMet = 0
        package var nextReplyMissed = 0
        /// Rungs of a ladder that were reached.
        package var escalations = 0
        /// Tickets whose work the client pays apart: decided chargeable, or to be quoted (M).
        package var paidApart = 0

        package mutating func add(_ decision: CoverageDecision) { if decision == .chargeable || decision == .quote { paidApart += 1 } }

        package mutating func add(_ name: ClockName, _ clock: ReplayedClock) {
            switch name {
            case .response:
                responseMet += clock.met
                responseMissed += clock.misses.count
            case .resolution:
                resolutionMet += clock.met
                resolutionMissed += clock.misses.count
            case .nextReply:
                nextReplyMet += clock.met
                nextReplyMissed += clock.misses.count
            }
            escalations += clock.escalations.count
        }

        package static func + (a: Figures, b: Figures) -> Figures {
            Figures(
                responseMet: a.responseMet + b.responseMet, responseMissed: a.responseMissed + b.responseMissed, resolutionMet: a.resolutionMet + b.resolutionMet,
                resolutionMissed: a.resolutionMissed + b.resolutionMissed, nextReplyMet: a.nextReplyMet + b.nextReplyMet, nextReplyMissed: a.nextReplyMissed + b.nextReplyMissed, escalations: a.escalations + b.escalations, paidApart: a.paidApart + b.paidApart)
        }
    }

    package struct Row: Sendable, Hashable {
        package var tickets = 0
        package var differing = 0
        package var now = Figures()
        package var then = Figures()

        package static func + (a: Row, b: Row) -> Row { Row(tickets: a.tickets + b.tickets, differing: a.differing + b.differing, now: a.now + b.now, then: a.then + b.then) }
    }

    /// One clock of a ticket under one of the agreements.
    package struct Side: Sendable {
        package var clock: ReplayedClock
        package var reading: ClockReading
        package var intervals: [ClockReading.Interval]
    }

    /// One clock of a ticket that comes out differently.
    package struct ClockDifference: Sendable {
        package var name: ClockName
        package var now: Side
        package var then: Side
        package var stretches: [ReplayedStretch]
    }

    package struct TicketDifference: Sendable {
        package var id: Int64
        package var ref: String
        package var subject: String
        package var client: String?
        package var severity: Int
        /// The version that it was logged under.
        package var pinned: Agreement
        package var clocks: [ClockDifference]
        /// nil: it is decided as it was.
        package var coverage: CoverageDifference?
    }

    /// What the other agreement's table would have decided.
    package struct CoverageDifference: Sendable, Hashable {
        package var now: CoverageDecision
        package var then: CoverageDecision
        /// The row of the other agreement's table; nil: none fits.
        package var rule: String?

        package init(now: CoverageDecision, then: CoverageDecision, rule: String?) {
            self.now = now
            self.then = then
            self.rule = rule
        }
    }

    package var agreement: Agreement
    /// Up to when everything is read.
    package var until: Instant
    package var severities: [Int: Row] = [:]
    /// By name; nil: nobody's ticket yet.
    package var clients: [String?: Row] = [:]
    /// The first tickets that differ, in order.
    package var differences: [TicketDifference] = []

    package init(agreement: Agreement, until: Instant) {
        self.agreement = agreement
        self.until = until
    }

    package var total: Row { severities.values.reduce(Row()) { $0 + $1 } }

    /// A ticket's history under one agreement.
    package struct History {
        package var changes: (ClockName) -> [ClockChange]
        /// Whether the ticket meets the conditions of a rung.
        package var holds: (Rung) -> Bool
        package init(changes: @escaping (ClockName) -> [ClockChange], holds: @escaping (Rung) -> Bool) {
            self.changes = changes
            self.holds = holds
        }
    }

    /// Counts one ticket in.
    /// - Parameters:
    ///   - now: its history under the agreement that it is pinned to; `then`: under the other one, as the log is folded by it.
    ///   - coverage: what was decided, and what the other agreement's table would have decided.
    ///   - keep: of how many differing tickets the difference itself is kept.
    package mutating func add(
        id: Int64, ref: String, subject: String, client: String?, severity: Int, pinned: Agreement, now history: History, then other: History, coverage: CoverageDifference, keep: Int
    ) {
        var row = Row(tickets: 1)
        row.now.add(coverage.now)
        row.then.add(coverage.then)
        let isDecidedOtherwise = coverage.now != coverage.then
        if isDecidedOtherwise { row.differing = 1 }
        var differing: [ClockDifference] = []
        let promised = pinned.terms.clocks + agreement.terms.clocks.filter { !pinned.terms.clocks.contains($0) }
        for name in promised {
            let changes = (now: history.changes(name), then: other.changes(name))
            let now = ReplayedClock(name, changes: changes.now, agreement: pinned, until: until, holds: history.holds)
            row.now.add(name, now)
            let then = ReplayedClock(name, changes: changes.then, agreement: agreement, until: until, holds: other.holds)
            row.then.add(name, then)
            guard now != then else { continue }
            row.differing = 1
            guard differences.count < keep else { continue }
            let (a, b) = (SLAClock(name, changes: changes.now, agreement: pinned), SLAClock(name, changes: changes.then, agreement: agreement))
            let (one, two) = (a.intervals(at: until), b.intervals(at: until))
            differing.append(ClockDifference(
                name: name, now: Side(clock: now, reading: a.reading(at: until), intervals: one), then: Side(clock: then, reading: b.reading(at: until), intervals: two),
                stretches: ReplayedStretch.differences(one, two)))
        }
        if !differing.isEmpty || isDecidedOtherwise && differences.count < keep {
            differences.append(TicketDifference(
                id: id, ref: ref, subject: subject, client: client, severity: severity, pinned: pinned, clocks: differing, coverage: isDecidedOtherwise ? coverage : nil))
        }
        severities[severity, default: Row()] = severities[severity, default: Row()] + row
        clients[client, default: Row()] = clients[client, default: Row()] + row
    }

    /// Takes in what was counted beside it, of tickets with greater numbers.
    package mutating func join(_ other: Replay, keep: Int) {
        severities.merge(other.severities, uniquingKeysWith: +)
        clients.merge(other.clients, uniquingKeysWith: +)
        differences = Array((differences + other.differences).prefix(keep))
    }
}
