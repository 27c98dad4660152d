/// What the coverage rules of an agreement ask about a ticket (clause M), and what each may be.
package enum CoverageFact: String, CaseIterable, Hashable, Sendable {
    /// What is asked for.
    case kind
    /// Where a fault comes from.
    case cause
    /// The client's subscription is paid.
    case subscriptionPaid
    /// The provider manages the client's hosting.
    case managedHosting

    package var values: [String] {
        switch self {
        case .kind: ["platform", "application", "enhancement", "integration", "feature", "documentation", "training", "upgrade"]
        case .cause: ["product", "environmentChange", "clientChange"]
        case .subscriptionPaid, .managedHosting: ["true", "false"]
        }
    }
}

extension CoverageFact {
    /// Those of the ticket; the others are the client's.
    package static let ofTicket: [CoverageFact] = [.kind, .cause]
}
