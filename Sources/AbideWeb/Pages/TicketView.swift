import AbideCore

/// A ticket as its pages show it, for staff and for clients; the handler leaves out what the reader may not see.
struct TicketView: Sendable {
    var ref: String
    var subject: String
    var status: Status
    var severity: Int?
    /// "Urgent"; empty while nobody has rated it.
    var severityName: String
    /// True while `severity` is only the caller's urgency or the provisional one.
    var severityIsProvisional: Bool
    var client: String
    var contact: PersonView
    var assignee: PersonView?
    var department: String?
    var registeredAt: Instant
    var response: PromiseLineView
    var resolution: PromiseLineView
    /// Where the agreement promises one, and the client has written.
    var nextReply: PromiseLineView? = nil
    var clocks: [PromiseLineView] { [response, resolution] + (nextReply.map { [$0] } ?? []) }
    /// One axis for all of the ticket's clocks: `Axis.ticket(…)`.
    var axis: Axis
    /// Labels of the intake fields that are missing (A5).
    var missing: [String]
    /// The missing fields themselves, for the short form.
    var missingFields: [IntakeField]
    /// What it says about itself: label and value, in the order of the agreement.
    var facts: [(label: String, value: String)]
    var suspensions: [SuspensionView]
    var coverage: CoverageView?
    /// "Support eService, version 3"
    var agreement: String
    /// Oldest first.
    var timeline: [TimelineItem]
    /// What the reader may do now; an act that isn't here has no button.
    var may: Set<TicketAct>
    var proposals: [ProposalView]
    var closing: ClosingView?
    /// What the reader wrote before an act was refused or crossed; kept in the composer.
    var draft: String = ""
    /// Canned answers, filled in for this ticket.
    var canned: [CannedChoice] = []
    /// The macro that goes along with what stands in the composer.
    var macro: CannedChoice? = nil
    /// For staff.
    var choices: StaffChoices = StaffChoices()
    /// Drawn already, where somebody has just looked at it in this second.
    var drawn: DrawnTicket? = nil
    /// Number of the last event that the page shows.
    var head = 0
    /// Answers that wait to go out.
    var held: [HeldAnswerView] = []
    /// True where the reader's answers wait some seconds.
    var holds = false
    /// What came while the reader wrote.
    var crossing: CrossingView? = nil
    var decisions = DecisionsView()
    var connections = ConnectionsView()

    enum Status: String, Sendable {
        case registered, open, awaitingClient, resolved, closed
        /// As staff say it.
        var word: String {
            switch self {
            case .registered: say("Registered")
            case .open: say("Open")
            case .awaitingClient: say("Awaiting client")
            case .resolved: say("Resolved")
            case .closed: say("Closed")
            }
        }
    }
}

/// Each act's form posts to `/tickets/REF/` and the raw value. Fields, besides `csrf`:
/// - `messages`: `body`, `visibility` (`public`, `internal`), optional `suspend` (a key of a reason)
/// - `suspension`: `reason`, `note` · `suspension/ID/end`: nothing
/// - `resolution`: `body` · `resolution/withdrawal`: optional `body`
/// - `assignment`: `assignee` (may be empty), `department` · `severity`: `severity`, `reason` · `coverage`: `decision`, `rule`, `reason`
/// - `completion`: `reason` · `fields`: one field for each intake name
/// - `proposals`: `due` (`2026-03-13T12:06`, the desk's wall time) · `proposals/ID/acceptance`: nothing
/// - `closure`: optional `reason` · `closing-notice`: nothing · `reopening`: `reason`
/// - `complaint`: `reason`, `impact` · `complaint/answer`: `body` · `coverage/dispute`: `reason`, `impact`
/// - `merging`: `into`, optional `reason` · `merging/end`: optional `reason` · `links`: `to`, `relation` · `links/REF/end`, `following`, `following/end`: nothing
/// - `attempts`: `contact`, `way`, `reached` (`yes`, `no`), `note`
/// - `tasks`: `text`, a step a line, `assignee`, `due` · `tasks/ID/completion`, `…/completion/end`, `…/removal`: nothing · `custom-fields`: `custom-NAME` · `messages/N/split`: `subject`, `urgency`
/// - `tags`: `tags`, all of them, divided by commas · `time`: `spent`, `note` · `incidents`: `body`, `resolves`
/// - `access`: `who`, `how`, `until` · `access/ID/end`: nothing
/// - `quotes`: `effort` (hours), `price`, `currency`, `deliverables`, `due` · `quotes/ID/acceptance`, `…/withdrawal`: nothing · `…/refusal`: `reason`
enum TicketAct: String, Sendable, CaseIterable {
    /// A public message.
    case reply
    /// An internal one.
    case note
    case suspend, resume, resolve, withdrawResolution, assign, severity, coverage, complete, supply, propose, accept
    case close, closingNotice, reopen, complain, answerComplaint
    case dispute, grantAccess, quote, decideQuote
    case organise, merge, unmerge
}

/// A canned answer as the composer offers it.
struct CannedChoice: Sendable {
    var id: Int64
    var label: String
    /// With this ticket's values in it.
    var text: String
    /// What happens with it besides; empty: nothing.
    var says: String
}

/// The selects of the staff's forms.
struct StaffChoices: Sendable {
    var suspensionReasons: [Choice] = []
    /// The reason that the client's answer ends by itself; offered beside the reply. Nil: the agreement has none.
    var answerReason: String? = nil
    var agents: [Choice] = []
    /// How many open tickets each of them has; who has the fewest comes first.
    var loads: [(name: String, open: Int)] = []
    /// Who can be mentioned in a note.
    var colleagues: [String] = []
    var departments: [Choice] = []
    var severities: [Choice] = []
    var coverage: [Choice] = []
    /// What the agreement asks for when a ticket is resolved.
    var details: [IntakeField] = []
}

struct SuspensionView: Sendable {
    var id: String
    /// The agreement's label of the reason.
    var reason: String
    var note: String
    var since: Instant
    var by: String
    var waitsForClient: Bool
}

struct CoverageView: Sendable {
    /// "Covered", "Not covered", "Undecided"
    var decision: String
    var reason: String
    /// The clause: "M1".
    var rule: String?
}

struct ProposalView: Sendable {
    var id: String
    var by: String
    var due: Instant?
    var workingSeconds: Int64?
    /// False for the side that made it.
    var mayAccept: Bool
}

/// N1-N3: who may close, and how far the closing notice has come.
struct ClosingView: Sendable {
    var noticedAt: Instant?
    var closableAt: Instant?
    var isListed: Bool
}

enum TimelineItem: Sendable {
    case message(MessageView)
    case event(EventView)

    var at: Instant {
        switch self {
        case .message(let message): message.at
        case .event(let event): event.at
        }
    }
}

struct MessageView: Sendable {
    enum Kind: Sendable { case client, ours, note }
    /// Unique on the page.
    var id: String
    var kind: Kind
    var author: PersonView
    /// "Northfield Mining, by e-mail"; "to Dana Whitlock"
    var via: String
    var at: Instant
    /// Already made safe: rendered Markdown or sanitised mail.
    var body: HTML
    var attachments: [AttachmentView] = []
    /// "sent 15:48", "bounced": the delivery state of the mail that carried it; empty: nothing to say.
    var delivery = ""
    /// Where the mail's own HTML opens, in a page without any rights; nil: it has none.
    var original: String? = nil
    /// Where the mail is had as it came, byte for byte; nil: it is no mail, or not for this reader.
    var raw: String? = nil
    /// The mail was signed or encrypted.
    var sealing: MailSealing? = nil
    /// The sender could not be verified (trust.md R2).
    var isUnverified = false
    /// Where it becomes a ticket of its own; nil: it can't.
    var splits: String? = nil
}

struct AttachmentView: Sendable {
    var name: String
    var href: String
    /// Decoded bytes.
    var size: Int64
    /// It is shown small beside its name: a browser draws nothing of these types but a picture.
    var isPicture = false

    static func isPicture(_ type: String, _ size: Int) -> Bool { size > 0 && size <= 5_000_000 && ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(type.lowercased()) }
}

struct EventView: Sendable {
    var number: Int
    /// As the API names it: `correctlyLogged`.
    var type: String
    var at: Instant
    /// When it was entered, where that differs.
    var recordedAt: Instant? = nil
    /// The sentence of the core.
    var sentence: String
}
