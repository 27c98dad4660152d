package import AbideCore

/// An entry of administration: who did what to which account or setting. Only ever added to.
package struct AuditEntry: Sendable, Hashable {
    package var id: Int64
    package var at: Instant
    /// nil: from the command line.
    package var actor: Int64?
    package var actorName: String
    /// As `person.disabled`.
    package var action: String
    /// As `person:7`, `client:2`.
    package var object: String
    package var detail: String
}

extension Session {
    package func audit(at now: Instant, actor: Int64?, actorName: String, action: String, object: String, detail: String) throws {
        try run(
            "INSERT INTO audit (at, actor, actor_name, action, object, detail) VALUES ($1, $2, $3, $4, $5, $6)",
            [Value(now), Value(actor), .text(actorName), .text(action), .text(object), .text(detail)])
    }

    /// Newest first.
    /// - Parameter object: only about this one.
    package func auditEntries(object: String? = nil, limit: Int = 100) throws -> [AuditEntry] {
        let columns = "id, at, actor, actor_name, action, object, detail"
        let rows =
            if let object {
                try run("SELECT \(columns) FROM audit WHERE object = $1 ORDER BY id DESC LIMIT $2", [.text(object), Value(limit)])
            } else {
                try run("SELECT \(columns) FROM audit ORDER BY id DESC LIMIT $1", [Value(limit)])
            }
        return rows.map {
            AuditEntry(id: $0.int64(0), at: $0.instant(1), actor: $0.int64OrNil(2), actorName: $0.text(3), action: $0.text(4), object: $0.text(5), detail: $0.text(6))
        }
    }
}
