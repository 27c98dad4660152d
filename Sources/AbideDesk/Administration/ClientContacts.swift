package import AbideCore
import AbideStore

/// The client's own contacts (L8) and readers of its reports (I5), changed by its primary contact or stand-in. It takes effect at
/// once, the agreement manager is told, and whoever was replaced can undo it.
extension Desk {
    static let undoSeconds: Int64 = 14 * 86_400

    package struct ContactChangeRecord: Sendable {
        package var id: Int64
        package var at: Instant
        package var by: String
        package var role: Role
        package var former: String?
        package var successor: String?
        package var undone: Bool
        /// The reader may undo it: they were replaced by it, lately, and nothing has replaced it since.
        package var mayUndo: Bool
    }

    package struct ClientContacts: Sendable {
        package var client: ClientRecord
        package var people: [PersonRecord]
        package var changes: [ContactChangeRecord]
        package var mayManage: Bool
    }

    /// The contacts of the reader's client, or for staff of the named one.
    package func contacts(of client: Int64?, for person: Person) async throws -> ClientContacts {
        guard let id = person.role.isStaff ? client : person.client, person.role.isStaff ? Permissions.allows(person.role, .manageContacts) || Permissions.allows(person.role, .read) : true else {
            throw Refusal(.unknown, "There is no such client.")
        }
        let now = now()
        return try await db.read { session in
            guard let found = try session.client(id: id) else { throw Refusal(.unknown, "There is no such client.") }
            let people = try session.people(client: id)
            let names = Dictionary(people.map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
            let changes = try session.contactChanges(client: id, limit: 20)
            let newest = Dictionary(changes.map { ($0.role, $0.id) }, uniquingKeysWith: max)
            return ClientContacts(
                client: ClientRecord(found), people: people.filter { !$0.disabled }.map(PersonRecord.init),
                changes: changes.map { change in
                    ContactChangeRecord(
                        id: change.id, at: change.at, by: change.actorName, role: change.role, former: change.former.flatMap { names[$0] }, successor: change.successor.flatMap { names[$0] },
                        undone: change.undoneAt != nil, mayUndo: change.undoneAt == nil && change.former == person.id && now - change.at <= Self.undoSeconds && newest[change.role] == change.id)
                }, mayManage: Permissions.allows(person.role, .manageContacts))
        }
    }

    /// Names another primary contact or stand-in.
    /// - Parameter successor: nil: nobody, for the stand-in.
    package func nameContact(_ role: Role, _ successor: Int64?, of client: Int64, by person: Person) async throws {
        guard Permissions.allows(person.role, .manageContacts) else { throw Refusal.role(person.role, may: "The primary contact and the stand-in change the client's contacts.", clause: "L8") }
        guard person.role.isStaff || person.client == client else { throw Refusal(.unknown, "There is no such client.") }
        guard role == .primaryContact || role == .standIn else { throw Refusal.input("role", "primaryContact or standIn.") }
        if role == .primaryContact, successor == nil { throw Refusal.input("person", "A client always has a primary contact.") }
        let now = now()
        let moved = try await db.write { session in
            let moved = try self.move(session, role, to: successor, of: client, at: now)
            guard !moved.people.isEmpty else { return moved.people }
            try session.insertContactChange(client: client, at: now, actor: person.id, actorName: person.name, role: role, former: moved.former, successor: successor)
            try self.tellOfChange(session, role, client, former: moved.former, successor: successor, by: person.name, at: now)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: "contact changed", object: "client:\(client)", detail: role.words)
            return moved.people
        }
        directory.forget()
        for id in moved { signedIn.forget(person: id) }
    }

    /// The one who was replaced takes it back.
    package func undoContactChange(_ id: Int64, by person: Person) async throws {
        guard let client = person.client else { throw Refusal(.unknown, "There is no such change.") }
        guard let record = try await contacts(of: client, for: person).changes.first(where: { $0.id == id }) else { throw Refusal(.unknown, "There is no such change.") }
        guard record.mayUndo else { throw Refusal(.forbidden, "Only the one who was replaced can undo this, within 14 days, and while nothing newer has changed it.", clause: "L8") }
        let now = now()
        let moved = try await db.write { session in
            guard let change = try session.contactChanges(client: client).first(where: { $0.id == id }), try session.markUndone(contactChange: id, at: now) else { return [Int64]() }
            let moved = try self.move(session, change.role, to: change.former, of: client, at: now)
            try self.tellOfChange(session, change.role, client, former: change.successor, successor: change.former, by: person.name, at: now)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: "contact change undone", object: "client:\(client)", detail: change.role.words)
            return moved.people
        }
        directory.forget()
        for id in moved { signedIn.forget(person: id) }
    }

    /// I5: a further reader of the client's reports.
    package func nominate(_ id: Int64, readsReports: Bool, by person: Person) async throws {
        guard Permissions.allows(person.role, .manageContacts) else { throw Refusal.role(person.role, may: "The primary contact and the stand-in nominate readers of reports.", clause: "I5") }
        let now = now()
        try await db.write { session in
            guard var stored = try session.person(id: id), !stored.role.isStaff, person.role.isStaff || stored.client == person.client else { throw Refusal(.unknown, "There is no such contact.") }
            guard stored.role != .reportReader else { throw Refusal(.state, "This contact is there for the reports alone.") }
            stored.readsReports = readsReports
            try session.updatePerson(stored)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: readsReports ? "reader of reports nominated" : "nomination taken back", object: "person:\(id)", detail: stored.name)
        }
        directory.forget()
        signedIn.forget(person: id)
    }

    /// A new contact of the client, invited by mail.
    package func addContact(_ input: PersonInput, by person: Person) async throws -> PersonRecord {
        guard [.client, .reportReader].contains(input.role) else { throw Refusal.input("role", "client or reportReader.") }
        var input = input
        if !person.role.isStaff { input.client = person.client }
        return try await addPerson(input, by: .person(person))
    }

    private func move(_ session: any Session, _ role: Role, to successor: Int64?, of client: Int64, at now: Instant) throws -> (former: Int64?, people: [Int64]) {
        let contacts = try session.people(client: client)
        let former = contacts.first { $0.role == role && !$0.disabled }
        guard former?.id != successor else { return (former?.id, []) }
        if let successor {
            guard var next = contacts.first(where: { $0.id == successor }), !next.disabled, !next.email.isEmpty else { throw Refusal.input("person", "Choose a contact of this client with an account.") }
            if role == .standIn, next.role == .primaryContact { throw Refusal.input("person", "\(next.name) is the primary contact. Name another primary contact first.") }
            next.role = role
            try session.updatePerson(next)
        }
        if var former {
            former.role = .client
            try session.updatePerson(former)
        }
        return (former?.id, [former?.id, successor].compactMap { $0 })
    }

    private func tellOfChange(_ session: any Session, _ role: Role, _ client: Int64, former: Int64?, successor: Int64?, by: String, at now: Instant) throws {
        let name = try session.client(id: client)?.name ?? ""
        let next = try successor.flatMap { try session.person(id: $0) }
        let what = "\(by) has named \(next?.name ?? "nobody") the \(role.words) of \(name)"
        for manager in try session.people(role: .agreementManager) { try tell(session, manager, .contactChanged(what, path: "/settings/clients/\(client)"), at: now) }
        for id in [former, successor].compactMap({ $0 }) {
            if let person = try session.person(id: id) { try tell(session, person, .contactChanged(what, path: "/portal/contacts"), at: now) }
        }
    }
}
