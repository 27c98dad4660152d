package import AbideCore

/// The client named another primary or stand-in contact (L8).
package struct ContactChange: Sendable, Hashable {
    package var id: Int64
    package var client: Int64
    package var at: Instant
    package var actor: Int64
    package var actorName: String
    /// `primaryContact` or `standIn`.
    package var role: Role
    package var former: Int64?
    package var successor: Int64?
    package var undoneAt: Instant?
}

extension Session {
    @discardableResult
    package func insertContactChange(client: Int64, at now: Instant, actor: Int64, actorName: String, role: Role, former: Int64?, successor: Int64?) throws -> Int64 {
        try run(
            "INSERT INTO contact_change (client, at, actor, actor_name, role, former, successor) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            [.integer(client), Value(now), .integer(actor), .text(actorName), .text(role.rawValue), Value(former), Value(successor)]
        ).first?.int64(0) ?? 0
    }

    /// Newest first; of one client, or of all.
    package func contactChanges(client: Int64? = nil, limit: Int = 50) throws -> [ContactChange] {
        let columns = "id, client, at, actor, actor_name, role, former, successor, undone_at"
        let rows =
            if let client {
                try run("SELECT \(columns) FROM contact_change WHERE client = $1 ORDER BY id DESC LIMIT $2", [.integer(client), Value(limit)])
            } else {
                try run("SELECT \(columns) FROM contact_change ORDER BY id DESC LIMIT $1", [Value(limit)])
            }
        return rows.map {
            ContactChange(
                id: $0.int64(0), client: $0.int64(1), at: $0.instant(2), actor: $0.int64(3), actorName: $0.text(4), role: Role(rawValue: $0.text(5)) ?? .primaryContact,
                former: $0.int64OrNil(6), successor: $0.int64OrNil(7), undoneAt: $0.instantOrNil(8))
        }
    }

    package func markUndone(contactChange id: Int64, at now: Instant) throws -> Bool {
        try !run("UPDATE contact_change SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL RETURNING id", [.integer(id), Value(now)]).isEmpty
    }
}
