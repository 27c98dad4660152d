import AbideCore
import AbideDesk

extension Pages {
    static func ticketList(_ view: TicketListView, _ page: PageContext) -> HTML {
        let groups = TicketGroup.groups(view.rows, by: view.display.sort, page)
        let extras = view.display.extras
        let style = ["listing", view.many.acts.isEmpty ? "" : "many", extras.isEmpty ? "" : "extras-\(extras.count)", view.display.columns.contains(.promise) ? "" : "lineless"].filter { !$0.isEmpty }.joined(separator: " ")
        let missed = view.rows.count { $0.state == .missed }
        let soon = view.rows.count { $0.state == .dueSoon }
        let count = view.total ?? view.rows.count
        var list: HTML = ""
        for (i, group) in groups.enumerated() { list += section(group, view, isFirst: i == 0) }
        return Shell.staff(view.title, page, bar: """
            <h1>\(view.title)</h1><p class="sum dim" data-part="sum">\(count == 1 ? say("1 ticket") : say("\(count) tickets"))\(if: missed > 0, "\(say: ", \(missed) missed")")\(if: soon > 0, "\(say: ", \(soon) due soon")")</p>\
            <div class="acts">\(displayForm(view))\(if: view.mayLog, "<a class=\"btn\" data-key=\"c\" href=\"/tickets/new\">\(Icon.plus.html)\(say: "Log a ticket <kbd>C</kbd>")</a>")</div>
            """, main: """
            \(Bits.refusal(page.refusal))\
            <div class="filters">\(each: view.filters, { "<span class=\"chip\">\($0)</span>" })\(if: !view.query.isEmpty, "<span class=\"chip\">“\(view.query)” <a href=\"/tickets\">\(say: "all")</a></span>")\(if: !view.query.isEmpty || !view.display.isUsual, saving(view, page))<span class="dim hours">\(view.hours)</span></div>\
            <div class="list" data-part="list">\(if: view.rows.isEmpty, empty(view, page), else: "\(view.line.shared)\(columnHeads(view.display))\(list)")</div>\
            \(ManyBar.html(view.many, page))\
            \(if: view.next != nil, "<p class=\"more\"><a class=\"btn\" rel=\"next\" href=\"\(url: view.next ?? "")\">\(say: "More")</a></p>")\
            <p class="keys" aria-hidden="true"><span>\(say: "<kbd>J</kbd><kbd>K</kbd> move")</span><span>\(say: "<kbd>↵</kbd> open")</span>\(if: !view.many.acts.isEmpty, "<span>\(say: "<kbd>X</kbd> select")</span>")<span>\(say: "<kbd>C</kbd> log a ticket")</span><span>\(say: "<kbd>/</kbd> find")</span><span class="last">\(say: "<kbd>?</kbd> all keys")</span></p>
            """, style: style, isLight: true)
    }

    /// Keeps a search as a view in the sidebar, or takes it out again.
    private static func saving(_ view: TicketListView, _ page: PageContext) -> HTML {
        if let id = view.saved, view.display.isUsual { return id == 0 ? "<span class=\"chip\">\(say: "shared view")</span>" : Bits.button(say("Forget this view"), "/views/\(id)/deletion", page, style: "ghost") }
        return """
            \(if: (view.saved ?? 0) != 0, Bits.button(say("Keep so in this view"), "/views/\(view.saved ?? 0)", page, style: "ghost", fields: [("q", view.display.query)]))\
            <details class="pop save-view"><summary class="btn ghost">\(say: "Save as a view")</summary><form class="pop-body" method="post" action="/views">\(Bits.csrf(page))<input type="hidden" name="q" value="\(view.display.query)">\
            \(Bits.field(say("Name"), name: "name", id: "f-view", isRequired: true))<label class="tick"><input type="checkbox" name="shared" value="on"><span>\(say: "For all staff")</span></label><div class="row"><button class="btn primary">\(say: "Save")</button></div></form></details>
            """
    }

    /// Order and columns, for a phone as well, where no heads of columns are.
    private static func displayForm(_ view: TicketListView) -> HTML {
        let display = view.display
        let parts = display.path.split(separator: "?", maxSplits: 1)
        let kept = parts.count > 1 ? Form.urlEncoded(parts[1]).fields : []
        let orders = TicketSort.allCases.filter { $0 != .relevance || display.hasWords }
        return """
            <details class="pop display"><summary class="btn ghost">\(say: "Display")</summary><form class="pop-body" action="/tickets">\(each: kept, { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })\
            \(Bits.select(say("Order"), name: "sort", orders.map { Choice(value: $0.rawValue, label: $0.words, isChosen: $0 == display.sort) }, id: "f-sort"))\
            <fieldset class="ticks"><legend>\(say: "Columns")</legend><input type="hidden" name="columns" value="none">\(each: ListColumn.allCases, { column in
                "<label class=\"tick\"><input type=\"checkbox\" name=\"columns\" value=\"\(column.rawValue)\"\(if: display.columns.contains(column), " checked")><span>\(column.title)</span></label>"
            })</fieldset><div class="row"><button class="btn primary">\(say: "Show")</button>\(if: !display.isUsual, "<a class=\"btn ghost\" href=\"\(url: display.path)\">\(say: "As usual")</a>")</div></form></details>
            """
    }

    /// What a click on its head orders the list by; a second click turns the order round.
    private static func columnHeads(_ display: ListDisplay) -> HTML {
        func head(_ title: String, _ sort: TicketQuery.Sort) -> HTML {
            let isCurrent = display.sort == sort || display.sort == sort.reversed
            let isDown = display.sort.rawValue.hasPrefix("-")
            return """
                <a href="\(url: display.address(display.sort == sort ? sort.reversed : sort))"\(if: isCurrent, " aria-current=\"true\"")>\(title)\
                \(if: isCurrent, "<span aria-hidden=\"true\">\(isDown ? "↓" : "↑")</span><span class=\"hidden\">\(say: ", in this order")\(if: display.sort != sort, "\(say: ", turned round")")</span>")</a>
                """
        }
        let spare: [(String, TicketQuery.Sort)] = [(say("Client"), .client)] + (display.columns.contains(.logged) ? [] : [(say("Logged"), .logged)]) + (display.columns.contains(.updated) ? [] : [(say("Updated"), .updated)])
        return """
            <nav class="col-heads" aria-label="\(say: "Order of the list")">\(head(say("Severity"), .severity))<div>\(each: spare, { head($0.0, $0.1) })</div>\
            \(if: !display.extras.isEmpty, "<div class=\"extras\">\(each: display.extras, { $0 == .logged ? head($0.title, .logged) : $0 == .updated ? head($0.title, .updated) : "<span>\($0.title)</span>" })</div>")\
            \(head(say("Due"), .due))</nav>
            """
    }

    private static func section(_ group: TicketGroup, _ view: TicketListView, isFirst: Bool) -> HTML {
        """
        <section class="group"><div class="group-head\(if: isFirst, " first")"><h2>\(group.title) <span>\(group.rows.count)</span></h2>\
        \(if: view.display.columns.contains(.promise), "<div class=\"axis\">\(if: isFirst, view.line.scale, else: view.line.through)</div>")\(if: isFirst, "<span class=\"left-head\" aria-hidden=\"true\">\(say: "Time left")</span>")</div>\
        <ul>\(each: group.rows, \.html)</ul></section>
        """
    }

    private static func empty(_ view: TicketListView, _ page: PageContext) -> HTML {
        let isSearch = !view.query.isEmpty
        return """
            <div class="empty">\(if: !isSearch, emptyDay(view.line.axis, page.words))\
            <h2>\(if: isSearch, "\(say: "Nothing found for “\(view.query)”.")", else: "\(say: "Nothing is promised here.")")</h2>\
            <p>\(if: isSearch, "\(say: "Try a reference, a client or a word of the subject.")", else: "\(say: "No ticket stands in this list. What comes in appears by itself.")")</p>\
            <p class="row"><a class="btn primary" href="/tickets">\(say: "Promised next")</a>\(if: view.mayLog, "<a class=\"btn\" href=\"/tickets/new\">\(say: "Log a ticket")</a>")</p></div>
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
    ///   - columns: what is shown of it besides.
    ///   - words: the reader's time.
    ///   - now: the instant at which the row's clock was read.
    convenience init(_ row: TicketRow, line: PromiseLine.List, columns: [ListColumn] = [.promise], words: TimeWords, now: Instant) {
        let state = row.promise.state
        let extras = columns.filter { $0 != .promise }
        func cell(_ column: ListColumn) -> String {
            switch column {
            case .promise: ""
            case .status: row.status
            case .department: row.department
            case .assignee: row.assignee?.name ?? say("Nobody")
            case .logged: words.stamp(row.loggedAt, now: now)
            case .updated: words.stamp(row.updatedAt, now: now)
            }
        }
        self.init(ref: row.ref, state: state, reading: row.promise.reading, client: row.clientName, severity: row.severityName, html: """
            <li class="trow\(if: row.isUnread, " unread")" data-ref="\(row.ref)"><label class="box"><input type="checkbox" name="ref" value="\(row.ref)" form="many" aria-label="\(say: "Select \(row.ref)")"></label>\(Bits.severity(row.severity, name: row.severityName))\
            <span class="ref">\(row.ref)</span>\
            <div class="what"><a href="/tickets/\(row.ref)">\(row.subject)</a><span>\(row.client)</span></div>\
            \(Bits.initials(row.assignee, size: 22))\
            \(if: !extras.isEmpty, "<div class=\"extras\">\(each: extras, { "<span>\(cell($0))</span>" })</div>")\
            \(if: columns.contains(.promise), "<div class=\"axis\">\(line.row(row.promise))</div>")\
            <div class="left t-\(state.rawValue)"><b>\(row.promise.headline)\(if: state == .running || state == .dueSoon, "<span class=\"hidden\"> \(say: "left")</span>")</b><span>\(row.promise.secondLine(words, now: now))</span></div></li>
            """)
    }
}

/// A heading of the list: what is promised, in the order in which it is.
struct TicketGroup {
    var title: String
    var rows: [DrawnRow]

    /// - Parameter sort: by what is promised next the groups are the promises; in any other order they follow it.
    static func groups(_ rows: [DrawnRow], by sort: TicketQuery.Sort, _ page: PageContext) -> [TicketGroup] {
        let title: (DrawnRow) -> String
        switch sort {
        case .due: return groups(rows, page)
        case .client, .clientReversed: title = { $0.client.isEmpty ? say("Not known yet") : $0.client }
        case .severity, .severityReversed: title = { $0.severity.isEmpty ? say("Not rated") : $0.severity }
        case .dueReversed, .logged, .loggedReversed, .updated, .updatedReversed, .relevance: title = { _ in sort.words }
        }
        return rows.reduce(into: []) { groups, row in
            let name = title(row)
            if groups.last?.title == name { groups[groups.count - 1].rows.append(row) } else { groups.append(TicketGroup(title: name, rows: [row])) }
        }
    }

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
            let title = kind == .next ? next.map { words.longDay($0.due, now: page.now) } ?? "" : kind.title
            return TicketGroup(title: title, rows: bucket.sorted { ($0.key, $0.row.ref) < ($1.key, $1.row.ref) }.map(\.row))
        }
    }

    /// In the order of the page.
    private enum Kind: CaseIterable {
        case missed, today, next, later, suspended, notStarted, open, done

        var title: String {
            switch self {
            case .missed: say("Missed")
            case .today: say("Today")
            case .next: ""
            case .later: say("Later")
            case .suspended: say("Suspended")
            case .notStarted: say("Not started")
            case .open: say("As soon as possible")
            case .done: say("Done")
            }
        }
    }
}
