import AbideCore
import AbideDesk

extension Pages {
    /// Reviews of all clients for staff, of the own one for its report readers (O1).
    static func reviews(_ views: [ReviewView], clients: [Choice], form: FormState, mayPlan: Bool, _ page: PageContext) -> HTML {
        let (open, over) = (views.filter { $0.review.isOpen }, views.filter { !$0.review.isOpen })
        let isStaff = page.user?.isStaff == true
        let main: HTML = """
            <div class="settings">\(form.general)\
            \(if: views.isEmpty, "<div class=\"empty\"><h2>\(say: "No review is planned.")</h2><p>\(isStaff ? say("The next one of each client is planned by itself where its agreement has an interval.") : say("Your agreement names no interval for reviews."))</p></div>")\
            \(if: !open.isEmpty, table(say("To come"), open, isStaff))\(if: !over.isEmpty, table(say("Past"), over, isStaff))\
            \(if: mayPlan, plan(clients, form, page))</div>
            """
        return isStaff
            ? Shell.staff(say("Reviews"), page, bar: "<p class=\"crumb dim\"><a href=\"/agreement\">\(say: "Agreement")</a></p><h1>\(say: "Reviews")</h1>", main: main, style: "setting")
            : Shell.portal(say("Reviews of our agreement"), page, back: "/portal/agreement", main: "<h1>\(say: "Reviews of our agreement")</h1>\(main)")
    }

    private static func table(_ title: String, _ views: [ReviewView], _ isStaff: Bool) -> HTML {
        """
        <h2>\(title)</h2><div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">\(say: "Day")</th>\(if: isStaff, "<th scope=\"col\">\(say: "Client")</th>")<th scope="col">\(say: "Agreement")</th><th scope="col">\(say: "State")</th></tr></thead><tbody>\
        \(each: views, { view in """
            <tr><th scope="row"><a href="\(path(view, isStaff))">\((view.review.heldOn ?? view.review.day).iso)</a></th>\(if: isStaff, "<td>\(view.client.name)</td>")<td>\(view.agreement)</td><td>\(state(view))</td></tr>
            """ as HTML })</tbody></table></div>
        """
    }

    private static func path(_ view: ReviewView, _ isStaff: Bool) -> String { "\(isStaff ? "/agreement" : "/portal/agreement")/reviews/\(view.review.id)" }

    private static func state(_ view: ReviewView) -> String {
        if view.isOverdue { return say("overdue") }
        return switch view.review.state {
        case .planned: say("planned")
        case .prepared: say("prepared")
        case .held: view.review.outcome.map { say("held; \($0.words)") } ?? say("held")
        case .cancelled: say("cancelled")
        }
    }

    private static func plan(_ clients: [Choice], _ form: FormState, _ page: PageContext) -> HTML {
        """
        <form class="sheetform" method="post" action="/agreement/reviews">\(Bits.csrf(page))<h2 class="form-title">\(say: "Plan one for a day of your own")</h2>\
        <div class="pair">\(form.select(say("Client"), "client", clients, empty: say("Choose"), isRequired: true))\(form.field(say("Day"), "day", type: "date"))</div><div class="row"><button class="btn primary">\(say: "Plan it")</button></div></form>
        """
    }

    /// One review: what it looks back on, what was decided, and for its manager the way on.
    static func review(_ view: ReviewView, form: FormState, failed: String?, manages: Bool, versions: [Choice], _ page: PageContext) -> HTML {
        let review = view.review
        let isStaff = page.user?.isStaff == true
        func shown(_ act: String) -> FormState { failed == act ? form : FormState() }
        let facts: HTML = """
            <dl class="pairs"><dt>\(say: "Planned for")</dt><dd>\(review.day.iso)\(if: view.isOverdue, " <b class=\"over\">\(say: "overdue")</b>")</dd>\(if: isStaff, "<dt>\(say: "Client")</dt><dd>\(view.client.name)</dd>")<dt>\(say: "Agreement")</dt><dd>\(view.agreement)</dd>\
            \(if: review.report != nil, "<dt>\(say: "Looks back on")</dt><dd><a href=\"/reports/issued/\(review.report ?? 0)\">\(say: "The report of \(review.from?.iso ?? "") to \(review.to?.iso ?? "")")</a></dd>")\
            \(if: review.heldOn != nil, "<dt>\(say: "Held on")</dt><dd>\(review.heldOn?.iso ?? "")</dd><dt>\(say: "With")</dt><dd>\(review.attendees)</dd><dt>\(say: "Outcome")</dt><dd>\(review.outcome?.words ?? "")\(if: view.newAgreement != nil, ": \(view.newAgreement ?? "")")</dd><dt>\(say: "Minuted by")</dt><dd>\(review.minutedBy)</dd>")</dl>
            """
        let acts: HTML = !manages || !review.isOpen ? "" : """
            \(if: review.state == .planned, "<div class=\"row\">\(Bits.button(say("Prepare it now"), "/agreement/reviews/\(review.id)/preparation", page))<span class=\"dim\">\(say: "Issues the report since the last review and tells those who take part. It is done by itself in time.")</span></div>")\
            \(minuting(review, shown("minutes"), versions, page))\(moving(review, shown("move"), page))\(cancelling(review, shown("cancellation"), page))
            """
        let main: HTML = """
            <div class="settings">\(Bits.refusal(page.refusal))<div class="two-col"><div>\(facts)\(if: !review.minutes.isEmpty, "<h2>\(say: "Minutes")</h2><div class=\"text\">\(Markdown.html(review.minutes))</div>")\(acts)</div>\
            <div class="sideinfo"><h2>\(say: "History")</h2><ul class="audit">\(each: view.notes, { "<li>\($0.sentence)<small>\($0.actor), \(Bits.time($0.notedAt, page))</small></li>" })</ul></div></div></div>
            """
        let title = say("Review, \((review.heldOn ?? review.day).iso)")
        return isStaff
            ? Shell.staff(title, page, bar: "<p class=\"crumb dim\"><a href=\"/agreement/reviews\">\(say: "Reviews")</a></p><h1>\(title)</h1><p class=\"dim sum\">\(view.client.name), \(state(view))</p>", main: main, style: "setting")
            : Shell.portal(title, page, back: "/portal/agreement/reviews", main: "<h1>\(title)</h1>\(main)")
    }

    private static func minuting(_ review: AgreementReview, _ form: FormState, _ versions: [Choice], _ page: PageContext) -> HTML {
        """
        <form class="sheetform" method="post" action="/agreement/reviews/\(review.id)/minutes">\(Bits.csrf(page))<h2 class="form-title">\(say: "Minutes")</h2>\(form.general)\
        <div class="pair">\(form.field(say("Held on"), "heldOn", type: "date"))\(form.field(say("With"), "attendees"))</div>\(form.field(say("What was reviewed and decided"), "minutes", help: say("Markdown; the client’s report readers read it."), multiline: true, rows: 8))\
        <div class="pair">\(form.select(say("Outcome"), "outcome", AgreementReview.Outcome.allCases.map { Choice(value: $0.rawValue, label: $0.words.prefix(1).uppercased() + $0.words.dropFirst()) }, isRequired: true))\
        \(form.select(say("Which version?"), "newVersion", versions, empty: say("None yet"), help: say("Where a new version follows and is stored already.")))</div><div class="row"><button class="btn primary">\(say: "Keep the minutes")</button></div></form>
        """
    }

    private static func moving(_ review: AgreementReview, _ form: FormState, _ page: PageContext) -> HTML {
        """
        <details class="inline"\(if: !form.errors.isEmpty, " open")><summary>\(say: "Move it to another day")</summary><form method="post" action="/agreement/reviews/\(review.id)/move">\(Bits.csrf(page))\(form.general)\
        <div class="pair">\(form.field(say("Day"), "day", type: "date", id: "f-move-day"))\(form.field(say("Why?"), "reason", id: "f-move-reason"))</div><div class="row"><button class="btn">\(say: "Move it")</button></div></form></details>
        """
    }

    private static func cancelling(_ review: AgreementReview, _ form: FormState, _ page: PageContext) -> HTML {
        """
        <details class="inline"\(if: !form.errors.isEmpty, " open")><summary>\(say: "It is not held at all")</summary><form method="post" action="/agreement/reviews/\(review.id)/cancellation">\(Bits.csrf(page))\(form.general)\
        \(form.field(say("Why?"), "reason", id: "f-cancel-reason"))<div class="row"><button class="btn danger">\(say: "Cancel it")</button></div></form></details>
        """
    }
}
