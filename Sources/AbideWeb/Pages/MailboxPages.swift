import AbideCore
import AbideDesk

struct MailboxesView: Sendable {
    struct Row: Sendable {
        /// nil: it was named at the start, and is changed there.
        var id: Int64?
        var address: String
        var isPaused: Bool
        var readAt: Instant?
        var failingSince: Instant?
        var error: String
    }

    var rows: [Row]
    /// The addresses that make tickets.
    var addresses: [String]
    var door: String?
    var relay: String?
}

struct MailboxFormView: Sendable {
    /// nil: a new one.
    var record: MailboxRecord?
    var form: FormState
    /// What a trial found, said once.
    var trial: (works: Bool, text: String)?
}

extension Pages {
    static func mailboxes(_ view: MailboxesView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Mailboxes"), frame, page, acts: "<a class=\"btn primary\" href=\"/settings/mailboxes/new\">\(Icon.plus.html)\(say: "Add a mailbox")</a>", main: """
            <p class="lead">\(say: "Mail to \(view.addresses.joined(separator: ", ")) becomes tickets; the addresses stand <a href=\"/agreement#A1\">in the agreement</a>. A mail server hands it over, or the desk fetches it from mailboxes by IMAP.")</p>\
            <section class="block"><h2>\(say: "Fetched")</h2>\(if: view.rows.isEmpty, "<p class=\"dim\">\(say: "No mailbox is looked into. Add the one to which your clients write, if no mail server hands their mail over.")</p>", else: """
            <div class="scroll" tabindex="0"><table class="table boxes"><thead><tr><th scope="col">\(say: "Mailbox")</th><th scope="col">\(say: "State")</th><th scope="col">\(say: "Last read")</th></tr></thead><tbody>\(each: view.rows, { row($0, page) })</tbody></table></div>
            """)</section>\
            <section class="block"><h2>\(say: "Handed over")</h2><p>\(if: view.door != nil, "\(say: "The listener takes SMTP and LMTP at <b>\(view.door ?? "")</b>. A mail server must bring it what comes for the addresses above.")", else: "\(say: "This process has no listener.")") <span class="dim">\(say: "Set at the start: --smtp.")</span></p></section>\
            <section class="block"><h2>\(say: "What leaves")</h2><p>\(if: view.relay != nil, "\(say: "Goes out by <b>\(view.relay ?? "")</b>. <a href=\"/outbox\">The outbox</a> shows each mail.")", else: "\(say: "No relay is set, so no mail leaves. <a href=\"/outbox\">The outbox</a> keeps it.")") <span class="dim">\(say: "Set at the start: --relay.")</span></p></section>
            """)
    }

    private static func row(_ row: MailboxesView.Row, _ page: PageContext) -> HTML {
        """
        <tr><th scope="row">\(if: row.id != nil, "<a href=\"/settings/mailboxes/\(row.id ?? 0)\">\(row.address)</a>", else: "\(row.address) <small class=\"dim\">\(say: "set at the start: --imap")</small>")\
        \(if: row.failingSince != nil, "<small class=\"fault\">\(row.error)</small>")</th><td>\(state(row))</td><td>\(if: row.readAt != nil, Bits.time(row.readAt ?? page.now, page), else: "<span class=\"dim\">\(say: "never")</span>")</td></tr>
        """
    }

    private static func state(_ row: MailboxesView.Row) -> HTML {
        if row.isPaused { return "<span class=\"badge\"><i></i>\(say: "Paused")</span>" }
        if row.failingSince != nil { return "<span class=\"badge miss\"><i></i>\(say: "Can’t be read")</span>" }
        return row.readAt == nil ? "<span class=\"badge\"><i></i>\(say: "Not read yet")</span>" : "<span class=\"badge met\"><i></i>\(say: "Right")</span>"
    }

    static func mailbox(_ view: MailboxFormView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let path = view.record.map { "/settings/mailboxes/\($0.id)" } ?? "/settings/mailboxes"
        let hasGrant = view.form.values["kind"] == "grant", isKept = view.record != nil
        let keeps = isKept ? say("Kept. Type another one to change it.") : ""
        func radio(_ value: String, _ label: String, _ note: String) -> HTML {
            "<label class=\"tick\"><input type=\"radio\" name=\"kind\" value=\"\(value)\"\(if: (value == "grant") == hasGrant, " checked")><span>\(label)<small>\(note)</small></span></label>"
        }
        return settings(view.record?.address ?? say("Add a mailbox"), frame, page, back: (say("Mailboxes"), "/settings/mailboxes"), main: """
            \(view.form.general)\(if: view.trial != nil, "<p class=\"\(if: view.trial?.works == true, "notice", else: "trouble")\" role=\"\(view.trial?.works == true ? "status" : "alert")\">\(view.trial?.text ?? "")</p>")\
            <div class="two-col"><form class="sheetform mailbox" method="post" action="\(url: path)" autocomplete="off">\(Bits.csrf(page))\
            <fieldset><legend>\(say: "Where it is")</legend>\(view.form.field(say("Server"), "host", help: say("As imap.example.com.")))\
            <div class="pair">\(view.form.select(say("Encryption"), "security", [Choice(value: "tls", label: say("TLS from the start")), Choice(value: "starttls", label: say("STARTTLS, never without"))]))\(view.form.field(say("Port"), "port", note: say("usual one if empty"), isRequired: false))</div>\
            \(view.form.field(say("User name"), "user"))</fieldset>\
            <fieldset><legend>\(say: "How one signs in")</legend>\(radio("password", say("With a password"), say("Where the provider allows it.")))\(radio("grant", say("With OAuth 2"), say("As Microsoft 365 and Google ask for. The desk asks for tokens by itself.")))\
            <div class="by-password">\(Bits.field(say("Password"), name: "password", help: keeps, error: view.form.errors["password"], type: "password", autocomplete: "new-password"))</div>\
            <div class="by-grant">\(view.form.field(say("Token address"), "endpoint", help: isKept && hasGrant ? keeps : say("As https://login.microsoftonline.com/TENANT/oauth2/v2.0/token."), isRequired: false))\(view.form.field(say("Client id"), "client", help: isKept && hasGrant ? keeps : "", isRequired: false))\
            \(Bits.field(say("Client secret"), name: "client-password", error: view.form.errors["clientSecret"], note: say("if there is one"), type: "password", autocomplete: "new-password"))\
            \(Bits.field(say("Refresh token"), name: "refresh-password", help: isKept && hasGrant ? keeps : "", error: view.form.errors["refreshToken"], type: "password", autocomplete: "new-password"))</div></fieldset>\
            <fieldset><legend>\(say: "What is taken")</legend><div class="pair">\(view.form.field(say("Folder"), "folder", note: say("INBOX if empty"), isRequired: false))\(view.form.field(say("Then move to"), "move", note: say("else marked as seen"), isRequired: false))</div>\
            \(view.form.field(say("Seconds between two looks"), "every", note: say("30 if empty"), isRequired: false))</fieldset>\
            <details class="inline"\(if: !(view.form.values["authority"] ?? "").isEmpty || view.form.errors["authority"] != nil, " open")><summary>\(say: "A certificate authority of your own")</summary><div>\(view.form.field(say("Certificate, in PEM"), "authority", help: say("Only where the server’s certificate comes from none that the system knows."), isRequired: false, multiline: true, rows: 4))</div></details>\
            <div class="row"><button class="btn primary">\(isKept ? say("Save and try it") : say("Add and try it"))</button></div></form>\
            \(if: view.record != nil, mailboxAside(view, path, page), else: "<aside class=\"sideinfo\"><p class=\"dim\">\(say: "The password is kept sealed with a key that stands outside the database. One look is made before anything is taken; a mailbox that can’t be read is kept and paused.")</p><p class=\"dim\">\(say: "The first look takes what nobody has seen yet.")</p></aside>")</div>
            """)
    }

    private static func mailboxAside(_ view: MailboxFormView, _ path: String, _ page: PageContext) -> HTML {
        guard let record = view.record else { return "" }
        let row = MailboxesView.Row(id: record.id, address: record.address, isPaused: record.isPaused, readAt: record.readAt, failingSince: record.failingSince, error: record.error ?? "")
        return """
            <aside class="sideinfo"><section><h2>\(say: "State")</h2><p>\(state(row)) \(if: record.readAt != nil, "\(say: "Read \(Bits.time(record.readAt ?? page.now, page)).")")</p>\
            \(if: record.failingSince != nil, "<p class=\"fault\">\(row.error)</p>")\
            <div class="stack">\(Bits.button(say("Try it now"), path + "/trial", page))\(if: record.isPaused, Bits.button(say("Go on reading"), path + "/resumption", page), else: Bits.button(say("Pause"), path + "/pause", page))\(Bits.button(say("Remove"), path + "/removal", page, style: "danger"))</div>\
            <p class="dim">\(say: "Paused, nothing is taken and nothing is lost: mail waits there. Removing forgets the password and how far it was read.")</p></section></aside>
            """
    }
}
