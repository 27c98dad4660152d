package import AbideCore
import AbideStore
import Foundation

/// Accounts made and changed by administration (K4).
extension Desk {
    package func people(for person: Person) async throws -> [PersonRecord] {
        guard Permissions.allows(person.role, .manageContacts), person.role.isStaff else { throw Refusal.role(person.role, may: "Administrators manage accounts, the agreement manager contacts.", clause: "K4") }
        let seesStaff = Permissions.allows(person.role, .administer)
        return try await db.read { try $0.people() }.filter { seesStaff || !$0.role.isStaff }.map(PersonRecord.init)
    }

    package func personRecord(_ id: Int64, for manager: Manager) async throws -> PersonRecord {
        guard let found = try await db.read({ try $0.person(id: id) }) else { throw Refusal(.unknown, "There is no such account.") }
        try manager.mustManage(role: found.role, client: found.client)
        return PersonRecord(found)
    }

    /// All accounts, for the command line.
    package func allPeople() async throws -> [PersonRecord] { try await db.read { try $0.people().map(PersonRecord.init) } }

    /// Makes an account and invites its owner by mail.
    /// - Parameter passwordHash: set already, so that no invitation goes out.
    package func addPerson(_ input: PersonInput, by manager: Manager, passwordHash: String? = nil) async throws -> PersonRecord {
        try manager.mustManage(role: input.role, client: input.client)
        let input = try checked(input)
        let now = now()
        let person = try await db.write { session in
            try self.checkTaken(session, input, but: nil)
            let person = try session.createPerson(StoredPerson(
                email: input.email, name: input.name, role: input.role, client: input.client, phone: input.phone.isEmpty ? nil : input.phone, zone: input.zone, department: input.department,
                passwordHash: passwordHash, language: input.language.flatMap { $0.isEmpty ? nil : $0 }, createdAt: now))
            try session.audit(manager, at: now, "account made", "person:\(person.id)", "\(person.name), \(person.role.words)")
            if passwordHash == nil, !person.email.isEmpty { try self.invite(session, person, by: manager, at: now) }
            return person
        }
        directory.forget()
        return PersonRecord(person)
    }

    package func changePerson(_ id: Int64, _ input: PersonInput, by manager: Manager) async throws {
        try manager.mustManage(role: input.role, client: input.client)
        let input = try checked(input)
        let now = now()
        let roleChanged = try await db.write { session in
            guard var person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            try self.checkTaken(session, input, but: id)
            if person.role == .administrator, input.role != .administrator { try self.keepAnAdministrator(session, but: id) }
            let before = person
            person.email = input.email
            person.name = input.name
            person.role = input.role
            person.client = input.client
            person.phone = input.phone.isEmpty ? nil : input.phone
            person.zone = input.zone
            person.department = input.department
            if let language = input.language { person.language = language.isEmpty ? nil : language }
            try session.updatePerson(person)
            var changes: [String] = []
            if before.role != person.role { changes.append("role \(before.role.words) → \(person.role.words)") }
            if before.email != person.email { changes.append("address \(before.email) → \(person.email)") }
            if before.name != person.name { changes.append("name \(before.name) → \(person.name)") }
            if before.client != person.client { changes.append("client") }
            if before.phone != person.phone { changes.append("telephone") }
            if before.department != person.department { changes.append("department \(person.department ?? "none")") }
            if !changes.isEmpty { try session.audit(manager, at: now, "account changed", "person:\(id)", changes.joined(separator: ", ")) }
            let rights = before.role != person.role || before.client != person.client || before.email != person.email
            // Rights of before must not live on in an open browser (S24).
            if rights {
                try session.deleteWebSessions(of: id)
                try session.deleteLinks(of: id)
            }
            if before.email != person.email, !before.email.isEmpty { try self.tell(session, before, .addressChanged(to: person.email), at: now) }
            return rights
        }
        directory.forget()
        if roleChanged || input.language != nil { signedIn.forget(person: id) }
    }

    /// Nobody is deleted: what they wrote keeps its author.
    package func setDisabled(_ id: Int64, _ disabled: Bool, by manager: Manager) async throws {
        if case .person(let person) = manager, person.id == id { throw Refusal(.state, "Nobody disables their own account. Another administrator can.") }
        let now = now()
        try await db.write { session in
            guard var person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            if disabled, person.role == .administrator { try self.keepAnAdministrator(session, but: id) }
            person.disabled = disabled
            try session.updatePerson(person)
            if disabled {
                try session.deleteWebSessions(of: id)
                try session.deleteTokens(of: id)
                try session.deleteLinks(of: id)
            }
            try session.audit(manager, at: now, disabled ? "account disabled" : "account enabled", "person:\(id)", person.name)
        }
        directory.forget()
        signedIn.forget(person: id)
    }

    /// Invites again, or sends a link for a new password where there was one already; ends all that is open.
    package func resetAccess(_ id: Int64, by manager: Manager) async throws {
        let now = now()
        try await db.write { session in
            guard let person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try manager.mustManage(role: person.role, client: person.client)
            guard !person.disabled else { throw Refusal(.state, "This account is disabled. Enable it first.") }
            guard !person.email.isEmpty else { throw Refusal(.state, "This contact has no address, so that no link can be sent.") }
            if person.passwordHash == nil {
                try self.invite(session, person, by: manager, at: now)
            } else {
                try self.tell(session, person, .reset(try self.makeLink(session, .reset, for: id, at: now)), at: now)
                try session.deleteWebSessions(of: id)
            }
            try session.audit(manager, at: now, "link sent", "person:\(id)", person.email)
        }
        signedIn.forget(person: id)
    }

    package func removeSecondFactor(_ id: Int64, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            guard let person = try session.person(id: id) else { throw Refusal(.unknown, "There is no such account.") }
            try session.setSecondFactor(of: id, sealed: nil)
            try session.deleteWebSessions(of: id)
            try session.audit(manager, at: now, "second factor removed", "person:\(id)", person.name)
            try self.tell(session, person, .secondFactor(on: false), at: now)
        }
        signedIn.forget(person: id)
    }

    /// The link that waits for this person, where no relay carries it: to be handed over in another way. nil: none, or mail leaves.
    package func waitingLink(_ id: Int64, for manager: Manager) async throws -> (url: String, until: Instant)? {
        let now = now()
        return try await db.read { session in
            guard let person = try session.person(id: id) else { return nil }
            try manager.mustManage(role: person.role, client: person.client)
            let door = try self.door(session)
            guard !door.sendsMail, let link = try session.links(of: id).last(where: { $0.kind != .email && $0.expiresAt > now }) else { return nil }
            return (self.url(link, base: door.base), link.expiresAt)
        }
    }

    package func audit(for person: Person, object: String? = nil) async throws -> [AuditRecord] {
        try Manager.person(person).mustAdminister()
        return try await db.read { try $0.auditEntries(object: object, limit: object == nil ? 200 : 20).map(AuditRecord.init) }
    }

    package func hasSecondFactor(_ id: Int64) async throws -> Bool { try await db.read { try $0.secondFactor(of: id)?.confirmedAt != nil } }

    // MARK: Parts

    func invite(_ session: any Session, _ person: StoredPerson, by manager: Manager, at now: Instant) throws {
        let link = try makeLink(session, .invitation, for: person.id, at: now)
        let by = if case .person(let inviter) = manager { inviter.name } else { currentAgreement().terms.provider.name }
        try tell(session, person, .invited(link, by: by), at: now)
    }

    private func checked(_ given: PersonInput) throws -> PersonInput {
        var input = given
        input.email = given.email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        input.name = given.name.trimmingCharacters(in: .whitespacesAndNewlines)
        input.phone = given.phone.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [String: Phrase] = [:]
        if input.email.isEmpty {
            // Somebody who is only called (a letter or a call is then the notice).
            if input.role.isStaff { faults["email"] = "Staff need an address: it is the user name." }
            else if input.phone.isEmpty { faults["phone"] = "Give an address or a telephone number." }
        } else if !Self.isAddress(input.email) { faults["email"] = "This is not an e-mail address." }
        if input.name.isEmpty || input.name.utf8.count > 200 || input.name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 200 characters." }
        if input.phone.utf8.count > 60 { faults["phone"] = "At most 60 characters." }
        if input.role.isStaff, input.client != nil { faults["client"] = "Staff belong to no client." }
        if !input.role.isStaff, input.client == nil { faults["client"] = "Name the client whose contact this is." }
        if let zone = input.zone, self.zone(zone) == nil { faults["zone"] = "\(zone) is not a name of the IANA time-zone database." }
        if let language = input.language, !language.isEmpty, Languages.name(language) == nil { faults["language"] = "One of \(Languages.shipped.map(\.0).joined(separator: ", "))." }
        if let department = input.department, !currentAgreement().terms.departments.contains(where: { $0.name == department }) { faults["department"] = "The agreement has no department of this name." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        return input
    }

    static func isAddress(_ text: String) -> Bool {
        let (local, domain) = Keys.split(text)
        return !local.isEmpty && domain.contains(where: { $0 != "." }) && !domain.hasPrefix(".") && !domain.hasSuffix(".") && text.utf8.count <= 254
            && !text.contains { $0.isWhitespace || $0.isNewline || "<>,;:\"()[]\\".contains($0) } && local.count { $0 == "@" } == 0
    }

    private func checkTaken(_ session: any Session, _ input: PersonInput, but id: Int64?) throws {
        if let client = input.client, try session.client(id: client) == nil { throw Refusal.input("client", "There is no such client.") }
        if !input.email.isEmpty, let other = try session.person(email: input.email), other.id != id { throw Refusal.input("email", "There is an account with this address already.") }
    }

    private func keepAnAdministrator(_ session: any Session, but id: Int64) throws {
        guard try session.people(role: .administrator).contains(where: { $0.id != id }) else { throw Refusal(.state, "This is the last administrator. Make another one first.") }
    }
}
