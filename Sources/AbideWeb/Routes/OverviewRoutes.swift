import AbideCore
import AbideDesk
import Hummingbird

/// The desk's now, and each one's day.
struct OverviewRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/now") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return try await overview(reader, department: request.query("department"))
        }
        router.get("/my-day") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard reader.isStaff, reader.allows(.read) else { throw Refusal.role(reader.person.role, may: "Those who work on tickets have a day of tickets.") }
            return try await day(reader)
        }
    }

    private func overview(_ reader: Reader, department: String?) async throws -> Response {
        let desk = web.desk
        let terms = desk.currentAgreement().terms
        let chosen = department.flatMap { name in terms.departments.contains { $0.name == name } ? name : nil }
        let found = try await desk.overview(for: reader.person, department: chosen)
        let now = desk.now()
        let page = try await reader.page(now, current: "/now", live: reader.allows(.read) ? "/live" : nil)
        let calendar = desk.currentAgreement().defaultCalendar
        var promises = Promises(now: now)
        let rows = found.rows.map { ($0, promises.next($0)) }
        var clients: [String: OverviewView.ClientRow] = [:], loads: [String: OverviewView.Load] = [:], missed: [OverviewView.Promise] = [], due: [OverviewView.Promise] = []
        let ids = Dictionary(try await desk.allClients().map { ($0.name, $0.id) }, uniquingKeysWith: { a, _ in a })
        for (row, promise) in rows {
            let name = row.clientName ?? say("Not known yet")
            var client = clients[name] ?? OverviewView.ClientRow(id: ids[name], name: name)
            let agent = row.assigneeName ?? ""
            var load = loads[agent] ?? OverviewView.Load(person: agent.isEmpty ? nil : PersonView(name: agent, isStaff: true))
            client.open += 1
            let severity = row.severityIsRated ? row.severity : nil
            switch promise.state {
            case .missed, .late: (client.missed, load.missed) = (client.missed + 1, load.missed + 1)
            case .dueSoon: (client.soon, load.soon) = (client.soon + 1, load.soon + 1)
            case .suspended: (client.suspended, load.suspended) = (client.suspended + 1, load.suspended + 1)
            case .notStarted:
                client.notStarted += 1
                load.running += 1
            default: load.running += 1
            }
            if let at = promise.reading.due, [.missed, .dueSoon, .running].contains(promise.state) {
                let entry = OverviewView.Promise(ref: row.ref, subject: row.subject, severity: severity, state: promise.state, due: at)
                if promise.state == .missed { missed.append(entry) } else {
                    due.append(entry)
                    client.next = min(client.next ?? at, at)
                }
            }
            clients[name] = client
            loads[agent] = load
        }
        let axis = Axis.list(now: now, words: page.desk, longestTarget: terms.longestTarget, open: calendar.stretches)
        let escalated = rows.filter { $0.1.state == .missed && max($0.0.responseRung, $0.0.resolutionRung) > 0 }.prefix(8).map { (row: Self.row($0.0, $0.1), axis: axis) }
        let current = calendar.stretches(now, now + 1).first, ahead = calendar.stretches(now, now + 14 * 86_400).first
        let view = OverviewView(
            open: chosen == nil ? found.counts.open : rows.count, missed: missed.count, soon: rows.count { $0.1.state == .dueSoon }, suspended: rows.count { $0.1.state == .suspended },
            notStarted: rows.count { $0.1.state == .notStarted }, isWhole: found.isWhole, columns: columns(missed, due, calendar, page), escalations: Array(escalated),
            clients: clients.values.sorted { ($1.missed, $1.soon, $1.open, $0.name) < ($0.missed, $0.soon, $0.open, $1.name) }, load: loads.values.sorted { ($0.person == nil ? 1 : 0, -$0.total, $0.person?.name ?? "") < ($1.person == nil ? 1 : 0, -$1.total, $1.person?.name ?? "") },
            waiting: waiting(found, reader, page), departments: terms.departments.map { Choice(value: $0.name, label: $0.name, isChosen: $0.name == chosen) },
            openWords: current == nil ? ahead.map { say("opens \(page.words.stamp($0.from, now: now))") } ?? "" : ahead.map { say("open until \(page.words.clock($0.to))") } ?? "", mayRead: reader.allows(.read))
        return .html(Pages.overview(view, page))
    }

    /// Hour by hour of working time, today and on the next working day; then what lies beyond, in one.
    private func columns(_ missed: [OverviewView.Promise], _ due: [OverviewView.Promise], _ calendar: WorkingCalendar, _ page: PageContext) -> [OverviewView.Column] {
        var columns = [OverviewView.Column(label: say("missed"), day: "", promises: missed)]
        var days: [Int] = [], last = page.now
        var rest = due
        for stretch in calendar.stretches(page.now, page.now + 10 * 86_400) {
            let day = Int(page.words.wall(stretch.from).dayNumber)
            if !days.contains(day) {
                guard days.count < 2 else { break }
                days.append(day)
            }
            var from = stretch.from
            while from < stretch.to, columns.count < 22 {
                let wall = page.words.wall(from)
                let to = min(stretch.to, from + (3600 - Int64(wall.second % 3600)))
                let mine = rest.filter { $0.due <= to }
                rest.removeAll { $0.due <= to }
                let isFirst = columns.count == 1 || columns.last.map { _ in !page.words.sameDay(last, from) } ?? true
                columns.append(OverviewView.Column(
                    label: columns.count == 1 ? "–\(page.words.clock(to))" : "\(wall.second / 3600)–\(Int(page.words.wall(to).second) / 3600)",
                    day: isFirst ? (page.words.sameDay(from, page.now) ? say("Today") : page.words.longDay(from)) : "", promises: mine))
                last = from
                from = to
            }
        }
        if !rest.isEmpty { columns.append(OverviewView.Column(label: say("later"), day: "", promises: rest)) }
        return columns
    }

    private func waiting(_ found: Overview, _ reader: Reader, _ page: PageContext) -> [OverviewView.Waiting] {
        let role = reader.person.role
        var items: [OverviewView.Waiting] = found.waiting.map { item in
            switch item.what {
            case .closing(let since):
                OverviewView.Waiting(
                    title: say("Close \(item.ref)"), text: say("\(item.client), no answer, the notice is over: \(item.subject)"), at: say("since \(page.words.stamp(since, now: page.now))"), href: "/tickets/\(item.ref)", act: say("Open it"),
                    isYours: role == .serviceManager)
            case .notice(let until):
                OverviewView.Waiting(
                    title: say("\(item.ref) may be closed"), text: say("\(item.client), the notice runs: \(item.subject)"), at: until.map { say("at \(page.words.stamp($0, now: page.now))") } ?? "", href: "/tickets/\(item.ref)", act: say("Open it"),
                    isYours: role == .serviceManager)
            case .complaint(let since):
                OverviewView.Waiting(
                    title: say("Answer the complaint on \(item.ref)"), text: "\(item.client): \(item.subject)", at: say("since \(page.words.stamp(since, now: page.now))"), href: "/tickets/\(item.ref)", act: say("Open it"),
                    isYours: role == .clientServicesManager)
            }
        }
        items += found.contactChanges.map {
            OverviewView.Waiting(
                title: say("Contact of \($0.clientName) changed"), text: $0.text, at: say("since \(page.words.stamp($0.at, now: page.now))"), href: reader.allows(.manageContacts) ? "/settings/clients/\($0.client)" : "/now",
                act: reader.allows(.manageContacts) ? say("Open it") : say("Seen"), isYours: role == .agreementManager)
        }
        return reader.allows(.read) ? items : []
    }

    private func day(_ reader: Reader) async throws -> Response {
        let desk = web.desk, now = desk.now()
        var query = TicketQuery()
        query.openOnly = true
        query.assignee = reader.person.id
        query.limit = 200
        let found = try await desk.list(query, for: reader.person).rows
        let page = try await reader.page(now, current: "/my-day", live: "/live")
        let terms = desk.currentAgreement().terms
        let axis = Axis.list(now: now, words: page.desk, longestTarget: terms.longestTarget, open: desk.currentAgreement().defaultCalendar.stretches)
        var promises = Promises(now: now)
        var groups: [(title: String, items: [MyDayView.Item])] = [say("Over time"), say("Today"), say("Later"), say("Waits for the client"), say("Needs a date or a rating"), say("As soon as possible")].map { ($0, []) }
        for row in found {
            let promise = promises.next(row)
            let due = promise.reading.due.map { page.words.stamp($0, now: now, seconds: promise.isExact) } ?? ""
            let verb = promise.kind == .response ? say("Answer") : say("Resolve")
            let item: (Int, String) = switch promise.state {
            case .missed: (0, say("\(verb) now"))
            case .running, .dueSoon: (promise.reading.due.map { page.words.sameDay($0, now) } ?? false ? 1 : 2, say("\(verb) by \(due)"))
            case .suspended: (3, say("Look after the answer"))
            case .notStarted: (3, say("Ask for \(promise.headline)"))
            case .open: (5, promise.kind == .response ? say("Answer") : say("Resolve"))
            case .met, .late, .ended: (4, say("Propose a date"))
            }
            groups[item.0].items.append(MyDayView.Item(row: Self.row(row, promise), axis: axis, act: item.1))
        }
        let over = groups[0].items.count, today = groups[1].items.count
        let summary = found.isEmpty ? say("Nothing is yours today.") : over > 0 ? say("\(over) over time, \(today == 0 ? "nothing" : "\(today)") more due today, \(found.count) in all.") : today > 0 ? say("\(today) due today, \(found.count) in all.") : say("Nothing of yours is due today. \(found.count) are open.")
        return .html(Pages.myDay(MyDayView(groups: groups.filter { !$0.items.isEmpty }, summary: summary, tasks: try await desk.tasks(of: reader.person)), page))
    }

    static func row(_ row: AbideDesk.TicketRow, _ promise: PromiseLineView) -> TicketRow {
        TicketRow(
            ref: row.ref, subject: row.subject, client: row.clientName ?? "", severity: row.severityIsRated ? row.severity : nil, severityName: row.agreement.terms.severity(row.severity)?.name ?? "",
            assignee: row.assigneeName.map { PersonView(name: $0, isStaff: true) }, isUnread: row.unread, promise: promise)
    }
}
