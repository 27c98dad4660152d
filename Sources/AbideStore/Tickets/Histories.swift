package import AbideCore

/// Whose history a report reads.
package struct TicketKey: Sendable, Hashable {
    package var id: Int64
    package var ref: String
    package var client: Int64?

    package init(id: Int64, ref: String, client: Int64?) {
        self.id = id
        self.ref = ref
        self.client = client
    }
}

extension Session {
    /// Hands out the whole history of each ticket that may count in a period, one ticket at a time, in order of their ids: those registered
    /// before its end that were still open, or touched, at its start or later. The report decides from the events what counts.
    /// - Parameters:
    ///   - client: only that client's; nil for all.
    ///   - from: first second of the period.
    ///   - to: first second behind it.
    package func eachHistory(client: Int64? = nil, from: Instant, to: Instant, _ body: (TicketKey, [StoredEvent]) throws -> Void) throws {
        var values = [Value(to), Value(from)]
        if let client { values.append(.integer(client)) }
        let tickets = try run(
            """
            SELECT id, ref, client FROM ticket WHERE registered_at < $1 AND (closed = 0 OR updated_at >= $2)\(client == nil ? "" : " AND client = $3")
            ORDER BY id
            """, values)
        for row in tickets { try body(TicketKey(id: row.int64(0), ref: row.text(1), client: row.int64OrNil(2)), try events(of: row.int64(0))) }
    }

    /// Hands out the whole history of every ticket, in order of their ids.
    package func eachHistory(_ body: (TicketKey, [StoredEvent]) throws -> Void) throws {
        for row in try run("SELECT id, ref, client FROM ticket ORDER BY id") {
            try body(TicketKey(id: row.int64(0), ref: row.text(1), client: row.int64OrNil(2)), try events(of: row.int64(0)))
        }
    }
}
