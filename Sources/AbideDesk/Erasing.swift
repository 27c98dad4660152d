import AbideCore
import AbideStore
import Crypto
import Foundation
import Synchronization

/// What was erased.
package struct ErasureResult: Sendable, Hashable {
    package var person: Int64
    package var tickets: Int
    package var mails: Int
    /// For the list outside of the store by which it is done again after a restore: no name, no address.
    package var tombstone: String
}

extension Desk {
    /// Erases a person (GDPR 17): name, addresses, words, raw mails, files, means of signing in, here and in what leaves; times, severities and
    /// levels stay for the agreement, and the chain still verifies. Its caches forget on all nodes.
    package func erase(personWithAddress email: String) async throws -> ErasureResult {
        let email = email.lowercased()
        let now = now()
        let result = try await db.write { session in
            guard let person = try session.person(email: email) else { throw Refusal(.unknown, "There is no account with the address \(email).") }
            return try self.erase(person, session, at: now)
        }
        forgetAll()
        return result
    }

    /// Erases again whom the lines name, after a backup of the time before was restored.
    /// - Returns: how many were there again.
    package func replayErasures(_ tombstones: [String]) async throws -> Int {
        let wanted = Set(tombstones)
        let now = now()
        let count = try await db.write { session in
            let people = try session.people().filter { wanted.contains(Self.tombstone($0)) }
            for person in people { _ = try self.erase(person, session, at: now) }
            return people.count
        }
        forgetAll()
        return count
    }

    private static func tombstone(_ person: StoredPerson) -> String { "\(person.id) \(SHA256.hash(data: Data("abide.erased.1\n\(person.id)\n\(person.email)".utf8)).hex)" }

    private func erase(_ person: StoredPerson, _ session: any Session, at now: Instant) throws -> ErasureResult {
        let tombstone = Self.tombstone(person)
        let tickets = try session.erase(person, at: now)
        for id in tickets { try foldAnew(id, session) }
        // Mails quote words and name people.
        let mails = try session.outbox(to: person.email, tickets: tickets)
        for id in mails { try forgetWords(id, session, person: person) }
        let decoder = JSONDecoder(), encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        // The list of the demo's accounts names people too.
        if let text = try session.meta("demoAccounts"), let accounts = try? decoder.decode([DemoAccount].self, from: Data(text.utf8)) {
            try session.setMeta("demoAccounts", String(decoding: try encoder.encode(accounts.filter { $0.email.lowercased() != person.email }), as: UTF8.self))
        }
        try session.indexForSearch(limit: .max)
        try session.announce("erased")
        return ErasureResult(person: person.id, tickets: tickets.count, mails: mails.count, tombstone: tombstone)
    }

    /// Folds a ticket from its events, some of which have lost their words, and keeps that.
    func foldAnew(_ id: Int64, _ session: any Session) throws {
        guard let record = try session.ticket(id: id) else { return }
        let decoder = JSONDecoder()
        let log = try session.events(of: id).map { try self.decoded($0, decoder).event }
        let agreement = try agreement(digest: try cache.ticket(record, committed: false).agreement)
        guard let ticket = Ticket(id: id, ref: record.ref, events: log, agreement: agreement) else { throw DeskFault.brokenRow("ticket \(record.ref)") }
        try session.updateTicket(try Self.record(of: ticket, agreement, headHash: record.headHash))
    }

    /// Takes its words from a mail of the outbox.
    /// - Parameter person: where it went, or would go, to this person, the address too.
    func forgetWords(_ id: Int64, _ session: any Session, person: StoredPerson? = nil) throws {
        guard let item = try session.outboxItem(id: id) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        var mail = try Self.mail(item)
        let isTo = person.map { item.recipient.lowercased() == $0.email } ?? false
        mail.subject = item.ticket.map { "[ABD-\($0)]" } ?? ""
        mail.text = "The words of this message were erased."
        mail.html = nil
        // An entry for a calendar names the subject.
        mail.calendar = nil
        if isTo, let person { mail.to = MailAddress(address: "erased-\(person.id)@erased.invalid", name: "") }
        try session.replaceOutbox(id, mail: String(decoding: try encoder.encode(mail), as: UTF8.self), recipient: isTo ? mail.to.address : nil)
    }

    /// Looks whether another process, as a command beside the desk, has erased somebody.
    package func noticeErasures() async throws {
        let count = try await db.read { try $0.erasures() }
        let before = erasuresSeen.withLock { seen in
            defer { seen = count }
            return seen
        }
        if let before, before != count { forgetAll() }
    }

    /// What is kept in memory is kept by version, and an erasure changes the past.
    func forgetAll() {
        directory.forget()
        cache.forget()
        logCache.forget()
        rowCache.forget()
        countCache.moved()
    }

    /// All that the desk holds of a person (GDPR 15, 20), as files by name: own words, mails and files; of others' words nothing.
    package func export(personWithAddress email: String) async throws -> [String: [UInt8]] {
        let email = email.lowercased()
        return try await db.read { session in
            guard let person = try session.person(email: email) else { throw Refusal(.unknown, "There is no account with the address \(email).") }
            let client = try person.client.flatMap { try session.client(id: $0)?.name }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            var files: [String: [UInt8]] = [:]
            func add(_ name: String, _ value: some Encodable) throws { files[name] = [UInt8](try encoder.encode(value)) }
            try add("person.json", ExportedPerson(person, client: client))
            for id in try session.tickets(with: person.id) {
                guard let record = try session.ticket(id: id) else { continue }
                let own = try session.messages(of: id, includingInternal: true).filter { $0.author == person.id }
                let events = try session.events(of: id).filter { $0.actor == person.id }
                try add("\(record.ref)/ticket.json", ExportedTicket(record, own, events))
                for file in try session.attachments(of: id) where own.contains(where: { $0.id == file.message }) {
                    // A name that somebody gave is no path.
                    let safe = String(file.name.map { $0.isLetter || $0.isNumber || ".-_ ".contains($0) ? $0 : "_" }.prefix(100))
                    files["\(record.ref)/files/\(file.id)-\(safe.hasPrefix(".") ? "_" + safe : safe)"] = try session.attachmentContent(id: file.id) ?? []
                }
                for message in own { if let mail = try message.mailIn.flatMap({ try session.mail(id: $0) }) { files["\(record.ref)/mails/\(mail.id).eml"] = mail.raw } }
            }
            return files
        }
    }
}

private struct ExportedPerson: Encodable {
    var id: Int64, email: String, name: String, role: String, client: String?, phone: String?, zone: String?, department: String?, createdAt: String

    init(_ person: StoredPerson, client: String?) {
        (id, email, name, role) = (person.id, person.email, person.name, person.role.rawValue)
        self.client = client
        (phone, zone, department, createdAt) = (person.phone, person.zone, person.department, person.createdAt.rfc3339)
    }
}

private struct ExportedTicket: Encodable {
    struct Message: Encodable { var at: String, channel: String, visibility: String, body: String }
    struct Event: Encodable { var at: String, type: String, texts: [String: String] }

    var ref: String, subject: String, registeredAt: String, status: String
    var messages: [Message]
    var events: [Event]

    init(_ record: TicketRecord, _ own: [StoredMessage], _ log: [StoredEvent]) {
        (ref, subject, registeredAt, status) = (record.ref, record.subject, record.registeredAt.rfc3339, record.status)
        messages = own.map { Message(at: $0.at.rfc3339, channel: $0.channel, visibility: $0.visibility, body: $0.body) }
        // Whom an event is about is another person.
        events = log.map { Event(at: $0.occurredAt.rfc3339, type: $0.type, texts: $0.texts.filter { $0.key != TextKey.person }) }
    }
}
