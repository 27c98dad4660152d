import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import Testing

@Suite struct ReplayTests {
    private func standard(_ change: (String, String)? = nil) throws -> AgreementTerms {
        let yaml = change.map { AgreementFile.standardYAML.replacingOccurrences(of: $0.0, with: $0.1) } ?? AgreementFile.standardYAML
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "tried.yaml")
        return try #require(terms, "\(faults)")
    }

    /// One answered after 1.5 h, one suspended for an hour and answered after that, one that nobody answered; severities 1, 2, 1.
    private func history() async throws -> TestDesk {
        let test = try await TestDesk()
        let first = try await test.log(urgency: 1).ticket.ref
        let second = try await test.log(urgency: 2).ticket.ref
        _ = try await test.log(urgency: 1)
        test.clock.advance(3600)
        try await test.act(second, .agent) { try $0.suspend(reason: "accessAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        test.clock.advance(1800)
        try await test.act(first, .agent) { try $0.answer("I see it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        test.clock.advance(1800)
        try await test.act(second, .agent) { try $0.resume(1, by: $3, at: $2) }
        test.clock.advance(4 * 3600)
        try await test.desk.tick()
        try await test.act(second, .agent) { try $0.answer("I see it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        return test
    }

    @Test("O2 under the terms that it had, the history comes out as it did, miss for miss and rung for rung")
    func same() async throws {
        let test = try await history()
        let replay = try await test.desk.replay(try standard())
        #expect(replay.total.tickets == 3 && replay.total.differing == 0 && replay.differences.isEmpty)
        let recorded = try await test.events("ABD-1003")
        #expect(replay.total.now.responseMissed == recorded.count { $0.fact.type == "targetMissed" })
        #expect(replay.total.now.escalations == recorded.count { $0.fact.type == "escalated" })
    }

    @Test("C2 a shorter target would have been missed, and the answer says why; nothing of the desk is touched")
    func shorter() async throws {
        let test = try await history()
        let before = try await test.events("ABD-1001")
        let replay = try await test.desk.replay(try standard(("response: 2h", "response: 1h")))
        #expect(replay.severities[1]?.now.responseMissed == 1 && replay.severities[1]?.then.responseMissed == 2)
        #expect(replay.severities[2]?.differing == 0)
        let difference = try #require(replay.differences.first { $0.ref == "ABD-1001" }?.clocks.first)
        #expect(difference.now.clock.outcome == .met && difference.then.clock.outcome == .missed && difference.then.clock.misses.first?.overSeconds == 1800)
        let why = ReplaySentence.why(difference) { $0.rfc3339 }
        #expect(why.contains("The target is 1 h instead of 2 h.") && why.contains("Missed by 30 m instead of met."))
        #expect(try await test.events("ABD-1001") == before)
        #expect(try await test.desk.verify().fault == nil)
        let json = try replay.json { $0.rfc3339 }
        #expect(json.contains("\"differing\":2") && json.contains("\"responseMissed\":2"))
    }

    @Test("M what another table of coverage would have decided, and what the client would have paid apart; what a person decided stands")
    func paid() async throws {
        let test = try await history()
        try await test.act("ABD-1002", .agent) { try $0.decideCoverage(.covered, rule: nil, reason: "Ours.", by: $3, at: $2, $1) }
        let standard = try await test.desk.replay(try standard())
        #expect(standard.total.now.paidApart == 0 && standard.total.differing == 0)
        let rule = "coverage:\n  - {name: X1-all, clause: M4, description: All is paid apart., when: {}, decision: chargeable}\n"
        let terms = try self.standard(("coverage:\n", rule))
        let replay = try await test.desk.replay(terms)
        #expect(replay.total.now.paidApart == 0 && replay.total.then.paidApart == 2 && replay.total.differing == 2)
        #expect(replay.differences.map(\.ref) == ["ABD-1001", "ABD-1003"] && replay.differences.allSatisfy { $0.clocks.isEmpty })
        let coverage = try #require(replay.differences.first?.coverage)
        #expect(coverage.then == .chargeable && coverage.rule == "X1-all" && ReplaySentence.why(coverage) == "Chargeable instead of covered, by rule X1-all.")
        #expect(replay.clients["Northfield Mining"]?.then.paidApart == 2)
    }

    @Test("C4 other hours show which stretches would have counted")
    func hours() async throws {
        let test = try await history()
        let replay = try await test.desk.replay(try standard(("tue: [08:00-17:00]", "tue: [08:00-10:00, 11:00-17:00]")))
        // The history is a Tuesday's: from 10:00 to 11:00 in Dallas it would have been closed.
        let difference = try #require(replay.differences.first { $0.ref == "ABD-1001" }?.clocks.first { $0.name == .response })
        #expect(difference.stretches.map(\.from.rfc3339) == ["2026-03-10T15:00:00Z"] && difference.stretches.map(\.to.rfc3339) == ["2026-03-10T15:30:00Z"])
        #expect(difference.stretches.first?.now == .counted && difference.stretches.first?.then == .closed)
        #expect(difference.then.clock.usedSeconds == 3600)
    }

    @Test("N4 other rules of reopening are folded from the log anew")
    func reopening() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        test.clock.advance(600)
        try await test.act(ref, .agent) { try $0.resolve("Done.", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        try await test.act(ref, .client) { try $0.reopen(reason: "It is back", by: $3, at: $2) }
        test.clock.advance(4 * 3600)
        try await test.desk.tick()
        let replay = try await test.desk.replay(try standard(("  response: restart", "  response: none")))
        #expect(replay.total.now.responseMissed == 1 && replay.total.then.responseMissed == 0)
    }
}
