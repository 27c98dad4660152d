import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import Testing

/// Ladders with conditions, departments and a third trigger, as an agreement may have them (D1).
@Suite struct LadderTests {
    private static let own = """
        base: standard.yaml
        name: Ladders
        version: 1
        escalation:
          response:
            - {after: 0s, notify: [departmentLead]}
            - {after: 1h, notify: [management], when: {severity: [2]}, tellClient: false}
            - {after: 2h, notify: [serviceManager], departments: [Applications], handTo: Platform}
          unsolved:
            responseTimes: 3
            rungs:
              - {after: 0s, notify: [serviceManager], when: {severity: [1]}}
              - {after: 1h, notify: [management]}
        """

    private func desk() async throws -> TestDesk {
        let test = try await TestDesk()
        let agreement = try await test.desk.putAgreement(yaml: Self.own, fileName: "own.yaml")
        try await test.desk.putInForce(digest: agreement.terms.digest, client: nil, actor: "test")
        return test
    }

    private func rungs(_ test: TestDesk, _ ref: String) async throws -> [Int] {
        try await test.events(ref).compactMap { event in
            if case .escalated(.response, let rung, _, _, _, _) = event.fact { return rung }
            return nil
        }
    }

    @Test("D1 a rung whose condition doesn't hold is passed over, and the one after it keeps its own delay")
    func conditions() async throws {
        let test = try await desk()
        let critical = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T17:30:00Z")
        try await test.desk.tick()
        #expect(try await rungs(test, critical) == [1])
        test.clock.set("2026-03-10T18:00:01Z")
        try await test.desk.tick()
        #expect(try await rungs(test, critical) == [1, 3])
        #expect(try await test.mails(critical).contains { $0.contains("management@") } == false)
        let urgent = try await test.log(urgency: 2).ticket.ref
        test.clock.set("2026-03-11T22:00:00Z")
        try await test.desk.tick()
        #expect(try await rungs(test, urgent) == [1, 2, 3])
        #expect(try await test.mails(urgent).contains("escalated to management@larkfield.example"))
    }

    @Test("D4 of several warnings each goes out once, and after a stop the last that passed speaks for all")
    func warnings() async throws {
        let test = try await TestDesk()
        let agreement = try await test.desk.putAgreement(yaml: """
            base: standard.yaml
            name: Warnings
            version: 1
            severities:
              - {number: 1, warning: [15m, 1h, 30m]}
            """, fileName: "own.yaml")
        try await test.desk.putInForce(digest: agreement.terms.digest, client: nil, actor: "test")
        func warned(_ ref: String) async throws -> [Instant] {
            try await test.events(ref).compactMap { if case .warned = $0.fact { $0.occurredAt } else { nil } }
        }
        // Due two working hours after 09:00 in Dallas, so at 11:00.
        let watched = try await test.log(urgency: 1).ticket.ref
        for (time, count) in [("14:59:59", 0), ("15:00:00", 1), ("15:29:59", 1), ("15:30:00", 2), ("15:44:59", 2), ("15:45:00", 3), ("15:59:00", 3)] {
            test.clock.set("2026-03-10T\(time)Z")
            try await test.desk.tick()
            #expect(try await warned(watched).count == count, "\(time)")
        }
        test.clock.set("2026-03-10T16:00:00Z")
        let unseen = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T17:35:00Z")
        try await test.desk.tick()
        #expect(try await warned(unseen) == [try #require(Instant(rfc3339: "2026-03-10T17:30:00Z"))])
        test.clock.set("2026-03-10T17:59:00Z")
        try await test.desk.tick()
        #expect(try await warned(unseen).count == 2)
    }

    @Test("D1 a rung that hands a ticket over gives it to that department, with an event, and tells the leads of the departments that it names")
    func handing() async throws {
        let test = try await desk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.set("2026-03-10T18:00:01Z")
        try await test.desk.tick()
        let detail = try await test.desk.detail(ref, for: try test.person(.agent))
        #expect(detail.view.ticket.department == "Platform")
        #expect(detail.events.contains { if case .assigned(_, _, "Platform") = $0.event.fact { $0.event.actor.kind == .system } else { false } })
        #expect(try await test.mails(ref).contains("escalated to servicemanager@larkfield.example"))
    }

    @Test("D1 what is answered and still not solved at three times its response target climbs the third ladder; what is solved doesn't")
    func unsolved() async throws {
        let test = try await desk()
        func answered(_ urgency: Int) async throws -> String {
            let ref = try await test.log(urgency: urgency).ticket.ref
            try await test.act(ref, .agent) { try $0.answer("We are on it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
            return ref
        }
        let (open, solved, general) = (try await answered(1), try await answered(1), try await answered(4))
        try await test.act(solved, .agent) { try $0.resolve("Mended.", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        // Three times two working hours from 09:00 in Dallas end at 15:00.
        test.clock.set("2026-03-10T19:59:59Z")
        try await test.desk.tick()
        #expect(try await test.events(open).contains { $0.fact.type == "escalated" } == false)
        test.clock.set("2026-03-10T21:00:00Z")
        try await test.desk.tick()
        let climbed = try await test.events(open).compactMap { event -> String? in
            if case .unsolvedEscalated(let rung, let dueAt, _, _, _) = event.fact { return "\(rung) \(dueAt.rfc3339)" }
            return nil
        }
        #expect(climbed == ["1 2026-03-10T20:00:00Z", "2 2026-03-10T21:00:00Z"])
        for ref in [solved, general] { #expect(try await test.events(ref).contains { $0.fact.type == "escalated" } == false) }
    }
}
