/// G1: so many tickets alike within so long are a potential need for training.
package struct TrainingRule: Hashable, Sendable, Codable {
    /// Whose tickets are counted together.
    package enum Group: String, Hashable, Sendable, Codable, CaseIterable { case client, contact, module, kind }

    package var name: String
    package var per: [Group]
    /// The threshold.
    package var tickets: Int
    /// Wall seconds back from the day of the analysis.
    package var withinSeconds: Int64
    /// Only tickets of these kinds, and with these causes given at resolution; empty: all.
    package var kinds: [String]
    package var causes: [String]

    package init(name: String, per: [Group], tickets: Int, withinSeconds: Int64, kinds: [String] = [], causes: [String] = []) {
        self.name = name
        self.per = per
        self.tickets = tickets
        self.withinSeconds = withinSeconds
        self.kinds = kinds
        self.causes = causes
    }
}
