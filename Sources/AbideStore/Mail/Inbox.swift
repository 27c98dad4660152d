package import AbideCore

/// A mail as it came, kept before anything is read from it.
package struct RawMail: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
        case received, registered, ignored
        /// Broke the reader twice: visible, and can be run again.
        case setAside
        /// Taken for junk: nothing of it is lost, and a person can say otherwise.
        case junk
    }

    package var id: Int64
    package var receivedAt: Instant
    package var envelopeFrom: String
    package var envelopeTo: String
    /// What makes two deliveries the same mail (R11).
    package var key: String
    package var state: State
    package var tries: Int
    package var ticket: Int64?
    package var error: String?
    /// It came from the mail server whose word counts.
    package var trusted = false
    /// A person let it through: no rule sets it aside again.
    package var cleared = false
    /// As read, for lists; nil before it was read.
    package var sender: String?
    package var subject: String?
    /// Empty in lists.
    package var raw: [UInt8]
}

/// What became of a delivery.
package struct StoredMail: Sendable, Hashable {
    package var id: Int64
    /// The same mail was stored within the last 30 days; `id` is that one's.
    package var isDuplicate: Bool
}

extension Session {
    /// Stores a mail. R11: a delivery with the key of one stored within 30 days is the same mail, and not stored again.
    @discardableResult
    package func insertMail(raw: [UInt8], envelopeFrom: String, envelopeTo: String, key: String, receivedAt: Instant, trusted: Bool = false) throws -> StoredMail {
        let since = Value(receivedAt - 30 * 86_400)
        let stored = try run(
            """
            INSERT INTO mail_in (received_at, envelope_from, envelope_to, key, state, tries, trusted, raw)
            SELECT CAST($1 AS BIGINT), $2, $3, $4, 'received', 0, CAST($5 AS BIGINT), $6
            WHERE NOT EXISTS (SELECT 1 FROM mail_in WHERE key = $4 AND received_at > $7) RETURNING id
            """, [Value(receivedAt), .text(envelopeFrom), .text(envelopeTo), .text(key), Value(trusted), .blob(raw), since])
        if let id = stored.first?.int64OrNil(0) { return StoredMail(id: id, isDuplicate: false) }
        let known = try run("SELECT id FROM mail_in WHERE key = $1 AND received_at > $2 ORDER BY id LIMIT 1", [.text(key), since])
        guard let id = known.first?.int64OrNil(0) else { throw StoreError.missingRow("a mail that is there") }
        return StoredMail(id: id, isDuplicate: true)
    }

    /// The mails that wait to be read, in order of arrival.
    /// - Parameter maxBytes: no more than that in all, so that fifty of the largest don't fill the memory; but always the first.
    package func waitingMail(limit: Int = 50, maxBytes: Int = 16 << 20) throws -> [RawMail] {
        var bytes = 0
        let sizes = try run("SELECT id, LENGTH(raw) FROM mail_in WHERE state = 'received' ORDER BY id LIMIT $1", [Value(limit)])
        let fitting = sizes.prefix {
            bytes += $0.int(1)
            return bytes <= maxBytes
        }
        guard let last = fitting.last ?? sizes.first else { return [] }
        return try run("SELECT \(RawMail.columns), raw FROM mail_in WHERE state = 'received' AND id <= $1 ORDER BY id", [last[0]])
            .map(RawMail.init(row:))
    }

    package func mail(id: Int64) throws -> RawMail? {
        try run("SELECT \(RawMail.columns), raw FROM mail_in WHERE id = $1", [.integer(id)]).first.map(RawMail.init(row:))
    }

    /// Mails in a state without their bytes, newest first.
    package func mails(_ state: RawMail.State, limit: Int = 50) throws -> [RawMail] {
        try run("SELECT \(RawMail.columns), NULL FROM mail_in WHERE state = $1 ORDER BY id DESC LIMIT $2", [.text(state.rawValue), Value(limit)])
            .map(RawMail.init(row:))
    }

    /// - Returns: false when the mail was no longer waiting: another has read it.
    @discardableResult
    package func markMail(_ id: Int64, _ state: RawMail.State, ticket: Int64? = nil, error: String? = nil) throws -> Bool {
        try !run(
            "UPDATE mail_in SET state = $2, ticket = $3, error = $4 WHERE id = $1 AND state = 'received' RETURNING id",
            [.integer(id), .text(state.rawValue), Value(ticket), Value(error)]
        ).isEmpty
    }

    /// Counts a try that broke.
    /// - Returns: how many there were; after the second the mail is set aside.
    @discardableResult
    package func countMailTry(_ id: Int64, error: String) throws -> Int {
        let rows = try run(
            """
            UPDATE mail_in SET tries = tries + 1, error = $2, state = CASE WHEN tries >= 1 THEN 'setAside' ELSE state END
            WHERE id = $1 RETURNING tries
            """, [.integer(id), .text(error)])
        guard let tries = rows.first?.intOrNil(0) else { throw StoreError.missingRow("mail \(id)") }
        return tries
    }

    /// Lets a mail that made no ticket be read again (R16).
    /// - Parameter cleared: a person says that it is no junk.
    /// - Returns: false when it is waiting, or made a ticket.
    @discardableResult
    package func retryMail(_ id: Int64, cleared: Bool = false) throws -> Bool {
        try !run(
            "UPDATE mail_in SET state = 'received', tries = 0, error = NULL, cleared = CASE WHEN $2 = 1 THEN 1 ELSE cleared END WHERE id = $1 AND state IN ('setAside', 'junk', 'ignored') RETURNING id",
            [.integer(id), Value(cleared)]
        ).isEmpty
    }

    /// Who and what, for lists.
    package func describeMail(_ id: Int64, sender: String, subject: String) throws {
        try put("UPDATE mail_in SET sender = $2, subject = $3 WHERE id = $1", [.integer(id), .text(String(sender.prefix(320))), .text(String(subject.prefix(500)))])
    }

    package func mailCounts() throws -> [RawMail.State: Int] {
        try run("SELECT state, COUNT(*) FROM mail_in GROUP BY state").reduce(into: [:]) { counts, row in
            if let state = RawMail.State(rawValue: row.text(0)) { counts[state] = row.int(1) }
        }
    }
}

extension RawMail {
    fileprivate static let columns = "id, received_at, envelope_from, envelope_to, key, state, tries, ticket, error, trusted, cleared, sender, subject"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), receivedAt: row.instant(1), envelopeFrom: row.text(2), envelopeTo: row.text(3), key: row.text(4),
            state: State(rawValue: row.text(5)) ?? .setAside, tries: row.int(6), ticket: row.int64OrNil(7), error: row.textOrNil(8),
            trusted: row.bool(9), cleared: row.bool(10), sender: row.textOrNil(11), subject: row.textOrNil(12), raw: row.bytes(13))
    }
}
