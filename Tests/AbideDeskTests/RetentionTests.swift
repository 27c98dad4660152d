import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Testing

@Suite("What is kept no longer (GDPR 5)") struct RetentionTests {
    /// A ticket by mail, answered and closed, whose words hold a marker.
    private func closed(_ test: TestDesk, _ marker: String) async throws -> String {
        let raw = "From: client <client@northfield.example>\r\nTo: support@larkfield.example\r\nSubject: \(marker)\r\nMessage-ID: <\(marker)@x.example>\r\n\r\nSite: Pit 4\r\n\r\n\(marker) is empty.\r\n"
        try await test.desk.receive(Array(raw.utf8), from: "client@northfield.example", recipients: ["support@larkfield.example"])
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "client@northfield.example", name: "client")]
        mail.subject = marker
        mail.text = "Site: Pit 4\n\n\(marker) is empty."
        mail.attachments = [.init(name: "\(marker).txt", type: "text/plain", content: Array(marker.utf8), inline: false, contentID: nil)]
        try await test.desk.registerMail { [mail] _ in mail }
        let ref = try #require(try await found(test, marker).first)
        try await test.act(ref, .serviceManager) { try $0.close(reason: "\(marker) is done", by: $3, at: $2) }
        return ref
    }

    private func found(_ test: TestDesk, _ words: String) async throws -> [String] {
        var query = TicketQuery()
        query.text = words
        return try await test.desk.list(query, for: test.person(.serviceManager)).rows.map(\.ref)
    }

    /// Where a marker still stands, of all tables.
    private func places(_ marker: String, _ test: TestDesk) async throws -> [String] {
        let columns = [
            "ticket_text": "text", "ticket": "state || line || subject", "message": "body || COALESCE(html, '')", "attachment": "name", "outbox": "mail",
        ]
        return try await test.desk.db.read { session in
            var found = try columns.filter { try !session.run("SELECT 1 FROM \($0.key) WHERE \($0.value) LIKE $1", [.text("%\(marker)%")]).isEmpty }.map(\.key)
            if try session.run("SELECT raw, COALESCE(subject, '') FROM mail_in").contains(where: { String(decoding: $0.bytes(0), as: UTF8.self).contains(marker) || $0.text(1).contains(marker) }) { found.append("mail_in") }
            if try session.run("SELECT content FROM attachment").contains(where: { String(decoding: $0.bytes(0), as: UTF8.self).contains(marker) }) { found.append("content") }
            return found.sorted()
        }
    }

    @Test("Words go when the client's rule says so, files and mails with them; times stay and the chain holds; what is on hold, open or too young stays")
    func words() async throws {
        let test = try await TestDesk()
        let client = try await test.desk.clientID(named: "Northfield Mining")
        let old = try await closed(test, "Marigold")
        test.clock.advance(20 * 86_400)
        let open = try await test.log().ticket.ref
        let young = try await closed(test, "Foxglove")
        test.clock.advance(11 * 86_400)
        // No rule: all is kept.
        #expect(try await test.desk.applyRetention().total == 0)
        try await test.desk.setRetention(.words, client: nil, days: 3650, by: .command)
        try await test.desk.setRetention(.words, client: client, days: 30, by: .command)
        try await test.desk.setRetentionHold(client: client, reason: "a dispute", by: .command)
        #expect(try await test.desk.applyRetention().total == 0)
        try await test.desk.setRetentionHold(client: client, reason: nil, by: .command)
        let before = try await test.desk.report(client: client, from: #require(LocalDate(iso: "2026-03-01")), to: #require(LocalDate(iso: "2026-03-31")), for: test.person(.serviceManager))
        let dry = try await test.desk.applyRetention(dryRun: true)
        #expect(dry.removed == [client: [.words: 1]])
        #expect(try await places("Marigold", test) == ["attachment", "content", "mail_in", "message", "outbox", "ticket", "ticket_text"])
        #expect(try await test.desk.applyRetention() == dry)
        let left = try await places("Marigold", test)
        #expect(left == [])
        #expect(try await places("Foxglove", test).count == 7)
        // Done once, and it can be read, reported and verified as before.
        #expect(try await test.desk.applyRetention().total == 0)
        let manager = try test.person(.serviceManager)
        #expect(try await test.desk.ticket(old, for: manager).ticket.phase == .closed)
        #expect(try await test.desk.ticket(open, for: manager).ticket.subject == "Conveyor alarms arrive late")
        #expect(try await found(test, "Marigold").isEmpty)
        #expect(try await found(test, "Foxglove") == [young])
        let after = try await test.desk.report(client: client, from: #require(LocalDate(iso: "2026-03-01")), to: #require(LocalDate(iso: "2026-03-31")), for: manager)
        #expect(after.severities == before.severities && after.events == before.events)
        #expect(try await test.desk.verify().fault == nil)
        let audit = try await test.desk.db.read { try $0.auditEntries(object: "client:\(client)") }
        #expect(audit.map(\.action) == ["retention applied", "retention hold ended", "retention hold", "retention set"] && audit[0].detail == "words: 1")
    }

    @Test("Raw mails and files have terms of their own; a ticket that is opened again has new words and a new term")
    func mailAndFiles() async throws {
        let test = try await TestDesk()
        let ref = try await closed(test, "Marigold")
        try await test.desk.setRetention(.mail, client: nil, days: 10, by: .command)
        try await test.desk.setRetention(.files, client: nil, days: 20, by: .command)
        test.clock.advance(11 * 86_400)
        _ = try await test.desk.applyRetention()
        #expect(try await places("Marigold", test) == ["attachment", "content", "message", "outbox", "ticket", "ticket_text"])
        test.clock.advance(10 * 86_400)
        _ = try await test.desk.applyRetention()
        #expect(try await places("Marigold", test) == ["message", "outbox", "ticket", "ticket_text"])
        try await test.desk.setRetention(.words, client: nil, days: 30, by: .command)
        try await test.act(ref, .serviceManager) { try $0.reopen(reason: "again", by: $3, at: $2) }
        test.clock.advance(31 * 86_400)
        #expect(try await test.desk.applyRetention().total == 0)
        let agent = try test.person(.agent)
        await #expect(throws: Refusal.self) { try await test.desk.setRetention(.words, client: nil, days: 1, by: .person(agent)) }
    }

    @Test("Staff who are erased are named nowhere, not as whom a ticket was given to either; the chain holds and the ticket still reads")
    func erasedStaff() async throws {
        let test = try await TestDesk()
        try await test.desk.createPerson(email: "zebulon@larkfield.example", name: "Zebulon Quist", role: .agent, client: nil, phone: "")
        let zebulon = try #require(try await test.desk.bearer(try await test.desk.createToken(email: "zebulon@larkfield.example", label: "test")))
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.assign(to: (zebulon.id, zebulon.name), department: $0.department, by: $3, at: $2, $1) }
        let events = try await test.events(ref)
        #expect(events.contains { $0.fact.name == "Zebulon Quist" && $0.texts.isEmpty })
        #expect(try await test.desk.ticket(ref, for: test.person(.agent)).ticket.assigneeName == "Zebulon Quist")
        #expect(try await test.desk.verify().fault == nil)
        _ = try await test.desk.erase(personWithAddress: "zebulon@larkfield.example")
        #expect(try await places("Zebulon", test) == [])
        #expect(try await test.desk.db.read { try $0.run("SELECT 1 FROM ticket_event WHERE fact LIKE '%Zebulon%' OR actor_name LIKE '%Zebulon%'") }.isEmpty)
        #expect(try await test.desk.ticket(ref, for: test.person(.agent)).ticket.assignee == zebulon.id)
        #expect(try await test.desk.verify().fault == nil)
    }
}
