package import AbideCore

/// A version of the agreement as it was read, by the digest of its canonical text. Tickets stay with the version of their day.
package struct AgreementVersion: Sendable, Hashable {
    package var digest: String
    package var name: String
    package var version: String
    /// The file as written.
    package var yaml: String
    package var effectiveFrom: Instant

    package init(digest: String, name: String, version: String, yaml: String, effectiveFrom: Instant) {
        self.digest = digest
        self.name = name
        self.version = version
        self.yaml = yaml
        self.effectiveFrom = effectiveFrom
    }
}

extension Session {
    /// Keeps a version. One that is known already comes into force again from the new instant; its text stays.
    package func putAgreement(_ agreement: AgreementVersion) throws {
        try run(
            """
            INSERT INTO agreement (digest, name, version, yaml, effective_from) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest) DO UPDATE SET effective_from = excluded.effective_from
            """,
            [.text(agreement.digest), .text(agreement.name), .text(agreement.version), .text(agreement.yaml), Value(agreement.effectiveFrom)])
    }

    package func agreement(digest: String) throws -> AgreementVersion? {
        try run("SELECT \(AgreementVersion.columns) FROM agreement WHERE digest = $1", [.text(digest)]).first.map(AgreementVersion.init(row:))
    }

    /// All versions, the one that came into force last first.
    package func agreements() throws -> [AgreementVersion] {
        try run("SELECT \(AgreementVersion.columns) FROM agreement ORDER BY effective_from DESC, digest").map(AgreementVersion.init(row:))
    }
}

extension AgreementVersion {
    fileprivate static let columns = "digest, name, version, yaml, effective_from"

    fileprivate init(row: Row) {
        self.init(digest: row.text(0), name: row.text(1), version: row.text(2), yaml: row.text(3), effectiveFrom: row.instant(4))
    }
}
