package import AbideCore

/// An organisation under an agreement.
package struct StoredClient: Sendable, Hashable {
    /// 0 before it is stored.
    package var id: Int64
    package var name: String
    /// A name of the IANA database.
    package var zone: String
    /// The subscription is paid until here; nil: no end agreed.
    package var subscriptionUntil: Instant?
    package var managedHosting: Bool
    /// Contacts see each other's tickets.
    package var shareTickets: Bool
    package var createdAt: Instant

    package init(
        id: Int64 = 0, name: String, zone: String, subscriptionUntil: Instant?, managedHosting: Bool, shareTickets: Bool, createdAt: Instant
    ) {
        self.id = id
        self.name = name
        self.zone = zone
        self.subscriptionUntil = subscriptionUntil
        self.managedHosting = managedHosting
        self.shareTickets = shareTickets
        self.createdAt = createdAt
    }
}

/// Someone else has this name or address already.
package struct Duplicate: Error, Hashable, CustomStringConvertible {
    /// `client` or `person`.
    package var kind: String
    package var name: String

    package init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String { "there is a \(kind) \(name) already" }
}

extension Session {
    /// - Returns: the client with its new id.
    /// - Throws: `Duplicate` when the name is taken.
    @discardableResult
    package func createClient(_ client: StoredClient) throws -> StoredClient {
        let rows = try run(
            """
            INSERT INTO client (name, zone, subscription_until, managed_hosting, share_tickets, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO NOTHING RETURNING id
            """,
            [
                .text(client.name), .text(client.zone), Value(client.subscriptionUntil), Value(client.managedHosting), Value(client.shareTickets),
                Value(client.createdAt),
            ])
        guard let id = rows.first?.int64(0) else { throw Duplicate(kind: "client", name: client.name) }
        var stored = client
        stored.id = id
        return stored
    }

    package func updateClient(_ client: StoredClient) throws {
        try run(
            "UPDATE client SET name = $2, zone = $3, subscription_until = $4, managed_hosting = $5, share_tickets = $6 WHERE id = $1",
            [
                .integer(client.id), .text(client.name), .text(client.zone), Value(client.subscriptionUntil), Value(client.managedHosting),
                Value(client.shareTickets),
            ])
    }

    package func client(id: Int64) throws -> StoredClient? {
        try run("SELECT \(StoredClient.columns) FROM client WHERE id = $1", [.integer(id)]).first.map(StoredClient.init(row:))
    }

    package func client(name: String) throws -> StoredClient? {
        try run("SELECT \(StoredClient.columns) FROM client WHERE name = $1", [.text(name)]).first.map(StoredClient.init(row:))
    }

    /// All clients by name.
    package func clients() throws -> [StoredClient] {
        try run("SELECT \(StoredClient.columns) FROM client ORDER BY name").map(StoredClient.init(row:))
    }
}

extension StoredClient {
    fileprivate static let columns = "id, name, zone, subscription_until, managed_hosting, share_tickets, created_at"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), name: row.text(1), zone: row.text(2), subscriptionUntil: row.instantOrNil(3), managedHosting: row.bool(4),
            shareTickets: row.bool(5), createdAt: row.instant(6))
    }
}
