package import AbideCore
import AbideStore
import Foundation

/// Clients and people, made and changed by administration (K4).
extension Desk {
    @discardableResult
    package func createClient(name: String, zone: String? = nil, subscriptionUntil: Instant? = nil, managedHosting: Bool = false) async throws -> ClientRecord {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty, name.utf8.count <= 200 else { throw Refusal.input("name", "Between 1 and 200 characters.") }
        let zone = zone ?? currentAgreement().terms.provider.zone
        guard self.zone(zone) != nil else { throw Refusal.input("zone", "\(zone) is not a name of the IANA time-zone database.") }
        let now = now()
        let client = try await db.write { session in
            guard try session.client(name: name) == nil else { throw Refusal(.state, "There is a client \(name) already.") }
            try session.announce("people")
            return try session.createClient(StoredClient(name: name, zone: zone, subscriptionUntil: subscriptionUntil, managedHosting: managedHosting, shareTickets: false, createdAt: now))
        }
        directory.forget()
        return ClientRecord(client)
    }

    /// - Parameter password: nil: none yet, so that nobody can sign in until one is set.
    @discardableResult
    package func createPerson(
        email: String, name: String, role: Role, client: String?, phone: String? = nil, zone: String? = nil, department: String? = nil, passwordHash: String? = nil
    ) async throws -> PersonBrief {
        let email = email.trimmingCharacters(in: .whitespaces).lowercased()
        var faults: [String: Phrase] = [:]
        if !email.contains("@") || email.hasPrefix("@") || email.hasSuffix("@") || email.contains(where: \.isWhitespace) || email.utf8.count > 254 { faults["email"] = "This is not an e-mail address." }
        if name.allSatisfy(\.isWhitespace) || name.utf8.count > 200 { faults["name"] = "Between 1 and 200 characters." }
        if role.isStaff, client != nil { faults["client"] = "Staff belong to no client." }
        if !role.isStaff, client == nil { faults["client"] = "Name the client whose contact this is." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let now = now()
        let person = try await db.write { session in
            let owner = try client.map { name in
                guard let found = try session.client(name: name) else { throw Refusal.input("client", "There is no client \(name).") }
                return found.id
            }
            guard try session.person(email: email) == nil else { throw Refusal(.state, "There is an account \(email) already.") }
            try session.announce("people")
            return try session.createPerson(StoredPerson(
                email: email, name: name, role: role, client: owner, phone: phone, zone: zone, department: department, passwordHash: passwordHash, createdAt: now))
        }
        directory.forget()
        return PersonBrief(person)
    }
}
