import AbideCore

/// A date that a mail offers, before or after it is accepted (C3).
struct AcceptanceView: Sendable {
    var ref: String
    var subject: String
    /// "Friday 13 March, 12:06 in Dallas"
    var date: String
    var token: String
    var isAccepted: Bool
    /// Why it can't be accepted any more; empty: it can.
    var obstacle: String
}

extension Pages {
    /// Nobody needs to sign in for it, and reading it changes nothing.
    static func acceptance(_ view: AcceptanceView, _ page: PageContext) -> HTML {
        let title = view.isAccepted ? say("The date is agreed.") : say("Is this date good for you?")
        return Shell.plain(title, page, main: """
            <div class="signin"><p class="mark">\(Shell.mark)\(page.provider)</p></div>\
            <section class="card pad lone"><h1>\(title)</h1><p>\(view.ref) \(view.subject)</p><p>\(say: "To be solved <b>\(view.date)</b>") <span class="dim">C3</span></p>\
            \(if: !view.obstacle.isEmpty, "<p>\(view.obstacle)</p>")\
            \(if: !view.isAccepted && view.obstacle.isEmpty, "<form method=\"post\" action=\"/a/\(view.token)\"><button class=\"btn primary\">\(say: "Accept this date")</button></form>")\
            <p><a href="/t/\(view.ref)">\(if: view.isAccepted, "\(say: "Open the ticket")", else: "\(say: "Sign in to propose another one")")</a></p></section>
            """)
    }
}
