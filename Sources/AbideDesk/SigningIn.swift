package import AbideCore
import AbideStore
import Foundation

/// Slows down who guesses: per account, on all nodes together, never locking the owner out for good (ASVS 6.3.1).
enum Throttle {
    static func key(account: String) -> String { "account:\(Secret.hash(String(account.prefix(200))).prefix(32))" }
    static func key(links address: String) -> String { "links:\(Secret.hash(address).prefix(32))" }

    /// Ten tries are free, then 2, 4, 8 … 60 seconds.
    static func pause(after failures: Int) -> Int64 { failures < 10 ? 0 : min(60, 1 << Int64(min(failures - 9, 6))) }

    /// A link is hit by nobody who guesses: thirty are free, so that an office that opens old mails is not kept out; then one minute more each time, up to ten.
    static func linkPause(after failures: Int) -> Int64 { failures < 30 ? 0 : min(600, 60 * Int64(failures - 29)) }
}

extension Desk {
    static let sessionSeconds: Int64 = 12 * 3600

    /// - Returns: nil for a wrong name or password, without saying which.
    package func signIn(_ name: String, password: String, address: String, agent: String = "") async throws -> OpenedSession? {
        let name = name.trimmingCharacters(in: .whitespaces).lowercased()
        let now = now()
        let key = Throttle.key(account: name)
        let (until, found) = try await db.read { (try $0.throttledUntil(key), try $0.person(email: name)) }
        if let until, until > now { throw Refusal(.state, "Too many wrong tries. Wait \(until - now) seconds, then try again.") }
        let stored = found.flatMap { $0.disabled ? nil : $0 }
        guard try await passwords.check(password, stored: stored?.passwordHash), let stored else {
            try await db.write { try $0.countFailure(key, at: now, pause: Throttle.pause) }
            return nil
        }
        let secret = Secrets.token()
        let csrf = Secrets.token()
        let stage = try await db.write { session in
            if until != nil { try session.forgetFailures(key) }
            let hasFactor = try session.secondFactor(of: stored.id)?.confirmedAt != nil
            let stage = hasFactor ? "code" : try Self.requiredRoles(session).contains(stored.role) ? "enrol" : ""
            // What waits for its second step waits ten minutes.
            try session.insertWebSession(
                secret: secret, person: stored.id, csrf: csrf, createdAt: now, expiresAt: now + (stage.isEmpty ? Self.sessionSeconds : 600), stage: stage, address: address,
                agent: String(agent.prefix(300)))
            return stage
        }
        return OpenedSession(secret: secret, csrf: csrf, person: person(stored, try await people()), isComplete: stage.isEmpty)
    }

    package func session(_ secret: String) async throws -> (person: Person, csrf: String)? {
        let now = now()
        let hash = Secret.hash(secret)
        if let known = signedIn.find(hash, now: now) { return known }
        return try await db.glance { session in
            guard let found = try session.webSession(secret: secret, at: now), found.stage.isEmpty else { return nil }
            let person = self.person(found.person, try self.directory.content(session, now: now, person: found.person))
            self.signedIn.keep(hash, person, found.csrf, now: now)
            return (person, found.csrf)
        }
    }

    package func signOut(_ secret: String) async throws {
        signedIn.forget(Secret.hash(secret))
        try await db.write { try $0.deleteWebSession(secret: secret) }
        signedIn.forget(Secret.hash(secret))
    }

    /// The person whose rights an API token carries.
    package func bearer(_ token: String) async throws -> Person? {
        let now = now()
        return try await db.glance { session in
            guard let stored = try session.person(token: token, at: now) else { return nil }
            return self.person(stored, try self.directory.content(session, now: now, person: stored))
        }
    }

    /// A token with the person's rights, good for a year; only its hash is kept.
    package func createToken(email: String, label: String) async throws -> String {
        let now = now()
        let token = "abd_" + Secrets.token()
        try await db.write { session in
            guard let person = try session.person(email: email.lowercased()) else { throw Refusal(.unknown, "There is no account with the address \(email).") }
            try session.insertToken(secret: token, person: person.id, label: label, createdAt: now, expiresAt: now + 365 * 86_400)
        }
        return token
    }

    // MARK: Idempotency

    package func remembered(key: String, by person: Person) async throws -> RememberedAnswer? {
        try await db.glance { session in
            guard let found = try session.keptAnswer(key: key, person: person.id) else { return nil }
            guard let answer = try? JSONDecoder().decode(RememberedAnswer.self, from: Data(found.body.utf8)) else { throw DeskFault.brokenRow("idempotency key") }
            return answer
        }
    }

    package func remember(key: String, by person: Person, _ answer: RememberedAnswer) async throws {
        let now = now()
        let body = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
        _ = try await db.write { try $0.keepAnswer(KeptAnswer(status: answer.status, body: body), key: key, person: person.id, at: now) }
    }
}

/// What was answered to a request with an `Idempotency-Key`.
package struct RememberedAnswer: Sendable, Codable {
    package var status: Int
    /// A digest of the request that it answered.
    package var request: String
    package var body: String
    package var location: String?
    package init(status: Int, request: String, body: String, location: String?) {
        self.status = status
        self.request = request
        self.body = body
        self.location = location
    }
}
