import AbideCore
@testable import AbideDesk
import AbideStore
import AbideTestKit
import Testing

/// A wall clock that somebody sets while the desk runs (P7).
@Suite struct ClockJumpTests {
    private static let jumps: [Int64] = [3600, -3600, 3 * 86_400, -7200]

    /// A ticket whose prompt for the closing notice falls due on Tuesday 17 March at 09:00 in Dallas; and one that is closed, whose words are kept for a day.
    private func awaiting(_ test: TestDesk) async throws -> String {
        let ref = try await test.log(urgency: 4).ticket.ref
        try await test.act(ref, .agent) { try $0.answer("Which browser?", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        let old = try await test.log().ticket.ref
        try await test.act(old, .client) { ticket, _, now, person in try ticket.close(reason: nil, by: person, at: now) }
        try await test.desk.setRetention(.words, client: nil, days: 1, by: .command)
        return ref
    }

    private func isPrompted(_ test: TestDesk, _ ref: String) async throws -> Bool { try await test.events(ref).contains { $0.fact.type == "closingPrompted" } }

    @Test("P7 a jump of the clock is counted and audited once, and nothing irreversible follows it before anybody had time to look", arguments: jumps)
    func jump(seconds: Int64) async throws {
        let test = try await TestDesk()
        let ref = try await awaiting(test)
        let critical = try await test.log(urgency: 1).ticket.ref
        // So that the prompt is due right after the jump, whichever way it goes.
        test.clock.set((try #require(Instant(rfc3339: "2026-03-17T14:30:00Z"))) - seconds)
        try await test.desk.watchClock()
        test.clock.advance(seconds)
        // The tick itself sees it; no look comes in between.
        try await test.desk.tick()
        #expect(try await !isPrompted(test, ref))
        #expect(test.desk.clockSettles() && test.desk.holdsClosing(at: test.clock.now))
        // What is owed goes on, and once.
        let rungs = try await test.events(critical).compactMap { if case .escalated(_, let rung, _, _, _, _) = $0.fact { rung } else { nil } }
        #expect(rungs == [1, 2, 3])
        try await test.desk.watchClock()
        try await test.desk.watchClock()
        let audited = try await test.desk.audit(for: try test.person(.administrator)).filter { $0.action == "clock jumped" }
        #expect(audited.map(\.detail) == ["\(seconds > 0 ? "+" : "")\(seconds) s"] && audited.map(\.at) == [test.clock.now])
        #expect(try await test.desk.figures().clockJumps == 1)
        // Not even by the rules of retention, which would take the clock's word for what is old.
        #expect(try await test.desk.applyRetention().total == 0)
    }

    @Test("P7 a quarter of an hour after a jump, by the clock that nobody sets, closing goes on", arguments: jumps)
    func settled(seconds: Int64) async throws {
        let test = try await TestDesk()
        let ref = try await awaiting(test)
        let began = ContinuousClock.now - .seconds(1000)
        test.clock.set((try #require(Instant(rfc3339: "2026-03-17T14:30:00Z"))) - seconds)
        try await test.desk.watchClock(steady: began)
        test.clock.advance(seconds)
        try await test.desk.watchClock(steady: began)
        test.clock.advance(1000)
        try await test.desk.tick()
        #expect(try await isPrompted(test, ref))
        #expect(try await test.desk.applyRetention().total == 1)
        #expect(try await test.desk.figures().clockJumps == 1)
    }

    @Test("P7 a clock that runs, or stands with its process, has not jumped")
    func even() async throws {
        let test = try await TestDesk()
        let began = ContinuousClock.now - .seconds(700)
        try await test.desk.watchClock(steady: began)
        test.clock.advance(1)
        try await test.desk.watchClock(steady: began + .seconds(1))
        // The process stood still for ten minutes: both clocks went on.
        test.clock.advance(600)
        try await test.desk.watchClock(steady: began + .seconds(601))
        // The time service sets it by less than a minute.
        test.clock.advance(50)
        try await test.desk.watchClock(steady: began + .seconds(602))
        #expect(test.desk.clockWatch.jumps == 0 && !test.desk.clockWatch.settles)
    }
}
