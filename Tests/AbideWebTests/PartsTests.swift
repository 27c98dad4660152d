import AbideCore
import Foundation
import Testing
@testable import AbideWeb

@Suite struct HTMLTests {
    @Test("Text is escaped, markup is not, in content and attributes alike")
    func escaping() {
        let text = #"<img src=x onerror='a("&")'>"#
        let html: HTML = "<p title=\"\(text)\">\(text)\(HTML("<b>ok</b>"))</p>"
        let safe = "&lt;img src=x onerror=&#39;a(&quot;&amp;&quot;)&#39;&gt;"
        #expect(html.string == "<p title=\"\(safe)\">\(safe)<b>ok</b></p>")
    }

    @Test("An address that is no place to go becomes #", arguments: [
        ("/tickets/ABD-1042?a=1&b=2", "/tickets/ABD-1042?a=1&amp;b=2"), ("https://example.org/", "https://example.org/"), ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", "#"), ("JaVaScRiPt:alert(1)", "#"), ("//evil.example", "#"), ("/\\evil.example", "#"), ("/\t/evil.example", "#"), ("data:text/html,x", "#"), (" javascript:x", "#"),
    ])
    func addresses(url: String, expected: String) {
        let html: HTML = "\(url: url)"
        #expect(html.string == expected)
    }

    @Test("A hostile subject, name and label stay text on every page that shows them")
    func hostileText() {
        let evil = "\"><script>alert(1)</script><svg onload='x'>"
        var row = Example.rows[0]
        row.subject = evil
        row.client = evil
        row.assignee = PersonView(name: evil, isStaff: true)
        row.promise.missing = [evil]
        row.promise.reasons = ["accessAwaited": evil]
        var list = Example.list
        list.rows = [Example.drawn(row)]
        list.query = evil
        var ticket = Example.ticket(may: Set(TicketAct.allCases))
        ticket.subject = evil
        ticket.contact = PersonView(name: evil, isStaff: false, email: evil, phone: evil, note: evil)
        ticket.resolution.reasons = ["accessAwaited": evil]
        ticket.facts = [(evil, evil)]
        ticket.draft = evil
        ticket.suspensions = [SuspensionView(id: "1", reason: evil, note: evil, since: Example.now, by: evil, waitsForClient: true)]
        ticket.timeline = [.event(EventView(number: 1, type: evil, at: Example.now, sentence: evil)), .message(MessageView(id: "m", kind: .client, author: ticket.contact, via: evil, at: Example.now, body: "", attachments: [AttachmentView(name: evil, href: "javascript:x", size: 1)], delivery: evil))]
        let portal = PortalTicketView(ticket: ticket, site: evil, logger: evil, readerIsLogger: false, complaintsTo: evil, complaintWithin: evil, resolvedBy: evil, resolvedAt: nil)
        let mail = OutboxMailView(row: RenderedPages.mailRow, headers: [(evil, evil)], text: evil, html: evil, detail: evil)
        for html in [Pages.ticketList(list, Example.page(Example.maya)), Pages.ticket(ticket, Example.page(Example.maya)), Pages.portalTicket(portal, Example.page(Example.luis)), Pages.outboxMail(mail, Example.page(Example.maya))] {
            #expect(!html.string.contains("<script>alert") && !html.string.contains("<svg onload") && !html.string.contains("javascript:x"))
        }
    }

    @Test("An internal note never stands on a client's page, even if it was handed over")
    func notesStayInside() {
        let ticket = Example.ticket(may: [.reply])
        let portal = PortalTicketView(ticket: ticket, site: "", logger: "", readerIsLogger: true, complaintsTo: "", complaintWithin: "", resolvedBy: nil, resolvedAt: nil)
        #expect(!Pages.portalTicket(portal, Example.page(Example.luis)).string.contains("whose password was rotated"))
    }
}

@Suite struct AxisTests {
    let axis = Axis(open: Example.open(Example.at(10, 13), Example.at(13, 17)), now: Example.now, size: .large)

    @Test("Equal working time is equally wide; a night is folded to the same width wherever it is")
    func scale() {
        let hour = axis.x(Example.at(11, 9)) - axis.x(Example.at(11, 8))
        #expect(abs((axis.x(Example.at(13, 12)) - axis.x(Example.at(13, 11))) - hour) < 1e-9)
        let night = axis.x(Example.at(11, 8)) - axis.x(Example.at(10, 17))
        #expect(abs(night - 14 * 100 / 566) < 1e-9)
        #expect(axis.x(Example.at(10, 13)) == 0 && abs(axis.x(Example.at(13, 17)) - 100) < 1e-9)
        #expect(axis.x(Example.at(9, 8)) == 0 && abs(axis.x(Example.at(20, 8)) - 100) < 1e-9)
    }

    @Test("Time runs to the right without a jump, through nights and past the ends")
    func monotonous() {
        var last = -1.0
        var t = Example.at(10, 0)
        while t < Example.at(15, 0) {
            let x = axis.x(t)
            #expect(x >= last)
            last = x
            t = t + 601
        }
    }

    @Test("A weekend is folded as well, and many days leave room for the open time")
    func folds() {
        let long = Axis(open: Example.open(Example.at(2, 8), Example.at(31, 17)), now: Example.now, size: .small)
        let worked = long.pieces.reduce(0) { $0 + ($1.right - $1.left) }
        #expect(worked > 66 && abs((long.pieces.last?.right ?? 0) - 100) < 1e-6)
    }

    @Test("The ticket's axis goes from the open hour before the log to the end of the day of the last deadline")
    func ticketAxis() {
        let axis = Axis.ticket([Example.answered, Example.conveyor], now: Example.now, words: Example.dallas, open: Example.open)
        #expect(axis.from == Example.at(10, 13) && axis.to == Example.at(13, 17))
    }

    @Test("The list's axis goes from yesterday afternoon to the end of the next working day, over a weekend too")
    func listAxis() {
        let thursday = Axis.list(now: Example.now, words: Example.dallas, open: Example.open)
        #expect(thursday.from == Example.at(11, 14) && thursday.to == Example.at(13, 17))
        let friday = Axis.list(now: Example.at(13, 9), words: Example.dallas, open: Example.open)
        #expect(friday.from == Example.at(12, 14) && friday.to == Example.at(16, 17))
    }

    @Test("Targets of seconds get an axis of seconds")
    func secondsAxis() {
        let now = Example.now
        let clock = PromiseLineView(
            kind: .response,
            reading: ClockReading(state: .running, outcome: nil, targetSeconds: 20, startedAt: now - 5, due: now + 15, stoppedAt: nil, usedSeconds: 5, leftSeconds: 15, dueSoon: false), intervals: [])
        let axis = Axis.ticket([clock], now: now, words: Example.dallas) { [($0, $1)] }
        #expect(axis.to - axis.from < 120 && axis.x(now + 15) > axis.x(now) + 10)
    }
}

@Suite struct PromiseLineTests {
    @Test("A suspended clock shows no flag, a running one shows it where it is due")
    func flags() {
        let suspended = Example.clock(.resolution, start: Example.at(11, 8), target: 18, suspended: [(Example.at(11, 15), Example.at(30, 8))])
        let axis = Axis(open: Example.open(Example.at(10, 13), Example.at(13, 17)), now: Example.now, size: .medium)
        #expect(!PromiseLine.medium(suspended, axis: axis, words: Example.dallas).string.contains("class=\"pl-f"))
        var d = Drawing()
        d.percent(axis.x(Example.at(13, 12, 6)))
        let running = PromiseLine.medium(Example.conveyor, axis: axis, words: Example.dallas).string
        #expect(running.contains("<g class=\"pl-f\"><svg x=\"\(d.html.string)\""))
    }

    @Test("Missed is red only behind the flag, up to now")
    func missed() {
        let axis = Axis(open: Example.open(Example.at(11, 8), Example.at(13, 17)), now: Example.now, size: .small)
        let clock = Example.clock(.response, start: Example.at(11, 9), target: 9)
        let svg = PromiseLine.small(clock, axis: axis).string
        var from = Drawing(), width = Drawing()
        from.percent(axis.x(Example.at(12, 9)))
        width.percent(axis.x(Example.now) - axis.x(Example.at(12, 9)))
        #expect(svg.contains("<rect class=\"pl-m miss\" x=\"\(from.html.string)\" y=\"10.5\" width=\"\(width.html.string)\""))
        #expect(svg.components(separatedBy: "pl-m miss").count == 2)
    }

    @Test("C7 the ledger's used and left are the target, to the minute")
    func ledger() {
        let html = Ledger.html(Example.conveyor, axis: Axis.ticket([Example.conveyor], now: Example.now, words: Example.dallas, open: Example.open), words: Example.dallas, agreement: "", ref: "ABD-1042").string
        for row in ["14:31–17:00</td><td>2 h 29 m", "11:10–17:00 suspended</td><td>(5 h 50 m)", "08:00–08:45 suspended</td><td>(45 m)", "08:45–10:42 now</td><td>1 h 57 m", "08:00–12:06</td><td>4 h 06 m", ">7 h 36 m<", ">10 h 24 m<", ">18 h<"] {
            #expect(html.contains(row), "\(row)")
        }
        for used in stride(from: Int64(0), through: 64_800, by: 77) {
            let minutes = { (text: String) in
                let parts = text.split(separator: " ")
                return zip(parts, parts.dropFirst()).reduce(0) { $0 + ($1.1 == "h" ? 60 : $1.1 == "m" ? 1 : 0) * (Int($1.0) ?? 0) }
            }
            #expect(minutes(DurationWords.say(used, target: 64_800)) + minutes(DurationWords.say(64_800 - used, target: 64_800, rounding: .up)) == 1080)
        }
    }

    @Test("The list groups by what is promised: missed, today, the next day by name, later, suspended, not started, as soon as possible")
    func groups() {
        let groups = TicketGroup.groups(Example.list.rows.reversed(), Example.page(Example.maya))
        #expect(groups.map(\.title) == ["Missed", "Today", "Friday 13 March", "Later", "Suspended", "Not started", "As soon as possible"])
        #expect(groups[1].rows.map(\.ref) == ["ABD-1050", "ABD-1049", "ABD-1048", "ABD-1046"])
    }

    @Test("Of a ticket's clocks the list speaks of the missed one, else of the earlier deadline, else of the suspended one")
    func promisedNext() {
        let missed = Example.clock(.response, start: Example.at(11, 8), target: 9)
        let suspended = Example.clock(.resolution, start: Example.at(11, 8), target: 18, suspended: [(Example.at(11, 15), Example.at(30, 8))])
        #expect(PromiseLineView.promisedNext([Example.conveyor, missed])?.kind == .response)
        #expect(PromiseLineView.promisedNext([Example.answered, suspended])?.state == .suspended)
        #expect(PromiseLineView.promisedNext([Example.answered, Example.conveyor])?.kind == .resolution)
    }
}
