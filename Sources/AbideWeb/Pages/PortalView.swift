import AbideCore

/// What waits for the client, what is being worked on, what was closed lately.
struct PortalHomeView: Sendable {
    var client: String
    var waiting: [PortalWaiting]
    var working: [PortalRow]
    var closed: [PortalRow]
    /// Reports that the reader may open; nil: none.
    var reports: String?
    /// "You see all tickets of Northfield Mining", or empty.
    var standing: String
}

struct PortalRow: Sendable {
    var ref: String
    var subject: String
    var assignee: String?
    /// The clock that is promised next.
    var promise: PromiseLineView
    var axis: Axis
    /// For closed ones.
    var closedBy: String? = nil
    var closedAt: Instant? = nil
    var mayReopen = false
}

struct PortalWaiting: Sendable {
    enum Reason: Sendable {
        /// Resolved and not confirmed; `mayClose`: the reader logged it (N1).
        case confirm(by: String, at: Instant, mayClose: Bool, logger: String)
        /// Labels of what is missing (A5).
        case supply([String])
        /// A suspension that waits for the client (C6): the reason's label, and the note.
        case suspended(reason: String, note: String, since: Instant)
        /// A resolution date that waits to be accepted (C3).
        case proposal(ProposalView)
        /// A quote that waits to be accepted or declined (M5).
        case quote(Ticket.Quote, by: String)
    }
    var ref: String
    var subject: String
    var reason: Reason
}

/// A ticket for its client.
struct PortalTicketView: Sendable {
    /// What whoever logged it is asked now; nil: nothing.
    var survey: SurveyView? = nil
    var ticket: TicketView
    var site: String
    /// Who logged it: only they and the service manager close (N1).
    var logger: String
    var readerIsLogger: Bool
    /// Whom a complaint goes to, by name and role: "Andrew Lindqvist, client services manager".
    var complaintsTo: String
    /// "1 working day"
    var complaintWithin: String
    /// Who resolved it and what they wrote, while resolved.
    var resolvedBy: String?
    var resolvedAt: Instant?
}
