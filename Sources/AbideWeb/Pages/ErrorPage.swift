import AbideCore

extension Pages {
    /// Inside the reader's own frame where there is a reader, so that the way back stays where it was.
    static func error(_ view: ErrorView, _ page: PageContext) -> HTML {
        let main: HTML = """
            <section class="refusal lone"><h1>\(view.title)</h1><p>\(view.text)\(if: view.clause != nil, " <span class=\"dim\">\(say: "Clause \(view.clause ?? "")")</span>")</p>\
            \(if: !view.acts.isEmpty, "<p class=\"row\">\(each: view.acts.enumerated(), { i, act in "<a class=\"btn \(if: i == 0, "primary")\" href=\"\(url: act.href)\">\(act.label)</a>" })</p>")\
            \(if: !view.reference.isEmpty, "<p class=\"dim\">\(say: "If it happens again, quote \(view.reference) to your administrator.")</p>")</section>
            """
        guard let user = page.user else { return Shell.plain(view.title, page, main: "<div class=\"signin\"><p class=\"mark\">\(Shell.mark)Abide</p></div>\(main)") }
        return user.isStaff
            ? Shell.staff(view.title, page, bar: "<p class=\"crumb\">\(view.status)</p>", main: main, style: "error-page")
            : Shell.portal(view.title, page, main: main)
    }
}
