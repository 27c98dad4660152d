import AbideCore
import AbideDesk

/// What can be done with the tickets that are selected in a list: a form around the list's checkboxes, at the foot of the page. It shows while
/// something is selected, with scripts off as well.
struct ManyBarView: Sendable {
    /// What the reader may do; with none there are no checkboxes.
    var acts: [ManyAct.Name] = []
    var agents: [Choice] = []
    var departments: [Choice] = []
    var severities: [Choice] = []
    var suspensionReasons: [Choice] = []
    /// The list's own address.
    var back = "/tickets"
}

extension ManyAct.Name {
    /// What was done, before the number: "Assigned: 5 tickets."
    var done: String {
        switch self {
        case .assign: say("Assigned")
        case .department: say("Moved to the department")
        case .severity: say("Severity changed")
        case .suspend: say("Suspended")
        case .resume: say("Resumed")
        case .notice: say("Closing notice sent")
        }
    }
}

enum ManyBar {
    static func html(_ view: ManyBarView, _ page: PageContext) -> HTML {
        guard !view.acts.isEmpty else { return "" }
        func may(_ act: ManyAct.Name) -> Bool { view.acts.contains(act) }
        return """
            <form class="many-bar" id="many" method="post" action="/tickets/many" aria-label="\(say: "Selected tickets")">\(Bits.csrf(page))<input type="hidden" name="back" value="\(view.back)">\
            <button class="hidden" tabindex="-1" aria-hidden="true" name="do" value="">\(say: "Nothing")</button>\
            <p role="status" data-many>\(say: "<b></b> selected")</p><button class="btn ghost" type="reset">\(say: "Clear <kbd>Esc</kbd>")</button>\
            <div class="acts">\
            \(if: may(.assign), pop(say("Assign"), .assign, key: "a", Bits.select(say("Who works on them"), name: "assignee", view.agents, id: "m-assignee", empty: say("Nobody")), submit: say("Assign")))\
            \(if: may(.department) && view.departments.count > 1, pop(say("Department"), .department, Bits.select(say("Department"), name: "department", view.departments, id: "m-department"), submit: say("Move")))\
            \(if: may(.severity), pop(say("Severity"), .severity, key: "v", """
                \(Bits.select(say("Severity"), name: "severity", view.severities, id: "m-severity"))\
                \(Bits.field(say("Reason"), name: "severity-reason", id: "m-severity-reason", multiline: true, rows: 2, help: say("The clients read this. The deadlines follow (C5).")))
                """, submit: say("Change severity")))\
            \(if: may(.suspend), pop(say("Suspend"), .suspend, key: "s", """
                \(Bits.select(say("Why do the clocks stop?"), name: "suspend-reason", view.suspensionReasons, id: "m-suspend-reason"))\
                \(Bits.field(say("Note"), name: "suspend-note", id: "m-suspend-note", multiline: true, rows: 2, help: say("The clients read this. The deadlines move by the working time lost (C6)."), note: say("if you like")))
                """, submit: say("Suspend")))\
            \(if: may(.resume), "<button class=\"btn\" name=\"do\" value=\"resume\">\(say: "Resume")</button>")\
            \(if: may(.notice), pop(say("Send closing notice"), .notice, "<p>\(say: "The clients are told that the tickets will be closed. Any answer takes the notice back (N2).")</p>", submit: say("Send notices")))</div></form>
            """
    }

    private static func pop(_ label: String, _ act: ManyAct.Name, key: String? = nil, _ content: HTML, submit: String) -> HTML {
        """
        <details class="pop up" name="many"\(if: key != nil, " data-key=\"\(key ?? "")\"")><summary class="btn">\(label)\(if: key != nil, " \(Bits.key((key ?? "").uppercased()))")</summary>\
        <div class="pop-body">\(content)<div class="row"><button class="btn primary" name="do" value="\(act.rawValue)">\(submit)</button></div></div></details>
        """
    }
}

/// What became of an act on many tickets, where some refused it.
struct ManyOutcomeView: Sendable {
    struct Row: Sendable {
        var ref: String
        var subject: String
        /// Why it was not done; empty: it was.
        var reason = ""
        var clause: String? = nil
    }

    /// "Suspended"
    var act: String
    var rows: [Row]
    var back: (label: String, href: String)
}

extension Pages {
    static func manyOutcome(_ view: ManyOutcomeView, _ page: PageContext) -> HTML {
        let refused = view.rows.filter { !$0.reason.isEmpty }, done = view.rows.filter(\.reason.isEmpty)
        let title = done.isEmpty ? say("Nothing was done.") : say("\(view.act): \(done.count) of \(tickets(view.rows.count)).")
        return Shell.staff(title, page, bar: "<h1>\(title)</h1>", main: """
            <div class="many-outcome"><section role="alert"><h2>\(say: "\(tickets(refused.count)) refused")</h2>\
            <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">\(say: "Ticket")</th><th scope="col">\(say: "Why it was not done")</th></tr></thead>\
            <tbody>\(each: refused, { row in
                """
                <tr><th scope="row">\(if: row.subject.isEmpty, "\(row.ref)", else: "<a href=\"/tickets/\(row.ref)\">\(row.ref)</a><br><span>\(row.subject)</span>")</th>\
                <td>\(row.reason)\(if: row.clause != nil, " <span class=\"dim\">\(say: "Clause <a href=\"/agreement#\(row.clause ?? "")\">\(row.clause ?? "")</a>")</span>")</td></tr>
                """
            })</tbody></table></div></section>\
            \(if: !done.isEmpty, "<section><h2>\(view.act)</h2><ul>\(each: done, { "<li><a href=\"/tickets/\($0.ref)\">\($0.ref)</a> \($0.subject)</li>" })</ul></section>")\
            <div class="row"><a class="btn primary" href="\(url: view.back.href)">\(view.back.label)</a></div></div>
            """, style: "settled")
    }

    static func tickets(_ count: Int) -> String { count == 1 ? say("1 ticket") : say("\(count) tickets") }
}
