package import AbideCore
import AbideStore
import Foundation

/// What somebody does with the own account: password, address, profile, sessions.
extension Desk {
    /// For what matters the password must have been given within this time.
    static let confirmedSeconds: Int64 = 30 * 60

    package struct SessionRecord: Sendable {
        package var hash: String
        package var since: Instant
        package var until: Instant
        package var address: String
        package var agent: String
        package var isThisOne: Bool
    }

    /// Has the password been given lately in this session? (ASVS 7.5.1)
    package func isConfirmed(_ secret: String) async throws -> Bool {
        let now = now()
        return try await db.read { try $0.webSession(secret: secret, at: now).map { now - $0.confirmedAt <= Self.confirmedSeconds } ?? false }
    }

    /// - Returns: false for a wrong password.
    package func confirm(_ secret: String, _ person: Person, password: String) async throws -> Bool {
        guard try await isPassword(password, of: person) else { return false }
        let now = now()
        try await db.write { try $0.confirmWebSession(secret: secret, at: now) }
        return true
    }

    private func isPassword(_ password: String, of person: Person) async throws -> Bool {
        let now = now()
        let key = Throttle.key(account: person.email)
        let (until, stored) = try await db.read { (try $0.throttledUntil(key), try $0.person(id: person.id)?.passwordHash) }
        if let until, until > now { throw Refusal(.state, "Too many wrong tries. Wait \(until - now) seconds, then try again.") }
        guard try await passwords.check(password, stored: stored) else {
            try await db.write { try $0.countFailure(key, at: now, pause: Throttle.pause) }
            return false
        }
        if until != nil { try await db.write { try $0.forgetFailures(key) } }
        return true
    }

    package func changePassword(_ person: Person, current: String, new: String, session secret: String) async throws {
        guard try await isPassword(current, of: person) else { throw Refusal.input("current", "This is not your present password.") }
        if let fault = PasswordRule.fault(new, about: [person.name, person.email, currentAgreement().terms.provider.name]) { throw Refusal.input("password", fault) }
        let hash = try await passwords.hash(new)
        let now = now()
        try await db.write { session in
            guard var stored = try session.person(id: person.id) else { throw Refusal.deadLink }
            stored.passwordHash = hash
            try session.updatePerson(stored)
            try session.deleteWebSessions(of: person.id, but: secret)
            try session.deleteTokens(of: person.id)
            try session.deleteLinks(of: person.id)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: "password changed", object: "person:\(person.id)", detail: "")
            try self.tell(session, stored, .passwordChanged, at: now)
        }
        directory.forget()
        signedIn.forget(person: person.id)
    }

    /// Asks for a link for a new password. Nobody learns whether there is such an account.
    package func requestReset(_ email: String) async throws {
        let email = email.trimmingCharacters(in: .whitespaces).lowercased()
        guard Self.isAddress(email) else { return }
        let now = now()
        try await db.write { session in
            guard let person = try session.person(email: email), !person.disabled, try session.countMail(to: "reset " + email, at: now) <= 3 else { return }
            if person.passwordHash == nil {
                try self.invite(session, person, by: .command, at: now)
            } else {
                try self.tell(session, person, .reset(try self.makeLink(session, .reset, for: person.id, at: now)), at: now)
            }
        }
    }

    /// A link goes to the new address; until it is opened the old one holds.
    package func requestNewAddress(_ person: Person, _ address: String, password: String) async throws {
        let address = address.trimmingCharacters(in: .whitespaces).lowercased()
        guard Self.isAddress(address) else { throw Refusal.input("email", "This is not an e-mail address.") }
        guard try await isPassword(password, of: person) else { throw Refusal.input("current", "This is not your present password.") }
        let now = now()
        try await db.write { session in
            // Whether somebody else has it is told to nobody; the link then leads nowhere.
            guard try session.person(email: address) == nil, let stored = try session.person(id: person.id), try session.countMail(to: "address " + address, at: now) <= 3 else { return }
            try self.tell(session, stored, .newAddress(try self.makeLink(session, .email, for: person.id, payload: address, at: now)), to: address, at: now)
        }
    }

    /// Opens the link that went to the new address.
    package func takeNewAddress(_ secret: String) async throws -> String {
        guard secret.utf8.count == 64 else { throw Refusal.deadLink }
        let now = now()
        let person = try await db.write { session in
            guard let link = try session.link(secret: secret, at: now), link.kind == .email, try session.useLink(link.id), var person = try session.person(id: link.person), !person.disabled,
                try session.person(email: link.payload) == nil
            else { throw Refusal.deadLink }
            try self.tell(session, person, .addressChanged(to: link.payload), at: now)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: "address changed", object: "person:\(person.id)", detail: "\(person.email) → \(link.payload)")
            person.email = link.payload
            try session.updatePerson(person)
            try session.deleteLinks(of: person.id)
            try session.deleteWebSessions(of: person.id)
            return person
        }
        directory.forget()
        signedIn.forget(person: person.id)
        return person.email
    }

    package func changeProfile(_ person: Person, name: String, phone: String, zone: String?, language: String? = nil) async throws {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines), phone = phone.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [String: Phrase] = [:]
        if name.isEmpty || name.utf8.count > 200 || name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 200 characters." }
        if phone.utf8.count > 60 { faults["phone"] = "At most 60 characters." }
        if let zone, self.zone(zone) == nil { faults["zone"] = "Choose a zone of the list." }
        if let language, Languages.name(language) == nil { faults["language"] = "Choose a language of the list." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        try await db.write { session in
            guard var stored = try session.person(id: person.id) else { return }
            stored.name = name
            stored.language = language
            stored.phone = phone.isEmpty ? nil : phone
            stored.zone = zone
            try session.updatePerson(stored)
        }
        directory.forget()
        signedIn.forget(person: person.id)
    }

    // MARK: Sessions

    package func sessions(of person: Person, this secret: String) async throws -> [SessionRecord] {
        let now = now()
        let own = Secret.hash(secret)
        return try await db.read { try $0.webSessions(of: person.id, at: now) }.map {
            SessionRecord(hash: $0.hash, since: $0.createdAt, until: $0.expiresAt, address: $0.address, agent: $0.agent, isThisOne: $0.hash == own)
        }
    }

    /// - Parameter hash: nil: all but this one.
    package func endSession(_ hash: String?, of person: Person, this secret: String) async throws {
        try await db.write { session in
            if let hash { try session.deleteWebSession(hash: hash, of: person.id) } else { try session.deleteWebSessions(of: person.id, but: secret) }
        }
        signedIn.forget(person: person.id)
    }
}
