/// The orders of a list, by the names that the API gives them.
package enum TicketSort: String, Sendable, Hashable, CaseIterable {
    /// What is promised next: by group, then by due, those without a promise last.
    case due
    case dueReversed = "-due"
    /// Last correctly logged first; those not yet logged by their registration.
    case logged = "-logged"
    case loggedReversed = "logged"
    case updated = "-updated"
    case updatedReversed = "updated"
    /// The most severe first, then what is promised next.
    case severity
    case severityReversed = "-severity"
    /// By the client's name, then what is promised next.
    case client
    case clientReversed = "-client"
    /// What fits the words best; without words as `-updated`.
    case relevance

    /// The same column the other way round.
    package var reversed: TicketSort { TicketSort(rawValue: rawValue.hasPrefix("-") ? String(rawValue.dropFirst()) : "-" + rawValue) ?? self }

    /// As the heads of groups and the choice of an order say it.
    package var words: String {
        switch self {
        case .due: say("Promised next")
        case .dueReversed: say("Promised last")
        case .logged: say("Logged, latest first")
        case .loggedReversed: say("Logged, oldest first")
        case .updated: say("Updated, latest first")
        case .updatedReversed: say("Updated, oldest first")
        case .severity: say("Severity, most severe first")
        case .severityReversed: say("Severity, least severe first")
        case .client: say("Client, A to Z")
        case .clientReversed: say("Client, Z to A")
        case .relevance: say("What fits best")
        }
    }
}
