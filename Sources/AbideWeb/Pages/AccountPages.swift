import AbideCore
import AbideDesk

struct AccountView: Sendable {
    var profile: FormState
    var password: FormState
    var address: FormState
    var email: String
    var zones: [String]
    var hasSecondFactor: Bool
    var recoveryCodes: Int
    var mustHaveSecondFactor: Bool
    var factor: FormState
    var sessions: [SessionRow]
    /// Whether answers wait to be taken back; nil for those who send none.
    var undoesSending: Bool?
}

struct SessionRow: Sendable {
    var hash: String
    var what: String
    var since: Instant
    var address: String
    var isThisOne: Bool
}

extension Pages {
    /// The reader's own account, in the reader's own frame.
    static func account(_ view: AccountView, _ page: PageContext) -> HTML {
        framed(say("Your account"), page, """
            <div class="account">\(section(say("Profile"), "", """
                <form method="post" action="/account/profile">\(Bits.csrf(page))\(view.profile.general)\(view.profile.field(say("Name"), "name", autocomplete: "name"))\(view.profile.field(say("Telephone"), "phone", type: "tel", isRequired: false, autocomplete: "tel"))\
                \(view.profile.field(say("Time zone"), "zone", help: say("All times are shown in it, as Europe/Berlin. Empty: as your company's."), isRequired: false, suggestions: view.zones))\(view.profile.select(say("Language"), "language", languages, empty: say("As the browser asks")))<div class="row"><button class="btn primary">\(say: "Save")</button></div></form>
                """))\
            \(section(say("Address"), say("Mail goes to \(view.email). It is your user name as well."), """
                <form method="post" action="/account/address">\(Bits.csrf(page))\(view.address.general)\(view.address.field(say("New address"), "email", type: "email", help: say("A link goes there. Until it is opened the old address holds."), autocomplete: "email", id: "f-new-address"))\
                \(Bits.field(say("Present password"), name: "current", id: "f-address-current", error: view.address.errors["current"], isRequired: true, type: "password", autocomplete: "current-password"))<div class="row"><button class="btn">\(say: "Send the link")</button></div></form>
                """))\
            \(section(say("Password"), say("A change ends all your other sessions and tokens."), """
                <form method="post" action="/account/password">\(Bits.csrf(page))\(view.password.general)\(Bits.field(say("Present password"), name: "current", id: "f-password-current", error: view.password.errors["current"], isRequired: true, type: "password", autocomplete: "current-password"))\
                \(Bits.field(say("New password"), name: "password", help: say("At least 10 characters. A few words in a row are easy to keep in mind."), error: view.password.errors["password"], isRequired: true, type: "password", autocomplete: "new-password"))<div class="row"><button class="btn">\(say: "Change the password")</button></div></form>
                """))\
            \(section(say("Second factor"), view.hasSecondFactor ? say("On. Signing in asks for a code of your authenticator. \(view.recoveryCodes) recovery codes are left.") : say("Off. With it, your password alone opens nothing."), """
                \(view.factor.general)\(if: !view.hasSecondFactor, "<p><a class=\"btn\" href=\"/account/second-factor\">\(say: "Set it up")</a></p>")\
                \(if: view.hasSecondFactor && !view.mustHaveSecondFactor, "<details class=\"inline\"\(if: !view.factor.errors.isEmpty, " open")><summary>\(say: "Take it away")</summary><form method=\"post\" action=\"/account/second-factor/removal\">\(Bits.csrf(page))\(Bits.field(say("Present password"), name: "current", id: "f-factor-current", error: view.factor.errors["current"], isRequired: true, type: "password", autocomplete: "current-password"))<button class=\"btn danger\">\(say: "Take it away")</button></form></details>")\
                \(if: view.hasSecondFactor && view.mustHaveSecondFactor, "<p class=\"dim\">\(say: "Your role requires it.")</p>")
                """))\
            \(if: view.undoesSending != nil, section(say("Sending"), say("Answers to clients wait some seconds, in which you can take them back."), """
                <form method="post" action="/account/sending">\(Bits.csrf(page))\(Bits.select(say("Undo send"), name: "undo", [Choice(value: "on", label: say("10 seconds")), Choice(value: "off", label: say("Off: they go out at once"))], chosen: view.undoesSending == true ? "on" : "off"))<div class="row"><button class="btn">\(say: "Save")</button></div></form>
                """))\
            \(section(say("Signed in"), say("Where your account is open now."), """
                <ul class="sessions">\(each: view.sessions, { row in "<li><div><b>\(row.what)\(if: row.isThisOne, "\(say: ", this one")")</b><small>\(say: "since \(page.words.full(row.since, now: page.now))")\(if: !row.address.isEmpty, "\(say: ", from \(row.address)")")</small></div>\(if: !row.isThisOne, Bits.button(say("End"), "/account/sessions/end", page, fields: [("session", row.hash)]))</li>" as HTML })</ul>\
                \(if: view.sessions.count > 1, Bits.button(say("Sign out everywhere else"), "/account/sessions/end", page))
                """))</div>
            """)
    }

    /// Each by its own name, which its speakers find in any language.
    static var languages: [Choice] { Languages.shipped.map { Choice(value: $0.0, label: $0.1) } }

    private static func section(_ title: String, _ text: String, _ content: HTML) -> HTML {
        "<section><header><h2>\(title)</h2>\(if: !text.isEmpty, "<p class=\"dim\">\(text)</p>")</header><div>\(content)</div></section>"
    }

    /// In the workspace or in the portal, by who reads.
    static func framed(_ title: String, _ page: PageContext, _ main: HTML) -> HTML {
        page.user?.isStaff == true
            ? Shell.staff(title, page, bar: "<h1>\(title)</h1>", main: "<div class=\"settings\">\(Bits.refusal(page.refusal))\(main)</div>", style: "setting")
            : Shell.portal(title, page, back: "/", main: "<h1>\(title)</h1>\(Bits.refusal(page.refusal))\(main)")
    }

    static func confirmation(next: String, error: String?, _ page: PageContext) -> HTML {
        framed(say("Is it you?"), page, """
            <form class="sheetform" method="post" action="/account/confirmation">\(Bits.csrf(page))<input type="hidden" name="next" value="\(next)"><p>\(say: "This matters, so the desk asks for your password again. What you had begun is done after it.")</p>\
            \(Bits.field(say("Password"), name: "password", error: error, isRequired: true, type: "password", autocomplete: "current-password"))<div class="row"><button class="btn primary">\(say: "Go on")</button></div></form>
            """)
    }

    // MARK: The second factor

    /// The code after the password.
    static func secondFactor(csrf: String, next: String?, error: String?, _ page: PageContext) -> HTML {
        lone(say("One more step"), page, """
            <form method="post" action="/sign-in/second-factor">\(hidden(csrf, next))\(if: error != nil, "<p class=\"error\" role=\"alert\">\(error ?? "")</p>")\
            \(Bits.field(say("Code of your authenticator"), name: "code", help: say("Six digits. Or one of your recovery codes."), isRequired: true, autocomplete: "one-time-code"))<button class="btn primary big">\(say: "Sign in")</button></form>\
            <p class="dim">\(say: "Lost both? An administrator can take the second factor away.")</p>
            """)
    }

    /// Setting one up: at the first sign-in of a role that must have one (`action` of sign-in), or from the account's page.
    static func enrolment(secret: String, address: String, action: String, csrf: String, next: String?, error: String?, _ page: PageContext) -> HTML {
        let grouped = stride(from: 0, to: secret.count, by: 4).map { String(secret.dropFirst($0).prefix(4)) }.joined(separator: " ")
        let content: HTML = """
            <div class="enrol">\(QRCode.svg(address, says: say("QR code with the key of your second factor")))<div><p>\(say: "Scan this with your authenticator. On the telephone itself <a href=\"\(HTML(trusted: "otpauth:"))\(address.dropFirst(8))\">open it there</a>.")</p>\
            <p>\(say: "Or add an account by hand, and type this key:")</p><p class="secret" data-secret="\(secret)">\(grouped)</p></div></div>\
            <form method="post" action="\(url: action)">\(hidden(csrf, next))\(if: error != nil, "<p class=\"error\" role=\"alert\">\(error ?? "")</p>")\
            \(Bits.field(say("The code that it shows"), name: "code", help: say("Six digits, new every half minute."), isRequired: true, autocomplete: "one-time-code"))<button class="btn primary big">\(say: "Turn it on")</button></form>
            """
        return page.user == nil ? lone(say("Set up your second factor"), page, "<p class=\"dim\">\(say: "Your role requires one. It takes a minute.")</p>\(content)") : framed(say("Set up your second factor"), page, "<div class=\"sheetform\">\(content)</div>")
    }

    static func recoveryCodes(_ codes: [String], next: String, _ page: PageContext) -> HTML {
        let content: HTML = """
            <p>\(say: "Each of these opens your account once when your telephone is not at hand. They are shown only now: print them, or keep them in a password manager.")</p>\
            <ol class="codes">\(each: codes, { "<li>\($0)</li>" })</ol><p><a class="btn primary big" href="\(url: next)">\(say: "I have kept them")</a></p>
            """
        return page.user == nil ? lone(say("Your recovery codes"), page, content) : framed(say("Your recovery codes"), page, "<div class=\"sheetform\">\(content)</div>")
    }

    private static func hidden(_ csrf: String, _ next: String?) -> HTML {
        "<input type=\"hidden\" name=\"csrf\" value=\"\(csrf)\">\(if: next != nil, "<input type=\"hidden\" name=\"next\" value=\"\(next ?? "")\">")"
    }

    // MARK: Links of mails

    static func lone(_ title: String, _ page: PageContext, _ content: HTML) -> HTML {
        Shell.plain(title, page, main: "<div class=\"signin\"><p class=\"mark\">\(Shell.mark)Abide</p><h1>\(title)</h1>\(content)</div>", style: "signin-page")
    }

    static func askReset(done: Bool, _ page: PageContext) -> HTML {
        done
            ? lone(say("Look into your mail"), page, "<p>\(say: "If there is an account with this address, a link for a new password is on its way. It works once, and for 30 minutes.")</p><p><a href=\"/sign-in\">\(say: "Back to signing in")</a></p>")
            : lone(say("A new password"), page, """
                <form method="post" action="/password-reset">\(Bits.field(say("E-mail"), name: "email", isRequired: true, type: "email", autocomplete: "username"))<button class="btn primary big">\(say: "Send me a link")</button></form><p><a href="/sign-in">\(say: "Back to signing in")</a></p>
                """)
    }

    static func setPassword(_ title: String, name: String, email: String, action: String, button: String, error: String?, _ page: PageContext) -> HTML {
        lone(title, page, """
            <p>\(say: "\(name), your user name is \(email).")</p><form method="post" action="\(url: action)"><input type="hidden" name="username" value="\(email)" autocomplete="username">\
            \(Bits.field(say("New password"), name: "password", help: say("At least 10 characters. A few words in a row are easy to keep in mind."), error: error, isRequired: true, type: "password", autocomplete: "new-password"))\
            <button class="btn primary big">\(button)</button></form>
            """)
    }

    static func confirmAddress(_ address: String, action: String, _ page: PageContext) -> HTML {
        lone(say("Is this your new address?"), page, "<p>\(say: "Mail of \(page.provider) Support will go to <b>\(address)</b>, which is your user name from then on.")</p><form method=\"post\" action=\"\(url: action)\"><button class=\"btn primary big\">\(say: "Yes, take it")</button></form>")
    }

    static func said(_ title: String, _ text: String, _ page: PageContext) -> HTML { lone(title, page, "<p>\(text)</p><p><a class=\"btn primary\" href=\"/sign-in\">\(say: "Sign in")</a></p>") }

    // MARK: The first start

    static func setUp(_ form: FormState, terms: AgreementTerms, needsCode: Bool, zones: [String], _ page: PageContext) -> HTML {
        Shell.plain(say("Set up the desk"), page, main: """
            <div class="signin wider"><p class="mark">\(Shell.mark)Abide</p><h1>\(say: "Set up your desk")</h1><p class="dim">\(say: "Four things, and it runs. All of it can be changed later.")</p>\
            <form method="post" action="/set-up">\(form.general)\(if: needsCode, form.field(say("Set-up code"), "code", help: say("It stands in the desk's log, on standard error: you are not on the desk's own machine.")))\
            <fieldset><legend>\(say: "Your company")</legend>\(form.field(say("Name"), "company", help: say("As clients know you."), autocomplete: "organization"))<div class="pair">\(form.field(say("Place"), "place", help: say("As people say it, as Dallas.")))\(form.field(say("Time zone"), "zone", suggestions: zones))</div></fieldset>\
            <fieldset><legend>\(say: "The mailbox")</legend>\(form.field(say("Support address"), "mailbox", type: "email", help: say("A message to it becomes a ticket.")))</fieldset>\
            <fieldset><legend>\(say: "You, the administrator")</legend>\(form.field(say("Your name"), "name", autocomplete: "name"))\(form.field(say("Your address"), "email", type: "email", help: say("Your user name."), autocomplete: "username"))\
            \(Bits.field(say("Password"), name: "password", help: say("At least 10 characters. A few words in a row are easy to keep in mind."), error: form.errors["password"], isRequired: true, type: "password", autocomplete: "new-password"))</fieldset>\
            <fieldset><legend>\(say: "The agreement")</legend><p>\(say: "\(terms.name), version \(terms.version): the desk executes it from the first ticket on, \(terms.calendar(terms.defaultCalendar).map { weekWords($0) } ?? say("round the clock")) in your time zone.")</p>\
            <ul class="terms">\(each: terms.severities, { "<li>\(Bits.severity($0.number, name: "")) \(say: "<b>\($0.name)</b>: a first answer within \($0.response.words), solved by \($0.resolution.words)")</li>" })</ul>\
            <p class="help">\(say: "A sensible beginning. Its manager changes it in its file, for all or for a client; running tickets keep what they were promised.")</p></fieldset>\
            <button class="btn primary big">\(say: "Open the desk")</button></form></div>
            """, style: "signin-page")
    }
}
