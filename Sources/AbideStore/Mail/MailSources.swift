package import AbideCore

/// A mailbox that is looked into, and how that goes.
package struct MailSource: Sendable, Hashable {
    /// `imaps://user@host/INBOX`, without any secret.
    package var address: String
    package var validity: Int64?
    package var uid: Int64?
    /// The last look that went well.
    package var readAt: Instant?
    /// Since when no look went well; nil: it goes well.
    package var failingSince: Instant?
    package var error: String?
    /// When the administrators were told of it.
    package var toldAt: Instant?

    package init(address: String, validity: Int64? = nil, uid: Int64? = nil, readAt: Instant? = nil, failingSince: Instant? = nil, error: String? = nil, toldAt: Instant? = nil) {
        self.address = address
        self.validity = validity
        self.uid = uid
        self.readAt = readAt
        self.failingSince = failingSince
        self.error = error
        self.toldAt = toldAt
    }
}

extension Session {
    package func mailSource(_ address: String) throws -> MailSource? {
        try run("SELECT \(MailSource.columns) FROM mail_source WHERE address = $1", [.text(address)]).first.map(MailSource.init(row:))
    }

    package func mailSources() throws -> [MailSource] {
        try run("SELECT \(MailSource.columns) FROM mail_source ORDER BY address").map(MailSource.init(row:))
    }

    package func putMailSource(_ source: MailSource) throws {
        try run(
            """
            INSERT INTO mail_source (address, validity, uid, read_at, failing_since, error, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (address) DO UPDATE SET validity = $2, uid = $3, read_at = $4, failing_since = $5, error = $6, told_at = $7
            """,
            [
                .text(source.address), Value(source.validity), Value(source.uid), Value(source.readAt), Value(source.failingSince), Value(source.error), Value(source.toldAt),
            ])
    }
}

extension MailSource {
    fileprivate static let columns = "address, validity, uid, read_at, failing_since, error, told_at"

    fileprivate init(row: Row) {
        self.init(
            address: row.text(0), validity: row.int64OrNil(1), uid: row.int64OrNil(2), readAt: row.instantOrNil(3), failingSince: row.instantOrNil(4), error: row.textOrNil(5), toldAt: row.instantOrNil(6))
    }
}
