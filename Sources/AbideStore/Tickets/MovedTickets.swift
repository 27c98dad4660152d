package import AbideCore

/// A ticket that moved on, as open pages hear of it.
package struct MovedTicket: Sendable, Hashable {
    package var id: Int64
    package var head: Int
    package var client: Int64?
    package var contact: Int64?
}

extension Session {
    /// The tickets that moved at `since` or later, the last ones first.
    package func movedTickets(since: Instant, limit: Int = 500) throws -> [MovedTicket] {
        try run("SELECT id, head, client, contact FROM ticket WHERE updated_at >= $1 ORDER BY updated_at DESC, id DESC LIMIT $2", [Value(since), Value(limit)])
            .map { MovedTicket(id: $0.int64(0), head: $0.int(1), client: $0.int64OrNil(2), contact: $0.int64OrNil(3)) }
    }
}
