import AbideCore

extension Pages {
    /// The terms that the desk executes, readable: severities and targets, hours, what a ticket must say, the ladder, coverage, closing.
    static func agreement(_ view: AgreementPageView, _ page: PageContext) -> HTML {
        let terms = view.terms
        let hasService = terms.availability != nil || terms.survey != nil || terms.review != nil || !terms.leadTimes.isEmpty
        let main: HTML = """
            <div class="agreement"><nav aria-label="\(say: "Chapters")"><a href="#A"><i>A</i>\(say: "Logging a ticket")</a><a href="#C"><i>C</i>\(say: "Severity and targets")</a><a href="#D"><i>D</i>\(say: "Escalation")</a><a href="#M"><i>M</i>\(say: "What is covered")</a><a href="#N"><i>N</i>\(say: "Closing")</a>\
            \(if: hasService, "<a href=\"#J\"><i>J</i>\(say: "Service")</a>")<a href="#O"><i>O</i>\(say: "Versions")</a></nav>\
            <article>\(Bits.refusal(page.refusal))<p class="dim">\(say: "\(terms.name), version \(terms.version). Digest \(terms.digest.prefix(16)). The desk executes exactly this text.")</p>\
            \(intake(terms))\(severities(terms))\(ladder(terms, page.user?.isStaff == true))\(coverage(terms))\(closing(terms))\(if: hasService, service(view, page))\(versions(view, page))</article></div>
            """
        return page.user?.isStaff == true
            ? Shell.staff(terms.name, page, bar: "<p class=\"crumb dim\">\(say: "Agreement")</p><h1>\(terms.name)</h1><p class=\"dim sum\">\(say: "version \(terms.version)")</p><div class=\"acts\">\(if: view.readsReviews, "<a class=\"btn\" href=\"/agreement/reviews\">\(say: "Reviews")</a>")\(if: view.mayTry, "<a class=\"btn\" href=\"/agreement/simulation\">\(say: "Try other terms")</a>")</div>", main: main, style: "agreeing")
            : Shell.portal(say("Our agreement"), page, back: "/", main: "<h1>\(say: "Our agreement")</h1>\(main)")
    }

    static func chapter(_ id: String, _ title: String, _ content: HTML) -> HTML {
        "<section id=\"\(id)\"><h2><i>\(id)</i>\(title)</h2>\(content)</section>"
    }

    static func clause(_ number: String, id: String? = nil, _ text: HTML) -> HTML {
        "<div class=\"clause\" id=\"\(id ?? number)\"><i>\(number)</i><div>\(text)</div></div>"
    }

    private static func severities(_ terms: AgreementTerms) -> HTML {
        let hasNext = terms.severities.contains { $0.nextReply != nil }
        return chapter("C", say("Severity and targets"), """
            \(clause("C1", "<p>\(say: "The caller rates urgency, the desk assigns one of \(terms.severities.count) severities. Each change is recorded with its reason. Until then the caller’s urgency counts, without one severity \(terms.provisionalSeverity).")</p>"))\
            \(clause("C2", "<div class=\"scroll\" tabindex=\"0\"><table class=\"table\"><thead><tr><th scope=\"col\">\(say: "Severity")</th><th scope=\"col\">\(say: "First answer within")</th><th scope=\"col\">\(say: "Solved by")</th>\(if: hasNext, "<th scope=\"col\">\(say: "Next reply within")</th>")</tr></thead><tbody>\(each: terms.severities, { s in "<tr><th scope=\"row\">\(Bits.severity(s.number, name: "")) <b>\(s.name)</b><span>\(s.description)</span></th><td>\(s.response.words)</td><td>\(s.resolution.words)</td>\(if: hasNext, "<td>\(s.nextReply?.words ?? "")</td>")</tr>" })</tbody></table></div>"))\
            \(each: terms.calendars, hours)\(suspension(terms))
            """)
    }

    private static func hours(_ calendar: CalendarTerms) -> HTML {
        """
        <div class="clause"><i>C4</i><div><p>\(say: "Working time is <b>\(calendar.name)</b>: \(weekWords(calendar)), \(calendar.zone).")\(if: !calendar.holidayRules.isEmpty, " \(say: "Without the holidays \(calendar.holidayRules.joined(separator: ", ")).")")</p>\
        \(if: !calendar.holidays.isEmpty, "<p class=\"dim\">\(say: "Also closed: \(calendar.holidays.map { $0.name.isEmpty ? $0.date : "\($0.name) (\($0.date))" }.joined(separator: ", ")).")</p>")\
        \(if: !calendar.exceptions.isEmpty, "<p class=\"dim\">\(say: "Days with hours of their own: \(calendar.exceptions.map { "\($0.date) \(hoursWords($0.hours))" }.joined(separator: "; ")).")</p>")</div></div>
        """
    }

    /// `Mon to Fri 08:00–17:00`
    static func weekWords(_ calendar: CalendarTerms) -> String {
        var parts: [String] = []
        var day = 0
        let names = Tongue.current.writing.shortWeekdays
        while day < min(calendar.week.count, 7) {
            var last = day
            while last + 1 < min(calendar.week.count, 7), calendar.week[last + 1] == calendar.week[day] { last += 1 }
            if !calendar.week[day].isEmpty {
                parts.append((day == last ? names[day] : say("\(names[day]) to \(names[last])")) + " " + hoursWords(calendar.week[day]))
            }
            day = last + 1
        }
        return parts.isEmpty ? say("always closed") : parts.joined(separator: ", ")
    }

    private static func hoursWords(_ hours: [DayHours]) -> String {
        func clock(_ second: Int) -> String { "\(second / 3600 < 10 ? "0" : "")\(second / 3600):\(second / 60 % 60 < 10 ? "0" : "")\(second / 60 % 60)" }
        return hours.isEmpty ? say("closed") : hours.map { "\(clock($0.open))–\(clock($0.close))" }.joined(separator: " \(say("and")) ")
    }

    private static func suspension(_ terms: AgreementTerms) -> HTML {
        clause("C6", "<p>\(say: "The clock is suspended, and the deadline moves by exactly the working time lost, for these reasons:")</p><ul>\(each: terms.suspensionReasons, { reason in "<li>\(reason.label)\(if: reason.endsWithAnswer, "\(say: "; the client’s answer ends it")")</li>" })</ul>")
    }

    private static func intake(_ terms: AgreementTerms) -> HTML {
        let required = terms.intake.filter(\.required), optional = terms.intake.filter { !$0.required }
        return chapter("A", say("Logging a ticket"), """
            \(clause("A1", "<p>\(say: "By e-mail to <a href=\"mailto:\(terms.provider.mailbox)\">\(terms.provider.mailbox)</a>, on the portal, or by phone.")</p>"))\
            \(clause("A4", "<p>\(say: "A ticket says: \(required.map(name).joined(separator: ", ")). If you like: \(optional.map(name).joined(separator: ", ")).")</p>"))\
            \(if: !terms.kinds.isEmpty, clause("", "<p>\(say: "What can be asked for: \(terms.kinds.map { kind in lowerFirst(kind.label) + (kind.categories.isEmpty ? "" : " (\(kind.categories.map { lowerFirst($0.label) }.joined(separator: ", ")))") }.joined(separator: "; ")).")</p>"))\
            \(clause("A5", "<p>\(say: "The clocks start when all that is required is there. Until then the ticket is registered and answered, and the caller is told what is missing.")</p>"))
            """)
    }

    /// A label in a list: "what changed recently".
    private static func name(_ field: IntakeField) -> String { lowerFirst(field.label.hasSuffix("?") ? String(field.label.dropLast()) : field.label) }

    private static func ladder(_ terms: AgreementTerms, _ isStaff: Bool) -> HTML {
        func rungs(_ ladder: [Rung]) -> HTML {
            "<ol>\(each: ladder, { rung in "<li>\(after(rung.after)) \((rung.notify.map { say("the \($0.words)") } + rung.departments).joined(separator: " \(say("and")) "))\(if: rung.handTo != nil, "\(say: "; it goes to \(rung.handTo ?? "")")")\(if: rung.when != nil, conditions(rung.when, terms))\(if: rung.tellClient, "\(say: "; the client is told")")</li>" })</ol>"
        }
        let holds = terms.departments.filter { $0.holdWithin != nil }
        let more: HTML = """
            \(if: !terms.ladders.nextReply.isEmpty, "<p>\(say: "A next reply that was missed goes to:")</p>\(rungs(terms.ladders.nextReply))")\
            \(if: terms.ladders.unsolved != nil, "<p>\(say: "What is not solved at \(terms.ladders.unsolved?.responseTimes ?? 0) times its response target goes to:")</p>\(rungs(terms.ladders.unsolved?.rungs ?? []))")
            """
        return chapter("D", say("Escalation"), """
            \(clause("D1", "<p>\(say: "A first answer that was missed goes to:")</p>\(rungs(terms.ladders.response))<p>\(say: "An agreed solution that was missed goes to:")</p>\(rungs(terms.ladders.resolution))\(more)"))\
            \(if: isStaff && !holds.isEmpty, clause("", "<p>\(say: "Internal targets: \(holds.map { say("\($0.name) holds a ticket at most \($0.holdWithin?.words ?? "")") }.joined(separator: ", ")). They are measured and reported, and change no clock of a client’s.")</p>"))\
            \(clause("D3", "<p>\(say: "A complaint to the client services manager is answered in writing within \(terms.complaintAnswer.words).")</p>"))
            """)
    }

    private static func conditions(_ when: RungConditions?, _ terms: AgreementTerms) -> HTML {
        guard let when else { return "" }
        let words = [
            when.severities.isEmpty ? nil : say("severity \(when.severities.map { terms.severity($0)?.name ?? String($0) }.joined(separator: " \(say("or")) "))"),
            when.departments.isEmpty ? nil : say("in \(when.departments.joined(separator: " \(say("or")) "))"), when.kinds.isEmpty ? nil : when.kinds.map { terms.kind($0)?.label ?? $0 }.joined(separator: " \(say("or")) "),
            when.coverage.isEmpty ? nil : when.coverage.map(\.words).joined(separator: " \(say("or")) "),
        ].compactMap(\.self)
        return " (\(words.joined(separator: "; ")))"
    }

    private static func after(_ span: Span) -> String {
        switch span {
        case .seconds(0), .workingDays(0): say("at once to")
        default: say("after \(span.words) more to")
        }
    }

    private static func coverage(_ terms: AgreementTerms) -> HTML {
        guard !terms.coverage.isEmpty else { return "" }
        return chapter("M", say("What is covered"), "\(each: terms.coverage, { clause($0.clauseNumber ?? "", id: $0.name, "<p>\($0.description) <span class=\"dim\">\(CoverageWords.decision($0.decision))</span></p>") })")
    }

    private static func closing(_ terms: AgreementTerms) -> HTML {
        chapter("N", say("Closing"), """
            \(clause("N1", "<p>\(say: "Only the person who logged a ticket, or the service manager, can close it.")</p>"))\
            \(clause("N2", "<p>\(say: "Without an answer for \(terms.closing.feedbackWithin.words) the desk may send notice; \(terms.closing.noticePeriod.words) later the service manager may close. Any answer takes the notice back.")</p>"))\
            \(clause("N4", "<p>\(say: "Every ticket can be reopened online at any time. \(reopening(terms.reopening))")</p>"))
            """)
    }

    private static func reopening(_ terms: ReopeningTerms) -> String {
        let response = switch terms.response {
        case .restart: say("a new first answer is promised")
        case .carry: say("the clock of the first answer goes on from what had elapsed")
        case .none: say("the clock of the first answer stays stopped")
        }
        let resolution = switch terms.resolution {
        case .restart: say("a new solution is promised")
        case .carry: say("the clock of the solution goes on from what had elapsed")
        case .none: say("the clock of the solution stays stopped")
        }
        return say("Then \(response), and \(resolution).")
    }
}

enum CoverageWords {
    static func decision(_ decision: CoverageDecision) -> String {
        switch decision {
        case .covered: say("Covered")
        case .notCovered: say("Not covered")
        case .chargeable: say("Chargeable")
        case .quote: say("By quote")
        case .undecided: say("Undecided")
        }
    }
}
