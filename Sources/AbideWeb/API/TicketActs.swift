import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// What people do to a ticket: each decision is a noun with an address. The core decides; here is only what the request said.
extension APITable {
    private static let one = "/api/v1/tickets/{ref}"
    private static func reason(required: Bool, _ about: String) -> Field { Field("reason", .text(TextLimit.reason, blank: !required), required: required, about) }

    private static let late = Field("occurredAt", .instant, "Staff only: when it really was, where it is entered late.")

    static let ticketActs: [Operation] = [
        Operation(
            method: .post, path: one + "/completion", id: "declareComplete", summary: "Staff declare it correctly logged; the clocks start.", clause: "A5",
            permission: [.declareComplete], body: [reason(required: true, "Why it is complete; the client reads it.")], status: 201, schema: "Ticket"
        ) { call in
            let (reason, person) = (call.input.text("reason"), call.person)
            return try await call.act { ticket, _, now in try ticket.declareComplete(reason: reason, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/messages", id: "addMessage", summary: "Write a message; the first public one by staff is the response.", clause: "C2",
            permission: [.answer, .note],
            body: [
                Field("body", .text(TextLimit.body, blank: false), required: true, "Markdown."),
                Field("visibility", .choice(["public", "internal"]), "`internal`: staff alone read it; `public` where it isn't said."),
                Field("channel", .choice(["phone", "meeting", "api"]), "Staff only: how it was said."), late,
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (body, person) = (call.input.text("body"), call.person)
            let visibility = call.input.text("visibility").flatMap(Visibility.init) ?? .public
            let channel = person.role.isStaff ? call.input.text("channel").flatMap(Channel.init) ?? .api : .api
            let occurredAt = call.input.instant("occurredAt")
            return try await call.act { ticket, agreement, now in
                try ticket.answer(body, visibility: visibility, channel: channel, occurredAt: occurredAt, by: person, at: now, agreement)
            }
        },
        Operation(
            method: .put, path: one + "/severity", id: "setSeverity", summary: "The desk assigns the severity; the deadlines follow.", clause: "C5", permission: [.setSeverity],
            body: [Field("severity", .integer(1...4), required: true, "1 (Critical) to 4 (General)."), reason(required: true, "The client reads it.")], schema: "Ticket"
        ) { call in
            let (severity, reason, person) = (call.input.integer("severity").map { Int($0) }, call.input.text("reason"), call.person)
            return try await call.act { ticket, agreement, now in try ticket.setSeverity(severity, reason: reason, by: person, at: now, agreement) }
        },
        Operation(
            method: .put, path: one + "/assignment", id: "assign", summary: "Give it to somebody, to a department, or both; what isn't named stays.", permission: [.assign],
            body: [
                Field("assignee", .emailOrNull, "A staff member's e-mail address; null takes the assignment back."),
                Field("department", .textOrNull, "A department of the agreement; null takes it out of any."),
            ],
            schema: "Ticket"
        ) { call in try await assign(call) },
        Operation(
            method: .post, path: one + "/suspension", id: "suspend", summary: "Suspend both clocks.", clause: "C6", permission: [.suspend],
            body: [
                Field("reason", .text(100, blank: false), required: true, "A key of the agreement, as `accessAwaited`."), Field("note", .text(TextLimit.reason, blank: true), "What is awaited; the client reads it."),
                Field("since", .instant, "Since when, where that was earlier than now."), Field("until", .instant, "Until when, for one that is over already."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (reason, note, since, until, person) = (call.input.text("reason"), call.input.text("note"), call.input.instant("since"), call.input.instant("until"), call.person)
            let view = try await call.desk.act(call.ref, by: person, ifMatch: call.ifMatch, idempotency: call.idempotency) { ticket, agreement, now in
                try ticket.suspend(reason: reason, note: note, since: since, until: until, by: person, at: now, agreement)
            }
            return .ticket(view, location: "/api/v1/tickets/\(view.ticket.ref)/suspension/\(view.ticket.suspensionCount)")
        },
        Operation(method: .delete, path: one + "/suspension/{id}", id: "resume", summary: "End a suspension; the clocks go on.", clause: "C6", permission: [.resume], schema: "Ticket") { call in
            let (id, person) = (call.number, call.person)
            return try await call.act { ticket, _, now in try ticket.resume(id, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/proposals", id: "proposeResolution", summary: "Propose by when it is resolved; a counter-proposal is another proposal.", clause: "C3", permission: [.propose],
            body: [
                Field("due", .instant, "An instant; either this or `workingSeconds`."),
                Field("workingSeconds", .integer(1...315_360_000), "Working time from the start of the resolution clock."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (due, seconds, person) = (call.input.instant("due"), call.input.integer("workingSeconds"), call.person)
            return try await call.act { ticket, agreement, now in try ticket.propose(due: due, workingSeconds: seconds, by: person, at: now, agreement) }
        },
        Operation(
            method: .post, path: one + "/proposals/{id}/acceptance", id: "acceptProposal", summary: "Agree to the other side's proposal, which becomes the deadline.", clause: "C3", permission: [.accept],
            body: [], status: 201, schema: "Ticket"
        ) { call in
            let (id, person) = (call.number, call.person)
            return try await call.act { ticket, _, now in try ticket.accept(proposal: id, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/resolution", id: "resolve", summary: "Resolve it; the resolution clock stops.", clause: "N1", permission: [.resolve],
            body: [Field("body", .text(TextLimit.body, blank: false), required: true, "Markdown: what was done. The caller gets it."), Field("fields", .texts, "Details asked for at resolution, by the names in the agreement's list."), late],
            status: 201, schema: "Ticket"
        ) { call in
            let (body, fields, occurredAt, person) = (call.input.text("body"), call.input.texts("fields"), call.input.instant("occurredAt"), call.person)
            return try await call.act { ticket, agreement, now in
                try ticket.resolve(body, fields: fields, channel: .api, occurredAt: occurredAt, by: person, at: now, agreement)
            }
        },
        Operation(method: .delete, path: one + "/resolution", id: "withdrawResolution", summary: "\"No, go on\": the resolution clock goes on.", permission: [.withdrawResolution], schema: "Ticket") { call in
            let person = call.person
            return try await call.act { ticket, _, now in try ticket.withdrawResolution(by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/closure", id: "close", summary: "Close it: the logger and the service manager may, at any time.", clause: "N1", permission: [.close],
            body: [reason(required: false, "Why, where that is to be said.")], status: 201, schema: "Ticket"
        ) { call in
            let (reason, person) = (call.input.text("reason"), call.person)
            return try await call.act { ticket, _, now in try ticket.close(reason: reason, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/closing-notice", id: "sendClosingNotice", summary: "Tell the client that it will be closed without an answer.", clause: "N2", permission: [.sendClosingNotice],
            body: [], status: 201, schema: "Ticket"
        ) { call in
            let person = call.person
            return try await call.act { ticket, agreement, now in try ticket.sendClosingNotice(by: person, at: now, agreement) }
        },
        Operation(
            method: .post, path: one + "/reopening", id: "reopen", summary: "Reopen it, at any time.", clause: "N4", permission: [.reopen],
            body: [reason(required: true, "What is still wrong.")], status: 201, schema: "Ticket"
        ) { call in
            let (reason, person) = (call.input.text("reason"), call.person)
            return try await call.act { ticket, _, now in try ticket.reopen(reason: reason, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/complaint", id: "complain", summary: "Formal escalation to the client services manager.", clause: "D3", permission: [.complain],
            body: [reason(required: true, "Why the client is dissatisfied."), Field("impact", .text(TextLimit.reason, blank: false), required: true, "What it does to the business.")],
            status: 201, schema: "Ticket"
        ) { call in
            let (reason, impact, person) = (call.input.text("reason"), call.input.text("impact"), call.person)
            return try await call.act { ticket, _, now in try ticket.complain(reason: reason, impact: impact, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/complaint/answer", id: "answerComplaint", summary: "Answer the complaint in writing.", clause: "D3", permission: [.answerComplaint],
            body: [Field("body", .text(TextLimit.body, blank: false), required: true, "The answer.")], status: 201, schema: "Ticket"
        ) { call in
            let (body, person) = (call.input.text("body"), call.person)
            return try await call.act { ticket, _, now in try ticket.answerComplaint(body, by: person, at: now) }
        },
    ]

    private static func assign(_ call: Call) async throws -> Reply {
        let (input, person) = (call.input, call.person)
        guard input.has("assignee") || input.has("department") else {
            throw Refusal.input(["assignee": "Give assignee, department, or both.", "department": "Give assignee, department, or both."])
        }
        var given: (id: Int64, name: String)?
        if let email = input.text("assignee") {
            guard let found = try await call.desk.personByEmail(email), found.role.isStaff else {
                throw Refusal.input("assignee", "There is no staff member with this address.")
            }
            given = (found.id, found.name)
        }
        let (namesPerson, namesDepartment, assignee, department) = (input.has("assignee"), input.has("department"), given, input.text("department"))
        return try await call.act { ticket, agreement, now in
            let present = ticket.assignee.map { (id: $0, name: ticket.assigneeName ?? "") }
            return try ticket.assign(
                to: namesPerson ? assignee : present, department: namesDepartment ? department : ticket.department, by: person, at: now, agreement)
        }
    }
}
