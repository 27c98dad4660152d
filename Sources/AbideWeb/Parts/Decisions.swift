import AbideCore

/// The sections about what was decided, offered and granted, with their forms; the same for staff and for clients, each with what they may do.
enum Decisions {
    static func html(_ view: TicketView, _ page: PageContext) -> HTML {
        """
        \(if: view.coverage != nil, coverage(view, page))\
        \(if: !view.decisions.quotes.isEmpty || view.may.contains(.quote), quotes(view, page))\
        \(if: !view.decisions.grants.isEmpty || view.may.contains(.grantAccess), access(view, page))\
        \(if: !view.decisions.complaints.isEmpty, complaints(view, page))\
        \(if: view.decisions.dates.count > 1 || view.decisions.dates.contains { $0.state == "agreed" }, dates(view, page))
        """
    }

    private static func when(_ t: Instant, _ page: PageContext) -> HTML { Bits.time(t, page) }

    // MARK: Coverage (M)

    private static func coverage(_ view: TicketView, _ page: PageContext) -> HTML {
        guard let coverage = view.coverage else { return "" }
        let path = "/tickets/\(view.ref)/coverage"
        func typed(_ name: String, _ act: String) -> String { Bits.typed(name, in: act, page) }
        return """
            <section id="coverage-fact"><h2>\(say: "Coverage") <span>M</span></h2><p><b>\(coverage.decision)</b> \(coverage.reason) \(if: coverage.rule != nil, "<span class=\"dim\">\(say: "Rule \(coverage.rule ?? "")")</span>")</p>\
            \(if: !view.decisions.effect.isEmpty, "<p class=\"dim\">\(view.decisions.effect)</p>")\
            \(if: view.decisions.origin != nil, "<p>\(say: "Work of quote \(view.decisions.origin?.quote ?? 0), <a href=\"/t/\(view.decisions.origin?.ref ?? "")\">\(view.decisions.origin?.ref ?? "")</a>")</p>")\
            \(if: view.may.contains(.coverage), Bits.inline(say("Decide or correct"), act: "coverage", to: path, page, """
                \(Bits.select(say("Kind"), name: "kind", view.decisions.kinds, id: "f-coverage-kind", chosen: typed("kind", "coverage"), empty: say("as it is")))\
                \(Bits.select(say("Cause"), name: "cause", view.decisions.causes, id: "f-coverage-cause", chosen: typed("cause", "coverage"), empty: say("as it is")))\
                \(Bits.select(say("Decision"), name: "decision", view.choices.coverage.map { Choice(value: $0.value, label: $0.label) }, id: "f-coverage-decision", chosen: typed("decision", "coverage"), empty: say("by the agreement’s table")))\
                \(Bits.field(say("Reason"), name: "reason", value: typed("reason", "coverage"), id: "f-coverage-reason", help: say("The client reads this and can dispute it (M6). The clocks go on."), isRequired: true))
                """, submit: say("Decide coverage")))\
            \(if: view.may.contains(.dispute), Bits.inline(say("Dispute this"), act: "dispute", to: path + "/dispute", page, """
                \(Bits.field(say("Why is it wrong?"), name: "reason", value: typed("reason", "dispute"), id: "f-dispute-reason", multiline: true, isRequired: true))\
                \(Bits.field(say("What does it mean for your business?"), name: "impact", value: typed("impact", "dispute"), id: "f-dispute-impact", multiline: true, help: say("The client services manager answers in writing (M6, D3)."), isRequired: true))
                """, submit: say("Dispute the decision")))</section>
            """
    }

    // MARK: Quotes (M5)

    private static func quotes(_ view: TicketView, _ page: PageContext) -> HTML {
        func typed(_ name: String) -> String { Bits.typed(name, in: "quote", page) }
        return """
            <section id="quotes"><h2>\(say: "Quotes") <span>M5</span></h2>\(each: view.decisions.quotes, { quote($0, view, page) })\
            \(if: view.may.contains(.quote), Bits.inline(say("Quote work that is not covered"), act: "quote", to: "/tickets/\(view.ref)/quotes", page, """
                \(Bits.field(say("Effort in hours of work"), name: "effort", value: typed("effort"), id: "f-quote-effort", isRequired: true))\
                \(Bits.field(say("Price"), name: "price", value: typed("price"), id: "f-quote-price", placeholder: "1200.00", isRequired: true))\
                \(Bits.field(say("Currency"), name: "currency", value: typed("currency").isEmpty ? "USD" : typed("currency"), id: "f-quote-currency", isRequired: true))\
                \(Bits.field(say("What is delivered"), name: "deliverables", value: typed("deliverables"), id: "f-quote-deliverables", multiline: true, isRequired: true))\
                \(Bits.field(say("Delivered by"), name: "due", value: typed("due"), id: "f-quote-due", help: say("In \(page.desk.place). Left empty: within the effort, from the acceptance on."), note: say("if you like"), type: "datetime-local"))
                """, submit: say("Send quote")))</section>
            """
    }

    private static func quote(_ quote: Ticket.Quote, _ view: TicketView, _ page: PageContext) -> HTML {
        let path = "/tickets/\(view.ref)/quotes/\(quote.id)"
        let isOpen = quote.state == .open
        return """
            <div class="quote"><p>\(say: "<b>\(quote.priceWords)</b> for \(DurationWords.exact(quote.effortSeconds)) of work") <span class="dim">\(say: "\(words(quote.state)), by \(quote.by.name) \(when(quote.at, page))")</span></p>\
            <p>\(quote.deliverables)</p>\(if: quote.due != nil, "<p class=\"dim\">\(say: "Delivered by \(page.words.full(quote.due ?? page.now, now: page.now))")</p>")\
            \(if: quote.work != nil, "<p>\(say: "The work is <a href=\"/t/\(quote.work ?? "")\">\(quote.work ?? "")</a>")</p>")\
            \(if: isOpen && view.may.contains(.decideQuote), """
                <div class="row"><form method="post" action="\(url: path + "/acceptance")">\(Bits.csrf(page))<button class="btn primary">\(say: "Accept the quote")</button></form>\
                \(Bits.inline(say("Decline"), act: "quoteDecision", to: path + "/refusal", page, Bits.field(say("Why?"), name: "reason", value: Bits.typed("reason", in: "quoteDecision", page), id: "f-refuse-\(quote.id)", note: say("if you like")), submit: say("Decline the quote")))</div>
                """)\
            \(if: isOpen && view.may.contains(.quote), "<form method=\"post\" action=\"\(url: path + "/withdrawal")\">\(Bits.csrf(page))<button class=\"btn\">\(say: "Withdraw the quote")</button></form>")</div>
            """
    }

    private static func words(_ state: Ticket.Quote.State) -> String {
        switch state {
        case .open: say("open")
        case .accepted: say("accepted")
        case .declined: say("declined")
        case .withdrawn: say("withdrawn")
        }
    }

    // MARK: Access (L5)

    private static func access(_ view: TicketView, _ page: PageContext) -> HTML {
        func typed(_ name: String) -> String { Bits.typed(name, in: "access", page) }
        return """
            <section id="access-fact"><h2>\(say: "Access") <span>L5</span></h2>\(each: view.decisions.grants, { grant($0, view, page) })\
            \(if: view.may.contains(.grantAccess), Bits.inline(say("Grant access"), act: "access", to: "/tickets/\(view.ref)/access", page, """
                \(Bits.field(say("Who may"), name: "who", value: typed("who"), id: "f-access-who", isRequired: true))\
                \(Bits.field(say("How"), name: "how", value: typed("how"), id: "f-access-how", help: say("The way in, as a VPN and a host. No passwords."), isRequired: true))\
                \(Bits.field(say("Until when"), name: "until", value: typed("until"), id: "f-access-until", help: say("In \(page.desk.place). When the last access ends, the clocks stand (C6)."), note: say("if you like"), type: "datetime-local"))
                """, submit: say("Grant access")))</section>
            """
    }

    private static func grant(_ grant: Ticket.Grant, _ view: TicketView, _ page: PageContext) -> HTML {
        let until: HTML = if let end = grant.endedAt { HTML(say: "ended \(when(end, page))") } else if let until = grant.until { HTML(say: "until \(when(until, page))") } else { HTML(say: "until further notice") }
        return """
            <p><b>\(grant.who)</b> \(grant.how) <span class="dim">\(say: "from \(when(grant.from, page)), \(until)")</span></p>\
            \(if: grant.endedAt == nil && view.may.contains(.grantAccess), "<form method=\"post\" action=\"/tickets/\(view.ref)/access/\(grant.id)/end\">\(Bits.csrf(page))<button class=\"btn\">\(say: "End this access")</button></form>")
            """
    }

    // MARK: Complaints (D3)

    private static func complaints(_ view: TicketView, _ page: PageContext) -> HTML {
        """
        <section id="complaints"><h2>\(say: "Formal escalation") <span>D3</span></h2>\(each: view.decisions.complaints, { complaint in """
            <p><b>\(complaint.by)</b> \(when(complaint.at, page))\(if: complaint.isAboutCoverage, "\(say: ", about coverage (M6)")"): \(complaint.reason)</p><p class="dim">\(say: "Impact: \(complaint.impact)")</p>\
            <p>\(if: complaint.answeredAt != nil, "\(say: "Answered \(when(complaint.answeredAt ?? page.now, page))\(if: complaint.isLate, "\(say: ", late")"): \(complaint.answer)")", else: "\(say: "Written answer due \(page.words.full(complaint.due ?? page.now, now: page.now))")\(if: complaint.isLate, "\(say: ", over")")")</p>
            """ })</section>
        """
    }

    // MARK: Dates (C3)

    private static func words(_ date: DecisionsView.DateView) -> String {
        switch date.state {
        case "agreed": say("agreed")
        case "proposed": say("proposed")
        default: say("replaced")
        }
    }

    private static func dates(_ view: TicketView, _ page: PageContext) -> HTML {
        """
        <section id="dates"><h2>\(say: "Dates for the solution") <span>C3</span></h2><dl>\(each: view.decisions.dates, { date in """
            <div><dt>\(date.due.map { page.words.full($0, now: page.now) } ?? say("within \(DurationWords.exact(date.workingSeconds ?? 0)) of working time"))</dt><dd>\(words(date)), \(date.by) \(when(date.at, page))</dd></div>
            """ })</dl></section>
        """
    }
}
