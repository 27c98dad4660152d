package import AbideCore
import AbideStore
import Foundation

/// A client as administration sees and changes it.
package struct ClientInput: Sendable {
    package var name: String
    package var zone: String
    package var subscriptionUntil: Instant?
    package var managedHosting: Bool
    /// Contacts see each other's tickets; off unless somebody turns it on.
    package var shareTickets: Bool
    /// Mail domains whose senders are this client's.
    package var domains: [String]
    package init(name: String, zone: String, subscriptionUntil: Instant? = nil, managedHosting: Bool = false, shareTickets: Bool = false, domains: [String] = []) {
        self.name = name
        self.zone = zone
        self.subscriptionUntil = subscriptionUntil
        self.managedHosting = managedHosting
        self.shareTickets = shareTickets
        self.domains = domains
    }
}

extension Desk {
    private func mustManageClients(_ manager: Manager) throws {
        guard case .person(let person) = manager else { return }
        guard person.role.isStaff, Permissions.allows(person.role, .manageContacts) else { throw Refusal.role(person.role, may: "Administrators and the agreement manager manage clients.", clause: "K4") }
    }

    package func clientsForManaging(by manager: Manager) async throws -> [(client: ClientRecord, domains: [String], contacts: Int)] {
        try mustManageClients(manager)
        return try await db.read { session in
            let domains = Dictionary(grouping: try session.clientDomains(), by: \.client)
            let people = Dictionary(grouping: try session.people().filter { !$0.disabled }, by: \.client)
            return try session.clients().map { (ClientRecord($0), (domains[$0.id] ?? []).map(\.domain), people[$0.id]?.count ?? 0) }
        }
    }

    package func clientForManaging(_ id: Int64, by manager: Manager) async throws -> (client: ClientRecord, domains: [String], contacts: [PersonRecord]) {
        try mustManageClients(manager)
        return try await db.read { session in
            guard let client = try session.client(id: id) else { throw Refusal(.unknown, "There is no such client.") }
            return (ClientRecord(client), try session.clientDomains(of: id), try session.people(client: id).map(PersonRecord.init))
        }
    }

    /// - Parameter id: nil: a new one.
    package func putClient(_ id: Int64?, _ given: ClientInput, by manager: Manager) async throws -> ClientRecord {
        try mustManageClients(manager)
        var input = given
        input.name = given.name.trimmingCharacters(in: .whitespacesAndNewlines)
        input.domains = Array(Set(given.domains.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }.map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }.filter { !$0.isEmpty })).sorted()
        var faults: [String: Phrase] = [:]
        if input.name.isEmpty || input.name.utf8.count > 200 || input.name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 200 characters." }
        if zone(input.zone) == nil { faults["zone"] = "\(input.zone) is not a name of the IANA time-zone database." }
        if input.domains.count > 50 { faults["domains"] = "At most 50 domains." }
        for domain in input.domains where !Self.isAddress("a@" + domain) || !domain.contains(".") { faults["domains"] = "\(domain) is not a domain, as northfield.example." }
        let own = Keys.split(currentAgreement().terms.provider.mailbox).domain.lowercased()
        if input.domains.contains(own) { faults["domains"] = "\(own) is the desk's own domain." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let now = now()
        let client = try await db.write { [input] session in
            if let other = try session.client(name: input.name), other.id != id { throw Refusal.input("name", "There is a client \(input.name) already.") }
            var stored = StoredClient(
                name: input.name, zone: input.zone, subscriptionUntil: input.subscriptionUntil, managedHosting: input.managedHosting, shareTickets: input.shareTickets, createdAt: now)
            if let id {
                guard let known = try session.client(id: id) else { throw Refusal(.unknown, "There is no such client.") }
                stored.id = known.id
                stored.createdAt = known.createdAt
                try session.updateClient(stored)
            } else {
                stored = try session.createClient(stored)
            }
            do { try session.setClientDomains(input.domains, of: stored.id) } catch let duplicate as Duplicate {
                throw Refusal.input("domains", "\(duplicate.name) is another client's domain.")
            }
            try session.audit(manager, at: now, id == nil ? "client made" : "client changed", "client:\(stored.id)", stored.name)
            return stored
        }
        directory.forget()
        return ClientRecord(client)
    }
}

extension Desk {
    package var deskZoneRules: ZoneRules { deskZone }
    package func allClients() async throws -> [ClientRecord] { try await db.read { try $0.clients().map(ClientRecord.init) } }
}
