package import AbideCore

/// A mailbox that administrators set up, to be looked into by whichever node is free.
package struct StoredMailbox: Sendable, Hashable {
    package var id: Int64
    package var host: String
    package var port: Int?
    package var isWrapped: Bool
    package var user: String
    package var folder: String
    package var move: String?
    package var authority: String?
    /// `password` or `grant`.
    package var kind: String
    package var sealed: String
    /// Seconds between two looks.
    package var every: Int64
    package var isPaused: Bool
    /// Looks that failed since one went well.
    package var failures: Int64
    package var nextAt: Instant
    package var createdAt: Instant

    package init(
        id: Int64 = 0, host: String, port: Int?, isWrapped: Bool, user: String, folder: String, move: String?, authority: String?, kind: String, sealed: String, every: Int64, isPaused: Bool, failures: Int64 = 0,
        nextAt: Instant, createdAt: Instant
    ) {
        self.id = id
        self.host = host
        self.port = port
        self.isWrapped = isWrapped
        self.user = user
        self.folder = folder
        self.move = move
        self.authority = authority
        self.kind = kind
        self.sealed = sealed
        self.every = every
        self.isPaused = isPaused
        self.failures = failures
        self.nextAt = nextAt
        self.createdAt = createdAt
    }

    package var address: String { MailboxAccess.address(host: host, port: port, isWrapped: isWrapped, user: user, folder: folder) }
}

extension Session {
    package func mailboxes() throws -> [StoredMailbox] { try run("SELECT \(StoredMailbox.columns) FROM mailbox ORDER BY id LIMIT 200").map(StoredMailbox.init(row:)) }

    package func mailbox(id: Int64) throws -> StoredMailbox? { try run("SELECT \(StoredMailbox.columns) FROM mailbox WHERE id = $1", [.integer(id)]).first.map(StoredMailbox.init(row:)) }

    package func insertMailbox(_ mailbox: StoredMailbox) throws -> Int64 {
        try insertedID(
            """
            INSERT INTO mailbox (host, port, wrapped, login, folder, moves_to, authority, kind, sealed, pause, paused, failures, next_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id
            """, mailbox.values + [Value(mailbox.createdAt)])
    }

    package func updateMailbox(_ mailbox: StoredMailbox) throws {
        try run(
            """
            UPDATE mailbox SET host = $1, port = $2, wrapped = $3, login = $4, folder = $5, moves_to = $6, authority = $7, kind = $8, sealed = $9, pause = $10, paused = $11, failures = $12, next_at = $13
            WHERE id = $14
            """, mailbox.values + [.integer(mailbox.id)])
    }

    package func deleteMailbox(_ id: Int64) throws { try run("DELETE FROM mailbox WHERE id = $1", [.integer(id)]) }

    /// Takes the mailboxes that are due, for one node alone until `until`: who never comes back is followed by another.
    package func claimMailboxes(at now: Instant, until: Instant) throws -> [StoredMailbox] {
        try run("UPDATE mailbox SET next_at = $2 WHERE paused = 0 AND next_at <= $1 RETURNING \(StoredMailbox.columns)", [Value(now), Value(until)]).map(StoredMailbox.init(row:))
    }

    /// After a look: when the next one is.
    package func releaseMailbox(_ id: Int64, failures: Int64, nextAt: Instant) throws {
        try run("UPDATE mailbox SET failures = $2, next_at = $3 WHERE id = $1 AND paused = 0", [.integer(id), .integer(failures), Value(nextAt)])
    }

    /// Providers that give a new refresh token with each use expect it the next time.
    package func resealMailbox(_ id: Int64, from old: String, to sealed: String) throws { try run("UPDATE mailbox SET sealed = $3 WHERE id = $1 AND sealed = $2", [.integer(id), .text(old), .text(sealed)]) }

    /// Forgets how looking into an address went, and how far it was read.
    package func deleteMailSource(_ address: String) throws { try run("DELETE FROM mail_source WHERE address = $1", [.text(address)]) }
}

extension StoredMailbox {
    fileprivate static let columns = "id, host, port, wrapped, login, folder, moves_to, authority, kind, sealed, pause, paused, failures, next_at, created_at"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), host: row.text(1), port: row.int64OrNil(2).map(Int.init), isWrapped: row.bool(3), user: row.text(4), folder: row.text(5), move: row.textOrNil(6), authority: row.textOrNil(7),
            kind: row.text(8), sealed: row.text(9), every: row.int64(10), isPaused: row.bool(11), failures: row.int64(12), nextAt: row.instant(13), createdAt: row.instant(14))
    }

    fileprivate var values: [Value] {
        [
            .text(host), Value(port.map(Int64.init)), Value(isWrapped), .text(user), .text(folder), Value(move), Value(authority), .text(kind), .text(sealed), .integer(every), Value(isPaused), .integer(failures), Value(nextAt),
        ]
    }
}
