import AbideCore
import AbideDesk

struct DepartmentsView: Sendable {
    struct Row: Sendable {
        var name: String
        var terms: [DepartmentRecord.Term]
        var people: [UserRow]
        /// Ids of those who lead it, and of those who may.
        var leads: Set<Int64>
        var mayLead: Set<Int64>
        /// Staff who are not in it.
        var others: [Choice]
    }

    var rows: [Row]
    /// "Support eService, version 3"
    var agreement: String
    var mayAmend: Bool
    /// By department: why a change was not made.
    var fault: (department: String, text: String)?
}

extension Pages {
    static func departments(_ view: DepartmentsView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Departments"), frame, page, main: """
            <p class="lead">\(say: "Which departments there are, and what comes to them, stands in the agreement (\(view.agreement)), since its promises and escalations name them. Who works in each is set here.")\
            \(if: view.mayAmend, " <a href=\"/agreement#O\">\(say: "Amend the agreement")</a>", else: " \(say: "The agreement manager amends the agreement.")")</p>\
            <div class="departments">\(each: view.rows, { department($0, view, page) })</div>
            """)
    }

    private static func department(_ row: DepartmentsView.Row, _ view: DepartmentsView, _ page: PageContext) -> HTML {
        let id = "d-\(view.rows.firstIndex { $0.name == row.name } ?? 0)"
        return """
            <section class="card pad" aria-labelledby="\(id)"><h2 id="\(id)">\(row.name)</h2>\
            \(if: view.fault?.department == row.name, "<p class=\"error\" role=\"alert\">\(view.fault?.text ?? "")</p>")\
            \(if: row.people.isEmpty, "<p>\(say: "Nobody works in it yet.")</p>", else: "\(if: row.leads.isEmpty, "<p class=\"dim\">\(say: "Nobody leads it: its escalations go to the leads of all departments.")</p>")")\
            <ul class="plainlist members">\(each: row.people, { member($0, row, page) })</ul>\
            \(if: !row.others.isEmpty, """
            <form class="inlineform" method="post" action="/settings/departments/members">\(Bits.csrf(page))<input type="hidden" name="department" value="\(row.name)">\(Bits.select(say("Somebody else"), name: "person", row.others, id: id + "-p", empty: say("Choose"), isRequired: true))<button class="btn">\(say: "Add")</button></form>
            """)\
            \(if: !row.terms.isEmpty, "<h3>\(say: "By the agreement")</h3><ul class=\"terms\">\(each: row.terms, { "<li>\($0.text) <a class=\"dim\" href=\"/agreement#\($0.clause)\">\($0.clause)</a></li>" as HTML })</ul>")</section>
            """
    }

    private static func member(_ one: UserRow, _ row: DepartmentsView.Row, _ page: PageContext) -> HTML {
        func act(_ label: String, _ act: String) -> HTML {
            """
            <form method="post" action="/settings/departments/members">\(Bits.csrf(page))<input type="hidden" name="department" value="\(row.name)"><input type="hidden" name="person" value="\(one.id)">\
            <button class="btn ghost" name="act" value="\(act)">\(label)<span class="hidden">: \(one.person.name)</span></button></form>
            """
        }
        return """
            <li class="split"><a class="person" href="/settings/users/\(one.id)">\(Bits.initials(one.person, size: 28))<span><b>\(one.person.name)</b><small>\(one.role)\(if: one.state != "active", ", \(one.state)")</small></span></a>\
            <span class="row">\(if: row.leads.contains(one.id), act(say("No longer lead"), "unlead"))\(if: row.mayLead.contains(one.id), act(say("Make lead"), "lead"))\(act(say("Remove"), "remove"))</span></li>
            """
    }
}
