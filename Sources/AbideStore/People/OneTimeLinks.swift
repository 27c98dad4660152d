package import AbideCore

/// A link that works once: an invitation, a reset of a password, a change of address. What is kept tells nobody the link: the secret
/// is made from `nonce` with a key that lies outside the database.
package struct OneTimeLink: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case invitation, reset, email }

    /// 0 before it is stored.
    package var id: Int64
    /// SHA-256 of the secret.
    package var hash: String
    package var nonce: String
    package var kind: Kind
    package var person: Int64
    /// For `email` the new address.
    package var payload: String
    package var createdAt: Instant
    package var expiresAt: Instant

    package init(id: Int64 = 0, hash: String, nonce: String, kind: Kind, person: Int64, payload: String = "", createdAt: Instant, expiresAt: Instant) {
        self.id = id
        self.hash = hash
        self.nonce = nonce
        self.kind = kind
        self.person = person
        self.payload = payload
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

extension Session {
    /// Keeps a link in place of all of that kind that the person had.
    package func putLink(_ link: OneTimeLink) throws -> Int64 {
        try run("DELETE FROM one_time_link WHERE person = $1 AND kind = $2", [.integer(link.person), .text(link.kind.rawValue)])
        let rows = try run(
            "INSERT INTO one_time_link (hash, nonce, kind, person, payload, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            [.text(link.hash), .text(link.nonce), .text(link.kind.rawValue), .integer(link.person), .text(link.payload), Value(link.createdAt), Value(link.expiresAt)])
        guard let id = rows.first?.int64(0) else { throw StoreError.missingRow("a one-time link") }
        return id
    }

    package func link(id: Int64) throws -> OneTimeLink? {
        try run("SELECT \(OneTimeLink.columns) FROM one_time_link WHERE id = $1", [.integer(id)]).first.flatMap(OneTimeLink.init(row:))
    }

    /// The link of a secret, while it holds.
    package func link(secret: String, at now: Instant) throws -> OneTimeLink? {
        try run("SELECT \(OneTimeLink.columns) FROM one_time_link WHERE hash = $1 AND expires_at > $2", [.text(Secret.hash(secret)), Value(now)])
            .first.flatMap(OneTimeLink.init(row:))
    }

    package func links(of person: Int64) throws -> [OneTimeLink] {
        try run("SELECT \(OneTimeLink.columns) FROM one_time_link WHERE person = $1 ORDER BY id", [.integer(person)]).compactMap(OneTimeLink.init(row:))
    }

    /// - Returns: false when somebody else has used it meanwhile.
    package func useLink(_ id: Int64) throws -> Bool {
        try !run("DELETE FROM one_time_link WHERE id = $1 RETURNING id", [.integer(id)]).isEmpty
    }

    /// All links of a person die with a change of password or address.
    package func deleteLinks(of person: Int64) throws { try run("DELETE FROM one_time_link WHERE person = $1", [.integer(person)]) }
}

extension OneTimeLink {
    fileprivate static let columns = "id, hash, nonce, kind, person, payload, created_at, expires_at"

    fileprivate init?(row: Row) {
        guard let kind = Kind(rawValue: row.text(3)) else { return nil }
        self.init(
            id: row.int64(0), hash: row.text(1), nonce: row.text(2), kind: kind, person: row.int64(4), payload: row.text(5), createdAt: row.instant(6),
            expiresAt: row.instant(7))
    }
}
