package import AbideCore
import AbideStore
import Foundation

/// A ticket that waits for somebody to say whose it is.
package struct StrangerTicket: Sendable {
    package var ref: String
    package var subject: String
    package var name: String
    package var address: String
    package var registeredAt: Instant
    /// The client whose verified mail domain it came from; nil: none.
    package var client: String?
}

/// "Who is this?": senders that nobody knows (R2, S10). No mail makes an account; people do.
extension Desk {
    package func strangers(for person: Person) async throws -> [StrangerTicket] {
        guard Permissions.allows(person.role, .logForCaller) else { throw Refusal.role(person.role, may: "Agents, department leads and the service manager say whose a ticket is.", clause: "A3") }
        let clients = try await people().clients
        return try await db.read { session in
            let domains = Dictionary(try session.clientDomains().map { ($0.domain, $0.client) }) { first, _ in first }
            return try session.strangersTickets().map { record in
                let ticket = try self.cache.ticket(record)
                let domain = Keys.split(ticket.contactEmail.lowercased()).domain
                return StrangerTicket(
                    ref: ticket.ref, subject: ticket.subject, name: ticket.contactName, address: ticket.contactEmail, registeredAt: ticket.registeredAt, client: domains[domain].flatMap { clients[$0]?.name })
            }
        }
    }

    /// Links a ticket to a contact; the address that it came from is the contact's from now on.
    @discardableResult
    package func identify(_ ref: String, as email: String, by person: Person) async throws -> TicketView {
        guard let contact = try await db.read({ try $0.person(anyEmail: email.trimmingCharacters(in: .whitespaces)) }), !contact.disabled, !contact.role.isStaff else {
            throw Refusal.input("email", "There is no contact with this address.")
        }
        let directory = try await people()
        let client = contact.client.flatMap { directory.clients[$0] }
        let known = self.person(contact, directory)
        let facts = client.map { directory.entitlements[$0.id, default: [:]].merging(Self.entitlements($0, at: now())) { $1 } } ?? [:]
        let view = try await act(ref, by: person) { ticket, agreement, now in
            try ticket.identify(known, clientName: client?.name, facts: facts, by: person, at: now, agreement)
        }
        let address = view.ticket.contactEmail.lowercased()
        if !address.isEmpty, address != contact.email {
            let at = view.now
            try await db.write { session in if try session.person(email: address) == nil { try session.putAddress(address, person: contact.id, at: at) } }
        }
        return view
    }

    /// Makes a contact of the sender and links the ticket to it.
    /// - Parameter remembersDomain: mail of the sender's domain is this client's from now on.
    @discardableResult
    package func identify(_ ref: String, asNew name: String, client: String, remembersDomain: Bool, by person: Person) async throws -> TicketView {
        guard let stranger = try await strangers(for: person).first(where: { $0.ref == ref }) else { throw Refusal(.state, "This ticket has its contact already, or is closed.") }
        let contact = try await createPerson(email: stranger.address, name: name.trimmingCharacters(in: .whitespacesAndNewlines), role: .client, client: client)
        let domain = Keys.split(stranger.address.lowercased()).domain
        if remembersDomain, !domain.isEmpty, !Self.sharedDomains.contains(domain) {
            try await db.write { session in if let id = try session.client(name: client)?.id { try session.putMailDomain(domain, client: id) } }
        }
        return try await identify(ref, as: contact.email, by: person)
    }

    /// Everybody's, and so no client's.
    private static let sharedDomains: Set<String> = [
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "mail.ru", "yandex.ru", "qq.com", "163.com", "proton.me", "protonmail.com",
    ]
}
