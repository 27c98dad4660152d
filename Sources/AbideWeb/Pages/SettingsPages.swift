import AbideCore
import AbideDesk

/// Administration: the frame of its pages, with the parts that the reader may open.
struct SettingsFrame: Sendable {
    var tabs: [(title: String, href: String)]
    var current: String
    /// What is wrong with the desk, for administrators.
    var troubles: [DeskCheck] = []
}

extension Pages {
    static func settings(_ title: String, _ frame: SettingsFrame, _ page: PageContext, acts: HTML = "", back: (label: String, href: String)? = nil, main: HTML) -> HTML {
        Shell.staff(title, page, bar: """
            \(if: back != nil, "<a class=\"back\" href=\"\(url: back?.href ?? "/")\">\(Icon.back.html)<span>\(back?.label ?? "")</span></a>")<h1>\(title)</h1><div class="acts">\(acts)</div>
            """, main: """
            <nav class="tabbar" aria-label="\(say: "Administration")">\(each: frame.tabs, { "<a href=\"\(url: $0.href)\"\(if: $0.href == frame.current, " aria-current=\"page\"")>\($0.title)</a>" })</nav>\
            <div class="settings">\(if: !frame.troubles.isEmpty, alert(frame.troubles))\(Bits.refusal(page.refusal))\(main)</div>
            """, style: "setting")
    }

    /// The same on every page of administration, so that nobody has to go and look.
    private static func alert(_ troubles: [DeskCheck]) -> HTML {
        let isWrong = troubles.contains { $0.state == .wrong }
        return """
            <p class="trouble" role="\(isWrong ? "alert" : "status")"><b>\(isWrong ? say("Something is wrong.") : say("Somebody should look."))</b> \(troubles.map(\.title).joined(separator: ", ")). <a href="/settings/status">\(say: "What to do")</a></p>
            """
    }

    // MARK: Accounts

    static func users(_ rows: [UserRow], query: String, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Accounts"), frame, page, acts: "<a class=\"btn primary\" href=\"/settings/users/new\">\(Icon.plus.html)\(say: "Invite somebody")</a>", main: """
            <form class="findbar" action="/settings/users" role="search"><label class="hidden" for="q">\(say: "Find an account")</label><input id="q" name="q" type="search" value="\(query)" placeholder="\(say: "Name, address, role or client")"><button class="btn">\(say: "Find")</button></form>\
            \(if: rows.isEmpty, "<div class=\"empty\"><h2>\(say: "No account is called that.")</h2><p>\(say: "Try a part of the name or the address.")</p></div>", else: """
            <div class="scroll" tabindex="0"><table class="table people"><thead><tr><th scope="col">\(say: "Name")</th><th scope="col">\(say: "Role")</th><th scope="col">\(say: "Belongs to")</th><th scope="col">\(say: "State")</th></tr></thead><tbody>\
            \(each: rows, { row in "<tr><th scope=\"row\"><a class=\"person\" href=\"/settings/users/\(row.id)\">\(Bits.initials(row.person, size: 28))<span><b>\(row.person.name)</b><small>\(row.person.email.isEmpty ? row.person.phone : row.person.email)</small></span></a></th><td>\(row.role)</td><td>\(row.home)</td><td class=\"\(if: row.isQuiet, "dim")\">\(row.state)</td></tr>" as HTML })</tbody></table></div>
            """)
            """)
    }

    static func user(_ view: UserView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let path = view.id.map { "/settings/users/\($0)" }
        return settings(view.title, frame, page, back: (say("Accounts"), "/settings/users"), main: """
            \(view.form.general)<div class="two-col"><form class="sheetform" method="post" action="\(url: path ?? "/settings/users")">\(Bits.csrf(page))\
            \(view.form.field(say("Name"), "name", autocomplete: "off"))\
            \(view.form.field(say("E-mail"), "email", help: say("The user name, and where mail goes. A contact who is only called needs none."), isRequired: false, autocomplete: "off"))\
            \(view.form.field(say("Telephone"), "phone", type: "tel", note: say("if known"), isRequired: false, autocomplete: "off"))\
            \(view.form.select(say("Role"), "role", view.roles, isRequired: true, help: say("What each may do stands in the agreement under P.")))\
            \(view.form.select(say("Client"), "client", view.clients, empty: say("None, staff of the desk")))\
            \(view.form.select(say("Department"), "department", view.departments, empty: say("None")))\
            \(view.form.field(say("Time zone"), "zone", help: say("As America/Denver. Empty: as the client's, or the desk's."), isRequired: false, suggestions: view.zones))\
            \(view.form.select(say("Language"), "language", languages, empty: say("As the browser asks")))\
            <div class="row"><button class="btn primary">\(view.id == nil ? say("Invite") : say("Save"))</button></div></form>\
            \(if: view.id != nil, aside(view, path ?? "", page))</div>
            """)
    }

    private static func aside(_ view: UserView, _ path: String, _ page: PageContext) -> HTML {
        """
        <aside class="sideinfo"><section><h2>\(say: "Access")</h2><p>\(view.state)</p>\
        \(if: view.link != nil, "<p class=\"notice\">\(say: "No relay is set, so the link did not leave. Hand it over yourself, to nobody else:<br><a class=\"once\" href=\"\(url: view.link ?? "")\">\(view.link ?? "")</a>")<br><small>\(say: "Works once, until \(view.linkUntil).")</small></p>")\
        <div class="stack">\(if: view.mayLink, Bits.button(view.hasPassword ? say("Send a link for a new password") : say("Invite again"), path + "/link", page))\
        \(if: view.hasSecondFactor && view.mayAdminister, Bits.button(say("Take the second factor away"), path + "/second-factor-removal", page, style: "danger"))\
        \(if: view.isDisabled, Bits.button(say("Enable"), path + "/enabling", page), else: Bits.button(say("Disable"), path + "/disabling", page, style: "danger"))</div>\
        <p class="dim">\(say: "Disabling ends all sessions and tokens at once. What the person wrote keeps its author.")</p></section>\
        \(if: view.addresses != nil, addresses(view, path, page))\
        \(if: !view.log.isEmpty, "<section><h2>\(say: "What was done")</h2>\(auditList(view.log, page))</section>")</aside>
        """
    }

    private static func addresses(_ view: UserView, _ path: String, _ page: PageContext) -> HTML {
        """
        <section><h2>\(say: "Further addresses")</h2>\(if: view.addresses?.isEmpty ?? true, "<p class=\"dim\">\(say: "None. Mail goes to the e-mail address of the account.")</p>")\
        <ul class="plainlist">\(each: view.addresses ?? [], { "<li class=\"split\"><span>\($0)</span><form method=\"post\" action=\"\(url: path + "/address-removal")\">\(Bits.csrf(page))<input type=\"hidden\" name=\"address\" value=\"\($0)\"><button class=\"btn ghost\" aria-label=\"\(say: "Remove \($0)")\">\(say: "Remove")</button></form></li>" as HTML })</ul>\
        <form method="post" action="\(url: path + "/addresses")">\(Bits.csrf(page))\(view.form.field(say("Another address"), "address", help: say("What comes from it is this person's."), isRequired: true, autocomplete: "off"))<button class="btn">\(say: "Add")</button></form></section>\
        <section><h2>\(say: "The same person twice?")</h2><form method="post" action="\(url: path + "/merging")">\(Bits.csrf(page))\(view.form.field(say("The account that stays"), "into", help: say("Its e-mail address. It gets the tickets and addresses of this one, which is then disabled."), isRequired: true, autocomplete: "off"))<button class="btn danger">\(say: "Merge into it")</button></form></section>
        """
    }

    static func auditList(_ log: [AuditRow], _ page: PageContext) -> HTML {
        "<ul class=\"audit\">\(each: log, { "<li><b>\($0.action.prefix(1).uppercased())\($0.action.dropFirst())</b>\(if: !$0.detail.isEmpty, ": \($0.detail)")<small>\($0.actor), \(page.words.full($0.at, now: page.now))\(if: !$0.object.isEmpty, ", \($0.object)")</small></li>" as HTML })</ul>"
    }

    // MARK: Clients

    static func clients(_ rows: [ClientRow], _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Clients"), frame, page, acts: "<a class=\"btn primary\" href=\"/settings/clients/new\">\(Icon.plus.html)\(say: "New client")</a>", main: """
            \(if: rows.isEmpty, "<div class=\"empty\"><h2>\(say: "There is no client yet.")</h2><p>\(say: "A client is an organisation whose contacts log tickets.")</p></div>", else: """
            <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">\(say: "Client")</th><th scope="col">\(say: "Contacts")</th><th scope="col">\(say: "Mail domains")</th><th scope="col">\(say: "Subscription")</th><th scope="col">\(say: "Colleagues")</th></tr></thead><tbody>\
            \(each: rows, { row in "<tr><th scope=\"row\"><a href=\"/settings/clients/\(row.id)\">\(row.name)</a></th><td>\(row.contacts)</td><td>\(if: row.domains.isEmpty, "<span class=\"dim\">\(say: "none")</span>", else: "\(row.domains.joined(separator: ", "))")</td><td>\(row.subscription)</td><td>\(row.sharing)</td></tr>" as HTML })</tbody></table></div>
            """)
            """)
    }

    static func client(_ view: ClientView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let path = view.id.map { "/settings/clients/\($0)" }
        return settings(view.title, frame, page, back: (say("Clients"), "/settings/clients"), main: """
            \(view.form.general)<div class="two-col"><form class="sheetform" method="post" action="\(url: path ?? "/settings/clients")">\(Bits.csrf(page))\
            \(view.form.field(say("Name"), "name"))\
            \(view.form.field(say("Time zone"), "zone", help: say("As America/Denver: the client reads its times in it."), suggestions: view.zones))\
            \(view.form.field(say("Subscription paid until"), "subscription", type: "date", note: say("no end if empty"), isRequired: false))\
            \(view.form.field(say("Mail domains"), "domains", help: say("One a line, as northfield.example. A person writing from there is known to be the client's."), isRequired: false, multiline: true))\
            \(view.form.check(say("The provider manages the hosting"), "hosting", help: say("Then incidents from changes of the environment are covered (M2).")))\
            \(view.form.check(say("Colleagues see each other's tickets"), "share", help: say("Off, unless the client asks for it. The primary contact and the stand-in see all in any case.")))\
            <div class="row"><button class="btn primary">\(say: "Save")</button></div></form>\
            \(if: view.id != nil, clientContacts(view, path ?? "", page))</div>
            """)
    }

    private static func clientContacts(_ view: ClientView, _ path: String, _ page: PageContext) -> HTML {
        """
        <aside class="sideinfo"><section><h2>\(say: "Contacts")</h2>\(if: view.contacts.isEmpty, "<p>\(say: "Nobody yet.")</p>")<ul class="plainlist">\(each: view.contacts, { "<li><a class=\"person\" href=\"/settings/users/\($0.id)\">\(Bits.initials($0.person, size: 28))<span><b>\($0.person.name)</b><small>\($0.role)\(if: $0.isQuiet, ", \($0.state)")</small></span></a></li>" as HTML })</ul>\
        <p><a class="btn" href="/settings/users/new?client=\(view.id ?? 0)">\(Icon.plus.html)\(say: "Add a contact")</a></p></section>\
        \(if: view.contacts.count { !$0.isQuiet } > 1, "<section><h2>\(say: "Primary contact and stand-in")</h2>\(roleForms(view.choices, path + "/contact", page, primary: view.primary, standIn: view.standIn))</section>")\
        \(if: !view.changes.isEmpty, "<section><h2>\(say: "Changes of contacts")</h2><ul class=\"audit\">\(each: view.changes, { "<li>\($0.text)<small>\(page.words.full($0.at, now: page.now))\(if: $0.undone, "\(say: ", undone")")</small></li>" as HTML })</ul></section>")</aside>
        """
    }

    /// Two small forms that name the primary contact and the stand-in (L8).
    static func roleForms(_ people: [Choice], _ action: String, _ page: PageContext, primary: String, standIn: String) -> HTML {
        """
        <form class="inlineform" method="post" action="\(url: action)">\(Bits.csrf(page))<input type="hidden" name="role" value="primaryContact">\(Bits.select(say("Primary contact"), name: "person", people, id: "f-primary", chosen: primary, empty: primary.isEmpty ? say("Choose") : nil, isRequired: true))<button class="btn">\(say: "Change")</button></form>\
        <form class="inlineform" method="post" action="\(url: action)">\(Bits.csrf(page))<input type="hidden" name="role" value="standIn">\(Bits.select(say("Stand-in"), name: "person", people, id: "f-standin", chosen: standIn, empty: say("Nobody")))<button class="btn">\(say: "Change")</button></form>
        """
    }

    // MARK: Security, log

    static func security(_ roles: [(role: String, label: String, isOn: Bool, people: Int, with: Int)], _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Security"), frame, page, main: """
            <form class="sheetform" method="post" action="/settings/security">\(Bits.csrf(page))<fieldset><legend>\(say: "Second factor required of")</legend><p class="help">\(say: "Who has none yet sets one up at the next sign-in, and nothing else opens before.")</p>\
            \(each: roles, { "<label class=\"tick\"><input type=\"checkbox\" name=\"role.\($0.role)\" value=\"on\"\(if: $0.isOn, " checked")><span>\($0.label)<small>\(say: "\($0.with) of \($0.people) have one")</small></span></label>" as HTML })</fieldset>\
            <div class="row"><button class="btn primary">\(say: "Save")</button></div></form>
            """)
    }

    static func auditLog(_ log: [AuditRow], _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Log of administration"), frame, page, main: "\(if: log.isEmpty, "<div class=\"empty\"><h2>\(say: "Nothing was changed yet.")</h2><p>\(say: "What administration does appears here, with who did it.")</p></div>", else: auditList(log, page))")
    }
}
