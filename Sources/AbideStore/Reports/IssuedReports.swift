package import AbideCore

/// A service report as it was given to the client (I4); it never changes.
package struct StoredReport: Sendable, Hashable {
    /// 0 before it is stored.
    package var id: Int64
    package var client: Int64
    /// First and last day, `YYYY-MM-DD` in the desk's zone.
    package var from: String
    package var to: String
    package var issuedAt: Instant
    package var issuedBy: String
    /// SHA-256 of `content`, in hex.
    package var digest: String
    /// The report as JSON, with the instant up to which it was counted.
    package var content: String

    package init(id: Int64 = 0, client: Int64, from: String, to: String, issuedAt: Instant, issuedBy: String, digest: String, content: String) {
        self.id = id
        self.client = client
        self.from = from
        self.to = to
        self.issuedAt = issuedAt
        self.issuedBy = issuedBy
        self.digest = digest
        self.content = content
    }
}

extension Session {
    /// Keeps a report.
    /// - Returns: its id; nil where the client has one for the period already, which stays.
    package func insertReport(_ report: StoredReport) throws -> Int64? {
        try run(
            """
            INSERT INTO report (client, from_day, to_day, issued_at, issued_by, digest, content) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (client, from_day, to_day) DO NOTHING RETURNING id
            """,
            [
                .integer(report.client), .text(report.from), .text(report.to), Value(report.issuedAt), .text(report.issuedBy), .text(report.digest), .text(report.content),
            ]
        ).first?.int64(0)
    }

    package func report(id: Int64) throws -> StoredReport? {
        try run("SELECT \(StoredReport.columns) FROM report WHERE id = $1", [.integer(id)]).first.map(StoredReport.init(row:))
    }

    package func report(client: Int64, from: String, to: String) throws -> StoredReport? {
        try run("SELECT \(StoredReport.columns) FROM report WHERE client = $1 AND from_day = $2 AND to_day = $3", [.integer(client), .text(from), .text(to)]).first.map(StoredReport.init(row:))
    }

    /// The newest period first.
    /// - Parameter client: nil: of all clients.
    package func reports(client: Int64? = nil, limit: Int = 100) throws -> [StoredReport] {
        try run(
            "SELECT \(StoredReport.columns) FROM report WHERE client = COALESCE($1, client) ORDER BY to_day DESC, from_day DESC, id DESC LIMIT $2", [Value(client), Value(limit)]
        ).map(StoredReport.init(row:))
    }
}

extension StoredReport {
    fileprivate static let columns = "id, client, from_day, to_day, issued_at, issued_by, digest, content"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), client: row.int64(1), from: row.text(2), to: row.text(3), issuedAt: row.instant(4), issuedBy: row.text(5), digest: row.text(6), content: row.text(7))
    }
}
