import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// The client's own contacts on the portal (L8, I5).
struct PortalContactRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/portal/contacts") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard !reader.isStaff else { return .seeOther("/settings/clients") }
            return try await show(reader, done: request.query("done"))
        }
        router.post("/portal/contacts") { request, context -> Response in
            try await change(request, context, done: "invited") { reader, form in
                guard let role = Role(rawValue: form.text("role") ?? "client") else { throw Refusal.input("role", "Choose what they may do.") }
                guard form.text("email") != nil else { throw Refusal.input("email", "An invitation needs an address.") }
                _ = try await web.desk.addContact(
                    PersonInput(email: form.text("email") ?? "", name: form.text("name") ?? "", role: role, client: reader.person.client, phone: form.text("phone") ?? ""), by: reader.person)
            }
        }
        router.post("/portal/contacts/role") { request, context -> Response in
            try await change(request, context, done: "contacts") { reader, form in
                guard let client = reader.person.client else { throw Refusal(.unknown, "There is no such client.") }
                try await web.desk.nameContact(Role(rawValue: form.text("role") ?? "") ?? .client, form.text("person").flatMap { Int64($0) }, of: client, by: reader.person)
            }
        }
        router.post("/portal/contacts/reports") { request, context -> Response in
            try await change(request, context, done: "reports") { reader, form in
                guard let id = form.text("person").flatMap({ Int64($0) }) else { throw Refusal(.unknown, "There is no such contact.") }
                try await web.desk.nominate(id, readsReports: form.text("reads") == "on", by: reader.person)
            }
        }
        router.post("/portal/contacts/undo") { request, context -> Response in
            try await change(request, context, done: "undone") { reader, form in
                guard let id = form.text("change").flatMap({ Int64($0) }) else { throw Refusal(.unknown, "There is no such change.") }
                try await web.desk.undoContactChange(id, by: reader.person)
            }
        }
    }

    private func change(_ request: Request, _ context: AbideRequestContext, done: String, _ body: (Reader, Form) async throws -> Void) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        guard !reader.isStaff else { throw Refusal.role(reader.person.role, may: "Staff change contacts under Clients.", clause: "L8") }
        do {
            try await body(reader, form)
            return .seeOther("/portal/contacts?done=" + done)
        } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
            return try await show(reader, refused: FormState(form, refusal), status: refusal.kind == .input ? .unprocessableContent : .conflict)
        }
    }

    private func show(_ reader: Reader, done: String? = nil, refused: FormState? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let found = try await web.desk.contacts(of: nil, for: reader.person)
        let page = try await reader.page(web.desk.now(), current: "/portal/contacts", toast: Self.done(done))
        var general = FormState()
        if let refused, let text = refused.errors[""] ?? refused.errors["person"] { general.errors[""] = text }
        let people = found.people.filter { !$0.brief.email.isEmpty && ![.partner, .reportReader].contains($0.brief.role) }
        let view = PortalContactsView(
            client: found.client.name,
            rows: found.people.map { person in
                let byRole = Permissions.allows(person.brief.role, .readReports)
                return .init(
                    id: person.brief.id, person: PersonView(person.brief), role: person.brief.role.words, state: person.hasPassword ? "" : person.brief.email.isEmpty ? say("by telephone") : say("invited"),
                    readsReports: person.readsReports, readsByRole: byRole)
            },
            choices: people.map { Choice(value: String($0.brief.id), label: $0.brief.name) }, primary: people.first { $0.brief.role == .primaryContact }.map { String($0.brief.id) } ?? "",
            standIn: people.first { $0.brief.role == .standIn }.map { String($0.brief.id) } ?? "", changes: found.changes.map(ChangeRow.init), mayManage: found.mayManage,
            form: refused ?? FormState(), general: general)
        return .html(Pages.portalContacts(view, page), status: status)
    }

    private static func done(_ key: String?) -> String? {
        switch key {
        case "invited": say("Invited by mail.")
        case "contacts": say("Changed. The agreement manager is told.")
        case "reports": say("Saved.")
        case "undone": say("Undone. The agreement manager is told.")
        default: nil
        }
    }
}
