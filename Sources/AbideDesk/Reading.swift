package import AbideCore
import AbideStore
import Foundation
import Synchronization

/// People and clients by id, kept in memory for a few seconds: there are few, each list names them, and they change rarely.
final class Directory: Sendable {
    struct Content: Sendable {
        var people: [Int64: StoredPerson] = [:]
        var clients: [Int64: StoredClient] = [:]
        /// Facts of clients' records by names of an agreement's own.
        var entitlements: [Int64: [String: String]] = [:]
        /// How people want to be told by mail of what only concerns them; who isn't here, at once.
        var mailWishes: [Int64: MailWish] = [:]
        /// Who does not want to be asked by mail how it was.
        var noSurveys: Set<Int64> = []
        /// Fields of the provider's own, by label.
        var customFields: [CustomField] = []
        var readAt = Instant(0)
    }

    private let content = Mutex<Content?>(nil)
    /// What else is read anew with it.
    private let alsoReads: @Sendable (any Session) throws -> Void

    init(alsoReads: @escaping @Sendable (any Session) throws -> Void) { self.alsoReads = alsoReads }

    /// - Parameter person: must be in it: an account that another process has just made is read at once.
    func content(_ session: any Session, now: Instant, person: StoredPerson? = nil) throws -> Content {
        // What a command in another process changes is seen within seconds; sessions and tokens ask the store each time.
        if let known = known(now: now), person == nil || known.people[person?.id ?? 0] == person { return known }
        var fresh = Content(readAt: now)
        for person in try session.people() { fresh.people[person.id] = person }
        for client in try session.clients() { fresh.clients[client.id] = client }
        fresh.entitlements = try session.entitlements()
        fresh.customFields = try session.customFields()
        fresh.noSurveys = Set(try session.settings(called: Desk.surveySetting).keys)
        fresh.mailWishes = try session.settings(called: MailWish.setting).compactMapValues(MailWish.init)
        try alsoReads(session)
        content.withLock { [fresh] in $0 = fresh }
        return fresh
    }

    func known(now: Instant) -> Content? { content.withLock { $0 }.flatMap { abs(now - $0.readAt) < 3 ? $0 : nil } }

    func forget() { content.withLock { $0 = nil } }
}

extension ClientRecord {
    init(_ client: StoredClient) {
        self.init(id: client.id, name: client.name, zone: client.zone, subscriptionUntil: client.subscriptionUntil, managedHosting: client.managedHosting, shareTickets: client.shareTickets)
    }
}

extension PersonBrief {
    init(_ person: StoredPerson) {
        self.init(id: person.id, email: person.email, name: person.name, role: person.role, phone: person.phone ?? "")
    }
}

extension Desk {
    func person(_ stored: StoredPerson, _ directory: Directory.Content) -> Person {
        let client = stored.client.flatMap { directory.clients[$0] }
        return Person(
            id: stored.id, name: stored.name, email: stored.email, role: stored.role, client: stored.client,
            zone: stored.zone ?? client?.zone, phone: stored.phone ?? "", department: stored.department, seesColleagues: client?.shareTickets ?? false, readsReports: stored.readsReports, language: stored.language)
    }

    /// The whole directory; read from the store when it is not in memory.
    func people() async throws -> Directory.Content {
        if let known = directory.known(now: now()) { return known }
        return try await db.read { try self.directory.content($0, now: self.now()) }
    }

    func view(_ ticket: Ticket, now: Instant) async throws -> TicketView { try view(ticket, try await people(), now: now) }

    func view(_ ticket: Ticket, _ directory: Directory.Content, now: Instant) throws -> TicketView {
        let client = ticket.client.flatMap { directory.clients[$0] }
        return TicketView(
            ticket: ticket, agreement: try agreement(digest: ticket.agreement), client: client.map(ClientRecord.init),
            contact: ticket.contact.flatMap { directory.people[$0] }.map(PersonBrief.init), assignee: ticket.assignee.flatMap { directory.people[$0] }.map(PersonBrief.init), now: now,
            entitlements: client.map { directory.entitlements($0, at: now) })
    }

    package func ticket(_ ref: String, for person: Person) async throws -> TicketView {
        let now = now()
        return try await db.glance { session in
            guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
            let ticket = try self.cache.ticket(record)
            try ticket.permit(person, .read)
            return try self.view(ticket, try self.directory.content(session, now: self.now()), now: now)
        }
    }

    package func detail(_ ref: String, for person: Person) async throws -> TicketDetail {
        // The store reads on a thread of its own, which knows no reader's language.
        let now = now(), names = Tongue.current.writing
        return try await db.glance { session in
            guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
            let ticket = try self.cache.ticket(record)
            try ticket.permit(person, .read)
            let seesAll = Permissions.allows(person.role, .readInternal)
            let directory = try self.directory.content(session, now: self.now())
            let view = try self.view(ticket, directory, now: now)
            let words = SentenceWords(view.agreement, when: self.when(zone: person.zone.flatMap { self.zone($0) }, names: names, view.agreement))
            let written = try self.logCache.written(ticket) { try self.written(session, ticket) }
            let events = written.log.map { EventView(event: $0.event, hash: $0.hash, disclosed: seesAll || !$0.event.fact.isInternal, words: words) }
            var messages = seesAll ? written.messages : written.messages.filter { $0.visibility == .public }
            // What was said on the tickets that go on here, to whoever may read them.
            for ref in ticket.absorbed {
                guard let record = try session.ticket(ref: ref) else { continue }
                let other = try self.cache.ticket(record)
                guard (try? other.permit(person, .read)) != nil else { continue }
                messages += try self.logCache.written(other) { try self.written(session, other) }.messages.filter { seesAll || $0.visibility == .public }.map { message in
                    var message = message
                    message.origin = ref
                    return message
                }
            }
            return TicketDetail(view: view, events: events, messages: messages, draft: try session.draft(of: person.id, place: "ticket:" + ticket.ref) ?? "", links: seesAll ? try self.linked(ticket, session, directory) : [],
                held: seesAll ? try self.held(ticket, session, directory, for: person) : [], customFields: directory.customFields.filter { $0.fits(ticket) && (seesAll || $0.isPublic) },
                contacts: seesAll ? Self.contacts(of: ticket, directory) : [])
        }
    }

    private static func contacts(of ticket: Ticket, _ directory: Directory.Content) -> [PersonBrief] {
        guard let client = ticket.client else { return [] }
        let all = directory.people.values.filter { $0.client == client && !$0.disabled }
        func those(_ role: Role) -> [StoredPerson] { all.filter { $0.role == role && $0.id != ticket.contact }.sorted { $0.id < $1.id } }
        return (all.filter { $0.id == ticket.contact } + those(.primaryContact) + those(.standIn)).map(PersonBrief.init)
    }

    struct LoggedEvent: Sendable {
        var event: TicketEvent
        var hash: String
    }

    /// What stands on a ticket: its log, and its messages with their attachments.
    struct Written: Sendable {
        var log: [LoggedEvent]
        var messages: [MessageView]

        /// About how much memory it takes.
        var size: Int { log.count * 512 + messages.reduce(0) { $0 + $1.body.utf8.count + ($1.html?.utf8.count ?? 0) } }
    }

    private func written(_ session: any Session, _ ticket: Ticket) throws -> Written {
        let log = try log(session, ticket)
        let attachments = Dictionary(grouping: try session.attachments(of: ticket.id), by: \.message)
        let messages = try session.messages(of: ticket.id, includingInternal: true).map { message in
            let automatic = log.indices.contains(message.number - 1) && log[message.number - 1].event.fact.isAutomaticMessage
            return MessageView(
                id: message.number, body: message.body, html: message.html, visibility: Visibility(rawValue: message.visibility) ?? .internal,
                author: Actor(kind: Actor.Kind(rawValue: message.authorKind) ?? .system, id: message.author, name: message.authorName), at: message.at,
                channel: Channel(rawValue: message.channel) ?? .api, automatic: automatic,
                attachments: (attachments[message.id] ?? []).map { AttachmentRecord(id: $0.id, name: $0.name, type: $0.type, size: $0.size, contentID: $0.contentID) })
        }
        return Written(log: log, messages: messages)
    }

    /// The whole log of a ticket, decoded.
    func log(_ session: any Session, _ ticket: Ticket) throws -> [LoggedEvent] {
        let decoder = JSONDecoder()
        return try session.events(of: ticket.id).map { try decoded($0, decoder) }
    }

    func decoded(_ stored: StoredEvent, _ decoder: JSONDecoder) throws -> LoggedEvent {
        guard let fact = try? decoder.decode(Fact.self, from: Data(stored.fact.utf8)) else { throw DeskFault.brokenRow("event \(stored.number) of ticket \(stored.ticket)") }
        // Names stand beside the log; those of events from before they did stand in it.
        var texts = stored.texts
        let name = texts.removeValue(forKey: TextKey.person)
        return LoggedEvent(
            event: TicketEvent(
                number: stored.number, fact: name == nil ? fact : fact.named(name), occurredAt: stored.occurredAt, recordedAt: stored.recordedAt,
                actor: Actor(kind: Actor.Kind(rawValue: stored.actorKind) ?? .system, id: stored.actor, name: stored.actorName), texts: texts),
            hash: stored.hash)
    }

    /// Writes instants for a reader: in the reader's zone, with the desk's beside it where they differ.
    package func when(for person: Person?, _ agreement: Agreement) -> @Sendable (Instant) -> String { when(zone: person?.zone.flatMap { zone($0) }, agreement) }

    func when(zone own: ZoneRules?, names: Tongue.Writing = Tongue.current.writing, _ agreement: Agreement) -> @Sendable (Instant) -> String {
        let desk = agreement.defaultCalendar.zone
        let place = agreement.terms.provider.place
        let now = now()
        // A fast agreement counts in seconds, and so do its instants.
        let seconds = agreement.terms.severities.contains { if case .within(.seconds(let target), _) = $0.response { target < 3600 } else { false } }
        let there = TimeWords(place: place, names: names) { Int64(desk.offset(at: $0)) }
        guard let own else { return { there.stamp($0, now: now, seconds: seconds) + " \(names.within) \(place)" } }
        let here = TimeWords(place: "", names: names) { Int64(own.offset(at: $0)) }
        return { instant in
            guard own.offset(at: instant) != desk.offset(at: instant) else { return there.stamp(instant, now: now, seconds: seconds) + " \(names.within) \(place)" }
            return "\(here.stamp(instant, now: now, seconds: seconds)) (\(there.stamp(instant, now: now, seconds: seconds)) \(names.within) \(place))"
        }
    }

    package func list(_ query: TicketQuery, for person: Person) async throws -> TicketList {
        guard Permissions.allows(person.role, .read) else { return TicketList(rows: [], next: nil) }
        let filter = Self.filter(query, for: person)
        let sort = query.sort
        if !(query.text ?? "").isEmpty { try await indexForSearch() }
        let limit = max(1, min(query.limit, 200))
        let agreements = { @Sendable [self] (digest: String) throws -> Agreement in try agreement(digest: digest) }
        let readPage = { @Sendable (session: any Session) throws -> TicketList in
            let directory = try self.directory.content(session, now: self.now())
            let page: TicketPage
            do { page = try session.tickets(filter, sort: sort, limit: limit, cursor: query.cursor) } catch is InvalidCursor {
                throw Refusal.input("cursor", "This is not a place in this list. Take `next` of the page before, with the same order.")
            }
            let rows = try self.rowCache.rows(page.items, directory) { ids in
                try session.listedTickets(ids).map { try Self.row($0, directory, agreements) }
            }
            return TicketList(rows: rows, next: page.next)
        }
        // Without a condition it is the next rows of an index.
        return query.isPlain ? try await db.glance(readPage) : try await db.read(readPage)
    }

    /// What the store is asked; a client's own people see no more than their role and setting allow.
    static func filter(_ query: TicketQuery, for person: Person) -> TicketFilter {
        var filter = TicketFilter()
        filter.open = query.openOnly ? true : nil
        filter.statuses = query.openOnly && query.statuses.isEmpty ? ["registered", "open", "awaitingClient"] : query.statuses.map(\.rawValue)
        filter.severities = query.severity.map { [$0] } ?? []
        filter.client = query.client
        filter.assignee = query.assignee
        filter.unassigned = query.unassigned
        filter.departments = query.department.map { [$0] } ?? []
        filter.escalated = query.escalated
        filter.text = query.text
        filter.dueBefore = query.dueBefore
        filter.shownOnly = !Permissions.allows(person.role, .readInternal)
        if !person.role.isStaff {
            filter.client = person.client
            if !(person.role == .primaryContact || person.role == .standIn || person.seesColleagues) { filter.contact = person.id }
        }
        return filter
    }

    /// How many tickets a saved view of staff has, told as `mostCounted` where there are more; nil for one with words, which only finding counts.
    /// What the kept counts tell is exact; anything else is counted at most every ten seconds, and sooner only once something moved.
    /// - Parameter name: the view as it is written.
    package func count(_ query: TicketQuery, called name: String, for person: Person) async throws -> Int? {
        guard person.role.isStaff, Permissions.allows(person.role, .read), (query.text ?? "").isEmpty else { return nil }
        let filter = Self.filter(query, for: person), now = now()
        if filter.isKept {
            let known: TicketCounts
            let moves = countCache.moves
            if let counts = countCache.known(client: nil, now: now) { known = counts } else {
                known = try await db.glance { try $0.ticketCounts() }
                countCache.keep(known, client: nil, moves: moves, now: now)
            }
            return known.total { filter.holds($0) }
        }
        let key = "\(person.id) \(name)", moves = countCache.moves
        if let count = countCache.known(view: key, now: now) { return count }
        let count = try await db.read { try $0.countTickets(filter, most: Self.mostCounted) }
        countCache.keep(count, view: key, moves: moves, now: now)
        return count
    }

    package static let mostCounted = 1000

    static func row(_ item: ListedTicket, _ directory: Directory.Content, _ agreement: (String) throws -> Agreement) throws -> TicketRow {
        guard let line = TicketLine(text: item.line) else { throw DeskFault.brokenRow("ticket \(item.ref)") }
        return TicketRow(
            id: item.id, head: item.head, ref: item.ref, subject: item.subject, status: item.status, severity: item.severity ?? 3, severityIsRated: line.rated,
            client: item.client, clientName: item.client.flatMap { directory.clients[$0]?.name }, site: line.site, assigneeName: line.assigneeName.isEmpty ? nil : line.assigneeName,
            department: item.department.isEmpty ? nil : item.department, rank: item.groupRank, due: item.due,
            missing: line.missing.isEmpty ? [] : line.missing.split(separator: ",").map(String.init), unread: line.unread, agreement: try agreement(line.agreement),
            responseChanges: ClockChangeCoding.read(line.response), resolutionChanges: ClockChangeCoding.read(line.resolution), registeredAt: item.registeredAt,
            loggedAt: item.loggedAt, updatedAt: item.updatedAt, responseRung: line.responseRung, resolutionRung: line.resolutionRung)
    }

    package func counts(for person: Person) async throws -> SidebarCounts {
        guard Permissions.allows(person.role, .read) else { return SidebarCounts() }
        let client = person.role.isStaff ? nil : person.client
        let now = now()
        if let counts = countCache.known(client: client, now: now), let directory = directory.known(now: now) { return Self.sidebar(counts, directory, person) }
        let moves = countCache.moves
        return try await db.glance { session in
            let counts = try session.ticketCounts(client: client)
            self.countCache.keep(counts, client: client, moves: moves, now: now)
            return Self.sidebar(counts, try self.directory.content(session, now: now), person)
        }
    }

    static func sidebar(_ counts: TicketCounts, _ directory: Directory.Content, _ person: Person) -> SidebarCounts {
        var all = SidebarCounts()
        var departments: [String: Int] = [:]
        var clients: [Int64: Int] = [:]
        for cell in counts.cells {
            guard cell.status != "resolved" else { all.resolved += cell.tickets; continue }
            all.open += cell.tickets
            if cell.assignee == person.id { all.mine += cell.tickets }
            if let assignee = cell.assignee { all.loads[assignee, default: 0] += cell.tickets }
            if cell.assignee == nil { all.unassigned += cell.tickets }
            if cell.status == "awaitingClient" { all.awaitingClient += cell.tickets }
            if cell.escalated { all.escalated += cell.tickets }
            if !cell.department.isEmpty { departments[cell.department, default: 0] += cell.tickets }
            if let client = cell.client { clients[client, default: 0] += cell.tickets }
        }
        all.byDepartment = departments.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        all.byClient = clients.compactMap { id, count in directory.clients[id].map { (id, $0.name, count) } }.sorted { $0.1 < $1.1 }
        return all
    }

    /// The bytes of the mail that made a message, as they came (R16): for whoever reads what is internal.
    /// - Parameter number: the message's, that of its event.
    package func rawMail(_ number: Int, of ref: String, for person: Person) async throws -> [UInt8] {
        try await db.read { session in
            guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
            let ticket = try self.cache.ticket(record)
            try ticket.permit(person, .read)
            guard Permissions.allows(person.role, .readInternal), let message = try session.messages(of: ticket.id, includingInternal: true).first(where: { $0.number == number }) else {
                throw Refusal(.unknown, "There is no such mail on this ticket.")
            }
            guard let id = message.mailIn, let mail = try session.mail(id: id) else { throw Refusal(.unknown, "This message did not come as a mail.") }
            guard !mail.raw.isEmpty else { throw Refusal(.unknown, "The mail as it came is not kept any more.") }
            return mail.raw
        }
    }

    /// The same for whoever has the machine.
    /// - Parameter number: nil: the first message that came as a mail.
    /// - Returns: nil where there is no such mail, or its bytes are not kept any more.
    package func rawMail(_ number: Int?, of ref: String) async throws -> [UInt8]? {
        try await db.read { session in
            guard let record = try session.ticket(ref: ref) else { return nil }
            let messages = try session.messages(of: record.id, includingInternal: true).filter { $0.mailIn != nil }
            guard let id = messages.first(where: { number == nil || $0.number == number })?.mailIn, let raw = try session.mail(id: id)?.raw else { return nil }
            return raw.isEmpty ? nil : raw
        }
    }

    package func attachment(_ id: Int64, of ref: String, for person: Person) async throws -> (record: AttachmentRecord, content: [UInt8]) {
        try await db.read { session in
            guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
            let ticket = try self.cache.ticket(record)
            try ticket.permit(person, .read)
            guard let found = try session.attachment(id: id), found.ticket == ticket.id, let content = try session.attachmentContent(id: id) else {
                throw Refusal(.unknown, "There is no such attachment on this ticket.")
            }
            if !Permissions.allows(person.role, .readInternal) {
                let seen = try session.messages(of: ticket.id, includingInternal: false).map(\.id)
                guard let message = found.message, seen.contains(message) else { throw Refusal(.unknown, "There is no such attachment on this ticket.") }
            }
            return (AttachmentRecord(id: found.id, name: found.name, type: found.type, size: found.size), content)
        }
    }

    package func staff() async throws -> [PersonBrief] {
        try await people().people.values.filter { $0.role.isStaff && !$0.disabled }.map(PersonBrief.init).sorted { $0.name < $1.name }
    }

    package func clients(for person: Person) async throws -> [ClientRecord] {
        try await people().clients.values.filter { person.role.isStaff || $0.id == person.client }.map(ClientRecord.init).sorted { $0.name < $1.name }
    }

    package func personByEmail(_ email: String) async throws -> PersonBrief? {
        let email = email.lowercased()
        return try await people().people.values.first { $0.email == email }.map(PersonBrief.init)
    }

    // MARK: Outbox

    package func outbox(for person: Person) async throws -> [OutboxRow] {
        guard Permissions.allows(person.role, .readOutbox) else { throw Refusal.role(person.role, may: "Agents and administrators read the outbox.") }
        return try await db.read { try $0.outbox(limit: 200).map(Self.outboxRow) }
    }

    package func outboxMail(_ id: Int64, for person: Person) async throws -> (row: OutboxRow, mail: OutgoingMail) {
        guard Permissions.allows(person.role, .readOutbox) else { throw Refusal.role(person.role, may: "Agents and administrators read the outbox.") }
        return try await db.read { session in
            guard let stored = try session.outboxItem(id: id) else { throw Refusal(.unknown, "There is no such message in the outbox.") }
            var mail = try Self.mail(stored)
            // Whoever reads the outbox is not the one to whom a link was sent: nobody of the desk accepts, or answers, in a client's name.
            mail.text = Self.withoutTokens(mail.text)
            mail.html = mail.html.map(Self.withoutTokens)
            for (name, value) in mail.headers { mail.headers[name] = Self.withoutTokens(value) }
            return (Self.outboxRow(stored), mail)
        }
    }

    /// Text without the secret part of the links that act for their recipient (`/a/`, `/s/`).
    static func withoutTokens(_ text: String) -> String { text.replacing(/\/([as])\/[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\.[0-9a-f]+/) { "/\($0.output.1)/…" } }

    static func mail(_ stored: OutboxItem) throws -> OutgoingMail {
        guard let mail = try? JSONDecoder().decode(OutgoingMail.self, from: Data(stored.mail.utf8)) else { throw DeskFault.brokenRow("outbox \(stored.id)") }
        return mail
    }

    private static func outboxRow(_ stored: OutboxItem) -> OutboxRow {
        OutboxRow(
            id: stored.id, ticketRef: stored.ticket.map { "ABD-\($0)" }, milestone: stored.milestone, recipient: stored.recipient,
            subject: (try? mail(stored).subject) ?? "", state: stored.state.rawValue, attempts: stored.attempts, lastError: stored.lastError, createdAt: stored.createdAt, sentAt: stored.sentAt)
    }

    // MARK: Reports (I1 to I3)

    package func report(client: Int64, from: LocalDate, to: LocalDate, for person: Person) async throws -> ServiceReport {
        guard person.may(.readReports) else { throw Refusal.role(person.role, may: "Primary and stand-in contacts read reports, and whom they nominate.", clause: "I5") }
        guard person.role.isStaff || person.client == client else { throw Refusal(.unknown, "There is no such client.") }
        if to < from { throw Refusal.input("to", "This is before the first day.") }
        let now = now()
        return try await db.read { session in
            guard let record = try self.directory.content(session, now: self.now()).clients[client] else { throw Refusal(.unknown, "There is no such client.") }
            return try self.count(session, client: client, name: record.name, from: from, to: to, readAt: now)
        }
    }

    /// A ticket with its whole log, for the command line.
    package func logOf(_ ref: String) async throws -> (view: TicketView, events: [TicketEvent])? {
        let now = now()
        return try await db.read { session in
            guard let record = try session.ticket(ref: ref) else { return nil }
            let ticket = try self.cache.ticket(record)
            return (try self.view(ticket, try self.directory.content(session, now: self.now()), now: now), try self.log(session, ticket).map(\.event))
        }
    }
}

extension Fact {
    var isAutomaticMessage: Bool {
        if case .messageAdded(_, _, let automatic) = self { return automatic }
        return false
    }
}
