package import AbideCore
import AbideStore
import Crypto
import Foundation
import Logging

extension Desk {
    /// Is this one of the desk's mailboxes, plain or with a token?
    package func knowsMailbox(_ address: String) -> Bool {
        let (local, domain) = Keys.split(address.lowercased())
        return agreements.allInForce(at: now()).contains { agreement in
            let provider = agreement.terms.provider
            let own = Keys.split(provider.mailbox.lowercased())
            return domain == own.domain && (local == own.local || local.hasPrefix(own.local + "+t.")) || provider.otherMailboxes.contains { $0.lowercased() == address.lowercased() }
        }
    }

    /// Keeps the raw message; when this returns it is durable, and "250" is true (A1, R10). The same message again is not kept twice (R11).
    /// - Parameter again: it is to be run again, although it was here before: by hand, after a fault in its reading was mended (R16).
    @discardableResult
    package func receive(_ raw: [UInt8], from: String, recipients: [String], peer: String? = nil, again: Bool = false) async throws -> Int64 {
        guard hasRoom else { throw NoRoom() }
        let now = now()
        let key = Self.duplicateKey(raw, from: from, recipients: recipients) + (again ? " again \(UUID().uuidString)" : "")
        // R4: the word of the configured server counts, where it handed the mail in itself.
        let trusted = peer.map { settings.mailTrust.relays.contains($0) } ?? false
        return try await db.write { session in
            try session.insertMail(raw: raw, envelopeFrom: from, envelopeTo: recipients.joined(separator: " "), key: key, receivedAt: now, trusted: trusted).id
        }
    }

    /// R11: reverse path, recipients and the message without its trace fields, which differ when a relay tries again.
    static func duplicateKey(_ raw: [UInt8], from: String, recipients: [String]) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(from.lowercased())\0\(recipients.map { $0.lowercased() }.sorted().joined(separator: " "))\0".utf8))
        var index = 0
        var skipping = false
        while index < raw.count {
            var end = index
            while end < raw.count, raw[end] != 10 { end += 1 }
            let line = raw[index..<min(end + 1, raw.count)]
            if line.allSatisfy({ $0 == 13 || $0 == 10 }) { break }
            if line.first != 32, line.first != 9 {
                let name = String(decoding: line.prefix(13), as: UTF8.self).lowercased()
                skipping = name.hasPrefix("received:") || name.hasPrefix("return-path:") || name.hasPrefix("delivered-to:") || name.hasPrefix("x-received:")
            }
            if !skipping { hash.update(data: line) }
            index = end + 1
        }
        if index < raw.count { hash.update(data: raw[index...]) }
        return hash.finalize().hex
    }

    /// So many are worked out while those before them are written.
    private static let workedOutAtOnce = 16

    /// A mail as it was read, with what its words say under the agreement that most senders have.
    private struct ReadMail: Sendable {
        var raw: RawMail
        var mail: IncomingMail
        /// The digest of the agreement whose field names were looked for.
        var digest: String
        var fields: [String: String]
        var rest: String
        /// Its registration, where it looks like a new ticket of a known contact.
        var foreseen: Foreseen?
    }

    /// Registers what waits in the inbox, in order of arrival. While some are written the next are read and worked out.
    /// - Parameter read: bytes to a mail; never fails.
    /// - Returns: how many were done; 0 when nothing waits.
    @discardableResult
    package func registerMail(limit: Int = 64, read: @escaping @Sendable ([UInt8]) -> IncomingMail) async throws -> Int {
        let waiting = try await db.read { try $0.waitingMail(limit: limit) }
        guard !waiting.isEmpty else { return 0 }
        var writing: Task<Void, any Error>?
        var next: Int64 = 0
        for start in stride(from: 0, to: waiting.count, by: Self.workedOutAtOnce) {
            let some = waiting[start..<min(start + Self.workedOutAtOnce, waiting.count)]
            let first = next
            var mails = try await workOut(some.map { ($0, read($0.raw)) }, &next)
            try await writing?.value
            // Where somebody was quicker to take a number none of these fits, and each is worked out as it is written.
            let number = try await db.glance { try $0.nextTicketNumberForeseen() }
            if first != 0, first != number {
                for index in mails.indices { mails[index].foreseen = nil }
                next += number - first
            }
            writing = Task { [mails] in try await self.register(mails) }
        }
        try await writing?.value
        return waiting.count
    }

    /// - Parameter next: the number that the first new ticket will have; 0: not known yet.
    private func workOut(_ mails: [(RawMail, IncomingMail)], _ next: inout Int64) async throws -> [ReadMail] {
        let terms = currentAgreement().terms
        let names = Self.fieldNames(terms)
        let mailbox = terms.provider.mailbox
        let (owners, directory, number) = try await db.glance { session in
            let owners = try mails.map { try self.sender(of: $0.1, $0.0, session) }
            return (owners, try self.directory.content(session, now: self.now()), try session.nextTicketNumberForeseen())
        }
        if next == 0 { next = number }
        return try zip(mails, owners).map { pair, owner in
            let (raw, mail) = pair
            let (fields, rest) = AbideCore.readFields(text: mail.text, names: names)
            var result = ReadMail(raw: raw, mail: mail, digest: terms.digest, fields: fields, rest: rest)
            let isNew = mail.kind == .message && mail.hops <= 50 && keys.binding(addresses: raw.envelopeTo.split(separator: " ").map(String.init) + mail.to.map(\.address), messageIDs: [mail.inReplyTo].compactMap { $0 } + mail.references, mailbox: mailbox) == nil
            if isNew, let owner {
                let new = newTicket(result, sender: mail.from.first, known: person(owner, directory))
                result.foreseen = try foresee(new, number: next, directory, at: raw.receivedAt, extras: Self.extras(mail, raw), acknowledges: Self.acknowledges(mail, raw))
            }
            if isNew { next += 1 }
            return result
        }
    }

    private func register(_ mails: [ReadMail]) async throws {
        let outcomes = await db.write(each: mails.map { mail in { @Sendable session in try self.register(mail, session) } })
        var fault: (any Error)?
        for (mail, outcome) in zip(mails, outcomes) {
            switch outcome {
            case .success(let committed): if let committed { told(committed) }
            // Not the mail's fault: it waits until the store is well again, however long that takes.
            case .failure(let error) where StoreError.isOfEngine(error): fault = error
            case .failure(let error):
                let tries = try await db.write { try $0.countMailTry(mail.raw.id, error: "\(error)") }
                logger.error("a mail could not be registered", metadata: ["mail": "\(mail.raw.id)", "tries": "\(tries)", "error": "\(error)"])
            }
        }
        if let fault { throw fault }
    }

    /// The account of whoever sent a mail; nil where nobody is known by the address, or where it isn't believed (R2): where a server vouches for
    /// senders, an address that it doesn't vouch for is nobody's.
    private func sender(of mail: IncomingMail, _ raw: RawMail, _ session: any Session) throws -> StoredPerson? {
        guard mail.from.count == 1, let address = mail.from.first?.address, isBelieved(mail, raw) else { return nil }
        return try session.person(anyEmail: address).flatMap { $0.disabled ? nil : $0 }
    }

    private func isBelieved(_ mail: IncomingMail, _ raw: RawMail) -> Bool { settings.mailTrust.authority == nil || settings.mailTrust.verdict(mail, trusted: raw.trusted) == .pass }

    private static func extras(_ mail: IncomingMail, _ raw: RawMail) -> MessageExtras {
        MessageExtras(html: mail.html, mailIn: raw.id, attachments: mail.attachments.map { NewAttachment(name: $0.name, type: $0.type, content: $0.content, inline: $0.inline, contentID: $0.contentID) })
    }

    private static func acknowledges(_ mail: IncomingMail, _ raw: RawMail) -> Bool { !mail.forbidsAutomaticAnswer && mail.kind == .message && !raw.envelopeFrom.isEmpty }

    private func register(_ read: ReadMail, _ session: any Session) throws -> Committed? {
        let (raw, mail) = (read.raw, read.mail)
        let now = raw.receivedAt
        // Marked first: whoever marks it registers it, and two can't.
        func mark(_ state: RawMail.State, ticket: Int64?, error: String? = nil) throws -> Bool { try session.markMail(raw.id, state, ticket: ticket, error: error) }
        let mailbox = currentAgreement().terms.provider.mailbox
        let recipients = raw.envelopeTo.split(separator: " ").map(String.init)
        let binding = keys.binding(addresses: recipients + mail.to.map(\.address), messageIDs: [mail.inReplyTo].compactMap { $0 } + mail.references, mailbox: mailbox)
        try session.describeMail(raw.id, sender: mail.from.first.map { $0.name.isEmpty ? $0.address : "\($0.name) <\($0.address)>" } ?? raw.envelopeFrom, subject: mail.subject)
        if mail.kind == .bounce {
            _ = try mark(.ignored, ticket: binding?.ticket)
            try bounced(mail, binding, recipients, session)
            return nil
        }
        if mail.hops > 50 {
            _ = try mark(.setAside, ticket: nil, error: "more than 50 servers passed it on: a loop")
            return nil
        }
        let sender = mail.from.count == 1 ? mail.from.first : nil
        let isBelieved = isBelieved(mail, raw)
        let owner = try sender.flatMap { try session.person(anyEmail: $0.address) }.flatMap { $0.disabled ? nil : $0 }
        if let reason = try setAsideReason(mail, raw, sender: sender, isKnown: owner != nil && isBelieved, isBound: binding != nil, mailbox: mailbox, session) {
            _ = try mark(.junk, ticket: nil, error: reason)
            return nil
        }
        let stored = isBelieved ? owner : nil
        let directory = try self.directory.content(session, now: self.now(), person: stored)
        let known = stored.map { person($0, directory) }
        let extras = Self.extras(mail, raw)
        if let binding, let record = try session.ticket(id: binding.ticket) {
            guard try mark(.registered, ticket: record.id) else { return nil }
            return try reply(mail, sender: sender, known: known, isBelieved: isBelieved, participant: binding.participant, record, session, directory, at: now, extras: extras)
        }
        let hint = try possibleTicket(mail, session)
        // S12: what answers us past our signed address may be a program that answers everything.
        let isHeard = try hint == nil || session.countMail(to: "answers of \(sender?.address ?? raw.envelopeFrom)", at: now) <= Self.answersOfThread
        let committed = try register(
            session, newTicket(read, sender: sender, known: known), directory, at: now, extras: extras, acknowledges: Self.acknowledges(mail, raw) && isHeard, foreseen: isHeard ? read.foreseen : nil)
        guard try mark(.registered, ticket: committed.ticket.id) else { throw AlreadyRegistered() }
        guard let hint, hint != committed.ticket.ref else { return committed }
        return try commit(session, committed.ticket, at: now) { ticket, agreement in
            var drafts = ticket.answered("This may belong to \(hint): the mail names it, but carries no token of ours.", visibility: .internal, channel: .email, automatic: true, actor: .desk, at: now, agreement)
            drafts[0].texts[TextKey.hint] = hint
            return drafts
        }
    }

    /// R12: a bounce never opens a ticket; it marks the one message that it speaks of, found by our own signed id, or else by the signed
    /// address that it came to.
    private func bounced(_ mail: IncomingMail, _ binding: (ticket: Int64, participant: Int64)?, _ recipients: [String], _ session: any Session) throws {
        guard let bounce = mail.bounce, bounce.action != "delivered", bounce.action != "relayed", bounce.action != "expanded" else { return }
        let words = "\(bounce.permanent ? "bounced" : "delayed"): \(bounce.status ?? "no status")\(bounce.recipient.map { ", \($0)" } ?? "")"
        let mailbox = currentAgreement().terms.provider.mailbox
        if let original = bounce.originalMessageID?.trimmingCharacters(in: CharacterSet(charactersIn: "<> ")), keys.binding(addresses: [], messageIDs: [original], mailbox: mailbox) != nil {
            _ = try session.markBounced(messageID: original, permanent: bounce.permanent, error: words)
        } else if let recipient = bounce.recipient, let binding = keys.binding(addresses: recipients, messageIDs: [], mailbox: mailbox), let sent = try session.lastSent(ticket: binding.ticket, recipient: recipient) {
            _ = try session.markBounced(messageID: sent.messageID, permanent: bounce.permanent, error: words)
        }
    }

    /// Why a mail makes no ticket until a person says otherwise; nil: it does. Nothing of it is lost.
    private func setAsideReason(
        _ mail: IncomingMail, _ raw: RawMail, sender: MailAddress?, isKnown: Bool, isBound: Bool, mailbox: String, _ session: any Session
    ) throws -> String? {
        if raw.cleared { return nil }
        let own = Keys.split(mailbox.lowercased())
        if let sender {
            let (local, domain) = Keys.split(sender.address.lowercased())
            // R15: our own mail that comes back is a loop.
            if domain == own.domain, local == own.local || local.hasPrefix(own.local + "+t.") { return "it claims to come from the desk itself" }
            switch try session.mailRule(for: sender.address) {
            case .block: return "the sender is on the block list"
            case .allow: return nil
            case nil: break
            }
            // S10: other services' mail for verifying addresses must not be read by whoever got it sent here.
            if !isKnown, !isBound, ["noreply", "no-reply", "donotreply", "do-not-reply", "no_reply", "verify", "verification"].contains(local) { return "from an address that takes no answer" }
        }
        return !isBound && settings.mailTrust.isJunk(mail, trusted: raw.trusted) ? "the mail server calls it junk" : nil
    }

    /// R1: a ticket that a mail names without our token: a hint for the agents, and nothing else.
    /// A quick look for `ABD-`, before the pattern is asked.
    private static func namesTicket(_ text: String) -> Bool {
        var last: (UInt8, UInt8, UInt8) = (0, 0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "-"), last.0 | 32 == UInt8(ascii: "a"), last.1 | 32 == UInt8(ascii: "b"), last.2 | 32 == UInt8(ascii: "d") { return true }
            last = (last.1, last.2, byte)
        }
        return false
    }

    private func possibleTicket(_ mail: IncomingMail, _ session: any Session) throws -> String? {
        if Self.namesTicket(mail.subject), let named = mail.subject.firstMatch(of: /\b(ABD-\d{1,12})\b/.ignoresCase()), let ticket = try session.ticket(ref: String(named.1)) { return ticket.ref }
        for id in ([mail.inReplyTo].compactMap { $0 } + mail.references).prefix(20) {
            if id.hasPrefix("t."), let named = id.firstMatch(of: /^t\.(\d{1,12})\.\d+\./), let number = Int64(named.1), let ticket = try session.ticket(id: number) { return ticket.ref }
        }
        return nil
    }

    private func newTicket(_ read: ReadMail, sender: MailAddress?, known: Person?) -> NewTicket {
        let (raw, mail) = (read.raw, read.mail)
        let text = mail.text
        let terms = agreement(for: known).terms
        let (fields, rest) = terms.digest == read.digest ? (read.fields, read.rest) : readFields(text, terms)
        var all = fields
        let description = rest
        if !description.isEmpty { all["description"] = String(description.prefix(TextLimit.field / 4)) }
        if all["phone"] == nil, known?.phone.isEmpty ?? true, terms.intake.contains(where: { $0.name == "phone" }), let phone = readPhone(text: text) { all["phone"] = phone }
        let urgency = urgency(all["urgency"], terms)
        let from = sender ?? MailAddress(address: raw.envelopeFrom)
        if all["name"] == nil, known == nil, !from.name.isEmpty { all["name"] = from.name }
        // A person of the provider is no client's contact: such a mail waits for somebody to say whose it is.
        let contact = known.flatMap { $0.role.isStaff ? nil : $0 }
        let subject = mail.subject.trimmingCharacters(in: .whitespacesAndNewlines)
        return NewTicket(
            subject: subject.isEmpty ? "(no subject)" : subject, urgency: urgency, fields: all, machine: all.keys.sorted(), channel: .email, contact: contact,
            contactAddress: contact == nil ? from : nil, by: contact?.actor ?? Actor(kind: .contact, id: nil, name: from.name.isEmpty ? from.address : from.name),
            body: text.isEmpty ? "(no text)" : String(text.prefix(TextLimit.body)), mailbox: mailbox(of: raw, terms))
    }

    /// The provider's mailbox to which a mail was sent, for the routing rules.
    private func mailbox(of raw: RawMail, _ terms: AgreementTerms) -> String {
        let recipients = Set(raw.envelopeTo.split(separator: " ").map { $0.lowercased() })
        return terms.provider.otherMailboxes.first { recipients.contains($0.lowercased()) } ?? terms.provider.mailbox
    }

    /// Lines `Name: value`, by the names, labels and other words of the agreement's intake list.
    func readFields(_ text: String, _ terms: AgreementTerms) -> (fields: [String: String], rest: String) {
        AbideCore.readFields(text: text, names: Self.fieldNames(terms))
    }

    private static func fieldNames(_ terms: AgreementTerms) -> [String: String] {
        var names: [String: String] = [:]
        for field in terms.intake where field.name != "description" {
            for word in [field.name, field.label] + field.aliases { names[word.lowercased()] = field.name }
        }
        return names
    }

    /// `1`, `2 urgent` or `Critical`.
    private func urgency(_ text: String?, _ terms: AgreementTerms) -> Int? {
        guard let text = text?.trimmingCharacters(in: .whitespaces).lowercased(), !text.isEmpty else { return nil }
        let severities = terms.severities
        if let digit = text.first?.wholeNumberValue, severities.contains(where: { $0.number == digit }) { return digit }
        return severities.first { text.contains($0.name.lowercased()) }?.number
    }

    /// D3 by mail: lines `Complaint: …` and `Impact: …`.
    enum MailedComplaint: Equatable {
        case whole(reason: String, impact: String)
        /// Without the line that says what it does to the business: the sender is asked for it.
        case lacksImpact
    }

    static func complaint(_ text: String) -> MailedComplaint? {
        let names = [
            "complaint": "reason", "formal complaint": "reason", "formal escalation": "reason", "impact": "impact", "business impact": "impact", "impact on the business": "impact",
            "beschwerde": "reason", "auswirkung": "impact", "folgen": "impact", "queja": "reason", "impacto": "impact",
        ]
        let found = AbideCore.readFields(text: text, names: names).fields
        func kept(_ name: String) -> String? { found[name].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : String($0.prefix(TextLimit.reason / 4)) } }
        switch (kept("reason"), kept("impact")) {
        case (let reason?, let impact?): return .whole(reason: reason, impact: impact)
        case (_?, nil): return .lacksImpact
        case (nil, _): return nil
        }
    }

    /// An answer that our own token binds to a ticket. Binding is not identity (R2): only the participant's own address speaks for the
    /// participant, all else is kept for the agents' eyes.
    private func reply(
        _ mail: IncomingMail, sender: MailAddress?, known: Person?, isBelieved: Bool, participant: Int64, _ record: TicketRecord, _ session: any Session, _ directory: Directory.Content,
        at now: Instant, extras: MessageExtras
    ) throws -> Committed {
        // The one whose ticket it is speaks for themselves, whichever account their answer was addressed to (two that were merged).
        let addressed = try cache.ticket(record, committed: false)
        // What was merged goes on in another ticket, and so do the answers to it.
        let ticket = try follow(addressed, session)
        let speaks = sender.map { sender in
            participant == 0 ? sender.address.lowercased() == addressed.contactEmail.lowercased() : directory.people[participant]?.email == sender.address.lowercased() || known?.id == participant || (known != nil && known?.id == ticket.contact)
        } ?? false
        // The same table as at every door: who may not answer on this ticket any more is kept for the agents' eyes.
        let may = known.map { (try? ticket.permit($0, .answer)) != nil } ?? true
        let automatic = mail.kind == .autoReply
        let whole = mail.reply.isEmpty ? mail.text : mail.reply
        let at = max(now, ticket.updatedAt)
        guard speaks, may, isBelieved, !(known?.role.isStaff ?? false) else {
            let why = speaks && !isBelieved ? "and no mail server that we believe vouches for the address" : "not from the person whom it answers for"
            let name = sender.map { $0.name.isEmpty ? $0.address : "\($0.name) <\($0.address)>" } ?? "an unknown sender"
            let actor = Actor(kind: .system, id: nil, name: name)
            return try commit(session, ticket, at: at, extras: extras) { ticket, agreement in
                ticket.answered("Held: this came by e-mail from \(name), \(why).\n\n" + String(whole.prefix(TextLimit.body / 4)), visibility: .internal, channel: .email, automatic: automatic, actor: actor, at: at, agreement)
            }
        }
        let actor = known?.actor ?? Actor(kind: .contact, id: nil, name: addressed.contactName)
        let mayComplain = known.map { (try? ticket.permit($0, .complain)) != nil } ?? false
        return try commit(session, ticket, at: at, extras: extras) { ticket, agreement in
            guard !automatic else { return ticket.answered(String(whole.prefix(TextLimit.body / 4)), visibility: .public, channel: .email, automatic: true, actor: actor, at: at, agreement) }
            var (fields, rest) = self.readFields(whole, agreement.terms)
            let words = rest.trimmingCharacters(in: .whitespacesAndNewlines)
            if !words.isEmpty, ticket.missing(agreement).contains("description") { fields["description"] = String(words.prefix(TextLimit.field / 4)) }
            fields = fields.filter { (name, _) in ticket.phase == .registered || name != "description" }
            var drafts: [Draft] = []
            if ticket.phase == .registered, !fields.isEmpty {
                drafts = ticket.supplied(fields, machine: fields.keys.sorted(), actor: actor, at: at, agreement)
            }
            let body = whole.trimmingCharacters(in: .whitespacesAndNewlines)
            var answer = ticket.answered(body.isEmpty ? "(no text)" : String(body.prefix(TextLimit.body / 4)), visibility: .public, channel: .email, automatic: false, actor: actor, at: at, agreement) + drafts
            switch mayComplain ? Self.complaint(whole) : nil {
            case .whole(let reason, let impact)?: answer += ticket.complained(reason: reason, impact: impact, actor: actor, at: at)
            case .lacksImpact?: answer[0].texts[TextKey.lacks] = TextKey.impact
            case nil: break
            }
            return answer
        }
    }
}

/// Another node registered the same mail at the same moment; the transaction is rolled back and nothing is doubled.
struct AlreadyRegistered: Error {}
