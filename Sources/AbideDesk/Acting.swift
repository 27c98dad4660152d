package import AbideCore
import AbideStore
import Foundation

/// What a commit changed: for the cache, the live pages and the answer.
struct Committed: Sendable {
    var ticket: Ticket
    var events: [TicketEvent]
    /// Who is told of it on the pages.
    var notified: Set<Int64> = []
}

/// A message that comes with more than its words.
struct MessageExtras: Sendable {
    var html: String?
    var mailIn: Int64?
    var attachments: [NewAttachment] = []
    /// Nobody is told: what is made up, or entered afterwards.
    var silent = false
    /// When it is written down, where that is later than when it happened.
    var recordedAt: Instant?
}

extension Desk {
    /// One act on one ticket: load, fold, decide, append, project, and put what must be told into the outbox; one transaction.
    /// - Parameters:
    ///   - ifMatch: the version that the reader saw; another one is refused.
    ///   - idempotency: the same key again with the same request does nothing, and answers what the first one did.
    package func act(
        _ ref: String, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil, attachments: [NewAttachment] = [],
        _ decide: @escaping @Sendable (Ticket, Agreement, Instant) throws -> [Draft]
    ) async throws -> TicketView {
        try await once(idempotency, by: person) { session, now in
            let ticket = try self.found(session, ref, by: person, ifMatch: ifMatch)
            let committed = try self.commit(session, ticket, at: now, extras: MessageExtras(attachments: attachments)) { try decide($0, $1, max(now, ticket.updatedAt)) }
            return (committed, [])
        }
    }

    /// The ticket that an act is about, as the reader may know it.
    func found(_ session: any Session, _ ref: String, by person: Person, ifMatch: Int?) throws -> Ticket {
        guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
        let ticket = try cache.ticket(record, committed: false)
        if !person.role.isStaff { try ticket.permit(person, .read) }
        if let ifMatch, ifMatch != ticket.head {
            throw Refusal(.stale, "The ticket has changed since you read it (version \(ticket.head) now). Read it again.")
        }
        return ticket
    }

    /// Decides and stores within a transaction. What has fallen due by `now` is recorded first: nobody can answer a missed promise away.
    /// What staff enter late, with its true time, stands before what fell due since.
    func commit(
        _ session: any Session, _ before: Ticket, at now: Instant, extras: MessageExtras = MessageExtras(),
        _ decide: (Ticket, Agreement) throws -> [Draft]
    ) throws -> Committed {
        // A clock that was set back must not put an act before what it answers.
        let now = max(now, before.updatedAt)
        let agreement = try agreement(digest: before.agreement, session)
        let holds = holdsClosing(at: now)
        func applied(_ drafts: [Draft]) -> Ticket {
            var ticket = before
            for draft in drafts { ticket.apply(draft.event(number: ticket.head + 1, recordedAt: now), agreement) }
            return ticket
        }
        let fallen = before.fallenDue(at: now, agreement, holdsClosing: holds)
        let decided = try decide(applied(fallen), agreement)
        var drafts = fallen + decided
        if let first = fallen.first, decided.contains(where: { $0.occurredAt < now && $0.occurredAt <= first.occurredAt }) {
            let late = try decide(before, agreement)
            drafts = late + applied(late).fallenDue(at: now, agreement, holdsClosing: holds)
        }
        guard !drafts.isEmpty else { return Committed(ticket: before, events: []) }
        return try store(session, before, drafts, agreement, at: now, extras: extras, isNew: false)
    }

    /// Appends events to a ticket and writes all that follows from them.
    func store(
        _ session: any Session, _ before: Ticket, _ drafts: [Draft], _ agreement: Agreement, at now: Instant, extras: MessageExtras, isNew: Bool, acknowledges: Bool = true
    ) throws -> Committed {
        let directory = try directory.content(session, now: self.now())
        let work = try consequences(of: drafts, on: before, agreement, directory, at: now, extras: extras, acknowledges: acknowledges, budget: AnswerBudget(session))
        return try put(session, work, extras: extras, at: now, isNew: isNew)
    }

    /// All that the store gets when events are appended, worked out without it.
    struct Consequences: Sendable {
        var head: Int
        var encoded: [NewEvent]
        var events: [TicketEvent]
        /// Afterwards.
        var ticket: Ticket
        /// Its row, but for the hash of its last event.
        var record: TicketRecord
        var timers: [TicketTimer]
        var messages: [StoredMessage]
        var mails: [OutboxItem]
        var notifications: [StoredNotification]
        /// Tasks that are still to be done; nil: as they were.
        var tasks: [OpenTask]?
    }

    func consequences(
        of drafts: [Draft], on before: Ticket, _ agreement: Agreement, _ directory: Directory.Content, at now: Instant, extras: MessageExtras, acknowledges: Bool,
        budget: AnswerBudget
    ) throws -> Consequences {
        let now = extras.recordedAt ?? now
        var ticket = before
        let events = drafts.enumerated().map { $0.element.event(number: before.head + 1 + $0.offset, recordedAt: now) }
        for event in events { ticket.apply(event, agreement) }
        let messages = events.compactMap { event in
            var message = Self.message(of: event, ticket: ticket.id)
            message?.html = extras.html
            message?.mailIn = extras.mailIn
            return message
        }
        let owed = extras.silent ? Owed() : try owed(before: before, after: ticket, events, agreement, directory, at: now, acknowledges: acknowledges, budget: budget)
        return Consequences(
            head: before.head, encoded: try Self.encoded(drafts, at: now), events: events, ticket: ticket, record: try Self.record(of: ticket, agreement, headHash: ""),
            timers: Self.timers(of: ticket, agreement), messages: messages,
            mails: owed.mails, notifications: owed.notifications,
            tasks: before.openTasks == ticket.openTasks ? nil : ticket.openTasks)
    }

    func put(_ session: any Session, _ work: Consequences, extras: MessageExtras, at now: Instant, isNew: Bool) throws -> Committed {
        let stored = try session.appendEvents(ticket: work.ticket.id, expectedHead: work.head, events: work.encoded)
        for message in work.messages {
            let id = try session.insertMessage(message)
            for attachment in extras.attachments {
                try session.insertAttachment(
                    ticket: work.ticket.id, message: id, name: attachment.name, type: attachment.type, content: attachment.content, inline: attachment.inline, contentID: attachment.contentID,
                    at: extras.recordedAt ?? now)
            }
        }
        var record = work.record
        record.headHash = stored.last?.hash ?? ""
        if isNew { try session.insertTicket(record) } else { try session.updateTicket(record) }
        try session.setTimers(ticket: work.ticket.id, work.timers)
        if let tasks = work.tasks { try session.setOpenTasks(ticket: work.ticket.id, tasks) }
        let notified = Set(work.notifications.map(\.person))
        if !extras.silent { try announce(work.ticket, session, notified: notified) }
        for mail in work.mails { try session.insertOutbox(mail) }
        try session.insertNotifications(work.notifications)
        return Committed(ticket: work.ticket, events: work.events, notified: notified)
    }

    /// Drafts as the store takes them, recorded at `now`.
    static func encoded(_ drafts: [Draft], at now: Instant) throws -> [NewEvent] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try drafts.map { draft in
            var texts = draft.texts
            if let name = draft.fact.name, !name.isEmpty { texts[TextKey.person] = name }
            return NewEvent(
                type: draft.fact.type, occurredAt: draft.occurredAt, recordedAt: now, actorKind: draft.actor.kind.rawValue, actor: draft.actor.id,
                actorName: draft.actor.name, fact: String(decoding: try encoder.encode(draft.fact.named(nil)), as: UTF8.self), texts: texts)
        }
    }

    static func timers(of ticket: Ticket, _ agreement: Agreement) -> [TicketTimer] {
        ticket.timers(agreement).map {
            TicketTimer(ticket: ticket.id, kind: $0.kind.rawValue, clock: $0.clock?.rawValue ?? "", rung: $0.rung, cycle: $0.cycle, dueAt: $0.dueAt)
        }
    }

    /// The words that an event brought to the conversation; nil for an event without any.
    static func message(of event: TicketEvent, ticket: Int64) -> StoredMessage? {
        let visibility: Visibility
        let channel: Channel
        var body = event.texts[TextKey.body] ?? ""
        switch event.fact {
        case .messageAdded(let of, let through, _): (visibility, channel) = (of, through)
        case .registered(let through, _, _, _, _, _, _):
            (visibility, channel) = (.public, through)
            if body.isEmpty { body = event.texts[TextKey.field("description")] ?? "" }
        default: return nil
        }
        return StoredMessage(
            ticket: ticket, number: event.number, visibility: visibility.rawValue, authorKind: event.actor.kind.rawValue, author: event.actor.id,
            authorName: event.actor.name, at: event.occurredAt, channel: channel.rawValue, body: body)
    }

    /// The row that lists and quick answers read.
    static func record(of ticket: Ticket, _ agreement: Agreement, headHash: String) throws -> TicketRecord {
        let standing = ticket.standing(agreement)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let rungs = (ticket.rungs.filter { $0.key.hasPrefix("response") }.values.max() ?? 0, ticket.rungs.filter { $0.key.hasPrefix("resolution") }.values.max() ?? 0)
        return TicketRecord(
            id: ticket.id, ref: ticket.ref, client: ticket.client, contact: ticket.contact, assignee: ticket.assignee, department: ticket.department ?? "",
            status: ticket.status(agreement).rawValue, severity: ticket.severity, urgency: ticket.urgency, channel: ticket.channel.rawValue,
            subject: ticket.subject, registeredAt: ticket.registeredAt, loggedAt: ticket.loggedAt, groupRank: standing.rank, due: standing.due,
            state: String(decoding: try encoder.encode(ticket), as: UTF8.self), line: TicketLine(ticket, agreement).text, head: ticket.head,
            headHash: headHash, updatedAt: ticket.updatedAt, escalated: max(rungs.0, rungs.1))
    }

    /// After the commit: open pages hear of it.
    func told(_ committed: Committed) {
        guard !committed.events.isEmpty else { return }
        let ticket = committed.ticket
        cache.keep(ticket)
        countCache.moved()
        workspace.forget(committed.notified)
        live.send(LiveChange(ticket: ticket.id, ref: ticket.ref, head: ticket.head, client: ticket.client, contact: ticket.contact, notified: committed.notified))
    }
}

/// What a list's row needs besides the columns, in one short text: parts divided by U+001F.
struct TicketLine {
    var agreement: String
    var rated: Bool
    var unread: Bool
    var responseRung: Int
    var resolutionRung: Int
    var response: String
    var resolution: String
    var assigneeName: String
    var site: String
    var missing: String

    init(_ ticket: Ticket, _ agreement: Agreement) {
        self.agreement = ticket.agreement
        rated = ticket.severityIsAssigned || ticket.urgency != nil
        unread = (ticket.lastClientMessageAt ?? ticket.registeredAt) > (ticket.lastStaffMessageAt ?? Instant(.min)) && ticket.phase != .closed
        responseRung = ticket.rungs.filter { $0.key.hasPrefix("response") }.values.max() ?? 0
        resolutionRung = ticket.rungs.filter { $0.key.hasPrefix("resolution") }.values.max() ?? 0
        response = ClockChangeCoding.write(ticket.responseChanges)
        resolution = ClockChangeCoding.write(ticket.resolutionChanges)
        assigneeName = ticket.assigneeName ?? ""
        site = ticket.fields["site"] ?? ""
        missing = ticket.missing(agreement).joined(separator: ",")
    }

    init?(text: String) {
        let parts = text.utf8.split(separator: 0x1F, omittingEmptySubsequences: false)
        guard parts.count == 9 else { return nil }
        func string(_ index: Int) -> String { String(Substring(parts[index])) }
        agreement = string(0)
        let flags = Array(parts[1])
        rated = flags.first == UInt8(ascii: "1")
        unread = flags.dropFirst().first == UInt8(ascii: "1")
        responseRung = Int(string(2)) ?? 0
        resolutionRung = Int(string(3)) ?? 0
        response = string(4)
        resolution = string(5)
        assigneeName = string(6)
        site = string(7)
        missing = string(8)
    }

    var text: String {
        func clean(_ text: String) -> String { text.contains("\u{1F}") ? text.replacing("\u{1F}", with: " ") : text }
        return [agreement, (rated ? "1" : "0") + (unread ? "1" : "0"), String(responseRung), String(resolutionRung), response, resolution, clean(assigneeName), clean(String(site.prefix(80))), missing]
            .joined(separator: "\u{1F}")
    }
}
