package import AbideCore
import AbideStore
import Crypto
import Foundation
import Logging

/// Mailboxes that are looked into: where each look begins, what is kept of it, and who hears when it fails.
extension Desk {
    /// Where the desk has come to in a mailbox; nil before the first look.
    package func mailPosition(_ address: String) async throws -> (validity: Int64, uid: Int64)? {
        try await db.read { try $0.mailSource(address) }.flatMap { source in source.validity.flatMap { validity in source.uid.map { (validity, $0) } } }
    }

    /// How the mailboxes of the start do, and those that were looked into before.
    package func mailSources() async throws -> [(address: String, readAt: Instant?, failingSince: Instant?, error: String?)] {
        try await db.read { try $0.mailSources().map { ($0.address, $0.readAt, $0.failingSince, $0.error) } }
    }

    /// Those alone that are looked into now: what was paused or taken away is nobody's trouble.
    package func watchedMailSources() async throws -> [(address: String, readAt: Instant?, failingSince: Instant?, error: String?)] {
        let known = try await mailSources()
        guard let atStart = settings.mailboxes else { return known }
        let watched = Set(atStart + (try await lookedInto()))
        return known.filter { watched.contains($0.address) }
    }

    /// Keeps a message of a mailbox together with the position behind it: when this returns both are durable.
    /// - Parameters:
    ///   - reversePath: who it came from, as its first server noted it.
    ///   - receivedAt: when the mailbox's server had it (R17); never later than now.
    package func receive(_ raw: [UInt8], from reversePath: String, source: String, validity: Int64, uid: Int64, receivedAt: Instant?) async throws {
        guard hasRoom else { throw NoRoom() }
        let now = now()
        let mailbox = currentAgreement().terms.provider.mailbox
        let key = Self.duplicateKey(raw, from: reversePath, recipients: [mailbox])
        let trusted = settings.mailTrust.authority != nil
        try await db.write { session in
            try session.insertMail(raw: raw, envelopeFrom: reversePath, envelopeTo: mailbox, key: key, receivedAt: min(now, receivedAt ?? now), trusted: trusted)
            var state = try session.mailSource(source) ?? MailSource(address: source)
            state.validity = validity
            state.uid = uid
            try session.putMailSource(state)
        }
    }

    /// A look went well: the mailbox is read up to this position.
    package func noteMailSource(_ address: String, validity: Int64, uid: Int64) async throws {
        let now = now()
        try await db.write { session in
            var state = try session.mailSource(address) ?? MailSource(address: address)
            state.validity = validity
            state.uid = max(uid, state.validity == validity ? state.uid ?? 0 : 0)
            state.readAt = now
            state.failingSince = nil
            state.error = nil
            state.toldAt = nil
            try session.putMailSource(state)
        }
    }

    /// How long a mailbox may fail before the administrators are told: longer than a server's restart takes.
    private static let patienceSeconds: Int64 = 120

    /// A look failed. It is never silent: the page and the metrics show it at once, and the administrators get a mail within minutes.
    package func noteMailSource(_ address: String, failed error: String) async throws {
        let now = now()
        logger.warning("a mailbox can't be read", metadata: ["mailbox": "\(address)", "error": "\(error)"])
        try await db.write { session in
            var state = try session.mailSource(address) ?? MailSource(address: address)
            let since = state.failingSince ?? now
            state.failingSince = since
            state.error = String(error.prefix(500))
            if state.toldAt == nil, now - since >= Self.patienceSeconds {
                state.toldAt = now
                for administrator in try session.people(role: .administrator) { try self.tell(administrator, of: state, since: since, session, at: now) }
            }
            try session.putMailSource(state)
        }
    }

    private func tell(_ person: StoredPerson, of source: MailSource, since: Instant, _ session: any Session, at now: Instant) throws {
        let provider = currentAgreement().terms.provider
        let hash = SHA256.hash(data: Data("\(source.address)\0\(since.seconds)\0\(person.id)".utf8)).prefix(16).hex
        let text = """
            The desk can't read the mailbox \(source.address) since \(when(zone: person.zone.flatMap { zone($0) }, currentAgreement())(since)).

            The reason that it heard last: \(source.error ?? "none")

            Mail that waits there is not lost, and is registered as soon as the mailbox can be read again; until then it makes no tickets.
            What the desk sees now: \(settings.baseURL)/mail

            --\u{20}
            \(provider.name)
            """
        let mail = OutgoingMail(
            from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: person.email, name: person.name), replyTo: nil, subject: "The mailbox \(source.address) can't be read",
            messageID: "alert.\(hash)@\(Keys.split(provider.mailbox).domain)", inReplyTo: nil, references: [], date: now, text: text, html: nil, autoSubmitted: "auto-generated", headers: ["X-Abide-Milestone": "mailboxFailing"])
        try session.insertOutbox(OutboxItem(
            ticket: nil, number: nil, milestone: "mailboxFailing", recipient: person.email, messageID: mail.messageID, mail: String(decoding: try JSONEncoder().encode(mail), as: UTF8.self),
            state: settings.sendsMail ? .queued : .held, nextAt: now, createdAt: now))
    }
}
