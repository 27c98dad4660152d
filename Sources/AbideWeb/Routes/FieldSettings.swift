import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Fields of the provider's own, on pages of administration.
extension SettingsRoutes {
    func addFields(to router: Router<AbideRequestContext>) {
        router.get("/settings/fields") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let editing = request.query("edit").flatMap { Int64($0) }
            let found = try await web.desk.customFields().first { $0.id == editing }
            return try await fields(reader, found.map(Self.state) ?? FormState(["kind": "text"]), editing: found?.id, done: request.query("done"))
        }
        router.post("/settings/fields") { request, context -> Response in try await saveField(request, context, 0) }
        router.post("/settings/fields/{id}") { request, context -> Response in try await saveField(request, context, try id(context)) }
        router.get("/settings/fields/{id}") { request, context -> Response in
            try Self.mustAdminister(try await web.reader(request, context))
            return .seeOther("/settings/fields?edit=\(try id(context))")
        }
    }

    private static func state(_ field: CustomField) -> FormState {
        FormState([
            "name": field.name, "label": field.label, "kind": field.kind.rawValue, "choices": field.choices.joined(separator: "\n"), "client": field.client.map(String.init) ?? "", "ticketKind": field.ticketKind ?? "",
            "public": field.isPublic ? "on" : "", "retired": field.isRetired ? "on" : "",
        ])
    }

    private func saveField(_ request: Request, _ context: AbideRequestContext, _ id: Int64) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        do {
            let field = CustomField(
                id: id, name: form.text("name") ?? "", label: form.text("label") ?? "", kind: CustomField.Kind(rawValue: form.text("kind") ?? "") ?? .text,
                choices: (form["choices"] ?? "").split(whereSeparator: \.isNewline).map { String($0.trimmingSpaces()) }.filter { !$0.isEmpty }, client: form.text("client").flatMap { Int64($0) },
                ticketKind: form.text("ticketKind"), isPublic: form["public"] == "on", isRetired: form["retired"] == "on")
            try await web.desk.putCustomField(field, by: .person(reader.person))
            return .seeOther("/settings/fields?done=saved")
        } catch let refusal as Refusal where refusal.kind == .input { return try await fields(reader, FormState(form, refusal), editing: id == 0 ? nil : id, status: .unprocessableContent) }
    }

    private func fields(_ reader: Reader, _ form: FormState, editing: Int64?, done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        try Self.mustAdminister(reader)
        let clients = try await clientNames()
        let rows = try await web.desk.customFields().map { field in
            FieldRow(
                id: field.id, name: field.name, label: field.label, kind: field.kind.words,
                scope: ([field.client == nil && field.ticketKind == nil ? say("all tickets") : say("tickets")] + [field.client.flatMap { clients[$0] }.map { say("of \($0)") }, field.ticketKind.map { say("of the kind \($0)") }].compactMap { $0 }).joined(separator: " "),
                isPublic: field.isPublic, isRetired: field.isRetired)
        }
        let page = try await reader.page(web.desk.now(), current: "/settings", toast: Self.done(done))
        let view = FieldsView(
            rows: rows, form: form, editing: editing, clients: clients.sorted { $0.value < $1.value }.map { Choice(value: String($0.key), label: $0.value) },
            kinds: CoverageFact.kind.values.map { Choice(value: $0, label: $0) })
        return .html(Pages.customFields(view, try await frame(reader, "/settings/fields"), page), status: status)
    }
}
