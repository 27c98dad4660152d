package import AbideCore

/// The last event of a ticket, and its hash.
package struct TicketHead: Sendable, Hashable {
    package var ticket: Int64
    package var number: Int
    package var hash: String
    /// When it was recorded.
    package var movedAt: Instant
}

extension Session {
    /// The heads of the tickets that moved behind this place, in order of time and ticket.
    package func ticketHeads(after second: Instant, ticket: Int64, limit: Int) throws -> [TicketHead] {
        try run(
            "SELECT id, head, head_hash, updated_at FROM ticket WHERE (updated_at, id) > ($1, $2) ORDER BY updated_at, id LIMIT $3", [Value(second), .integer(ticket), Value(limit)]
        ).map { TicketHead(ticket: $0.int64(0), number: $0.int(1), hash: $0.text(2), movedAt: $0.instant(3)) }
    }

    /// The hash of an event; nil where there is none.
    package func eventHash(ticket: Int64, number: Int) throws -> String? {
        try run("SELECT hash FROM ticket_event WHERE ticket = $1 AND number = $2", [.integer(ticket), Value(number)]).first?.text(0)
    }
}
