import AbideCore
import AbideDesk
import AbideTestKit
import Testing

/// Merging, links, tags, followers and time: what ties a ticket to others and to people.
@Suite struct ConnectionTests {
    private func mail(_ test: TestDesk, to ticket: Ticket, from address: String, participant: Int64, _ text: String) async throws {
        let keys = Keys(secret: [UInt8](repeating: 7, count: 32))
        var mail = IncomingMail()
        mail.from = [MailAddress(address: address)]
        mail.to = [MailAddress(address: keys.replyAddress(mailbox: test.desk.currentAgreement().terms.provider.mailbox, ticket: ticket.id, participant: participant))]
        mail.text = text
        mail.reply = text
        try await test.desk.receive(Array(text.utf8), from: address, recipients: [mail.to[0].address])
        try await test.desk.registerMail { [mail] _ in mail }
    }

    @Test("What was merged goes on in the other ticket: its words stand there, mail to it arrives there, and the client is told")
    func merging() async throws {
        let test = try await TestDesk()
        let (client, agent) = (try test.person(.client), try test.person(.agent))
        let first = try await test.log(urgency: 2).ticket, second = try await test.log(urgency: 2).ticket
        let view = try await test.desk.merge(second.ref, into: first.ref, reason: "The same alarm.", by: agent)
        #expect(view.status == .closed && view.ticket.merging?.into == first.ref && view.reading(.response).state == .stopped && view.reading(.response).outcome == nil)
        #expect(try await test.mails(second.ref).contains("merged to client@northfield.example"))
        try await mail(test, to: second, from: client.email, participant: client.id, "It is worse now.")
        let detail = try await test.desk.detail(first.ref, for: client)
        #expect(detail.messages.contains { $0.body == "It is worse now." && $0.origin == nil })
        #expect(detail.messages.filter { $0.origin == second.ref }.count == 1)
        #expect(try await test.desk.detail(second.ref, for: client).messages.count == 1)
        await #expect(throws: Refusal.self) { try await test.act(second.ref, .agent) { try $0.answer("Here?", visibility: .public, channel: .portal, by: $3, at: $2, $1) } }
        await #expect(throws: Refusal.self) { try await test.act(second.ref, .agent) { ticket, _, now, person in try ticket.reopen(reason: "x", by: person, at: now) } }
    }

    @Test("A merging that is taken back leaves no trace in the clocks: what fell due meanwhile is missed and escalates")
    func undone() async throws {
        let test = try await TestDesk()
        let client = try test.person(.client)
        let first = try await test.log(urgency: 1).ticket.ref, second = try await test.log(urgency: 1).ticket.ref
        let due = try await test.desk.ticket(second, for: client).reading(.response).due
        try await test.desk.merge(second, into: first, reason: nil, by: try test.person(.agent))
        test.clock.set("2026-03-10T20:00:00Z")
        try await test.desk.tick()
        #expect(try await test.events(second).allSatisfy { if case .targetMissed = $0.fact { false } else { true } })
        // The logger may: it is their promise.
        let view = try await test.desk.unmerge(second, reason: nil, by: client)
        #expect(view.status == .open && view.ticket.merging == nil && view.reading(.response).due == due && view.reading(.response).outcome == .missed)
        try await test.desk.tick()
        let facts = try await test.events(second).map(\.fact)
        #expect(facts.contains { if case .targetMissed(.response, let at, _) = $0 { at == due } else { false } })
        #expect(facts.contains { if case .escalated(.response, 1, _, _, _, _) = $0 { true } else { false } })
        #expect(try await test.desk.detail(first, for: client).messages.allSatisfy { $0.origin == nil })
        #expect(try await test.desk.verify().fault == nil)
    }

    @Test("No promise and no right is lost by merging: the stricter ticket, another client's, one with an open complaint, and a circle are refused")
    func refused() async throws {
        let test = try await TestDesk()
        let agent = try test.person(.agent), client = try test.person(.client)
        func refusal(_ ref: String, _ into: String) async -> String {
            do {
                try await test.desk.merge(ref, into: into, reason: nil, by: agent)
                return ""
            } catch { return (error as? Refusal)?.detail ?? "\(error)" }
        }
        let routine = try await test.log(urgency: 3).ticket.ref, critical = try await test.log(urgency: 1).ticket.ref
        #expect(await refusal(critical, routine).contains("the stricter promise would be lost"))
        #expect(await refusal(routine, routine).contains("into itself"))
        #expect(await refusal(routine, "ABD-999999").contains("There is no ticket"))
        let stranger = try #require(try await test.desk.bearer(try await test.desk.createToken(email: "stranger@harbor.example", label: "test")))
        let foreign = try await test.desk.log(LogRequest(subject: "Theirs", urgency: 1, fields: TestDesk.complete, channel: .portal), by: stranger).ticket.ref
        #expect(await refusal(routine, foreign).contains("different clients"))
        try await test.desk.createPerson(email: "colleague@northfield.example", name: "Colleague", role: .client, client: "Northfield Mining", phone: "+1 575 555 0101")
        let colleague = try #require(try await test.desk.bearer(try await test.desk.createToken(email: "colleague@northfield.example", label: "test")))
        let theirs = try await test.desk.log(LogRequest(subject: "Alarms", urgency: 1, fields: TestDesk.complete, channel: .portal), by: colleague).ticket.ref
        #expect(await refusal(routine, theirs).contains("may not see"))
        try await test.act(routine, .client) { ticket, _, now, person in try ticket.complain(reason: "Slow", impact: "Much", by: person, at: now) }
        #expect(await refusal(routine, critical).contains("formal escalation"))
        let other = try await test.log(urgency: 1).ticket.ref
        #expect(await refusal(other, critical) == "")
        #expect(await refusal(other, critical).contains("already"))
        #expect(await refusal(critical, other).contains("is itself part of"))
        await #expect(throws: Refusal.self) { try await test.desk.merge(critical, into: other, reason: nil, by: client) }
    }

    @Test("R1 a mail that names a ticket without our token is a ticket of its own, with a hint that one act merges")
    func hinted() async throws {
        let test = try await TestDesk()
        let client = try test.person(.client)
        let first = try await test.log(urgency: 2).ticket
        var mail = IncomingMail()
        mail.from = [MailAddress(address: client.email)]
        mail.to = [MailAddress(address: test.desk.currentAgreement().terms.provider.mailbox)]
        mail.subject = "Re: \(first.ref) alarms"
        mail.text = "Still late."
        mail.reply = mail.text
        try await test.desk.receive(Array("hint".utf8), from: client.email, recipients: [mail.to[0].address])
        try await test.desk.registerMail { [mail] _ in mail }
        let made = try #require(try await test.desk.list(TicketQuery(), for: try test.person(.agent)).rows.first { $0.subject.contains(first.ref) })
        let view = try await test.desk.ticket(made.ref, for: try test.person(.agent))
        #expect(view.ticket.openHint == first.ref)
        // No, it does not: the hint goes, the log says who decided it, and merging stays possible.
        try await test.act(made.ref, .agent) { try $0.dismissHint(channel: .portal, by: $3, at: $2) }
        let dismissed = try await test.desk.detail(made.ref, for: try test.person(.agent))
        #expect(dismissed.view.ticket.openHint == nil)
        #expect(dismissed.messages.last.map { $0.body.contains("does not belong to \(first.ref)") && $0.visibility == .internal } ?? false)
        await #expect(throws: Refusal.self) { try await test.act(made.ref, .agent) { try $0.dismissHint(channel: .portal, by: $3, at: $2) } }
        try await test.desk.merge(made.ref, into: first.ref, reason: nil, by: try test.person(.agent))
        #expect(try await test.desk.detail(first.ref, for: client).messages.contains { $0.origin == made.ref && $0.body.contains("Still late.") })
    }

    @Test("Links stand on both sides; one answer reaches all open incidents of a problem, and each response is its own")
    func links() async throws {
        let test = try await TestDesk()
        let agent = try test.person(.agent)
        let problem = try await test.log(urgency: 3).ticket.ref
        var incidents: [String] = []
        for _ in 0..<3 { incidents.append(try await test.log(urgency: 2).ticket.ref) }
        for incident in incidents { try await test.desk.link(incident, to: problem, as: .problem, by: agent) }
        let seen = try await test.desk.detail(problem, for: agent).links
        #expect(seen.map(\.ref) == incidents && seen.allSatisfy { $0.relation == .incident })
        await #expect(throws: Refusal.self) { try await test.desk.link(incidents[0], to: incidents[1], as: .problem, by: agent) }
        try await test.act(incidents[2], .agent) { try $0.resolve("Done already.", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        let told = try await test.desk.tellIncidents(of: problem, "The patch is in.", resolves: true, channel: .portal, by: agent)
        #expect(told.map(\.ref) == [incidents[0], incidents[1]] && told.allSatisfy { $0.refusal == nil })
        for incident in incidents { #expect(try await test.desk.ticket(incident, for: agent).status == .resolved) }
        // A client sees neither links nor whose they are.
        let client = try test.person(.client)
        let detail = try await test.desk.detail(incidents[0], for: client)
        #expect(detail.links.isEmpty && detail.events.filter { $0.event.fact.type == "linked" }.allSatisfy { !$0.disclosed })
        try await test.desk.unlink(problem, from: incidents[0], by: agent)
        #expect(try await test.desk.ticket(incidents[0], for: agent).ticket.links.isEmpty)
    }

    @Test("Tags, time and followers: kept, limited, and a follower hears what the client writes")
    func kept() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { ticket, _, now, person in try ticket.tag(add: ["Line 3", "alarm"], remove: [], by: person, at: now) }
        let view = try await test.act(ref, .agent) { ticket, _, now, person in try ticket.tag(add: ["alarm", "history"], remove: ["line-3"], by: person, at: now) }
        #expect(view.ticket.tags == ["alarm", "history"])
        for bad in [["a/b"], [""], (0..<30).map { "t\($0)" }] {
            await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { ticket, _, now, person in try ticket.tag(add: bad, remove: [], by: person, at: now) } }
        }
        try await test.act(ref, .agent) { ticket, _, now, person in try ticket.spend(seconds: 5400, note: "On the phone", by: person, at: now) }
        #expect(try await test.act(ref, .agent) { ticket, _, now, person in try ticket.spend(seconds: -1800, note: "Too much", by: person, at: now) }.ticket.spentSeconds == 3600)
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { ticket, _, now, person in try ticket.spend(seconds: -3601, note: nil, by: person, at: now) } }
        try await test.act(ref, .departmentLead) { ticket, _, now, person in try ticket.follow(true, by: person, at: now) }
        try await test.act(ref, .client) { try $0.answer("And?", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(try await test.mails(ref).contains("clientAnswered to departmentlead@larkfield.example"))
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { ticket, _, now, person in try ticket.follow(true, by: person, at: now) } }
    }
}
