import AbideCore
import AbideDesk
import Hummingbird

/// The agreement as the desk executes it, readable, and every interval of a ticket's clocks (C7).
struct AgreementRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/agreement") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return reader.isStaff ? try await show(reader, "/agreement") : .seeOther("/portal/agreement")
        }
        router.get("/portal/agreement") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return reader.isStaff ? .seeOther("/agreement") : try await show(reader, "/portal/agreement")
        }
        router.post("/portal/agreement/acceptance") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            do { _ = try await web.desk.accept(agreement: form.text("digest") ?? "", by: reader.person) } catch let refusal as Refusal {
                return try await show(reader, "/portal/agreement", refused: Refused(refusal, act: "accept", form: form))
            }
            return .seeOther("/portal/agreement#O")
        }
        router.post("/agreement/versions") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            do { try await put(form, reader) } catch let refusal as Refusal {
                return try await show(reader, "/agreement", refused: Refused(refusal, act: "agreement", form: form))
            }
            return .seeOther("/agreement#O")
        }
        // After a refusal the browser stands on the act's address.
        for path in ["/portal/agreement/acceptance", "/agreement/versions"] {
            router.get(RouterPath(path)) { _, _ -> Response in .seeOther("/agreement#O") }
        }
        router.get("/tickets/{ref}/clocks") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let detail = try await web.desk.detail(context.part("ref"), for: reader.person)
            let view = detail.view
            let page = try await reader.page(view.now, current: reader.isStaff ? "" : "/portal")
            var promises = Promises(now: view.now)
            let lines = view.agreement.terms.clocks.map { promises.line($0, view, events: detail.events) }
            let terms = view.agreement.terms
            let holds = reader.isStaff && reader.allows(.readInternal) ? try await web.desk.holds(view.ticket.ref, for: reader.person) : []
            return .html(Pages.clocks(ref: view.ticket.ref, subject: view.ticket.subject, clocks: lines, holds: holds, agreement: say("\(terms.name), version \(terms.version)"), page))
        }
    }

    /// A new version from the manager's form.
    private func put(_ form: Form, _ reader: Reader) async throws {
        guard reader.allows(.manageAgreements) else { throw Refusal.role(reader.person.role, may: "The agreement manager puts agreements in force.", clause: "O1") }
        guard let text = form.text("text") else { throw Refusal.input("text", "Paste the agreement file here.") }
        let agreement: Agreement
        do { agreement = try await web.desk.putAgreement(yaml: text, fileName: "the file") } catch let faults as AgreementFaults { throw Refusal.input("text", Phrase(asIs: faults.description)) }
        var from: Instant?
        if let day = form.text("from") {
            let zone = agreement.providerZone ?? agreement.defaultCalendar.zone
            guard let date = LocalDate(iso: day) else { throw Refusal.input("from", "Write a day, as 2026-12-01.") }
            from = zone.local(web.desk.now()).date == date ? nil : zone.start(of: date)
        }
        try await web.desk.putInForce(digest: agreement.terms.digest, client: form.text("client").flatMap { Int64($0) }, from: from, actor: reader.person.name)
    }

    private func show(_ reader: Reader, _ path: String, refused: Refused? = nil) async throws -> Response {
        let desk = web.desk, now = desk.now()
        let agreement = desk.agreement(for: reader.person)
        var page = try await reader.page(now, current: path, refusal: refused?.view)
        if let refused { page.typed = refused.typed }
        let views = try await desk.agreementViews(for: reader.person)
        var view = AgreementPageView(terms: agreement.terms)
        view.mayTry = reader.allows(.tryTerms)
        view.readsReviews = reader.allows(.readReports)
        view.zoneData = desk.zoneData
        let client = reader.isStaff ? nil : reader.person.client
        // The reader's own line of versions: those of its client, with those for all where it has none of its own.
        let uses = views.flatMap { version in version.uses.filter { $0.client == nil || $0.client?.id == client }.map { (version, $0) } }.sorted { $0.1.from < $1.1.from }
        let current = uses.last { $0.0.digest == agreement.terms.digest && $0.1.from <= now }
        view.since = current?.1.from
        if let current, let before = uses.last(where: { $0.1.from < current.1.from }) {
            view.changes = AgreementDiff.lines(from: before.0.agreement.terms, to: agreement.terms)
        }
        let hasOwn = current?.1.client != nil
        if let next = uses.first(where: { $0.1.from > now && (!hasOwn || $0.1.client != nil) }) {
            let terms = next.0.agreement.terms
            view.next = .init(title: say("\(terms.name), version \(terms.version)"), digest: terms.digest, from: next.1.from, changes: AgreementDiff.lines(from: agreement.terms, to: terms))
        }
        view.consents = views.flatMap { version in
            version.acceptances.map { .init(title: say("\(version.agreement.terms.name), version \(version.agreement.terms.version)"), who: $0.personName, client: $0.client.name, at: $0.acceptedAt) }
        }.sorted { $0.at < $1.at }
        if reader.allows(.acceptAgreement) {
            let accepted = Set(views.filter { !$0.acceptances.isEmpty }.map(\.digest))
            view.mayAccept = [agreement.terms.digest, view.next?.digest].compactMap(\.self).filter { !accepted.contains($0) }
        }
        view.manages = reader.allows(.manageAgreements)
        if view.manages { view.clients = try await desk.clients(for: reader.person).map { Choice(value: String($0.id), label: $0.name) } }
        view.events = try await desk.agreementEvents(for: reader.person).reversed().prefix(50).map { .init(at: $0.recordedAt, sentence: $0.sentence) }
        return .html(Pages.agreement(view, page), status: refused?.status ?? .ok)
    }
}
