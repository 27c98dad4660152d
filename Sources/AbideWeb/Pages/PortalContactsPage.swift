import AbideCore

struct PortalContactsView: Sendable {
    struct Row: Sendable {
        var id: Int64
        var person: PersonView
        var role: String
        var state: String
        var readsReports: Bool
        /// Reads reports by the role, so that nobody need nominate.
        var readsByRole: Bool
    }
    var client: String
    var rows: [Row]
    var choices: [Choice]
    var primary: String
    var standIn: String
    var changes: [ChangeRow]
    var mayManage: Bool
    var form: FormState
    var general: FormState
}

extension Pages {
    /// The client's own contacts (L8) and readers of its reports (I5).
    static func portalContacts(_ view: PortalContactsView, _ page: PageContext) -> HTML {
        Shell.portal(say("Contacts"), page, main: """
            <h1>\(say: "Contacts of \(view.client)")</h1><p class="lead">\(view.mayManage ? say("Who speaks for you. A change holds at once, and the agreement manager is told.") : say("Who speaks for your company. The primary contact and the stand-in change this."))</p>\
            \(view.general.general)\(each: view.changes.filter(\.mayUndo), { change in """
                <section class="card pad undo"><div><h2>\(say: "You were replaced.")</h2><p>\(change.text)</p></div>\(Bits.button(say("Undo this"), "/portal/contacts/undo", page, style: "primary", fields: [("change", String(change.id))]))</section>
                """ as HTML })\
            <div class="cols"><div class="main-col"><section><h2>\(say: "People")</h2><ul class="card rows contacts">\(each: view.rows, { row($0, view, page) })</ul></section>\
            \(if: view.mayManage, add(view, page))</div>\
            <aside class="side-col">\(if: view.mayManage && view.choices.count > 1, "<section><h2>\(say: "Who speaks for you")</h2>\(roleForms(view.choices, "/portal/contacts/role", page, primary: view.primary, standIn: view.standIn))<p class=\"dim\">\(say: "The stand-in is asked when the primary contact can't be reached. Both see all tickets and the reports.")</p></section>")\
            \(if: !view.changes.isEmpty, "<section><h2>\(say: "Changes")</h2><ul class=\"audit\">\(each: view.changes, { "<li>\($0.text)<small>\(page.words.full($0.at, now: page.now))\(if: $0.undone, "\(say: ", undone")")</small></li>" as HTML })</ul></section>")</aside></div>
            """)
    }

    private static func row(_ row: PortalContactsView.Row, _ view: PortalContactsView, _ page: PageContext) -> HTML {
        """
        <li class="contact-row">\(Bits.initials(row.person, size: 28))<div><b>\(row.person.name)</b><span>\(row.role)\(if: !row.state.isEmpty, ", \(row.state)")</span><span>\([row.person.email, row.person.phone].filter { !$0.isEmpty }.joined(separator: ", "))</span></div>\
        \(if: view.mayManage && !row.readsByRole, Bits.button(row.readsReports ? say("Takes no reports any more") : say("Let read reports"), "/portal/contacts/reports", page, fields: [("person", String(row.id)), ("reads", row.readsReports ? "" : "on")]), else: "<span class=\"dim\">\(row.readsByRole || row.readsReports ? say("reads reports") : "")</span>")</li>
        """
    }

    private static func add(_ view: PortalContactsView, _ page: PageContext) -> HTML {
        """
        <section><h2>\(say: "Add somebody")</h2><form class="card pad" method="post" action="/portal/contacts">\(Bits.csrf(page))<div class="pair">\(view.form.field(say("Name"), "name", autocomplete: "off"))\(view.form.field(say("E-mail"), "email", help: say("An invitation goes there."), autocomplete: "off"))</div>\
        <div class="pair">\(view.form.field(say("Telephone"), "phone", type: "tel", note: say("if you like"), isRequired: false, autocomplete: "off"))\(view.form.select(say("May"), "role", [Choice(value: "client", label: say("log and follow tickets")), Choice(value: "reportReader", label: say("read the reports only"))]))</div><div class="row"><button class="btn primary">\(say: "Invite")</button></div></form></section>
        """
    }
}
