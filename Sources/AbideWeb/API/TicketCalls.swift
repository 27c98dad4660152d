import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    private static let base = "/api/v1/tickets"
    private static let one = base + "/{ref}"
    private static let cursor = Field("cursor", .text(500, blank: false), "Where the last page ended: its `next`.")
    private static let intakeField = Field("fields", .intake, "Intake fields by name, as `GET /api/v1/desk` lists them (A4).")

    /// Making, listing and reading tickets.
    static let ticketCalls: [Operation] = [
        Operation(
            method: .post, path: base, id: "logTicket", summary: "Log a ticket. What is missing is named in `missing`; the clocks start when nothing is (A5).", clause: "A5",
            permission: [.logTicket, .logForCaller],
            body: [
                Field("subject", .text(TextLimit.subject, blank: false), required: true, "One line."),
                Field("description", .text(TextLimit.field, blank: true), "The error, or what is asked for; the same as `fields.description`."),
                Field("urgency", .integer(1...4), "How urgent the caller finds it, 1 the most (C5)."),
                intakeField,
                Field("contact", .text(320, blank: false), "Staff only: the e-mail address of the caller, who is the logger then (A3)."),
                Field("channel", .choice(["phone", "meeting", "api"]), "Staff only: how the caller came."),
                Field("occurredAt", .instant, "Staff only: when the call really came, where it is entered late."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let view = try await log(call)
            return .ticket(view, location: "\(base)/\(view.ticket.ref)")
        },
        Operation(
            method: .get, path: base, id: "listTickets", summary: "The tickets that the reader may see.", clause: "B2", permission: [.read],
            query: [
                Field("q", .text(1000, blank: true), "The search language: `status:open client:acme severity:1 assignee:me department:Support is:escalated due:<4h`, and words."),
                Field("status", .text(200, blank: false), "One status, or several with commas."),
                Field("severity", .integer(1...4), "A severity."),
                Field("client", .text(200, blank: false), "A client's id or name."),
                Field("assignee", .text(320, blank: false), "An e-mail address, `me` or `none`."),
                Field("sort", .choice(TicketQuery.Sort.allCases.map(\.rawValue)), "`due`: what is promised next comes first; `relevance`, where there are words: what fits them best."),
                Field("limit", .integer(1...200), "Most in one page; 50 where it isn't said."),
                cursor,
            ],
            schema: "TicketList"
        ) { call in .json(try await list(call)) },
        Operation(method: .get, path: one, id: "getTicket", summary: "A ticket, with its version as `ETag`.", clause: "B2", permission: [.read], schema: "Ticket") { call in
            guard let view = call.view else { throw Refusal.unknownTicket }
            return .ticket(view)
        },
        Operation(
            method: .patch, path: one, id: "supplyFields", summary: "Supply what is missing, or correct what was said.", clause: "A5", permission: [.supply],
            body: [
                intakeField, Field("subject", .text(TextLimit.subject, blank: false), "One line."),
                Field("description", .text(TextLimit.field, blank: true), "The same as `fields.description`."),
            ],
            schema: "Ticket"
        ) { call in
            let (given, subject, person) = (fields(call.input), call.input.text("subject"), call.person)
            return try await call.act { ticket, agreement, now in try ticket.supply(given, subject: subject, by: person, at: now, agreement) }
        },
        Operation(
            method: .get, path: one + "/events", id: "listEvents", summary: "The whole history, in order; of an internal event a client gets number and hash.", clause: "B2",
            permission: [.read], query: [Field("limit", .integer(1...1000), "Most in one page; 500 where it isn't said."), cursor], schema: "EventList"
        ) { call in
            let events = try await call.desk.detail(call.ref, for: call.person).events
            return .json(try page(call, events, most: 1000, otherwise: 500, number: \.event.number) { EventJSON.event($0, into: &$1) })
        },
        Operation(
            method: .get, path: one + "/clocks", id: "getClocks", summary: "Both clocks with every interval, which sum to what they say.", clause: "C7", permission: [.read], schema: "Clocks"
        ) { call in
            guard let view = call.view else { throw Refusal.unknownTicket }
            var json = JSON()
            json.raw(TicketJSON.clocks(view))
            return .json(json)
        },
        Operation(
            method: .get, path: one + "/messages", id: "listMessages", summary: "The messages that the reader may see, in order.", clause: "B2",
            permission: [.read], query: [Field("limit", .integer(1...200), "Most in one page; 100 where it isn't said."), cursor], schema: "MessageList"
        ) { call in
            let messages = try await call.desk.detail(call.ref, for: call.person).messages.filter { $0.origin == nil }
            return .json(try page(call, messages, most: 200, otherwise: 100, number: \.id) { EventJSON.message($0, ref: call.ref, into: &$1) })
        },
    ]

    private static func fields(_ input: Input) -> [String: String] {
        var given = input.texts("fields")
        if let description = input.text("description"), !description.isEmpty { given["description"] = description }
        return given
    }

    private static func log(_ call: Call) async throws -> AbideDesk.TicketView {
        let input = call.input
        let isStaff = call.person.role.isStaff
        if !isStaff {
            var faults: [String: Phrase] = [:]
            for name in ["contact", "channel"] where input.has(name) { faults[name] = "Only staff log a ticket for somebody else (A3)." }
            guard faults.isEmpty else { throw Refusal.input(faults) }
        }
        let channel = input.text("channel").flatMap(Channel.init) ?? (isStaff && input.has("contact") ? .phone : .api)
        var request = LogRequest(
            subject: input.text("subject"), urgency: input.integer("urgency").map { Int($0) }, fields: fields(input), channel: channel, contact: input.text("contact"))
        request.occurredAt = input.instant("occurredAt")
        return try await call.desk.log(request, by: call.person, idempotency: call.idempotency)
    }

    private static func list(_ call: Call) async throws -> JSON {
        var asked = try ListQuery(call.query("q") ?? "")
        var faults: [String: Phrase] = [:]
        if let text = call.query("status") {
            for name in text.split(separator: ",") {
                if let status = Ticket.Status(rawValue: String(name)) { asked.statuses.append(status) }
                else { faults["status"] = "One of \(Ticket.Status.allCases.map(\.rawValue).joined(separator: ", "))." }
            }
        }
        if let text = call.query("severity") {
            if let number = Int(text), (1...4).contains(number) { asked.severity = number } else { faults["severity"] = "A number from 1 to 4." }
        }
        if let client = call.query("client") { asked.client = client }
        if let assignee = call.query("assignee") { asked.assignee = assignee }
        var sort = asked.sort ?? (asked.words.isEmpty ? TicketQuery.Sort.due : .relevance)
        if let text = call.query("sort") {
            if let known = TicketQuery.Sort(rawValue: text) { sort = known }
            else { faults["sort"] = "One of \(TicketQuery.Sort.allCases.map(\.rawValue).joined(separator: ", "))." }
        }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let limit = try call.limit(most: 200, otherwise: 50)
        var found = TicketList(rows: [], next: nil)
        if var query = try await call.web.desk.ticketQuery(asked, for: call.person) {
            query.sort = sort
            query.limit = limit
            query.cursor = call.query("cursor")
            found = try await call.desk.list(query, for: call.person)
        }
        var json = JSON(capacity: 2048 * found.rows.count + 64)
        json.open()
        json.key("items")
        json.openList()
        for row in found.rows {
            json.next()
            TicketJSON.ticket(try await call.desk.ticket(row.ref, for: call.person), into: &json)
        }
        json.closeList()
        json.put("next", found.next)
        json.close()
        return json
    }

    /// A page of numbered things, in order; the cursor is the last number of the page before.
    private static func page<T>(_ call: Call, _ all: [T], most: Int, otherwise: Int, number: (T) -> Int, _ write: (T, inout JSON) -> Void) throws -> JSON {
        let limit = try call.limit(most: most, otherwise: otherwise)
        var after = 0
        if let text = call.query("cursor") {
            guard let last = Int(text), last > 0 else { throw Refusal.input("cursor", "Take `next` of the page before.") }
            after = last
        }
        let left = all.filter { number($0) > after }
        let shown = left.prefix(limit)
        var json = JSON(capacity: 512 * shown.count + 64)
        json.open()
        json.key("items")
        json.openList()
        for item in shown {
            json.next()
            write(item, &json)
        }
        json.closeList()
        json.put("next", left.count > shown.count ? shown.last.map { String(number($0)) } : nil)
        json.close()
        return json
    }
}
