import AbideCore
import AbideDesk
import HTTPTypes
import Testing
@testable import AbideWeb

@Suite struct APITicketTests {
    @Test("A5 a ticket says what is missing, and its clocks start when that is supplied") func completion() async throws {
        let desk = try await APIDesk()
        let first = try await desk.call(.post, "/tickets", "Luis", #"{"subject":"Half of it","urgency":2,"fields":{"site":"Pit 4"}}"#)
        #expect(first.status == 201 && first["status"] == "registered" && first["loggedAt"] == nil)
        #expect(first.headers[.location] == "/api/v1/tickets/\(first["ref"].text ?? "")")
        // Registered, and covered by the first row of the table.
        #expect(first.headers[.eTag] == "\"2\"" && first["version"] == 2)
        #expect(first["missing"].items == ["project", "environment", "description"])
        #expect(first["clocks", "response", "state"] == "notStarted")
        desk.box.pass(60)
        let path = "/tickets/\(first["ref"].text ?? "")"
        let whole = try await desk.call(.patch, path, "Luis", #"{"description":"No data","fields":{"project":"C","environment":"E"},"subject":"All of it"}"#)
        #expect(whole.status == 200 && whole["status"] == "open" && whole["subject"] == "All of it")
        #expect(whole["loggedAt"] == "2026-03-11T15:01:00Z" && whole["registeredAt"] == "2026-03-11T15:00:00Z")
        // Severity 2 is one working day of nine hours, from the instant of completion.
        #expect(whole["clocks", "response", "targetSeconds"] == 32_400 && whole["clocks", "response", "due"] == "2026-03-12T15:01:00Z")
    }

    @Test("A ticket has every member of the contract") func members() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        let ticket = try await desk.call(.get, "/tickets/\(ref)", "Maya")
        #expect(ticket.json.names.isSuperset(of: [
            "ref", "subject", "status", "severity", "urgency", "channel", "client", "contact", "assignee", "department", "registeredAt", "loggedAt", "missing",
            "coverage", "suspensions", "clocks", "agreement", "fields", "closing", "escalation"]))
        #expect(ticket["client", "name"] == "Northfield Mining" && ticket["contact", "email"] == "luis@people.example" && ticket["channel"] == "api")
        #expect(ticket["severity"] == 2 && ticket["closing"] == nil && ticket["escalation"].names == ["response", "resolution"])
        #expect(ticket["coverage", "decision"] == "covered" && ticket["agreement", "version"] == 1)
        #expect(ticket["fields", "site"] == "Pit 4")
        #expect(ticket.headers[.cacheControl] == "no-store" && ticket.headers[.contentType] == "application/json")
    }

    @Test("C6 a suspension is listed, its clocks stand, and it ends once") func suspension() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        let made = try await desk.call(.post, "/tickets/\(ref)/suspension", "Maya", #"{"reason":"accessAwaited","note":"VPN"}"#)
        #expect(made.status == 201 && made["status"] == "awaitingClient" && made.headers[.location] == "/api/v1/tickets/\(ref)/suspension/1")
        #expect(made["suspensions"].items.first?["id"] == 1 && made["clocks", "response", "due"] == nil)
        desk.box.pass(600)
        let ended = try await desk.call(.delete, "/tickets/\(ref)/suspension/1", "Maya")
        #expect(ended.status == 200 && ended["suspensions"].items.isEmpty && ended["clocks", "response", "due"] == "2026-03-12T15:10:00Z")
        #expect(try await desk.call(.delete, "/tickets/\(ref)/suspension/1", "Maya").status == 404)
        let clocks = try await desk.call(.get, "/tickets/\(ref)/clocks", "Luis")
        let intervals = clocks["response", "intervals"].items
        #expect(intervals.map { $0["kind"] } == ["suspended"] && intervals.first?["reason"] == "accessAwaited" && clocks["response", "usedSeconds"] == 0)
    }

    @Test("Every POST on a ticket answers 201 with the ticket, PUT and DELETE 200") func statuses() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        let path = "/tickets/\(ref)"
        for (method, act, who, body, status) in [
            (HTTPRequest.Method.put, "severity", "Maya", #"{"severity":1,"reason":"Blind"}"#, 200),
            (.put, "coverage", "Maya", #"{"decision":"chargeable","reason":"New connector"}"#, 200),
            (.put, "assignment", "Maya", #"{"assignee":"maya@people.example"}"#, 200),
            (.post, "messages", "Maya", #"{"body":"Looking"}"#, 201),
            (.post, "proposals", "Maya", #"{"workingSeconds":7200}"#, 201), (.post, "proposals/1/acceptance", "Luis", "", 201),
            (.post, "resolution", "Maya", #"{"body":"Done"}"#, 201), (.delete, "resolution", "Luis", nil, 200), (.post, "resolution", "Maya", #"{"body":"Done now"}"#, 201),
            (.post, "closure", "Luis", "{}", 201), (.post, "reopening", "Dana", #"{"reason":"Again"}"#, 201),
            (.post, "complaint", "Dana", #"{"reason":"Slow","impact":"Loss"}"#, 201), (.post, "complaint/answer", "Andrew", #"{"body":"Sorry"}"#, 201),
        ] as [(HTTPRequest.Method, String, String, String?, Int)] {
            let answer = try await desk.call(method, "\(path)/\(act)", who, body)
            #expect(answer.status == status && answer["ref"].text == ref, "\(method) \(act): \(answer.status) \(answer.text)")
        }
        let ticket = try await desk.call(.get, path, "Luis")
        #expect(ticket["assignee"] == "maya@people.example" && ticket["department"] != nil && ticket["clocks", "resolution", "targetSeconds"] == 7200)
        let types = try await desk.call(.get, "\(path)/events?limit=1000", "Luis")["items"].items.map { $0["type"].text ?? "" }
        #expect(types.suffix(3) == ["reopened", "complained", "complaintAnswered"])
        #expect(try await desk.call(.put, "\(path)/assignment", "Maya", #"{"assignee":null}"#)["assignee"] == nil)
    }

    @Test("N1 closing is refused with its clause to whoever is neither logger nor service manager") func closing() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        for who in ["Maya", "Andrew", "Dana"] {
            let refused = try await desk.call(.post, "/tickets/\(ref)/closure", who, "{}")
            #expect(refused.status == 403 && refused["clause"] == "N1" && refused.headers[.contentType] == "application/problem+json", "\(who)")
        }
        #expect(try await desk.call(.post, "/tickets/\(ref)/closure", "Ruth", "{}")["status"] == "closed")
    }

    @Test("S3 another client's ticket is not there, whatever is sent") func foreign() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        for (method, act) in [(HTTPRequest.Method.get, ""), (.get, "/events"), (.get, "/clocks"), (.get, "/messages"), (.patch, ""), (.post, "/closure"), (.put, "/severity"), (.post, "/resolution")] {
            let hidden = try await desk.call(method, "/tickets/\(ref)\(act)", "Nina", "{not json")
            let absent = try await desk.call(method, "/tickets/ABD-9999\(act)", "Nina", "{not json")
            #expect(hidden.status == 404 && hidden.text == absent.text, "\(method) \(act)")
        }
        #expect(try await desk.call(.get, "/tickets", "Nina")["items"].items.isEmpty)
    }

    @Test("Permission is asked before input") func order() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        #expect(try await desk.call(.put, "/tickets/\(ref)/severity", "Luis", #"{"severity":"high"}"#).status == 403)
        #expect(try await desk.call(.post, "/tickets/\(ref)/messages", "Luis", #"{"body":"x","visibility":"internal"}"#).status == 403)
        #expect(try await desk.call(.get, "/tickets", nil).status == 401)
    }

    @Test("B2 an internal note is an event without facts for the client") func internalNote() async throws {
        let desk = try await APIDesk()
        let ref = try await desk.ticket()
        _ = try await desk.call(.post, "/tickets/\(ref)/messages", "Maya", #"{"body":"They forgot to pay","visibility":"internal"}"#)
        _ = try await desk.call(.post, "/tickets/\(ref)/messages", "Maya", #"{"body":"We <b>look</b> at *it*: [x](javascript:alert(1)) ![y](http://e.example/z.png)"}"#)
        let (mine, theirs) = (try await desk.call(.get, "/tickets/\(ref)/events", "Luis"), try await desk.call(.get, "/tickets/\(ref)/events", "Maya"))
        #expect(mine["items"].items.map { $0["hash"] } == theirs["items"].items.map { $0["hash"] })
        #expect(mine["items"].items.filter { $0["facts"] == nil && $0["sentence"] == nil }.count == 1)
        #expect(theirs["items"].items.allSatisfy { $0["facts"] != nil })
        let messages = try await desk.call(.get, "/tickets/\(ref)/messages", "Luis")
        #expect(!messages.text.contains("forgot") && !mine.text.contains("forgot"))
        let html = messages["items"].items.last?["html"].text ?? ""
        #expect(html.contains("<em>it</em>") && !html.contains("<b>") && !html.contains("javascript:") && !html.contains("<img"))
    }
}
