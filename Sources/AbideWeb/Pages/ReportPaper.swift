import AbideCore

/// The report away from the desk: one file that prints as it stands.
enum ReportPaper {
    /// A page with its style in it and without links, scripts or navigation.
    static func html(_ view: ReportView, _ page: PageContext) -> HTML {
        """
        <!doctype html>
        <html lang="\(Tongue.current.code)"\(if: Tongue.current.isRightToLeft, " dir=\"rtl\"")><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>\(say: "Service report, \(view.client), \(view.from) to \(view.to)")</title>\
        <style>\(each: ["abide.css", "pages.css"], { HTML(trusted: Assets.files[$0]?.bytes ?? []) })@page{size:A4;margin:16mm}</style></head>
        <body class="paper reporting">\(PromiseLine.patterns)<main>\(Pages.reportSheet(view, page))</main></body></html>
        """
    }

    static func pdf(_ view: ReportView, _ page: PageContext) -> [UInt8] {
        let paper = PaperPDF(title: say("Service report \(view.client) \(view.from) to \(view.to)"), footer: say("\(view.client), \(view.from) to \(view.to). Every figure is counted from the event log."))
        paper.paragraph(say("Service report, \(page.provider), \(page.desk.place)"), grey: true)
        paper.heading(view.client, size: 20)
        paper.paragraph("\(Pages.reportPeriod(view, page)). \(view.agreement).\(view.issued.isEmpty ? "" : " \(view.issued)")", grey: true)
        paper.paragraph(ReportWords.summary(view), size: 11)
        paper.heading(say("By severity"))
        let inTime = { (met: Int, missed: Int) in met + missed == 0 ? "–" : say("\(met) of \(met + missed)") }
        paper.table(
            [.init(width: 78), .init(width: 92), .init(width: 50, isNumber: true), .init(width: 68, isNumber: true), .init(width: 70, isNumber: true), .init(width: 65, isNumber: true), .init(width: 64, isNumber: true)],
            head: [say("Severity"), say("First answer within"), say("Logged"), say("Answered in time"), say("Solved as agreed"), say("Escalated"), say("Reopened")],
            rows: view.severities.map { s in
                [
                    "\(s.number.map { "\($0) " } ?? "")\(s.name)", s.target, "\(s.logged)", s.hasDeadline ? inTime(s.inTime, s.late) : say("no deadline"), inTime(s.resolvedInTime, s.resolvedLate), "\(s.escalated)", "\(s.reopened)",
                ]
            })
        paper.heading(say("Misses and escalations"))
        guard !view.misses.isEmpty else {
            paper.paragraph(say("No target was missed."))
            return paper.finish()
        }
        paper.table(
            [.init(width: 62), .init(width: 128), .init(width: 120), .init(width: 52, isNumber: true), .init(width: 125)], head: [say("Ticket"), say("Subject"), say("Promise"), say("Over by"), say("Escalated")],
            rows: view.misses.map { miss in
                let due = miss.promise.reading.due.map { " " + say("by \(page.desk.full($0, now: page.now, seconds: miss.promise.isExact))") } ?? ""
                let over = DurationWords.say(max(miss.over, -(miss.promise.reading.leftSeconds ?? 0)), target: miss.promise.reading.targetSeconds)
                let told = miss.told.map { "\($0.who), \(page.desk.full($0.at, now: page.now, seconds: miss.promise.isExact))" }.joined(separator: "\n")
                return [miss.ref, miss.subject, "\(miss.severity.map { "\($0) " } ?? "")\(miss.promise.kind.name)\(due)", over, told.isEmpty ? say("not escalated") : told]
            })
        if view.misses.count < view.missed { paper.paragraph(say("The first \(view.misses.count) of \(view.missed); CSV and JSON name all."), grey: true) }
        return paper.finish()
    }
}
