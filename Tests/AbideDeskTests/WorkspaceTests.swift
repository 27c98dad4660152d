import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Testing

/// Tasks, macros, splitting, the provider's own fields, and what people are told.
@Suite struct WorkspaceTests {
    private func mails(_ test: TestDesk, _ milestone: String) async throws -> [String] {
        try await test.desk.db.read { try $0.run("SELECT recipient FROM outbox WHERE milestone = $1 ORDER BY id", [.text(milestone)]).map { $0.text(0) } }
    }

    @Test("A colleague who is mentioned in a note is told once, on the pages and by mail; whoever opens the ticket has read it") func mentioned() async throws {
        let test = try await TestDesk()
        let (manager, agent) = (try test.person(.serviceManager), try test.person(.agent))
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.answer("@serviceManager look, @serviceManager, and @agent too", visibility: .internal, channel: .portal, by: $3, at: $2, $1) }
        let told = try await test.desk.notifications(of: manager)
        #expect(told.map(\.kind) == ["mentioned"] && told[0].words == "agent mentioned you in a note." && told[0].ref == ref)
        #expect(try await test.mails(ref).filter { $0.hasPrefix("mentioned") } == ["mentioned to \(manager.email)"])
        #expect(try await test.desk.notifications(of: agent).isEmpty)
        #expect(try await test.desk.unreadCount(of: manager) == 1)
        try await test.desk.haveRead(try await test.desk.ticket(ref, for: manager).ticket, by: manager)
        #expect(try await test.desk.unreadCount(of: manager) == 0)
        // A client reads no note and is told of none.
        await #expect(throws: Refusal.self) { try await test.desk.notifications(of: try test.person(.client)) }
        // What a client writes mentions nobody.
        try await test.act(ref, .client) { try $0.answer("@serviceManager help", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(try await test.desk.notifications(of: manager).count == 1)
    }

    @Test("Who wants a digest gets one mail an hour with what is still unread; what the agreement owes comes at once") func digest() async throws {
        let test = try await TestDesk(start: "2026-03-10T14:20:00Z")
        let agent = try test.person(.agent)
        try await test.desk.setMailWish(.hourly, by: agent)
        let ref = try await test.log(urgency: 1).ticket.ref, other = try await test.log(urgency: 2).ticket.ref
        for one in [ref, other] { try await test.act(one, .departmentLead) { try $0.assign(to: (agent.id, agent.name), department: $0.department, by: $3, at: $2, $1) } }
        #expect(try await test.desk.notifications(of: agent).map(\.kind) == ["assigned", "assigned"])
        #expect(try await mails(test, "assigned").isEmpty)
        try await test.desk.readNotifications(of: agent, on: other)
        #expect(try await test.desk.sendDigests() == 0)
        test.clock.advance(40 * 60)
        #expect(try await test.desk.sendDigests() == 1)
        #expect(try await test.desk.sendDigests() == 0)
        #expect(try await mails(test, "digest") == [agent.email])
        let text = try await test.desk.db.read { try $0.run("SELECT mail FROM outbox WHERE milestone = 'digest'", [])[0].text(0) }
        #expect(text.contains("One thing happened on a ticket of yours.") && text.contains(ref) && !text.contains(other))
        // Its answer falls due: that goes out at once, digest or not.
        for _ in 0..<24 {
            test.clock.advance(600)
            try await test.desk.tick()
        }
        #expect(try await test.mails(ref).contains("warning to \(agent.email)"))
    }

    @Test("A daily digest comes at eight in the reader's morning") func morning() throws {
        let zone = try ZoneFiles().rules("America/Denver")
        #expect(MailWish.daily.digest(after: Instant(rfc3339: "2026-03-10T14:20:00Z")!, zone: zone) == Instant(rfc3339: "2026-03-11T14:00:00Z")!)
        #expect(MailWish.daily.digest(after: Instant(rfc3339: "2026-03-10T13:20:00Z")!, zone: zone) == Instant(rfc3339: "2026-03-10T14:00:00Z")!)
        #expect(MailWish.hourly.digest(after: Instant(rfc3339: "2026-03-10T14:00:00Z")!, zone: nil) == Instant(rfc3339: "2026-03-10T15:00:00Z")!)
        #expect(MailWish.never.digest(after: Instant(rfc3339: "2026-03-10T14:00:00Z")!, zone: nil) == nil)
    }

    @Test("Steps are read as people paste them") func steps() {
        #expect(Ticket.steps(in: "- Stop the belt\n * Swap the sensor \n1. Start it\n2) Watch it\n[ ] Call Dana\n\n3 weeks later look again\n-20 degrees?") ==
            ["Stop the belt", "Swap the sensor", "Start it", "Watch it", "Call Dana", "3 weeks later look again", "-20 degrees?"])
    }

    @Test("Tasks are done, undone and taken off; each has them on the own day until the ticket is closed, and no client sees any") func tasks() async throws {
        let test = try await TestDesk()
        let (agent, lead) = (try test.person(.agent), try test.person(.departmentLead))
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.assign(to: (agent.id, agent.name), department: $0.department, by: $3, at: $2, $1) }
        let due = test.clock.now + 3600
        try await test.act(ref, .agent) { try $0.addTasks(["Swap the sensor"], by: $3, at: $2) }
        _ = try await test.desk.act(ref, by: agent) { ticket, _, now in try ticket.addTasks(["Look at the log"], assignee: (lead.id, lead.name), due: due, by: agent, at: now) }
        #expect(try await test.desk.tasks(of: agent).map(\.task.text) == ["Swap the sensor"])
        #expect(try await test.desk.tasks(of: lead).map(\.task.due) == [due])
        #expect(try await test.desk.notifications(of: lead).map(\.kind) == ["taskAdded"])
        try await test.act(ref, .agent) { ticket, _, now, person in try ticket.completeTask(1, done: true, by: person, at: now) }
        #expect(try await test.desk.tasks(of: agent).isEmpty)
        try await test.act(ref, .agent) { ticket, _, now, person in try ticket.completeTask(1, done: false, by: person, at: now) }
        #expect(try await test.desk.tasks(of: agent).count == 1)
        try await test.act(ref, .agent) { ticket, _, now, person in try ticket.removeTask(1, by: person, at: now) }
        let view = try await test.act(ref, .agent) { try $0.addTasks(["Once more"], by: $3, at: $2) }
        #expect(view.ticket.tasks.map(\.id) == [2, 3])
        let client = try test.person(.client)
        let seen = try await test.desk.detail(ref, for: client).events.filter(\.disclosed).map(\.event.fact.type)
        #expect(!seen.contains { $0.hasPrefix("task") })
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.addTasks(["x"], by: $3, at: $2) } }
        try await test.act(ref, .agent) { try $0.resolve("Done", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        try await test.act(ref, .client) { ticket, _, now, person in try ticket.close(reason: nil, by: person, at: now) }
        #expect(try await test.desk.tasks(of: lead).isEmpty)
    }

    @Test("C6 A macro answers, assigns, tags, notes tasks and suspends in one step; what refuses one of them refuses all") func macro() async throws {
        let test = try await TestDesk()
        let agent = try test.person(.agent)
        let ref = try await test.log().ticket.ref
        let acts = MacroActs(tags: ["sensor"], assignsSender: true, suspend: "accessAwaited", tasks: ["Ask for the log"])
        try await test.act(ref, .agent) { try $0.answer("Please let us in", suspend: nil, acts: acts, channel: .portal, by: $3, at: $2, $1) }
        let ticket = try await test.desk.ticket(ref, for: agent).ticket
        #expect(ticket.tags == ["sensor"] && ticket.assignee == agent.id && ticket.suspensions.map(\.reason) == ["accessAwaited"] && ticket.tasks.map(\.text) == ["Ask for the log"])
        let before = ticket.head
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { try $0.answer("And", suspend: nil, acts: MacroActs(department: "Nowhere"), channel: .portal, by: $3, at: $2, $1) } }
        #expect(try await test.desk.ticket(ref, for: agent).ticket.head == before)
        await #expect(throws: Refusal.self) { try await test.desk.putCannedAnswer(nil, name: "x", body: "y", shared: false, acts: MacroActs(suspend: "accessAwaited", resolves: true), by: agent) }
        try await test.desk.putCannedAnswer(nil, name: "Let us in", body: "Please, {{firstName}}", shared: true, acts: acts, by: agent)
        #expect(try await test.desk.cannedAnswers(for: agent).map(\.acts) == [acts])
    }

    @Test("A5 A message that is split off becomes a ticket whose clocks count from when it came; what fell due since is recorded with it") func split() async throws {
        let test = try await TestDesk()
        let (agent, client) = (try test.person(.agent), try test.person(.client))
        let ref = try await test.log(urgency: 3).ticket.ref
        test.clock.advance(3600)
        let wrote = test.clock.now
        _ = try await test.desk.act(ref, by: client, attachments: [NewAttachment(name: "belt.log", type: "text/plain", content: Array("stopped".utf8))]) { ticket, agreement, now in
            try ticket.answer("By the way: the belt stands still.", visibility: .public, channel: .portal, by: client, at: now, agreement)
        }
        let number = try #require(try await test.desk.detail(ref, for: agent).messages.last?.id)
        test.clock.advance(4 * 3600)
        for wrong in [1, 99] { await #expect(throws: Refusal.self) { try await test.desk.split(ref, message: wrong, subject: "Belt stands still", urgency: 1, by: agent) } }
        await #expect(throws: Refusal.self) { try await test.desk.split(ref, message: number, subject: "Belt stands still", urgency: 1, by: client) }
        let made = try await test.desk.split(ref, message: number, subject: "Belt stands still", urgency: 1, by: agent)
        #expect(made.ticket.registeredAt == wrote && made.ticket.loggedAt == wrote && made.ticket.contact == client.id && made.ticket.splitFrom?.ref == ref)
        #expect(made.reading(.response).outcome == .missed)
        #expect(try await test.events(made.ticket.ref).map(\.fact.type).contains("targetMissed"))
        let there = try await test.desk.detail(made.ticket.ref, for: client)
        #expect(there.messages.map(\.body) == ["By the way: the belt stands still."] && there.messages[0].attachments.map(\.name) == ["belt.log"])
        #expect(try await test.mails(made.ticket.ref).contains("logged to \(client.email)"))
        #expect(try await test.events(ref).last?.fact == .split(message: number, into: made.ticket.ref))
    }

    @Test("Fields of the provider's own hold what their kind allows, on the tickets that they are for; a client sees those that are for clients") func fields() async throws {
        let test = try await TestDesk()
        let (agent, client) = (try test.person(.agent), try test.person(.client))
        let administrator = Manager.person(try test.person(.administrator))
        await #expect(throws: Refusal.self) { try await test.desk.putCustomField(CustomField(name: "serial", label: "Serial number", kind: .text), by: .person(agent)) }
        await #expect(throws: Refusal.self) { try await test.desk.putCustomField(CustomField(name: "Serial No", label: "", kind: .choice), by: administrator) }
        try await test.desk.putCustomField(CustomField(name: "serial", label: "Serial number", kind: .text, isPublic: true), by: administrator)
        try await test.desk.putCustomField(CustomField(name: "cost", label: "Cost", kind: .number), by: administrator)
        try await test.desk.putCustomField(CustomField(name: "line", label: "Line", kind: .choice, choices: ["A", "B"], client: client.client.map { $0 + 1 }), by: administrator)
        let ref = try await test.log().ticket.ref
        for (name, value) in [("cost", "much"), ("line", "A"), ("nothing", "x")] { await #expect(throws: Refusal.self) { try await test.desk.customise(ref, [name: value], by: agent) } }
        try await test.desk.customise(ref, ["serial": " K-7 ", "cost": "12.5"], by: agent)
        #expect(try await test.desk.ticket(ref, for: agent).ticket.custom == ["serial": "K-7", "cost": "12.5"])
        #expect(try await test.desk.detail(ref, for: client).customFields.map(\.name) == ["serial"])
        try await test.desk.customise(ref, ["cost": ""], by: agent)
        #expect(try await test.desk.ticket(ref, for: agent).ticket.custom == ["serial": "K-7"])
        await #expect(throws: Refusal.self) { try await test.desk.customise(ref, ["serial": "x"], by: client) }
        // Retired, it stays where it says something, and is offered nowhere else.
        let serial = try #require(try await test.desk.customFields().first { $0.name == "serial" })
        var retired = serial
        retired.isRetired = true
        try await test.desk.putCustomField(retired, by: administrator)
        let second = try await test.log().ticket.ref
        #expect(try await test.desk.detail(ref, for: agent).customFields.contains { $0.name == "serial" })
        #expect(try await !test.desk.detail(second, for: agent).customFields.contains { $0.name == "serial" })
    }

    @Test("L4 Who can't be reached is stood in for, and each attempt is recorded with its true time") func attempts() async throws {
        let test = try await TestDesk()
        let (agent, client, standIn) = (try test.person(.agent), try test.person(.client), try test.person(.standIn))
        let ref = try await test.log().ticket.ref
        #expect(try await test.desk.detail(ref, for: agent).contacts.map(\.role) == [.client, .primaryContact, .standIn])
        #expect(try await test.desk.detail(ref, for: client).contacts.isEmpty)
        test.clock.advance(3600)
        let when = test.clock.now + -600
        try await test.desk.attempt(ref, contact: client.id, way: .phone, reached: false, note: "Nobody answers.", occurredAt: when, by: agent)
        let view = try await test.desk.attempt(ref, contact: standIn.id, way: .phone, reached: true, note: nil, by: agent)
        #expect(view.ticket.attempts.map(\.reached) == [false, true] && view.ticket.attempts[0].at == when)
        // Nobody of another client, nobody of the desk, nothing in the future.
        for (contact, at) in [(agent.id, nil), (999, nil), (client.id, test.clock.now + 60)] as [(Int64, Instant?)] {
            await #expect(throws: Refusal.self) { try await test.desk.attempt(ref, contact: contact, way: .phone, reached: true, note: nil, occurredAt: at, by: agent) }
        }
        let sentences = try await test.desk.detail(ref, for: client).events.filter { $0.event.fact.type == "contactAttempted" }.map(\.sentence)
        #expect(sentences == ["agent tried to reach client by telephone, in vain: Nobody answers.", "agent reached standIn by telephone."])
    }

    @Test("H1 H4 Whoever logged a ticket is asked once a closing, by a link that nobody else makes; a poor answer raises a follow-up, and asking can be ended")
    func survey() async throws {
        let test = try await TestDesk()
        let (client, manager) = (try test.person(.client), try test.person(.serviceManager))
        let keys = Keys(secret: [UInt8](repeating: 7, count: 32))
        func closed() async throws -> Ticket {
            let ref = try await test.log().ticket.ref
            try await test.act(ref, .agent) { try $0.resolve("Done", fields: [:], channel: .portal, by: $3, at: $2, $1) }
            return try await test.act(ref, .client) { ticket, _, now, person in try ticket.close(reason: nil, by: person, at: now) }.ticket
        }
        let ticket = try await closed()
        #expect(try await test.mails(ticket.ref).contains("survey to \(client.email)"))
        let mail = try await test.desk.db.read { try $0.run("SELECT mail FROM outbox WHERE milestone = 'survey'", [])[0].text(0) }
        let link = Keys.SurveyLink(ticket: ticket.id, person: client.id, closing: 0, until: test.clock.now + 30 * 86_400), token = keys.token(link)
        #expect(mail.contains("/s/\(token)") && mail.contains("List-Unsubscribe"))
        // Another person's, another closing's, one of another kind: none of them is known.
        for forged in ["x", token + "0", keys.token(Keys.SurveyLink(ticket: ticket.id, person: try test.person(.primaryContact).id, closing: 1, until: link.until)), keys.token(Keys.Acceptance(ticket: ticket.id, person: client.id, proposal: 0, until: link.until))] {
            await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(link: forged, ["satisfied": "1"]) }
        }
        for wrong in [[:], ["satisfied": "6"], ["satisfied": "4", "mood": "good"], ["speed": "3"]] { await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(link: token, wrong) } }
        await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(ticket.ref, ["satisfied": "1"], by: try test.person(.primaryContact)) }
        try await test.desk.answerSurvey(link: token, ["satisfied": "4"])
        #expect(try await test.desk.notifications(of: manager).allSatisfy { $0.kind != "surveyPoor" })
        let changed = try await test.desk.answerSurvey(ticket.ref, ["satisfied": "2", "comment": "Too slow."], by: client)
        #expect(changed.ticket.survey?.score == 2 && changed.ticket.survey?.answers == ["satisfied": "2", "comment": "Too slow."])
        #expect(try await test.mails(ticket.ref).contains("surveyPoor to \(manager.email)"))
        // Reopened, it is not asked about; closed again it is asked anew, and the first link has ended.
        try await test.act(ticket.ref, .client) { ticket, _, now, person in try ticket.reopen(reason: "Again", by: person, at: now) }
        await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(ticket.ref, ["satisfied": "5"], by: client) }
        try await test.act(ticket.ref, .client) { ticket, _, now, person in try ticket.close(reason: nil, by: person, at: now) }
        await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(link: token, ["satisfied": "5"]) }
        let second = keys.token(Keys.SurveyLink(ticket: ticket.id, person: client.id, closing: 1, until: link.until))
        #expect(try await test.desk.askedSurvey(second).view.ticket.survey == nil)
        try await test.desk.endSurveys(link: second)
        let other = try await closed()
        #expect(try await !test.mails(other.ref).contains("survey to \(client.email)"))
        test.clock.advance(31 * 86_400)
        await #expect(throws: Refusal.self) { try await test.desk.answerSurvey(other.ref, ["satisfied": "5"], by: client) }
    }

    @Test("Who is mentioned: the whole name before the first one, no address, no part of a word") func names() {
        let staff: [(id: Int64, name: String, email: String)] = [(1, "Priya Nair", "priya@x.example"), (2, "Priya Nairobi", "nairobi@x.example"), (3, "Maya Torres", "maya.t@x.example")]
        for (text, expected) in [
            ("@Priya Nair look", [1]), ("@priya nairobi, @Maya", [2, 3] as [Int64]), ("@Priya", [1]), ("mail maya@maya.t or a@Maya", []), ("(@maya.t) and @MAYA TORRES", [3]), ("@Mayan", []), ("@", []), ("@@Maya", [3]),
        ] as [(String, [Int64])] {
            #expect(Mention.people(in: text, staff: staff) == expected, "\(text)")
        }
    }
}
