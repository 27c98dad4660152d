import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Testing
@testable import AbideWeb

private let administrator = "administrator@larkfield.example"

/// How the desk does, as administrators read it.
@Suite struct StatusTests {
    /// A desk's condition in which all is right.
    private static func right() async throws -> DeskCondition {
        let test = try await TestDesk()
        try await test.desk.wake()
        var condition = await test.desk.condition()
        condition.disk = DiskSpace(free: 80_000_000_000, size: 100_000_000_000)
        condition.figures?.clockOffset = 0
        for kind in Upkeep.Kind.allCases { condition.upkeep[kind] = Upkeep.Note(place: "/there", doneAt: condition.at) }
        return condition
    }

    private static func check(_ id: String, _ change: (inout DeskCondition) -> Void) async throws -> DeskCheck {
        var condition = try await right()
        change(&condition)
        return try #require(condition.checks.first { $0.id == id })
    }

    @Test("where all is right each fact is told as right, and nothing is a trouble") func allRight() async throws {
        let condition = try await Self.right()
        #expect(condition.troubles.isEmpty, "\(condition.troubles)")
        #expect(condition.checks.map(\.id) == ["store", "timers", "outgoing", "givenUp", "incoming", "clock", "search", "backup", "continuity", "heads", "disk"])
        #expect(condition.checks.allSatisfy { $0.state == .good && !$0.fact.isEmpty && $0.advice.isEmpty })
    }

    /// Each fault with the check that shows it, and a word that its fact or advice must have.
    private static let faults: [(id: String, state: DeskCheck.State, word: String, change: @Sendable (inout DeskCondition) -> Void)] = [
        ("store", .wrong, "takes no writes", { $0.takesWrites = false }),
        ("store", .wrong, "Does not answer", { $0.figures = nil }),
        ("timers", .wrong, "12 due, the first for 5 m", { $0.figures?.timersDue = 12; $0.figures?.timersLate = 300 }),
        ("outgoing", .wrong, "The relay does not answer", { $0.figures?.unreached = 1; $0.figures?.putOffBecause = "0 Could not connect to server" }),
        ("outgoing", .wrong, "450 greylisted", { $0.figures?.outboxAge = 901; $0.figures?.putOff = 1; $0.figures?.putOffBecause = "450 greylisted" }),
        ("outgoing", .unused, "No relay is set", { $0.sendsMail = false }),
        ("givenUp", .look, "2 were refused for good", { $0.figures?.outbox["failed"] = 2 }),
        ("incoming", .wrong, "came 2 m ago", { $0.figures?.mailInAge = 120 }),
        ("mailbox.imaps://u@h/INBOX", .wrong, "no route", { $0.mailboxes = [.init(address: "imaps://u@h/INBOX", readAt: nil, failingSince: $0.at + -60, error: "no route")] }),
        ("mailbox.imaps://u@h/INBOX", .good, "Read 9 s ago", { $0.mailboxes = [.init(address: "imaps://u@h/INBOX", readAt: $0.at + -9, failingSince: nil, error: nil)] }),
        ("clock", .wrong, "5 m behind the database's", { $0.figures?.clockOffset = -300 }),
        ("clock", .look, "forward by 1 h", { $0.lastJump = ($0.at + -60, 3600) }),
        ("search", .look, "5000 tickets", { $0.figures?.unsearched = 5000 }),
        ("backup", .unused, "--backups", { $0.upkeep[.backup] = nil }),
        ("backup", .wrong, "3 days ago", { $0.upkeep[.backup]?.doneAt = $0.at + -300_000; $0.upSince = $0.at + -900_000 }),
        ("backup", .wrong, "no room", { $0.upkeep[.backup]?.error = "no room" }),
        // What stood still with the desk is not late before the desk had time to make up for it.
        ("continuity", .good, "3 days ago", { $0.upkeep[.continuity]?.doneAt = $0.at + -300_000; $0.upSince = $0.at + -60 }),
        ("continuity", .wrong, "40 m ago", { $0.upkeep[.continuity]?.doneAt = $0.at + -2400; $0.upSince = $0.at + -900_000 }),
        ("heads", .wrong, "Not done yet", { $0.upkeep[.heads]?.doneAt = nil; $0.upSince = $0.at + -900_000 }),
        ("disk", .wrong, "150 MB of 100.0 GB", { $0.disk?.free = 150_000_000 }),
        ("disk", .look, "8.0 GB of 100.0 GB", { $0.disk?.free = 8_000_000_000 }),
        ("nodes", .good, "2 are there: one, two", { $0.nodes = [.init(name: "one", seenAt: $0.at), .init(name: "two", seenAt: $0.at + -12)] }),
        ("nodes", .look, "two, seen 5 m ago", { $0.nodes = [.init(name: "one", seenAt: $0.at), .init(name: "two", seenAt: $0.at + -300)] }),
    ]

    @Test("each fault is told with what to do", arguments: faults.indices) func told(_ index: Int) async throws {
        let fault = Self.faults[index]
        let check = try await Self.check(fault.id, fault.change)
        #expect(check.state == fault.state)
        #expect((check.fact + check.advice).contains(fault.word), "\(check)")
        #expect(check.advice.isEmpty == (fault.state == .good))
    }

    @Test("what is wrong stands above what is right") func order() async throws {
        var condition = try await Self.right()
        condition.figures?.unsearched = 5000
        condition.disk?.free = 1
        #expect(condition.checks.prefix(2).map(\.id) == ["disk", "search"])
    }

    @Test("a relay that is away is told on the page and on the other pages of administration, until a mail gets through; then all leave at once") func relay() async throws {
        let desk = try await PageDesk()
        try await desk.test.desk.wake()
        _ = try await desk.test.log()
        try await desk.test.desk.sendMail { _ in .tryAgain("0 Could not connect to <server>") }
        desk.test.clock.advance(6)
        try await desk.test.desk.sendMail { _ in .tryAgain("0 Could not connect to <server>") }
        let wrong = try await desk.get("/settings/status", administrator)
        #expect(wrong.status == 200 && wrong.text.contains("The relay does not answer.") && wrong.text.contains("Could not connect to &lt;server&gt;") && wrong.text.contains("wrong.</p>"))
        #expect(try await desk.get("/settings/users", administrator).text.contains("<b>Something is wrong.</b> Mail that leaves"))
        // Written down now, and the first to be tried: what is put off for a minute yet follows it.
        _ = try await desk.test.log()
        #expect(try await desk.test.desk.sendMail { _ in .sent } > 0)
        while try await desk.test.desk.sendMail(send: { _ in .sent }) > 0 {}
        desk.test.clock.advance(6)
        let right = try await desk.get("/settings/status", administrator)
        #expect(right.text.contains("Nothing waits.") && !right.text.contains("The relay does not answer."))
        #expect(!(try await desk.get("/settings/users", administrator)).text.contains("Mail that leaves"))
    }

    @Test("only administrators read it, and only they are told of troubles") func rights() async throws {
        let desk = try await PageDesk()
        try await desk.test.desk.wake()
        _ = try await desk.test.log()
        try await desk.test.desk.sendMail { _ in .failed("550 no such user") }
        #expect(try await desk.get("/settings/status", administrator).text.contains("refused for good"))
        for role in Role.allCases where role != .administrator {
            let email = "\(role.rawValue.lowercased())@\(role.isStaff ? "larkfield" : "northfield").example"
            #expect(try await desk.get("/settings/status", email).status == 403, "\(role)")
        }
        let manager = try await desk.get("/settings/users", "agreementmanager@larkfield.example")
        #expect(manager.status == 200 && !manager.text.contains("class=\"trouble\"") && !manager.text.contains("/settings/status"))
    }

    @Test("closings that wait after a long stop for answers under way are not late") func held() async throws {
        let test = try await TestDesk()
        try await test.desk.wake()
        try await test.desk.noteAlive()
        try await test.desk.db.write { session in
            try session.setTimers(ticket: 1, [
                TicketTimer(ticket: 1, kind: TimerDue.Kind.closingPrompt.rawValue, clock: "", rung: 0, cycle: 0, dueAt: test.clock.now + 60),
                TicketTimer(ticket: 1, kind: TimerDue.Kind.rung.rawValue, clock: "response", rung: 1, cycle: 0, dueAt: test.clock.now + 3 * 86_400 - 10),
            ])
        }
        test.clock.advance(3 * 86_400)
        try await test.desk.wake()
        var figures = try await test.desk.figures()
        #expect((figures.timersDue, figures.timersLate, figures.timersHeld) == (1, 10, 1))
        test.clock.advance(test.desk.currentAgreement().terms.catchUpGraceSeconds + 1)
        figures = try await test.desk.figures()
        #expect(figures.timersDue == 2 && figures.timersHeld == 0 && figures.timersLate > 2 * 86_400)
    }
}
