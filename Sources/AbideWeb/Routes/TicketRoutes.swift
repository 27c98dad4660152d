import AbideCore
import AbideDesk
import Hummingbird

/// The page of one ticket, for staff and for clients, each at an address of its own that leads the other side over.
struct TicketRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets/{ref}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let ref = context.part("ref")
            guard reader.isStaff else { return .seeOther(reader.page(of: ref)) }
            return try await show(reader, ref, done: request.query("done"))
        }
        router.get("/portal/tickets/{ref}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let ref = context.part("ref")
            guard !reader.isStaff else { return .seeOther(reader.page(of: ref)) }
            return try await show(reader, ref, done: request.query("done"))
        }
        router.get("/portal/tickets/{ref}/missing") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let ref = context.part("ref")
            guard !reader.isStaff else { return .seeOther(reader.page(of: ref)) }
            return try await missing(reader, ref)
        }
        router.get("/tickets/{ref}/missing") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let page = reader.page(of: context.part("ref"))
            return .seeOther(reader.isStaff ? page : page + "/missing")
        }
    }

    /// The ticket in the reader's shell.
    /// - Parameter refused: what an act was refused with, and what had been typed.
    func show(_ reader: Reader, _ ref: String, done: String? = nil, refused: Refused? = nil, crossed: (messages: [AbideDesk.MessageView], form: Form)? = nil) async throws -> Response {
        let desk = web.desk
        let detail = try await desk.detail(ref, for: reader.person)
        let ticket = detail.view.ticket
        var page = try await reader.page(
            detail.view.now, current: reader.isStaff ? "" : "/portal", live: "/live?ticket=" + percentEncoded(ticket.ref), toast: Done.words(done),
            refusal: refused?.view)
        page.typed = refused?.typed ?? [:]
        let terms = detail.view.agreement.terms
        page.agreement = "\(terms.name), version \(terms.version)"
        let staff = try await desk.staff()
        let draft = crossed?.form["body"] ?? refused?.draft ?? detail.draft
        let key = DrawnTicket.Key(ticket: ticket.id, head: ticket.head, zone: page.zone, seesInternal: reader.allows(.readInternal), role: reader.person.role)
        // A refused act needs all of the view again, for its own page.
        let drawn = reader.isStaff && refused == nil ? web.ticketDrawings.known(key, at: page.now) : nil
        var view = TicketViewing(reader: reader, detail: detail).make(words: page.words, desk: page.desk, draft: draft, staff: staff, drawn: drawn)
        if reader.isStaff, view.may.contains(.reply) {
            view.canned = try await canned(reader, view)
            view.holds = try await desk.undoesSending(reader.person)
        }
        if let crossed { view.crossing = TicketViewing(reader: reader, detail: detail).crossing(crossed.messages, crossed.form) }
        let status = crossed == nil ? refused?.status ?? .ok : .conflict
        if reader.isStaff {
            view.drawn = drawn ?? (refused == nil ? web.ticketDrawings.drawn(key, at: page.now) { DrawnTicket(view, page) } : DrawnTicket(view, page))
            return .html(Pages.ticket(view, page), status: status)
        }
        let manager = staff.first { $0.role == .clientServicesManager }
        return .html(Pages.portalTicket(TicketViewing(reader: reader, detail: detail).portal(view, complaintsTo: manager), page), status: status)
    }

    /// Canned answers with this ticket's values in them.
    private func canned(_ reader: Reader, _ view: TicketView) async throws -> [Choice] {
        let answers = try await web.desk.cannedAnswers(for: reader.person)
        guard !answers.isEmpty else { return [] }
        let words = reader.words(reader.person.zone ?? web.desk.currentAgreement().terms.provider.zone, place: "")
        let values = [
            "contact": view.contact.name, "firstName": view.contact.firstName, "reference": view.ref, "subject": view.subject, "agent": reader.person.name,
            "provider": web.desk.currentAgreement().terms.provider.name,
            "due": (PromiseLineView.promisedNext([view.response, view.resolution])?.reading.due).map { words.full($0, now: web.desk.now()) } ?? "as soon as possible",
        ]
        return answers.map { Choice(value: Desk.fill($0.body, values), label: $0.name) }
    }

    /// The short form (A5): only what is missing. Where nothing is, the ticket itself.
    func missing(_ reader: Reader, _ ref: String, refused: Refused? = nil) async throws -> Response {
        let view = try await web.desk.ticket(ref, for: reader.person)
        let names = view.ticket.missing(view.agreement)
        guard !names.isEmpty else { return .seeOther(reader.page(of: view.ticket.ref)) }
        let page = try await reader.page(view.now, current: "/portal", refusal: refused?.errors.isEmpty ?? true ? refused?.view : nil)
        let form = SupplyFormView(
            ref: view.ticket.ref, subject: view.ticket.subject, fields: view.agreement.terms.intake.filter { names.contains($0.name) },
            values: refused?.typed ?? [:], suggestions: [:], errors: refused?.errors ?? [:], action: "/tickets/\(view.ticket.ref)/fields")
        return .html(Pages.supplyForm(form, page), status: refused?.status ?? .ok)
    }
}

/// An act that was not done: the words for it, and what had been typed, so that nobody types it twice.
struct Refused: Sendable {
    var view: RefusalView
    var status: HTTPResponse.Status
    var typed: [String: String]
    var errors: [String: String]
    /// What stood in the composer.
    var draft = ""

    /// - Parameter act: the name of the form that was sent, as its button's id has it.
    init(_ refusal: Refusal, act: String, form: Form) {
        let answer = ErrorAnswer(refusal)
        let title = switch refusal.kind {
        case .input: "This was not sent yet."
        case .stale: "This ticket changed meanwhile."
        default: "This was not done."
        }
        // The core's words are whole sentences; where the first says what did not happen, it is the title.
        if refusal.kind != .input, refusal.fields.isEmpty, let stop = refusal.detail.firstIndex(of: "."), refusal.detail.index(after: stop) < refusal.detail.endIndex {
            let rest = refusal.detail[refusal.detail.index(after: stop)...].drop { $0 == " " }
            view = RefusalView(title: String(refusal.detail[...stop]), text: String(rest), clause: refusal.clause)
        } else {
            let faults = refusal.fields.sorted { $0.key < $1.key }.map { "\(Self.label($0.key)): \($0.value)" }
            view = RefusalView(title: title, text: faults.isEmpty ? refusal.detail : faults.joined(separator: " "), clause: refusal.clause)
        }
        view.act = act
        status = HTTPResponse.Status(code: answer.status)
        typed = Dictionary(form.fields.filter { $0.name != "csrf" }.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        // The core names an intake field as the API does.
        errors = Dictionary(refusal.fields.map { ($0.key.hasPrefix("fields.") ? String($0.key.dropFirst(7)) : $0.key, $0.value) }, uniquingKeysWith: { a, _ in a })
        if act == "messages" { draft = form["body"] ?? "" }
    }

    private static func label(_ field: String) -> String {
        switch field {
        case "body": "Text"
        case "due": "Date"
        default: field.prefix(1).uppercased() + field.dropFirst()
        }
    }
}

/// What is said once after an act, by the key that the address carries: no text of others comes from an address.
enum Done {
    static func words(_ key: String?) -> String? {
        switch key {
        case "sent": "Sent."
        case "note": "Note added."
        case "undone": "Taken back. It is your draft again."
        case "logged": "Logged. The reference is above."
        case "supplied": "Thank you, it is on the ticket."
        case "suspended": "Suspended. The clock stands still."
        case "resumed": "The clock runs again."
        case "resolved": "Resolved. The client is asked to confirm."
        case "withdrawn": "The clock goes on."
        case "assigned": "Assigned."
        case "severity": "Severity changed. The deadlines follow."
        case "coverage": "Coverage decided. The client is told."
        case "disputed": "Disputed. The client services manager answers in writing."
        case "granted": "Access granted. What waited for it goes on."
        case "accessEnded": "The access has ended."
        case "quoted": "Quoted. The client accepts or declines."
        case "ordered": "Accepted. The work is a ticket of its own now."
        case "declined": "Declined."
        case "quoteWithdrawn": "The quote is withdrawn."
        case "merged": "Merged. The client is told, and it can be taken back."
        case "unmerged": "Taken out again. The clocks count as if it had not been merged."
        case "hintDismissed": "It stays a ticket of its own. You can still merge it."
        case "linked": "Linked."
        case "unlinked": "The link is gone."
        case "tagged": "Tags kept."
        case "spent": "Time added."
        case "followed": "You hear of it from now on."
        case "unfollowed": "You follow it no longer."
        case "told": "Sent to all open incidents."
        case "complete": "Declared correctly logged. The clocks run."
        case "proposed": "Proposed. The other side accepts or proposes another date."
        case "agreed": "The date is agreed."
        case "closed": "Closed. It can be reopened at any time."
        case "notice": "The closing notice goes out."
        case "reopened": "Reopened."
        case "confirmed": "Passed on."
        case "complained": "Your complaint is with the client services manager."
        case "answered": "The answer goes out in writing."
        default: nil
        }
    }
}
