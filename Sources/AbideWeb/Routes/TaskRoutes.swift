import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Tasks, fields of the provider's own, and splitting, as forms send them.
extension TicketActRoutes {
    static let taskNames: Set<String> = ["tasks", "custom-fields", "attempts", "survey"]

    func addTasks(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/tasks") { request, context -> Response in
            let staff = try await web.desk.staff()
            return try await act(request, context, "tasks") { form, person in
                let steps = Ticket.steps(in: form["text"] ?? ""), due = try web.deskTime(form.text("due"))
                var assignee: (id: Int64, name: String)?
                if let wanted = form.text("assignee") {
                    guard let known = staff.first(where: { String($0.id) == wanted }) else { throw Refusal.input("assignee", "Choose one of the desk's staff.") }
                    assignee = (known.id, known.name)
                }
                let chosen = assignee
                return Deed("tasks") { ticket, _, now in try ticket.addTasks(steps, assignee: chosen, due: due, by: person, at: now) }
            }
        }
        for (path, done) in [("completion", true), ("completion/end", false)] {
            router.post(RouterPath("/tickets/{ref}/tasks/{id}/" + path)) { request, context -> Response in
                let id = Int(context.part("id"))
                let (reader, form) = try await web.sent(request, context)
                let done = done
                let response = try await leading(reader, form, context.part("ref"), "tasks") { ref in
                    (try await web.desk.act(ref, by: reader.person) { ticket, _, now in try ticket.completeTask(id, done: done, by: reader.person, at: now) }, done ? "done" : "undone-task")
                }
                return form.text("back") == "/my-day" && response.status == .seeOther ? .seeOther("/my-day") : response
            }
        }
        router.post("/tickets/{ref}/tasks/{id}/removal") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "tasks") { _, person in Deed("removed") { ticket, _, now in try ticket.removeTask(id, by: person, at: now) } }
        }
        router.post("/tickets/{ref}/attempts") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "attempt") { ref in
                (
                    try await web.desk.attempt(
                        ref, contact: form.text("contact").flatMap { Int64($0) }, way: form.text("way").flatMap(Ticket.AttemptWay.init), reached: form.text("reached") == "yes", note: form.text("note"), by: reader.person),
                    "attempted"
                )
            }
        }
        router.post("/tickets/{ref}/custom-fields") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "custom") { ref in
                var values: [String: String] = [:]
                for (name, value) in form.fields where name.hasPrefix("custom-") { values[String(name.dropFirst(7))] = value }
                return (try await web.desk.customise(ref, values, by: reader.person), "customised")
            }
        }
        router.get("/tickets/{ref}/messages/{id}/split") { request, context -> Response in
            try await split(try await web.reader(request, context), context.part("ref"), context.part("id"), nil)
        }
        router.post("/tickets/{ref}/messages/{id}/split") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            do {
                guard let number = Int(context.part("id")) else { throw PlainError(404, "There is no such message.") }
                let made = try await web.desk.split(context.part("ref"), message: number, subject: form.text("subject"), urgency: form.text("urgency").flatMap { Int($0) }, by: reader.person)
                return .seeOther("/tickets/\(made.ticket.ref)?done=split")
            } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
                return try await split(reader, context.part("ref"), context.part("id"), FormState(form, refusal), status: .unprocessableContent)
            }
        }
    }

    private func split(_ reader: Reader, _ ref: String, _ number: String, _ form: FormState?, status: HTTPResponse.Status = .ok) async throws -> Response {
        let detail = try await web.desk.detail(ref, for: reader.person)
        try detail.view.ticket.permit(reader.person, .merge)
        guard let number = Int(number), let message = detail.messages.first(where: { $0.id == number && $0.origin == nil }) else { throw PlainError(404, "There is no such message.") }
        let page = try await reader.page(detail.view.now, current: "")
        let shown = TicketViewing(reader: reader, detail: detail).shown(message)
        let view = SplitView(
            ref: detail.view.ticket.ref, number: number, message: shown, severities: detail.view.agreement.terms.severities.map { Choice(value: String($0.number), label: "\($0.number) \($0.name)") },
            form: form ?? FormState(["subject": detail.view.ticket.subject]))
        return .html(Pages.split(view, page), status: status)
    }
}
