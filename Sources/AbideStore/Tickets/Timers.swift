package import AbideCore

/// Something that falls due for a ticket. Its key (ticket, kind, clock, rung, cycle) makes the effect happen once.
package struct TicketTimer: Sendable, Hashable {
    package var ticket: Int64
    /// What falls due: `warning`, `target`, `rung`, `closing`…
    package var kind: String
    /// `response`, `resolution`, or empty where no clock is meant.
    package var clock: String
    package var rung: Int
    /// Counts reopenings and new deadlines, so that a later round is another timer.
    package var cycle: Int
    package var dueAt: Instant

    package init(ticket: Int64, kind: String, clock: String, rung: Int, cycle: Int, dueAt: Instant) {
        self.ticket = ticket
        self.kind = kind
        self.clock = clock
        self.rung = rung
        self.cycle = cycle
        self.dueAt = dueAt
    }
}

extension Session {
    /// Makes these the timers of a ticket, and no others.
    package func setTimers(ticket: Int64, _ timers: [TicketTimer]) throws {
        try put("DELETE FROM timer WHERE ticket = $1", [.integer(ticket)])
        try insertTimers(timers)
    }

    func insertTimers(_ timers: [TicketTimer]) throws {
        try insert(
            into: "timer", TicketTimer.columns, timers.map(\.values),
            "ON CONFLICT (ticket, kind, clock, rung, cycle) DO UPDATE SET due_at = excluded.due_at")
    }

    /// The timers due at `now` or before, earliest first.
    package func dueTimers(at now: Instant, limit: Int = 100) throws -> [TicketTimer] {
        try run(
            "SELECT \(TicketTimer.columns) FROM timer WHERE due_at <= $1 ORDER BY due_at, ticket LIMIT $2", [Value(now), Value(limit)]
        ).map(TicketTimer.init(row:))
    }

    /// Whether something is due for a ticket: of several nodes that saw it, the first one has done it already.
    package func hasDueTimer(_ ticket: Int64, at now: Instant) throws -> Bool {
        try !run("SELECT ticket FROM timer WHERE ticket = $1 AND due_at <= $2 LIMIT 1", [.integer(ticket), Value(now)]).isEmpty
    }

    package func timers(of ticket: Int64) throws -> [TicketTimer] {
        try run("SELECT \(TicketTimer.columns) FROM timer WHERE ticket = $1 ORDER BY due_at, rung", [.integer(ticket)])
            .map(TicketTimer.init(row:))
    }

    /// - Returns: false when another has taken it already.
    @discardableResult
    package func deleteTimer(_ timer: TicketTimer) throws -> Bool {
        try !run(
            "DELETE FROM timer WHERE ticket = $1 AND kind = $2 AND clock = $3 AND rung = $4 AND cycle = $5 RETURNING ticket",
            [.integer(timer.ticket), .text(timer.kind), .text(timer.clock), Value(timer.rung), Value(timer.cycle)]
        ).isEmpty
    }
}

extension TicketTimer {
    static let columns = "ticket, kind, clock, rung, cycle, due_at"

    var values: [Value] { [.integer(ticket), .text(kind), .text(clock), Value(rung), Value(cycle), Value(dueAt)] }

    fileprivate init(row: Row) {
        self.init(ticket: row.int64(0), kind: row.text(1), clock: row.text(2), rung: row.int(3), cycle: row.int(4), dueAt: row.instant(5))
    }
}
