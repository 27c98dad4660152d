import AbideCore
import AbideDesk
import Hummingbird

/// What a new desk still needs, and the views that all staff share (K4).
struct DeskSettingsRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/settings/first-steps") { request, context -> Response in
            let reader = try await administrator(request, context)
            let page = try await reader.page(web.desk.now(), current: "/settings", toast: SettingsRoutes.done(request.query("done")))
            return .html(Pages.firstSteps(try await steps(reader), try await SettingsRoutes.frame(web, reader, "/settings/first-steps"), page))
        }
        router.get("/settings/views") { request, context -> Response in
            let reader = try await administrator(request, context)
            let editing = request.query("edit").flatMap { Int64($0) }
            let found = try await web.desk.sharedViews(for: .person(reader.person)).first { $0.id == editing }
            return try await views(reader, found.map { FormState(["name": $0.name, "q": $0.query]) } ?? FormState(), editing: found?.id, done: request.query("done"))
        }
        router.post("/settings/views") { request, context -> Response in try await put(request, context, nil) }
        router.post("/settings/views/{id}") { request, context -> Response in try await put(request, context, try id(context)) }
        router.post("/settings/views/{id}/deletion") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try SettingsRoutes.mustAdminister(reader)
            try await web.desk.deleteSharedView(try id(context), by: .person(reader.person))
            return .seeOther("/settings/views?done=saved")
        }
    }

    private func administrator(_ request: Request, _ context: AbideRequestContext) async throws -> Reader {
        let reader = try await web.reader(request, context)
        try SettingsRoutes.mustAdminister(reader)
        return reader
    }

    private func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is no such view.") }
        return id
    }

    private func put(_ request: Request, _ context: AbideRequestContext, _ id: Int64?) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        try SettingsRoutes.mustAdminister(reader)
        do {
            _ = try ListQuery(form.text("q") ?? "")
            try await web.desk.putSharedView(id, name: form.text("name") ?? "", query: form.text("q") ?? "", by: reader.person)
            return .seeOther("/settings/views?done=saved")
        } catch let refusal as Refusal where refusal.kind == .input { return try await views(reader, FormState(form, refusal), editing: id, status: .unprocessableContent) }
    }

    private func views(_ reader: Reader, _ form: FormState, editing: Int64?, done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let page = try await reader.page(web.desk.now(), current: "/settings", toast: SettingsRoutes.done(done))
        let all = try await web.desk.sharedViews(for: .person(reader.person))
        return .html(Pages.sharedViews(all, form: form, editing: editing, try await SettingsRoutes.frame(web, reader, "/settings/views"), page), status: status)
    }

    private func steps(_ reader: Reader) async throws -> [FirstStep] {
        let desk = web.desk, provider = desk.currentAgreement().terms.provider, manager = Manager.person(reader.person)
        let figures = try await desk.recentCondition(for: reader.person).figures
        let boxes = try await desk.mailboxes(for: manager)
        let comesIn = (figures?.mailIn.values.reduce(0, +) ?? 0) > 0 || boxes.contains { $0.readAt != nil } || !(desk.settings.mailboxes ?? []).isEmpty
        let clients = try await desk.clientsForManaging(by: manager)
        let colleagues = try await desk.people(for: reader.person).count { $0.brief.role.isStaff && !$0.disabled && $0.brief.id != reader.person.id }
        return [
            FirstStep(
                title: say("Mail comes in"), text: comesIn ? say("Mail to \(provider.mailbox) becomes tickets.") : say("Mail to \(provider.mailbox) becomes tickets as soon as a mail server hands it over, or the desk fetches it from its mailbox."), isDone: comesIn,
                act: (say("Mailboxes"), "/settings/mailboxes")),
            FirstStep(
                title: say("Mail leaves"), text: desk.settings.sendsMail ? say("It goes out by a relay.") : say("Without a relay nobody hears of anything: name it at the start, with --relay."), isDone: desk.settings.sendsMail, act: (say("What leaves"), "/settings/mailboxes")),
            FirstStep(
                title: say("A client"), text: clients.isEmpty ? say("The organisation whose contacts log tickets, with its mail domains.") : say("\(clients.count == 1 ? say("One client") : say("\(clients.count) clients")), \(clients.reduce(0) { $0 + $1.contacts }) contacts."),
                isDone: !clients.isEmpty, act: clients.isEmpty ? (say("New client"), "/settings/clients/new") : (say("Clients"), "/settings/clients")),
            FirstStep(
                title: say("Colleagues"), text: colleagues == 0 ? say("Those who answer, and a service manager, who closes and is told of what is missed.") : colleagues == 1 ? say("One more person of the staff.") : say("\(colleagues) more people of the staff."), isDone: colleagues > 0,
                act: colleagues > 0 ? (say("Accounts"), "/settings/users") : (say("Invite somebody"), "/settings/users/new")),
            FirstStep(
                title: say("Backups"), text: desk.upkeep.known[.backup] != nil ? say("One a day is written.") : say("None are scheduled: name a folder at the start, with --backups."), isDone: desk.upkeep.known[.backup] != nil, act: (say("Status"), "/settings/status")),
            FirstStep(title: say("What is promised"), text: say("The agreement is in force as it stands. Read it once: it is what the desk executes."), isDone: true, act: (say("Read it"), "/agreement")),
        ]
    }
}
