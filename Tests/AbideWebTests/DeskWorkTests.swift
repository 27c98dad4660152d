import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import HTTPTypes
import Testing
@testable import AbideWeb

private let agent = "agent@larkfield.example", manager = "servicemanager@larkfield.example", client = "client@northfield.example"

@Suite struct DeskWorkTests {
    @Test("An act on many tickets is decided by each of them, and what refuses holds nothing back") func many() async throws {
        let desk = try await PageDesk()
        let (first, second, done) = (try await desk.test.log().ticket.ref, try await desk.test.log().ticket.ref, try await desk.test.log().ticket.ref)
        try await desk.test.act(done, .agent) { try $0.resolve("Restarted", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        let mixed = try await desk.post("/tickets/many", agent, ["do": "suspend", "suspend-reason": "accessAwaited", "ref": first, "ref": done, "ref": "ABD-9999", "ref": second, "ref": first, "back": "/tickets?view=mine"])
        #expect(mixed.status == 200 && mixed.text.contains("Suspended: 2 of 4 tickets.") && mixed.text.contains("href=\"/tickets?view=mine\""))
        #expect(mixed.text.contains("ABD-9999") && !mixed.text.contains("/tickets/ABD-9999"))
        for ref in [first, second] { #expect(try await desk.test.events(ref).count { $0.fact.type == "suspended" } == 1) }
        #expect(try await desk.test.events(done).allSatisfy { $0.fact.type != "suspended" })
        let all = try await desk.post("/tickets/many", agent, ["do": "resume", "ref": first, "ref": second, "back": "https://evil.example/tickets"])
        #expect(all.status == 303 && all.location == "/tickets?done=resume&n=2")
        #expect(try await desk.get(all.location, agent).text.contains("Resumed: 2 tickets."))
        let none = try await desk.post("/tickets/many", agent, ["do": "resume", "ref": first])
        #expect(none.status == 409 && none.text.contains("Nothing was done."))
    }

    @Test("What is wrong with the form of an act on many tickets is said once, and nothing is done") func manyRefused() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        let before = try await desk.test.events(ref).count
        for (fields, words) in [
            (["do": "severity", "severity": "1", "ref": ref] as KeyValuePairs, "Say why; the clients read it."), (["do": "severity", "severity": "1", "severity-reason": "x"], "Select the tickets first."),
            (["do": "", "ref": ref], "Choose what to do"), (["do": "closure", "ref": ref], "Choose what to do"), (["do": "assign", "assignee": "999999", "ref": ref], "one of the desk"),
        ] {
            let answer = try await desk.post("/tickets/many", manager, fields)
            #expect(answer.status == 422 && answer.text.contains(words), "\(fields): \(answer.status)")
        }
        let session = try #require(try await desk.session(manager))
        let refs = (1...101).map { "ref=ABD-\($0)" }.joined(separator: "&")
        let most = try await desk.ask(.post, "/tickets/many", session, type: "application/x-www-form-urlencoded", "csrf=\(session.csrf)&do=resume&\(refs)")
        #expect(most.status == 422 && most.text.contains("At most 100 tickets at once; these are 101."))
        #expect(try await desk.post("/tickets/many", client, ["do": "assign", "ref": ref]).status == 403)
        #expect(try await desk.post("/tickets/many", "management@larkfield.example", ["do": "assign", "ref": ref]).status == 403)
        #expect(try await desk.test.events(ref).count == before)
        #expect(try await desk.get("/tickets", "clientservicesmanager@larkfield.example").text.contains("id=\"many\"") == Permissions.allows(.clientServicesManager, .assign))
    }
}

extension DeskWorkTests {
    private func held(_ desk: PageDesk, _ ref: String) async throws -> [HeldView] { try await desk.test.desk.detail(ref, for: try desk.test.person(.agent)).held }

    @Test("An answer that waits happens when it goes out and not before; two who send at once send it once") func holding() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        let sent = try await desk.post("/tickets/\(ref)/messages", agent, ["body": "We look at it", "visibility": "public", "seen": "2", "hold": "1"])
        #expect(sent.status == 303 && sent.location.hasSuffix("?done=held#composer"))
        let held = try await held(desk, ref)
        #expect(held.count == 1 && held[0].isOwn && held[0].dueAt == desk.test.clock.now + 10)
        #expect(try await !desk.get("/portal/tickets/\(ref)", client).text.contains("We look at it"))
        #expect(try await desk.test.desk.sendHeldAnswers() == 0)
        desk.test.clock.advance(12)
        async let first = desk.test.desk.sendHeldAnswers()
        async let second = desk.test.desk.sendHeldAnswers()
        #expect(try await first + second == 1)
        let answers = try await desk.test.events(ref).filter { $0.fact.type == "messageAdded" }
        #expect(answers.count == 1 && answers[0].occurredAt == desk.test.clock.now)
        let view = try await desk.test.desk.ticket(ref, for: try desk.test.person(.agent))
        #expect(view.reading(.response).stoppedAt == desk.test.clock.now)
        #expect(try await self.held(desk, ref).isEmpty)
    }

    @Test("Only its writer takes an answer back, into the draft; what is sent can't be") func undoing() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref, other = try await desk.test.log().ticket.ref
        _ = try await desk.post("/tickets/\(ref)/messages", agent, ["body": "First", "visibility": "public", "seen": "2", "hold": "1"])
        let id = try #require(try await held(desk, ref).first?.id)
        for (path, who) in [(ref, manager), (other, agent)] { #expect(try await desk.post("/tickets/\(path)/held/\(id)/undo", who, [:]).status == 409) }
        #expect(try await desk.post("/tickets/\(ref)/held/\(id)/undo", client, [:]).status == 409)
        #expect(try await desk.post("/tickets/\(ref)/held/\(id)/undo", agent, [:]).status == 303)
        #expect(try await desk.test.desk.draft(of: try desk.test.person(.agent), place: "ticket:" + ref) == "First")
        desk.test.clock.advance(12)
        #expect(try await desk.test.desk.sendHeldAnswers() == 0)
        #expect(try await desk.post("/tickets/\(ref)/held/\(id)/undo", agent, [:]).text.contains("It went out already."))
    }

    @Test("An answer that its ticket refuses when it is due waits for its writer, and says why") func heldAndRefused() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        _ = try await desk.post("/tickets/\(ref)/messages", agent, ["body": "Too late", "visibility": "public", "suspend": "answerAwaited", "seen": "2", "hold": "1"])
        let count = try await desk.test.events(ref).count
        try await desk.test.act(ref, .serviceManager) { try $0.resolve("Restarted", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        desk.test.clock.advance(12)
        #expect(try await desk.test.desk.sendHeldAnswers() == 0)
        let held = try await held(desk, ref)
        #expect(held.count == 1 && held[0].dueAt == nil && !(held[0].refusal ?? "").isEmpty)
        #expect(try await desk.get("/tickets/\(ref)", agent).text.contains("Your answer was not sent."))
        #expect(try await desk.test.events(ref).dropFirst(count).allSatisfy { $0.fact.type != "messageAdded" || $0.texts[TextKey.body] != "Too late" })
        #expect(try await desk.post("/tickets/\(ref)/messages", agent, ["body": "x", "visibility": "public", "suspend": "answerAwaited", "seen": "99", "hold": "1"]).status == 409)
    }

    @Test("An answer that crossed another is not sent; sent anyway it is, and a note never asks") func crossing() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        try await desk.test.act(ref, .serviceManager) { try $0.answer("Restarted <already>", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        let head = try await desk.test.events(ref).count
        let crossed = try await desk.post("/tickets/\(ref)/messages", agent, ["body": "Restart it", "visibility": "public", "seen": "2"])
        #expect(crossed.status == 409 && crossed.text.contains("while you wrote.") && crossed.text.contains("Yours is kept as a draft and was not sent."))
        #expect(crossed.text.contains("name=\"seen\" value=\"\(head)\"") && !crossed.text.contains("<already>"))
        #expect(try await desk.test.desk.draft(of: try desk.test.person(.agent), place: "ticket:" + ref) == "Restart it")
        #expect(try await desk.test.events(ref).count == head)
        #expect(try await desk.post("/tickets/\(ref)/messages", agent, ["body": "Aside", "visibility": "internal", "seen": "2"]).status == 303)
        #expect(try await desk.post("/tickets/\(ref)/messages", manager, ["body": "And mine", "visibility": "public", "seen": "2"]).status == 303)
        #expect(try await desk.post("/tickets/\(ref)/messages", agent, ["body": "Restart it", "visibility": "public", "seen": "\(head)"]).status == 409)
        #expect(try await desk.post("/tickets/\(ref)/messages", agent, ["body": "Restart it", "visibility": "public", "seen": "\(head + 2)"]).status == 303)
        #expect(try await desk.post("/tickets/\(ref)/messages", client, ["body": "Still down"]).status == 303)
    }

    @Test("Who is on a ticket is known to staff alone, and typing ends by itself") func presence() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        let agent = try desk.test.person(.agent), manager = try desk.test.person(.serviceManager), ticket = try await desk.test.desk.ticket(ref, for: agent).ticket.id
        await desk.test.desk.sit(ticket, agent, page: "a")
        await desk.test.desk.sit(ticket, agent, page: "b")
        try await desk.test.desk.type(on: ref, by: agent)
        #expect(await desk.test.desk.present(ticket, for: manager).map { [$0.name, "\($0.isTyping)"] } == [[agent.name, "true"]])
        #expect(await desk.test.desk.present(ticket, for: agent).isEmpty)
        desk.test.clock.advance(7)
        #expect(await desk.test.desk.present(ticket, for: manager).map(\.isTyping) == [false])
        await desk.test.desk.leave(ticket, agent, page: "a")
        #expect(await desk.test.desk.present(ticket, for: manager).count == 1)
        await desk.test.desk.leave(ticket, agent, page: "b")
        #expect(await desk.test.desk.present(ticket, for: manager).isEmpty)
        #expect(try await desk.post("/tickets/\(ref)/typing", client, [:]).status == 403)
    }
}
