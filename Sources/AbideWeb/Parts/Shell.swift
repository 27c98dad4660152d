import AbideCore

/// The frames of pages: the staff's workspace, the portal, and the plain one of sign-in and errors.
enum Shell {
    /// - Parameters:
    ///   - bar: where am I, then acts; the first child should be a heading or a way back.
    ///   - main: the page; elements with `data-part` are swapped when the desk says that something changed.
    ///   - isLight: one of the pages on which people work all day; it goes without the style sheet of all the others.
    static func staff(_ title: String, _ page: PageContext, bar: HTML, main: HTML, style: String = "", isLight: Bool = false) -> HTML {
        document(title, page, body: "staff \(style)", isLight: isLight, """
            <nav class="side" id="nav" aria-label="\(say: "Desk")">\
            <a class="mark" href="/tickets">\(mark)Abide</a>\
            <a class="side-close" href="#main">\(Icon.close.html)<span class="hidden">\(say: "Close the menu")</span></a>\
            <form class="find" action="/tickets" role="search"><label class="hidden" for="find">\(say: "Find a ticket")</label>\(Icon.search.html)<input id="find" name="q" type="search" placeholder="\(say: "Find a ticket")" autocomplete="off"\(if: !page.find.isEmpty, " value=\"\(page.find)\"")><kbd>/</kbd></form>\
            <div data-part="nav">\(each: page.navigation, { group in
                "\(if: group.title != nil, "<h2>\(group.title ?? "")</h2>")<ul>\(each: group.items, item)</ul>"
            })</div>\
            \(who(page))</nav>\
            <div class="page"><header class="bar"><a class="menu" href="#nav">\(Icon.menu.html)<span class="hidden">\(say: "Menu")</span></a>\(bar)</header>\
            <main id="main" tabindex="-1">\(main)</main></div>\(HeldAnswers.waiting(page.waiting, page))
            """)
    }

    private static func item(_ item: NavItem) -> HTML {
        """
        <li><a href="\(url: item.href)"\(if: item.isCurrent, " aria-current=\"page\"")>\(item.icon.html)<span>\(item.title)</span>\
        \(if: item.count != nil, "<span class=\"n\">\(item.count ?? 0)\(if: item.isMore, "+")</span>")</a></li>
        """
    }

    private static func who(_ page: PageContext) -> HTML {
        guard let user = page.user else { return "" }
        return """
            <div class="who">\(Bits.initials(user, size: 22))<span>\(user.name)</span>\
            <form method="post" action="/sign-out">\(Bits.csrf(page))<button class="quiet" title="\(say: "Sign out")">\(Icon.signOut.html)<span class="hidden">\(say: "Sign out")</span></button></form></div>
            """
    }

    /// - Parameter back: on a phone, the way back that replaces the tabs; nil: the tabs stay.
    static func portal(_ title: String, _ page: PageContext, back: String? = nil, main: HTML, isLight: Bool = false) -> HTML {
        let zones = page.user == nil ? "" : zoneLine(page)
        return document(title, page, body: "portal", isLight: isLight, """
            <header class="top"><div class="wide">\
            \(if: back != nil, "<a class=\"back\" href=\"\(url: back ?? "/")\">\(Icon.back.html)<span class=\"hidden\">\(say: "Back")</span></a>")\
            <a class="brand" href="/">\(monogram(page.provider))<b>\(page.provider)</b> <span>\(say: "Support")</span></a>\
            <nav aria-label="\(say: "Portal")" data-part="nav">\(each: page.navigation.flatMap(\.items), { item in
                "<a href=\"\(url: item.href)\"\(if: item.isCurrent, " aria-current=\"page\"")>\(item.title)</a>"
            })</nav>\
            \(if: page.user != nil, portalWho(page))</div></header>\
            <main id="main" class="wide" tabindex="-1">\(main)</main>\
            <footer class="foot wide"><span>\(zones)</span><span>\(say: "Run by Abide")\(if: !page.agreement.isEmpty, ", \(page.agreement)")</span></footer>
            """)
    }

    private static func portalWho(_ page: PageContext) -> HTML {
        guard let user = page.user else { return "" }
        return """
            <details class="pop me"><summary>\(Bits.initials(user, size: 28))<span>\(user.name)</span></summary>\
            <div class="pop-body"><p>\(user.name)<br><small>\(user.email)</small></p><p><a href="/account">\(say: "Your account")</a></p>\
            <form method="post" action="/sign-out">\(Bits.csrf(page))<button class="btn">\(say: "Sign out")</button></form></div></details>
            """
    }

    /// "Times are yours, Mountain Time. Dallas is one hour ahead."
    static func zoneLine(_ page: PageContext) -> String {
        if page.words.agrees(with: page.desk, at: page.now) { return say("Times are as in \(page.desk.place).") }
        let ahead = page.desk.difference(from: page.words, at: page.now)
        let length = DurationWords.say(ahead)
        let said = length == "1 h" ? say("one hour") : length
        let whose = page.words.place.isEmpty ? say("Times are yours.") : say("Times are yours, \(page.words.place).")
        return whose + " " + (ahead > 0 ? say("\(page.desk.place) is \(said) ahead.") : say("\(page.desk.place) is \(said) behind."))
    }

    /// The frame of sign-in and of errors without a reader.
    static func plain(_ title: String, _ page: PageContext, main: HTML, style: String = "") -> HTML {
        document(title, page, body: "plain \(style)", "<main id=\"main\" tabindex=\"-1\">\(main)</main>")
    }

    static func document(_ title: String, _ page: PageContext, body: String, isLight: Bool = false, _ content: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="\(Tongue.current.code)"\(if: Tongue.current.isRightToLeft, " dir=\"rtl\"")><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
        <title>\(title) · \(page.user?.isStaff == true ? "Abide" : say("\(page.provider) Support"))</title>\
        <meta name="color-scheme" content="light dark"><link rel="icon" href="\(Assets.path("favicon.svg"))" type="image/svg+xml">\
        <link rel="stylesheet" href="\(Assets.path("abide.css"))">\(if: !isLight, "<link rel=\"stylesheet\" href=\"\(Assets.path("pages.css"))\">")\(if: body.hasSuffix(" guiding"), "<link rel=\"stylesheet\" href=\"\(Assets.path("guide.css"))\">")<script type="module" src="\(Assets.path("app.js"))"></script>\(Assets.words)</head>
        <body class="\(body)"\(if: page.live != nil, " data-live=\"\(url: page.live ?? "")\"", else: "\(if: page.user?.isStaff == true, " data-told=\"/live?only=notifications\"")")>\
        <a class="skip" href="#main">\(say: "Skip to the page")</a>\(PromiseLine.patterns)\(content)\
        <div class="toast" role="status">\(if: page.toast != nil, "<p>\(page.toast ?? "")</p>")</div></body></html>
        """
    }

    /// The mark: a promise line with its flag.
    static let mark: HTML = """
        <svg class="logo" width="20" height="18" viewBox="0 0 20 18" aria-hidden="true"><path class="a" d="M0 12.5A1.5 1.5 0 0 1 1.5 11H10v3H1.5A1.5 1.5 0 0 1 0 12.5z"/>\
        <path class="b" d="M13.5 11.5H19v2h-5.5z"/><path class="a" d="M10.5 1h2v16h-2zM12.5 1H18l-1.700 3L18 7h-5.5z"/></svg>
        """

    static func monogram(_ provider: String) -> HTML { "<span class=\"monogram\" aria-hidden=\"true\">\(provider.prefix(1))</span>" }
}
