import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Testing

@Suite struct LifeCycleTests {
    @Test("A5 a ticket with a gap is registered, says what is missing, and its clocks start when it is supplied")
    func intake() async throws {
        let test = try await TestDesk()
        let view = try await test.log(fields: ["description": "It is frozen."])
        #expect(view.status == .registered)
        #expect(view.ticket.missing(view.agreement) == ["project", "site", "environment"])
        #expect(view.reading(.response).state == .notStarted)
        test.clock.advance(1800)
        let person = try test.person(.client)
        let fields = TestDesk.complete
        let after = try await test.desk.act(view.ticket.ref, by: person) { try $0.supply(fields.filter { $0.key != "description" }, subject: nil, by: person, at: $2, $1) }
        #expect(after.ticket.loggedAt == test.clock.now)
        #expect(after.reading(.response).startedAt == test.clock.now)
        // Friday 10 March 08:30 local and one working day of nine hours: the same time on the next.
        #expect(after.reading(.response).due?.rfc3339 == "2026-03-11T14:30:00Z")
        #expect(try await test.mails(view.ticket.ref) == ["incomplete to client@northfield.example", "logged to client@northfield.example"])
    }

    @Test("C2 the first public answer by staff stops the response clock; an internal note does not")
    func response() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.advance(600)
        try await test.act(ref, .agent) { try $0.answer("note", visibility: .internal, channel: .portal, by: $3, at: $2, $1) }
        #expect(try await test.desk.ticket(ref, for: try test.person(.agent)).reading(.response).state == .running)
        test.clock.advance(6600)
        // Exactly at the due instant is met.
        let view = try await test.act(ref, .agent) { try $0.answer("I see it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        let reading = view.reading(.response)
        #expect(reading.state == .stopped && reading.outcome == .met && reading.usedSeconds == 7200 && reading.leftSeconds == 0)
    }

    @Test("C6 suspension moves the deadline by the working time lost, and overlapping ones count once")
    func suspension() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 2).ticket.ref
        test.clock.set("2026-03-10T16:00:00Z")
        try await test.act(ref, .agent) { try $0.suspend(reason: "accessAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        test.clock.set("2026-03-10T17:00:00Z")
        let twice = try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        #expect(twice.status == .awaitingClient)
        #expect(twice.reading(.response).due == nil && twice.reading(.response).state == .suspended)
        test.clock.set("2026-03-10T18:00:00Z")
        try await test.act(ref, .agent) { try $0.resume(1, by: $3, at: $2) }
        test.clock.set("2026-03-10T19:00:00Z")
        // The client's answer ends the one that waits for it.
        let view = try await test.act(ref, .client) { try $0.answer("Here you are.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(view.ticket.suspensions.isEmpty)
        // Logged 09:00 in Dallas with nine hours, three of them lost.
        #expect(view.reading(.response).due?.rfc3339 == "2026-03-11T17:00:00Z")
        test.clock.set("2026-03-11T15:00:00Z")
        let later = try await test.desk.ticket(ref, for: try test.person(.client))
        #expect(later.intervals(.response).reduce(0) { $0 + $1.seconds } == later.reading(.response).usedSeconds)
    }

    @Test("D1 D2 a missed response climbs the ladder once each, with the instant at which each rung fell due, and tells the client")
    func ladder() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T16:00:00Z")
        try await test.desk.tick()
        #expect(try await test.events(ref).map(\.fact.type).contains("targetMissed") == false)
        test.clock.advance(1)
        try await test.desk.tick()
        try await test.desk.tick()
        var types = try await test.events(ref).map(\.fact.type)
        #expect(types.suffix(2) == ["targetMissed", "escalated"])
        #expect(try await test.mails(ref).filter { $0.hasPrefix("escalated") } == ["escalated to departmentlead@larkfield.example", "escalated to client@northfield.example"])
        // A stop over night: the others fire at once, in order, in one notice to each.
        test.clock.set("2026-03-12T15:00:00Z")
        try await test.desk.tick()
        types = try await test.events(ref).map(\.fact.type)
        #expect(types.filter { $0 == "escalated" }.count == 3 && types.filter { $0 == "targetMissed" }.count == 1)
        let due = try await test.events(ref).compactMap { event -> String? in
            if case .escalated(.response, _, let dueAt, _, _, _) = event.fact { return dueAt.rfc3339 }
            return nil
        }
        #expect(due == ["2026-03-10T16:00:00Z", "2026-03-10T20:00:00Z", "2026-03-11T16:00:00Z"])
        #expect(try await test.mails(ref).filter { $0 == "escalated to client@northfield.example" }.count == 2)
        let answered = try await test.act(ref, .agent) { try $0.answer("Late, sorry.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(answered.reading(.response).outcome == .missed)
    }

    @Test("D1 an answer that comes after the deadline and before the tick does not answer the miss away")
    func missBeforeAnswer() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.advance(7201)
        try await test.act(ref, .agent) { try $0.answer("A second late.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(try await test.events(ref).map(\.fact.type).suffix(4) == ["targetMissed", "escalated", "messageAdded", "responded"])
    }

    @Test("C5 a change of severity carries what has counted; a target already spent is due at the change")
    func severity() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 3).ticket.ref
        test.clock.set("2026-03-10T17:00:00Z")
        let view = try await test.act(ref, .agent) { try $0.setSeverity(1, reason: "The line stands", by: $3, at: $2, $1) }
        #expect(view.reading(.response).due == test.clock.now)
        let back = try await test.act(ref, .agent) { try $0.setSeverity(2, reason: "It runs by hand", by: $3, at: $2, $1) }
        #expect(back.reading(.response).due?.rfc3339 == "2026-03-11T14:00:00Z")
        #expect(back.reading(.response).usedSeconds == 3 * 3600)
    }

    @Test("C3 what both sides agree becomes the deadline; one's own proposal can't be accepted")
    func agreed() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 2).ticket.ref
        try await test.act(ref, .agent) { try $0.propose(due: nil, workingSeconds: 18 * 3600, by: $3, at: $2, $1) }
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { try $0.accept(proposal: 1, by: $3, at: $2) } }
        test.clock.advance(3600)
        let view = try await test.act(ref, .client) { try $0.accept(proposal: 1, by: $3, at: $2) }
        // Two days of nine hours from the start of the clock, not from the acceptance.
        #expect(view.reading(.resolution).due?.rfc3339 == "2026-03-12T14:00:00Z")
    }

    @Test("N4 after reopening a new response clock starts and the resolution clock goes on from what had elapsed")
    func reopening() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 2).ticket.ref
        test.clock.advance(3600)
        try await test.act(ref, .agent) { try $0.resolve("Done.", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        test.clock.advance(3600)
        try await test.act(ref, .client) { try $0.close(reason: nil, by: $3, at: $2) }
        test.clock.set("2029-06-05T15:00:00Z")
        let view = try await test.act(ref, .client) { try $0.reopen(reason: "It is back", by: $3, at: $2) }
        #expect(view.status == .open)
        #expect(view.reading(.response).startedAt == test.clock.now && view.reading(.response).usedSeconds == 0)
        #expect(view.reading(.resolution).state == .running && view.reading(.resolution).usedSeconds == 3600)
        #expect(view.intervals(.resolution).reduce(0) { $0 + $1.seconds } == 3600)
    }

    @Test("N1 only the logger and the service manager close", arguments: Role.allCases)
    func closing(role: Role) async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        let may = role == .client || role == .serviceManager
        do {
            try await test.act(ref, role) { try $0.close(reason: nil, by: $3, at: $2) }
            #expect(may)
        } catch let refusal as Refusal {
            #expect(!may)
            #expect(refusal.kind == .unknown || refusal.clause == "N1" || refusal.kind == .forbidden)
        }
    }

    @Test("N2 the notice needs five working days without feedback, lists after two more, and any answer takes it off")
    func notice() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: "which browser", since: nil, by: $3, at: $2, $1) }
        test.clock.set("2026-03-16T15:00:00Z")
        await #expect(throws: Refusal.self) { try await test.act(ref, .agent) { try $0.sendClosingNotice(by: $3, at: $2, $1) } }
        test.clock.set("2026-03-17T14:00:00Z")
        let view = try await test.act(ref, .agent) { try $0.sendClosingNotice(by: $3, at: $2, $1) }
        #expect(view.ticket.closableAt(view.agreement)?.rfc3339 == "2026-03-19T14:00:00Z")
        test.clock.set("2026-03-19T14:00:00Z")
        try await test.desk.tick()
        #expect(try await test.desk.ticket(ref, for: try test.person(.serviceManager)).ticket.closing?.listed == true)
        #expect(try await test.mails(ref).contains("closingListed to servicemanager@larkfield.example"))
        let answered = try await test.act(ref, .client) { try $0.answer("Firefox.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(answered.ticket.closing == nil)
    }

    @Test("another client's ticket does not exist, for reading or for any act")
    func isolation() async throws {
        let test = try await TestDesk()
        let ref = try await test.log().ticket.ref
        let token = try await test.desk.createToken(email: "stranger@harbor.example", label: "test")
        let stranger = try #require(try await test.desk.bearer(token))
        await #expect(throws: Refusal.unknownTicket) { _ = try await test.desk.ticket(ref, for: stranger) }
        await #expect(throws: Refusal.unknownTicket) { _ = try await test.desk.act(ref, by: stranger) { try $0.answer("hello", visibility: .public, channel: .api, by: stranger, at: $2, $1) } }
        #expect(try await test.desk.list(TicketQuery(), for: stranger).rows.isEmpty)
    }

    @Test("B2 the rows that lists and pages read follow from the log, and the chain holds")
    func verify() async throws {
        let test = try await TestDesk()
        try await test.desk.generate(tickets: 60)
        let result = try await test.desk.verify()
        #expect(result.fault == nil && result.tickets == 60)
        try await test.desk.db.write { _ = try $0.run("UPDATE ticket_event SET occurred_at = occurred_at - 60 WHERE ticket = 1010 AND number = 2") }
        #expect(try await test.desk.verify().fault?.hasPrefix("ABD-1010") == true)
    }

    @Test("I2 I3 the report counts from the log what was promised, kept, missed and escalated")
    func report() async throws {
        let test = try await TestDesk()
        let kept = try await test.log(urgency: 1).ticket.ref
        let missed = try await test.log(urgency: 1).ticket.ref
        try await test.act(kept, .agent) { try $0.answer("At once.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        test.clock.advance(9000)
        try await test.desk.tick()
        try await test.act(missed, .agent) { try $0.answer("Late.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        let day = try #require(LocalDate(iso: "2026-03-10"))
        let report = try await test.desk.report(client: 1, from: day, to: day, for: try test.person(.primaryContact))
        let critical = try #require(report.severities.first { $0.severity == 1 })
        #expect(critical.logged == 2 && critical.responded == 2 && critical.respondedInTime == 1 && critical.responseMissed == 1 && critical.escalated == 1)
        #expect(report.outcomes.first { $0.ref == missed }?.misses.first?.overSeconds == 1800)
        await #expect(throws: Refusal.self) { _ = try await test.desk.report(client: 1, from: day, to: day, for: try test.person(.client)) }
    }
}
