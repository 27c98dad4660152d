package import AbideCore

/// Someone who may sign in or write: a contact of a client, or staff.
package struct StoredPerson: Sendable, Hashable {
    /// 0 before it is stored.
    package var id: Int64
    /// Kept in lower case; empty for somebody who has a telephone and no address.
    package var email: String
    package var name: String
    package var role: Role
    /// nil for staff.
    package var client: Int64?
    package var phone: String?
    /// A name of the IANA database; nil: as the client or the desk.
    package var zone: String?
    package var department: String?
    /// As the desk made it; the store knows nothing of its form. nil: no password set.
    package var passwordHash: String?
    package var disabled: Bool
    /// Nominated by the client to read its reports (I5), whatever the role.
    package var readsReports: Bool
    /// In which the pages speak, as "de"; nil: as the browser asks.
    package var language: String?
    package var createdAt: Instant

    package init(
        id: Int64 = 0, email: String, name: String, role: Role, client: Int64?, phone: String? = nil, zone: String? = nil,
        department: String? = nil, passwordHash: String? = nil, disabled: Bool = false, readsReports: Bool = false, language: String? = nil, createdAt: Instant
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.client = client
        self.phone = phone
        self.zone = zone
        self.department = department
        self.passwordHash = passwordHash
        self.disabled = disabled
        self.readsReports = readsReports
        self.language = language
        self.createdAt = createdAt
    }
}

extension Session {
    /// - Returns: the person with the new id and the address as kept.
    /// - Throws: `Duplicate` when the address is taken.
    @discardableResult
    package func createPerson(_ person: StoredPerson) throws -> StoredPerson {
        var stored = person
        stored.email = person.storedEmail
        let rows = try run(
            """
            INSERT INTO person (email, name, role, client, phone, zone, department, password_hash, disabled, reads_reports, language, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (email) DO NOTHING RETURNING id
            """, stored.values)
        guard let id = rows.first?.int64(0) else { throw Duplicate(kind: "person", name: stored.email) }
        stored.id = id
        stored.email = person.email.lowercased()
        return stored
    }

    /// Replaces all but the id and the time of creation.
    package func updatePerson(_ person: StoredPerson) throws {
        var stored = person
        stored.email = person.storedEmail
        try run(
            """
            UPDATE person SET email = $1, name = $2, role = $3, client = $4, phone = $5, zone = $6, department = $7, password_hash = $8,
                disabled = $9, reads_reports = $10, language = $11 WHERE id = $12
            """, stored.values.dropLast() + [.integer(person.id)])
    }

    package func person(id: Int64) throws -> StoredPerson? {
        try run("SELECT \(StoredPerson.columns) FROM person WHERE id = $1", [.integer(id)]).first.map(StoredPerson.init(row:))
    }

    /// - Parameter email: in any case of letters.
    package func person(email: String) throws -> StoredPerson? {
        try run("SELECT \(StoredPerson.columns) FROM person WHERE email = $1", [.text(email.lowercased())]).first.map(StoredPerson.init(row:))
    }

    /// All people by name, disabled ones too.
    package func people() throws -> [StoredPerson] {
        try run("SELECT \(StoredPerson.columns) FROM person ORDER BY name, id").map(StoredPerson.init(row:))
    }

    /// The contacts of a client by name.
    package func people(client: Int64) throws -> [StoredPerson] {
        try run("SELECT \(StoredPerson.columns) FROM person WHERE client = $1 ORDER BY name, id", [.integer(client)]).map(StoredPerson.init(row:))
    }

    /// Those who can act in a role, by name.
    package func people(role: Role) throws -> [StoredPerson] {
        try run("SELECT \(StoredPerson.columns) FROM person WHERE role = $1 AND disabled = 0 ORDER BY name, id", [.text(role.rawValue)])
            .map(StoredPerson.init(row:))
    }
}

extension StoredPerson {
    static let columns = names.joined(separator: ", ")
    /// For joins: each column of `person`.
    static let qualifiedColumns = names.map { "person." + $0 }.joined(separator: ", ")
    private static let names = [
        "id", "email", "name", "role", "client", "phone", "zone", "department", "password_hash", "disabled", "reads_reports", "language", "created_at",
    ]

    /// - Parameter first: where the columns of the person begin.
    init(row: Row, first: Int) {
        self.init(
            id: row.int64(first), email: row.text(first + 1).hasPrefix(Self.noAddress) ? "" : row.text(first + 1), name: row.text(first + 2),
            // A role that this program does not know (a database edited by hand) may do the least.
            role: Role(rawValue: row.text(first + 3)) ?? .client,
            client: row.int64OrNil(first + 4), phone: row.textOrNil(first + 5), zone: row.textOrNil(first + 6),
            department: row.textOrNil(first + 7), passwordHash: row.textOrNil(first + 8), disabled: row.bool(first + 9),
            readsReports: row.bool(first + 10), language: row.textOrNil(first + 11), createdAt: row.instant(first + 12))
    }

    init(row: Row) { self.init(row: row, first: 0) }

    /// The column is unique and never empty: who has no address gets a name in it that is none (no `@`).
    private static let noAddress = "-no-address-"
    fileprivate var storedEmail: String {
        guard email.isEmpty else { return email.lowercased() }
        var generator = SystemRandomNumberGenerator()
        return Self.noAddress + String(generator.next() as UInt64, radix: 16) + String(generator.next() as UInt64, radix: 16)
    }

    fileprivate var values: [Value] {
        [
            .text(email), .text(name), .text(role.rawValue), Value(client), Value(phone), Value(zone), Value(department), Value(passwordHash),
            Value(disabled), Value(readsReports), Value(language), Value(createdAt),
        ]
    }
}
