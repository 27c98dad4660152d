import AbideCore

extension Pages {
    static func ticketList(_ view: TicketListView, _ page: PageContext) -> HTML {
        let groups = TicketGroup.groups(view.rows, page)
        let missed = view.rows.count { $0.state == .missed }
        let soon = view.rows.count { $0.state == .dueSoon }
        let count = view.total ?? view.rows.count
        var list: HTML = ""
        for (i, group) in groups.enumerated() { list += section(group, line: view.line, isFirst: i == 0) }
        return Shell.staff(view.title, page, bar: """
            <h1>\(view.title)</h1><p class="sum dim" data-part="sum">\(count == 1 ? "1 ticket" : "\(count) tickets")\(if: missed > 0, ", \(missed) missed")\(if: soon > 0, ", \(soon) due soon")</p>\
            <div class="acts">\(if: view.mayLog, "<a class=\"btn\" data-key=\"c\" href=\"/tickets/new\">\(Icon.plus.html)Log a ticket <kbd>C</kbd></a>")</div>
            """, main: """
            \(Bits.refusal(page.refusal))\
            <div class="filters">\(each: view.filters, { "<span class=\"chip\">\($0)</span>" })\(if: !view.query.isEmpty, "<span class=\"chip\">“\(view.query)” <a href=\"/tickets\">all</a></span>\(saving(view, page))")<span class="dim hours">\(view.hours)</span></div>\
            <div class="list" data-part="list">\(if: view.rows.isEmpty, empty(view, page), else: "\(view.line.shared)\(list)")</div>\
            \(ManyBar.html(view.many, page))\
            \(if: view.next != nil, "<p class=\"more\"><a class=\"btn\" rel=\"next\" href=\"\(url: view.next ?? "")\">More</a></p>")\
            <p class="keys" aria-hidden="true"><span><kbd>J</kbd><kbd>K</kbd> move</span><span><kbd>↵</kbd> open</span>\(if: !view.many.acts.isEmpty, "<span><kbd>X</kbd> select</span>")<span><kbd>C</kbd> log a ticket</span><span><kbd>/</kbd> find</span><span class="last"><kbd>?</kbd> all keys</span></p>
            """, style: view.many.acts.isEmpty ? "listing" : "listing many")
    }

    /// Keeps a search as a view in the sidebar, or takes it out again.
    private static func saving(_ view: TicketListView, _ page: PageContext) -> HTML {
        if let id = view.saved { return id == 0 ? "<span class=\"chip\">shared view</span>" : Bits.button("Forget this view", "/views/\(id)/deletion", page, style: "ghost") }
        return """
            <details class="pop save-view"><summary class="btn ghost">Save as a view</summary><form class="pop-body" method="post" action="/views">\(Bits.csrf(page))<input type="hidden" name="q" value="\(view.query)">\
            \(Bits.field("Name", name: "name", id: "f-view", isRequired: true))<label class="tick"><input type="checkbox" name="shared" value="on"><span>For all staff</span></label><div class="row"><button class="btn primary">Save</button></div></form></details>
            """
    }

    private static func section(_ group: TicketGroup, line: PromiseLine.List, isFirst: Bool) -> HTML {
        """
        <section class="group"><div class="group-head\(if: isFirst, " first")"><h2>\(group.title) <span>\(group.rows.count)</span></h2>\
        <div class="axis">\(if: isFirst, line.scale, else: line.through)</div>\(if: isFirst, "<span class=\"left-head\" aria-hidden=\"true\">Time left</span>")</div>\
        <ul>\(each: group.rows, \.html)</ul></section>
        """
    }

    private static func empty(_ view: TicketListView, _ page: PageContext) -> HTML {
        let isSearch = !view.query.isEmpty
        return """
            <div class="empty">\(if: !isSearch, emptyDay(view.line.axis, page.words))\
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

extension DrawnRow {
    /// - Parameters:
    ///   - words: the reader's time.
    ///   - now: the instant at which the row's clock was read.
    init(_ row: TicketRow, line: PromiseLine.List, words: TimeWords, now: Instant) {
        let state = row.promise.state
        self.init(ref: row.ref, state: state, reading: row.promise.reading, html: """
            <li class="trow\(if: row.isUnread, " unread")" data-ref="\(row.ref)"><label class="pick"><input type="checkbox" name="ref" value="\(row.ref)" form="many"><span class="hidden">Select \(row.ref)</span></label>\(Bits.severity(row.severity, name: row.severityName))\
            <span class="ref">\(row.ref)</span>\
            <div class="what"><a href="/tickets/\(row.ref)">\(row.subject)</a><span>\(row.client)</span></div>\
            \(Bits.initials(row.assignee, size: 22))\
            <div class="axis">\(line.row(row.promise))</div>\
            <div class="left t-\(state.rawValue)"><b>\(row.promise.headline)\(if: state == .running || state == .dueSoon, "<span class=\"hidden\"> left</span>")</b><span>\(row.promise.secondLine(words, now: now))</span></div></li>
            """)
    }
}

/// A heading of the list: what is promised, in the order in which it is.
struct TicketGroup {
    var title: String
    var rows: [DrawnRow]

    /// Missed, today, the next day with a deadline by name, later, suspended, not started, as soon as possible, and what is done.
    static func groups(_ rows: [DrawnRow], _ page: PageContext) -> [TicketGroup] {
        let words = page.words
        let today = words.wall(page.now).dayNumber
        var buckets: [Kind: [(key: Int64, row: DrawnRow)]] = [:]
        var running: [(day: Int, due: Instant, row: DrawnRow)] = []
        for row in rows {
            let reading = row.reading
            let due = reading.due ?? Instant(.max)
            switch row.state {
            case .missed: buckets[.missed, default: []].append((due.seconds, row))
            case .running, .dueSoon: running.append((reading.due.map { words.wall($0).dayNumber } ?? .max, due, row))
            case .suspended: buckets[.suspended, default: []].append((reading.leftSeconds ?? 0, row))
            case .notStarted: buckets[.notStarted, default: []].append((0, row))
            case .open: buckets[.open, default: []].append((-reading.usedSeconds, row))
            case .met, .late, .ended: buckets[.done, default: []].append((-(reading.stoppedAt?.seconds ?? 0), row))
            }
        }
        let next = running.lazy.filter { $0.day > today }.min { $0.due < $1.due }
        for one in running {
            let kind: Kind = one.day <= today ? .today : one.day == next?.day ? .next : .later
            buckets[kind, default: []].append((one.due.seconds, one.row))
        }
        return Kind.allCases.compactMap { kind in
            guard let bucket = buckets[kind] else { return nil }
            let title = kind == .next ? next.map { words.longDay($0.due, now: page.now) } ?? "" : kind.rawValue
            return TicketGroup(title: title, rows: bucket.sorted { ($0.key, $0.row.ref) < ($1.key, $1.row.ref) }.map(\.row))
        }
    }

    /// In the order of the page.
    private enum Kind: String, CaseIterable {
        case missed = "Missed", today = "Today", next = "", later = "Later", suspended = "Suspended", notStarted = "Not started"
        case open = "As soon as possible", done = "Done"
    }
}
