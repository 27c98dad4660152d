import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Tasks, the provider's own fields, splitting, and what somebody is told.
extension APITable {
    private static let one = "/api/v1/tickets/{ref}"

    static let taskCalls: [Operation] = [
        Operation(method: .get, path: one + "/tasks", id: "listTasks", summary: "What is to be done on a ticket, step by step.", permission: [.readInternal], schema: "TaskList") { call in
            let ticket = try await call.desk.detail(call.ref, for: call.person).view.ticket
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for task in ticket.tasks {
                json.next()
                json.open()
                json.put("id", Int64(task.id))
                json.put("text", task.text)
                json.put("assignee", task.assigneeName)
                json.put("due", task.due)
                json.put("doneAt", task.doneAt)
                json.put("doneBy", task.doneBy)
                json.close()
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: one + "/tasks", id: "addTasks", summary: "Note what is to be done, one task a line.", permission: [.organise],
            body: [
                Field("text", .text(TextLimit.field, blank: false), required: true, "One step a line."), Field("assignee", .emailOrNull, "Who of the staff; null or left out: whoever works on the ticket."),
                Field("due", .instant, "Until when."),
            ], status: 201, schema: "Ticket"
        ) { call in
            let steps = Ticket.steps(in: call.input.text("text") ?? ""), due = call.input.instant("due"), person = call.person
            var assignee: (id: Int64, name: String)?
            if let email = call.input.text("assignee") {
                guard let known = try await call.desk.staff().first(where: { $0.email.lowercased() == email.lowercased() }) else { throw Refusal.input("assignee", "Nobody of the staff has this address.") }
                assignee = (known.id, known.name)
            }
            let chosen = assignee
            return try await call.act { ticket, _, now in try ticket.addTasks(steps, assignee: chosen, due: due, by: person, at: now) }
        },
        Operation(
            method: .put, path: one + "/tasks/{id}", id: "completeTask", summary: "Say that a task is done, or to be done after all.", permission: [.organise],
            body: [Field("done", .choice(["true", "false"]), required: true, "`true`: it is done.")], schema: "Ticket"
        ) { call in
            let (id, done, person) = (call.number, call.input.text("done") == "true", call.person)
            return try await call.act { ticket, _, now in try ticket.completeTask(id, done: done, by: person, at: now) }
        },
        Operation(method: .delete, path: one + "/tasks/{id}", id: "removeTask", summary: "Take a task off.", permission: [.organise], schema: "Ticket") { call in
            let (id, person) = (call.number, call.person)
            return try await call.act { ticket, _, now in try ticket.removeTask(id, by: person, at: now) }
        },
        Operation(
            method: .get, path: one + "/custom-fields", id: "listCustomFields", summary: "Fields of the provider's own that the ticket can have, and what they hold; a client sees those that are for clients.", permission: [.read],
            schema: "CustomFieldList"
        ) { call in
            let detail = try await call.desk.detail(call.ref, for: call.person)
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for field in detail.customFields {
                json.next()
                json.open()
                json.put("name", field.name)
                json.put("label", field.label)
                json.put("kind", field.kind.rawValue)
                json.put("choices", field.choices)
                json.put("value", detail.view.ticket.custom[field.name])
                json.close()
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .put, path: one + "/custom-fields", id: "setCustomFields", summary: "Set fields of the provider's own; an empty text takes one out.", permission: [.organise],
            body: [Field("fields", .texts, required: true, "Values by name.")], schema: "Ticket"
        ) { call in .ticket(try await call.desk.customise(call.ref, call.input.texts("fields"), by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency)) },
        Operation(
            method: .post, path: one + "/attempts", id: "recordAttempt", summary: "Record that a contact of the client was reached, or was tried in vain.", clause: "L4", permission: [.organise],
            body: [
                Field("contact", .text(320, blank: false), required: true, "The contact's e-mail address."), Field("way", .choice(Ticket.AttemptWay.allCases.map(\.rawValue)), required: true, "How."),
                Field("reached", .choice(["true", "false"]), required: true, "`false`: in vain."), Field("note", .text(TextLimit.reason, blank: true), "What came of it."), Field("occurredAt", .instant, "When it was, where that was earlier."),
            ], status: 201, schema: "Ticket"
        ) { call in
            let address = (call.input.text("contact") ?? "").lowercased()
            let contact = try await call.desk.detail(call.ref, for: call.person).contacts.first { $0.email.lowercased() == address }
            return .ticket(try await call.desk.attempt(
                call.ref, contact: contact?.id, way: call.input.text("way").flatMap(Ticket.AttemptWay.init), reached: call.input.text("reached") == "true", note: call.input.text("note"),
                occurredAt: call.input.instant("occurredAt"), by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency))
        },
        Operation(
            method: .post, path: one + "/survey", id: "answerSurvey", summary: "Say how it was, as whoever logged a ticket that is closed; again to change it.", clause: "H1", permission: [.read],
            body: [Field("answers", .texts, required: true, "By the question's name: a number of the scale, or a text.")], status: 201, schema: "Ticket"
        ) { call in .ticket(try await call.desk.answerSurvey(call.ref, call.input.texts("answers"), by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency)) },
        Operation(
            method: .post, path: one + "/splits", id: "split", summary: "Make a ticket of its own of a client's message; its clocks count from when it came.", clause: "A5", permission: [.merge],
            body: [
                Field("message", .integer(1...1_000_000), required: true, "The number of the message."), Field("subject", .text(TextLimit.subject, blank: false), required: true, "What it is about."),
                Field("urgency", .integer(1...9), "Its severity; left out: not rated yet."),
            ], status: 201, schema: "Ticket"
        ) { call in
            .ticket(try await call.desk.split(
                call.ref, message: Int(call.input.integer("message") ?? 0), subject: call.input.text("subject"), urgency: call.input.integer("urgency").map { Int($0) }, by: call.person, ifMatch: call.ifMatch,
                idempotency: call.idempotency))
        },
        Operation(
            method: .get, path: "/api/v1/notifications", id: "listNotifications", summary: "What the reader, one of the desk's staff, is told; the latest first.",
            query: [Field("cursor", .text(20, blank: false), "From the last answer's `next`.")], schema: "NotificationList"
        ) { call in
            let found = try await call.desk.notifications(of: call.person, before: call.query("cursor").flatMap { Int64($0) }, limit: 51)
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for one in found.prefix(50) {
                json.next()
                json.open()
                json.put("id", one.id)
                json.put("kind", one.kind)
                json.put("ref", one.ref)
                json.put("event", Int64(one.number))
                json.put("words", one.words)
                json.put("at", one.at)
                json.put("read", one.isRead)
                json.close()
            }
            json.closeList()
            json.put("next", found.count > 50 ? String(found[49].id) : nil)
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: "/api/v1/notifications/reading", id: "readNotifications", summary: "Mark as read what was told of a ticket, or all of it.",
            body: [Field("ref", .text(20, blank: false), "Only of this ticket.")], status: 201, schema: "Done"
        ) { call in
            try await call.desk.readNotifications(of: call.person, on: call.input.text("ref"))
            var json = JSON()
            json.open()
            json.put("done", true)
            json.close()
            return .json(json)
        },
    ]
}
