import AbideStore

/// What the desk has before it, for whatever watches it; no names, no content.
package struct DeskFigures: Sendable {
    /// Tickets that are not closed, by status.
    package var tickets: [String: Int]
    package var escalated: Int
    /// Mails that leave, by state: `queued`, `sent`, `failed`, `held`.
    package var outbox: [String: Int]
    /// Mails that came, by state; `received` wait to be registered, `setAside` broke the reader.
    package var mailIn: [String: Int]
}

extension Desk {
    package func figures() async throws -> DeskFigures {
        try await db.read { session in
            let counts = try session.ticketCounts()
            return DeskFigures(
                tickets: counts.cells.reduce(into: [:]) { $0[$1.status, default: 0] += $1.tickets }, escalated: counts.escalated,
                outbox: Dictionary(uniqueKeysWithValues: try session.outboxCounts().map { ($0.key.rawValue, $0.value) }),
                mailIn: Dictionary(uniqueKeysWithValues: try session.mailCounts().map { ($0.key.rawValue, $0.value) }))
        }
    }
}
