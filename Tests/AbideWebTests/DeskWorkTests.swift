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
