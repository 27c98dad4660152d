import AbideCore
import AbideDesk
import AbideTestKit
import Testing

@Suite("Internal targets of departments") struct HoldTests {
    @Test("A department's time counts in working hours while it can work on the ticket, and is over its own target alone")
    func holds() async throws {
        let test = try await TestDesk()
        let yaml = "base: standard.yaml\nname: Own\nversion: 1\ndepartments: [{name: Process data, holdWithin: 1h}]\n"
        let terms = try await test.desk.putAgreement(yaml: yaml, fileName: "own.yaml").terms
        try await test.desk.putInForce(digest: terms.digest, client: nil, actor: "x")
        let ref = try await test.log().ticket.ref
        test.clock.advance(1800)
        try await test.act(ref, .agent) { try $0.suspend(reason: "answerAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        test.clock.advance(7200)
        try await test.act(ref, .client) { try $0.answer("Here.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        test.clock.advance(3600)
        try await test.act(ref, .agent) { try $0.assign(to: nil, department: "Platform", by: $3, at: $2, $1) }
        test.clock.advance(600)
        let agent = try test.person(.agent)
        let holds = try await test.desk.holds(ref, for: agent)
        #expect(holds.map(\.department) == ["Process data", "Platform"] && holds.map(\.workingSeconds) == [5400, 600])
        #expect(holds.map(\.targetSeconds) == [3600, nil] && holds.map(\.isOver) == [true, false] && holds[1].to == nil)
        let figures = try await test.desk.departmentFigures(from: #require(LocalDate(iso: "2026-03-01")), to: #require(LocalDate(iso: "2026-03-31")), for: agent)
        #expect(figures.map(\.over) == [0, 1] && figures.map(\.holds) == [1, 1])
        let client = try test.person(.primaryContact)
        await #expect(throws: Refusal.self) { try await test.desk.holds(ref, for: client) }
        // The client's clock knows nothing of it.
        #expect(try await test.desk.ticket(ref, for: agent).reading(.response).usedSeconds == 6000)
    }
}
