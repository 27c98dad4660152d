import AbideCore
import AbideDesk
import Hummingbird

/// Mailboxes that the desk fetches from, set up by administrators (K4).
struct MailboxRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/settings/mailboxes") { request, context -> Response in
            let reader = try await administrator(request, context)
            return .html(Pages.mailboxes(try await list(reader), try await SettingsRoutes.frame(web, reader, "/settings/mailboxes"), try await page(reader, request.query("done"))))
        }
        router.get("/settings/mailboxes/new") { request, context -> Response in
            let reader = try await administrator(request, context)
            // Asked before the form is filled in, so that nothing is typed in vain.
            guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/mailboxes/new") }
            return try await show(reader, nil, FormState(["security": "tls", "kind": "password"]))
        }
        router.post("/settings/mailboxes") { request, context -> Response in try await put(request, context, nil) }
        router.get("/settings/mailboxes/{id}") { request, context -> Response in
            let reader = try await administrator(request, context)
            let record = try await web.desk.mailbox(try id(context), for: .person(reader.person))
            return try await show(reader, record, Self.form(record), done: request.query("done"))
        }
        router.post("/settings/mailboxes/{id}") { request, context -> Response in try await put(request, context, try id(context)) }
        router.post("/settings/mailboxes/{id}/trial") { request, context -> Response in
            let (reader, id) = try await sent(request, context)
            let result = try await web.desk.tryMailbox(id, by: .person(reader.person))
            let record = try await web.desk.mailbox(id, for: .person(reader.person))
            return try await show(reader, record, Self.form(record), trial: Self.words(result))
        }
        for (path, pauses) in [("pause", true), ("resumption", false)] {
            router.post(RouterPath("/settings/mailboxes/{id}/\(path)")) { request, context -> Response in
                let (reader, id) = try await sent(request, context)
                guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/mailboxes/\(id)") }
                try await web.desk.pauseMailbox(id, pauses, by: .person(reader.person))
                return .seeOther("/settings/mailboxes/\(id)?done=\(path)")
            }
        }
        router.post("/settings/mailboxes/{id}/removal") { request, context -> Response in
            let (reader, id) = try await sent(request, context)
            guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/mailboxes/\(id)") }
            try await web.desk.removeMailbox(id, by: .person(reader.person))
            return .seeOther("/settings/mailboxes?done=removed")
        }
        // After a trial or a refusal the browser stands on the act's address.
        router.get("/settings/mailboxes/{id}/trial") { request, context -> Response in
            _ = try await administrator(request, context)
            return .seeOther("/settings/mailboxes/\(try id(context))")
        }
    }

    private func administrator(_ request: Request, _ context: AbideRequestContext) async throws -> Reader {
        let reader = try await web.reader(request, context)
        try SettingsRoutes.mustAdminister(reader)
        return reader
    }

    private func sent(_ request: Request, _ context: AbideRequestContext) async throws -> (Reader, Int64) {
        let (reader, _) = try await web.sent(request, context)
        try SettingsRoutes.mustAdminister(reader)
        return (reader, try id(context))
    }

    private func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is no such mailbox.") }
        return id
    }

    private func put(_ request: Request, _ context: AbideRequestContext, _ id: Int64?) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        try SettingsRoutes.mustAdminister(reader)
        let manager = Manager.person(reader.person)
        let known = try await id.asyncMap { try await web.desk.mailbox($0, for: manager) }
        guard try await web.isConfirmed(request) else { return .confirmFirst(id.map { "/settings/mailboxes/\($0)" } ?? "/settings/mailboxes/new") }
        do {
            let (stored, fault) = try await web.desk.putMailbox(id, Self.input(form), by: manager)
            return .seeOther("/settings/mailboxes/\(stored)?done=\(fault == nil ? "read" : "unread")")
        } catch let refusal as Refusal where refusal.kind == .input { return try await show(reader, known, FormState(form, refusal), status: .unprocessableContent) }
    }

    private func list(_ reader: Reader) async throws -> MailboxesView {
        let desk = web.desk, own = try await desk.mailboxes(for: .person(reader.person))
        let known = Dictionary(try await desk.mailSources().map { ($0.address, $0) }) { first, _ in first }
        let atStart = (desk.settings.mailboxes ?? []).map { address -> MailboxesView.Row in
            let source = known[address]
            return MailboxesView.Row(id: nil, address: address, isPaused: false, readAt: source?.readAt, failingSince: source?.failingSince, error: source?.error ?? "")
        }
        let provider = desk.currentAgreement().terms.provider
        return MailboxesView(
            rows: atStart + own.map { MailboxesView.Row(id: $0.id, address: $0.address, isPaused: $0.isPaused, readAt: $0.readAt, failingSince: $0.failingSince, error: $0.error ?? "") },
            addresses: [provider.mailbox] + provider.otherMailboxes, door: desk.settings.mailDoor, relay: desk.settings.relay)
    }

    private func show(
        _ reader: Reader, _ record: MailboxRecord?, _ form: FormState, trial: (works: Bool, text: String)? = nil, done: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let view = MailboxFormView(record: record, form: form, trial: trial)
        return .html(Pages.mailbox(view, try await SettingsRoutes.frame(web, reader, "/settings/mailboxes"), try await page(reader, done)), status: status)
    }

    private func page(_ reader: Reader, _ done: String?) async throws -> PageContext {
        try await reader.page(web.desk.now(), current: "/settings", toast: Self.done(done))
    }

    private static func words(_ result: Result<MailboxFound, MailboxFault>) -> (works: Bool, text: String) {
        switch result {
        case .success(let found): (true, say("It can be read. \(found.messages == 0 ? say("It is empty") : found.messages == 1 ? say("One message lies there") : say("\(found.messages) messages lie there"))\(found.unseen == 0 ? "" : ", " + say("\(found.unseen) unseen")). Nothing was taken."))
        case .failure(let fault): (false, say("It can’t be read: \(fault.description)."))
        }
    }

    private static func done(_ key: String?) -> String? {
        switch key {
        case "read": say("Saved. It can be read, and is looked into from now on.")
        case "unread": say("Saved, and paused: it can’t be read.")
        case "pause": say("Paused.")
        case "resumption": say("It is looked into again.")
        case "removed": say("Removed.")
        default: nil
        }
    }

    private static func form(_ record: MailboxRecord) -> FormState {
        FormState([
            "host": record.host, "port": record.port.map(String.init) ?? "", "security": record.isWrapped ? "tls" : "starttls", "user": record.user, "folder": record.folder, "move": record.move ?? "",
            "authority": record.authority ?? "", "every": String(record.every), "kind": record.hasGrant ? "grant" : "password",
        ])
    }

    private static func input(_ form: Form) -> MailboxInput {
        var input = MailboxInput()
        input.host = form.text("host") ?? ""
        input.port = form.text("port") ?? ""
        input.isWrapped = form["security"] != "starttls"
        input.user = form.text("user") ?? ""
        input.folder = form.text("folder") ?? ""
        input.move = form.text("move") ?? ""
        input.authority = form.text("authority") ?? ""
        input.every = form.text("every") ?? ""
        input.hasGrant = form["kind"] == "grant"
        input.password = form["password"] ?? ""
        input.endpoint = form.text("endpoint") ?? ""
        input.client = form.text("client") ?? ""
        input.clientSecret = form["client-password"] ?? ""
        input.refreshToken = form["refresh-password"] ?? ""
        return input
    }
}
