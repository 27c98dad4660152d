package import AbideCore
import AbideStore
import Foundation

/// The second factor: codes by time, with recovery codes for a lost telephone; required of the roles that administration names.
extension Desk {
    /// Roles that must have one.
    package func rolesWithSecondFactor() async throws -> Set<Role> { try await db.read { try Self.requiredRoles($0) } }

    static func requiredRoles(_ session: any Session) throws -> Set<Role> {
        Set((try session.meta("secondFactorRoles") ?? "").split(separator: ",").compactMap { Role(rawValue: String($0)) })
    }

    package func requireSecondFactor(of roles: Set<Role>, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        let text = Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ",")
        try await db.write { session in
            try session.setMeta("secondFactorRoles", text)
            try session.audit(manager, at: now, "second factor required", "desk", text.isEmpty ? "of nobody" : text)
        }
    }

    /// Offers a new secret to a person without a confirmed one: as text for typing and as an address for authenticators.
    package func offerSecondFactor(_ person: Int64, email: String) async throws -> (secret: String, address: String)? {
        let provider = currentAgreement().terms.provider.name
        let fresh = Secrets.random(20)
        let secret: [UInt8]? = try await db.write { session in
            if let known = try session.secondFactor(of: person) {
                // The same secret again on a reload, or the code just scanned would be of no use.
                return known.confirmedAt == nil ? try self.keys.open(known.sealed) : nil
            }
            try session.setSecondFactor(of: person, sealed: try self.keys.seal(fresh))
            return fresh
        }
        guard let secret else { return nil }
        let text = TimeCodes.base32(secret)
        func part(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
        return (text, "otpauth://totp/\(part(provider)):\(part(email))?secret=\(text)&issuer=\(part(provider))")
    }

    /// The first code confirms it.
    /// - Returns: the recovery codes, shown this once; nil for a wrong code.
    package func confirmSecondFactor(_ person: Int64, code: String, endOthersBut secret: String? = nil) async throws -> [String]? {
        let now = now()
        let codes = (0..<10).map { _ in Self.recoveryCode() }
        let done: Bool = try await db.write { session in
            guard let factor = try session.secondFactor(of: person), factor.confirmedAt == nil, try self.takeCode(session, factor, code, at: now), let stored = try session.person(id: person) else { return false }
            try session.confirmSecondFactor(of: person, at: now, recovery: codes.map { Secret.hash("recovery \(person) " + Self.plain($0)) })
            if let secret { try session.deleteWebSessions(of: person, but: secret) }
            try session.audit(at: now, actor: person, actorName: stored.name, action: "second factor set up", object: "person:\(person)", detail: "")
            try self.tell(session, stored, .secondFactor(on: true), at: now)
            return true
        }
        signedIn.forget(person: person)
        return done ? codes : nil
    }

    package func dropSecondFactor(_ person: Person, password: String) async throws {
        if try await rolesWithSecondFactor().contains(person.role) { throw Refusal(.state, "Your role (\(person.role.words)) requires a second factor, so it stays.") }
        guard try await passwords.check(password, stored: try await db.read { try $0.person(id: person.id)?.passwordHash }) else { throw Refusal.input("current", "This is not your present password.") }
        let now = now()
        try await db.write { session in
            guard let stored = try session.person(id: person.id) else { return }
            try session.setSecondFactor(of: person.id, sealed: nil)
            try session.audit(at: now, actor: person.id, actorName: person.name, action: "second factor removed", object: "person:\(person.id)", detail: "")
            try self.tell(session, stored, .secondFactor(on: false), at: now)
        }
    }

    package func recoveryCodesLeft(_ person: Int64) async throws -> Int { try await db.read { try $0.recoveryCodes(of: person) } }

    /// A session that waits for its second factor, or for one to be set up.
    package func pendingSession(_ secret: String) async throws -> (person: Int64, name: String, email: String, csrf: String, mustEnrol: Bool)? {
        let now = now()
        return try await db.read { session in
            guard let found = try session.webSession(secret: secret, at: now), !found.stage.isEmpty else { return nil }
            return (found.person.id, found.person.name, found.person.email, found.csrf, found.stage == "enrol")
        }
    }

    /// The second step of signing in. A new session takes the place of the waiting one.
    /// - Returns: nil for a wrong code.
    package func passSecondFactor(_ secret: String, code: String, address: String, agent: String) async throws -> OpenedSession? {
        let now = now()
        guard let waiting = try await pendingSession(secret) else { throw Refusal.deadLink }
        let key = "code:\(waiting.person)"
        if let until = try await db.read({ try $0.throttledUntil(key) }), until > now { throw Refusal(.state, "Too many wrong codes. Wait \(until - now) seconds, then try again.") }
        let passed: Bool = try await db.write { session in
            guard let factor = try session.secondFactor(of: waiting.person), factor.confirmedAt != nil else { return false }
            if try self.takeCode(session, factor, code, at: now) { return true }
            guard Self.plain(code).count == 16 else { return false }
            return try session.useRecoveryCode(hash: Secret.hash("recovery \(waiting.person) " + Self.plain(code)), of: waiting.person)
        }
        guard passed else {
            try await db.write { try $0.countFailure(key, at: now, pause: Throttle.pause) }
            return nil
        }
        try await db.write { try $0.forgetFailures(key) }
        return try await upgrade(secret, address: address, agent: agent)
    }

    /// A full session in the place of a waiting one.
    package func upgrade(_ secret: String, address: String, agent: String) async throws -> OpenedSession {
        let now = now()
        let fresh = Secrets.token(), csrf = Secrets.token()
        let stored = try await db.write { session in
            guard let found = try session.webSession(secret: secret, at: now) else { throw Refusal.deadLink }
            try session.deleteWebSession(secret: secret)
            try session.insertWebSession(secret: fresh, person: found.person.id, csrf: csrf, createdAt: now, expiresAt: now + Self.sessionSeconds, address: address, agent: agent)
            return found.person
        }
        return OpenedSession(secret: fresh, csrf: csrf, person: person(stored, try await people()))
    }

    private func takeCode(_ session: any Session, _ factor: SecondFactor, _ code: String, at now: Instant) throws -> Bool {
        let digits = code.filter { !$0.isWhitespace }
        guard digits.utf8.count == 6, let step = TimeCodes.step(of: digits, try keys.open(factor.sealed), now: now.seconds) else { return false }
        return try session.useStep(step, of: factor.person)
    }

    /// `k3f9-…`: 80 bits.
    private static func recoveryCode() -> String {
        let text = TimeCodes.base32(Secrets.random(10)).lowercased()
        return stride(from: 0, to: 16, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    private static func plain(_ code: String) -> String { code.lowercased().filter { $0.isLetter || $0.isNumber } }
}
