import AbideCore

extension Pages {
    /// Logging a ticket: severity by description, and what the clock still waits for.
    static func logForm(_ view: LogFormView, _ page: PageContext) -> HTML {
        let isStaff = page.user?.isStaff == true
        let main: HTML = """
            \(if: !isStaff, "<h1>\(say: "Log a ticket")</h1><p class=\"lead\">\(say: "Most of it is filled in from your profile.")</p>")\(Bits.refusal(page.refusal))\
            <form class="cols log" method="post" enctype="multipart/form-data" action="/tickets" data-log data-draft="new">\(Bits.csrf(page))<input type="hidden" name="once" value="\(view.once)">\
            <a class="strip" href="#f-\(missing(view).first?.name ?? "subject")" data-strip\(if: missing(view).isEmpty, " hidden")><span>\(say: "The clock has not started<b>\(missing(view).count == 1 ? say("One thing is missing.") : say("\(missing(view).count) things are missing."))</b>")</span>\(Icon.forward.html)</a>\
            <div class="main-col">\(if: isStaff, caller(view))\
            \(Bits.field(say("Subject"), name: "subject", value: view.subject, help: say("One line: what does not work, and where."), error: view.errors["subject"], isRequired: true))\
            \(each: ordered(view).before, { field($0, view) })\(urgency(view, page))<div class="pair">\(each: ordered(view).after, { field($0, view) })</div>\
            \(if: view.contact != nil, person(view))\
            \(Bits.files(id: "files"))<div class="row send"><button class="btn primary big" data-send>\(say: "Send")</button></div></div>\
            <aside class="side-col">\(waits(view, page))</aside></form>
            """
        return isStaff
            ? Shell.staff(say("Log a ticket"), page, bar: "<a class=\"back\" href=\"/tickets\">\(Icon.back.html)<span>\(say: "Promised next")</span></a><h1>\(say: "Log a ticket for a caller")</h1>", main: main, style: "logging")
            : Shell.portal(say("Log a ticket"), page, back: "/", main: main)
    }

    /// The short form that asks only for what is missing (A5).
    static func supplyForm(_ view: SupplyFormView, _ page: PageContext) -> HTML {
        let n = view.fields.count
        let main: HTML = """
            <div class="short"><h1 class="title">\(n == 1 ? say("One thing is missing") : say("\(n) things are missing"))</h1><p class="lead">\(say: "\(view.ref), \(view.subject). The clock starts when all that the agreement asks for is here.")</p>\(Bits.refusal(page.refusal))\
            <form method="post" action="\(url: view.action)">\(Bits.csrf(page))\
            \(each: view.fields, { field in Bits.field(field.label, name: field.name, value: view.values[field.name] ?? "", multiline: field.multiline, help: field.help, error: view.errors[field.name], isMissing: true, suggestions: view.suggestions[field.name] ?? []) })\
            <div class="row"><button class="btn primary big">\(say: "Send")</button></div></form></div>
            """
        return page.user?.isStaff == true
            ? Shell.staff(say("What is missing"), page, bar: "<a class=\"back\" href=\"/tickets/\(view.ref)\">\(Icon.back.html)<span>\(view.ref)</span></a><h1>\(say: "What is missing")</h1>", main: main, style: "logging")
            : Shell.portal(say("What is missing"), page, back: page.user == nil ? nil : "/tickets/\(view.ref)", main: main)
    }

    /// The description stands before the urgency, all else behind it; who and for whom is not asked of a contact again.
    private static func ordered(_ view: LogFormView) -> (before: [IntakeField], after: [IntakeField]) {
        let asked = view.fields.filter { $0.name != "urgency" && !(view.contact != nil && ["name", "company"].contains($0.name) && !(view.values[$0.name] ?? "").isEmpty && view.errors[$0.name] == nil) }
        return (asked.filter { $0.name == "description" }, asked.filter { $0.name != "description" })
    }

    private static func field(_ field: IntakeField, _ view: LogFormView) -> HTML {
        let value = view.values[field.name] ?? ""
        let choices = view.choices[field.name] ?? []
        let markup = !choices.isEmpty
            ? "\(Bits.select(field.label, name: field.name, choices, chosen: value, empty: field.required ? say("Choose one") : say("Not said"), isRequired: false))\(if: view.errors[field.name] != nil, "<p class=\"error\">\(view.errors[field.name] ?? "")</p>")"
            : Bits.field(
            field.label, name: field.name, value: value, multiline: field.multiline, rows: field.name == "description" ? 4 : 3, help: field.help,
            error: view.errors[field.name], note: isKnown(field, view) ? say("or as in the caller’s profile") : field.required ? "" : say("if you like"), isMissing: field.required && !isKnown(field, view), suggestions: view.suggestions[field.name] ?? [])
        return "<div class=\"\(if: field.multiline, "whole")\" data-field=\"\(field.label)\"\(if: field.required, " data-required")>\(markup)</div>"
    }

    private static func urgency(_ view: LogFormView, _ page: PageContext) -> HTML {
        """
        <fieldset class="urgency\(if: view.errors["urgency"] != nil, " wrong")"><legend>\(say: "How bad is it?")</legend><div class="options">\(each: view.severities, { severity in """
            <label><input type="radio" name="urgency" value="\(severity.number)"\(if: view.urgency == severity.number, " checked")><span><b>\(severity.description)</b>\
            <span>\(severity.firstAnswer.map { HTML(say: "\(severity.name). First answer by <b>\(page.words.sameDay($0, page.now) ? say("today, \(page.words.clock($0))") : page.words.full($0, now: page.now))</b>") } ?? HTML(say: "\(severity.name). First answer as soon as possible, no deadline"))</span></span></label>
            """ })</div><p class="help">\(view.errors["urgency"] ?? say("You say how urgent it is for you. If we see it otherwise, we say why."))</p></fieldset>
        """
    }

    private static func caller(_ view: LogFormView) -> HTML {
        """
        <div class="pair"><div>\(Bits.select(say("Who calls?"), name: "contact", view.callers, chosen: view.values["contact"] ?? "", empty: say("Choose a contact"), isRequired: true))\(if: view.errors["contact"] != nil, "<p class=\"error\">\(view.errors["contact"] ?? "")</p>")</div>\
        <div>\(Bits.select(say("How?"), name: "channel", view.channels))</div></div>
        """
    }

    private static func person(_ view: LogFormView) -> HTML {
        guard let contact = view.contact else { return "" }
        let line = [contact.phone, contact.email].filter { !$0.isEmpty }.joined(separator: ", ")
        return "<div class=\"logger\">\(Bits.initials(contact, size: 28))<p><b>\(contact.name)</b>\(if: !contact.note.isEmpty, ", \(contact.note)")<br>\(line)</p></div>"
    }

    /// True for what the profile of the caller gives where staff leave it empty.
    private static func isKnown(_ field: IntakeField, _ view: LogFormView) -> Bool { view.contact == nil && field.fromProfile }

    private static func missing(_ view: LogFormView) -> [IntakeField] {
        view.fields.filter { $0.required && (view.values[$0.name] ?? "").isEmpty && !isKnown($0, view) }
    }

    /// What the clock waits for; with scripts it follows what is typed.
    private static func waits(_ view: LogFormView, _ page: PageContext) -> HTML {
        let count = missing(view).count
        let line = PromiseLineView(
            kind: .response,
            reading: ClockReading(state: .notStarted, outcome: nil, targetSeconds: nil, startedAt: nil, due: nil, stoppedAt: nil, usedSeconds: 0, leftSeconds: nil, dueSoon: false),
            intervals: [], missing: missing(view).map(\.label), wouldBeDue: view.severities.first { $0.number == view.urgency }?.firstAnswer)
        return """
            <section class="card pad waits" aria-live="polite"><h2>\(say: "The clock has not started")</h2><p>\(say: "It starts when all that the agreement asks for is here.") <span data-count>\(count == 0 ? say("Nothing is missing.") : count == 1 ? say("One thing is missing.") : say("\(count) things are missing."))</span></p>\
            \(if: view.axis != nil, PromiseLine.medium(line, axis: (view.axis ?? Axis(open: [], now: page.now, size: .small)).sized(.small), words: page.words))\
            <ul class="checks">\(each: view.fields.filter { $0.name != "urgency" }, { field in
                let given = !(view.values[field.name] ?? "").isEmpty
                return "<li class=\"\(if: given, "given")\(if: !field.required || isKnown(field, view), " optional")\"\(if: isKnown(field, view), " data-note=\"\(say: "from the profile")\"") data-check=\"\(field.name)\"><i aria-hidden=\"true\">\(Icon.check.html)</i><span>\(field.label)</span><em>\(given ? "" : isKnown(field, view) ? say("from the profile") : field.required ? say("missing") : say("if you like"))</em></li>" as HTML
            })</ul><p class="dim">\(say: "You can send it as it is. We register it at once and ask for the rest.")</p></section>
            """
    }
}
