/// O1: how often the agreement is reviewed, and who is reminded.
package struct ReviewTerms: Hashable, Sendable, Codable {
    package var everyMonths: Int
    /// How long before a review it is prepared; wall seconds.
    package var prepareSeconds: Int64
    package var notify: [Role]

    package init(everyMonths: Int, prepareSeconds: Int64, notify: [Role]) {
        self.everyMonths = everyMonths
        self.prepareSeconds = prepareSeconds
        self.notify = notify
    }
}

/// L2: how long ahead a special service is asked for.
package struct LeadTime: Hashable, Sendable, Codable {
    package var name: String
    package var label: String
    package var notice: Span

    package init(name: String, label: String, notice: Span) {
        self.name = name
        self.label = label
        self.notice = notice
    }
}
