import AbideCore
import AbideDesk

/// Who reads a page, and what every page is told about them.
struct Reader: Sendable {
    let desk: Desk
    let person: Person
    let csrf: String

    var isStaff: Bool { person.role.isStaff }

    init(desk: Desk, _ signed: Signed) {
        self.desk = desk
        person = signed.person
        csrf = signed.csrf
    }

    /// Without a session, as at the command line.
    init(desk: Desk, person: Person) {
        self.desk = desk
        self.person = person
        csrf = ""
    }

    /// Where somebody of this role starts: with the tickets, or with what the role may read instead.
    static func home(_ role: Role) -> String {
        if !role.isStaff { return Permissions.allows(role, .read) ? "/portal" : "/reports" }
        if Permissions.allows(role, .read) { return "/tickets" }
        if role == .management { return "/now" }
        if Permissions.allows(role, .administer) { return "/settings/users" }
        return Permissions.allows(role, .readReports) ? "/reports" : "/outbox"
    }

    /// The page of a ticket in the reader's own shell.
    func page(of ref: String) -> String { (isStaff ? "/tickets/" : "/portal/tickets/") + ref }

    func page(_ now: Instant, current: String, live: String? = nil, toast: String? = nil, refusal: RefusalView? = nil) async throws -> PageContext {
        let terms = desk.agreement(for: person).terms
        let deskWords = words(terms.provider.zone, place: terms.provider.place)
        let zone = person.zone ?? terms.provider.zone
        return PageContext(
            now: now, words: words(zone, place: zone == terms.provider.zone ? terms.provider.place : ""), zone: zone, desk: deskWords, provider: terms.provider.name,
            mailbox: terms.provider.mailbox, csrf: csrf, user: PersonView(person), navigation: try await navigation(current), live: live,
            toast: toast, waiting: try await waiting(now, but: live), refusal: refusal, agreement: say("\(terms.name), version \(terms.version)"))
    }

    /// Answers that wait to be taken back. A ticket's own page shows its own, where they will stand.
    private func waiting(_ now: Instant, but live: String?) async throws -> [WaitingAnswerView] {
        guard isStaff else { return [] }
        return try await desk.waitingAnswers(of: person).compactMap { answer in
            guard live != "/live?ticket=\(answer.ref)" else { return nil }
            let left = answer.dueAt.map { $0 - now }
            // One that is due is on its way.
            if let left, left <= 0 { return nil }
            return WaitingAnswerView(id: answer.id, ref: answer.ref, contact: PersonView(name: answer.contact, isStaff: false).firstName, left: left)
        }
    }

    /// A zone that the desk doesn't know reads as UTC, and says so.
    func words(_ zone: String, place: String) -> TimeWords { TimeWords(zone: desk.zone(zone), place: place) }

    // MARK: Navigation

    private func navigation(_ current: String) async throws -> [NavGroup] {
        isStaff ? try await staffNavigation(current) : [NavGroup(items: portalTabs(current))]
    }

    private func portalTabs(_ current: String) -> [NavItem] {
        var tabs: [NavItem] = []
        if allows(.read) { tabs.append(item(say("Tickets"), "/portal", .flag, current)) }
        if allows(.readReports) { tabs.append(item(say("Reports"), "/reports", .chart, current)) }
        tabs.append(item(say("Our agreement"), "/portal/agreement", .document, current))
        tabs.append(item(say("Contacts"), "/portal/contacts", .people, current))
        return tabs
    }

    private func staffNavigation(_ current: String) async throws -> [NavGroup] {
        var groups: [NavGroup] = []
        if allows(.read) {
            let counts = try await desk.counts(for: person)
            var tickets = [
                item(say("Promised next"), "/tickets", .flag, current, counts.open),
                item(say("Mine"), "/tickets?view=mine", .person, current, counts.mine),
                item(say("Unassigned"), "/tickets?view=unassigned", .inbox, current, counts.unassigned),
                item(say("Awaiting client"), "/tickets?view=awaiting", .clock, current, counts.awaitingClient),
                item(say("Escalated"), "/tickets?view=escalated", .steps, current, counts.escalated),
            ]
            for department in counts.byDepartment where department.count > 0 {
                tickets.append(item(department.name, "/tickets?view=department:" + percentEncoded(department.name), .people, current, department.count))
            }
            tickets.append(item(say("Resolved"), "/tickets?view=resolved", .check, current, counts.resolved))
            tickets.append(item(say("Closed"), "/tickets?view=closed", .lock, current))
            groups.append(NavGroup(items: tickets))
            var views: [NavItem] = []
            for view in try await desk.savedViews(for: person) {
                var entry = item(view.name, "/tickets?q=" + percentEncoded(view.query), .search, current)
                // A sidebar of so many is not read by its numbers any more.
                if views.count < 12, let asked = try? ListQuery(view.query) {
                    let query = try? await desk.ticketQuery(asked, for: person)
                    let count = if let query { try await desk.count(query, called: view.query, for: person) } else { Optional(0) }
                    entry.count = count.map { min($0, Desk.mostCounted - 1) }
                    entry.isMore = (count ?? 0) >= Desk.mostCounted
                }
                views.append(entry)
            }
            if !views.isEmpty { groups.append(NavGroup(title: say("Views"), items: views)) }
            let clients = counts.byClient.prefix(8).map { item($0.name, "/tickets?view=client:\($0.id)", .building, current, $0.count) }
            if !clients.isEmpty { groups.append(NavGroup(title: say("Clients"), items: clients)) }
        }
        var items: [NavItem] = []
        if Desk.mayOverview(person.role) { items.append(item(say("Now"), "/now", .clock, current)) }
        if allows(.read) { items.append(item(say("My day"), "/my-day", .check, current)) }
        let unread = try await desk.unreadCount(of: person)
        items.append(item(say("Notifications"), "/notifications", .bell, current, unread == 0 ? nil : unread))
        if allows(.readReports) { items.append(item(say("Reports"), "/reports", .chart, current)) }
        items.append(item(say("Agreement"), "/agreement", .document, current))
        if allows(.answer) || allows(.administer) { items.append(item(say("Canned answers"), "/canned-answers", .reply, current)) }
        if allows(.logForCaller) { items.append(item(say("Who is this?"), "/strangers", .people, current)) }
        if allows(.readOutbox) { items += [item(say("Incoming mail"), "/mail", .inbox, current), item(say("Outbox"), "/outbox", .mail, current)] }
        if allows(.manageContacts) { items.append(item(say("Administration"), "/settings", .key, current)) }
        items.append(item(say("Your account"), "/account", .person, current))
        groups.append(NavGroup(title: say("Desk"), items: items))
        return groups
    }

    func allows(_ act: Act) -> Bool { person.may(act) }

    private func item(_ title: String, _ href: String, _ icon: Icon, _ current: String, _ count: Int? = nil) -> NavItem {
        NavItem(title: title, href: href, icon: icon, count: count, isCurrent: href == current)
    }
}

extension TimeWords {
    init(zone: ZoneRules?, place: String) {
        guard let zone else {
            self.init(place: "UTC") { _ in 0 }
            return
        }
        self.init(place: place) { Int64(zone.offset(at: $0)) }
    }
}

extension PersonView {
    init(_ person: Person) {
        self.init(name: person.name, isStaff: person.role.isStaff, email: person.email, phone: person.phone, note: person.role.words)
    }

    init(_ person: PersonBrief) {
        self.init(name: person.name, isStaff: person.role.isStaff, email: person.email, phone: person.phone, note: person.role.words)
    }
}

/// A text as one part of an address: everything but the unreserved characters of RFC 3986 as `%XX`.
func percentEncoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            out.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            out += hex.count == 1 ? "%0" + hex : "%" + hex
        }
    }
    return out
}
