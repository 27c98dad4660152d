package import AbideCore

/// What a rule of retention is about.
package enum RetainedKind: String, Sendable, Hashable, CaseIterable {
    /// The bytes of mails as they came, counted from their arrival.
    case mail
    /// Files, counted from the last movement of the closed ticket that they are on.
    case files
    /// All words of a ticket, with its files and mails, counted from its last movement once it is closed. Times, severities and levels stay.
    case words
}

/// A row of `retention_rule`.
package struct RetentionRule: Sendable, Hashable {
    /// Nil: of all clients without one of their own.
    package var client: Int64?
    package var kind: RetainedKind
    /// Nil: kept.
    package var days: Int?

    package init(client: Int64?, kind: RetainedKind, days: Int?) {
        self.client = client
        self.kind = kind
        self.days = days
    }
}

package struct RetentionHold: Sendable, Hashable {
    package var client: Int64
    package var reason: String
    package var since: Instant
}

extension Session {
    package func retentionRules() throws -> [RetentionRule] {
        try run("SELECT client, what, days FROM retention_rule ORDER BY client, what").compactMap { row in
            RetainedKind(rawValue: row.text(1)).map { RetentionRule(client: row.int64(0) == 0 ? nil : row.int64(0), kind: $0, days: row.intOrNil(2)) }
        }
    }

    package func putRetentionRule(_ rule: RetentionRule) throws {
        try run(
            "INSERT INTO retention_rule (client, what, days) VALUES ($1, $2, $3) ON CONFLICT (client, what) DO UPDATE SET days = excluded.days",
            [.integer(rule.client ?? 0), .text(rule.kind.rawValue), Value(rule.days)])
    }

    /// The client's own rule is gone: that of all holds again.
    package func dropRetentionRule(client: Int64?, _ kind: RetainedKind) throws {
        try run("DELETE FROM retention_rule WHERE client = $1 AND what = $2", [.integer(client ?? 0), .text(kind.rawValue)])
    }

    package func retentionHolds() throws -> [RetentionHold] {
        try run("SELECT client, reason, since FROM retention_hold ORDER BY client").map { RetentionHold(client: $0.int64(0), reason: $0.text(1), since: $0.instant(2)) }
    }

    /// - Parameter reason: nil: the hold ends.
    package func setRetentionHold(client: Int64, reason: String?, at now: Instant) throws {
        try run("DELETE FROM retention_hold WHERE client = $1", [.integer(client)])
        if let reason { try run("INSERT INTO retention_hold (client, reason, since) VALUES ($1, $2, $3)", [.integer(client), .text(reason), Value(now)]) }
    }

    /// Mails of a client's tickets that came before an instant and still have their bytes, oldest first.
    /// - Parameter client: nil: mails that are on no client's ticket: junk, bounces, strangers.
    package func mailsToEmpty(client: Int64?, before: Instant, limit: Int) throws -> [Int64] {
        let whose = client == nil ? "ticket.client IS NULL" : "ticket.client = $3"
        return try run(
            """
            SELECT mail_in.id FROM mail_in LEFT JOIN ticket ON ticket.id = mail_in.ticket
            WHERE mail_in.emptied_at IS NULL AND mail_in.received_at < $1 AND mail_in.state IN ('registered', 'ignored', 'junk') AND \(whose)
            ORDER BY mail_in.received_at, mail_in.id LIMIT $2
            """, [Value(before), Value(limit)] + (client.map { [.integer($0)] } ?? [])
        ).map { $0.int64(0) }
    }

    /// Takes the bytes of a mail away, and who sent it.
    package func emptyMail(_ id: Int64, at now: Instant) throws {
        try run(
            "UPDATE mail_in SET raw = $2, envelope_from = '', envelope_to = '', sender = NULL, subject = NULL, error = NULL, emptied_at = $3 WHERE id = $1",
            [.integer(id), .blob([]), Value(now)])
    }

    /// Closed tickets that last moved before an instant and of which this was not removed since, oldest first.
    /// - Parameter client: nil: those of nobody's client.
    package func ticketsToEmpty(_ kind: RetainedKind, client: Int64?, before: Instant, limit: Int) throws -> [Int64] {
        let whose = client == nil ? "client IS NULL" : "client = $4"
        // Where words went, the files went with them.
        let kinds = kind == .files ? "('files', 'words')" : "('words')"
        return try run(
            """
            SELECT id FROM ticket WHERE closed = $1 AND updated_at < $2 AND \(whose) AND NOT EXISTS
                (SELECT 1 FROM retention_done WHERE retention_done.ticket = ticket.id AND what IN \(kinds) AND moved_at >= ticket.updated_at)
            ORDER BY updated_at, id LIMIT $3
            """, [1, Value(before), Value(limit)] + (client.map { [.integer($0)] } ?? [])
        ).map { $0.int64(0) }
    }

    /// Takes a ticket's files away.
    /// - Returns: how many there were.
    package func emptyFiles(ticket: Int64) throws -> Int {
        try run(
            "UPDATE attachment SET name = 'removed', type = 'application/octet-stream', size = 0, sha256 = '', content_id = NULL, content = $2 WHERE ticket = $1 AND sha256 <> '' RETURNING id",
            [.integer(ticket), .blob([])]
        ).count
    }

    /// Takes all words of a ticket away, with its files and mails; what happened when stays, and the chain still verifies. The ticket's own row
    /// (`ticket`) is to be folded anew afterwards.
    package func emptyTicket(_ ticket: Int64, at now: Instant) throws {
        let id = Value.integer(ticket)
        for row in try run("SELECT DISTINCT number FROM ticket_text WHERE ticket = $1 AND text IS NOT NULL", [id]) { try eraseText(ticket: ticket, number: row.int(0)) }
        try run("UPDATE message SET body = '', html = NULL WHERE ticket = $1", [id])
        _ = try emptyFiles(ticket: ticket)
        for row in try run("SELECT id FROM mail_in WHERE id IN (SELECT mail_in FROM message WHERE ticket = $1 AND mail_in IS NOT NULL)", [id]) { try emptyMail(row.int64(0), at: now) }
    }

    package func noteEmptied(_ kind: RetainedKind, ticket: Int64) throws {
        try run(
            """
            INSERT INTO retention_done (ticket, what, moved_at) SELECT id, $2, updated_at FROM ticket WHERE id = $1
            ON CONFLICT (ticket, what) DO UPDATE SET moved_at = excluded.moved_at
            """, [.integer(ticket), .text(kind.rawValue)])
    }
}
