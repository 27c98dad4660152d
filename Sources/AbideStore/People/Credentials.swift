package import AbideCore
import Crypto

/// A signed-in browser.
package struct WebSession: Sendable, Hashable {
    package var person: StoredPerson
    /// What every form of this session carries.
    package var csrf: String
    package var expiresAt: Instant
    /// Empty: signed in. `code`: the second factor is awaited; `enrol`: one must be set up first. Nothing else opens to those.
    package var stage: String
    /// When the password was last given.
    package var confirmedAt: Instant
}

/// A session as its owner sees it in the list.
package struct ListedSession: Sendable, Hashable {
    /// SHA-256 of the secret: names it, opens nothing.
    package var hash: String
    package var createdAt: Instant
    package var expiresAt: Instant
    package var address: String
    package var agent: String
}

/// A token of the API, without its secret.
package struct AccessToken: Sendable, Hashable {
    /// SHA-256 of the secret.
    package var hash: String
    package var person: Int64
    package var label: String
    package var createdAt: Instant
    package var expiresAt: Instant
}

extension Session {
    package func insertWebSession(
        secret: String, person: Int64, csrf: String, createdAt: Instant, expiresAt: Instant, stage: String = "", address: String = "", agent: String = ""
    ) throws {
        try run(
            "INSERT INTO session (hash, person, csrf, created_at, expires_at, stage, confirmed_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $4, $7, $8)",
            [.text(Secret.hash(secret)), .integer(person), .text(csrf), Value(createdAt), Value(expiresAt), .text(stage), .text(address), .text(agent)])
    }

    /// Who the secret of a cookie belongs to; nil when it is unknown or expired, or the person was disabled.
    package func webSession(secret: String, at now: Instant) throws -> WebSession? {
        try run(
            """
            SELECT session.csrf, session.expires_at, session.stage, session.confirmed_at, \(StoredPerson.qualifiedColumns) FROM session JOIN person ON person.id = session.person
            WHERE session.hash = $1 AND session.expires_at > $2 AND person.disabled = 0
            """, [.text(Secret.hash(secret)), Value(now)]
        ).first.map { WebSession(person: StoredPerson(row: $0, first: 4), csrf: $0.text(0), expiresAt: $0.instant(1), stage: $0.text(2), confirmedAt: $0.instant(3)) }
    }

    package func confirmWebSession(secret: String, at now: Instant) throws {
        try run("UPDATE session SET confirmed_at = $2 WHERE hash = $1", [.text(Secret.hash(secret)), Value(now)])
    }

    /// The sessions of a person that still hold, newest first.
    package func webSessions(of person: Int64, at now: Instant) throws -> [ListedSession] {
        try run(
            "SELECT hash, created_at, expires_at, address, agent FROM session WHERE person = $1 AND expires_at > $2 AND stage = '' ORDER BY created_at DESC, hash",
            [.integer(person), Value(now)]
        ).map { ListedSession(hash: $0.text(0), createdAt: $0.instant(1), expiresAt: $0.instant(2), address: $0.text(3), agent: $0.text(4)) }
    }

    package func deleteWebSession(hash: String, of person: Int64) throws {
        try run("DELETE FROM session WHERE hash = $1 AND person = $2", [.text(hash), .integer(person)])
    }

    /// Signs a person out everywhere but here.
    package func deleteWebSessions(of person: Int64, but secret: String) throws {
        try run("DELETE FROM session WHERE person = $1 AND hash <> $2", [.integer(person), .text(Secret.hash(secret))])
    }

    package func deleteTokens(of person: Int64) throws { try run("DELETE FROM token WHERE person = $1", [.integer(person)]) }

    package func deleteWebSession(secret: String) throws {
        try run("DELETE FROM session WHERE hash = $1", [.text(Secret.hash(secret))])
    }

    /// Signs a person out everywhere.
    package func deleteWebSessions(of person: Int64) throws {
        try run("DELETE FROM session WHERE person = $1", [.integer(person)])
    }

    package func insertToken(secret: String, person: Int64, label: String, createdAt: Instant, expiresAt: Instant) throws {
        try run(
            "INSERT INTO token (hash, person, label, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            [.text(Secret.hash(secret)), .integer(person), .text(label), Value(createdAt), Value(expiresAt)])
    }

    /// Whose token it is; nil when it is unknown or expired, or the person was disabled.
    package func person(token secret: String, at now: Instant) throws -> StoredPerson? {
        try run(
            """
            SELECT \(StoredPerson.qualifiedColumns) FROM token JOIN person ON person.id = token.person
            WHERE token.hash = $1 AND token.expires_at > $2 AND person.disabled = 0
            """, [.text(Secret.hash(secret)), Value(now)]
        ).first.map(StoredPerson.init(row:))
    }

    package func tokens(of person: Int64) throws -> [AccessToken] {
        try run("SELECT hash, person, label, created_at, expires_at FROM token WHERE person = $1 ORDER BY created_at", [.integer(person)]).map {
            AccessToken(hash: $0.text(0), person: $0.int64(1), label: $0.text(2), createdAt: $0.instant(3), expiresAt: $0.instant(4))
        }
    }

    package func deleteToken(hash: String) throws { try run("DELETE FROM token WHERE hash = $1", [.text(hash)]) }

    /// Removes sessions and tokens that can't be used any more.
    package func deleteExpiredCredentials(at now: Instant) throws {
        try run("DELETE FROM session WHERE expires_at <= $1", [Value(now)])
        try run("DELETE FROM token WHERE expires_at <= $1", [Value(now)])
    }
}

/// What is kept of the secret of a cookie or token: its SHA-256 in hexadecimal. The secrets are random, so that no salt is needed.
package enum Secret {
    package static func hash(_ secret: String) -> String { Hex.text(SHA256.hash(data: Array(secret.utf8))) }
}
