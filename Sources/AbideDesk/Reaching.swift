package import AbideCore

extension Desk {
    /// Records that a contact of the ticket's client was reached, or was tried in vain (L4).
    /// - Parameter contact: who logged it, or the client's primary contact or stand-in.
    @discardableResult
    package func attempt(
        _ ref: String, contact: Int64?, way: Ticket.AttemptWay?, reached: Bool, note: String?, occurredAt: Instant? = nil, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil
    ) async throws -> TicketView {
        let known = try await detail(ref, for: person).contacts.first { $0.id == contact }.map { ($0.id, $0.name) }
        return try await act(ref, by: person, ifMatch: ifMatch, idempotency: idempotency) { ticket, _, now in
            try ticket.attempt(known, way: way, reached: reached, note: note, occurredAt: occurredAt, by: person, at: now)
        }
    }
}
