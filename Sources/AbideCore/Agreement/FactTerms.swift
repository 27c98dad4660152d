/// A fact of the agreement's own, about which its coverage table asks.
package struct FactTerms: Hashable, Sendable, Codable {
    /// Whose fact it is.
    package enum Subject: String, Hashable, Sendable, Codable, CaseIterable {
        /// The client's, an entitlement: it stands in the client's record.
        case client
        /// The ticket's: kind or category propose it, or an intake field of the same name says it.
        case ticket
    }

    package var name: String
    package var label: String
    package var of: Subject
    /// What it may be; the first stands for a client whose record says nothing.
    package var values: [String]

    package init(name: String, label: String, of: Subject, values: [String]) {
        self.name = name
        self.label = label
        self.of = of
        self.values = values
    }
}

extension AgreementTerms {
    /// All that the coverage table may ask about a ticket: what kind and category propose, what its fields say, and what the
    /// client is entitled to.
    /// - Parameter client: facts of the client's record by name; nil: nobody knows the client.
    package func coverageFacts(proposals: Proposals, fields: [String: String], client: [String: String]?) -> [String: String] {
        // Without kinds in the agreement a ticket is taken for an incident of the platform itself.
        var all = kinds.isEmpty ? [CoverageFact.kind.rawValue: "platform", CoverageFact.cause.rawValue: "product"] : [:]
        all.merge(proposals.facts) { _, proposed in proposed }
        for fact in facts {
            switch fact.of {
            case .ticket: if let said = fields[fact.name]?.lowercased(), let value = fact.values.first(where: { $0.lowercased() == said }) { all[fact.name] = value }
            case .client: if client != nil { all[fact.name] = fact.values.first }
            }
        }
        all.merge(client ?? [:]) { _, own in own }
        return all
    }
}
