import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Logging
import Testing

/// The desk is down from Friday evening until Monday morning (P9).
@Suite struct WeekendDownTests {
    /// Round the clock for what is critical, so that its whole ladder is passed while nobody runs it.
    private static let own = """
        base: standard.yaml
        name: Weekend
        version: 1
        calendars:
          - name: always
            zone: America/Chicago
            week:
              mon: [00:00-24:00]
              tue: [00:00-24:00]
              wed: [00:00-24:00]
              thu: [00:00-24:00]
              fri: [00:00-24:00]
              sat: [00:00-24:00]
              sun: [00:00-24:00]
        severities:
          - {number: 1, calendar: always}
        """

    private enum State: CaseIterable {
        case listable, promptable, closed, answered, suspended, incomplete, complained, missed, onTheLadder, unanswered

        /// What falls due while the desk is down, in order: type, number of the rung, and when.
        var passed: [String] {
            switch self {
            case .closed, .answered, .suspended, .incomplete, .listable, .promptable: []
            case .complained: ["complaintOverdue 0 2026-03-16T13:20:00Z"]
            case .missed: ["targetMissed 0 2026-03-16T13:10:00Z", "escalated 1 2026-03-16T13:10:00Z"]
            case .onTheLadder: ["escalated 2 2026-03-14T01:00:00Z", "escalated 3 2026-03-14T06:00:00Z"]
            case .unanswered: ["targetMissed 0 2026-03-13T23:30:00Z", "escalated 1 2026-03-13T23:30:00Z", "escalated 2 2026-03-14T03:30:00Z", "escalated 3 2026-03-14T08:30:00Z"]
            }
        }

        /// What waits until answers under way had time to come in.
        var held: [String] {
            switch self {
            case .listable: ["closingListed"]
            case .promptable: ["closingPrompted"]
            default: []
            }
        }
    }

    private func facts(_ events: [TicketEvent]) -> [String] {
        events.map { event in
            switch event.fact {
            case .targetMissed(_, let due, _): "targetMissed 0 \(due.rfc3339)"
            case .escalated(_, let rung, let due, _, _, _): "escalated \(rung) \(due.rfc3339)"
            case .complaintOverdue(_, let due): "complaintOverdue 0 \(due.rfc3339)"
            default: event.fact.type
            }
        }
    }

    @Test("P9 after a weekend each passed rung is recorded once and in order, told in one notice, and closings wait for intake", .timeLimit(.minutes(5)))
    func weekend() async throws {
        let test = try await TestDesk(start: "2026-03-05T14:00:00Z")
        let agreement = try await test.desk.putAgreement(yaml: Self.own, fileName: "own.yaml")
        try await test.desk.putInForce(digest: agreement.terms.digest, client: nil, actor: "test")
        let each = 50
        var refs: [String: State] = [:]
        func make(_ state: State, at time: String, urgency: Int, _ then: (String) async throws -> Void = { _ in }) async throws {
            test.clock.set(time)
            for _ in 0..<each {
                let ref = try await test.log(urgency: urgency, fields: state == .incomplete ? ["description": "It is frozen."] : TestDesk.complete).ticket.ref
                refs[ref] = state
                try await then(ref)
            }
        }
        func answer(_ ref: String) async throws { try await test.act(ref, .agent) { try $0.answer("We see it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) } }
        func await_(_ ref: String) async throws {
            try await answer(ref)
            try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        }
        try await make(.listable, at: "2026-03-05T14:00:00Z", urgency: 2, await_)
        try await make(.promptable, at: "2026-03-09T13:30:00Z", urgency: 2, await_)
        test.clock.set("2026-03-12T13:30:00Z")
        for (ref, state) in refs where state == .listable { try await test.act(ref, .agent) { try $0.sendClosingNotice(by: $3, at: $2, $1) } }
        try await make(.missed, at: "2026-03-13T13:10:00Z", urgency: 2)
        try await make(.complained, at: "2026-03-13T13:20:00Z", urgency: 3) { ref in
            try await answer(ref)
            try await test.act(ref, .client) { ticket, _, now, person in try ticket.complain(reason: "Slow", impact: "The belt stands.", by: person, at: now) }
        }
        try await make(.onTheLadder, at: "2026-03-13T19:00:00Z", urgency: 1)
        test.clock.set("2026-03-13T21:10:00Z")
        while try await test.desk.tick() > 0 {}
        try await make(.closed, at: "2026-03-13T21:20:00Z", urgency: 1) { ref in try await test.act(ref, .client) { ticket, _, now, person in try ticket.close(reason: nil, by: person, at: now) } }
        try await make(.answered, at: "2026-03-13T21:25:00Z", urgency: 1, answer)
        try await make(.suspended, at: "2026-03-13T21:25:00Z", urgency: 1) { ref in
            try await test.act(ref, .agent) { try $0.suspend(reason: "accessAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        }
        try await make(.incomplete, at: "2026-03-13T21:25:00Z", urgency: 1)
        try await make(.unanswered, at: "2026-03-13T21:30:00Z", urgency: 1)
        #expect(refs.count == 500 && Set(refs.values).count == State.allCases.count)
        // Friday 17:00 in Dallas.
        test.clock.set("2026-03-13T22:00:00Z")
        while try await test.desk.tick() > 0 {}
        try await test.desk.noteAlive(stops: true)
        var heads: [String: Int] = [:]
        for ref in refs.keys { heads[ref] = try await test.events(ref).count }
        let lastMail = try await test.desk.db.read { try $0.run("SELECT MAX(id) FROM outbox", [])[0].int64(0) }

        // Monday 09:00.
        test.clock.set("2026-03-16T14:00:00Z")
        let clock = test.clock
        let began = ContinuousClock.now
        let desk = try await Desk.open(
            db: test.desk.db, settings: DeskSettings(baseURL: "http://desk.test", sendsMail: true), keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(),
            passwords: Passwords(rounds: 16, lanes: 1), logger: Logger(label: "t"), clock: { clock.now })
        try await desk.wake()
        while try await desk.tick() > 0 {}
        #expect(began.duration(to: .now) < .seconds(60))
        let reader = try test.person(.serviceManager)
        func news(_ ref: String) async throws -> [TicketEvent] { try await desk.detail(ref, for: reader).events.map(\.event).filter { $0.number > heads[ref] ?? 0 } }
        for (ref, state) in refs {
            let events = try await news(ref)
            #expect(facts(events) == state.passed, "\(state)")
            #expect(events.allSatisfy { $0.recordedAt == clock.now && $0.occurredAt < clock.now }, "\(state)")
        }
        let mails = try await desk.db.read { try $0.run("SELECT ticket, recipient, milestone, mail FROM outbox WHERE id > $1 ORDER BY id", [.integer(lastMail)]).map { (ticket: $0.int64(0), to: $0.text(1), milestone: $0.text(2), mail: $0.text(3)) } }
        let byTicket = Dictionary(grouping: mails, by: \.ticket)
        for (ref, state) in refs {
            let id = try await desk.ticket(ref, for: reader).ticket.id
            let told = byTicket[id] ?? []
            #expect(Set(told.map(\.to)).count == told.count, "one notice a person: \(state) \(told.map { "\($0.milestone) to \($0.to)" })")
            guard state.passed.contains(where: { $0.hasPrefix("escalated") }) else {
                #expect(told.isEmpty || state == .complained, "\(state)")
                continue
            }
            #expect(told.allSatisfy { $0.milestone == "escalated" } && told.contains { $0.to.hasPrefix("client@") }, "\(state)")
            // Each lists every rung, with when it was found.
            let rungs = state.passed.filter { $0.hasPrefix("escalated") }.count
            #expect(told.allSatisfy { $0.mail.components(separatedBy: "Recorded").count > rungs }, "\(state)")
        }
        #expect(mails.allSatisfy { !["closingPrompt", "closingListed"].contains($0.milestone) })

        // Four hours after the start, not before, closings go on; nothing else comes twice.
        for (time, isHeld) in [("2026-03-16T17:59:59Z", true), ("2026-03-16T18:00:00Z", false)] {
            clock.set(time)
            while try await desk.tick() > 0 {}
            for (ref, state) in refs where !state.held.isEmpty || state == .closed || state == .unanswered {
                let later = facts(try await news(ref).filter { $0.recordedAt > Instant(rfc3339: "2026-03-16T14:00:00Z")! })
                #expect(later == (isHeld ? [] : state.held), "\(state) at \(time)")
            }
        }
        // Acknowledgements are never held.
        clock.set("2026-03-16T14:00:00Z")
        let fresh = try await desk.log(LogRequest(subject: "On Monday", urgency: 3, fields: TestDesk.complete, channel: .portal), by: try test.person(.client))
        let acknowledged = try await desk.db.read { try $0.outbox(of: fresh.ticket.id).map(\.milestone) }
        #expect(acknowledged.contains("logged"))
    }
}
