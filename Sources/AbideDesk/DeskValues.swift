package import AbideCore

/// A ticket as a reader gets it, with what stands around it. `ticket.head` is its version: the ETag.
package struct TicketView: Sendable {
    package var ticket: Ticket
    package var agreement: Agreement
    package var client: ClientRecord?
    /// The logger; nil where nobody is known by that address yet (then see `ticket.contactEmail`).
    package var contact: PersonBrief?
    package var assignee: PersonBrief?
    /// The instant at which the view was made: clocks are read at it.
    package var now: Instant
    /// The facts of the client's record that coverage depends on (M); nil: nobody knows the client.
    package var entitlements: [String: String]?
    /// The answer to a request that was done before, under the same key.
    package var isReplay = false

    package func reading(_ name: ClockName) -> ClockReading { ticket.clock(name, agreement).reading(at: now) }
    package func intervals(_ name: ClockName) -> [ClockReading.Interval] { ticket.clock(name, agreement).intervals(at: now) }
    package var status: Ticket.Status { ticket.status(agreement) }
}

package struct ClientRecord: Sendable, Hashable {
    package var id: Int64
    package var name: String
    package var zone: String?
    package var subscriptionUntil: Instant?
    package var managedHosting: Bool
    package var shareTickets: Bool
    package init(id: Int64, name: String, zone: String?, subscriptionUntil: Instant?, managedHosting: Bool, shareTickets: Bool) {
        self.id = id
        self.name = name
        self.zone = zone
        self.subscriptionUntil = subscriptionUntil
        self.managedHosting = managedHosting
        self.shareTickets = shareTickets
    }
}

package struct PersonBrief: Sendable, Hashable {
    package var id: Int64
    package var email: String
    package var name: String
    package var role: Role
    package var phone: String
    package init(id: Int64, email: String, name: String, role: Role, phone: String) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.phone = phone
    }
}

/// What a list asks for; all nil: all that the reader may see.
package struct TicketQuery: Sendable {
    package typealias Sort = TicketSort

    package var statuses: [Ticket.Status] = []
    /// Not resolved, not closed.
    package var openOnly = false
    package var severity: Int?
    package var client: Int64?
    /// A person's id; `unassigned` beats it.
    package var assignee: Int64?
    package var unassigned = false
    package var department: String?
    package var escalated = false
    /// Words searched in reference, subject, client, messages, fields and names of files.
    package var text: String?
    /// The promise due before this instant.
    package var dueBefore: Instant?
    package var sort = Sort.due
    package var limit = 50
    package var cursor: String?
    package init() {}

    /// Nothing is asked for but what is open, in an order of the store's own.
    var isPlain: Bool {
        (text ?? "").isEmpty && severity == nil && client == nil && assignee == nil && !unassigned && department == nil && !escalated && dueBefore == nil && statuses.isEmpty
            && ![.severity, .severityReversed, .client, .clientReversed].contains(sort)
    }
}

package struct TicketList: Sendable {
    package var rows: [TicketRow]
    package var next: String?
    package init(rows: [TicketRow], next: String?) {
        self.rows = rows
        self.next = next
    }
}

package struct EventView: Sendable {
    package var event: TicketEvent
    package var hash: String
    /// False: the reader gets number and hash, no facts and no sentence.
    package var disclosed: Bool
    let words: SentenceWords

    /// In the reader's words; made when it is asked for.
    package var sentence: String { disclosed ? words.sentence(event) : "" }
}

/// What the sentences of one ticket's events are written with, for one reader.
final class SentenceWords: Sendable {
    private let agreement: Agreement
    private let when: @Sendable (Instant) -> String

    init(_ agreement: Agreement, when: @escaping @Sendable (Instant) -> String) {
        self.agreement = agreement
        self.when = when
    }

    func sentence(_ event: TicketEvent) -> String { EventSentence.sentence(event, agreement, when: when) }
}

package struct AttachmentRecord: Sendable, Hashable {
    package var id: Int64
    package var name: String
    package var type: String
    package var size: Int
    /// By which the HTML of its mail names it.
    package var contentID: String?
}

package struct MessageView: Sendable {
    /// The number of the event that it is.
    package var id: Int
    package var body: String
    /// Sanitised HTML of a mail, where it had some.
    package var html: String?
    package var visibility: Visibility
    package var author: Actor
    package var at: Instant
    package var channel: Channel
    package var automatic: Bool
    package var attachments: [AttachmentRecord]
    /// The ticket on which it was written, where that one was merged into this.
    package var origin: String? = nil
}

/// All that the page of one ticket shows.
package struct TicketDetail: Sendable {
    package var view: TicketView
    package var events: [EventView]
    package var messages: [MessageView]
    /// What the reader had begun to write.
    package var draft: String
    /// For staff.
    package var links: [LinkedTicket] = []
    /// Answers that wait to go out; for staff.
    package var held: [HeldView] = []
    /// Fields of the provider's own that this ticket can have, as far as the reader may see them.
    package var customFields: [CustomField] = []
    /// Whom staff can turn to about it: who logged it, then the client's primary contact and stand-in (L4).
    package var contacts: [PersonBrief] = []
}

package struct NewAttachment: Sendable {
    package var name: String
    package var type: String
    package var content: [UInt8]
    package var inline: Bool
    package var contentID: String?
    package init(name: String, type: String, content: [UInt8], inline: Bool = false, contentID: String? = nil) {
        self.contentID = contentID
        self.name = name
        self.type = type
        self.content = content
        self.inline = inline
    }
}

/// A ticket logged by page or API.
package struct LogRequest: Sendable {
    package var subject: String?
    package var urgency: Int?
    /// By intake name, `description` among them.
    package var fields: [String: String]
    package var channel: Channel
    /// Staff only: the caller's address.
    package var contact: String?
    package var attachments: [NewAttachment] = []
    /// Staff only: when the call really came, where it is entered late (J3).
    package var occurredAt: Instant?
    package init(subject: String?, urgency: Int?, fields: [String: String], channel: Channel, contact: String? = nil) {
        self.subject = subject
        self.urgency = urgency
        self.fields = fields
        self.channel = channel
        self.contact = contact
    }
}

/// Counts for the workspace's sidebar.
package struct SidebarCounts: Sendable {
    package var open = 0
    package var mine = 0
    /// Open tickets by whoever works on them.
    package var loads: [Int64: Int] = [:]
    package var unassigned = 0
    package var awaitingClient = 0
    package var escalated = 0
    /// Solved, and waiting to be confirmed.
    package var resolved = 0
    package var byDepartment: [(name: String, count: Int)] = []
    package var byClient: [(id: Int64, name: String, count: Int)] = []
    package init() {}
}

package struct OutboxRow: Sendable {
    package var id: Int64
    package var ticketRef: String?
    package var milestone: String
    package var recipient: String
    package var subject: String
    package var state: String
    package var attempts: Int
    package var lastError: String?
    package var createdAt: Instant
    package var sentAt: Instant?
}

/// A session that was just opened; `secret` goes into the cookie and is stored as a hash only.
package struct OpenedSession: Sendable {
    package var secret: String
    package var csrf: String
    package var person: Person
    /// False: the second factor is awaited, and nothing else opens before.
    package var isComplete: Bool
    package init(secret: String, csrf: String, person: Person, isComplete: Bool = true) {
        self.isComplete = isComplete
        self.secret = secret
        self.csrf = csrf
        self.person = person
    }
}
