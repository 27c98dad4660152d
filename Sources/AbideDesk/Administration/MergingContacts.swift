package import AbideCore
import AbideStore
import Foundation

/// One person with several addresses, and two accounts that are one person.
extension Desk {
    /// The addresses besides the first, from which a person's mail is believed as well.
    package func furtherAddresses(_ id: Int64, for manager: Manager) async throws -> [String] {
        try await db.read { session in
            guard let person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            return try session.addresses(of: id)
        }
    }

    package func addAddress(_ text: String, to id: Int64, by manager: Manager) async throws {
        let address = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let now = now()
        try await db.write { session in
            guard let person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            guard !person.role.isStaff else { throw Refusal(.state, "Staff have one address: it is the user name.") }
            guard Self.isAddress(address) else { throw Refusal.input("address", "This is not an e-mail address.") }
            if let owner = try session.person(anyEmail: address) {
                if owner.id == id { return }
                throw Refusal.input("address", "This is the address of \(owner.name). If that is the same person, merge the two accounts.")
            }
            guard try session.addresses(of: id).count < 20 else { throw Refusal.input("address", "At most 20 further addresses.") }
            try session.putAddress(address, person: id, at: now)
            try session.audit(manager, at: now, "address added", "person:\(id)", address)
        }
        directory.forget()
    }

    package func removeAddress(_ address: String, from id: Int64, by manager: Manager) async throws {
        let now = now()
        try await db.write { session in
            guard let person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            guard try session.addresses(of: id).contains(address.lowercased()) else { throw Refusal(.state, "This is not one of the further addresses.") }
            try session.deleteAddress(address)
            try session.audit(manager, at: now, "address removed", "person:\(id)", address.lowercased())
        }
        directory.forget()
    }

    /// Two contacts that are one person: the tickets and addresses of `id` are `email`'s from now on; the account that is left has no address and
    /// no access, and what was written with it keeps its author.
    /// - Returns: the account that stays.
    @discardableResult
    package func mergeContact(_ id: Int64, into email: String, by manager: Manager) async throws -> Int64 {
        let actor: Actor = if case .person(let person) = manager { person.actor } else { .desk }
        let (kept, committed) = try await db.write { session -> (Int64, [Committed]) in
            let now = self.now()
            guard var person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            guard let other = try session.person(anyEmail: email.trimmingCharacters(in: .whitespacesAndNewlines)) else { throw Refusal.input("into", "There is no account with this address.") }
            try manager.mustManage(role: other.role, client: other.client)
            guard other.id != id else { throw Refusal.input("into", "This is the same account.") }
            guard !person.role.isStaff, !other.role.isStaff else { throw Refusal(.state, "Only contacts of clients are merged.") }
            guard person.client == other.client else { throw Refusal(.state, "The two belong to different clients; nobody may get another client's tickets.") }
            guard !other.disabled else { throw Refusal(.state, "\(other.name)'s account is disabled. Enable it first, or merge the other way round.") }
            if person.role == .primaryContact || person.role == .standIn {
                throw Refusal(.state, "\(person.name) is the \(person.role.words). Name another one first, or merge the other way round.", clause: "L8")
            }
            for address in try session.addresses(of: id) { try session.putAddress(address, person: other.id, at: now) }
            let address = person.email
            person.email = ""
            person.disabled = true
            try session.updatePerson(person)
            if !address.isEmpty { try session.putAddress(address, person: other.id, at: now) }
            try session.deleteWebSessions(of: id)
            try session.deleteTokens(of: id)
            try session.deleteLinks(of: id)
            var committed: [Committed] = []
            for ticket in try session.tickets(with: id) {
                guard let record = try session.ticket(id: ticket), record.contact == id else { continue }
                let before = try self.cache.ticket(record, committed: false)
                committed.append(try self.commit(session, before, at: now) { ticket, _ in
                    [Draft(.identified(contact: other.id, client: other.client), max(now, ticket.updatedAt), actor)]
                })
            }
            try session.audit(manager, at: now, "contact merged", "person:\(id)", "into \(other.name), \(committed.count) tickets")
            try session.audit(manager, at: now, "contact merged", "person:\(other.id)", "with \(person.name), \(committed.count) tickets")
            return (other.id, committed)
        }
        directory.forget()
        signedIn.forget(person: id)
        for one in committed { told(one) }
        return kept
    }
}
