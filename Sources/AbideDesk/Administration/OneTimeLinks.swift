package import AbideCore
import AbideStore
import Foundation

/// Links of mails that stand for a person once: to accept an invitation, to set a new password, to confirm a new address.
extension Desk {
    static let invitationSeconds: Int64 = 24 * 3600
    static let resetSeconds: Int64 = 30 * 60

    /// How the desk is reached from outside: as the serving process says; a command in another process reads what that one noted.
    func door(_ session: any Session) throws -> (base: String, sendsMail: Bool) {
        guard isCommand, let base = try session.meta("baseURL") else { return (settings.baseURL, settings.sendsMail) }
        return (base, try session.meta("sendsMail") == "1")
    }

    /// Notes how this process is reached, for commands that write links.
    package func noteDoor() async throws {
        let settings = settings
        try await db.write { session in
            if try session.meta("baseURL") != settings.baseURL { try session.setMeta("baseURL", settings.baseURL) }
            try session.setMeta("sendsMail", settings.sendsMail ? "1" : "0")
        }
    }

    /// What stands in the outbox in the place of a link: whoever reads the outbox must not be able to use it.
    static func placeholder(_ link: Int64) -> String { "[one-time link \(link), shown to its recipient alone]" }

    func makeLink(_ session: any Session, _ kind: OneTimeLink.Kind, for person: Int64, payload: String = "", at now: Instant) throws -> OneTimeLink {
        let nonce = Secrets.token()
        let seconds = kind == .reset ? Self.resetSeconds : Self.invitationSeconds
        var link = OneTimeLink(
            hash: Secret.hash(keys.linkSecret(nonce: nonce)), nonce: nonce, kind: kind, person: person, payload: payload, createdAt: now, expiresAt: now + seconds)
        link.id = try session.putLink(link)
        return link
    }

    func url(_ link: OneTimeLink, base: String) -> String {
        let path = switch link.kind {
        case .invitation: "invitation"
        case .reset: "password-reset"
        case .email: "new-address"
        }
        return "\(base)/\(path)/\(keys.linkSecret(nonce: link.nonce))"
    }

    /// The mail as it leaves: with its link, which is made only now.
    func withLinks(_ mail: OutgoingMail, _ item: OutboxItem) async throws -> OutgoingMail {
        guard item.ticket == nil, let start = mail.text.range(of: "[one-time link "), let id = Int64(mail.text[start.upperBound...].prefix { $0.isNumber }) else { return mail }
        let found = try await db.read { session in try session.link(id: id).map { ($0, try self.door(session).base) } }
        let address = found.map { url($0.0, base: $0.1) } ?? settings.baseURL + "/sign-in"
        var mail = mail
        mail.text = mail.text.replacing(Self.placeholder(id), with: address)
        mail.html = mail.html?.replacing(Self.placeholder(id), with: address)
        return mail
    }

    /// Seconds for which no link of a mail opens to this address, after too many that do not hold (S7); nil: it may try.
    package func linksWait(for address: String) async throws -> Int64? {
        let now = now(), key = Throttle.key(links: address)
        return try await db.glance { try $0.throttledUntil(key) }.flatMap { $0 > now ? $0 - now : nil }
    }

    package func countDeadLink(from address: String) async throws {
        let now = now(), key = Throttle.key(links: address)
        try await db.write { try $0.countFailure(key, at: now, pause: Throttle.linkPause) }
    }

    /// Whose link it is, while it holds. Says nothing of one that doesn't.
    package func openLink(_ secret: String, _ kind: String) async throws -> (name: String, email: String, payload: String)? {
        guard secret.utf8.count == 64, let kind = OneTimeLink.Kind(rawValue: kind) else { return nil }
        let now = now()
        return try await db.read { session in
            guard let link = try session.link(secret: secret, at: now), link.kind == kind, let person = try session.person(id: link.person), !person.disabled else { return nil }
            return (person.name, person.email, link.payload)
        }
    }

    /// Accepts an invitation or a reset: sets the password, and ends whatever was open under the old one.
    /// - Returns: the person's address.
    package func useLink(_ secret: String, _ kind: String, password: String) async throws -> String {
        guard secret.utf8.count == 64, let kind = OneTimeLink.Kind(rawValue: kind), kind != .email else { throw Refusal.deadLink }
        let now = now()
        guard let owner = try await db.read({ session -> StoredPerson? in
            guard let link = try session.link(secret: secret, at: now), link.kind == kind else { return nil }
            return try session.person(id: link.person)
        }) else { throw Refusal.deadLink }
        try PasswordRule.check(password, about: [owner.name, owner.email, currentAgreement().terms.provider.name])
        let hash = try await passwords.hash(password)
        let person = try await db.write { session in
            guard let link = try session.link(secret: secret, at: now), link.kind == kind, try session.useLink(link.id), var person = try session.person(id: link.person), !person.disabled else {
                throw Refusal.deadLink
            }
            person.passwordHash = hash
            try session.updatePerson(person)
            try session.deleteLinks(of: person.id)
            try session.deleteWebSessions(of: person.id)
            try session.deleteTokens(of: person.id)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: kind == .invitation ? "invitation accepted" : "password reset", object: "person:\(person.id)", detail: "")
            if kind == .reset { try self.tell(session, person, .passwordChanged, at: now) }
            return person
        }
        directory.forget()
        signedIn.forget(person: person.id)
        try await db.write { try $0.forgetFailures(Throttle.key(account: person.email)) }
        return person.email
    }
}

extension Refusal {
    package static let deadLink = Refusal(.unknown, "This link does not hold any more: it was used, replaced by a newer one, or its time is over. Ask for a new one.")
}
