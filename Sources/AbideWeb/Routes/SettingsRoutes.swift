import AbideCore
import AbideDesk
import Hummingbird

/// Administration in a browser (K4): accounts, clients, departments, security, and the log of what was done.
struct SettingsRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/settings") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard let first = Self.tabs(reader).first else { throw Refusal.role(reader.person.role, may: "Administrators manage the desk.", clause: "K4") }
            return .seeOther(first.href)
        }
        addUsers(to: router)
        addClients(to: router)
        addFields(to: router)
        router.get("/settings/departments") { request, context -> Response in
            let reader = try await web.reader(request, context)
            try Self.mustAdminister(reader)
            return try await departments(reader, done: request.query("done"))
        }
        router.post("/settings/departments/members") { request, context -> Response in try await changeMember(request, context) }
        router.get("/settings/security") { request, context -> Response in try await security(try await web.reader(request, context), done: request.query("done")) }
        router.post("/settings/security") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try Self.mustAdminister(reader)
            guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/security") }
            try await web.desk.requireSecondFactor(of: Set(Role.allCases.filter { form["role." + $0.rawValue] == "on" }), by: .person(reader.person))
            return .seeOther("/settings/security?done=saved")
        }
        router.get("/settings/mails") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let mails = try web.desk.mailPreviews(for: reader.person).map { (milestone: $0.milestone, subject: $0.mail.subject, text: $0.mail.text) }
            return .html(Pages.mailPreviews(mails, try await frame(reader, "/settings/mails"), try await reader.page(web.desk.now(), current: "/settings")))
        }
        // As its reader gets it, in a frame without any rights.
        router.get("/settings/mails/{milestone}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard let html = try web.desk.mailPreviews(for: reader.person).first(where: { $0.milestone == context.part("milestone") })?.mail.html else { throw PlainError(404, "There is no such mail.") }
            return MessageRoutes.sandboxed(html)
        }
        router.get("/settings/status") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let condition = try await web.desk.condition(for: reader.person)
            return .html(Pages.status(condition, version: web.desk.settings.version, zoneData: web.desk.zoneData, try await frame(reader, "/settings/status"), try await reader.page(web.desk.now(), current: "/settings")))
        }
        router.get("/settings/log") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let log = try await web.desk.audit(for: reader.person)
            let names = try await names(reader)
            let page = try await reader.page(web.desk.now(), current: "/settings")
            return .html(Pages.auditLog(log.map { Self.row($0, names) }, try await frame(reader, "/settings/log"), page))
        }
    }

    // MARK: Accounts

    private func addUsers(to router: Router<AbideRequestContext>) {
        router.get("/settings/users") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let words = (request.query("q") ?? "").prefix(100).lowercased()
            let clients = try await clientNames()
            let rows = try await web.desk.people(for: reader.person).map { Self.row($0, clients) }
                .filter { row in words.isEmpty || [row.person.name, row.person.email, row.role, row.home].contains { $0.lowercased().contains(words) } }
            let page = try await reader.page(web.desk.now(), current: "/settings", toast: Self.done(request.query("done")))
            return .html(Pages.users(rows, query: String(words), try await frame(reader, "/settings/users"), page))
        }
        router.get("/settings/users/new") { request, context -> Response in
            let reader = try await web.reader(request, context)
            var form = FormState(["role": Role.agent.rawValue])
            if let client = request.query("client") { form.values = ["role": Role.client.rawValue, "client": client] }
            if !reader.allows(.administer) { form.values["role"] = Role.client.rawValue }
            return try await user(reader, nil, form)
        }
        router.post("/settings/users") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            guard reader.isStaff, reader.allows(.manageContacts) else { throw Refusal.role(reader.person.role, may: "Administrators manage accounts.", clause: "K4") }
            guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/users/new") }
            do {
                let made = try await web.desk.addPerson(try Self.input(form), by: .person(reader.person))
                return .seeOther("/settings/users/\(made.brief.id)?done=\(made.brief.email.isEmpty ? "saved" : "invited")")
            } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
                return try await user(reader, nil, FormState(form, refusal), status: .unprocessableContent)
            }
        }
        router.get("/settings/users/{id}") { request, context -> Response in
            try await user(try await web.reader(request, context), try id(context), nil, done: request.query("done"))
        }
        router.post("/settings/users/{id}") { request, context -> Response in
            try await act(request, context) { reader, form, id in
                try await web.desk.changePerson(id, try Self.input(form), by: .person(reader.person))
                return "saved"
            }
        }
        router.post("/settings/users/{id}/disabling") { request, context -> Response in
            try await act(request, context) { reader, _, id in
                try await web.desk.setDisabled(id, true, by: .person(reader.person))
                return "disabled"
            }
        }
        router.post("/settings/users/{id}/enabling") { request, context -> Response in
            try await act(request, context) { reader, _, id in
                try await web.desk.setDisabled(id, false, by: .person(reader.person))
                return "enabled"
            }
        }
        router.post("/settings/users/{id}/addresses") { request, context -> Response in
            try await act(request, context) { reader, form, id in
                try await web.desk.addAddress(form.text("address") ?? "", to: id, by: .person(reader.person))
                return "saved"
            }
        }
        router.post("/settings/users/{id}/address-removal") { request, context -> Response in
            try await act(request, context) { reader, form, id in
                try await web.desk.removeAddress(form.text("address") ?? "", from: id, by: .person(reader.person))
                return "saved"
            }
        }
        router.post("/settings/users/{id}/merging") { request, context -> Response in
            try await act(request, context) { reader, form, id in
                try await web.desk.mergeContact(id, into: form.text("into") ?? "", by: .person(reader.person))
                return "merged"
            }
        }
        router.post("/settings/users/{id}/link") { request, context -> Response in
            try await act(request, context) { reader, _, id in
                try await web.desk.resetAccess(id, by: .person(reader.person))
                return "link"
            }
        }
        router.post("/settings/users/{id}/second-factor-removal") { request, context -> Response in
            try await act(request, context) { reader, _, id in
                try await web.desk.removeSecondFactor(id, by: .person(reader.person))
                return "factor"
            }
        }
    }

    private func act(_ request: Request, _ context: AbideRequestContext, _ body: (Reader, Form, Int64) async throws -> String) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        let id = try id(context), path = "/settings/users/\(id)"
        // Asked before the input: who may not, learns nothing of the account.
        _ = try await web.desk.personRecord(id, for: .person(reader.person))
        guard try await web.isConfirmed(request) else { return .confirmFirst(path) }
        do { return .seeOther(path + "?done=" + (try await body(reader, form, id))) } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
            return try await user(reader, id, FormState(form, refusal), status: refusal.kind == .input ? .unprocessableContent : .conflict)
        }
    }

    private func user(_ reader: Reader, _ id: Int64?, _ form: FormState?, done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        guard reader.isStaff, reader.allows(.manageContacts) else { throw Refusal.role(reader.person.role, may: "Administrators manage accounts, the agreement manager contacts.", clause: "K4") }
        let desk = web.desk, manager = Manager.person(reader.person)
        let record = try await id.asyncMap { try await desk.personRecord($0, for: manager) }
        var form = form ?? FormState()
        if let record, form.values["name"] == nil {
            let errors = form.errors
            form = FormState([
                "name": record.brief.name, "email": record.brief.email, "phone": record.brief.phone, "role": record.brief.role.rawValue, "client": record.client.map(String.init) ?? "",
                "department": record.department ?? "", "zone": record.zone ?? "", "language": record.language ?? "",
            ])
            form.errors = errors
        }
        let terms = desk.currentAgreement().terms
        let clients = try await desk.clientsForManaging(by: manager).map(\.client)
        let roles = Role.allCases.filter { reader.allows(.administer) || !$0.isStaff }
        var view = UserView(
            id: id, title: record?.brief.name ?? say("Invite somebody"), form: form, roles: roles.map { Choice(value: $0.rawValue, label: $0.words.prefix(1).uppercased() + $0.words.dropFirst()) },
            clients: clients.map { Choice(value: String($0.id), label: $0.name) }, departments: terms.departments.map { Choice(value: $0.name, label: $0.name) }, zones: Zones.common)
        if let id, let record {
            view.state = Self.state(record)
            view.isDisabled = record.disabled
            view.hasPassword = record.hasPassword
            view.mayLink = !record.disabled && !record.brief.email.isEmpty
            view.mayAdminister = reader.allows(.administer)
            view.hasSecondFactor = try await desk.hasSecondFactor(id)
            if !record.brief.role.isStaff { view.addresses = try await desk.furtherAddresses(id, for: manager) }
            if view.hasSecondFactor { view.state += " " + say("A second factor is set up.") }
            if view.mayAdminister { view.log = try await desk.audit(for: reader.person, object: "person:\(id)").map { Self.row($0, [:]) } }
            if let link = try await desk.waitingLink(id, for: manager) {
                view.link = link.url
                view.linkUntil = reader.words(reader.person.zone ?? terms.provider.zone, place: "").full(link.until, now: desk.now())
            }
        }
        let page = try await reader.page(desk.now(), current: "/settings", toast: Self.done(done))
        return .html(Pages.user(view, try await frame(reader, "/settings/users"), page), status: status)
    }

    // MARK: Clients

    private func addClients(to router: Router<AbideRequestContext>) {
        router.get("/settings/clients") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let page = try await reader.page(web.desk.now(), current: "/settings", toast: Self.done(request.query("done")))
            let rows = try await web.desk.clientsForManaging(by: .person(reader.person)).map { entry in
                ClientRow(
                    id: entry.client.id, name: entry.client.name, contacts: entry.contacts, domains: entry.domains,
                    subscription: entry.client.subscriptionUntil.map { $0 < page.now ? say("ended \(page.words.date($0))") : say("until \(page.words.date($0))") } ?? say("no end"),
                    sharing: entry.client.shareTickets ? say("see each other's tickets") : say("each their own"))
            }
            return .html(Pages.clients(rows, try await frame(reader, "/settings/clients"), page))
        }
        router.get("/settings/clients/new") { request, context -> Response in
            try await client(try await web.reader(request, context), nil, FormState(["zone": web.desk.currentAgreement().terms.provider.zone]))
        }
        router.get("/settings/clients/{id}") { request, context -> Response in
            try await client(try await web.reader(request, context), try id(context), nil, done: request.query("done"))
        }
        router.post("/settings/clients") { request, context -> Response in try await save(request, context, nil) }
        router.post("/settings/clients/{id}") { request, context -> Response in try await save(request, context, try id(context)) }
        router.post("/settings/clients/{id}/contact") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let id = try id(context)
            guard reader.isStaff, reader.allows(.manageContacts) else { throw Refusal.role(reader.person.role, may: "Administrators and the agreement manager change contacts.", clause: "L8") }
            do {
                try await web.desk.nameContact(Role(rawValue: form.text("role") ?? "") ?? .client, form.text("person").flatMap { Int64($0) }, of: id, by: reader.person)
                return .seeOther("/settings/clients/\(id)?done=saved")
            } catch let refusal as Refusal where refusal.kind == .input { return try await client(reader, id, nil, errors: ["": refusal.detail], status: .unprocessableContent) }
        }
    }

    private func save(_ request: Request, _ context: AbideRequestContext, _ id: Int64?) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        guard reader.isStaff, reader.allows(.manageContacts) else { throw Refusal.role(reader.person.role, may: "Administrators and the agreement manager manage clients.", clause: "K4") }
        do {
            var until: Instant?
            if let text = form.text("subscription") {
                guard let day = LocalDate(iso: text) else { throw Refusal.input("subscription", "A day as 2026-12-31.") }
                until = web.desk.deskZoneRules.start(of: day.next) + -1
            }
            let input = ClientInput(
                name: form.text("name") ?? "", zone: form.text("zone") ?? "", subscriptionUntil: until, managedHosting: form["hosting"] == "on", shareTickets: form["share"] == "on",
                domains: (form.text("domains") ?? "").split { $0.isWhitespace || $0 == "," }.map(String.init))
            let stored = try await web.desk.putClient(id, input, by: .person(reader.person))
            return .seeOther("/settings/clients/\(stored.id)?done=saved")
        } catch let refusal as Refusal where refusal.kind == .input {
            return try await client(reader, id, FormState(form, refusal), status: .unprocessableContent)
        }
    }

    private func client(_ reader: Reader, _ id: Int64?, _ form: FormState?, errors: [String: String] = [:], done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let desk = web.desk
        var view = ClientView(id: id, title: say("New client"), form: form ?? FormState(), zones: Zones.common)
        let page = try await reader.page(desk.now(), current: "/settings", toast: Self.done(done))
        if let id {
            let found = try await desk.clientForManaging(id, by: .person(reader.person))
            view.title = found.client.name
            if form == nil {
                view.form = FormState([
                    "name": found.client.name, "zone": found.client.zone ?? "", "domains": found.domains.joined(separator: "\n"), "hosting": found.client.managedHosting ? "on" : "",
                    "share": found.client.shareTickets ? "on" : "", "subscription": found.client.subscriptionUntil.map { desk.deskZoneRules.local($0).date.iso } ?? "",
                ])
            }
            view.contacts = found.contacts.map { Self.row($0, [:]) }
            view.choices = found.contacts.filter { !$0.disabled && !$0.brief.email.isEmpty }.map { Choice(value: String($0.brief.id), label: $0.brief.name) }
            view.primary = found.contacts.first { $0.brief.role == .primaryContact && !$0.disabled }.map { String($0.brief.id) } ?? ""
            view.standIn = found.contacts.first { $0.brief.role == .standIn && !$0.disabled }.map { String($0.brief.id) } ?? ""
            view.changes = try await desk.contacts(of: id, for: reader.person).changes.map(ChangeRow.init)
        } else { _ = try await desk.clientsForManaging(by: .person(reader.person)) }
        view.form.errors.merge(errors) { _, new in new }
        return .html(Pages.client(view, try await frame(reader, "/settings/clients"), page), status: status)
    }

    // MARK: Departments and security

    private func departments(_ reader: Reader, fault: (department: String, text: String)? = nil, done: String? = nil) async throws -> Response {
        let desk = web.desk, terms = desk.currentAgreement().terms
        let records = try await desk.departments(for: .person(reader.person))
        let staff = try await desk.people(for: reader.person).filter { $0.brief.role.isStaff && !$0.disabled }
        let rows = records.map { record in
            let members = Set(record.people.map(\.brief.id))
            return DepartmentsView.Row(
                name: record.name, terms: record.terms, people: record.people.map { Self.row($0, [:]) }, leads: Set(record.leads.map(\.brief.id)),
                mayLead: Set(record.people.filter { $0.brief.role == .agent }.map(\.brief.id)),
                others: staff.filter { !members.contains($0.brief.id) }.map { one in Choice(value: String(one.brief.id), label: one.department.map { say("\(one.brief.name), now in \($0)") } ?? one.brief.name) })
        }
        let view = DepartmentsView(rows: rows, agreement: say("\(terms.name), version \(terms.version)"), mayAmend: reader.allows(.manageAgreements), fault: fault)
        let page = try await reader.page(desk.now(), current: "/settings", toast: Self.done(done))
        return .html(Pages.departments(view, try await frame(reader, "/settings/departments"), page), status: fault == nil ? .ok : .unprocessableContent)
    }

    /// Into a department, out of it, to its head and back.
    private func changeMember(_ request: Request, _ context: AbideRequestContext) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        try Self.mustAdminister(reader)
        guard try await web.isConfirmed(request) else { return .confirmFirst("/settings/departments") }
        let department = form.text("department") ?? ""
        guard let id = form.text("person").flatMap({ Int64($0) }) else { return try await departments(reader, fault: (department, say("Choose somebody."))) }
        let leads: Bool? = switch form["act"] {
        case "lead": true
        case "unlead": false
        default: nil
        }
        do { try await web.desk.setDepartment(of: id, form["act"] == "remove" ? nil : department, leads: leads, by: .person(reader.person)) } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
            return try await departments(reader, fault: (department, refusal.words))
        }
        return .seeOther("/settings/departments?done=saved")
    }

    private func security(_ reader: Reader, done: String?) async throws -> Response {
        try Self.mustAdminister(reader)
        let required = try await web.desk.rolesWithSecondFactor()
        let people = try await web.desk.people(for: reader.person).filter { !$0.disabled }
        var rows: [(role: String, label: String, isOn: Bool, people: Int, with: Int)] = []
        for role in Role.allCases {
            let members = people.filter { $0.brief.role == role }
            var with = 0
            for member in members where try await web.desk.hasSecondFactor(member.brief.id) { with += 1 }
            rows.append((role.rawValue, role.words.prefix(1).uppercased() + role.words.dropFirst(), required.contains(role), members.count, with))
        }
        let page = try await reader.page(web.desk.now(), current: "/settings", toast: Self.done(done))
        return .html(Pages.security(rows, try await frame(reader, "/settings/security"), page))
    }

    // MARK: Parts

    func frame(_ reader: Reader, _ current: String) async throws -> SettingsFrame { try await Self.frame(web, reader, current) }

    static func frame(_ web: Web, _ reader: Reader, _ current: String) async throws -> SettingsFrame {
        // On its own page all of it stands below.
        let troubles = reader.allows(.administer) && current != "/settings/status" ? try await web.desk.recentCondition(for: reader.person).troubles : []
        return SettingsFrame(tabs: tabs(reader), current: current, troubles: troubles)
    }

    private static func tabs(_ reader: Reader) -> [(title: String, href: String)] {
        var tabs: [(title: String, href: String)] = []
        if reader.isStaff, reader.allows(.manageContacts) { tabs += [(say("Accounts"), "/settings/users"), (say("Clients"), "/settings/clients")] }
        if reader.allows(.administer) { tabs += [(say("Departments"), "/settings/departments"), (say("Fields"), "/settings/fields"), (say("Mailboxes"), "/settings/mailboxes"), (say("Views"), "/settings/views"), (say("Mails"), "/settings/mails"), (say("Security"), "/settings/security"), (say("Log"), "/settings/log"), (say("Status"), "/settings/status"), (say("First steps"), "/settings/first-steps")] }
        return tabs
    }

    static func mustAdminister(_ reader: Reader) throws {
        guard reader.allows(.administer) else { throw Refusal.role(reader.person.role, may: "Administrators manage the desk.", clause: "K4") }
    }

    func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is nothing at this address.") }
        return id
    }

    func clientNames() async throws -> [Int64: String] { Dictionary(try await web.desk.allClients().map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a }) }

    /// `person:7` to a name, for the log.
    private func names(_ reader: Reader) async throws -> [String: String] {
        var names = Dictionary(try await web.desk.people(for: reader.person).map { ("person:\($0.brief.id)", $0.brief.name) }, uniquingKeysWith: { a, _ in a })
        for (id, name) in try await clientNames() { names["client:\(id)"] = name }
        return names
    }

    private static func input(_ form: Form) throws -> PersonInput {
        guard let role = Role(rawValue: form.text("role") ?? "") else { throw Refusal.input("role", "Choose a role.") }
        return PersonInput(
            email: form.text("email") ?? "", name: form.text("name") ?? "", role: role, client: form.text("client").flatMap { Int64($0) }, phone: form.text("phone") ?? "", zone: form.text("zone"),
            department: form.text("department"), language: form.text("language") ?? "")
    }

    static func state(_ record: PersonRecord) -> String {
        if record.disabled { return say("Disabled.") }
        if record.brief.email.isEmpty { return say("Has no address: is called, and does not sign in.") }
        return record.hasPassword ? say("Signs in with a password.") : say("Invited, and has set no password yet.")
    }

    static func row(_ record: PersonRecord, _ clients: [Int64: String]) -> UserRow {
        let state = record.disabled ? say("disabled") : record.brief.email.isEmpty ? say("by telephone only") : record.hasPassword ? say("active") : say("invited")
        return UserRow(
            id: record.brief.id, person: PersonView(record.brief), role: record.brief.role.words + (record.readsReports ? say(", reads reports") : ""),
            home: record.client.flatMap { clients[$0] } ?? record.department ?? "", state: state, isQuiet: record.disabled)
    }

    private static func row(_ record: AuditRecord, _ names: [String: String]) -> AuditRow {
        AuditRow(at: record.at, actor: record.actor, action: record.action, object: names[record.object] ?? "", detail: record.detail == names[record.object] ? "" : record.detail)
    }

    static func done(_ key: String?) -> String? {
        switch key {
        case "saved": say("Saved.")
        case "opened": say("The desk is open.")
        case "invited": say("Invited by mail. The link works once, for 24 hours.")
        case "disabled": say("Disabled. All sessions and tokens have ended.")
        case "enabled": say("Enabled.")
        case "link": say("A link is on its way by mail.")
        case "merged": say("Merged. This account has no access any more.")
        case "factor": say("The second factor is gone.")
        default: nil
        }
    }
}

extension ChangeRow {
    private static func sentence(_ change: Desk.ContactChangeRecord) -> String {
        let who = change.successor ?? say("nobody")
        guard let former = change.former else { return say("\(change.by) named \(who) the \(change.role.words).") }
        return say("\(change.by) named \(who) the \(change.role.words), instead of \(former).")
    }

    init(_ change: Desk.ContactChangeRecord) {
        self.init(
            id: change.id, text: Self.sentence(change), at: change.at, undone: change.undone, mayUndo: change.mayUndo)
    }
}

extension Response {
    /// For what matters: the password is asked again first.
    static func confirmFirst(_ path: String) -> Response { .seeOther("/account/confirmation?next=" + percentEncoded(path)) }
}

extension Web {
    func isConfirmed(_ request: Request) async throws -> Bool {
        guard let secret = sessionSecret(request) else { return false }
        return try await desk.isConfirmed(secret)
    }
}

extension Optional {
    func asyncMap<T>(_ body: (Wrapped) async throws -> T) async rethrows -> T? {
        guard let self else { return nil }
        return try await body(self)
    }
}

/// Zones that are offered; any other name of the IANA database is taken as well.
enum Zones {
    static let common = [
        "America/Chicago", "America/Denver", "America/Los_Angeles", "America/New_York", "America/Phoenix", "America/Sao_Paulo", "America/Toronto", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai",
        "Asia/Singapore", "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Zurich", "Africa/Johannesburg", "UTC",
    ]
}
