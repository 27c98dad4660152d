package import AbideCore
import AbideStore
import Foundation

/// A mail that made no ticket.
package struct AsideMail: Sendable, Hashable {
    package var id: Int64
    package var receivedAt: Instant
    package var sender: String
    package var subject: String
    /// Why; empty: it was not read yet, or made a ticket after all.
    package var reason: String
    package var isJunk: Bool
    /// It waits to be looked at by a person.
    package var isAside: Bool

    init(_ mail: RawMail) {
        id = mail.id
        receivedAt = mail.receivedAt
        sender = mail.sender ?? mail.envelopeFrom
        subject = mail.subject ?? ""
        reason = mail.error ?? ""
        isJunk = mail.state == .junk
        isAside = mail.state == .junk || mail.state == .setAside
    }
}

/// What agents and administrators see and do about mail: what was set aside, whose mail passes, what leaves.
extension Desk {
    private func require(_ person: Person) throws {
        guard Permissions.allows(person.role, .readOutbox) else { throw Refusal.role(person.role, may: "Agents and administrators look after mail.") }
    }

    /// What made no ticket: junk, and what could not be read; newest first.
    package func asideMails(for person: Person, limit: Int = 200) async throws -> [AsideMail] {
        try require(person)
        return try await db.read { session in
            (try session.mails(.junk, limit: limit) + session.mails(.setAside, limit: limit)).sorted { $0.id > $1.id }.map(AsideMail.init)
        }
    }

    /// One mail as it came (R16).
    package func rawMail(_ id: Int64, for person: Person) async throws -> (about: AsideMail, raw: [UInt8]) {
        try require(person)
        guard let mail = try await db.read({ try $0.mail(id: id) }) else { throw Refusal(.unknown, "There is no such mail.") }
        return (AsideMail(mail), mail.raw)
    }

    /// "Not junk", "read it again": the mail goes through the door once more, past the rules.
    package func rerunMail(_ id: Int64, by person: Person) async throws {
        try require(person)
        guard try await db.write({ try $0.retryMail(id, cleared: true) }) else { throw Refusal(.state, "This mail is no longer set aside.") }
    }

    package func mailRules(for person: Person) async throws -> [(pattern: String, blocks: Bool)] {
        try require(person)
        return try await db.read { try $0.mailRules().map { ($0.pattern, $0.kind == .block) } }
    }

    /// - Parameter pattern: an address, or `@domain`.
    package func setMailRule(_ pattern: String, blocks: Bool, by person: Person) async throws {
        try require(person)
        let pattern = pattern.trimmingCharacters(in: .whitespaces).lowercased()
        guard let at = pattern.firstIndex(of: "@"), pattern.index(after: at) < pattern.endIndex, pattern.utf8.count <= 320, !pattern.contains(where: { $0.isWhitespace || "<>,;\"".contains($0) }) else {
            throw Refusal.input("pattern", "An address as anna@client.example, or @client.example for all of a domain.")
        }
        let now = now()
        try await db.write { try $0.putMailRule(MailRule(pattern: pattern, kind: blocks ? .block : .allow, person: person.id, createdAt: now)) }
    }

    package func deleteMailRule(_ pattern: String, by person: Person) async throws {
        try require(person)
        try await db.write { try $0.deleteMailRule(pattern) }
    }

    // MARK: What leaves

    package func resendMail(_ id: Int64, by person: Person) async throws {
        try require(person)
        let now = now()
        guard try await db.write({ try $0.requeue(outbox: id, at: now) }) else { throw Refusal(.state, "This mail has left, or was dropped.") }
    }

    /// Keeps a mail back, or takes it out for good.
    package func stopMail(_ id: Int64, drop: Bool, reason: String, by person: Person) async throws {
        try require(person)
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.utf8.count <= 500 else { throw Refusal.input("reason", "Say in a few words why.") }
        let words = "\(drop ? "dropped" : "held") by \(person.name): \(reason)"
        guard try await db.write({ try $0.stop(outbox: id, drop ? .dropped : .held, reason: words) }) else { throw Refusal(.state, "This mail has left already.") }
    }
}
