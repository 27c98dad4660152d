package import AbideCore

/// A mail that goes out, or went. Written with the event that it tells of, sent after the commit.
package struct OutboxItem: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
        case queued, sent, failed
        /// Nothing leaves: there is no relay, or a person holds it.
        case held
        /// It came back.
        case bounced
        /// A person took it out, with a reason.
        case dropped
    }

    /// 0 before it is stored.
    package var id: Int64
    package var ticket: Int64?
    /// The event that it tells of.
    package var number: Int?
    /// As in `X-Abide-Milestone`.
    package var milestone: String
    package var recipient: String
    /// The same on every retry.
    package var messageID: String
    /// JSON of `OutgoingMail`.
    package var mail: String
    package var state: State
    package var attempts: Int
    package var nextAt: Instant
    package var lastError: String?
    package var createdAt: Instant
    package var sentAt: Instant?

    package init(
        id: Int64 = 0, ticket: Int64?, number: Int?, milestone: String, recipient: String, messageID: String, mail: String, state: State = .queued,
        attempts: Int = 0, nextAt: Instant, lastError: String? = nil, createdAt: Instant, sentAt: Instant? = nil
    ) {
        self.id = id
        self.ticket = ticket
        self.number = number
        self.milestone = milestone
        self.recipient = recipient
        self.messageID = messageID
        self.mail = mail
        self.state = state
        self.attempts = attempts
        self.nextAt = nextAt
        self.lastError = lastError
        self.createdAt = createdAt
        self.sentAt = sentAt
    }
}

extension OutboxItem {
    /// How the reason of a try begins for which no relay answered, so that it says nothing about the mail itself.
    package static let unreached = "0 "
}

extension Session {
    /// Stores a mail once: another with the same Message-ID is the same mail.
    /// - Returns: the new id; nil when it was there already.
    @discardableResult
    package func insertOutbox(_ item: OutboxItem) throws -> Int64? {
        try run(
            """
            INSERT INTO outbox (ticket, number, milestone, recipient, message_id, mail, state, attempts, next_at, last_error, created_at, sent_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (message_id) DO NOTHING RETURNING id
            """,
            [
                Value(item.ticket), Value(item.number), .text(item.milestone), .text(item.recipient), .text(item.messageID), .text(item.mail),
                .text(item.state.rawValue), Value(item.attempts), Value(item.nextAt), Value(item.lastError), Value(item.createdAt),
                Value(item.sentAt),
            ]
        ).first?.int64(0)
    }

    /// What is to be sent at `now`, oldest first.
    package func dueOutbox(at now: Instant, limit: Int = 50) throws -> [OutboxItem] {
        try run(
            "SELECT \(OutboxItem.columns) FROM outbox WHERE state = 'queued' AND next_at <= $1 ORDER BY next_at, id LIMIT $2", [Value(now), Value(limit)]
        ).map(OutboxItem.init(row:))
    }

    package func hasDueOutbox(at now: Instant) throws -> Bool {
        try !run(
            "SELECT id FROM outbox WHERE state = 'queued' AND next_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1) LIMIT 1", [Value(now)]
        ).isEmpty
    }

    /// Takes what is to be sent at `now`, oldest first, so that no other node sends it until the claim ends. Mails to a recipient who is being
    /// written to by another node wait: their order is kept.
    package func claimOutbox(by node: String, at now: Instant, until: Instant, limit: Int = 50) throws -> [OutboxItem] {
        let due = try run(
            """
            SELECT \(OutboxItem.columns) FROM outbox WHERE state = 'queued' AND next_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1)
                AND recipient NOT IN (SELECT recipient FROM outbox WHERE claimed_until >= $1) ORDER BY next_at, id LIMIT $2\(dialect.skipLocked)
            """, [Value(now), Value(limit)]
        ).map(OutboxItem.init(row:))
        for item in due { try run("UPDATE outbox SET claimed_by = $2, claimed_until = $3 WHERE id = $1", [.integer(item.id), .text(node), Value(until)]) }
        return due
    }

    /// The node is alive and still sends what it has claimed.
    package func renewClaims(of node: String, at now: Instant, until: Instant) throws {
        try run("UPDATE outbox SET claimed_until = $3 WHERE claimed_until >= $2 AND claimed_by = $1", [.text(node), Value(now), Value(until)])
    }

    /// What was claimed and not tried is free again.
    package func dropClaims(of node: String, at now: Instant) throws {
        try run("UPDATE outbox SET claimed_by = NULL, claimed_until = NULL WHERE claimed_until >= $2 AND claimed_by = $1", [.text(node), Value(now)])
    }

    package func markSent(outbox id: Int64, at now: Instant) throws {
        try run("UPDATE outbox SET state = 'sent', attempts = attempts + 1, sent_at = $2, last_error = NULL, claimed_by = NULL, claimed_until = NULL WHERE id = $1", [.integer(id), Value(now)])
    }

    /// The attempt failed and will be repeated.
    package func markRetry(outbox id: Int64, nextAt: Instant, error: String) throws {
        try run(
            "UPDATE outbox SET state = 'queued', attempts = attempts + 1, next_at = $2, last_error = $3, claimed_by = NULL, claimed_until = NULL WHERE id = $1",
            [.integer(id), Value(nextAt), .text(error)])
    }

    /// Whatever waits for another try is tried now.
    package func hurryOutbox(at now: Instant) throws {
        try run("UPDATE outbox SET next_at = $1 WHERE state = 'queued' AND next_at > $1", [Value(now)])
    }

    /// The relay takes mail again: what found none before is tried now.
    package func hurryUnreached(at now: Instant) throws {
        try run("UPDATE outbox SET next_at = $1 WHERE state = 'queued' AND next_at > $1 AND last_error LIKE '\(OutboxItem.unreached)%'", [Value(now)])
    }

    /// The attempt failed for good.
    package func markFailed(outbox id: Int64, error: String) throws {
        try run("UPDATE outbox SET state = 'failed', attempts = attempts + 1, last_error = $2, claimed_by = NULL, claimed_until = NULL WHERE id = $1", [.integer(id), .text(error)])
    }

    /// Puts what was held, or has failed, back into the queue: for those who add a relay later, and for "send again". Its tries count anew.
    /// - Returns: false when there is nothing to send again.
    @discardableResult
    package func requeue(outbox id: Int64, at now: Instant) throws -> Bool {
        try !run("UPDATE outbox SET state = 'queued', next_at = $2, attempts = 0 WHERE id = $1 AND state IN ('held', 'failed', 'bounced', 'queued') RETURNING id", [.integer(id), Value(now)]).isEmpty
    }

    /// Keeps one back, or takes it out for good; what bounced can only be taken out.
    /// - Returns: false when it left already.
    @discardableResult
    package func stop(outbox id: Int64, _ state: OutboxItem.State, reason: String) throws -> Bool {
        try !run("UPDATE outbox SET state = $2, last_error = $3 WHERE id = $1 AND state IN ('queued', 'failed', 'held'\(state == .dropped ? ", 'bounced'" : "")) RETURNING id", [.integer(id), .text(state.rawValue), .text(reason)]).isEmpty
    }

    /// R12: what became of one that was sent, found by its own Message-ID alone.
    /// - Returns: the mail; nil where none has it, or where a permanent answer is there already.
    package func markBounced(messageID: String, permanent: Bool, error: String) throws -> OutboxItem? {
        try run(
            "UPDATE outbox SET state = $2, last_error = $3 WHERE message_id = $1 AND state = 'sent' RETURNING \(OutboxItem.columns)",
            [.text(messageID), .text(permanent ? OutboxItem.State.bounced.rawValue : OutboxItem.State.sent.rawValue), .text(error)]
        ).first.map(OutboxItem.init(row:))
    }

    /// The last mail about a ticket to an address: for a bounce that names neither, but came to the address that we gave it.
    package func lastSent(ticket: Int64, recipient: String) throws -> OutboxItem? {
        try run("SELECT \(OutboxItem.columns) FROM outbox WHERE ticket = $1 AND recipient = $2 AND state = 'sent' ORDER BY id DESC LIMIT 1", [.integer(ticket), .text(recipient)]).first.map(OutboxItem.init(row:))
    }

    package func outboxItem(id: Int64) throws -> OutboxItem? {
        try run("SELECT \(OutboxItem.columns) FROM outbox WHERE id = $1", [.integer(id)]).first.map(OutboxItem.init(row:))
    }

    /// For the outbox page, newest first.
    /// - Parameter before: only those with a smaller id, for paging.
    package func outbox(before id: Int64? = nil, limit: Int = 50) throws -> [OutboxItem] {
        try run(
            "SELECT \(OutboxItem.columns) FROM outbox WHERE id < $1 ORDER BY id DESC LIMIT $2", [.integer(id ?? Int64.max), Value(limit)]
        ).map(OutboxItem.init(row:))
    }

    /// A ticket's mails, oldest first.
    package func outbox(of ticket: Int64) throws -> [OutboxItem] {
        try run("SELECT \(OutboxItem.columns) FROM outbox WHERE ticket = $1 ORDER BY id", [.integer(ticket)]).map(OutboxItem.init(row:))
    }

    package func outboxCounts() throws -> [OutboxItem.State: Int] {
        try run("SELECT state, COUNT(*) FROM outbox GROUP BY state").reduce(into: [:]) { counts, row in
            if let state = OutboxItem.State(rawValue: row.text(0)) { counts[state] = row.int(1) }
        }
    }

    /// R9: whether an automatic answer may go to an address that nobody vouches for, and counts it: 3 an hour and 10 a day to one address,
    /// 60 an hour to one domain.
    package func mayAnswer(_ address: String, at now: Instant) throws -> Bool {
        let address = address.lowercased(), hour = now.seconds / 3600
        let domain = address.lastIndex(of: "@").map { String(address[$0...]) } ?? ""
        func sent(_ key: String, hours: Int64) throws -> Int {
            try run("SELECT COALESCE(SUM(count), 0) FROM mail_budget WHERE address = $1 AND hour > $2", [.text(key), .integer(hour - hours)]).first?.int(0) ?? 0
        }
        guard try sent(address, hours: 1) < 3, try sent(address, hours: 24) < 10, try sent(domain, hours: 1) < 60 else { return false }
        try countMail(to: address, at: now)
        try countMail(to: domain, at: now)
        return true
    }

    /// Counts a mail to an address within its hour, for limits against loops.
    /// - Returns: how many there were in this hour, this one included.
    @discardableResult
    package func countMail(to address: String, at now: Instant) throws -> Int {
        let rows = try run(
            """
            INSERT INTO mail_budget (address, hour, count) VALUES ($1, $2, 1)
            ON CONFLICT (address, hour) DO UPDATE SET count = mail_budget.count + 1 RETURNING count
            """, [.text(address.lowercased()), .integer(now.seconds / 3600)])
        guard let count = rows.first?.intOrNil(0) else { throw StoreError.missingRow("the mail budget") }
        return count
    }
}

extension OutboxItem {
    fileprivate static let columns =
        "id, ticket, number, milestone, recipient, message_id, mail, state, attempts, next_at, last_error, created_at, sent_at"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), ticket: row.int64OrNil(1), number: row.intOrNil(2), milestone: row.text(3), recipient: row.text(4),
            messageID: row.text(5), mail: row.text(6), state: State(rawValue: row.text(7)) ?? .held, attempts: row.int(8),
            nextAt: row.instant(9), lastError: row.textOrNil(10), createdAt: row.instant(11), sentAt: row.instantOrNil(12))
    }
}
