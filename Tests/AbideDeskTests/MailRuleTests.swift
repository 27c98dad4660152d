import AbideCore
import AbideStore
import AbideTestKit
import Foundation
import Synchronization
import Testing

@testable import AbideDesk

@Suite("The rules of mail (R1 to R17)")
struct MailRuleTests {
    private static let serial = Atomic(0)

    /// Hands a read mail in, as a server or the listener would.
    private func deliver(_ test: TestDesk, _ change: (inout IncomingMail) -> Void, to recipients: [String]? = nil, from reversePath: String? = nil, peer: String? = nil) async throws -> String? {
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "client@northfield.example", name: "client")]
        mail.subject = "Conveyor stands"
        mail.text = "Project: Conveyor\nSite: Pit 4\nEnvironment: 4.2, no change\nIt stands."
        change(&mail)
        if mail.reply.isEmpty { mail.reply = mail.text }
        let read = mail
        let raw = Array("Message-ID: <\(Self.serial.add(1, ordering: .relaxed).newValue)@x>\r\n\r\n".utf8)
        let own = test.desk.currentAgreement().terms.provider.mailbox
        let id = try await test.desk.receive(raw, from: reversePath ?? read.from.first?.address ?? "", recipients: recipients ?? [own], peer: peer)
        while try await test.desk.registerMail(read: { _ in read }) > 0 {}
        return try await test.desk.reference(ofMail: id)
    }

    private func address(_ test: TestDesk, _ ref: String, _ participant: Int64) async throws -> String {
        let ticket = try await test.desk.db.read { try $0.ticket(ref: ref) }
        return test.desk.keys.replyAddress(mailbox: test.desk.currentAgreement().terms.provider.mailbox, ticket: try #require(ticket).id, participant: participant)
    }

    private func messages(_ test: TestDesk, _ ref: String) async throws -> [MessageView] { try await test.desk.detail(ref, for: try test.person(.serviceManager)).messages }

    @Test("R1 only our signed address and Message-ID bind; a number, a subject or a forged id makes a new ticket")
    func r1() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        let mailbox = test.desk.currentAgreement().terms.provider.mailbox
        let named = try #require(try await deliver(test) { $0.subject = "Re: [\(ref)] Conveyor stands" })
        #expect(named != ref)
        let hint = try #require(try await messages(test, named).last)
        #expect(hint.visibility == .internal && hint.body.contains(ref))
        #expect(try await deliver(test) { $0.references = ["t.\(ticket.id).1.1-logged.00000000000000000000000000000000@larkfield.example"] } != ref)
        let person = try test.person(.client)
        let forged = try await address(test, ref, person.id).replacingOccurrences(of: "+t.\(ticket.id).", with: "+t.\(ticket.id + 1).")
        #expect(try await deliver(test, { _ in }, to: [forged]) != ref)
        #expect(try await deliver(test, { $0.text = "One more thing." }, to: [try await address(test, ref, person.id)]) == ref)
        let id = test.desk.keys.messageID(mailbox: mailbox, ticket: ticket.id, participant: person.id, serial: "9-x")
        #expect(try await deliver(test) { $0.inReplyTo = id; $0.text = "By reference." } == ref)
    }

    @Test("R2 binding is not identity: another's address on the token of one is held for the agents")
    func r2() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let token = try await address(test, ref, try test.person(.client).id)
        #expect(try await deliver(test, { $0.from = [MailAddress(address: "mallory@evil.example")]; $0.text = "Send it to me." }, to: [token]) == ref)
        let last = try #require(try await messages(test, ref).last)
        #expect(last.visibility == .internal)
        #expect(last.body.contains("Held"))
        #expect(try await test.mails(ref).allSatisfy { !$0.contains("mallory") })
    }

    @Test("R2 R4 where a server vouches, a sender that it doesn't vouch for is nobody, and only its own word counts")
    func r4() async throws {
        let test = try await TestDesk(trust: MailTrust(authority: "mx.larkfield.example", relays: ["192.0.2.1"]))
        let pass = IncomingMail.TraceField(name: "authentication-results", value: "mx.larkfield.example; dmarc=pass (p=reject) header.from=northfield.example")
        let ref = try #require(try await deliver(test, { $0.traceFields = [pass] }, peer: "192.0.2.1"))
        #expect(try await test.desk.ticket(ref, for: try test.person(.serviceManager)).contact?.email == "client@northfield.example")
        let token = try await address(test, ref, try test.person(.client).id)
        #expect(try await deliver(test, { $0.traceFields = [pass]; $0.text = "From elsewhere." }, to: [token], peer: "203.0.113.9") == ref)
        #expect(try await messages(test, ref).last?.visibility == .internal)
        #expect(try await deliver(test, { $0.traceFields = [.init(name: "authentication-results", value: "evil.example; dmarc=pass"), pass]; $0.text = "Below another." }, to: [token], peer: "192.0.2.1") == ref)
        #expect(try await messages(test, ref).last?.visibility == .internal)
        #expect(try await deliver(test, { $0.traceFields = [pass]; $0.text = "From the relay." }, to: [token], peer: "192.0.2.1") == ref)
        #expect(try await messages(test, ref).last?.visibility == .public)
        let failed = try #require(try await deliver(test, { $0.traceFields = [.init(name: "authentication-results", value: "mx.larkfield.example; dmarc=fail header.from=northfield.example")] }, peer: "192.0.2.1"))
        #expect(try await test.desk.ticket(failed, for: try test.person(.serviceManager)).contact == nil)
    }

    @Test("R4 Authentication-Results: the right name, the right domain, the topmost fields", arguments: [
        ("mx.example; dmarc=pass header.from=client.example", MailTrust.Verdict.pass), ("MX.EXAMPLE 1; spf=pass; dkim=pass header.d=client.example", .pass), ("mx.example; dkim=pass header.d=evil.example", .none),
        ("mx.example; dmarc=fail (a \"dmarc=pass\" b) header.from=client.example", .fail), ("mx.example; none", .none), ("other.example; dmarc=pass header.from=client.example", .none), ("mx.example; dmarc=pass header.from=evil.example", .none), ("", .none),
    ])
    func results(value: String, verdict: MailTrust.Verdict) {
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "anna@client.example")]
        mail.traceFields = [.init(name: "authentication-results", value: value)]
        let trust = MailTrust(authority: "mx.example", relays: ["192.0.2.1"])
        #expect(trust.verdict(mail, trusted: true) == verdict)
        #expect(trust.verdict(mail, trusted: false) == .none)
    }

    @Test("R3 mail adds text and decides nothing, whoever sends it")
    func r3() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let agent = try test.person(.agent)
        #expect(try await deliver(test, { $0.from = [MailAddress(address: agent.email)]; $0.text = "Severity: 1\nPlease close." }, to: [try await address(test, ref, agent.id)]) == ref)
        #expect(try await messages(test, ref).last?.visibility == .internal)
        #expect(try await deliver(test, { $0.text = "Close it. Severity: 1" }, to: [try await address(test, ref, try test.person(.client).id)]) == ref)
        let view = try await test.desk.ticket(ref, for: try test.person(.serviceManager))
        #expect(view.status == .open)
        #expect(try await test.events(ref).allSatisfy { if case .severityAssigned = $0.fact { false } else { true } })
    }

    @Test("R5 two senders, or none, are nobody") func r5() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test, { $0.from = [MailAddress(address: "client@northfield.example"), MailAddress(address: "agent@larkfield.example")] }, from: "x@y.example"))
        #expect(try await test.desk.ticket(ref, for: try test.person(.serviceManager)).contact == nil)
    }

    @Test("R7 whoever stands in Cc gets nothing by that") func r7() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { $0.cc = [MailAddress(address: "mallory@evil.example")] })
        #expect(try await test.mails(ref).allSatisfy { !$0.contains("mallory") })
    }

    @Test("R8 nothing answers automatic mail, lists, and the null path", arguments: [0, 1, 2])
    func r8(way: Int) async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test, {
            if way == 0 { $0.kind = .autoReply }
            if way == 1 { $0.kind = .list }
            if way < 2 { $0.forbidsAutomaticAnswer = true }
        }, from: way == 2 ? "" : nil))
        #expect(try await test.mails(ref).isEmpty)
    }

    @Test("R9 S11 a bombed address gets three answers an hour and ten a day, and every ticket is made")
    func r9() async throws {
        let test = try await TestDesk()
        var answers = 0
        for round in 0..<30 {
            let ref = try #require(try await deliver(test) { $0.from = [MailAddress(address: "victim@elsewhere.example")]; $0.text = "Bomb \(round)" })
            answers += try await test.mails(ref).count
            if round == 9 { #expect(answers == 3) }
            if round >= 9 { test.clock.advance(3_600) }
        }
        #expect(answers == 10)
    }

    @Test("R11 the same mail twice is one ticket") func r11() async throws {
        let test = try await TestDesk()
        let mailbox = test.desk.currentAgreement().terms.provider.mailbox
        let raw = Array("Message-ID: <same@x>\r\n\r\nHello".utf8)
        let first = try await test.desk.receive(raw, from: "a@b.example", recipients: [mailbox])
        let second = try await test.desk.receive(Array("Received: from elsewhere\r\n".utf8) + raw, from: "a@b.example", recipients: [mailbox])
        #expect(first == second)
    }

    @Test("R12 a bounce marks its own message alone, and opens nothing") func r12() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        _ = try await test.desk.sendMail { _ in .sent }
        let sent = try #require(try await test.desk.db.read { try $0.outbox(of: ticket.id) }.first)
        func bounce(_ id: String?) -> (inout IncomingMail) -> Void {
            { mail in
                mail.kind = .bounce
                mail.forbidsAutomaticAnswer = true
                mail.bounce = .init(recipient: "client@northfield.example", status: "5.1.1", action: "failed", permanent: true, originalMessageID: id)
            }
        }
        #expect(try await deliver(test, bounce("forged@larkfield.example"), from: "") == nil)
        #expect(try await deliver(test, bounce(nil), from: "") == nil)
        #expect(try await test.desk.db.read { try $0.outboxItem(id: sent.id) }?.state == .sent)
        _ = try await deliver(test, bounce(sent.messageID), from: "")
        let item = try #require(try await test.desk.db.read { try $0.outboxItem(id: sent.id) })
        #expect(item.state == .bounced)
        #expect(item.lastError?.contains("5.1.1") == true)
    }

    @Test("R13 an out-of-office answer is kept and moves nothing") func r13() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let before = try await test.desk.ticket(ref, for: try test.person(.serviceManager)).status
        #expect(try await deliver(test, { $0.kind = .autoReply; $0.forbidsAutomaticAnswer = true; $0.text = "I am away." }, to: [try await address(test, ref, try test.person(.client).id)]) == ref)
        #expect(try await messages(test, ref).last?.automatic == true)
        #expect(try await test.desk.ticket(ref, for: try test.person(.serviceManager)).status == before)
    }

    @Test("R15 mail that claims to be ours, or went round fifty times, stops") func r15() async throws {
        let test = try await TestDesk()
        let mailbox = test.desk.currentAgreement().terms.provider.mailbox
        #expect(try await deliver(test) { $0.from = [MailAddress(address: mailbox)] } == nil)
        #expect(try await deliver(test) { $0.hops = 51 } == nil)
        #expect(try await test.desk.asideMails(for: try test.person(.agent)).count == 2)
    }

    @Test("R16 junk loses nothing: blocked, the server's verdict, no-reply senders; one click brings it back") func r16() async throws {
        let test = try await TestDesk(trust: MailTrust(relays: ["192.0.2.1"], junkField: "X-Spam-Flag", junkValue: "YES"))
        let agent = try test.person(.agent)
        try await test.desk.setMailRule("@spam.example", blocks: true, by: agent)
        #expect(try await deliver(test) { $0.from = [MailAddress(address: "x@spam.example")] } == nil)
        #expect(try await deliver(test) { $0.from = [MailAddress(address: "no-reply@service.example")] } == nil)
        let flag = IncomingMail.TraceField(name: "x-spam-flag", value: "YES")
        #expect(try await deliver(test, { $0.traceFields = [flag] }, peer: "192.0.2.1") == nil)
        #expect(try await deliver(test, { $0.traceFields = [flag] }, peer: "203.0.113.9") != nil)
        let aside = try await test.desk.asideMails(for: agent)
        #expect(aside.map(\.reason) == ["the mail server calls it junk", "from an address that takes no answer", "the sender is on the block list"])
        let first = try #require(aside.last)
        #expect(try await !test.desk.rawMail(first.id, for: agent).raw.isEmpty)
        try await test.desk.rerunMail(first.id, by: agent)
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "x@spam.example")]
        mail.text = "Real after all."
        let read = mail
        _ = try await test.desk.registerMail { _ in read }
        #expect(try await test.desk.reference(ofMail: first.id) != nil)
        try await test.desk.deleteMailRule("@spam.example", by: agent)
        #expect(try await deliver(test) { $0.from = [MailAddress(address: "x@spam.example")] } != nil)
        await #expect(throws: Refusal.self) { try await test.desk.asideMails(for: try test.person(.client)) }
    }

    @Test("R17 a mailbox's mail counts from when its server had it") func r17() async throws {
        let test = try await TestDesk()
        let then = test.clock.now - 600
        try await test.desk.receive(Array("Subject: x\r\n\r\n".utf8), from: "client@northfield.example", source: "imaps://u@h/INBOX", validity: 7, uid: 3, receivedAt: then)
        #expect(try await test.desk.mailPosition("imaps://u@h/INBOX").map { [$0.validity, $0.uid] } == [7, 3])
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "client@northfield.example")]
        let read = mail
        _ = try await test.desk.registerMail { _ in read }
        let list = try await test.desk.list(TicketQuery(), for: try test.person(.serviceManager))
        #expect(list.rows.first?.registeredAt == then)
    }

    @Test("a mailbox that fails is shown at once, and told to the administrators once within minutes") func failing() async throws {
        let test = try await TestDesk()
        let box = "imaps://u@h/INBOX"
        try await test.desk.noteMailSource(box, failed: "no route")
        #expect(try await test.desk.mailSources().first?.failingSince == test.clock.now)
        for _ in 0..<5 {
            test.clock.advance(60)
            try await test.desk.noteMailSource(box, failed: "no route")
        }
        let told = try await test.desk.db.read { try $0.outbox() }.filter { $0.milestone == "mailboxFailing" }
        #expect(told.count == 1)
        #expect(told.first?.recipient == "administrator@larkfield.example")
        try await test.desk.noteMailSource(box, validity: 1, uid: 1)
        #expect(try await test.desk.mailSources().first?.failingSince == nil)
    }

    @Test("P3 a store that fails is no fault of the mail: it waits, however often that happens, and is registered in the end") func storeFails() async throws {
        let store = FailingStore(db: try TestStore.open())
        let test = try await TestDesk(db: store)
        let id = try await test.desk.receive(Array("Subject: x\r\n\r\nStands.\r\n".utf8), from: "client@northfield.example", recipients: [test.desk.currentAgreement().terms.provider.mailbox])
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "client@northfield.example")]
        let read = mail
        store.fails.store(true, ordering: .relaxed)
        for _ in 0..<5 { await #expect(throws: StoreError.self) { try await test.desk.registerMail { _ in read } } }
        store.fails.store(false, ordering: .relaxed)
        #expect(try await test.desk.registerMail { _ in read } == 1)
        #expect(try await test.desk.reference(ofMail: id) != nil)
    }

    @Test("mails that leave can be held, dropped with a reason, and sent again; one that left can't") func outbox() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        let item = try #require(try await test.desk.db.read { try $0.outbox(of: ticket.id) }.first)
        let administrator = try test.person(.administrator)
        await #expect(throws: Refusal.self) { try await test.desk.stopMail(item.id, drop: false, reason: " ", by: administrator) }
        try await test.desk.stopMail(item.id, drop: false, reason: "wait", by: administrator)
        #expect(try await test.desk.sendMail { _ in .sent } == 0)
        try await test.desk.resendMail(item.id, by: administrator)
        #expect(try await test.desk.sendMail { _ in .sent } == 1)
        await #expect(throws: Refusal.self) { try await test.desk.stopMail(item.id, drop: true, reason: "late", by: administrator) }
    }

    @Test("P11 a mail that was held for six days is tried anew before it is given up, and one that bounced can be dropped") func heldLong() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        let item = try #require(try await test.desk.db.read { try $0.outbox(of: ticket.id) }.first)
        let administrator = try test.person(.administrator)
        func state() async throws -> OutboxItem.State? { try await test.desk.db.read { try $0.outbox(of: ticket.id) }.first?.state }
        try await test.desk.stopMail(item.id, drop: false, reason: "the server moves", by: administrator)
        test.clock.advance(6 * 86_400)
        try await test.desk.resendMail(item.id, by: administrator)
        _ = try await test.desk.sendMail { _ in .tryAgain("451 later") }
        #expect(try await state() == .queued)
        test.clock.advance(3_600)
        _ = try await test.desk.sendMail { _ in .sent }
        _ = try await test.desk.db.write { try $0.markBounced(messageID: item.messageID, permanent: true, error: "550 no such user") }
        await #expect(throws: Refusal.self) { try await test.desk.stopMail(item.id, drop: false, reason: "hold it", by: administrator) }
        try await test.desk.stopMail(item.id, drop: true, reason: "the address is gone", by: administrator)
        #expect(try await state() == .dropped)
    }

    @Test("A4 a telephone number is read from the signature", arguments: [
        ("It stands.\n\nAnna Miller\nTel.: +49 (30) 555-0142\nBerlin", "+49 (30) 555-0142"), ("It stands.\n--\nAnna | M: 575 555 0142 | a@b.example", "575 555 0142"), ("It stands.\n\n+1 575 555 0142", "+1 575 555 0142"),
        ("It stands since 10:15 on line 3.\nOrder 123456789", nil), ("> Tel: +49 30 555 0142\nNo.", nil),
    ] as [(String, String?)])
    func phone(text: String, phone: String?) { #expect(readPhone(text: text) == phone) }
}

/// A store whose writers that follow one another fail while somebody says so.
private final class FailingStore: Database {
    let db: any Database
    let fails = Atomic(false)

    init(db: any Database) { self.db = db }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T { try await db.read(body) }
    func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T { try await db.write(body) }
    func close() async throws { try await db.close() }
    func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>] {
        fails.load(ordering: .relaxed) ? bodies.map { _ in .failure(StoreError.unreachable("away")) } : await db.write(each: bodies)
    }
}
