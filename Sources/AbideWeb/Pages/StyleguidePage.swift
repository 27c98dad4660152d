import AbideCore
import AbideDesk

/// Every part in every state, drawn by the functions that draw it elsewhere: what looks wrong here is wrong everywhere.
extension Pages {
    static func styleguide(_ reader: PageContext) -> HTML {
        var page = reader
        (page.now, page.words, page.desk) = (StyleSample.now, StyleSample.dallas, StyleSample.dallas)
        let ticket = StyleSample.ticket
        return Shell.staff("Style guide", reader, bar: "<h1>Style guide</h1><p class=\"sum dim\">Ink on paper. Colour belongs to promises.</p>", main: """
            <div class="guide">\
            \(part("Promise line, large", PromiseLine.large([ticket.response, ticket.resolution], axis: ticket.axis, words: page.words), isWide: true))\
            \(part("Promise line, every state", states(page), isWide: true))\
            \(part("Colour", colours))\
            \(part("Type", type))\
            \(part("Buttons", """
                <div class="row"><button class="btn primary" type="button">Resolve \(Bits.key("E"))</button><button class="btn" type="button">Propose date \(Bits.key("P"))</button><button class="btn ghost" type="button">Suspend \(Bits.key("S"))</button>\
                <button class="btn danger" type="button">Withdraw</button><button class="btn primary big" type="button">Log a ticket</button><button class="quiet" type="button">Quiet</button></div>
                """))\
            \(part("Severity and state", """
                <p class="row">\(each: [1, 2, 3, 4], { number in "\(Bits.severity(number, name: ["Critical", "Urgent", "Routine", "General"][number - 1])) <span aria-hidden=\"true\">\(["Critical", "Urgent", "Routine", "General"][number - 1])</span>" }) \(Bits.severity(nil, name: "")) <span>Not rated</span></p>\
                <p class="row">\(each: samples.map(\.state), Bits.badge)</p>
                """))\
            \(part("People, keys, chips", """
                <p class="row">\(Bits.initials(StyleSample.maya)) Agent \(Bits.initials(StyleSample.luis)) Client \(Bits.initials(nil)) Nobody yet \(Bits.initials(StyleSample.maya, size: 22)) \(Bits.initials(StyleSample.luis, size: 22))</p>\
                <p class="row">\(Bits.key("J"))\(Bits.key("Ctrl K"))\(Bits.key("?"))<span class="chip">Department is Process data</span><span class="missing">missing</span><span class="tag">conveyor</span></p>\
                <p class="here"><span class="ini ours s22 typing" aria-hidden="true">PN</span><span>Priya is writing</span></p>
                """))\
            \(part("Icons", "<ul class=\"icons\">\(each: Icon.allCases, { "<li>\($0.html)<span>\($0.rawValue)</span></li>" })</ul>"))\
            \(part("Fields", """
                \(Bits.field("Subject", name: "g-subject", value: "Conveyor alarms arrive late"))\(Bits.field("Site", name: "g-site", isMissing: true))\
                \(Bits.field("Resolve by", name: "g-due", value: "Sat 14 March, 12:00", error: "Saturday is closed. Monday 12:00?"))\(Bits.field("Reason", name: "g-reason", multiline: true, rows: 2, help: "The client reads this.", placeholder: "Why does the clock stop?", note: "if you like"))\
                \(Bits.select("Severity", name: "g-severity", [Choice(value: "1", label: "1 Critical"), Choice(value: "2", label: "2 Urgent", isChosen: true)]))\
                <label class="tick"><input type="checkbox" checked><span>Keep me informed</span></label><label class="tick"><input type="radio" name="g-one"><span>One</span></label>\(Bits.files(id: "g-files"))
                """))\
            \(part("Forms that open", """
                <div class="row">\(Bits.act("Assign", id: "g-assign", action: "#", page, Bits.field("Who works on it", name: "g-who"), submit: "Assign"))</div>
                """))\
            \(part("Refusal, notice, empty", """
                \(Bits.refusal(RefusalView(title: "This ticket is not closed.", text: "Only Luis Ferreira, who logged it, or the service manager can close it.", clause: "N1")))\
                <p class="notice">No relay is set: mails are kept here and nothing leaves.</p><p class="offline">No connection since 10:40. You can read and write on; drafts are kept here.</p>\
                <div class="toast still" role="status"><p>Note added.</p></div>
                """))\
            \(part("Answers that wait, answers that cross", "\(HeldAnswers.html(StyleSample.held, ticket, page))\(HeldAnswers.crossing(StyleSample.crossing, ticket, page))"))\
            \(part("Composer", Composer.staff(ticket, page)))\
            \(part("Timeline", Timeline.staff(StyleSample.timeline, page)))\
            \(part("Why this deadline", Ledger.html(ticket.resolution, axis: ticket.axis, words: page.words, agreement: "Support eService, version 3", ref: ticket.ref)))\
            \(part("Selected tickets", ManyBar.html(ManyBarView(acts: ManyAct.Name.allCases, agents: [Choice(value: "1", label: "Maya Torres")], departments: [Choice(value: "a", label: "Process data"), Choice(value: "b", label: "Hosting")], severities: [Choice(value: "2", label: "2 Urgent")], suspensionReasons: [Choice(value: "a", label: "The client's answer is awaited")]), page), isWide: true))\
            \(part("Table", """
                <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">Client</th><th scope="col">Logged</th><th scope="col">Over by</th></tr></thead>\
                <tbody><tr><th scope="row">Northfield Mining</th><td>11</td><td>none</td></tr><tr><th scope="row">Harbor Chemicals</th><td>24</td><td class="t-missed">1 h 59 m</td></tr></tbody></table></div>
                """))\
            \(part("Portal: where it stands", "<div class=\"portal as-portal\">\(each: StyleSample.portal.enumerated(), { stand($0.element, page, label: "Where it stands, \($0.offset + 1)") })</div>", isWide: true))\
            \(part("Portal: what waits, what is worked on", "<div class=\"portal as-portal\"><ul class=\"card rows\">\(each: StyleSample.portalWaiting, { waiting($0, page) })</ul><ul class=\"card rows\">\(working(StyleSample.portalRow, page))</ul></div>", isWide: true))\
            \(part("Portal: the way so far", "<div class=\"portal as-portal way\">\(PortalWay.html(StyleSample.portal[0], page))</div>"))\
            \(part("Portal: what one can do", "<div class=\"portal as-portal can\">\(PortalActs.html(StyleSample.portal[0], page))</div>"))\
            \(part("Taken back from another page", "<div class=\"still\">\(HeldAnswers.waiting([WaitingAnswerView(id: 1, ref: "ABD-0", contact: "Luis", left: 8), WaitingAnswerView(id: 2, ref: "ABD-0", contact: "Nina", left: nil)], page))</div>"))\
            \(part("Mails: the promise line as coloured cells", "<iframe class=\"cells\" title=\"The promise line of mails, every state\" sandbox src=\"/styleguide/mail\"></iframe>", isWide: true))</div>
            """, style: "guiding")
    }

    /// The promise line as mails have it, which draw no SVG, in every state. Its styles stand in its attributes, so that it is shown in a frame like any mail.
    static func mailCells() -> String {
        let open = StyleSample.open(StyleSample.at(11, 9), StyleSample.at(13, 17))
        return samples.map { view in
            let sentence = clockSentence(view.kind, view.reading, intervals: view.intervals, steps: view.steps, missing: view.missing, reasons: view.reasons, words: StyleSample.dallas, now: StyleSample.now)
            let cells = promiseLineCells(view.reading, intervals: view.intervals, open: open, sent: StyleSample.now, words: StyleSample.dallas)
            return "<div style=\"max-width:600px;margin:0 0 26px;font:15px/22px system-ui,sans-serif;color:#1B1C1F\"><p style=\"margin:0 0 8px\">\(("\(sentence)" as HTML).string)</p>\(cells)</div>"
        }.joined()
    }

    private static func part(_ title: String, _ content: HTML, isWide: Bool = false) -> HTML { "<section\(if: isWide, " class=\"wide-part\"")><h2>\(title)</h2>\(content)</section>" }

    /// Not started, running, due soon, missed, met, late, suspended, resumed, without a deadline.
    private static let samples: [PromiseLineView] = {
        func at(_ day: Int64, _ hour: Int64, _ minute: Int64 = 0) -> Instant { StyleSample.at(day, hour, minute) }
        func clock(_ start: Instant, _ target: Double?, suspended: [(Instant, Instant)] = [], stopped: Instant? = nil, steps: [PromiseStep] = []) -> PromiseLineView {
            StyleSample.clock(target == 9 && !suspended.isEmpty ? .resolution : .response, start: start, target: target, suspended: suspended, stopped: stopped, steps: steps)
        }
        var early = PromiseLineView(
            kind: .response, reading: ClockReading(state: .notStarted, outcome: nil, targetSeconds: 32_400, startedAt: nil, due: nil, stoppedAt: nil, usedSeconds: 0, leftSeconds: nil, dueSoon: false),
            intervals: [], missing: ["Phone", "Site"])
        early.wouldBeDue = at(13, 9)
        let steps = [PromiseStep(at: at(11, 16), done: true, who: "department lead"), PromiseStep(at: at(12, 9), done: true, who: "service manager"), PromiseStep(at: at(12, 14), done: false, who: "management")]
        return [
            early, clock(at(11, 13), 9), clock(at(11, 11, 30), 9), clock(at(11, 10), 6, steps: steps), clock(at(11, 13), 9, stopped: at(12, 9)), clock(at(11, 13), 4, stopped: at(12, 10), steps: Array(steps.prefix(1))),
            clock(at(11, 13), 9, suspended: [(at(11, 15), at(20, 9))]), clock(at(11, 10), 9, suspended: [(at(11, 15), at(12, 9))]), clock(at(11, 13), nil),
        ]
    }()

    private static func states(_ page: PageContext) -> HTML {
        let axis = Axis(open: StyleSample.open(StyleSample.at(11, 9), StyleSample.at(13, 17)), now: page.now, size: .small)
        return """
            <div class="scroll" tabindex="0"><table class="table states"><thead><tr><th scope="col">State</th><th scope="col">Small</th><th scope="col">Medium</th><th scope="col">Said beside it</th></tr></thead>\
            <tbody>\(each: samples, { view in
                """
                <tr><td>\(Bits.badge(view.state))</td><td>\(PromiseLine.small(view, axis: axis))</td><td>\(PromiseLine.medium(view, axis: axis.sized(.medium), words: page.words))</td>\
                <td>\(view.headline)<br><span class="dim">\(view.secondLine(page.words, now: page.now))</span></td></tr>
                """
            })</tbody></table></div>
            """
    }

    private static let colours: HTML = """
        <ul class="swatches">\(each: ["bg", "surface", "sunken", "hover", "selected", "line", "line-2", "field", "ink", "ink-2", "ink-3", "focus", "note", "run", "run-left", "run-soft", "soon", "soon-left", "soon-soft", "miss", "miss-left", "miss-soft", "met", "met-left", "met-soft", "susp", "susp-left", "susp-soft"], { "<li><i class=\"sw-\($0)\"></i>\($0)</li>" })</ul>
        """

    private static let type: HTML = """
        <ul class="types"><li class="ty-30">Good morning, Luis.</li><li class="ty-21">Conveyor alarms arrive 20 minutes late</li><li class="ty-15">Promised next</li><li class="ty-14">Dana, I can see it too.</li><li>Rows, facts, buttons</li><li class="ty-12">Second lines, times, units</li></ul>
        """
}

extension StyleSample {
    static let maya = PersonView(name: "Maya Torres", isStaff: true)
    static let luis = PersonView(name: "Luis Ferreira", isStaff: false)

    /// Its reference belongs to no ticket, so that nothing which is pressed here does anything.
    static let ticket: TicketView = {
        let response = clock(.response, start: at(10, 14, 31), target: 9, stopped: at(10, 15, 48))
        let resolution = clock(
            .resolution, start: at(10, 14, 31), target: 18, suspended: [(at(11, 11, 10), at(12, 8, 45))],
            steps: [PromiseStep(at: at(13, 12, 6), done: false, who: "department lead"), PromiseStep(at: at(13, 16, 6), done: false, who: "service manager")])
        return TicketView(
            ref: "ABD-0", subject: "Conveyor alarms arrive 20 minutes late", status: .open, severity: 2, severityName: "Urgent", severityIsProvisional: false, client: "Northfield Mining", contact: luis,
            assignee: maya, department: nil, registeredAt: at(10, 14, 5), response: response, resolution: resolution, axis: Axis.ticket([response, resolution], now: now, words: dallas, open: open),
            missing: [], missingFields: [], facts: [], suspensions: [], coverage: nil, agreement: "Support eService, version 3", timeline: [], may: [.reply, .note, .suspend], proposals: [], closing: nil,
            choices: StaffChoices(answerReason: "answerAwaited"))
    }()

    static let timeline: [TimelineItem] = [
        .message(MessageView(id: "g-1", kind: .client, author: luis, via: "Northfield Mining, by e-mail", at: at(10, 14, 5), body: "<p>Since Tuesday the alarms show up about 20 minutes late.</p>", attachments: [AttachmentView(name: "alarm-log.csv", href: "#", size: 184_000)], original: "#", isUnverified: true)),
        .event(EventView(number: 1, type: "correctlyLogged", at: at(10, 14, 31), sentence: "Correctly logged by Luis. Both clocks start")),
        .message(MessageView(id: "g-2", kind: .ours, author: maya, via: "to Luis Ferreira", at: at(10, 15, 48), body: "<p>I can see it too.</p>", delivery: "sent 15:48")),
        .event(EventView(number: 2, type: "responded", at: at(10, 15, 48), sentence: "Response met, 1 h 17 m of 9 h")),
        .message(MessageView(id: "g-3", kind: .note, author: maya, via: "", at: at(11, 10, 58), body: "<p>The password was rotated with the patch.</p>")),
        .event(EventView(number: 3, type: "suspended", at: at(11, 11, 10), sentence: "Suspended: access is awaited")),
        .event(EventView(number: 4, type: "resumed", at: at(12, 8, 45), recordedAt: at(12, 9, 30), sentence: "Resumed: access granted by Luis")),
        .event(EventView(number: 5, type: "escalated", at: at(12, 9), sentence: "Escalated to the department lead")),
    ]

    /// The same ticket as its client follows it: at work, waiting for the client, missed, solved, closed.
    static let portal: [PortalTicketView] = {
        func follow(_ status: TicketView.Status, _ change: (inout TicketView) -> Void = { _ in }) -> PortalTicketView {
            var ticket = ticket
            ticket.status = status
            ticket.may = [.reply, .close, .propose, .complain]
            ticket.timeline = timeline
            change(&ticket)
            return PortalTicketView(
                ticket: ticket, site: "Sierra Alta, Pit 4", logger: "Luis Ferreira", readerIsLogger: true, complaintsTo: "Andrew Lindqvist, client services manager", complaintWithin: "1 working day",
                resolvedBy: status == .resolved ? "Maya Torres" : nil, resolvedAt: status == .resolved ? at(12, 10) : nil)
        }
        return [
            follow(.open),
            follow(.awaitingClient) { $0.resolution = clock(.resolution, start: at(10, 14, 31), target: 18, suspended: [(at(12, 8, 45), at(20, 9))]) },
            follow(.open) {
                $0.response = clock(.response, start: at(11, 10), target: 6, steps: [PromiseStep(at: at(11, 16), done: true, who: "department lead")])
                $0.resolution = $0.response
            },
            follow(.resolved) { $0.resolution = clock(.resolution, start: at(10, 14, 31), target: 18, stopped: at(12, 10)) },
            follow(.closed) { $0.resolution = clock(.resolution, start: at(10, 14, 31), target: 18, stopped: at(12, 10)) },
        ]
    }()
    static let portalWaiting: [PortalWaiting] = [
        PortalWaiting(ref: "ABD-0", subject: "Trend page stays empty", reason: .confirm(by: "Maya Torres", at: at(12, 10), mayClose: true, logger: "Luis")),
        PortalWaiting(ref: "ABD-0", subject: "Loader positions jump", reason: .supply(["Phone", "Site"])),
        PortalWaiting(ref: "ABD-0", subject: "Conveyor alarms arrive 20 minutes late", reason: .suspended(reason: "Waits for access", note: "May we sign in to ALTA-WEB-01?", since: at(12, 8, 45))),
    ]
    static let portalRow = PortalRow(ref: "ABD-0", subject: ticket.subject, assignee: "Maya Torres", promise: ticket.resolution, axis: ticket.axis)

    static let held = [
        HeldAnswerView(id: 1, author: "Maya Torres", isOwn: true, body: "Could you send the log of **this morning**?", left: 8),
        HeldAnswerView(id: 2, author: "Priya Nair", isOwn: false, body: "The queue is empty again.", left: 3),
        HeldAnswerView(id: 3, author: "Maya Torres", isOwn: true, body: "", left: nil, refusal: "The ticket goes on in ABD-1040."),
    ]
    static let crossing = CrossingView(
        by: "Priya Nair", messages: [MessageView(id: "g-4", kind: .ours, author: PersonView(name: "Priya Nair", isStaff: true), via: "to Luis Ferreira", at: at(12, 10, 40), body: "<p>I restarted it already.</p>")], fields: [], hadFiles: true)
}
