extension Session {
    /// Tickets that are not closed and whose sender nobody knows, oldest first.
    package func strangersTickets(limit: Int = 200) throws -> [TicketRecord] {
        try run("SELECT \(TicketRecord.columns) FROM ticket WHERE contact IS NULL AND closed = 0 ORDER BY registered_at, id LIMIT $1", [Value(limit)]).map(TicketRecord.init(row:))
    }
}
