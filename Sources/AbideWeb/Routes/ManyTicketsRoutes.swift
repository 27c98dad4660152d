import AbideCore
import AbideDesk
import Hummingbird

/// One act on the tickets that are selected in a list.
struct ManyTicketsRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.post("/tickets/many") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await act(reader, form)
        }
        // After a refusal the browser stands on this address.
        router.get("/tickets/many") { request, context -> Response in
            _ = try await web.signedIn(request, context)
            return .seeOther("/tickets")
        }
    }

    /// What the bar offers to this reader.
    static func bar(_ reader: Reader, back: String) async throws -> ManyBarView {
        let acts = ManyAct.Name.allCases.filter { reader.isStaff && reader.allows($0.act) }
        guard !acts.isEmpty else { return ManyBarView() }
        let choices = try await reader.desk.manyChoices()
        return ManyBarView(
            acts: acts, agents: choices.agents.map { Choice(value: String($0.id), label: $0.name, isChosen: $0.id == reader.person.id) },
            departments: choices.departments.map { Choice(value: $0, label: $0) }, severities: choices.severities.map { Choice(value: String($0.number), label: "\($0.number) \($0.name)") },
            suspensionReasons: choices.suspensionReasons.map { Choice(value: $0.name, label: $0.label) }, back: back)
    }

    private func act(_ reader: Reader, _ form: Form) async throws -> Response {
        let back = Self.list(form.text("back"))
        do {
            guard let name = form.text("do").flatMap({ ManyAct.Name(rawValue: $0) }) else { throw Refusal.input("do", "Choose what to do with the tickets.") }
            let refs = form.fields.filter { $0.name == "ref" }.map { String($0.value.prefix(40)) }
            let outcomes = try await web.desk.act(onEach: refs, try await wanted(name, form), by: reader.person)
            if outcomes.allSatisfy({ $0.refusal == nil }) { return .seeOther(back + (back.contains("?") ? "&" : "?") + "done=\(name.rawValue)&n=\(outcomes.count)") }
            return try await told(outcomes, done: name.done, back: (say("Back to the list"), back), reader)
        } catch let refusal as Refusal where refusal.kind == .input {
            let page = try await reader.page(web.desk.now(), current: "")
            let view = ErrorView(status: 422, title: say("Nothing was done."), text: refusal.words, clause: refusal.clause, acts: [(say("Back to the list"), back)], reference: "")
            return .html(Pages.error(view, page), status: .unprocessableContent)
        }
    }

    /// A page that says which tickets refused, and why.
    func told(_ outcomes: [ManyOutcome], done: String, back: (label: String, href: String), _ reader: Reader) async throws -> Response {
        let rows = outcomes.map { ManyOutcomeView.Row(ref: $0.ref, subject: $0.subject, reason: $0.refusal?.words ?? "", clause: $0.refusal?.clause) }
        let page = try await reader.page(web.desk.now(), current: "")
        return .html(Pages.manyOutcome(ManyOutcomeView(act: done, rows: rows, back: back), page), status: outcomes.contains { $0.refusal == nil } ? .ok : .conflict)
    }

    /// What is wrong with the form itself is said once, not by each ticket.
    private func wanted(_ name: ManyAct.Name, _ form: Form) async throws -> ManyAct {
        switch name {
        case .assign:
            guard let wanted = form.text("assignee") else { return .assign(nil) }
            guard let known = try await web.desk.staff().first(where: { String($0.id) == wanted }) else { throw Refusal.input("assignee", "Choose one of the desk's staff.") }
            return .assign((known.id, known.name))
        case .department:
            guard let department = form.text("department") else { throw Refusal.input("department", "Choose a department.") }
            return .department(department)
        case .severity:
            guard let severity = form.text("severity").flatMap({ Int($0) }) else { throw Refusal.input("severity", "Choose a severity.") }
            guard let reason = form.text("severity-reason") else { throw Refusal.input("reason", "Say why; the clients read it.") }
            return .severity(severity, reason: reason)
        case .suspend:
            guard let reason = form.text("suspend-reason") else { throw Refusal.input("reason", "Choose why the clocks stop.") }
            return .suspend(reason: reason, note: form.text("suspend-note"))
        case .resume: return .resume
        case .notice: return .closingNotice
        }
    }

    /// Back leads to a list of this desk and nowhere else.
    static func list(_ path: String?) -> String {
        guard let path, path.utf8.count <= 2000, path == "/tickets" || path.hasPrefix("/tickets?"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return "/tickets" }
        return path
    }
}
