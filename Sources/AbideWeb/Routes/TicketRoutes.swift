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
            return try await show(reader, ref, done: request.query("done"), macro: request.query("macro"))
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
    func show(_ reader: Reader, _ ref: String, done: String? = nil, macro: String? = nil, refused: Refused? = nil, crossed: (messages: [AbideDesk.MessageView], form: Form)? = nil) async throws -> Response {
        let desk = web.desk
        let detail = try await desk.detail(ref, for: reader.person)
        let ticket = detail.view.ticket
        try await desk.haveRead(ticket, by: reader.person)
        var page = try await reader.page(
            detail.view.now, current: reader.isStaff ? "" : "/portal", live: "/live?ticket=" + percentEncoded(ticket.ref), toast: Done.words(done),
            refusal: refused?.view)
        page.typed = refused?.typed ?? [:]
        let terms = detail.view.agreement.terms
        page.agreement = say("\(terms.name), version \(terms.version)")
        let staff = try await desk.staff()
        let draft = crossed?.form["body"] ?? refused?.draft ?? detail.draft
        let key = DrawnTicket.Key(ticket: ticket.id, head: ticket.head, zone: page.zone, seesInternal: reader.allows(.readInternal), role: reader.person.role)
        // A refused act needs all of the view again, for its own page.
        let drawn = reader.isStaff && refused == nil ? web.ticketDrawings.known(key, at: page.now) : nil
        var view = TicketViewing(reader: reader, detail: detail).make(words: page.words, desk: page.desk, draft: draft, staff: staff, loads: reader.isStaff ? try await desk.counts(for: reader.person).loads : [:], drawn: drawn)
        if reader.isStaff, view.may.contains(.reply) {
            view.canned = try await canned(reader, view)
            view.macro = view.canned.first { String($0.id) == macro && !$0.says.isEmpty }
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
    private func canned(_ reader: Reader, _ view: TicketView) async throws -> [CannedChoice] {
        let answers = try await web.desk.cannedAnswers(for: reader.person)
        guard !answers.isEmpty else { return [] }
        let terms = web.desk.agreement(for: reader.person).terms
        let words = reader.words(reader.person.zone ?? web.desk.currentAgreement().terms.provider.zone, place: "")
        let values = [
            "contact": view.contact.name, "firstName": view.contact.firstName, "reference": view.ref, "subject": view.subject, "agent": reader.person.name,
            "provider": web.desk.currentAgreement().terms.provider.name,
            "due": (PromiseLineView.promisedNext([view.response, view.resolution])?.reading.due).map { words.full($0, now: web.desk.now()) } ?? say("as soon as possible"),
        ]
        return answers.map { CannedChoice(id: $0.id, label: $0.name, text: Desk.fill($0.body, values), says: MacroWords.sentence($0.acts, terms)) }
    }

    /// One of them as it goes into a ticket's draft; nil: there is none of this number.
    func cannedText(_ id: String, _ ref: String, _ reader: Reader) async throws -> String? {
        let detail = try await web.desk.detail(ref, for: reader.person)
        let page = try await reader.page(detail.view.now, current: "")
        return try await canned(reader, TicketViewing(reader: reader, detail: detail).make(words: page.words, desk: page.desk)).first { String($0.id) == id }?.text
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
        case .input: say("This was not sent yet.")
        case .stale: say("This ticket changed meanwhile.")
        default: say("This was not done.")
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
        case "body": say("Text")
        case "due": say("Date")
        default: field.prefix(1).uppercased() + field.dropFirst()
        }
    }
}

/// What is said once after an act, by the key that the address carries: no text of others comes from an address.
enum Done {
    static func words(_ key: String?) -> String? {
        switch key {
        case "sent": say("Sent.")
        case "note": say("Note added.")
        case "undone": say("Taken back. It is your draft again.")
        case "logged": say("Logged. The reference is above.")
        case "supplied": say("Thank you, it is on the ticket.")
        case "suspended": say("Suspended. The clock stands still.")
        case "resumed": say("The clock runs again.")
        case "resolved": say("Resolved. The client is asked to confirm.")
        case "withdrawn": say("The clock goes on.")
        case "assigned": say("Assigned.")
        case "severity": say("Severity changed. The deadlines follow.")
        case "coverage": say("Coverage decided. The client is told.")
        case "disputed": say("Disputed. The client services manager answers in writing.")
        case "granted": say("Access granted. What waited for it goes on.")
        case "accessEnded": say("The access has ended.")
        case "quoted": say("Quoted. The client accepts or declines.")
        case "ordered": say("Accepted. The work is a ticket of its own now.")
        case "declined": say("Declined.")
        case "quoteWithdrawn": say("The quote is withdrawn.")
        case "merged": say("Merged. The client is told, and it can be taken back.")
        case "unmerged": say("Taken out again. The clocks count as if it had not been merged.")
        case "tasks": say("Noted.")
        case "surveyed": say("Thank you. It is with those who can change something.")
        case "attempted": say("The attempt is recorded.")
        case "done": say("Done.")
        case "undone-task": say("To be done after all.")
        case "removed": say("Taken off.")
        case "customised": say("Fields kept.")
        case "split": say("Made a ticket of its own. Its caller is told.")
        case "hintDismissed": say("It stays a ticket of its own. You can still merge it.")
        case "linked": say("Linked.")
        case "unlinked": say("The link is gone.")
        case "tagged": say("Tags kept.")
        case "spent": say("Time added.")
        case "followed": say("You hear of it from now on.")
        case "unfollowed": say("You follow it no longer.")
        case "told": say("Sent to all open incidents.")
        case "complete": say("Declared correctly logged. The clocks run.")
        case "proposed": say("Proposed. The other side accepts or proposes another date.")
        case "agreed": say("The date is agreed.")
        case "closed": say("Closed. It can be reopened at any time.")
        case "notice": say("The closing notice goes out.")
        case "reopened": say("Reopened.")
        case "confirmed": say("Passed on.")
        case "complained": say("Your complaint is with the client services manager.")
        case "answered": say("The answer goes out in writing.")
        default: nil
        }
    }
}
