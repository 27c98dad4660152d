import AbideCore

extension Pages {
    /// What waits for the client, what is being worked on, what was closed lately.
    static func portalHome(_ view: PortalHomeView, _ page: PageContext) -> HTML {
        Shell.portal(say("Your tickets"), page, main: """
            <div class="cols"><div class="main-col"><h1>\(greeting(page))</h1><p class="lead">\(summary(view))</p>\(Bits.refusal(page.refusal))<div data-part="home">\
            \(if: !view.waiting.isEmpty, "<section><h2>\(say: "Waiting for you")</h2><ul class=\"card rows\">\(each: view.waiting, { waiting($0, page) })</ul></section>")\
            \(if: !view.working.isEmpty, "<section><h2>\(say: "Being worked on")</h2><ul class=\"card rows\">\(each: view.working, { working($0, page) })</ul></section>")\
            \(if: !view.closed.isEmpty, "<section><h2>\(say: "Recently closed")</h2><ul class=\"card rows closed\">\(each: view.closed, { closed($0, page) })</ul></section>")\
            \(if: view.waiting.isEmpty && view.working.isEmpty && view.closed.isEmpty, "<section><h2>\(say: "Nothing is open.")</h2><p>\(say: "When something does not work, log a ticket or write to us.")</p></section>")</div></div>\
            <aside class="side-col"><a class="btn primary big" href="/portal/tickets/new">\(say: "Log a ticket")</a><p class="dim center">\(say: "or write to <a href=\"mailto:\(page.mailbox)\">\(page.mailbox)</a>")</p>\
            \(if: !view.standing.isEmpty, "<section><h2>\(view.client)</h2><p>\(view.standing)</p></section>")\
            \(if: view.reports != nil, "<section><h2>\(say: "Reports")</h2><p>\(say: "What was promised and what was kept, from the log of your tickets.")</p><p><a href=\"\(url: view.reports ?? "/reports")\">\(say: "Read them")</a></p></section>")\
            </aside></div>
            """, isLight: true)
    }

    private static func greeting(_ page: PageContext) -> String {
        let hour = page.words.wall(page.now).second / 3600
        let time = hour < 12 ? say("Good morning") : hour < 18 ? say("Good afternoon") : say("Good evening")
        return page.user.map { "\(time), \($0.firstName)." } ?? "\(time)."
    }

    private static func summary(_ view: PortalHomeView) -> String {
        let waiting = view.waiting.count
        let open = Set(view.waiting.map(\.ref) + view.working.map(\.ref)).count
        let missed = view.working.count { $0.promise.state == .missed }
        var text = open == 0 ? say("No ticket is open.") : open == 1 ? say("One ticket is open.") : say("\(count(open)) tickets are open.")
        if open > 0 {
            text += waiting == 0 ? " " + say("Nothing is awaited from you") : waiting == 1 ? " " + say("One needs something from you") : " " + say("\(count(waiting)) need something from you")
            text += missed == 0 ? say(", and everything is within what was promised.") : missed == 1 ? say(". One promise was missed.") : say(". \(count(missed)) promises were missed.")
        }
        return text
    }

    private static func count(_ n: Int) -> String {
        let words = ["", say("One"), say("Two"), say("Three"), say("Four"), say("Five"), say("Six"), say("Seven"), say("Eight"), say("Nine"), say("Ten"), say("Eleven"), say("Twelve")]
        return n < words.count ? words[n] : "\(n)"
    }

    static func waiting(_ item: PortalWaiting, _ page: PageContext) -> HTML {
        let path = "/tickets/\(item.ref)", here = "/portal/tickets/\(item.ref)"
        let link: HTML = "<a href=\"\(here)\">\(item.ref)</a>"
        switch item.reason {
        case .confirm(let by, let at, let mayClose, let logger):
            return """
                <li class="wait"><div><h3>\(say: "\(item.subject): does it work?")</h3><p>\(say: "We think \(link) is solved. \(by) finished it \(page.at(at)).")</p></div>\
                <div class="row"><form method="post" action="\(path)/\(if: mayClose, "closure", else: "confirmation")">\(Bits.csrf(page))\
                <button class="btn primary">\(if: mayClose, "\(say: "Yes, it works")", else: "\(say: "It works, tell \(logger)")")</button></form>\
                <form method="post" action="\(path)/resolution/withdrawal">\(Bits.csrf(page))<button class="btn">\(say: "No, go on")</button></form></div></li>
                """
        case .supply(let missing):
            return """
                <li class="wait"><div><h3>\(item.subject)</h3><p>\(if: missing.count == 1, "\(say: "The clock of \(link) has not started: \(missing.map(lowerFirst).joined(separator: ", ")) is missing.")", else: "\(say: "The clock of \(link) has not started: \(missing.map(lowerFirst).joined(separator: ", ")) are missing.")")</p></div>\
                <div class="row"><a class="btn primary" href="\(here)/missing">\(say: "Supply what is missing")</a></div></li>
                """
        case .suspended(let reason, let note, let since):
            return """
                <li class="wait"><div><h3>\(item.subject)</h3><p>\(say: "\(link) stands still since \(page.words.stamp(since, now: page.now)). \(PortalWords.awaited(reason: reason, note: note)) The clock is paused until we hear from you.")</p></div>\
                <div class="row"><a class="btn" href="\(here)#composer">\(say: "Answer")</a></div></li>
                """
        case .proposal(let proposal):
            let what = proposal.due.map { say("by \(page.words.full($0, now: page.now))") } ?? say("within \(DurationWords.say(proposal.workingSeconds ?? 0)) of working time")
            return """
                <li class="wait"><div><h3>\(item.subject)</h3><p>\(say: "\(proposal.by) proposes to solve \(link) \(what).")</p></div>\
                <div class="row"><form method="post" action="\(path)/proposals/\(proposal.id)/acceptance">\(Bits.csrf(page))<button class="btn primary">\(say: "Accept")</button></form>\
                <a class="btn" href="\(here)#composer">\(say: "Answer")</a></div></li>
                """
        case .quote(let quote, let by):
            let due = quote.due.map { say(", delivered by \(page.words.full($0, now: page.now))") } ?? ""
            return """
                <li class="wait"><div><h3>\(item.subject)</h3><p>\(say: "\(by) quotes \(quote.priceWords) for \(link): \(DurationWords.exact(quote.effortSeconds)) of work\(due). \(quote.deliverables)")</p></div>\
                <div class="row"><form method="post" action="\(path)/quotes/\("\(quote.id)")/acceptance">\(Bits.csrf(page))<button class="btn primary">\(say: "Accept the quote")</button></form>\
                <a class="btn" href="\(here)#quotes">\(say: "Look at it")</a></div></li>
                """
        }
    }

    static func working(_ row: PortalRow, _ page: PageContext) -> HTML {
        let (first, second) = promised(row.promise, page)
        return """
            <li class="work-row"><div><a href="/portal/tickets/\(row.ref)">\(row.subject)</a><span>\(row.ref), \(row.assignee.map { say("with \($0)") } ?? say("unassigned"))</span></div>\
            \(PromiseLine.small(row.promise, axis: row.axis.sized(.small), sentence: row.promise.sentence(page.words, now: page.now)))\
            <div class="left t-\(row.promise.state.rawValue)"><b>\(first)</b><span>\(second)</span></div></li>
            """
    }

    /// `by Fri 11:06`, `solved`: a promise in a client's words.
    private static func promised(_ promise: PromiseLineView, _ page: PageContext) -> (String, String) {
        let what = promise.kind == .resolution ? say("solved") : say("first answer")
        let due = promise.reading.due.map { page.words.stamp($0, now: page.now, seconds: promise.isExact) } ?? ""
        switch promise.state {
        case .running, .dueSoon: return (say("by \(due)"), what)
        case .missed: return (promise.headline, say("\(what), was due \(due)"))
        case .suspended: return (say("paused"), promise.reading.leftSeconds == nil ? say("\(promise.headline) so far") : say("\(promise.headline) left"))
        case .notStarted: return (say("not started"), promise.missing.isEmpty ? "" : say("\(promise.headline) missing"))
        case .open: return (say("as soon as possible"), what)
        case .met: return (say("answered"), say("in \(DurationWords.say(promise.reading.usedSeconds, target: promise.reading.targetSeconds))"))
        case .late: return (say("answered"), say("\(DurationWords.say(promise.reading.leftSeconds ?? 0, target: promise.reading.targetSeconds)) late"))
        case .ended: return (say("answered"), "")
        }
    }

    private static func closed(_ row: PortalRow, _ page: PageContext) -> HTML {
        """
        <li class="work-row"><div><a href="/portal/tickets/\(row.ref)">\(row.subject)</a><span>\(row.ref)\(if: row.closedBy != nil, "\(say: ", closed by \(row.closedBy ?? "")")")\(if: row.closedAt != nil, " \(say: "on \(page.words.date(row.closedAt ?? page.now))")")</span></div>\
        \(if: row.mayReopen, "<a class=\"right\" href=\"/portal/tickets/\(row.ref)#reopen\">\(say: "Reopen")</a>")</li>
        """
    }
}

/// Words that only clients read.
enum PortalWords {
    /// What is awaited: the note that the agent wrote for the client, else the agreement's reason; as a sentence.
    static func awaited(reason: String, note: String) -> String {
        let text = note.trimmingPrefix { $0.isWhitespace }
        guard let first = text.first else { return reason.isEmpty ? "" : reason + "." }
        let sentence = first.uppercased() + text.dropFirst()
        return sentence.last.map { ".?!".contains($0) } ?? false ? sentence : sentence + "."
    }
}
