package import AbideCore
import AbideStore
import Foundation

/// How somebody of the desk wants to hear by mail of what only concerns them. What the agreement owes comes at once whatever they wish.
package enum MailWish: String, CaseIterable, Sendable {
    case hourly, daily
    /// Only on the pages.
    case never

    static let setting = "mailWish"

    /// True for what tells a colleague something; false for what carries the agreement out, as a warning or an escalation.
    static func isOptional(_ milestone: String) -> Bool { Owed.optional.contains(milestone) }

    /// When what is told now goes out in one mail; nil: never.
    package func digest(after now: Instant, zone: ZoneRules?) -> Instant? {
        switch self {
        case .never: return nil
        case .hourly: return Instant((now.seconds / 3600 + 1) * 3600)
        case .daily:
            // At eight in the reader's morning.
            let offset = zone?.offset(at: now) ?? 0
            let local = now.seconds + Int64(offset), midnight = local - ((local % 86_400) + 86_400) % 86_400
            let eight = midnight + 8 * 3600
            return Instant((eight > local ? eight : eight + 86_400) - Int64(offset))
        }
    }
}

/// What events owe to people: mails, and what those of the desk are told on the pages.
struct Owed {
    var mails: [OutboxItem] = []
    var notifications: [StoredNotification] = []
    private let ticket: Int64

    init(ticket: Int64 = 0) { self.ticket = ticket }

    static let optional: Set<String> = ["clientAnswered", "mentioned", "assigned", "taskAdded", "resolved", "closed", "reopened", "resolutionWithdrawn", "resolutionAgreed"]

    /// Each person is told of an event once.
    mutating func tell(_ people: [StoredPerson], _ kind: String, _ event: TicketEvent) {
        for person in people where person.role.isStaff && !notifications.contains(where: { $0.person == person.id && $0.number == event.number }) {
            notifications.append(StoredNotification(person: person.id, ticket: ticket, number: event.number, kind: kind, at: event.recordedAt))
        }
    }

    mutating func setDigests(_ directory: Directory.Content, at now: Instant, zone: (String) -> ZoneRules?) {
        for index in notifications.indices where Self.optional.contains(notifications[index].kind) {
            let person = notifications[index].person
            notifications[index].digestAt = directory.mailWishes[person]?.digest(after: now, zone: directory.people[person]?.zone.flatMap(zone))
        }
    }
}

/// Something that happened, as its reader is told.
package struct NotificationView: Sendable, Hashable {
    package var id: Int64
    package var ref: String
    package var subject: String
    /// `mentioned`, `assigned`, `warning`, …
    package var kind: String
    /// "Priya Nair mentioned you in a note."
    package var words: String { Self.words(kind, who.isEmpty ? say("Somebody") : who) }
    private var who: String
    /// The event of the ticket's log.
    package var number: Int
    package var at: Instant
    package var isRead: Bool

    init(_ told: ToldNotification) {
        let one = told.notification
        id = one.id
        ref = told.ref
        subject = told.subject
        kind = one.kind
        number = one.number
        at = one.at
        isRead = one.readAt != nil
        who = told.actor
    }

    private static func words(_ kind: String, _ who: String) -> String {
        switch kind {
        case "mentioned": say("\(who) mentioned you in a note.")
        case "assigned": say("\(who) assigned it to you.")
        case "taskAdded": say("\(who) gave you a task.")
        case "clientAnswered": say("\(who) wrote.")
        case "warning": say("A promise falls due soon.")
        case "escalated": say("A promise was missed; it is escalated to you.")
        case "complained": say("\(who) complains formally.")
        case "complaintAnswered": say("\(who) answered the complaint.")
        case "complaintOverdue": say("The written answer to a complaint is late.")
        case "closingPrompt": say("It waits for the client’s feedback: send the closing notice?")
        case "closingListed": say("It may be closed: the notice period is over.")
        case "resolutionProposed": say("\(who) proposes a date.")
        case "resolutionAgreed": say("A date is agreed.")
        case "resolved": say("\(who) resolved it.")
        case "resolutionWithdrawn": say("\(who) says that it is not solved.")
        case "surveyPoor": say("\(who) was not satisfied.")
        case "confirmed": say("\(who) says that it works.")
        case "closed": say("\(who) closed it.")
        case "reopened": say("\(who) reopened it.")
        case "accessGranted": say("\(who) granted access.")
        case "accessEnded": say("Access has ended.")
        case "quoteAccepted": say("\(who) accepted the quote.")
        case "quoteDeclined": say("\(who) declined the quote.")
        default: say("\(who) did something on it.")
        }
    }
}

extension Desk {
    /// Notifications are kept for so long.
    static let notificationDays: Int64 = 90

    /// What somebody of the desk is told, the latest first.
    /// - Parameter before: those that are older than this one.
    package func notifications(of person: Person, before: Int64? = nil, limit: Int = 50) async throws -> [NotificationView] {
        try mustBeStaff(person)
        return try await db.read { try $0.notifications(of: person.id, before: before, limit: limit).map(NotificationView.init) }
    }

    /// How many are unread.
    package func unreadCount(of person: Person) async throws -> Int { person.role.isStaff ? try await kept(of: person).unread.values.reduce(0, +) : 0 }

    /// The newest unread one of a ticket, to be shown at once.
    package func newestNotification(of person: Person, on ticket: Int64) async throws -> NotificationView? {
        try await db.read { try $0.notifications(of: person.id, limit: 20).first { $0.notification.ticket == ticket && $0.notification.readAt == nil }.map(NotificationView.init) }
    }

    package func notification(_ id: Int64, of person: Person) async throws -> NotificationView {
        guard let found = try await db.read({ try $0.notifications(of: person.id, before: id + 1, limit: 1) }).first, found.notification.id == id else { throw Refusal(.unknown, "There is no such notification.") }
        return NotificationView(found)
    }

    /// - Parameter ref: nil: all of them.
    package func readNotifications(of person: Person, on ref: String? = nil) async throws {
        try mustBeStaff(person)
        let now = now()
        try await db.write { session in
            let ticket = try ref.map { ref -> Int64 in
                guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
                return record.id
            }
            try session.readNotifications(of: person.id, ticket: ticket, at: now)
        }
        workspace.forget([person.id])
    }

    /// Whoever opens a ticket has read what was told of it. Nothing is written where nothing was.
    package func haveRead(_ ticket: Ticket, by person: Person) async throws {
        guard person.role.isStaff, try await kept(of: person).unread[ticket.id] != nil else { return }
        let now = now()
        try await db.write { try $0.readNotifications(of: person.id, ticket: ticket.id, at: now) }
        workspace.forget([person.id])
    }

    /// How somebody hears by mail of what only concerns them; nil: at once.
    package func mailWish(of person: Person) async throws -> MailWish? { try await kept(of: person).settings[MailWish.setting].flatMap(MailWish.init) }

    package func setMailWish(_ wish: MailWish?, by person: Person) async throws {
        try mustBeStaff(person)
        try await db.write { session in
            try session.putSetting(MailWish.setting, of: person.id, wish?.rawValue)
            try session.announce("people")
        }
        workspace.forget([person.id])
        directory.forget()
    }

    private func mustBeStaff(_ person: Person) throws {
        guard person.role.isStaff else { throw Refusal.role(person.role, may: "Notifications are for the desk's own people; a client is told by mail and on the ticket.") }
    }

    // MARK: Digests

    /// Sends what has gathered, one mail a person, each in a transaction of its own.
    /// - Returns: how many mails.
    @discardableResult
    package func sendDigests() async throws -> Int {
        let now = now()
        var sent = 0
        for id in try await db.read({ try $0.dueDigests(at: now) }) {
            let done = try await db.write { session -> Bool in
                let news = try session.digest(of: id, at: now, limit: 200)
                let directory = try self.directory.content(session, now: self.now())
                guard try session.takeDigest(of: id, at: now), !news.isEmpty, let person = directory.people[id], !person.disabled, !person.email.isEmpty else { return false }
                try session.insertOutbox(try self.digest(news.map(NotificationView.init), for: person, at: now))
                return true
            }
            if done { sent += 1 }
        }
        return sent
    }

    private func digest(_ news: [NotificationView], for person: StoredPerson, at now: Instant) throws -> OutboxItem {
        let agreement = currentAgreement(), provider = agreement.terms.provider
        let when = self.when(zone: person.zone.flatMap { self.zone($0) }, names: .english, agreement)
        var order: [String] = [], byTicket: [String: [NotificationView]] = [:]
        for one in news {
            if byTicket[one.ref] == nil { order.append(one.ref) }
            byTicket[one.ref, default: []].append(one)
        }
        var parts = ["\(news.count == 1 ? "One thing" : "\(news.count) things") happened on \(order.count == 1 ? "a ticket" : "\(order.count) tickets") of yours."]
        for ref in order {
            let all = byTicket[ref] ?? []
            parts.append(([ "\(ref) \(all.first?.subject ?? "")"] + all.map { "- \($0.words) \(when($0.at))" } + ["\(settings.baseURL)/tickets/\(ref)"]).joined(separator: "\n"))
        }
        parts.append("How often this comes is on \(settings.baseURL)/notifications.")
        let id = keys.messageID(mailbox: provider.mailbox, ticket: 0, participant: person.id, serial: "digest-\(news.last?.id ?? 0)")
        let mail = OutgoingMail(
            from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: person.email, name: person.name), replyTo: nil,
            subject: "\(news.count == 1 ? "One notification" : "\(news.count) notifications") on \(EventSentence.list(Array(order.prefix(3))))\(order.count > 3 ? " and others" : "")",
            messageID: id, inReplyTo: nil, references: [], date: now, text: parts.joined(separator: "\n\n"), html: nil, autoSubmitted: "auto-generated",
            headers: ["X-Abide-Milestone": "digest", "List-Unsubscribe": "<\(settings.baseURL)/notifications>"])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return OutboxItem(
            ticket: nil, number: nil, milestone: "digest", recipient: person.email, messageID: id, mail: String(decoding: try encoder.encode(mail), as: UTF8.self),
            state: settings.sendsMail ? .queued : .held, nextAt: now, createdAt: now)
    }
}
