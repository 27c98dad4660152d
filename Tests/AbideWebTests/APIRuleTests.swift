import AbideCore
import AbideDesk
import HTTPTypes
import Testing
@testable import AbideWeb

@Suite struct APIRuleTests {
    @Test("Wrong input is refused with every field named, and changes nothing") func input() async throws {
        let desk = try await APIDesk()
        let many = try await desk.call(.post, "/tickets", "Luis", #"{"subject":"","urgency":9,"fields":{"phone":7,"colour":"red"},"severity":1}"#)
        #expect(many.status == 422 && many["fields"].names == ["subject", "urgency", "fields.phone", "fields.colour", "severity"])
        #expect(many["errors"].items.count == 5)
        let ref = try await desk.ticket()
        for (act, body, field) in [
            ("messages", "{}", "body"), ("messages", #"{"body":"x","visibility":"secret"}"#, "visibility"), ("suspension", #"{"reason":"holiday"}"#, "accessAwaited"),
            ("resolution", "", "body"), ("proposals", "{}", "workingSeconds"), ("resolution", #"{"body":"x","closed_by":"me"}"#, "closed_by"), ("closing-notice", #"{"x":1}"#, "x"),
        ] {
            let refused = try await desk.call(.post, "/tickets/\(ref)/\(act)", "Maya", body)
            #expect(refused.status == 422 && refused.text.contains(field), "\(act): \(refused.text)")
        }
        let broken = try await desk.call(.post, "/tickets/\(ref)/messages", "Maya", "{not json")
        #expect(broken.status == 400 && broken["title"] == "Not understood" && broken["status"] == 400)
        let large = try await desk.call(.post, "/tickets/\(ref)/messages", "Maya", #"{"body":"\#(String(repeating: "x", count: BodyLimit.json))"}"#)
        #expect(large.status == 413 && large["detail"].text?.contains("1 MiB") == true)
        for limit in ["0", "201", "many"] { #expect(try await desk.call(.get, "/tickets?limit=\(limit)", "Maya")["fields"].names == ["limit"]) }
        #expect(try await desk.call(.get, "/tickets?cursor=%25%25%25", "Maya")["fields"].names == ["cursor"])
        #expect(try await desk.call(.get, "/tickets/\(ref)/events", "Maya")["items"].items.count == 3)
    }

    @Test("S34 the same key makes one ticket, another request with it is refused") func idempotency() async throws {
        let desk = try await APIDesk()
        let key = [HTTPField.Name.idempotencyKey: "one"]
        let body = #"{"subject":"Twice","fields":{}}"#
        async let a = desk.call(.post, "/tickets", "Luis", body, key)
        async let b = desk.call(.post, "/tickets", "Luis", body, key)
        let (first, second) = try await (a, b)
        #expect(first.status == 201 && second.status == 201 && first["ref"] == second["ref"])
        #expect(try await desk.call(.post, "/tickets", "Luis", #"{"subject":"Other"}"#, key).status == 422)
        #expect(try await desk.call(.post, "/tickets", "Nina", body, key)["ref"] != first["ref"])
        let ref = first["ref"].text ?? ""
        let once = [HTTPField.Name.idempotencyKey: "two"]
        let said = try await desk.call(.post, "/tickets/\(ref)/messages", "Luis", #"{"body":"Hello"}"#, once)
        desk.box.pass(5)
        let again = try await desk.call(.post, "/tickets/\(ref)/messages", "Luis", #"{"body":"Hello"}"#, once)
        #expect(said.status == 201 && again.status == 201 && again.text == said.text)
        #expect(try await desk.call(.post, "/tickets/\(ref)/messages", "Luis", #"{"body":"Bye"}"#, once).status == 422)
        #expect(try await desk.call(.get, "/tickets/\(ref)/messages", "Luis")["items"].items.filter { $0["body"] == "Hello" }.count == 1)
    }

    @Test("A change on a stale reading is refused with 412") func stale() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        let tag = try await desk.call(.get, "/tickets/\(ref)", "Luis").headers[.eTag] ?? ""
        #expect(try await desk.call(.patch, "/tickets/\(ref)", "Luis", #"{"subject":"A"}"#, [.ifMatch: tag]).status == 200)
        #expect(try await desk.call(.patch, "/tickets/\(ref)", "Luis", #"{"subject":"B"}"#, [.ifMatch: tag]).status == 412)
        #expect(try await desk.call(.patch, "/tickets/\(ref)", "Luis", #"{"subject":"B"}"#, [.ifMatch: "\"no\""]).status == 412)
        #expect(try await desk.call(.get, "/tickets/\(ref)", "Luis")["subject"] == "A")
    }

    @Test("The list pages without a gap, filters and searches") func list() async throws {
        let desk = try await APIDesk()
        var refs: Set<String> = []
        for number in 1...5 {
            refs.insert(try await desk.ticket(urgency: number % 2 + 1, subject: "Case \(number)"))
            desk.box.pass(60)
        }
        var seen: [String] = [], cursor: String?
        repeat {
            let page = try await desk.call(.get, "/tickets?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""), "Maya")
            seen += page["items"].items.compactMap { $0["ref"].text }
            cursor = page["next"].text
        } while cursor != nil
        #expect(Set(seen) == refs && seen.count == 5)
        // Severity 1 is due within 2 working hours, severity 2 within a working day.
        for (query, expected) in [
            ("severity=1", 2), ("q=severity:2", 3), ("client=Northfield+Mining", 5), ("client=Harbor", 0), ("q=Case+3", 1), ("q=status:closed", 0), ("status=open", 5),
            ("q=assignee:me", 0), ("q=due:%3C3h", 2), ("q=client:acme", 0),
        ] {
            let found = try await desk.call(.get, "/tickets?\(query)", "Maya")["items"].items.count
            #expect(found == expected, "\(query)")
        }
        #expect(try await desk.call(.get, "/tickets?status=asleep&sort=colour", "Maya")["fields"].names == ["status", "sort"])
    }

    @Test("The search language reads names, quotes and words") func search() throws {
        var wanted = ListQuery()
        wanted.statuses = [.open, .resolved]
        wanted.client = "Larkfield Systems"
        wanted.severity = 1
        wanted.assignee = "me"
        wanted.dueWithin = 14_400
        wanted.words = ["conveyor", "Error: 500", "at:noon"]
        #expect(try ListQuery(#"status:open,resolved client:"Larkfield Systems" severity:1 assignee:me due:<4h conveyor "Error: 500" at:noon"#) == wanted)
        for wrong in ["status:asleep", "severity:9", "due:soon", "is:blue"] { #expect(throws: Refusal.self) { try ListQuery(wrong) } }
    }

    @Test("The OpenAPI document names every route of the table, and an address tells its methods") func document() async throws {
        let desk = try await APIDesk()
        let answer = try await desk.call(.get, "/api/openapi.json", nil)
        #expect(answer.status == 200 && answer["openapi"] == "3.1.0")
        for operation in APITable.operations {
            let entry = answer["paths"][operation.path][operation.method.rawValue.lowercased()]
            #expect(entry["operationId"].text == operation.id && entry["responses"]["401"] != nil, "\(operation.method) \(operation.path)")
            let schema = entry["responses"]["\(operation.status)"]["content"]["application/json"]["schema"]["$ref"].text?.split(separator: "/").last.map(String.init)
            #expect(operation.schema == "Stream" || answer["components"]["schemas"][schema ?? ""] != nil, "\(operation.schema)")
        }
        let wrong = try await desk.call(.put, "/tickets", "Maya")
        #expect(wrong.status == 405 && wrong.headers[.allow] == "GET, POST")
        #expect(try await desk.call(.get, "/no-such-thing", "Maya").status == 404)
    }

    @Test("The report of a client counts its tickets and is its own") func report() async throws {
        let desk = try await APIDesk()
        _ = try await desk.ticket()
        let mine = try await desk.call(.get, "/reports?from=2026-03-01&to=2026-03-31", "Dana")
        #expect(mine.status == 200 && mine["client"] == "Northfield Mining" && mine["tickets"].items.count == 1)
        #expect(try await desk.call(.get, "/reports?client=Harbor+Chemicals&from=2026-03-01&to=2026-03-31", "Dana").status == 404)
        #expect(try await desk.call(.get, "/reports?from=2026-03-01&to=2026-03-31", "Luis").status == 403)
        #expect(try await desk.call(.get, "/reports?from=yesterday", "Maya")["fields"].names == ["from", "to", "client"])
    }
}
