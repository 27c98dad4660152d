import AbideCore
import AbideDesk

extension Pages {
    /// The desk's now: what is promised in the next hours, to whom, by whom, and what waits for somebody.
    static func overview(_ view: OverviewView, _ page: PageContext) -> HTML {
        Shell.staff(say("Now"), page, bar: """
            <h1>\(say: "Now")</h1><p class="sum dim">\(page.words.longDay(page.now)), \(page.words.clock(page.now))\(if: !view.openWords.isEmpty, ", \(view.openWords)")</p>\
            <div class="acts"><form class="pick" action="/now"><label class="hidden" for="department">\(say: "Department")</label><select id="department" name="department" data-go><option value="">\(say: "All departments")</option>\(each: view.departments, { "<option value=\"\($0.value)\"\(if: $0.isChosen, " selected")>\($0.label)</option>" })</select><button class="btn">\(say: "Show")</button></form></div>
            """, main: """
            <div class="now" data-part="now"><p class="says">\(sentence(view))</p>\
            <dl class="figures-row">\(figure(view.open, say("open"), ""))\(figure(view.missed, say("missed"), "t-missed"))\(figure(view.soon, say("due soon"), "t-dueSoon"))\(figure(view.suspended, say("suspended"), "t-suspended"))\(figure(view.notStarted, say("not started"), ""))</dl>\
            \(if: !view.isWhole, "<p class=\"dim\">\(say: "By state, the \(view.missed + view.soon + view.suspended + view.notStarted) that are promised first are counted.")</p>")\
            <section><h2>\(say: "Promised in the next working hours") <span>\(say: "each square is one promise, its figure the severity")</span></h2><div class="hours-chart" tabindex="0" role="list">\(each: view.columns, { column($0, view) })</div></section>\
            \(if: !view.escalations.isEmpty, "<section><h2>\(say: "Escalations") <span>\(say: "\(view.escalations.count) running, each with its rungs")</span></h2><ul class=\"card rows\">\(each: view.escalations, { escalation($0.row, $0.axis, view, page) })</ul></section>")\
            <div class="now-cols"><section><h2>\(say: "By client") <span>\(say: "what is promised to whom")</span></h2>\(byClient(view, page))</section>\
            <section><h2>\(say: "Load") <span>\(say: "open promises")</span></h2><ul class="load">\(each: view.load, { load($0) })</ul><p class="legend-row dim"><i class="miss"></i>\(say: "missed") <i class="soon"></i>\(say: "due soon") <i class="run"></i>\(say: "running") <i class="susp"></i>\(say: "suspended")</p></section></div>\
            \(each: [true, false], { yours in waiting(view.waiting.filter { $0.isYours == yours }, title: yours ? say("Waiting for you") : say("Waiting for others")) })</div>
            """, style: "overview")
    }

    /// The page's first line says the one thing that matters.
    private static func sentence(_ view: OverviewView) -> String {
        if view.missed > 0 { return view.missed == 1 ? say("One promise is missed and still open.") : say("\(view.missed) promises are missed and still open.") }
        if view.soon > 0 { return view.soon == 1 ? say("One promise falls due soon. None is missed.") : say("\(view.soon) promises fall due soon. None is missed.") }
        return view.open == 0 ? say("Nothing is promised now.") : say("Every open promise is within its time.")
    }

    private static func figure(_ n: Int, _ label: String, _ style: String) -> HTML { "<div><dt>\(label)</dt><dd class=\"\(if: n > 0, "\(style)")\">\(n)</dd></div>" }

    private static func column(_ column: OverviewView.Column, _ view: OverviewView) -> HTML {
        let shown = column.promises.prefix(9), rest = column.promises.count - shown.count
        return """
            <div class="hour" role="listitem"><p class="day">\(column.day)</p><div class="squares">\(if: rest > 0, "<span class=\"rest\">+\(rest)</span>")\(each: shown.reversed(), { promise in
                square(promise, view)
            })</div><p class="oclock">\(column.label)\(if: column.promises.isEmpty, "<span class=\"hidden\">\(say: ": nothing")</span>")</p></div>
            """
    }

    private static func square(_ promise: OverviewView.Promise, _ view: OverviewView) -> HTML {
        let figure: String = if let severity = promise.severity { "\(severity)" } else { "?" }
        let label = say("\(promise.ref), severity \(figure), \(promise.state.word): \(promise.subject)")
        guard view.mayRead else { return "<span class=\"sq \(promise.state.style)\" title=\"\(promise.ref)\">\(figure)</span>" }
        return "<a class=\"sq \(promise.state.style)\" href=\"/tickets/\(promise.ref)\" title=\"\(label)\"><span aria-hidden=\"true\">\(figure)</span><span class=\"hidden\">\(label)</span></a>"
    }

    private static func escalation(_ row: TicketRow, _ axis: Axis, _ view: OverviewView, _ page: PageContext) -> HTML {
        """
        <li class="esc">\(Bits.severity(row.severity, name: row.severityName))<div>\(if: view.mayRead, "<a href=\"/tickets/\(row.ref)\">\(row.subject)</a>", else: "<b>\(row.ref)</b>")<span>\(row.ref), \(row.client)\(if: row.assignee != nil, ", \(row.assignee?.name ?? "")")</span></div>\
        \(PromiseLine.small(row.promise, axis: axis.sized(.small), sentence: row.promise.sentence(page.words, now: page.now)))<div class="left t-\(row.promise.state.rawValue)"><b>\(row.promise.headline)</b><span>\(told(row.promise))</span></div></li>
        """
    }

    private static func told(_ promise: PromiseLineView) -> String {
        let done = promise.steps.filter(\.done).map(\.who)
        return done.isEmpty ? say("nobody is told yet") : say("\(done.joined(separator: ", ")) told")
    }

    private static func byClient(_ view: OverviewView, _ page: PageContext) -> HTML {
        guard !view.clients.isEmpty else { return "<p class=\"dim\">\(say: "No client has an open ticket.")</p>" }
        func cell(_ n: Int, _ style: String) -> HTML { "<td class=\"num \(if: n > 0, "\(style)")\">\(if: n > 0, "\(n)", else: "<span class=\"dim\">0</span>")</td>" }
        return """
            <div class="scroll" tabindex="0"><table class="table clients"><thead><tr><th scope="col">\(say: "Client")</th><th scope="col" class="num">\(say: "Open")</th><th scope="col" class="num">\(say: "Missed")</th><th scope="col" class="num">\(say: "Due soon")</th><th scope="col" class="num">\(say: "Suspended")</th><th scope="col" class="num">\(say: "Not started")</th><th scope="col">\(say: "Promised next")</th></tr></thead><tbody>\
            \(each: view.clients, { row in "<tr><th scope=\"row\">\(if: row.id != nil && view.mayRead, "<a href=\"/tickets?view=client:\(row.id ?? 0)\">\(row.name)</a>", else: "\(row.name)")</th>\(cell(row.open, ""))\(cell(row.missed, "t-missed"))\(cell(row.soon, "t-dueSoon"))\(cell(row.suspended, "t-suspended"))\(cell(row.notStarted, ""))<td>\(if: row.next != nil, "\(page.words.stamp(row.next ?? page.now, now: page.now))", else: "<span class=\"dim\">\(say: "nothing")</span>")</td></tr>" as HTML })</tbody></table></div>
            """
    }

    private static func load(_ load: OverviewView.Load) -> HTML {
        let parts: [(style: HTML, count: Int)] = [("miss", load.missed), ("soon", load.soon), ("run", load.running), ("susp", load.suspended)]
        // One unit is one promise up to twelve of them; beyond that each kind is drawn in its share of twelve.
        let scale = load.total > 12 ? 12.0 / Double(load.total) : 1
        return """
            <li>\(Bits.initials(load.person, size: 28))<span>\(load.person?.name ?? say("Unassigned"))</span><span class="bars" role="img" aria-label="\(say: "\(load.missed) missed, \(load.soon) due soon, \(load.running) running, \(load.suspended) suspended")">\
            \(each: parts, { bars($0.style, max($0.count > 0 ? 1 : 0, Int((Double($0.count) * scale).rounded()))) })</span><b>\(load.total)</b></li>
            """
    }

    private static func bars(_ style: HTML, _ count: Int) -> HTML { "\(each: 0..<count, { _ in "<i class=\"\(style)\"></i>" })" }

    private static func waiting(_ items: [OverviewView.Waiting], title: String) -> HTML {
        guard !items.isEmpty else { return "" }
        return """
            <section><h2>\(title)</h2><ul class="card rows">\(each: items, { "<li class=\"wait-row\"><div><b>\($0.title)</b><span>\($0.text)</span></div><span class=\"dim\">\($0.at)</span><a class=\"btn\" href=\"\(url: $0.href)\">\($0.act)</a></li>" as HTML })</ul></section>
            """
    }

    // MARK: My day

    static func myDay(_ view: MyDayView, _ page: PageContext) -> HTML {
        Shell.staff(say("My day"), page, bar: "<h1>\(say: "My day")</h1><p class=\"sum dim\">\(page.words.longDay(page.now))</p>", main: """
            <div class="now" data-part="day"><p class="says">\(view.summary)</p>\(if: !view.tasks.isEmpty, tasks(view.tasks, page))\
            \(each: view.groups, { group in "<section><h2>\(group.title) <span>\(group.items.count)</span></h2><ul class=\"card rows\">\(each: group.items, { day($0, page) })</ul></section>" })\
            \(if: view.groups.isEmpty, "<p class=\"row\"><a class=\"btn primary\" href=\"/tickets?view=unassigned\">\(say: "Take one that nobody has")</a><a class=\"btn\" href=\"/tickets\">\(say: "Promised next")</a></p>")</div>
            """, style: "overview")
    }

    private static func tasks(_ rows: [TaskRow], _ page: PageContext) -> HTML {
        """
        <section><h2>\(say: "Tasks") <span>\(rows.count)</span></h2><ul class="card rows tasks">\(each: rows, { row in """
            <li class="wait-row"><form method="post" action="/tickets/\(row.ref)/tasks/\(row.task.id)/completion">\(Bits.csrf(page))<input type="hidden" name="back" value="/my-day"><button class="tickbox" aria-pressed="false" aria-label="\(say: "Done: \(row.task.text)")"></button></form>\
            <div><b>\(row.task.text)</b><span><a href="/tickets/\(row.ref)">\(row.ref)</a> \(row.subject)\(if: row.client != nil, ", \(row.client ?? "")")</span></div>\
            \(if: row.task.due != nil, "<span class=\"\(if: (row.task.due ?? page.now) < page.now, "t-missed", else: "dim")\">\(say: "until \(page.words.stamp(row.task.due ?? page.now, now: page.now))")</span>")</li>
            """ as HTML })</ul></section>
        """
    }

    private static func day(_ item: MyDayView.Item, _ page: PageContext) -> HTML {
        """
        <li class="esc trow-like">\(Bits.severity(item.row.severity, name: item.row.severityName))<div><a href="/tickets/\(item.row.ref)">\(item.row.subject)</a><span>\(item.row.ref), \(item.row.client)</span></div>\
        \(PromiseLine.small(item.row.promise, axis: item.axis.sized(.small), sentence: item.row.promise.sentence(page.words, now: page.now)))<div class="left t-\(item.row.promise.state.rawValue)"><b>\(item.act)</b><span>\(item.row.promise.headline)</span></div></li>
        """
    }
}
