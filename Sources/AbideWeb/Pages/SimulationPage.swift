import AbideCore

/// Other terms beside those that hold: what the desk's history would have been.
struct SimulationView: Sendable {
    struct Line: Sendable {
        var name: String
        var tickets: Int
        var now: Replay.Figures
        var then: Replay.Figures
    }

    struct Clock: Sendable {
        var now: PromiseLineView
        var then: PromiseLineView
        /// The same for both, so that they can be compared by eye.
        var axis: Axis
        var why: [String]
    }

    struct Ticket: Sendable {
        var ref: String
        var subject: String
        var client: String
        var severity: Int
        /// Leads to the ticket; empty for readers who may not see it.
        var href: String
        var clocks: [Clock]
        /// What is decided otherwise about coverage; empty: nothing.
        var coverage = ""
    }

    var name: String
    var version: Int
    var tickets: Int
    var differing: Int
    var severities: [Line]
    var clients: [Line]
    var all: Line
    var shown: [Ticket]
}

extension Pages {
    /// The form, and under it what came out.
    /// - Parameters:
    ///   - text: the agreement that is tried, as written.
    ///   - faults: why it could not be read, one a line.
    static func simulation(text: String, faults: [String], _ view: SimulationView?, _ page: PageContext) -> HTML {
        let form: HTML = """
            <form method="post" action="/agreement/simulation" enctype="multipart/form-data">\(Bits.csrf(page))\
            \(if: !faults.isEmpty, "<section class=\"refusal\" role=\"alert\"><h2>\(say: "This agreement can’t be tried yet.")</h2><ul>\(each: faults, { "<li>\($0)</li>" })</ul></section>")\
            \(Bits.field(say("Agreement to try"), name: "yaml", value: text, multiline: true, rows: view == nil ? 18 : 6, help: say("The text of an agreement file. It begins with the one in force: change a figure and try it. Nothing is stored and nobody is told.")))\
            <div class="row"><button class="btn primary">\(say: "Try it")</button></div></form>
            """
        let main: HTML = "<div class=\"simulation\">\(if: view != nil, view.map { result($0, page) } ?? "")\(form)</div>"
        return Shell.staff(say("Try other terms"), page, bar: "<p class=\"crumb dim\"><a href=\"/agreement\">\(say: "Agreement")</a></p><h1>\(say: "Try other terms")</h1>", main: main, style: "reporting")
    }

    private static func result(_ view: SimulationView, _ page: PageContext) -> HTML {
        """
        <article class="sheet"><header><div><p class="dim">\(say: "The desk’s history under")</p><h1>\(say: "\(view.name), version \(view.version)")</h1></div></header>\
        <p class="summary">\(view.differing == 0 ? say("All \(view.tickets) tickets come out as they did.") : say("\(view.differing) of \(view.tickets) tickets come out differently."))</p>\
        <section><h2>\(say: "By severity")</h2>\(figures(view.severities + [view.all]))</section><section><h2>\(say: "By client")</h2>\(figures(view.clients))</section>\
        \(if: !view.shown.isEmpty, "<section><h2>\(say: "Tickets that differ")</h2>\(if: view.shown.count < view.differing, "<p class=\"dim\">\(say: "The first \(view.shown.count) of \(view.differing).")</p>")\(each: view.shown, { ticket($0, page) })</section>")</article>
        """
    }

    private static func figures(_ lines: [SimulationView.Line]) -> HTML {
        """
        <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col"></th><th scope="col">\(say: "Tickets")</th><th scope="col">\(say: "Answers in time")</th><th scope="col">\(say: "Answers missed")</th><th scope="col">\(say: "Solved as agreed")</th><th scope="col">\(say: "Solutions missed")</th><th scope="col">\(say: "Escalations")</th><th scope="col">\(say: "Paid apart")</th></tr></thead><tbody>\
        \(each: lines, { line in """
            <tr><th scope="row">\(line.name)</th><td>\(line.tickets)</td>\(change(line.now.responseMet, line.then.responseMet))\(change(line.now.responseMissed, line.then.responseMissed))\
            \(change(line.now.resolutionMet, line.then.resolutionMet))\(change(line.now.resolutionMissed, line.then.resolutionMissed))\(change(line.now.escalations, line.then.escalations))\(change(line.now.paidApart, line.then.paidApart))</tr>
            """ })</tbody></table></div>
        """
    }

    private static func change(_ now: Int, _ then: Int) -> HTML { now == then ? "<td>\(now)</td>" : "<td>\(now) → <b>\(then)</b></td>" }

    private static func ticket(_ ticket: SimulationView.Ticket, _ page: PageContext) -> HTML {
        """
        <section class="tried"><h3>\(Bits.severity(ticket.severity, name: "")) \(if: !ticket.href.isEmpty, "<a href=\"\(url: ticket.href)\">\(ticket.ref)</a>", else: "\(ticket.ref)") \(ticket.subject) <span class="dim">\(ticket.client)</span></h3>\(if: !ticket.coverage.isEmpty, "<ul class=\"why\"><li>\(ticket.coverage)</li></ul>")\
        \(each: ticket.clocks, { clock in """
            <div class="scroll" tabindex="0"><table class="table"><tbody>\
            <tr><th scope="row">\(say: "\(clock.now.kind.name), as it is")</th><td>\(PromiseLine.small(clock.now, axis: clock.axis, sentence: clock.now.sentence(page.words, now: page.now)))</td><td>\(Bits.badge(clock.now.state))</td></tr>\
            <tr><th scope="row">\(say: "\(clock.then.kind.name), as tried")</th><td>\(PromiseLine.small(clock.then, axis: clock.axis, sentence: clock.then.sentence(page.words, now: page.now)))</td><td>\(Bits.badge(clock.then.state))</td></tr>\
            </tbody></table></div><ul class="why">\(each: clock.why, { "<li>\($0)</li>" })</ul>
            """ })</section>
        """
    }
}
