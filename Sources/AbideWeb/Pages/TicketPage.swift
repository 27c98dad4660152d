import AbideCore

extension Pages {
    /// A ticket at work: two promises, why the deadline, conversation, facts, composer.
    static func ticket(_ view: TicketView, _ page: PageContext) -> HTML {
        let drawn = view.drawn ?? DrawnTicket(view, page)
        // What was refused stands in its form with what had been typed: such a page is drawn for its reader alone.
        let isPlain = page.refusal == nil
        let bar = isPlain ? drawn.bar.filled(page.csrf) : TicketForms.bar(view, page)
        let ties = isPlain ? drawn.ties.filled(page.csrf) : self.ties(view, page)
        let facts = isPlain ? drawn.facts.filled(page.csrf) : self.facts(view, why: drawn.why, page)
        return Shell.staff("\(view.ref) \(view.subject)", page, bar: """
            <a class="back" href="/tickets">\(Icon.back.html)<span>\(say: "Promised next")</span></a><p class="crumb dim">\(view.ref)</p><p class="here" role="status"></p>\
            <div class="acts" data-part="acts">\(bar)</div>
            """, main: """
            <div class="ticket"><div class="work">\
            <div data-part="head"><h1>\(view.subject)</h1>\(meta(view))\(ties)\(drawn.card)</div>\
            <nav class="tabs" aria-label="\(say: "Parts of the ticket")"><a href="#conversation">\(say: "Conversation")</a><a href="#facts">\(say: "Facts")</a></nav>\
            <section id="conversation" aria-label="\(say: "Conversation")" data-part="timeline">\(drawn.timeline)</section>\
            \(HeldAnswers.html(view.held, view, page))\(HeldAnswers.crossing(view.crossing, view, page))\(Composer.staff(view, page))</div>\
            <aside class="facts" id="facts" aria-label="\(say: "Facts")">\(if: !TicketForms.showsRefusal(view, page), Bits.refusal(page.refusal))<div data-part="facts">\(facts)\(Connections.followers(view, page))</div></aside></div>
            """, style: "ticketing", isLight: true)
    }

    private static func meta(_ view: TicketView) -> HTML {
        """
        <p class="meta">\(Bits.severity(view.severity, name: view.severityName))<span aria-hidden="true">\(view.severityName.isEmpty ? say("Not rated") : view.severityName)\(if: view.severityIsProvisional, " <small>\(say: "as the caller rates it")</small>")</span>\
        <span class="sep">\(view.ref)</span><span class="sep">\(view.client)</span>\
        <span class="sep">\(Bits.initials(view.assignee, size: 22))\(view.assignee?.name ?? say("Unassigned"))</span>\
        \(if: view.status != .open, "<span class=\"sep state\">\(view.status.word)</span>")</p>
        """
    }

    fileprivate static func promises(_ view: TicketView, next: PromiseLineView, _ page: PageContext) -> HTML {
        let clocks = view.clocks
        let head = headline(view, next, page)
        return """
            <section class="card promises" aria-label="\(say: "Promises")"><header><p><b class="t-\(next.state.rawValue)">\(head.0)</b> \(head.1)</p>\(if: otherZone(next, page) != nil, "<span class=\"dim\">\(otherZone(next, page) ?? "")</span>")</header>\
            <div class="two"><div class="names" aria-hidden="true">\(each: clocks, { "<p><b>\($0.kind.name)</b><span class=\"t-\($0.state.rawValue)\">\($0.state.word)</span></p>" })</div>\
            <div>\(PromiseLine.large(clocks, axis: view.axis, words: page.words))</div></div>\
            <ul class="legend">\(each: clocks, { clock in "<li><i class=\"\(clock.state.style)\"></i>\(legend(clock))</li>" })\
            \(each: suspensions(view.resolution.intervals), { "<li><i class=\"susp\"></i>\(say: "Suspended \(DurationWords.say($0.lost, target: view.resolution.reading.targetSeconds)), \(lowerFirst(view.resolution.reasons[$0.reason] ?? $0.reason))")</li>" })</ul>\
            <a class="why-row" href="#why">\(whyTitle(next, page))\(Icon.forward.html)</a></section>
            """
    }

    private static func legend(_ clock: PromiseLineView) -> String {
        let target = clock.reading.targetSeconds
        guard clock.state != .notStarted else { return say("\(clock.kind.name), not started") }
        let used = DurationWords.say(clock.reading.usedSeconds, target: target)
        return "\(clock.kind.name) \(clock.state.word), " + (target.map { say("\(used) of \(DurationWords.say($0, target: $0))") } ?? say("\(used) so far"))
    }

    /// The one thing that matters, and its second half: `10 h 24 m left`, `to resolve, due Friday 13 March, 12:06`.
    static func headline(_ view: TicketView, _ next: PromiseLineView, _ page: PageContext) -> (String, String) {
        let reading = next.reading
        let act = next.kind == .resolution ? say("to resolve") : say("to answer")
        let due = reading.due.map { page.words.full($0, now: page.now, seconds: next.isExact) }
        if view.status == .closed { return (say("Closed"), "") }
        if view.status == .resolved {
            let target = view.resolution.reading.targetSeconds
            let used = DurationWords.say(view.resolution.reading.usedSeconds, target: target)
            let first = view.contact.firstName
            return (say("Solved"), target.map { say("in \(used) of \(DurationWords.say($0, target: $0)), waits for \(first) to confirm") } ?? say("in \(used), waits for \(first) to confirm"))
        }
        switch next.state {
        case .notStarted: return (say("Not started"), next.missing.isEmpty ? "" : say("\(next.missing.map(lowerFirst).joined(separator: ", ")) missing"))
        case .running, .dueSoon: return (say("\(next.headline) left"), say("\(act), due \(due ?? "")"))
        case .missed: return (next.headline, say("\(act), was due \(due ?? "")"))
        case .suspended: return (reading.leftSeconds == nil ? say("\(next.headline) so far") : say("\(next.headline) left"), say("\(act), the clock stands still") + (view.suspensions.first.map { ": \(lowerFirst($0.reason))" } ?? ""))
        case .open: return (say("\(next.headline) so far"), say("\(act), no deadline"))
        case .met, .late, .ended: return (say("Nothing is promised"), view.resolution.reading.targetSeconds == nil ? say("no date for the resolution is agreed yet") : "")
        }
    }

    private static func otherZone(_ next: PromiseLineView, _ page: PageContext) -> String? {
        guard let due = next.reading.due, !page.words.agrees(with: page.desk, at: due) else { return nil }
        return say("\(page.desk.stamp(due, now: page.now)) in \(page.desk.place)")
    }

    /// `Why Friday 12:06`
    static func whyTitle(_ clock: PromiseLineView, _ page: PageContext) -> String {
        guard let due = clock.reading.due, clock.state != .suspended else { return clock.state == .suspended ? say("Why it stands still") : say("What counted") }
        let words = page.words
        let day = words.sameDay(due, page.now) ? "" : words.names.weekdays[words.wall(due).weekday] + " "
        return say("Why \(day)\(words.clock(due, seconds: clock.isExact))")
    }

    fileprivate static func why(_ view: TicketView, next: PromiseLineView, _ page: PageContext) -> HTML {
        "<section id=\"why\"><h2>\(whyTitle(next, page)) <span>\(next.kind.name)</span></h2>\(Ledger.html(next, axis: view.axis, words: page.words, agreement: view.agreement, ref: view.ref))</section>"
    }

    fileprivate static func ties(_ view: TicketView, _ page: PageContext) -> HTML { "\(Connections.merged(view, page))\(Connections.hint(view, page))" }

    fileprivate static func facts(_ view: TicketView, why: HTML, _ page: PageContext) -> HTML {
        """
        \(why)\
        \(each: view.suspensions, { suspension in "<section class=\"susp-fact\"><h2>\(say: "Suspended") <span>\(page.words.stamp(suspension.since, now: page.now))</span></h2><p>\(suspension.reason)\(if: !suspension.note.isEmpty, ": \(suspension.note)"). <span class=\"dim\">\(say: "By \(suspension.by), C6")</span></p>\(TicketForms.resume(view, suspension, page))</section>" })\
        \(if: !view.missing.isEmpty, "<section><h2>\(say: "Missing") <span>A5</span></h2><p>\(view.missing.joined(separator: ", "))</p>\(TicketForms.complete(view, page))</section>")\
        \(each: view.proposals, { TicketForms.proposal($0, view, page) })\
        \(if: view.closing != nil, closing(view, page))\
        \(Decisions.html(view, page))\
        \(Connections.facts(view, page))\
        <section><h2>\(say: "Client") <span>\(view.client)</span></h2><dl>\(each: view.facts, { "<div><dt>\($0.label)</dt><dd>\($0.value)</dd></div>" })\
        <div><dt>\(say: "Agreement")</dt><dd><a href="/agreement">\(view.agreement)</a></dd></div></dl></section>\
        \(Reaching.html(view, page))\
        <section><h2>\(say: "Handling")</h2><dl><div><dt>\(say: "Status")</dt><dd>\(view.status.word)</dd></div><div><dt>\(say: "Assigned to")</dt><dd>\(view.assignee?.name ?? say("nobody"))</dd></div>\
        \(if: view.department != nil, "<div><dt>\(say: "Department")</dt><dd>\(view.department ?? "")</dd></div>")<div><dt>\(say: "Registered")</dt><dd>\(Bits.time(view.registeredAt, page))</dd></div></dl></section>
        """
    }

    private static func closing(_ view: TicketView, _ page: PageContext) -> HTML {
        guard let closing = view.closing else { return "" }
        return """
            <section><h2>\(say: "What happens next") <span>N1, N2</span></h2><dl>\
            \(if: closing.noticedAt != nil, "<div><dt>\(page.words.stamp(closing.noticedAt ?? page.now, now: page.now))</dt><dd>\(say: "The closing notice went out")</dd></div>")\
            \(if: closing.closableAt != nil, "<div><dt>\(page.words.stamp(closing.closableAt ?? page.now, now: page.now))</dt><dd>\(if: closing.isListed, "\(say: "On the service manager’s list: may be closed")", else: "\(say: "Without an answer, the service manager may close")")</dd></div>")</dl></section>
            """
    }
}

/// What stands on a ticket's page in one second, whoever of the staff reads it: promises, why, and the conversation. It depends on the ticket's
/// version, the reader's zone and role, and whether internal notes are shown; the forms' token is filled in for each reader.
struct DrawnTicket: Sendable {
    struct Key: Hashable, Sendable {
        var ticket: Int64
        var head: Int
        /// The reader's.
        var zone: String
        /// True where internal notes are shown.
        var seesInternal: Bool
        /// Decides which acts are offered.
        var role: Role
        var language = Tongue.current.code
    }

    /// Its clocks as they stand in this second, and the axis that they share.
    struct Promised: Sendable {
        var response: PromiseLineView
        var resolution: PromiseLineView
        var nextReply: PromiseLineView?
        var axis: Axis
    }

    let promises: Promised
    let card: HTML
    let why: HTML
    let timeline: HTML
    let bar: FormPieces
    let ties: FormPieces
    let facts: FormPieces

    init(_ view: TicketView, _ page: PageContext) {
        let next = PromiseLineView.promisedNext(view.clocks) ?? view.response
        promises = Promised(response: view.response, resolution: view.resolution, nextReply: view.nextReply, axis: view.axis)
        card = Pages.promises(view, next: next, page)
        why = Pages.why(view, next: next, page)
        timeline = Timeline.staff(view.timeline, page)
        let why = why
        bar = FormPieces(page) { TicketForms.bar(view, $0) }
        ties = FormPieces(page) { Pages.ties(view, $0) }
        facts = FormPieces(page) { Pages.facts(view, why: why, $0) }
    }
}
