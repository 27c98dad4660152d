import AbideCore

extension Pages {
    /// What stands beside the tickets: availability, survey, review, lead times.
    static func service(_ view: AgreementPageView, _ page: PageContext) -> HTML {
        let terms = view.terms
        return chapter("J", say("Service"), """
            \(if: terms.availability != nil, clause("J1", "<p>\(availability(terms.availability))</p>"))\
            \(if: terms.survey != nil, clause("H1", "<p>\(say: "When a ticket is closed we ask \(terms.survey?.questions.count ?? 0) questions; answers can be given and changed for \(TimeSpanWords.days(terms.survey?.openForSeconds ?? 0)).")</p>"))\
            \(if: terms.review != nil, clause("O1", "<p>\(say: "This agreement is reviewed every \(terms.review?.everyMonths ?? 0) months.")\(if: view.readsReviews, " <a href=\"\(page.user?.isStaff == true ? "" : "/portal")/agreement/reviews\">\(say: "Reviews that were and that come")</a>")</p>"))\
            \(if: !terms.leadTimes.isEmpty, clause("L2", "<p>\(say: "Special services are asked for ahead of time:")</p><ul>\(each: terms.leadTimes, { "<li>\($0.label): \($0.notice.words)</li>" })</ul>"))
            """)
    }

    private static func availability(_ terms: AvailabilityTerms?) -> String {
        guard let terms else { return "" }
        let (percent, hours) = (TimeSpanWords.hundredths(terms.percentHundredths), TimeSpanWords.hundredths(terms.secondsPerDay / 36))
        let readings = terms.readings.map { reading in
            let words = switch reading {
            case .period: say("\(percent) % of all hours of the period")
            case .daily: say("\(hours) hours on every day")
            case .window: say("\(percent) % of \(hours) hours a day")
            }
            return words + (terms.binding == reading ? " " + say("(binding)") : "")
        }
        return say("The platform is available \(EventSentence.list(readings)). Planned maintenance \(terms.plannedMaintenance == .counts ? say("counts as any other outage") : say("is taken out")).")
    }

    /// Since when it is in force, what changed and what comes, who accepted it, and for its manager the way to change it (O).
    static func versions(_ view: AgreementPageView, _ page: PageContext) -> HTML {
        let own = view.terms
        let coming: HTML = view.next.map { next in
            clause("O2", """
                <p>\(say: "From \(Bits.time(next.from, page)) on: \(next.title). Tickets that run then stay with the version under which they were logged.")</p>\(lines(next.changes))\
                \(if: view.mayAccept.contains(next.digest), accept(next.digest, next.title, page))
                """)
        } ?? ""
        return chapter("O", say("Versions"), """
            \(clause("O2", "<p>\(if: view.since != nil, "\(say: "In force since \(Bits.time(view.since ?? page.now, page)).") ")\(say: "A ticket keeps the version under which it was logged, with its hours and holidays.")\(if: !view.zoneData.isEmpty, " \(say: "The clocks of its zones are counted by time-zone data \(view.zoneData).")")</p>\(if: !view.changes.isEmpty, "<p>\(say: "What changed with it:")</p>")\(lines(view.changes))"))\
            \(coming)\
            \(clause("O4", """
                \(if: view.consents.isEmpty, "<p>\(say: "Nobody has accepted a version yet.")</p>", else: "<ul>\(each: view.consents, { "<li>\(page.user?.isStaff == true ? HTML(say: "\($0.title) was accepted by \($0.who) for \($0.client) on \(Bits.time($0.at, page))") : HTML(say: "\($0.title) was accepted by \($0.who) on \(Bits.time($0.at, page))"))</li>" })</ul>")\
                \(if: view.mayAccept.contains(own.digest), accept(own.digest, say("\(own.name), version \(own.version)"), page))
                """))\
            \(if: view.manages, manage(view, page))\
            \(if: !view.events.isEmpty, clause("", "<details><summary>\(say: "History")</summary><ul>\(each: view.events, { "<li>\(Bits.time($0.at, page)): \($0.sentence)</li>" })</ul></details>"))
            """)
    }

    private static func lines(_ lines: [String]) -> HTML { lines.isEmpty ? "" : "<ul>\(each: lines, { "<li>\($0)</li>" })</ul>" }

    private static func accept(_ digest: String, _ title: String, _ page: PageContext) -> HTML {
        """
        <form method="post" action="/portal/agreement/acceptance">\(Bits.csrf(page))<input type="hidden" name="digest" value="\(digest)">\
        <div class="row"><button class="btn primary">\(say: "Accept \(title)")</button></div></form>
        """
    }

    /// A new version, for all or for one client.
    private static func manage(_ view: AgreementPageView, _ page: PageContext) -> HTML {
        let form: HTML = """
            <form method="post" action="/agreement/versions" enctype="multipart/form-data">\(Bits.csrf(page))\
            \(Bits.field(say("Agreement file"), name: "text", value: page.typed["text"] ?? "", multiline: true, rows: 8, help: say("YAML, whole or with ‘base: standard.yaml’ and what differs. It is checked first; every fault is named with its line.")))\
            <div class="pair">\(Bits.select(say("For whom?"), name: "client", view.clients, chosen: page.typed["client"] ?? "", empty: say("All without an agreement of their own")))\
            \(Bits.field(say("From"), name: "from", value: page.typed["from"] ?? "", help: say("A day, in the provider’s zone; empty: the file’s own date, or now."), type: "date"))</div>\
            <div class="row"><button class="btn primary">\(say: "Put in force")</button></div></form>
            """
        return clause("", form)
    }
}

enum TimeSpanWords {
    static func days(_ seconds: Int64) -> String {
        seconds % 86_400 == 0 ? (seconds == 86_400 ? say("a day") : say("\(seconds / 86_400) days")) : Duration.words(seconds)
    }

    /// `98`, `23.5`
    static func hundredths(_ number: Int) -> String {
        let rest = number % 100
        return rest == 0 ? String(number / 100) : "\(number / 100)\(Tongue.current.writing.decimal)\(rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : String(rest))"
    }
}
