import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// What each keeps for the own work: drafts on the server, canned answers, saved views; and what the palette looks up.
struct WorkspaceRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.post("/drafts") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try await web.desk.keepDraft(of: reader.person, place: form.text("place") ?? "", form["content"] ?? "")
            return Response(type: "application/json", body: Array("{}".utf8))
        }
        // What is being written, as its reader will see it.
        router.post("/drafts/preview") { request, context -> Response in
            let (_, form) = try await web.sent(request, context)
            let body = form["body"] ?? ""
            guard body.utf8.count <= TextLimit.body else { throw Refusal.input("body", "At most \(TextLimit.body) characters.") }
            var json = JSON()
            json.open()
            json.put("html", Markdown.html(body).string)
            json.close()
            return Response(type: "application/json", body: json.bytes)
        }
        router.get("/styleguide") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard reader.isStaff else { throw PlainError(404, "There is nothing at this address.") }
            return .html(Pages.styleguide(try await reader.page(web.desk.now(), current: "")))
        }
        router.get("/styleguide/mail") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard reader.isStaff else { throw PlainError(404, "There is nothing at this address.") }
            return MessageRoutes.sandboxed(Pages.mailCells())
        }
        router.get("/palette") { request, context -> Response in try await palette(try await web.reader(request, context), request.query("q") ?? "") }
        router.get("/canned-answers") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let editing = request.query("edit").flatMap { Int64($0) }
            let found = try await web.desk.cannedAnswers(for: reader.person).first { $0.id == editing }
            let form = found.map { FormState(["name": $0.name, "body": $0.body, "shared": $0.shared ? "on" : ""].merging(Self.values($0.acts)) { $1 }) }
            return try await canned(reader, form ?? FormState(), editing: found?.id, done: request.query("done"))
        }
        router.post("/canned-answers") { request, context -> Response in try await saveCanned(request, context, nil) }
        router.post("/canned-answers/{id}") { request, context -> Response in try await saveCanned(request, context, try id(context)) }
        router.post("/canned-answers/{id}/deletion") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try await web.desk.deleteCannedAnswer(try id(context), by: reader.person)
            return .seeOther("/canned-answers?done=saved")
        }
        router.post("/views") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let query = form.text("q") ?? ""
            _ = try ListQuery(query)
            _ = try await web.desk.saveView(name: form.text("name") ?? "", query: query, shared: form["shared"] == "on", by: reader.person)
            return .seeOther("/tickets?q=" + percentEncoded(query))
        }
        router.post("/views/{id}") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let query = form.text("q") ?? ""
            _ = try ListQuery(query)
            try await web.desk.changeView(try id(context), query: query, by: reader.person)
            return .seeOther("/tickets?q=" + percentEncoded(query))
        }
        router.post("/views/{id}/deletion") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try await web.desk.deleteView(try id(context), by: reader.person)
            return .seeOther("/tickets")
        }
    }

    private func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is nothing at this address.") }
        return id
    }

    private func saveCanned(_ request: Request, _ context: AbideRequestContext, _ id: Int64?) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        do {
            try await web.desk.putCannedAnswer(id, name: form.text("name") ?? "", body: form["body"] ?? "", shared: form["shared"] == "on", acts: Self.acts(form), by: reader.person)
            return .seeOther("/canned-answers?done=saved")
        } catch let refusal as Refusal where refusal.kind == .input { return try await canned(reader, FormState(form, refusal), editing: id, status: .unprocessableContent) }
    }

    private func canned(_ reader: Reader, _ form: FormState, editing: Int64?, done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        guard reader.isStaff, reader.allows(.answer) || reader.allows(.administer) else { throw Refusal.role(reader.person.role, may: "Those who answer tickets keep canned answers.") }
        let terms = web.desk.agreement(for: reader.person).terms
        let answers = try await web.desk.cannedAnswers(for: reader.person).map { CannedView(id: $0.id, name: $0.name, body: $0.body, shared: $0.shared, isOwn: $0.isOwn, says: MacroWords.sentence($0.acts, terms)) }
        let page = try await reader.page(web.desk.now(), current: "/canned-answers", toast: done == "saved" ? say("Saved.") : nil)
        return .html(Pages.canned(answers, form: form, editing: editing, variables: Desk.variables, choices: MacroChoices(departments: terms.departments.map { Choice(value: $0.name, label: $0.name) }, reasons: terms.suspensionReasons.map { Choice(value: $0.name, label: $0.label) }), page), status: status)
    }

    /// What a macro does, as its form holds it.
    private static func values(_ acts: MacroActs?) -> [String: String] {
        guard let acts else { return [:] }
        return [
            "tags": acts.tags.joined(separator: ", "), "department": acts.department ?? "", "mine": acts.assignsSender ? "on" : "", "suspend": acts.suspend ?? "", "resolves": acts.resolves ? "on" : "",
            "tasks": acts.tasks.joined(separator: "\n"),
        ].filter { !$0.value.isEmpty }
    }

    private static func acts(_ form: Form) -> MacroActs {
        MacroActs(
            tags: Ticket.tags(in: form.text("tags") ?? ""), department: form.text("department"), assignsSender: form["mine"] == "on", suspend: form.text("suspend"), resolves: form["resolves"] == "on",
            tasks: Ticket.steps(in: form["tasks"] ?? ""))
    }

    /// Tickets, clients and, for those who manage them, accounts: `{"items":[{"title":…,"note":…,"href":…}]}`. Only what the reader may see.
    private func palette(_ reader: Reader, _ words: String) async throws -> Response {
        let text = String(words.prefix(100))
        var items: [(title: String, note: String, href: String)] = []
        if !text.isEmpty, reader.allows(.read) {
            var query = TicketQuery()
            query.text = text
            query.limit = 8
            items += try await web.desk.list(query, for: reader.person).rows.map { ("\($0.ref) \($0.subject)", $0.clientName ?? "", reader.page(of: $0.ref)) }
        }
        if !text.isEmpty, reader.isStaff {
            let lower = text.lowercased()
            if reader.allows(.read) {
                items += try await web.desk.clients(for: reader.person).filter { $0.name.lowercased().contains(lower) }.prefix(4).map { ($0.name, "tickets", "/tickets?view=client:\($0.id)") }
            }
            if reader.allows(.manageContacts) {
                items += try await web.desk.people(for: reader.person).filter { $0.brief.name.lowercased().contains(lower) }.prefix(4).map { ($0.brief.name, $0.brief.role.words, "/settings/users/\($0.brief.id)") }
            }
        }
        var json = JSON()
        json.open()
        json.key("items")
        json.openList()
        for item in items {
            json.next()
            json.open()
            json.put("title", item.title)
            json.put("note", item.note)
            json.put("href", item.href)
            json.close()
        }
        json.closeList()
        json.close()
        return Response(type: "application/json", body: json.bytes)
    }
}
