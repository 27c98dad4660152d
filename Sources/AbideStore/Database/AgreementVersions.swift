package import AbideCore

/// A version of an agreement as it was read, by its digest. Tickets stay with the version of their day, so none is ever deleted.
package struct AgreementVersion: Sendable, Hashable {
    package var digest: String
    package var name: String
    package var version: String
    /// The file as written.
    package var yaml: String
    /// The files beside it of which it is made too (its base, holidays), by name.
    package var sources: [String: String]
    /// When it was stored.
    package var storedAt: Instant

    package init(digest: String, name: String, version: String, yaml: String, sources: [String: String] = [:], storedAt: Instant) {
        self.digest = digest
        self.name = name
        self.version = version
        self.yaml = yaml
        self.sources = sources
        self.storedAt = storedAt
    }
}

/// From when on a version is in force, and for whom.
package struct AgreementInForce: Sendable, Hashable {
    /// In the order in which they were recorded; 0 before it is stored.
    package var id: Int64
    /// nil: all clients without an agreement of their own.
    package var client: Int64?
    /// nil, with a client: no longer one of its own.
    package var digest: String?
    package var effectiveFrom: Instant
    package var recordedAt: Instant
    /// Who put it in force, by name.
    package var actor: String

    package init(id: Int64 = 0, client: Int64?, digest: String?, effectiveFrom: Instant, recordedAt: Instant, actor: String) {
        self.id = id
        self.client = client
        self.digest = digest
        self.effectiveFrom = effectiveFrom
        self.recordedAt = recordedAt
        self.actor = actor
    }
}

/// A client's consent to a version (O4).
package struct AgreementAcceptance: Sendable, Hashable {
    package var digest: String
    package var client: Int64
    package var person: Int64
    package var personName: String
    package var acceptedAt: Instant

    package init(digest: String, client: Int64, person: Int64, personName: String, acceptedAt: Instant) {
        self.digest = digest
        self.client = client
        self.person = person
        self.personName = personName
        self.acceptedAt = acceptedAt
    }
}

extension Session {
    /// Keeps a version; one that is known already stays as it is.
    package func putAgreement(_ agreement: AgreementVersion) throws {
        let known = try run(
            """
            INSERT INTO agreement (digest, name, version, yaml, effective_from) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest) DO NOTHING RETURNING digest
            """,
            [.text(agreement.digest), .text(agreement.name), .text(agreement.version), .text(agreement.yaml), Value(agreement.storedAt)]).isEmpty
        guard !known else { return }
        for (name, content) in agreement.sources.sorted(by: { $0.key < $1.key }) {
            try run("INSERT INTO agreement_source (digest, name, content) VALUES ($1, $2, $3)", [.text(agreement.digest), .text(name), .text(content)])
        }
    }

    package func agreement(digest: String) throws -> AgreementVersion? {
        try run("SELECT \(AgreementVersion.columns) FROM agreement WHERE digest = $1", [.text(digest)]).first.map { try version($0) }
    }

    /// All versions, the first one that was stored first.
    package func agreements() throws -> [AgreementVersion] {
        try run("SELECT \(AgreementVersion.columns) FROM agreement ORDER BY effective_from, digest").map { try version($0) }
    }

    private func version(_ row: Row) throws -> AgreementVersion {
        let sources = try run("SELECT name, content FROM agreement_source WHERE digest = $1", [.text(row.text(0))])
        return AgreementVersion(
            digest: row.text(0), name: row.text(1), version: row.text(2), yaml: row.text(3),
            sources: Dictionary(sources.map { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { first, _ in first }), storedAt: row.instant(4))
    }

    // MARK: In force

    package func putInForce(_ entry: AgreementInForce) throws {
        try run(
            "INSERT INTO agreement_in_force (client, digest, effective_from, recorded_at, actor) VALUES ($1, $2, $3, $4, $5)",
            [.integer(entry.client ?? 0), .text(entry.digest ?? ""), Value(entry.effectiveFrom), Value(entry.recordedAt), .text(entry.actor)])
        try announce("agreement")
    }

    /// All that was ever put in force, in the order in which it was recorded.
    package func agreementsInForce() throws -> [AgreementInForce] {
        try run("SELECT id, client, digest, effective_from, recorded_at, actor FROM agreement_in_force ORDER BY id").map { row in
            AgreementInForce(
                id: row.int64(0), client: row.int64(1) == 0 ? nil : row.int64(1), digest: row.text(2).isEmpty ? nil : row.text(2),
                effectiveFrom: row.instant(3), recordedAt: row.instant(4), actor: row.text(5))
        }
    }

    /// The last entry's id, which moves with every change; 0: none yet.
    package func lastAgreementInForce() throws -> Int64 {
        try run("SELECT COALESCE(MAX(id), 0) FROM agreement_in_force").first?.int64(0) ?? 0
    }

    // MARK: Acceptance

    /// - Returns: false where the client has accepted the version before; the first acceptance stays.
    package func putAcceptance(_ acceptance: AgreementAcceptance) throws -> Bool {
        try !run(
            """
            INSERT INTO agreement_acceptance (digest, client, person, person_name, accepted_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest, client) DO NOTHING RETURNING id
            """,
            [.text(acceptance.digest), .integer(acceptance.client), .integer(acceptance.person), .text(acceptance.personName), Value(acceptance.acceptedAt)]).isEmpty
    }

    /// - Parameter client: nil: of all clients.
    package func acceptances(client: Int64? = nil) throws -> [AgreementAcceptance] {
        try run(
            "SELECT digest, client, person, person_name, accepted_at FROM agreement_acceptance \(client == nil ? "" : "WHERE client = $1 ")ORDER BY id",
            client.map { [.integer($0)] } ?? []
        ).map { AgreementAcceptance(digest: $0.text(0), client: $0.int64(1), person: $0.int64(2), personName: $0.text(3), acceptedAt: $0.instant(4)) }
    }
}

extension AgreementVersion {
    fileprivate static let columns = "digest, name, version, yaml, effective_from"
}
