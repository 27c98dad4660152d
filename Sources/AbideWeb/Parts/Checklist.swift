import AbideCore
import AbideDesk

/// What is to be done on a ticket, step by step.
enum Checklist {
    static func html(_ view: TicketView, _ page: PageContext) -> HTML {
        let tasks = view.connections.tasks, may = view.connections.mayOrganise
        let done = tasks.count { $0.doneAt != nil }, path = "/tickets/\(view.ref)/tasks"
        guard may || !tasks.isEmpty else { return "" }
        return """
            <section id="tasks-fact"><h2>\(say: "Tasks")\(if: !tasks.isEmpty, " <span>\(say: "\(done) of \(tasks.count) done")</span>")</h2>\(if: tasks.isEmpty, "<p class=\"dim\">\(say: "Nothing is noted.")</p>")\
            <ul class="checklist">\(each: tasks, { task($0, path, may, page) })</ul>\
            \(if: may, Bits.inline(say("Add tasks"), act: "tasks", to: path, page, """
                \(Bits.field(say("What is to be done"), name: "text", value: Bits.typed("text", in: "tasks", page), id: "f-tasks", multiline: true, help: say("One step a line."), isRequired: true))\
                \(Bits.select(say("By whom"), name: "assignee", view.choices.agents.map { Choice(value: $0.value, label: $0.label) }, id: "f-tasks-assignee", chosen: Bits.typed("assignee", in: "tasks", page), empty: say("Whoever works on the ticket")))\
                \(Bits.field(say("Until"), name: "due", value: Bits.typed("due", in: "tasks", page), id: "f-tasks-due", help: say("In \(page.desk.place)."), note: say("if you like"), type: "datetime-local"))
                """, submit: say("Add")))</section>
            """
    }

    private static func task(_ task: Ticket.Task, _ path: String, _ may: Bool, _ page: PageContext) -> HTML {
        let isDone = task.doneAt != nil
        let isLate = !isDone && task.due.map { $0 < page.now } ?? false
        let notes = [isDone ? task.doneBy.map { say("done by \($0)") } : task.assigneeName, isDone ? nil : task.due.map { say("until \(page.words.stamp($0, now: page.now))") }].compactMap { $0 }
        return """
            <li\(if: isDone, " class=\"done\"")>\(if: may, "<form method=\"post\" action=\"\(path)/\(task.id)/completion\(if: isDone, "/end")\">\(Bits.csrf(page))<button class=\"tickbox\" aria-pressed=\"\(isDone ? "true" : "false")\" aria-label=\"\(isDone ? say("Not done") : say("Done")): \(task.text)\">\(if: isDone, Icon.check.html)</button></form>")\
            <p>\(if: isDone, "<s>\(task.text)</s>", else: "\(task.text)")\(if: !notes.isEmpty, " <small\(if: isLate, " class=\"t-missed\"")>\(notes.joined(separator: ", "))</small>")</p>\
            \(if: may, "<form method=\"post\" action=\"\(path)/\(task.id)/removal\">\(Bits.csrf(page))<button class=\"btn ghost\" aria-label=\"\(say: "Take off: \(task.text)")\">\(Icon.close.html)</button></form>")</li>
            """
    }
}

/// Fields that the provider keeps of its own.
enum CustomFields {
    static func html(_ view: TicketView, _ page: PageContext) -> HTML {
        let fields = view.connections.fields, values = view.connections.custom
        guard !fields.isEmpty else { return "" }
        return """
            <section id="fields-fact"><h2>\(say: "Fields")</h2><dl>\(each: fields.filter { values[$0.name] != nil }, { "<div><dt>\($0.label)</dt><dd>\(words($0, values[$0.name] ?? "", page))</dd></div>" })</dl>\
            \(if: fields.allSatisfy { values[$0.name] == nil }, "<p class=\"dim\">\(say: "Nothing is said.")</p>")\
            \(if: view.connections.mayOrganise, Bits.inline(say("Change fields"), act: "custom", to: "/tickets/\(view.ref)/custom-fields", page, "\(each: fields, { control($0, page.refusal?.act == "custom" ? page.typed["custom-" + $0.name] ?? "" : values[$0.name] ?? "") })", submit: say("Keep")))</section>
            """
    }

    static func words(_ field: CustomField, _ value: String, _ page: PageContext) -> String {
        field.kind == .check ? (value == "yes" ? say("Yes") : say("No")) : value
    }

    private static func control(_ field: CustomField, _ value: String) -> HTML {
        let name = "custom-" + field.name
        return switch field.kind {
        case .choice: Bits.select(field.label, name: name, field.choices.map { Choice(value: $0, label: $0) }, chosen: value, empty: say("Not said"))
        case .check: Bits.select(field.label, name: name, [Choice(value: "yes", label: say("Yes")), Choice(value: "no", label: say("No"))], chosen: value, empty: say("Not said"))
        case .date: Bits.field(field.label, name: name, value: value, type: "date")
        case .number: Bits.field(field.label, name: name, value: value, help: say("A number."))
        case .text: Bits.field(field.label, name: name, value: value)
        }
    }
}

/// What a macro does, in words.
enum MacroWords {
    static func sentence(_ acts: MacroActs?, _ terms: AgreementTerms) -> String {
        guard let acts, !acts.isEmpty else { return "" }
        var parts: [String] = []
        if acts.resolves { parts.append(say("resolves it")) }
        if let suspend = acts.suspend { parts.append(say("suspends the clock (\((terms.suspensionReasons.first { $0.name == suspend }?.label ?? suspend).lowercasedFirst))")) }
        if acts.assignsSender { parts.append(say("assigns it to you")) }
        if let department = acts.department { parts.append(say("gives it to \(department)")) }
        if !acts.tags.isEmpty { parts.append(say("tags it \(acts.tags.joined(separator: ", "))")) }
        if !acts.tasks.isEmpty { parts.append(acts.tasks.count == 1 ? say("notes a task") : say("notes \(acts.tasks.count) tasks")) }
        return EventSentence.list(parts)
    }
}
