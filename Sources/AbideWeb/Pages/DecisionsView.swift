import AbideCore

/// What was decided, offered and granted on a ticket: coverage (M), dates (C3), quotes (M5), access (L5), complaints (D3).
struct DecisionsView: Sendable {
    /// Every date that was proposed, oldest first.
    var dates: [DateView] = []
    var quotes: [Ticket.Quote] = []
    var grants: [Ticket.Grant] = []
    var complaints: [ComplaintView] = []
    /// For staff: what the coverage rules ask about.
    var kinds: [Choice] = []
    var causes: [Choice] = []
    /// What the last correction did to the clocks (M6); empty where nobody corrected it.
    var effect = ""
    /// The quote that this ticket is the work of.
    var origin: Ticket.Origin? = nil

    struct DateView: Sendable {
        var due: Instant?
        var workingSeconds: Int64?
        var by: String
        var at: Instant
        /// "agreed", "replaced", "proposed"
        var state: String
    }

    struct ComplaintView: Sendable {
        var by: String
        var at: Instant
        var due: Instant?
        var answeredAt: Instant?
        var isLate: Bool
        var isAboutCoverage: Bool
        var reason: String
        var impact: String
        var answer: String
    }
}
