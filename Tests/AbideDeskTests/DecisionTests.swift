import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Testing

@Suite struct DecisionTests {
    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    // MARK: Coverage (M)

    @Test("M1 M3 the agreement's table decides from kind and cause, and the ticket shows the rule that made it")
    func table() async throws {
        let test = try await TestDesk()
        let made = try await test.log()
        #expect(made.ticket.coverage == .covered && made.ticket.coverageRule == "M1")
        let client = made.entitlements
        let view = try await test.act(made.ticket.ref, .agent) { try $0.decideCoverage(nil, rule: nil, reason: "A new page is asked for", kind: "application", entitlements: client, by: $3, at: $2, $1) }
        #expect(view.ticket.coverage == .notCovered && view.ticket.coverageRule == "M3" && view.ticket.kind == "application")
        let hosted = try await test.act(made.ticket.ref, .agent) { try $0.decideCoverage(nil, rule: nil, reason: "Their firewall", kind: "platform", cause: "environmentChange", entitlements: client, by: $3, at: $2, $1) }
        #expect(hosted.ticket.coverage == .notCovered && hosted.ticket.coverageRule == "M2")
        #expect(try await test.mails(made.ticket.ref).contains("coverageDecided to client@northfield.example"))
        await #expect(throws: Refusal.self) { try await test.act(made.ticket.ref, .agent) { try $0.decideCoverage(nil, rule: nil, reason: "x", kind: "weather", entitlements: client, by: $3, at: $2, $1) } }
        await #expect(throws: Refusal.self) { try await test.act(made.ticket.ref, .client) { try $0.decideCoverage(.covered, rule: nil, reason: "I say so", by: $3, at: $2, $1) } }
    }

    @Test("M6 a decision is disputed to the client services manager, corrected with a reason, and the correction says what it does to the clocks")
    func dispute() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.decideCoverage(.notCovered, rule: "M3", reason: "A new page", by: $3, at: $2, $1) }
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.disputeCoverage(reason: "It worked before", impact: nil, by: $3, at: $2) } }
        let disputed = try await test.act(ref, .client) { try $0.disputeCoverage(reason: "It worked before", impact: "No alarms at night", by: $3, at: $2) }
        #expect(disputed.ticket.complaints.last?.isAboutCoverage == true && disputed.ticket.coverage == .notCovered)
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.disputeCoverage(reason: "Again", impact: "Again", by: $3, at: $2) } }
        #expect(try await test.mails(ref).contains("complained to clientservicesmanager@larkfield.example"))
        let before = disputed.reading(.response)
        let corrected = try await test.act(ref, .agent) { try $0.decideCoverage(.covered, rule: "M1", reason: "It did work before", by: $3, at: $2, $1) }
        #expect(corrected.ticket.coverage == .covered && corrected.reading(.response).due == before.due)
        let person = try test.person(.client)
        let sentence = try await test.desk.detail(ref, for: person).events.last { $0.event.fact.type == "coverageDecided" }?.sentence ?? ""
        #expect(sentence.contains("It was not covered (M3)") && sentence.contains("response and resolution clocks go on as they stood"))
        try await test.act(ref, .clientServicesManager) { try $0.answerComplaint("You are right.", by: $3, at: $2) }
        #expect(try await test.events(ref).map(\.fact.type).suffix(2) == ["coverageDecided", "complaintAnswered"])
    }

    // MARK: Quotes (M5)

    @Test("M5 what is not covered is quoted; accepted work is a ticket with its own terms, and a covered ticket is not quoted")
    func quote() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        let offer: @Sendable (Ticket, Agreement, Instant, Person) throws -> [Draft] = {
            try $0.quote(effortSeconds: 36_000, price: 120_050, currency: "USD", deliverables: "A page for pit 5", due: nil, by: $3, at: $2, $1)
        }
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent, offer) }
        try await test.act(ref, .agent) { try $0.decideCoverage(.quote, rule: "M4", reason: "A new page", by: $3, at: $2, $1) }
        try await test.act(ref, .agent, offer)
        #expect(try await test.mails(ref).contains("quoted to client@northfield.example"))
        await #expect(throws: Refusal.self) { try await test.desk.acceptQuote(ref, quote: 1, channel: .portal, by: try test.person(.agent)) }
        let accepted = try await test.desk.acceptQuote(ref, quote: 1, channel: .portal, by: try test.person(.primaryContact))
        let quote = try #require(accepted.ticket.quotes.first)
        #expect(quote.state == .accepted && quote.priceWords == "USD 1,200.50")
        let work = try await test.desk.ticket(try #require(quote.work), for: try test.person(.client))
        #expect(work.ticket.coverage == .chargeable && work.ticket.origin?.ref == ref && work.ticket.origin?.quote == 1 && work.ticket.fields["description"] == "A page for pit 5")
        // Ten hours of work from the acceptance: nine today's and tomorrow's.
        #expect(work.reading(.resolution).targetSeconds == 36_000 && work.reading(.resolution).due?.rfc3339 == "2026-03-11T15:00:00Z")
        #expect(work.reading(.response).due == nil)
        await #expect(throws: Refusal.self) { try await test.desk.acceptQuote(ref, quote: 1, channel: .portal, by: try test.person(.client)) }
        #expect(try await test.desk.verify().fault == nil)
    }

    @Test("M5 a quote is declined with a reason, withdrawn, or replaced by the next one")
    func declined() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.decideCoverage(.notCovered, rule: "M3", reason: "A new page", by: $3, at: $2, $1) }
        for price in [Int64(100), 200, 300] {
            try await test.act(ref, .agent) { try $0.quote(effortSeconds: 3600, price: price, currency: "EUR", deliverables: "It", due: nil, by: $3, at: $2, $1) }
            if price == 200 { try await test.act(ref, .client) { try $0.declineQuote(2, reason: "Too much", by: $3, at: $2) } }
        }
        let view = try await test.act(ref, .agent) { try $0.withdrawQuote(3, by: $3, at: $2) }
        #expect(view.ticket.quotes.map(\.state) == [.withdrawn, .declined, .withdrawn])
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.declineQuote(3, reason: nil, by: $3, at: $2) } }
    }

    // MARK: Access (L5)

    @Test("L5 access that is granted lets the clocks go on, and they stand from the instant at which the last one ends, also over a stop of the desk")
    func access() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        try await test.act(ref, .agent) { try $0.suspend(reason: "accessAwaited", note: "ALTA-APP-02", since: nil, by: $3, at: $2, $1) }
        test.clock.set("2026-03-10T15:00:00Z")
        let until = try at("2026-03-10T16:00:00Z")
        let granted = try await test.act(ref, .client) { try $0.grantAccess(who: "Maya", how: "VPN to ALTA-APP-02", until: until, by: $3, at: $2, $1) }
        #expect(granted.status == .open && granted.reading(.response).due?.rfc3339 == "2026-03-10T17:00:00Z")
        // The desk is down until the afternoon: the access had ended an hour before the deadline.
        test.clock.set("2026-03-10T20:00:00Z")
        try await test.desk.tick()
        let view = try await test.desk.ticket(ref, for: try test.person(.client))
        #expect(view.status == .awaitingClient && view.reading(.response).state == .suspended && view.reading(.response).usedSeconds == 3600)
        #expect(view.ticket.suspensions.first?.since == until && view.ticket.grants.first?.endedAt == until)
        #expect(try await test.events(ref).map(\.fact.type).contains("targetMissed") == false)
        let again = try await test.act(ref, .agent) { try $0.grantAccess(who: "Maya", how: "by phone", until: nil, by: $3, at: $2, $1) }
        #expect(again.status == .open)
        let ended = try await test.act(ref, .client) { try $0.endAccess(2, by: $3, at: $2, $1) }
        #expect(ended.status == .awaitingClient && ended.ticket.openGrants(at: test.clock.now).isEmpty)
    }

    @Test("L5 C6 what was missed before the access ended is missed, and the rungs after it wait")
    func missedBeforeEnd() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        let until = try at("2026-03-10T18:00:00Z")
        try await test.act(ref, .client) { try $0.grantAccess(who: "Maya", how: "VPN", until: until, by: $3, at: $2, $1) }
        test.clock.set("2026-03-11T20:00:00Z")
        try await test.desk.tick()
        #expect(try await test.events(ref).map(\.fact.type).suffix(4) == ["targetMissed", "escalated", "accessEnded", "suspended"])
        #expect(try await test.desk.verify().fault == nil)
    }

    // MARK: Dates (C3)

    @Test("C3 a date is proposed, countered, agreed, missed, and agreed anew: the new one escalates by itself again")
    func renegotiation() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 2).ticket.ref
        try await test.act(ref, .agent) { try $0.answer("On it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        let first = try at("2026-03-10T16:00:00Z"), counter = try at("2026-03-10T15:00:00Z"), second = try at("2026-03-11T15:00:00Z")
        try await test.act(ref, .agent) { try $0.propose(due: first, workingSeconds: nil, by: $3, at: $2, $1) }
        try await test.act(ref, .client) { try $0.propose(due: counter, workingSeconds: nil, by: $3, at: $2, $1) }
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.accept(proposal: 1, by: $3, at: $2) } }
        #expect(try await test.act(ref, .agent) { try $0.accept(proposal: 2, by: $3, at: $2) }.reading(.resolution).due == counter)
        test.clock.set("2026-03-10T16:00:00Z")
        try await test.desk.tick()
        try await test.act(ref, .agent) { try $0.propose(due: second, workingSeconds: nil, by: $3, at: $2, $1) }
        let anew = try await test.act(ref, .client) { try $0.accept(proposal: 3, by: $3, at: $2) }
        #expect(anew.reading(.resolution).due == second && anew.reading(.resolution).outcome == nil)
        // Both dates stand in the calendars, the later one in the place of the first.
        let entries = try await test.desk.db.read { try $0.outbox(limit: 200).filter { $0.milestone == "resolutionAgreed" } }.compactMap { try JSONDecoder().decode(OutgoingMail.self, from: Data($0.mail.utf8)).calendar }
        func lines(_ start: String) -> [String] { entries.flatMap { $0.split(separator: "\r\n").filter { $0.hasPrefix(start) }.map(String.init) } }
        #expect(lines("DTSTART").contains("DTSTART:20260310T150000Z") && lines("DTSTART").contains("DTSTART:20260311T150000Z") && Set(lines("UID:")).count == 1)
        test.clock.set("2026-03-11T15:00:01Z")
        try await test.desk.tick()
        let rungs = try await test.events(ref).compactMap { event -> String? in
            if case .escalated(let clock, let rung, _, _, _, let cycle) = event.fact { return "\(clock.rawValue) \(rung) \(cycle)" }
            return nil
        }
        #expect(rungs == ["resolution 1 1", "resolution 1 2"])
        // Both promises that were missed are counted, each with its escalation (I3).
        let day = try #require(LocalDate(iso: "2026-03-10"))
        let report = try await test.desk.report(client: 1, from: day, to: day, for: try test.person(.serviceManager))
        #expect(report.severities.first?.resolutionMissed == 2 && report.severities.first?.escalated == 2)
    }

    @Test("C3 the link of the mail accepts the date for its one reader, once, and no other link does")
    func link() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 2).ticket.ref
        let due = try at("2026-03-12T16:00:00Z")
        try await test.act(ref, .agent) { try $0.propose(due: due, workingSeconds: nil, by: $3, at: $2, $1) }
        let mail = try await test.desk.db.read { session in
            try session.outbox(of: try #require(try session.ticket(ref: ref)).id).last { $0.milestone == "resolutionProposed" }?.mail ?? ""
        }
        let token = try #require(mail.firstMatch(of: /desk\.test\/a\/([0-9a-f.]+)/)).1
        for forged in [String(token.dropLast()) + "0", String(token.dropLast()) + "1", "1." + token, String(token.dropFirst()), ""] where forged != token {
            await #expect(throws: Refusal.self) { try await test.desk.offeredDate(forged) }
        }
        #expect(try await test.desk.offeredDate(String(token)).refusal == nil)
        let view = try await test.desk.acceptOfferedDate(String(token))
        #expect(view.reading(.resolution).due == due)
        #expect(try await test.events(ref).last?.actor.name == "client")
        await #expect(throws: Refusal.self) { try await test.desk.acceptOfferedDate(String(token)) }
        test.clock.advance(31 * 86_400)
        await #expect(throws: Refusal.self) { try await test.desk.offeredDate(String(token)) }
    }

    // MARK: Complaints (D3)

    @Test("D3 a complaint has a clock of its own; its answer goes to the logger, to who complained and to who was told, and a late one is recorded once")
    func complaint() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        for (reason, impact) in [("Slow", ""), ("", "Loss")] {
            await #expect(throws: Refusal.self) { try await test.act(ref, .primaryContact) { try $0.complain(reason: reason, impact: impact, by: $3, at: $2) } }
        }
        let view = try await test.act(ref, .primaryContact) { try $0.complain(reason: "Nobody looks at it", impact: "The line stands", by: $3, at: $2) }
        let complaint = try #require(view.ticket.complaints.first)
        #expect(view.ticket.due(complaint, view.agreement)?.rfc3339 == "2026-03-11T14:00:00Z")
        test.clock.set("2026-03-11T14:00:00Z")
        try await test.desk.tick()
        #expect(try await test.events(ref).map(\.fact.type).contains("complaintOverdue") == false)
        test.clock.set("2026-03-11T14:00:01Z")
        try await test.desk.tick()
        try await test.desk.tick()
        #expect(try await test.events(ref).filter { $0.fact.type == "complaintOverdue" }.count == 1)
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { try $0.answerComplaint("Me", by: $3, at: $2) } }
        let answered = try await test.act(ref, .clientServicesManager) { try $0.answerComplaint("We were late; it is being worked on.", by: $3, at: $2) }
        #expect(answered.ticket.reading(try #require(answered.ticket.complaints.first), answered.agreement, at: test.clock.now).outcome == .missed)
        let told = try await test.mails(ref).filter { $0.hasPrefix("complaintAnswered") }
        #expect(Set(told) == ["complaintAnswered to client@northfield.example", "complaintAnswered to primarycontact@northfield.example", "complaintAnswered to servicemanager@larkfield.example"])
    }

    @Test("D3 a complaint by mail names reason and impact, each on a line; without its impact it is a message, and the client is asked for it")
    func complaintByMail() async throws {
        let test = try await TestDesk()
        let ticket = try await test.log().ticket
        let person = try test.person(.client)
        let keys = Keys(secret: [UInt8](repeating: 7, count: 32))
        for (number, text) in ["Complaint: nobody looks at it", "Complaint: nobody looks at it\nImpact: the line stands"].enumerated() {
            var mail = IncomingMail()
            mail.from = [MailAddress(address: person.email)]
            mail.to = [MailAddress(address: keys.replyAddress(mailbox: test.desk.currentAgreement().terms.provider.mailbox, ticket: ticket.id, participant: person.id))]
            mail.text = text
            mail.reply = text
            try await test.desk.receive(Array("\(number)".utf8), from: person.email, recipients: [mail.to[0].address])
            try await test.desk.registerMail { [mail] _ in mail }
            let view = try await test.desk.ticket(ticket.ref, for: person)
            #expect(view.ticket.complaints.count == number)
            #expect(try await test.mails(ticket.ref).filter { $0 == "complaintIncomplete to client@northfield.example" }.count == 1)
        }
        #expect(try await test.events(ticket.ref).last?.texts[TextKey.impact] == "the line stands")
        #expect(try await test.mails(ticket.ref).contains("complained to clientservicesmanager@larkfield.example"))
    }

    // MARK: What is entered late

    @Test("C2 C6 what staff enter late stands with its true time before what fell due since, and both times are kept")
    func late() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T18:00:00Z")
        let said = try at("2026-03-10T15:00:00Z")
        let view = try await test.act(ref, .agent) { try $0.answer("By phone.", visibility: .public, channel: .phone, occurredAt: said, by: $3, at: $2, $1) }
        #expect(view.reading(.response).outcome == .met && view.reading(.response).stoppedAt == said)
        let events = try await test.events(ref)
        #expect(events.map(\.fact.type).suffix(2) == ["messageAdded", "responded"] && events.last?.occurredAt == said && events.last?.recordedAt == test.clock.now)
        let logged = try at("2026-03-10T13:59:59Z"), ahead = try at("2026-03-10T18:00:01Z")
        for wrong in [logged, ahead] {
            await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { try $0.answer("x", visibility: .public, channel: .phone, occurredAt: wrong, by: $3, at: $2, $1) } }
        }
        await #expect(throws: Refusal.self) { try await test.act(ref, .client) { try $0.answer("x", visibility: .public, channel: .portal, occurredAt: said, by: $3, at: $2, $1) } }
        #expect(try await test.desk.verify().fault == nil)
    }

    @Test("C6 a suspension that is over already is entered with both its ends, and a deadline that it moves is not missed")
    func lateSuspension() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T16:30:00Z")
        let (since, until) = (try at("2026-03-10T14:30:00Z"), try at("2026-03-10T15:30:00Z"))
        let view = try await test.act(ref, .agent) { try $0.suspend(reason: "staffAwaited", note: nil, since: since, until: until, by: $3, at: $2, $1) }
        #expect(view.ticket.suspensions.isEmpty && view.reading(.response).due?.rfc3339 == "2026-03-10T17:00:00Z" && view.reading(.response).outcome == nil)
        #expect(try await test.events(ref).map(\.fact.type).contains("targetMissed") == false)
    }

    @Test("J3 a call that came while the desk was away is logged with its true time, and its clocks with it")
    func lateCall() async throws {
        let test = try await TestDesk()
        var request = LogRequest(subject: "Called at night", urgency: 1, fields: TestDesk.complete, channel: .phone, contact: "client@northfield.example")
        request.occurredAt = try at("2026-03-09T20:00:00Z")
        let view = try await test.desk.log(request, by: try test.person(.agent))
        #expect(view.ticket.loggedAt == request.occurredAt && view.reading(.response).due?.rfc3339 == "2026-03-09T22:00:00Z")
        try await test.desk.tick()
        #expect(try await test.events(view.ticket.ref).map(\.fact.type).contains("escalated"))
        await #expect(throws: Refusal.self) { try await test.desk.log(request, by: try test.person(.client)) }
    }

    // MARK: Closing (N2), assignment

    @Test("N2 the desk prompts who works on it once, after a long stop only when intake has been up; an out-of-office answer changes nothing")
    func prompt() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.answer("Which browser?", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        try await test.desk.wake()
        try await test.desk.noteAlive()
        // The desk was away over the instant of the prompt: nothing until it has been up for the grace of four hours.
        test.clock.set("2026-03-17T15:00:00Z")
        try await test.desk.wake()
        try await test.desk.tick()
        #expect(try await test.events(ref).map(\.fact.type).contains("closingPrompted") == false)
        test.clock.set("2026-03-17T19:00:00Z")
        try await test.desk.tick()
        try await test.desk.tick()
        #expect(try await test.events(ref).filter { $0.fact.type == "closingPrompted" }.count == 1)
        #expect(try await test.mails(ref).contains("closingPrompt to departmentlead@larkfield.example"))
        try await test.act(ref, .agent) { try $0.sendClosingNotice(by: $3, at: $2, $1) }
        let away = try await test.act(ref, .client) { $0.answered("I am away.", visibility: .public, channel: .email, automatic: true, actor: $3.actor, at: $2, $1) }
        #expect(away.ticket.closing != nil && away.status == .awaitingClient)
        let real = try await test.act(ref, .client) { $0.answered("Firefox.", visibility: .public, channel: .email, automatic: false, actor: $3.actor, at: $2, $1) }
        #expect(real.ticket.closing == nil && real.status == .open)
    }

    @Test("assigning to nobody says so, and what changes nothing is no event")
    func assignment() async throws {
        let test = try await TestDesk()
        let view = try await test.log()
        let (ref, department) = (view.ticket.ref, view.ticket.department)
        let agent = try test.person(.agent)
        try await test.act(ref, .agent) { try $0.assign(to: (agent.id, agent.name), department: department, by: $3, at: $2, $1) }
        let head = try await test.act(ref, .agent) { try $0.assign(to: (agent.id, agent.name), department: department, by: $3, at: $2, $1) }.ticket.head
        let after = try await test.act(ref, .agent) { try $0.assign(to: nil, department: department, by: $3, at: $2, $1) }
        #expect(after.ticket.head == head + 1 && after.ticket.assignee == nil)
        let sentence = try await test.desk.detail(ref, for: agent).events.last?.sentence ?? ""
        #expect(sentence == "agent gave it to \(department ?? ""); nobody is assigned.")
    }
}
