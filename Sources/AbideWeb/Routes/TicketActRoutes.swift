import AbideCore
import AbideDesk
import Hummingbird

/// The acts on a ticket as forms send them, of staff and of clients alike: the core decides who may do what. What is done leads back to
/// the ticket; what is refused is told beside the act, with what had been typed.
struct TicketActRoutes {
    let web: Web

    /// An act, and the key of what is said when it is done.
    struct Deed {
        var done: String
        var decide: @Sendable (Ticket, Agreement, Instant) throws -> [Draft]
        init(_ done: String, _ decide: @escaping @Sendable (Ticket, Agreement, Instant) throws -> [Draft]) {
            self.done = done
            self.decide = decide
        }
    }

    func add(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/messages") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await message(reader, form, context.part("ref"))
        }
        router.post("/tickets/{ref}/held/{id}/undo") { request, context -> Response in
            let id = Int64(context.part("id"))
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "undo") { ref in (try await web.desk.takeBack(id ?? 0, on: ref, by: reader.person), "undone") }
        }
        router.post("/tickets/{ref}/typing") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try await web.desk.type(on: context.part("ref"), by: reader.person, stops: form["stops"] != nil)
            return Response(type: "application/json", body: Array("{}".utf8))
        }
        router.post("/tickets/{ref}/fields") { request, context -> Response in
            try await act(request, context, "fields") { form, person in
                var given: [String: String] = [:]
                for (name, value) in form.fields where name != "csrf" && !value.allSatisfy(\.isWhitespace) { given[name] = value }
                let fields = given
                return Deed("supplied") { ticket, agreement, now in try ticket.supply(fields, subject: nil, by: person, at: now, agreement) }
            }
        }
        addStaffActs(to: router)
        addClosingActs(to: router)
        addAccessAndQuotes(to: router)
        addConnections(to: router)
        addTasks(to: router)
        // After a refusal the browser stands on the act's address: reading it again shows the ticket.
        for path in ["{act}", "resolution/withdrawal", "complaint/answer", "suspension/{id}/end", "proposals/{id}/acceptance", "coverage/dispute", "quotes/{id}/{decision}", "access/{id}/end", "merging/end", "following/end", "links/{other}/end", "held/{id}/undo", "tasks/{id}/completion", "tasks/{id}/completion/end", "tasks/{id}/removal"] {
            router.get(RouterPath("/tickets/{ref}/" + path)) { request, context -> Response in
                let reader = Reader(desk: web.desk, try await web.signedIn(request, context))
                if let act = context.parameters.get("act"), !Self.names.contains(act), !Self.connectionNames.contains(act), !Self.taskNames.contains(act) { throw PlainError(404, "There is nothing at this address.") }
                return .seeOther(reader.page(of: context.part("ref")))
            }
        }
    }

    private static let names: Set<String> = [
        "messages", "fields", "suspension", "resolution", "severity", "coverage", "assignment", "completion", "proposals", "confirmation", "closure",
        "closing-notice", "reopening", "complaint", "quotes", "access", "typing",
    ]

    private func addStaffActs(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/suspension") { request, context -> Response in
            try await act(request, context, "suspend") { form, person in
                let reason = form.text("reason"), note = form.text("note")
                return Deed("suspended") { ticket, agreement, now in
                    try ticket.suspend(reason: reason, note: note, since: nil, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/suspension/{id}/end") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "resume") { _, person in
                guard let id else { throw Refusal.noSuspension }
                return Deed("resumed") { ticket, _, now in try ticket.resume(id, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/resolution") { request, context -> Response in
            try await act(request, context, "resolve") { form, person in
                let body = form.text("body")
                var given: [String: String] = [:]
                for (name, value) in form.fields where name.hasPrefix("detail-") && !value.allSatisfy(\.isWhitespace) { given[String(name.dropFirst(7))] = value }
                let details = given
                return Deed("resolved") { ticket, agreement, now in
                    try ticket.resolve(body, fields: details, channel: .portal, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/severity") { request, context -> Response in
            try await act(request, context, "severity") { form, person in
                let severity = form.text("severity").flatMap { Int($0) }, reason = form.text("reason")
                return Deed("severity") { ticket, agreement, now in
                    try ticket.setSeverity(severity, reason: reason, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/coverage") { request, context -> Response in
            let entitlements = try? await web.desk.ticket(context.part("ref"), for: try await web.signedIn(request, context).person).entitlements
            return try await act(request, context, "coverage") { form, person in
                let decision = form.text("decision").flatMap { CoverageDecision(rawValue: $0) }
                let rule = form.text("rule"), reason = form.text("reason"), kind = form.text("kind"), cause = form.text("cause")
                return Deed("coverage") { ticket, agreement, now in
                    try ticket.decideCoverage(
                        decision, rule: rule, reason: reason, kind: kind, cause: cause, entitlements: entitlements, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/assignment") { request, context -> Response in
            let staff = try await web.desk.staff()
            return try await act(request, context, "assign") { form, person in
                let department = form.text("department")
                var assignee: (id: Int64, name: String)?
                if let wanted = form.text("assignee") {
                    guard let known = staff.first(where: { String($0.id) == wanted }) else { throw Refusal.input("assignee", "Choose one of the desk's staff.") }
                    assignee = (known.id, known.name)
                }
                let chosen = assignee
                return Deed("assigned") { ticket, agreement, now in
                    try ticket.assign(to: chosen, department: department ?? ticket.department, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/completion") { request, context -> Response in
            try await act(request, context, "complete") { form, person in
                let reason = form.text("reason")
                return Deed("complete") { ticket, _, now in try ticket.declareComplete(reason: reason, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/proposals") { request, context -> Response in
            try await act(request, context, "propose") { form, person in
                let due = try web.deskTime(form.text("due"))
                return Deed("proposed") { ticket, agreement, now in
                    try ticket.propose(due: due, workingSeconds: nil, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/proposals/{id}/acceptance") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "accept") { _, person in
                guard let id else { throw Refusal.noProposal }
                return Deed("agreed") { ticket, _, now in try ticket.accept(proposal: id, by: person, at: now) }
            }
        }
    }

    private func addClosingActs(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/resolution/withdrawal") { request, context -> Response in
            try await act(request, context, "withdraw") { form, person in
                let body = form.text("body")
                return Deed("withdrawn") { ticket, agreement, now in
                    let withdrawn = try ticket.withdrawResolution(by: person, at: now)
                    guard let body else { return withdrawn }
                    return try ticket.answer(body, visibility: .public, channel: .portal, by: person, at: now, agreement) + withdrawn
                }
            }
        }
        router.post("/tickets/{ref}/confirmation") { request, context -> Response in
            try await act(request, context, "confirm") { _, person in
                Deed("confirmed") { ticket, _, now in try ticket.confirm(by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/closure") { request, context -> Response in
            try await act(request, context, "close") { form, person in
                let reason = form.text("reason")
                return Deed("closed") { ticket, _, now in try ticket.close(reason: reason, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/closing-notice") { request, context -> Response in
            try await act(request, context, "notice") { _, person in
                Deed("notice") { ticket, agreement, now in try ticket.sendClosingNotice(by: person, at: now, agreement) }
            }
        }
        router.post("/tickets/{ref}/reopening") { request, context -> Response in
            try await act(request, context, "reopen") { form, person in
                let reason = form.text("reason")
                return Deed("reopened") { ticket, _, now in try ticket.reopen(reason: reason, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/complaint") { request, context -> Response in
            try await act(request, context, "complain") { form, person in
                let reason = form.text("reason"), impact = form.text("impact")
                return Deed("complained") { ticket, _, now in try ticket.complain(reason: reason, impact: impact, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/complaint/answer") { request, context -> Response in
            try await act(request, context, "complaint") { form, person in
                let body = form.text("body")
                return Deed("answered") { ticket, _, now in try ticket.answerComplaint(body, by: person, at: now) }
            }
        }
    }

    /// L5 and M5, and the dispute of M6.
    private func addAccessAndQuotes(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/coverage/dispute") { request, context -> Response in
            try await act(request, context, "dispute") { form, person in
                let reason = form.text("reason"), impact = form.text("impact")
                return Deed("disputed") { ticket, _, now in try ticket.disputeCoverage(reason: reason, impact: impact, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/access") { request, context -> Response in
            try await act(request, context, "access") { form, person in
                let who = form.text("who"), how = form.text("how"), until = try web.deskTime(form.text("until"), field: "until")
                return Deed("granted") { ticket, agreement, now in try ticket.grantAccess(who: who, how: how, until: until, by: person, at: now, agreement) }
            }
        }
        router.post("/tickets/{ref}/access/{id}/end") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "accessEnd") { _, person in
                guard let id else { throw Refusal.noGrant }
                return Deed("accessEnded") { ticket, agreement, now in try ticket.endAccess(id, by: person, at: now, agreement) }
            }
        }
        router.post("/tickets/{ref}/quotes") { request, context -> Response in
            try await act(request, context, "quote") { form, person in
                // Hours as people write them: `7.5`.
                let effort = form.text("effort").flatMap { Money.read($0) }.map { $0 * 36 }, price = form.text("price").flatMap { Money.read($0) }
                let currency = form.text("currency")?.uppercased(), deliverables = form.text("deliverables"), due = try web.deskTime(form.text("due"))
                return Deed("quoted") { ticket, agreement, now in
                    try ticket.quote(effortSeconds: effort, price: price, currency: currency, deliverables: deliverables, due: due, by: person, at: now, agreement)
                }
            }
        }
        router.post("/tickets/{ref}/quotes/{id}/acceptance") { request, context -> Response in
            let id = Int(context.part("id"))
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "quoteDecision") { ref in
                guard let id else { throw Refusal.noQuote }
                return (try await web.desk.acceptQuote(ref, quote: id, channel: .portal, by: reader.person), "ordered")
            }
        }
        router.post("/tickets/{ref}/quotes/{id}/refusal") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "quoteDecision") { form, person in
                guard let id else { throw Refusal.noQuote }
                let reason = form.text("reason")
                return Deed("declined") { ticket, _, now in try ticket.declineQuote(id, reason: reason, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/quotes/{id}/withdrawal") { request, context -> Response in
            let id = Int(context.part("id"))
            return try await act(request, context, "quoteWithdrawal") { _, person in
                guard let id else { throw Refusal.noQuote }
                return Deed("quoteWithdrawn") { ticket, _, now in try ticket.withdrawQuote(id, by: person, at: now) }
            }
        }
    }

    /// An answer or a note. What staff answer waits some seconds where the browser asks for it, and is not sent past what came while it was written.
    private func message(_ reader: Reader, _ form: Form, _ ref: String) async throws -> Response {
        var crossed: [AbideDesk.MessageView] = []
        // With scripts off a canned answer is put into the draft here.
        if let chosen = form.text("insert") {
            guard let text = try await TicketRoutes(web: web).cannedText(chosen, ref, reader) else { throw Refusal.input("insert", "There is no such canned answer.") }
            let draft = [form["body"] ?? "", text].filter { !$0.isEmpty }.joined(separator: "\n\n")
            try await web.desk.keepDraft(of: reader.person, place: "ticket:" + ref.uppercased(), draft)
            return .seeOther(reader.page(of: ref) + "?macro=\(percentEncoded(chosen))#composer")
        }
        let response = try await leading(reader, form, ref, "messages") { ref in
            guard let visibility = Visibility(rawValue: form.text("visibility") ?? "public") else { throw Refusal.input("visibility", "One of public, internal.") }
            let body = form.text("body"), suspend = visibility == .public ? form.text("suspend") : nil, person = reader.person
            var macro: MacroActs?
            if visibility == .public, reader.isStaff, let chosen = form.text("macro") {
                guard let known = try await web.desk.cannedAnswers(for: person).first(where: { String($0.id) == chosen }) else { throw Refusal.input("macro", "This macro is gone; choose it again, or send the answer without it.") }
                macro = known.acts
            }
            let acts = macro
            let answer = { @Sendable (ticket: Ticket, agreement: Agreement, now: Instant) throws -> [Draft] in
                visibility == .internal ? try ticket.answer(body, visibility: .internal, channel: .portal, by: person, at: now, agreement) : try ticket.answer(body, suspend: suspend, acts: acts, channel: .portal, by: person, at: now, agreement)
            }
            guard reader.isStaff, visibility == .public, let seen = form.text("seen").flatMap({ Int($0) }) else {
                return (try await web.desk.act(ref, by: person, attachments: form.files, answer), visibility == .internal ? "note" : "sent")
            }
            // The version that was looked at is the one that is answered: what comes in between is looked at too.
            var tries = 0
            while true {
                tries += 1
                let detail = try await web.desk.detail(ref, for: person), head = detail.view.ticket.head
                crossed = TicketViewing(reader: reader, detail: detail).messages(after: seen)
                if !crossed.isEmpty {
                    try await web.desk.keepDraft(of: person, place: "ticket:" + detail.view.ticket.ref, body ?? "")
                    return (detail.view, "")
                }
                do {
                    guard form["hold"] != nil else { return (try await web.desk.act(ref, by: person, ifMatch: head, attachments: form.files, answer), "sent") }
                    try await web.desk.hold(ref, body, suspend: suspend, acts: acts, attachments: form.files, by: person, ifMatch: head)
                    return (detail.view, "held")
                } catch let refusal as Refusal where refusal.kind == .stale && tries < 5 { continue }
            }
        }
        return crossed.isEmpty ? response : try await TicketRoutes(web: web).show(reader, ref, crossed: (crossed, form))
    }

    /// Reads the form, does the act, and leads back.
    func act(
        _ request: Request, _ context: AbideRequestContext, _ name: String, _ what: (Form, Person) throws -> Deed
    ) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        return try await leading(reader, form, context.part("ref"), name) { ref in
            let deed = try what(form, reader.person)
            return (try await web.desk.act(ref, by: reader.person, attachments: form.files, deed.decide), deed.done)
        }
    }

    /// Does an act and leads to the ticket; a refusal is told beside the act.
    func leading(
        _ reader: Reader, _ form: Form, _ ref: String, _ name: String, _ run: (String) async throws -> (view: AbideDesk.TicketView, done: String)
    ) async throws -> Response {
        do {
            let (view, done) = try await run(ref)
            let mark = ["sent", "note", "held", "undone"].contains(done) ? "#composer" : ""
            return .seeOther(reader.page(of: view.ticket.ref) + "?done=" + done + mark)
        } catch let refusal as Refusal {
            let routes = TicketRoutes(web: web)
            let refused = Refused(refusal, act: name, form: form)
            if name == "fields", !reader.isStaff { return try await routes.missing(reader, ref, refused: refused) }
            // Whoever may not know of the ticket gets the same answer from `show`.
            return try await routes.show(reader, ref, refused: refused)
        }
    }
}

extension Web {
    /// `2026-03-13T12:06` on the desk's wall. A time that the clocks skip is refused; of one that comes twice the first is meant.
    func deskTime(_ text: String?, field: String = "due") throws -> Instant? {
        guard let text else { return nil }
        let fault = Refusal.input(field, "Write a date and a time, as 2026-03-13T12:06.")
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let date = LocalDate(iso: String(parts[0])), let zone = desk.zone(desk.currentAgreement().terms.provider.zone) else { throw fault }
        let time = parts[1].split(separator: ":", omittingEmptySubsequences: false).map { $0.count == 2 ? Int($0) : nil }
        guard (2...3).contains(time.count), let hour = time[0], let minute = time[1], (0...23).contains(hour), (0...59).contains(minute) else { throw fault }
        guard let instant = zone.instants(of: date, secondOfDay: hour * 3600 + minute * 60).first else {
            throw Refusal.input(field, "The clocks skip this time that day. Choose another.")
        }
        return instant
    }
}
