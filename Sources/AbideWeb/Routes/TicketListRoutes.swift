import AbideCore
import AbideDesk
import Hummingbird

/// The list of tickets, ordered by what is promised next.
struct TicketListRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard reader.isStaff else { return .seeOther("/portal") }
            return try await list(reader, request)
        }
    }

    /// What a view asks for, and how it is called.
    private struct Wanted {
        var query = TicketQuery()
        var title: String
        var filters: [String] = []
        var path: String
        /// The search as typed.
        var words = ""
        /// The saved view that this is; 0 for another's.
        var saved: Int64?
        /// The same list in the search language, without order and columns.
        var search = "is:open"
        var columns: [ListColumn] = [.promise]
        /// What the address asks for besides, as parameters.
        var display = ""

        /// Takes order and columns from the address, where it says any.
        mutating func display(_ request: Request) {
            if let sort = request.query("sort").flatMap({ TicketQuery.Sort(rawValue: $0) }) {
                query.sort = sort
                display += "&sort=" + sort.rawValue
            }
            let chosen = request.queries("columns").prefix(12)
            if !chosen.isEmpty {
                columns = ListColumn.allCases.filter { chosen.contains($0.rawValue) }
                display += columns.isEmpty ? "&columns=none" : columns.map { "&columns=" + $0.rawValue }.joined()
            }
        }
    }

    private func list(_ reader: Reader, _ request: Request) async throws -> Response {
        let desk = web.desk
        var wanted = try await wanted(reader, request)
        let usual = (sort: wanted.query.sort, columns: wanted.columns)
        wanted.display(request)
        let path = wanted.display.isEmpty ? wanted.path : wanted.path + (wanted.path.contains("?") ? "" : "?") + (wanted.path.contains("?") ? wanted.display : String(wanted.display.dropFirst()))
        wanted.query.limit = 50
        wanted.query.cursor = request.query("after")
        let found = try await desk.list(wanted.query, for: reader.person)
        let now = desk.now()
        var shown = try await reader.page(now, current: wanted.path, live: "/live", toast: Self.done(request))
        if (wanted.saved ?? 0) == 0 { shown.find = wanted.words }
        let page = shown
        let agreement = desk.currentAgreement()
        let drawing = web.listDrawings.drawn(ListDrawing.Key(zone: page.zone, agreement: agreement.terms.digest, columns: wanted.columns), at: now) {
            let axis = Axis.list(now: now, words: page.desk, longestTarget: agreement.terms.longestTarget, open: agreement.defaultCalendar.stretches)
            return ListDrawing(line: PromiseLine.List(axis: axis, words: page.words), columns: wanted.columns, words: page.words, now: now)
        }
        let view = TicketListView(
            title: wanted.title, rows: drawing.rows(found.rows), line: drawing.line,
            hours: hours(agreement.terms), filters: wanted.filters, query: wanted.words, saved: wanted.saved,
            next: found.next.map { path + (path.contains("?") ? "&" : "?") + "after=" + percentEncoded($0) },
            mayLog: reader.allows(.logForCaller), total: found.next == nil && wanted.query.cursor == nil ? nil : total(page, wanted.path),
            many: try await ManyTicketsRoutes.bar(reader, back: path),
            display: ListDisplay(path: wanted.path, search: wanted.search, sort: wanted.query.sort, columns: wanted.columns, isUsual: wanted.query.sort == usual.sort && wanted.columns == usual.columns, hasWords: wanted.query.text != nil))
        return .html(Pages.ticketList(view, page))
    }

    private func wanted(_ reader: Reader, _ request: Request) async throws -> Wanted {
        if let text = request.query("q").map({ String($0.prefix(200)) }) {
            let view = try await web.desk.savedViews(for: reader.person).first { $0.query == text }
            var nothing = TicketQuery()
            // A name that fits nobody finds nothing, as a text without words does.
            nothing.text = "-"
            let asked = try ListQuery(text)
            let query = try await web.desk.ticketQuery(asked, for: reader.person) ?? nothing
            return Wanted(
                query: query, title: view?.name ?? say("Found"), path: "/tickets?q=" + percentEncoded(text), words: text, saved: view.map { $0.isOwn ? $0.id : 0 },
                search: ListQuery.withoutDisplay(text), columns: asked.columns ?? [.promise])
        }
        var query = TicketQuery()
        query.openOnly = true
        let name = request.query("view") ?? ""
        let path = name.isEmpty ? "/tickets" : "/tickets?view=" + percentEncodedView(name)
        switch name {
        case "":
            return Wanted(query: query, title: say("Promised next"), filters: [say("Open")], path: path)
        case "mine":
            query.assignee = reader.person.id
            return Wanted(query: query, title: say("Mine"), filters: [say("Open"), say("Assigned to \(reader.person.name)")], path: path, search: "is:open assignee:me")
        case "unassigned":
            query.unassigned = true
            return Wanted(query: query, title: say("Unassigned"), filters: [say("Open"), say("Nobody works on it")], path: path, search: "is:open is:unassigned")
        case "awaiting":
            query.statuses = [.awaitingClient]
            return Wanted(query: query, title: say("Awaiting client"), filters: [say("The client's answer or access is awaited")], path: path, search: "status:awaitingClient")
        case "escalated":
            query.escalated = true
            return Wanted(query: query, title: say("Escalated"), filters: [say("Open"), say("Escalated")], path: path, search: "is:open is:escalated")
        case "resolved", "closed":
            query.openOnly = false
            query.statuses = [name == "closed" ? .closed : .resolved]
            query.sort = .updated
            return Wanted(query: query, title: name == "closed" ? say("Closed") : say("Resolved"), filters: [name == "closed" ? say("Closed, latest first") : say("Waits to be confirmed, latest first")], path: path, search: "status:" + name)
        default:
            if name.hasPrefix("department:") {
                let department = String(name.dropFirst(11))
                query.department = department
                return Wanted(query: query, title: department, filters: [say("Open"), say("Department is \(department)")], path: path, search: "is:open department:\"\(department)\"")
            }
            if name.hasPrefix("client:"), let id = Int64(name.dropFirst(7)),
                let client = try await web.desk.clients(for: reader.person).first(where: { $0.id == id }) {
                query.client = id
                return Wanted(query: query, title: client.name, filters: [say("Open"), say("Client is \(client.name)")], path: path, search: "is:open client:\(id)")
            }
            throw PlainError(404, "There is no such list of tickets.")
        }
    }

    /// As the navigation writes it, so that the current entry is found.
    private func percentEncodedView(_ name: String) -> String {
        guard let colon = name.firstIndex(of: ":") else { return percentEncoded(name) }
        return percentEncoded(String(name[..<colon])) + ":" + percentEncoded(String(name[name.index(after: colon)...]))
    }

    /// The count that the sidebar shows beside this list.
    private func total(_ page: PageContext, _ path: String) -> Int? {
        page.navigation.lazy.flatMap(\.items).first { $0.href == path }?.count
    }

    /// What is said once after an act on several tickets: the words by key, the number read as a number.
    private static func done(_ request: Request) -> String? {
        guard let act = request.query("done").flatMap({ ManyAct.Name(rawValue: $0) }), let count = request.query("n").flatMap({ Int($0) }), (1...Desk.mostAtOnce).contains(count) else { return nil }
        return "\(act.done): \(Pages.tickets(count))."
    }

    /// "Dallas hours, Mon to Fri 08:00–17:00"
    private func hours(_ terms: AgreementTerms) -> String {
        guard let calendar = terms.calendar(terms.defaultCalendar) else { return "" }
        return say("\(terms.provider.place) hours, \(calendar.hoursInWords)")
    }
}

extension CalendarTerms {
    /// `Mon to Fri 08:00–17:00`; days of other hours follow after a comma.
    var hoursInWords: String {
        let names = Tongue.current.writing.shortWeekdays
        var groups: [(from: Int, to: Int, hours: [DayHours])] = []
        for (day, hours) in week.enumerated() where !hours.isEmpty {
            if let last = groups.last, last.to == day - 1, last.hours == hours {
                groups[groups.count - 1].to = day
            } else {
                groups.append((day, day, hours))
            }
        }
        if groups.isEmpty { return say("never open") }
        if groups.count == 1, groups[0].from == 0, groups[0].to == 6, groups[0].hours == [DayHours(open: 0, close: 86_400)] { return say("round the clock") }
        return groups.map { group in
            let days = group.from == group.to ? names[group.from] : say("\(names[group.from]) to \(names[group.to])")
            return days + " " + group.hours.map { "\(Self.time($0.open))–\(Self.time($0.close))" }.joined(separator: " \(say("and")) ")
        }.joined(separator: ", ")
    }

    private static func time(_ second: Int) -> String {
        let hour = second / 3600, minute = second / 60 % 60
        return (hour < 10 ? "0\(hour)" : "\(hour)") + ":" + (minute < 10 ? "0\(minute)" : "\(minute)")
    }
}
