import AbideCore
import AbideDesk

extension Pages {
    /// Reviews of all clients for staff, of the own one for its report readers (O1).
    static func reviews(_ views: [ReviewView], clients: [Choice], form: FormState, mayPlan: Bool, _ page: PageContext) -> HTML {
        let (open, over) = (views.filter { $0.review.isOpen }, views.filter { !$0.review.isOpen })
        let isStaff = page.user?.isStaff == true
        let main: HTML = """
            <div class="settings">\(form.general)\
            \(if: views.isEmpty, "<div class=\"empty\"><h2>No review is planned.</h2><p>\(isStaff ? "The next one of each client is planned by itself where its agreement has an interval." : "Your agreement names no interval for reviews.")</p></div>")\
            \(if: !open.isEmpty, table("To come", open, isStaff))\(if: !over.isEmpty, table("Over", over, isStaff))\
            \(if: mayPlan, plan(clients, form, page))</div>
            """
        return isStaff
            ? Shell.staff("Reviews", page, bar: "<p class=\"crumb dim\"><a href=\"/agreement\">Agreement</a></p><h1>Reviews</h1>", main: main, style: "setting")
            : Shell.portal("Reviews of our agreement", page, back: "/portal/agreement", main: "<h1>Reviews of our agreement</h1>\(main)")
    }

    private static func table(_ title: String, _ views: [ReviewView], _ isStaff: Bool) -> HTML {
        """
        <h2>\(title)</h2><div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">Day</th>\(if: isStaff, "<th scope=\"col\">Client</th>")<th scope="col">Agreement</th><th scope="col">State</th></tr></thead><tbody>\
        \(each: views, { view in """
            <tr><th scope="row"><a href="\(path(view, isStaff))">\((view.review.heldOn ?? view.review.day).iso)</a></th>\(if: isStaff, "<td>\(view.client.name)</td>")<td>\(view.agreement)</td><td>\(state(view))</td></tr>
            """ as HTML })</tbody></table></div>
        """
    }

    private static func path(_ view: ReviewView, _ isStaff: Bool) -> String { "\(isStaff ? "/agreement" : "/portal/agreement")/reviews/\(view.review.id)" }

    private static func state(_ view: ReviewView) -> String {
        if view.isOverdue { return "overdue" }
        return switch view.review.state {
        case .planned: "planned"
        case .prepared: "prepared"
        case .held: view.review.outcome.map { "held; \($0.words)" } ?? "held"
        case .cancelled: "cancelled"
        }
    }

    private static func plan(_ clients: [Choice], _ form: FormState, _ page: PageContext) -> HTML {
        """
        <form class="sheetform" method="post" action="/agreement/reviews">\(Bits.csrf(page))<h2 class="form-title">Plan one for a day of your own</h2>\
        <div class="pair">\(form.select("Client", "client", clients, empty: "Choose", isRequired: true))\(form.field("Day", "day", type: "date"))</div><div class="row"><button class="btn primary">Plan it</button></div></form>
        """
    }

    /// One review: what it looks back on, what was decided, and for its manager the way on.
    static func review(_ view: ReviewView, form: FormState, failed: String?, manages: Bool, versions: [Choice], _ page: PageContext) -> HTML {
        let review = view.review
        let isStaff = page.user?.isStaff == true
        func shown(_ act: String) -> FormState { failed == act ? form : FormState() }
        let facts: HTML = """
            <dl class="pairs"><dt>Planned for</dt><dd>\(review.day.iso)\(if: view.isOverdue, " <b class=\"over\">overdue</b>")</dd>\(if: isStaff, "<dt>Client</dt><dd>\(view.client.name)</dd>")<dt>Agreement</dt><dd>\(view.agreement)</dd>\
            \(if: review.report != nil, "<dt>Looks back on</dt><dd><a href=\"/reports/issued/\(review.report ?? 0)\">The report of \(review.from?.iso ?? "") to \(review.to?.iso ?? "")</a></dd>")\
            \(if: review.heldOn != nil, "<dt>Held on</dt><dd>\(review.heldOn?.iso ?? "")</dd><dt>With</dt><dd>\(review.attendees)</dd><dt>Outcome</dt><dd>\(review.outcome?.words ?? "")\(if: view.newAgreement != nil, ": \(view.newAgreement ?? "")")</dd><dt>Minuted by</dt><dd>\(review.minutedBy)</dd>")</dl>
            """
        let acts: HTML = !manages || !review.isOpen ? "" : """
            \(if: review.state == .planned, "<div class=\"row\">\(Bits.button("Prepare it now", "/agreement/reviews/\(review.id)/preparation", page))<span class=\"dim\">Issues the report since the last review and tells those who take part. It is done by itself in time.</span></div>")\
            \(minuting(review, shown("minutes"), versions, page))\(moving(review, shown("move"), page))\(cancelling(review, shown("cancellation"), page))
            """
        let main: HTML = """
            <div class="settings">\(Bits.refusal(page.refusal))<div class="two-col"><div>\(facts)\(if: !review.minutes.isEmpty, "<h2>Minutes</h2><div class=\"text\">\(Markdown.html(review.minutes))</div>")\(acts)</div>\
            <div class="sideinfo"><h2>History</h2><ul class="audit">\(each: view.notes, { "<li>\($0.sentence)<small>\($0.actor), \(Bits.time($0.notedAt, page))</small></li>" })</ul></div></div></div>
            """
        let title = "Review, \((review.heldOn ?? review.day).iso)"
        return isStaff
            ? Shell.staff(title, page, bar: "<p class=\"crumb dim\"><a href=\"/agreement/reviews\">Reviews</a></p><h1>\(title)</h1><p class=\"dim sum\">\(view.client.name), \(state(view))</p>", main: main, style: "setting")
            : Shell.portal(title, page, back: "/portal/agreement/reviews", main: "<h1>\(title)</h1>\(main)")
    }

    private static func minuting(_ review: AgreementReview, _ form: FormState, _ versions: [Choice], _ page: PageContext) -> HTML {
        """
        <form class="sheetform" method="post" action="/agreement/reviews/\(review.id)/minutes">\(Bits.csrf(page))<h2 class="form-title">Minutes</h2>\(form.general)\
        <div class="pair">\(form.field("Held on", "heldOn", type: "date"))\(form.field("With", "attendees"))</div>\(form.field("What was reviewed and decided", "minutes", help: "Markdown; the client’s report readers read it.", multiline: true, rows: 8))\
        <div class="pair">\(form.select("Outcome", "outcome", AgreementReview.Outcome.allCases.map { Choice(value: $0.rawValue, label: $0.words.prefix(1).uppercased() + $0.words.dropFirst()) }, isRequired: true))\
        \(form.select("Which version?", "newVersion", versions, empty: "None yet", help: "Where a new version follows and is stored already."))</div><div class="row"><button class="btn primary">Keep the minutes</button></div></form>
        """
    }

    private static func moving(_ review: AgreementReview, _ form: FormState, _ page: PageContext) -> HTML {
        """
        <details class="inline"\(if: !form.errors.isEmpty, " open")><summary>Move it to another day</summary><form method="post" action="/agreement/reviews/\(review.id)/move">\(Bits.csrf(page))\(form.general)\
        <div class="pair">\(form.field("Day", "day", type: "date", id: "f-move-day"))\(form.field("Why?", "reason", id: "f-move-reason"))</div><div class="row"><button class="btn">Move it</button></div></form></details>
        """
    }

    private static func cancelling(_ review: AgreementReview, _ form: FormState, _ page: PageContext) -> HTML {
        """
        <details class="inline"\(if: !form.errors.isEmpty, " open")><summary>It is not held at all</summary><form method="post" action="/agreement/reviews/\(review.id)/cancellation">\(Bits.csrf(page))\(form.general)\
        \(form.field("Why?", "reason", id: "f-cancel-reason"))<div class="row"><button class="btn danger">Cancel it</button></div></form></details>
        """
    }
}
