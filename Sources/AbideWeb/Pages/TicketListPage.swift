import AbideCore

extension Pages {
    static func ticketList(_ view: TicketListView, _ page: PageContext) -> HTML {
        let groups = TicketGroup.groups(view.rows, page)
        let missed = view.rows.count { $0.promise.state == .missed }
        let soon = view.rows.count { $0.promise.state == .dueSoon }
        let count = view.total ?? view.rows.count
        let line = PromiseLine.List(axis: view.axis)
        var list: HTML = ""
        for (i, group) in groups.enumerated() { list += section(group, line: line, isFirst: i == 0, page) }
        return Shell.staff(view.title, page, bar: """
            <h1>\(view.title)</h1><p class="sum dim" data-part="sum">\(count == 1 ? "1 ticket" : "\(count) tickets")\(if: missed > 0, ", \(missed) missed")\(if: soon > 0, ", \(soon) due soon")</p>\
            <div class="acts">\(if: view.mayLog, "<a class=\"btn\" data-key=\"c\" href=\"/tickets/new\">\(Icon.plus.html)Log a ticket <kbd>C</kbd></a>")</div>
            """, main: """
            \(Bits.refusal(page.refusal))\
            <div class="filters">\(each: view.filters, { "<span class=\"chip\">\($0)</span>" })\(if: !view.query.isEmpty, "<span class=\"chip\">“\(view.query)” <a href=\"/tickets\">all</a></span>")<span class="dim hours">\(view.hours)</span></div>\
            <div class="list" data-part="list">\(if: view.rows.isEmpty, empty(view, page), else: "\(line.shared)\(list)")</div>\
            \(if: view.next != nil, "<p class=\"more\"><a class=\"btn\" rel=\"next\" href=\"\(url: view.next ?? "")\">More</a></p>")\
            <p class="keys" aria-hidden="true"><span><kbd>J</kbd><kbd>K</kbd> move</span><span><kbd>↵</kbd> open</span><span><kbd>C</kbd> log a ticket</span><span><kbd>/</kbd> find</span><span class="last"><kbd>?</kbd> all keys</span></p>
            """, style: "listing")
    }

    private static func section(_ group: TicketGroup, line: PromiseLine.List, isFirst: Bool, _ page: PageContext) -> HTML {
        """
        <section class="group"><div class="group-head\(if: isFirst, " first")"><h2>\(group.title) <span>\(group.rows.count)</span></h2>\
        <div class="axis">\(if: isFirst, line.scale(page.words), else: line.through)</div>\(if: isFirst, "<span class=\"left-head\" aria-hidden=\"true\">Time left</span>")</div>\
        <ul>\(each: group.rows, { row($0, line: line, page) })</ul></section>
        """
    }

    private static func row(_ row: TicketRow, line: PromiseLine.List, _ page: PageContext) -> HTML {
        let state = row.promise.state
        return """
            <li class="trow\(if: row.isUnread, " unread")" data-ref="\(row.ref)">\(Bits.severity(row.severity, name: row.severityName))\
            <span class="ref">\(row.ref)</span>\
            <div class="what"><a href="/tickets/\(row.ref)">\(row.subject)</a><span>\(row.client)</span></div>\
            \(Bits.initials(row.assignee, size: 22))\
            <div class="axis">\(line.row(row.promise))</div>\
            <div class="left t-\(state.rawValue)" title="\(row.promise.sentence(page.words, now: page.now))"><b>\(row.promise.headline)</b><span>\(row.promise.secondLine(page.words, now: page.now))</span></div></li>
            """
    }

    private static func empty(_ view: TicketListView, _ page: PageContext) -> HTML {
        let isSearch = !view.query.isEmpty
        return """
            <div class="empty">\(if: !isSearch, emptyDay(view.axis, page.words))\
            <h2>\(if: isSearch, "Nothing found for “\(view.query)”.", else: "Nothing is promised here.")</h2>\
            <p>\(if: isSearch, "Try a reference, a client or a word of the subject.", else: "No ticket stands in this list. What comes in appears by itself.")</p>\
            <p class="row"><a class="btn primary" href="/tickets">Promised next</a>\(if: view.mayLog, "<a class=\"btn\" href=\"/tickets/new\">Log a ticket</a>")</p></div>
            """
    }

    /// Today's open hours with the now mark: the whole picture when there is nothing to show on it.
    private static func emptyDay(_ axis: Axis, _ words: TimeWords) -> HTML {
        let today = axis.pieces.filter { words.sameDay($0.from, axis.now) }.map { (from: $0.from, to: $0.to) }
        guard !today.isEmpty else { return "" }
        let day = Axis(open: today, now: axis.now, size: .medium)
        var d = Drawing()
        d.raw("<svg class=\"pl\" width=\"100%\" height=\"66\" aria-hidden=\"true\">")
        PromiseTrack.track(day, .medium, into: &d)
        d.text("pl-t", x: 0, y: 62, "\(words.clock(day.from))")
        d.text("pl-t", x: 100, y: 62, anchor: .end, "\(words.clock(day.to))")
        if day.now >= day.from, day.now <= day.to {
            d.line("pl-n", x1: day.x(day.now), y1: 17, x2: day.x(day.now), y2: 53)
            AxisWords.pill(day.x(day.now), width: 42, words.clock(day.now), into: &d)
        }
        d.raw("</svg>")
        return d.html
    }
}

/// A heading of the list: what is promised, in the order in which it is.
struct TicketGroup {
    var title: String
    var rows: [TicketRow]

    /// Missed, today, the next day with a deadline by name, later, suspended, not started, as soon as possible, and what is done.
    static func groups(_ rows: [TicketRow], _ page: PageContext) -> [TicketGroup] {
        let words = page.words
        func due(_ row: TicketRow) -> Instant { row.promise.reading.due ?? Instant(.max) }
        let running = rows.filter { [.running, .dueSoon].contains($0.promise.state) }
        let nextDay = running.map(due).filter { !words.sameDay($0, page.now) && $0 > page.now }.min()
        func sorted(_ rows: [TicketRow], by key: (TicketRow) -> Int64) -> [TicketRow] {
            rows.sorted { (key($0), $0.ref) < (key($1), $1.ref) }
        }
        func of(_ states: PromiseState...) -> [TicketRow] { rows.filter { states.contains($0.promise.state) } }
        let isToday = { (row: TicketRow) in words.sameDay(due(row), page.now) || due(row) <= page.now }
        let isNext = { (row: TicketRow) in nextDay.map { words.sameDay(due(row), $0) } ?? false }
        let groups = [
            TicketGroup(title: "Missed", rows: sorted(of(.missed)) { due($0).seconds }),
            TicketGroup(title: "Today", rows: sorted(running.filter(isToday)) { due($0).seconds }),
            TicketGroup(title: nextDay.map { words.longDay($0, now: page.now) } ?? "", rows: sorted(running.filter { !isToday($0) && isNext($0) }) { due($0).seconds }),
            TicketGroup(title: "Later", rows: sorted(running.filter { !isToday($0) && !isNext($0) }) { due($0).seconds }),
            TicketGroup(title: "Suspended", rows: sorted(of(.suspended)) { $0.promise.reading.leftSeconds ?? 0 }),
            TicketGroup(title: "Not started", rows: sorted(of(.notStarted)) { _ in 0 }),
            TicketGroup(title: "As soon as possible", rows: sorted(of(.open)) { -$0.promise.reading.usedSeconds }),
            TicketGroup(title: "Done", rows: sorted(of(.met, .late, .ended)) { -($0.promise.reading.stoppedAt?.seconds ?? 0) }),
        ]
        return groups.filter { !$0.rows.isEmpty }
    }
}
