import AbideCore

extension Pages {
    /// Following a ticket, for its client: where it stands, answer, conversation, the way so far, what one can do.
    static func portalTicket(_ view: PortalTicketView, _ page: PageContext) -> HTML {
        let ticket = view.ticket
        let who = ticket.assignee?.firstName ?? page.provider
        let severity = ticket.severityName.isEmpty ? "" : ", \(ticket.severityName)"
        return Shell.portal("\(ticket.ref) \(ticket.subject)", page, back: "/", main: """
            <p class="crumb"><a href="/">\(Icon.back.html)\(say: "Your tickets")</a></p>\
            <div class="cols"><div class="main-col"><h1 class="title">\(ticket.subject)</h1><p class="dim meta">\(ticket.ref)\(severity)\(if: !view.site.isEmpty, ", \(view.site)")</p>\
            \(Bits.refusal(page.refusal))<div data-part="stand">\(Connections.merged(ticket, page))\(if: ticket.connections.merging == nil, stand(view, page))</div>\
            \(if: !ticket.missingFields.isEmpty && ticket.may.contains(.supply), supply(ticket, page))\
            \(view.survey.map { surveyCard($0, page) })\
            \(each: ticket.proposals.filter(\.mayAccept), { proposal($0, ticket, page) })\
            <div class="talk">\(if: ticket.may.contains(.reply), Composer.portal(ticket, to: who, page))\
            <section class="conversation" aria-labelledby="talk"><h2 id="talk">\(say: "Conversation")</h2><div data-part="talk">\(talk(ticket, page))</div></section></div>\(history(ticket, page))</div>\
            <aside class="side-col"><section class="way"><h2>\(say: "The way so far")</h2><div data-part="way">\(PortalWay.html(view, page))</div></section>\
            \(if: ticket.connections.merging == nil, "<section class=\"can\"><h2>\(say: "What you can do")</h2><div data-part=\"can\">\(PortalActs.html(view, page))</div></section>")<div class="decided" data-part="decided">\(Decisions.html(ticket, page))</div></aside></div>
            """, isLight: view.survey == nil)
    }

    static func stand(_ view: PortalTicketView, _ page: PageContext, label: String = say("Where it stands")) -> HTML {
        let ticket = view.ticket
        let next = PromiseLineView.promisedNext(ticket.clocks) ?? ticket.response
        let (title, text) = words(view, next, page)
        let isResolved = ticket.status == .resolved
        let shown = isResolved || ticket.status == .closed ? (ticket.resolution.state == .notStarted ? ticket.response : ticket.resolution) : next
        let used = DurationWords.say(shown.reading.usedSeconds, target: shown.reading.targetSeconds)
        let solved = shown.reading.targetSeconds.map { say("Solved in \(used) of \(DurationWords.say($0, target: $0))") } ?? say("Solved in \(used)")
        return """
            <section class="card stand" aria-label="\(label)"><div class="pad"><h2>\(title)</h2><p>\(text)</p>\
            \(if: isResolved, PortalActs.confirm(view, page))\
            \(PromiseLine.medium(shown, axis: ticket.axis.sized(.medium), words: page.words))</div>\
            \(if: shown.reading.startedAt != nil, "<details class=\"why\"><summary>\(isResolved ? solved : whyTitle(shown, page))\(Icon.forward.html)</summary><div class=\"pad\">\(Ledger.html(shown, axis: ticket.axis, words: page.words, agreement: ticket.agreement, ref: ticket.ref))</div></details>")</section>
            """
    }

    /// Where it stands, in one sentence, and what follows.
    private static func words(_ view: PortalTicketView, _ next: PromiseLineView, _ page: PageContext) -> (String, HTML) {
        let ticket = view.ticket
        let reading = next.reading
        let due: HTML = if let at = reading.due { "<b>\(page.words.full(at, now: page.now, seconds: next.isExact))</b>\(zones(at, page))" } else { "" }
        switch ticket.status {
        case .closed: return (say("It is closed."), HTML(say: "You can reopen it at any time."))
        case .resolved:
            let by = view.resolvedBy ?? page.provider
            let finished = view.resolvedAt.map { HTML(say: "\(by) finished it \(page.at($0)).") } ?? HTML(say: "\(by) finished it.")
            return (say("We think it is solved. Does it work for you?"), "\(finished)\(if: !view.readerIsLogger, " \(say: "\(view.logger), who logged it, closes it.")")")
        case .registered:
            let n = ticket.missing.count
            return (n == 1 ? say("The clock has not started. One thing is missing.") : say("The clock has not started. \(n) things are missing."), HTML(say: "It starts when all that the agreement asks for is here: \(ticket.missing.map(lowerFirst).joined(separator: ", "))."))
        case .awaitingClient:
            let suspension = ticket.suspensions.first(where: \.waitsForClient) ?? ticket.suspensions.first
            let why = PortalWords.awaited(reason: suspension?.reason ?? "", note: suspension?.note ?? "")
            return (say("We wait for you."), "\(why) \(say: "The clock is paused until we hear from you.")\(if: reading.leftSeconds != nil, " \(say: "\(next.headline) of working time are left.")")")
        case .open:
            switch next.state {
            case .missed:
                let told = next.steps.filter(\.done).map(\.who)
                let title = next.kind == .resolution ? say("We promised a solution and did not give one in time.") : say("We promised an answer and did not give one in time.")
                let heard: HTML = told.isEmpty ? "" : told.count == 1 ? HTML(say: "The \(told.joined()) has been told.") : HTML(say: "The \(EventSentence.list(told)) have been told.")
                return (title, "\(say: "It was due \(due), \(next.headline).") \(heard)")
            case .suspended:
                return (
                    say("It is paused\(ticket.suspensions.first.map { ": \(lowerFirst($0.reason))" } ?? "")."),
                    "\(if: reading.leftSeconds != nil, "\(say: "\(next.headline) of working time are left when it goes on.") ")\(say: "Nothing is awaited from you.")")
            case .running, .dueSoon:
                let promised = next.kind == .resolution ? HTML(say: "Promised to be solved by \(due).") : HTML(say: "Promised to be answered by \(due).")
                return (say("We are working on it. Nothing is awaited from you."), "\(promised) \(say: "\(next.headline) of working time are left.")")
            default:
                return (
                    say("We are working on it. Nothing is awaited from you."),
                    next.state == .open ? HTML(say: "As soon as possible; no date is promised.") : HTML(say: "You have your first answer. No date for the solution is agreed yet."))
            }
        }
    }

    /// ` your time (12:06 in Dallas)`, where both differ.
    private static func zones(_ t: Instant, _ page: PageContext) -> HTML {
        if page.words.agrees(with: page.desk, at: t) { return " \(say: "in \(page.desk.place)")" }
        let day = page.words.wall(t).dayNumber == page.desk.wall(t).dayNumber ? "" : page.desk.weekday(t) + " "
        return " \(say: "your time") <span class=\"dim\">\(say: "(\(day)\(page.desk.clock(t)) in \(page.desk.place))")</span>"
    }

    private static func supply(_ ticket: TicketView, _ page: PageContext) -> HTML {
        """
        <section class="card pad supply" id="missing"><h2>\(say: "What is missing")</h2><form method="post" action="/tickets/\(ticket.ref)/fields">\(Bits.csrf(page))\
        \(each: ticket.missingFields, { Bits.field($0.label, name: $0.name, id: "f-supply-\($0.name)", multiline: $0.multiline, help: $0.help, isMissing: true) })\
        <div class="row"><button class="btn primary">\(say: "Send")</button></div></form></section>
        """
    }

    private static func proposal(_ proposal: ProposalView, _ ticket: TicketView, _ page: PageContext) -> HTML {
        let what = proposal.due.map { say("by \(page.words.full($0, now: page.now))") } ?? say("within \(DurationWords.say(proposal.workingSeconds ?? 0)) of working time")
        return """
            <section class="card pad"><h2>\(say: "\(proposal.by) proposes to solve it \(what).")</h2><div class="row"><form method="post" action="/tickets/\(ticket.ref)/proposals/\(proposal.id)/acceptance">\(Bits.csrf(page))<button class="btn primary">\(say: "Accept")</button></form>\
            \(if: ticket.may.contains(.propose), PortalActs.propose(ticket, page))</div></section>
            """
    }

    /// Newest first; the oldest fold away. Notes never get here, and are left out should one ever.
    private static func talk(_ ticket: TicketView, _ page: PageContext) -> HTML {
        var messages: [MessageView] = []
        for item in ticket.timeline.reversed() { if case .message(let message) = item, message.kind != .note { messages.append(message) } }
        let shown = messages.prefix(4), earlier = messages.dropFirst(4)
        return """
            <ol class="letters">\(each: shown, { letter($0, page) })</ol>\
            \(if: !earlier.isEmpty, "<details class=\"inline\"><summary>\(earlier.count == 1 ? say("1 earlier message") : say("\(earlier.count) earlier messages"))</summary><ol class=\"letters\">\(each: earlier, { letter($0, page) })</ol></details>")
            """
    }

    /// Every event of the log (B2): by whom and when, also those whose words stay inside.
    private static func history(_ ticket: TicketView, _ page: PageContext) -> HTML {
        let items = ticket.timeline.compactMap { item -> TimelineItem? in
            guard case .message(var message) = item else { return item }
            guard message.kind != .note else { return nil }
            message.id = "history-" + message.id
            return .message(message)
        }
        return "<section class=\"history\"><details class=\"inline\"><summary>\(say: "The whole history")</summary><div data-part=\"history\">\(Timeline.staff(items, page))</div></details></section>"
    }

    private static func letter(_ m: MessageView, _ page: PageContext) -> HTML {
        let isReader = m.author.email == page.user?.email && !m.author.email.isEmpty
        return """
            <li id="\(m.id)">\(Bits.initials(m.author, size: 28))<article><header><b>\(if: isReader, "\(say: "You")", else: "\(m.author.name)")</b> <span class="dim">\(if: !isReader, "\(m.author.isStaff ? page.provider : m.via)")</span>\(Bits.time(m.at, page))</header>\
            <div class="body">\(m.body)</div>\(Timeline.attachments(m.attachments))</article></li>
            """
    }
}
