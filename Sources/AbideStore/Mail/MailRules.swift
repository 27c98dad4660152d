package import AbideCore

/// Whose mail is set aside or let through, whatever else is thought of it.
package struct MailRule: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case allow, block }

    /// `anna@client.example`, or `@client.example` for all of a domain; lower-cased.
    package var pattern: String
    package var kind: Kind
    /// Who made it; nil: nobody known any more.
    package var person: Int64?
    package var createdAt: Instant
    package init(pattern: String, kind: Kind, person: Int64?, createdAt: Instant) {
        self.pattern = pattern.lowercased()
        self.kind = kind
        self.person = person
        self.createdAt = createdAt
    }
}

extension Session {
    package func putMailRule(_ rule: MailRule) throws {
        try run(
            "INSERT INTO mail_rule (pattern, kind, person, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (pattern) DO UPDATE SET kind = $2, person = $3, created_at = $4",
            [.text(rule.pattern), .text(rule.kind.rawValue), Value(rule.person), Value(rule.createdAt)])
    }

    package func deleteMailRule(_ pattern: String) throws { try run("DELETE FROM mail_rule WHERE pattern = $1", [.text(pattern.lowercased())]) }

    package func mailRules() throws -> [MailRule] {
        try run("SELECT pattern, kind, person, created_at FROM mail_rule ORDER BY pattern").map {
            MailRule(pattern: $0.text(0), kind: MailRule.Kind(rawValue: $0.text(1)) ?? .block, person: $0.int64OrNil(2), createdAt: $0.instant(3))
        }
    }

    /// The rule for a sender: that of the address beats that of its domain.
    package func mailRule(for address: String) throws -> MailRule.Kind? {
        let address = address.lowercased()
        let domain = address.lastIndex(of: "@").map { String(address[$0...]) } ?? ""
        let rows = try run("SELECT pattern, kind FROM mail_rule WHERE pattern = $1 OR pattern = $2", [.text(address), .text(domain)])
        return (rows.first { $0.text(0) == address } ?? rows.first).flatMap { MailRule.Kind(rawValue: $0.text(1)) }
    }

    // MARK: Whose a sender is

    /// One domain more that a client answers for.
    package func putMailDomain(_ domain: String, client: Int64) throws {
        try run("INSERT INTO client_domain (domain, client) VALUES ($1, $2) ON CONFLICT (domain) DO UPDATE SET client = $2", [.text(domain.lowercased()), .integer(client)])
    }

    /// A further address of a person.
    package func putAddress(_ email: String, person: Int64, at now: Instant) throws {
        try run(
            "INSERT INTO person_address (email, person, created_at) VALUES ($1, $2, $3) ON CONFLICT (email) DO UPDATE SET person = $2, created_at = $3",
            [.text(email.lowercased()), .integer(person), Value(now)])
    }

    package func deleteAddress(_ email: String) throws { try run("DELETE FROM person_address WHERE email = $1", [.text(email.lowercased())]) }

    package func addresses(of person: Int64) throws -> [String] {
        try run("SELECT email FROM person_address WHERE person = $1 ORDER BY email", [.integer(person)]).map { $0.text(0) }
    }

    /// Whose address it is, the first or a further one.
    package func person(anyEmail email: String) throws -> StoredPerson? {
        if let person = try person(email: email) { return person }
        guard let id = try run("SELECT person FROM person_address WHERE email = $1", [.text(email.lowercased())]).first?.int64(0) else { return nil }
        return try person(id: id)
    }
}
