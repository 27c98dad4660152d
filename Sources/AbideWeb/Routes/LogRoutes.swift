import AbideCore
import AbideDesk
import Hummingbird

/// Logging a ticket on the portal (A2), or by staff for a caller (A3).
struct LogRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets/new") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard reader.isStaff else { return .seeOther("/portal/tickets/new") }
            return try await show(reader)
        }
        router.get("/portal/tickets/new") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard !reader.isStaff else { return .seeOther("/tickets/new") }
            return try await show(reader)
        }
        router.post("/tickets") { request, context -> Response in try await log(request, context) }
    }

    private func log(_ request: Request, _ context: AbideRequestContext) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        let names = web.desk.agreement(for: reader.person).terms.intake.map(\.name)
        var fields: [String: String] = [:]
        for name in names { fields[name] = form.text(name) }
        let channel = reader.isStaff ? form.text("channel").flatMap { Channel(rawValue: $0) } ?? .phone : .portal
        var wanted = LogRequest(
            subject: form.text("subject"), urgency: form.text("urgency").flatMap { Int($0) }, fields: fields, channel: channel,
            contact: reader.isStaff ? form.text("contact") : nil)
        wanted.attachments = form.files
        do {
            // A form that is sent twice (a second click, a reload) makes one ticket.
            let once = form.text("once").map { Idempotency(key: "form:" + $0.prefix(64), request: "form") }
            let view = try await web.desk.log(wanted, by: reader.person, idempotency: once)
            return .seeOther(reader.page(of: view.ticket.ref) + "?done=logged")
        } catch let refusal as Refusal where refusal.kind != .unknown {
            return try await show(reader, form: form, refused: Refused(refusal, act: "log", form: form))
        }
    }

    private func show(_ reader: Reader, form: Form? = nil, refused: Refused? = nil) async throws -> Response {
        let desk = web.desk
        guard reader.allows(reader.isStaff ? .logForCaller : .logTicket) else {
            throw Refusal.role(reader.person.role, may: reader.isStaff ? "Agents, department leads and the service manager log for callers." : "Contacts of a client log tickets.", clause: "A3")
        }
        let agreement = desk.agreement(for: reader.person), terms = agreement.terms
        let now = desk.now()
        let page = try await reader.page(now, current: reader.isStaff ? "" : "/portal", refusal: refused?.errors.isEmpty ?? true ? refused?.view : nil)
        let promises = Promises(now: now)
        let severities = terms.severities.sorted { $0.number < $1.number }.map { severity in
            SeverityChoice(
                number: severity.number, name: severity.name, description: severity.description,
                firstAnswer: promises.wouldBeDue(.response, severity.number, agreement))
        }
        var line = PromiseLineView(kind: .response, reading: SLAClock(.response, changes: [], agreement: agreement).reading(at: now), intervals: [])
        line.wouldBeDue = severities.compactMap(\.firstAnswer).max()
        var values = refused?.typed ?? [:]
        if refused == nil { values = try await profile(reader, terms) }
        let view = LogFormView(
            fields: terms.intake, values: values, subject: form?["subject"] ?? "",
            urgency: form?.text("urgency").flatMap { Int($0) }, severities: severities, suggestions: try await suggestions(reader),
            choices: Dictionary(terms.intake.map { field in (field.name, terms.choices(field).map { Choice(value: $0.value, label: $0.label) }) }, uniquingKeysWith: { first, _ in first }),
            errors: refused?.errors ?? [:], contact: reader.isStaff ? nil : PersonView(reader.person),
            callers: reader.isStaff ? try await callers(reader, chosen: form?.text("contact")) : [],
            channels: reader.isStaff ? [Channel.phone, .meeting].map { Choice(value: $0.rawValue, label: $0.words, isChosen: form?.text("channel") == $0.rawValue) } : [],
            axis: Axis.ticket([line], now: now, words: page.desk, size: .medium, open: agreement.defaultCalendar.stretches),
            once: form?.text("once") ?? randomName())
        return .html(Pages.logForm(view, page), status: refused?.status ?? .ok)
    }

    /// What the contact's profile knows already (A4).
    private func profile(_ reader: Reader, _ terms: AgreementTerms) async throws -> [String: String] {
        guard !reader.isStaff else { return [:] }
        var known = ["name": reader.person.name, "phone": reader.person.phone]
        known["company"] = try await web.desk.clients(for: reader.person).first?.name
        return known.filter { name, value in !value.isEmpty && terms.intake.contains { $0.name == name && $0.fromProfile } }
    }

    /// Sites that earlier tickets named.
    private func suggestions(_ reader: Reader) async throws -> [String: [String]] {
        guard reader.allows(.read) else { return [:] }
        var query = TicketQuery()
        query.sort = .updated
        query.limit = 100
        let sites = try await web.desk.list(query, for: reader.person).rows.map(\.site).filter { !$0.isEmpty }
        return ["site": Array(Set(sites)).sorted()]
    }

    private func callers(_ reader: Reader, chosen: String?) async throws -> [Choice] {
        let clients = Dictionary(try await web.desk.clients(for: reader.person).map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
        return try await web.desk.contacts(for: reader.person).map { contact in
            let client = contact.client.flatMap { clients[$0] } ?? ""
            let value = contact.person.email.isEmpty ? "#\(contact.person.id)" : contact.person.email
            return Choice(value: value, label: client.isEmpty ? contact.person.name : "\(contact.person.name), \(client)", isChosen: value == chosen)
        }
    }

    private func randomName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next() as UInt64, radix: 36) + String(generator.next() as UInt64, radix: 36)
    }
}
