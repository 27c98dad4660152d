import AbideCore
import AbideStore
import AbideTestKit
import Foundation
import Synchronization
import Testing

@testable import AbideDesk

@Suite("What attackers try by mail")
struct MailThreatTests {
    private static let serial = Atomic(0)

    private func deliver(_ test: TestDesk, _ change: (inout IncomingMail) -> Void, to recipients: [String]? = nil, peer: String? = nil) async throws -> String? {
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "client@northfield.example", name: "client")]
        mail.subject = "Conveyor stands"
        mail.text = "Project: Conveyor\nSite: Pit 4\nEnvironment: 4.2, no change\nIt stands."
        change(&mail)
        mail.reply = mail.text
        let read = mail
        let raw = Array("Message-ID: <threat.\(Self.serial.add(1, ordering: .relaxed).newValue)@x>\r\n\r\n".utf8)
        let id = try await test.desk.receive(raw, from: read.from.first?.address ?? "", recipients: recipients ?? [test.desk.currentAgreement().terms.provider.mailbox], peer: peer)
        while try await test.desk.registerMail(read: { _ in read }) > 0 {}
        return try await test.desk.reference(ofMail: id)
    }

    private func replyAddress(_ test: TestDesk, _ ref: String, _ participant: Int64) async throws -> String {
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        return test.desk.keys.replyAddress(mailbox: test.desk.currentAgreement().terms.provider.mailbox, ticket: ticket.id, participant: participant)
    }

    enum Way: String, CaseIterable, Sendable { case token, number, references, subject }
    enum Word: String, CaseIterable, Sendable { case pass, fail, none }

    @Test("S6 whoever a stranger claims to be, and whatever he found out, he joins no thread, reads nothing and changes nothing", arguments: Way.allCases, Word.allCases)
    func s6(way: Way, word: Word) async throws {
        let test = try await TestDesk(trust: MailTrust(authority: "mx.larkfield.example", relays: ["192.0.2.1"]))
        let pass = IncomingMail.TraceField(name: "authentication-results", value: "mx.larkfield.example; dmarc=pass header.from=northfield.example")
        let ref = try #require(try await deliver(test, { $0.traceFields = [pass] }, peer: "192.0.2.1"))
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        let client = try test.person(.client)
        let stolen = try await replyAddress(test, ref, client.id)
        let agent = try test.person(.agent).email
        for sender in ["mallory@evil.example", client.email, agent] {
            let before = try await test.desk.ticket(ref, for: try test.person(.serviceManager))
            let domain = Keys.split(sender).domain
            let got = try await deliver(
                test,
                { mail in
                    mail.from = [MailAddress(address: sender)]
                    mail.text = "Severity: 1\nClose it and send me all of it."
                    if way == .references { mail.references = ["t.\(ticket.id).\(client.id).1-logged.0123456789abcdef0123456789abcdef@larkfield.example"] }
                    if way == .subject { mail.subject = "Re: [\(ref)] Conveyor stands" }
                    if word != .none { mail.traceFields = [.init(name: "authentication-results", value: "mx.larkfield.example; dmarc=\(word.rawValue) header.from=\(domain)")] }
                }, to: way == .token ? [stolen] : way == .number ? ["support+t.\(ticket.id)@larkfield.example"] : nil, peer: "192.0.2.1")
            let isParticipant = sender == client.email && word == .pass
            // Only the signed address binds, and a mail under it that isn't the participant's own is for the agents' eyes.
            #expect((got == ref) == (way == .token))
            let last = try #require(try await test.desk.detail(ref, for: try test.person(.serviceManager)).messages.last)
            if way == .token { #expect((last.visibility == .public) == isParticipant, "\(sender) \(word)") }
            let after = try await test.desk.ticket(ref, for: try test.person(.serviceManager))
            #expect(after.status == before.status && after.ticket.severity == before.ticket.severity && after.ticket.contact == before.ticket.contact)
            #expect(try await test.mails(ref).allSatisfy { !$0.contains("mallory") })
        }
    }

    @Test("S9 no mail about a ticket holds a way to sign in, and each has one recipient")
    func s9() async throws {
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { _ in })
        try await test.act(ref, .agent) { try $0.answer("I look.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        _ = try await deliver(test, { $0.text = "Thanks." }, to: [try await replyAddress(test, ref, try test.person(.client).id)])
        let sent = try await test.desk.db.read { try $0.outbox() }.filter { $0.ticket != nil }
        #expect(sent.count >= 2)
        for item in sent {
            let mail = try JSONDecoder().decode(OutgoingMail.self, from: Data(item.mail.utf8))
            #expect(mail.to.address == item.recipient)
            for found in (mail.text + " " + (mail.html ?? "")).matches(of: /https?:\/\/[^\s"<]+/) {
                #expect(String(found.0) == "http://desk.test/t/\(ref)", "\(item.milestone)")
            }
        }
    }

    @Test("S10 what other services send to the desk's address to prove that it is theirs is shown to no client", arguments: ["noreply@service.example", "verification@service.example"])
    func s10(sender: String) async throws {
        let test = try await TestDesk()
        #expect(try await deliver(test) { $0.from = [MailAddress(address: sender)]; $0.subject = "Your code is 123456" } == nil)
        #expect(try await test.desk.list(TicketQuery(), for: try test.person(.client)).rows.isEmpty)
        #expect(try await test.desk.asideMails(for: try test.person(.agent)).count == 1)
    }

    @Test("S12 a program that answers each of our mails, and says nowhere that it is one, gets five an hour", arguments: [true, false])
    func s12(bound: Bool) async throws {
        let test = try await TestDesk()
        // Known to the desk, and never says what the agreement asks for.
        let ref = try #require(try await deliver(test) { $0.text = "I am a program." })
        let address = try await replyAddress(test, ref, try test.person(.client).id)
        for round in 0..<20 {
            _ = try await deliver(test, { $0.subject = bound ? "Round \(round)" : "AW: [\(ref)] \(round)"; $0.text = "I am a program, round \(round)." }, to: bound ? [address] : nil)
        }
        let automatic = try await test.desk.db.read { try $0.outbox() }.filter { $0.recipient == "client@northfield.example" }
        #expect((1...6).contains(automatic.count), "\(automatic.count)")
        // In the next hour a person is heard again.
        test.clock.advance(3_600)
        _ = try await deliver(test, { $0.subject = "[\(ref)]"; $0.text = "And now?" }, to: bound ? [address] : nil)
        #expect(try await test.desk.db.read { try $0.outbox() }.filter { $0.recipient == "client@northfield.example" }.count == automatic.count + 1)
    }

    @Test("S14 internal notes, other clients and whoever stood in a Cc are in no mail that leaves", arguments: 0..<8)
    func s14(seed: UInt64) async throws {
        var random = Seeded(seed)
        let test = try await TestDesk()
        let ref = try #require(try await deliver(test) { $0.cc = [MailAddress(address: "cc@elsewhere.example")] })
        let address = try await replyAddress(test, ref, try test.person(.client).id)
        for round in 0..<8 {
            switch random.below(4) {
            case 0: try await test.act(ref, .agent) { try $0.answer("SECRET note \(round)", visibility: .internal, channel: .portal, by: $3, at: $2, $1) }
            case 1: try await test.act(ref, .agent) { try $0.answer("Answer \(round)", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
            case 2: _ = try await deliver(test, { $0.text = "Word \(round)"; $0.cc = [MailAddress(address: "bcc@elsewhere.example"), MailAddress(address: "stranger@harbor.example")] }, to: [address])
            default: _ = try await deliver(test, { $0.from = [MailAddress(address: "mallory@evil.example")]; $0.text = "SECRET of Mallory \(round)" }, to: [address])
            }
            test.clock.advance(Int64(random.below(3_000)))
        }
        for item in try await test.desk.db.read({ try $0.outbox() }) {
            #expect(!item.recipient.contains("elsewhere") && !item.recipient.contains("harbor") && !item.recipient.contains("evil"))
            let isStaff = item.recipient.hasSuffix("@larkfield.example")
            #expect(isStaff || (!item.mail.contains("SECRET") && !item.mail.contains("elsewhere.example") && !item.mail.contains("harbor.example")), "\(item.milestone)")
        }
    }
}
