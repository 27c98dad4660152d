import AbideCore

extension Pages {
    /// A client's period: opens with a paragraph a director can read aloud; every figure is folded from the event log.
    static func report(_ view: ReportView, _ page: PageContext) -> HTML {
        let kept: HTML = view.kept.isEmpty ? "" : "<section class=\"sheet kept\"><h2>\(say: "Issued reports")</h2><ul>\(each: view.kept, { "<li><a href=\"\(url: $0.value)\">\($0.label)</a></li>" })</ul></section>"
        let issue: HTML = view.mayIssue ? "<form class=\"report-form\" method=\"post\" action=\"/reports/issued\">\(Bits.csrf(page))<input type=\"hidden\" name=\"client\" value=\"\(view.clientID)\"><input type=\"hidden\" name=\"from\" value=\"\(view.from)\"><input type=\"hidden\" name=\"to\" value=\"\(view.to)\"><button class=\"btn\">\(say: "Issue this report")</button></form>" : ""
        let main: HTML = "\(form(view))\(reportSheet(view, page))\(issue)\(kept)"
        let files: HTML = "\(each: view.files, { "<a class=\"btn\" href=\"\(url: $0.value)\">\(Icon.download.html)\($0.label)</a>" })"
        guard page.user?.isStaff == true else { return Shell.portal(say("Report"), page, back: "/", main: "\(main)<p class=\"row\">\(files)</p>") }
        return Shell.staff(say("Report for \(view.client)"), page, bar: "<p class=\"crumb dim\">\(say: "Reports")</p><p class=\"where\">\(view.client)</p><div class=\"acts\">\(files)</div>", main: main, style: "reporting")
    }

    /// The report itself, as every page and file of it has it.
    static func reportSheet(_ view: ReportView, _ page: PageContext) -> HTML {
        """
        <article class="sheet"><header><div><p class="dim">\(say: "Service report")</p><h1>\(view.client)</h1><p class="dim">\(reportPeriod(view, page))</p></div>\
        <dl><div><dt>\(say: "Prepared by")</dt><dd>\(page.provider), \(page.desk.place)</dd></div><div><dt>\(say: "Agreement")</dt><dd>\(view.agreement)</dd></div>\(if: !view.issued.isEmpty, "<div><dt>\(say: "Kept")</dt><dd>\(view.issued)</dd></div>")</dl></header>\
        \(Bits.refusal(page.refusal))<p class="summary">\(ReportWords.summary(view))</p>\(figures(view))\
        <div class="charts"><section><h2>\(say: "First answer within target")</h2>\(each: view.severities, squares)</section>\
        <section><h2>\(say: "By severity")</h2>\(table(view))</section></div>\
        <section><h2>\(say: "Misses and escalations")</h2>\(misses(view, page))</section>\
        <footer><p>\(say: "Every figure is counted from the event log by the same rules as the clocks.")</p></footer></article>
        """
    }

    private static func form(_ view: ReportView) -> HTML {
        """
        <form class="report-form" method="get" action="/reports">\(if: view.clients.count > 1, Bits.select(say("Client"), name: "client", view.clients))\
        \(Bits.field(say("From"), name: "from", value: view.from, type: "date"))\(Bits.field(say("To"), name: "to", value: view.to, type: "date"))<button class="btn">\(say: "Show")</button></form>
        """
    }

    static func reportPeriod(_ view: ReportView, _ page: PageContext) -> String {
        let from = page.desk.wall(view.fromDay), to = page.desk.wall(view.toDay)
        if from.year == to.year, from.month == to.month { return say("\(from.day) to \(page.desk.date(view.toDay))") }
        return say("\(page.desk.date(view.fromDay)) to \(page.desk.date(view.toDay))")
    }

    private static func figures(_ view: ReportView) -> HTML {
        let inTime = view.severities.reduce(0) { $0 + ($1.hasDeadline ? $1.inTime : 0) }
        let answered = inTime + view.severities.reduce(0) { $0 + ($1.hasDeadline ? $1.late : 0) }
        let solved = view.severities.reduce(0) { $0 + $1.resolvedInTime }
        let promised = solved + view.severities.reduce(0) { $0 + $1.resolvedLate }
        return """
            <dl class="figures"><div><dt>\(say: "tickets logged")</dt><dd>\(view.severities.reduce(0) { $0 + $1.logged })</dd></div>\
            <div><dt>\(say: "first answers in time")</dt><dd>\(inTime) / \(answered)</dd><dd class="dim">\(ReportWords.share(inTime, of: answered))</dd></div>\
            <div><dt>\(say: "solved as agreed")</dt><dd>\(solved) / \(promised)</dd><dd class="dim">\(ReportWords.share(solved, of: promised))</dd></div>\
            <div><dt>\(say: "missed, escalated")</dt><dd>\(view.missed) \(view.missed == view.escalated ? "=" : "≠") \(view.escalated)</dd><dd class="dim">\(view.missed == 0 ? say("none") : view.missed == view.escalated ? say("each one") : say("\(view.missed - view.escalated) not escalated"))</dd></div>\
            <div><dt>\(say: "reopened")</dt><dd>\(view.reopened)</dd></div></dl>
            """
    }

    /// One square is one ticket where there are under 40.
    private static func squares(_ s: ReportSeverity) -> HTML {
        let decided = s.inTime + s.late
        let count: HTML = s.hasDeadline ? (decided == 0 ? "" : HTML(say: "\(s.inTime) of \(decided)")) : "\(s.logged)"
        let note = s.hasDeadline ? ReportWords.share(s.inTime, of: decided) : say("no deadline")
        var d = Drawing()
        d.raw("<svg class=\"squares\" width=\"100%\" height=\"12\" aria-hidden=\"true\">")
        let total = s.hasDeadline ? decided : s.logged
        if total > 0, total < 40 {
            for i in 0..<total {
                let style: StaticString = !s.hasDeadline ? "sq none" : i < s.inTime ? "sq met" : "sq miss"
                d.raw("<rect class=\"")
                d.raw(style)
                d.raw("\" x=\"")
                d.number(Double(i % 20) * 14)
                d.raw("\" y=\"0\" width=\"12\" height=\"12\" rx=\"2\"/>")
            }
        } else if total >= 40 {
            let met = s.hasDeadline ? Double(s.inTime) * 100 / Double(total) : 0
            d.rect(s.hasDeadline ? "sq met" : "sq none", from: 0, to: s.hasDeadline ? met : 100, y: 0, height: 12, radius: 2)
            if s.hasDeadline { d.rect("sq miss", from: met, to: 100, y: 0, height: 12, radius: 2) }
        }
        d.raw("</svg>")
        return """
            <div class="bar-row"><p><b>\(if: s.number != nil, "\(s.number ?? 0) ")\(s.name)</b><span>\(s.target)</span></p>\(d.html)<b>\(count)</b><span class="dim">\(note)</span></div>
            """
    }

    private static func table(_ view: ReportView) -> HTML {
        """
        <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">\(say: "Severity")</th><th scope="col">\(say: "Logged")</th><th scope="col">\(say: "In time")</th><th scope="col">\(say: "Missed")</th><th scope="col">\(say: "Escalated")</th><th scope="col">\(say: "Reopened")</th></tr></thead><tbody>\
        \(each: view.severities, { s in "<tr><th scope=\"row\">\(s.name)</th><td>\(s.logged)</td><td>\(s.hasDeadline && s.inTime + s.late > 0 ? say("\(s.inTime) of \(s.inTime + s.late)") : "–")</td><td>\(if: s.late + s.resolvedLate > 0, "<b class=\"t-missed\">\(s.late + s.resolvedLate)</b>", else: "\(say: "none")")</td><td>\(s.escalated)</td><td>\(s.reopened)</td></tr>" })</tbody></table></div>
        """
    }

    private static func misses(_ view: ReportView, _ page: PageContext) -> HTML {
        guard !view.misses.isEmpty else { return "<p>\(say: "No target was missed.")</p>" }
        return """
            <div class="scroll" tabindex="0"><table class="table misses"><thead><tr><th scope="col">\(say: "Ticket")</th><th scope="col">\(say: "Promise")</th><th scope="col">\(say: "As it ran")</th><th scope="col">\(say: "Over by")</th><th scope="col">\(say: "Escalated")</th></tr></thead><tbody>\
            \(each: view.misses, { miss in """
                <tr><th scope="row">\(if: view.isLinked, "<a href=\"/tickets/\(miss.ref)\">\(miss.ref)</a>", else: "\(miss.ref)")<span>\(miss.subject)</span></th>\
                <td>\(Bits.severity(miss.severity, name: "")) \(miss.promise.kind.name)\(if: miss.promise.reading.due != nil, " \(say: "by \(page.words.stamp(miss.promise.reading.due ?? page.now, now: page.now, seconds: miss.promise.isExact))")")</td>\
                <td>\(PromiseLine.small(miss.promise, axis: miss.axis.sized(.small), sentence: miss.promise.sentence(page.words, now: page.now)))</td>\
                <td class="t-missed"><b>\(DurationWords.say(max(miss.over, -(miss.promise.reading.leftSeconds ?? 0)), target: miss.promise.reading.targetSeconds))</b></td>\
                <td>\(if: miss.told.isEmpty, "\(say: "not escalated")")\(each: miss.told, { step in "<span>\(say: "to \(step.who) \(page.words.stamp(step.at, now: page.now, seconds: miss.promise.isExact))")</span>" })</td></tr>
                """ })</tbody></table></div>
            """
    }
}

/// The report's sentences.
enum ReportWords {
    static func summary(_ view: ReportView) -> String {
        let logged = view.severities.reduce(0) { $0 + $1.logged }
        guard logged > 0 else { return say("No ticket was logged in this period.") }
        let inTime = view.severities.reduce(0) { $0 + ($1.hasDeadline ? $1.inTime : 0) }
        let answered = inTime + view.severities.reduce(0) { $0 + ($1.hasDeadline ? $1.late : 0) }
        let solved = view.severities.reduce(0) { $0 + $1.resolvedInTime }
        let promised = solved + view.severities.reduce(0) { $0 + $1.resolvedLate }
        var text = (logged == 1 ? say("1 ticket was logged.") : say("\(logged) tickets were logged.")) + " "
        switch (answered, promised) {
        case (0, 0): text += say("No first answer was due yet.")
        case (0, _): text += say("No first answer was due yet. \(solved) of \(promised) solutions came in time.")
        case (_, 0): text += say("\(inTime) of \(answered) first answers came in time.")
        default: text += say("\(inTime) of \(answered) first answers and \(solved) of \(promised) solutions came in time.")
        }
        text += " "
        switch view.missed {
        case 0: text += say("No target was missed.")
        case view.escalated: text += view.missed == 1 ? say("The miss was escalated, and you were told.") : say("All \(view.missed) misses were escalated, and you were told.")
        default: text += say("\(view.escalated) of \(view.missed) misses were escalated.")
        }
        if view.reopened > 0 { text += view.reopened == 1 ? " " + say("1 ticket was reopened.") : " " + say("\(view.reopened) tickets were reopened.") }
        return text
    }

    /// `95 %`; a percentage of fewer than 5 is `too few`.
    static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? say("none yet") : whole < 5 ? say("too few") : "\((part * 100 + whole / 2) / whole) %"
    }
}
