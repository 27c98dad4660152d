import AbideCore
import AbideStore
import AbideTestKit
import Testing

@Suite("Mail, timers and kept answers")
struct MailAndTimerTests {
    let database: any Database

    init() throws { database = try TestStore.open() }

    @Test("R11 the same mail within 30 days is stored once; after that it is a new one")
    func duplicates() async throws {
        @Sendable func deliver(_ session: any Session, _ key: String, _ at: Instant) throws -> StoredMail {
            try session.insertMail(raw: [1, 2], envelopeFrom: "a@b.example", envelopeTo: "desk@d.example", key: key, receivedAt: at)
        }
        let day: Int64 = 86_400
        let stored = try await database.write { session in
            [
                try deliver(session, "k", noon), try deliver(session, "k", noon + 29 * day), try deliver(session, "other", noon),
                try deliver(session, "k", noon + 30 * day),
            ]
        }
        #expect(stored.map(\.isDuplicate) == [false, true, false, false])
        #expect(stored[1].id == stored[0].id)
        #expect(stored[3].id != stored[0].id)
    }

    @Test("Mails wait in order of arrival, are taken once, and are set aside after the second break")
    func waiting() async throws {
        try await database.write { session in
            for key in ["a", "b", "c"] {
                try session.insertMail(raw: Array(key.utf8), envelopeFrom: "", envelopeTo: "desk@d.example", key: key, receivedAt: noon)
            }
        }
        let waiting = try await database.read { try $0.waitingMail() }
        #expect(waiting.map(\.raw) == [Array("a".utf8), Array("b".utf8), Array("c".utf8)])
        #expect(try await database.read { try $0.waitingMail(maxBytes: 2) } == Array(waiting[0...1]))
        #expect(try await database.read { try $0.waitingMail(maxBytes: 0) } == [waiting[0]])
        let (a, b) = (waiting[0].id, waiting[1].id)
        let taken = try await database.write { session in
            [try session.markMail(a, .registered, ticket: 1001), try session.markMail(a, .registered, ticket: 1002)]
        }
        #expect(taken == [true, false])
        #expect(try await database.write { try $0.countMailTry(b, error: "broken") } == 1)
        #expect(try await database.read { try $0.waitingMail(limit: 1).first?.id } == b)
        #expect(try await database.write { try $0.countMailTry(b, error: "broken again") } == 2)
        #expect(try await database.read { try $0.mailCounts() } == [.received: 1, .registered: 1, .setAside: 1])
        let aside = try await database.read { try $0.mails(.setAside) }
        #expect(aside.map(\.error) == ["broken again"])
        try await database.write { try $0.retryMail(b) }
        #expect(try await database.read { try $0.waitingMail(limit: 1).first?.id } == b)
    }

    @Test("An outgoing mail is kept once, retried under the same Message-ID, and leaves the queue when sent or failed")
    func outbox() async throws {
        let item = OutboxItem(
            ticket: 1001, number: 2, milestone: "logged", recipient: "gary@n.example", messageID: "m1@desk", mail: "{}", nextAt: noon, createdAt: noon)
        let id = try #require(try await database.write { try $0.insertOutbox(item) })
        #expect(try await database.write { try $0.insertOutbox(item) } == nil)
        #expect(try await database.read { try $0.dueOutbox(at: noon - 1) } == [])
        try await database.write { try $0.markRetry(outbox: id, nextAt: noon + 60, error: "451 later") }
        #expect(try await database.read { try $0.dueOutbox(at: noon + 59) } == [])
        let again = try await database.read { try $0.dueOutbox(at: noon + 60) }
        #expect(again.map(\.messageID) == ["m1@desk"])
        #expect(again.map(\.attempts) == [1])
        try await database.write { try $0.markSent(outbox: id, at: noon + 61) }
        let sent = try await database.read { try $0.outbox(of: 1001) }
        #expect(sent.map(\.state) == [.sent])
        #expect(sent.map(\.sentAt) == [noon + 61])
        try await database.write { try $0.requeue(outbox: id, at: noon + 99) }
        #expect(try await database.read { try $0.outboxCounts() } == [.sent: 1])
    }

    @Test("A ticket's timers are replaced as a whole, fall due in order, and are taken once")
    func timers() async throws {
        func timer(_ ticket: Int64, _ rung: Int, _ due: Int64) -> TicketTimer {
            TicketTimer(ticket: ticket, kind: "rung", clock: "response", rung: rung, cycle: 0, dueAt: noon + due)
        }
        let (early, late, new, foreign) = (timer(1, 1, 10), timer(1, 2, 20), timer(1, 3, 5), timer(2, 1, 7))
        try await database.write { session in
            try session.setTimers(ticket: 1, [late, early])
            try session.setTimers(ticket: 2, [foreign])
        }
        #expect(try await database.read { try $0.dueTimers(at: noon + 10) } == [foreign, early])
        try await database.write { try $0.setTimers(ticket: 1, [new]) }
        #expect(try await database.read { try $0.dueTimers(at: noon + 100) } == [new, foreign])
        #expect(try await database.write { [try $0.deleteTimer(new), try $0.deleteTimer(new)] } == [true, false])
        #expect(try await database.read { try $0.timers(of: 1) } == [])
    }

    @Test("Idempotency: the first answer stays, for that person alone")
    func keptAnswers() async throws {
        let first = KeptAnswer(status: 201, body: "{}")
        let kept = try await database.write { session in
            [
                try session.keepAnswer(first, key: "k", person: 1, at: noon),
                try session.keepAnswer(KeptAnswer(status: 422, body: ""), key: "k", person: 1, at: noon),
            ]
        }
        #expect(kept == [true, false])
        #expect(try await database.read { try $0.keptAnswer(key: "k", person: 1) } == first)
        #expect(try await database.read { try $0.keptAnswer(key: "k", person: 2) } == nil)
    }

    @Test("Mails to an address are counted by the hour, in any case of letters")
    func budget() async throws {
        let counts = try await database.write { session in
            [
                try session.countMail(to: "A@b.example", at: noon), try session.countMail(to: "a@b.example", at: noon + 1),
                try session.countMail(to: "a@b.example", at: noon + 3600),
            ]
        }
        #expect(counts == [1, 2, 1])
    }

    @Test("A message is seen by its readers only, and its files come back byte for byte")
    func messages() async throws {
        try await database.write { session in
            func message(_ visibility: String) -> StoredMessage {
                StoredMessage(
                    ticket: 1001, number: 2, visibility: visibility, authorKind: "staff", author: 7, authorName: "Maya", at: noon, channel: "api",
                    body: visibility)
            }
            let id = try session.insertMessage(message("public"))
            try session.insertMessage(message("internal"))
            try session.insertAttachment(ticket: 1001, message: id, name: "a.txt", type: "text/plain", content: Array("abc".utf8), inline: false, at: noon)
        }
        #expect(try await database.read { try $0.messages(of: 1001, includingInternal: false).map(\.body) } == ["public"])
        #expect(try await database.read { try $0.messages(of: 1001, includingInternal: true).map(\.body) } == ["public", "internal"])
        let file = try #require(try await database.read { try $0.attachments(of: 1001).first })
        #expect(file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(file.size == 3)
        #expect(try await database.read { try $0.attachmentContent(id: file.id) } == Array("abc".utf8))
    }
}
