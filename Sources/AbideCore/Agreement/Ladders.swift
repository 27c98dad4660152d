/// D1: who is told when, counted in working time after a missed deadline.
package struct Ladders: Hashable, Sendable, Codable {
    package var response: [Rung]
    package var resolution: [Rung]
    /// For agreements that promise a next reply; empty where none escalates.
    package var nextReply: [Rung]
    /// The third trigger; nil: off.
    package var unsolved: UnsolvedTrigger?

    package init(response: [Rung], resolution: [Rung], nextReply: [Rung] = [], unsolved: UnsolvedTrigger? = nil) {
        self.response = response
        self.resolution = resolution
        self.nextReply = nextReply
        self.unsolved = unsolved
    }
}

/// A ticket that is not solved at `responseTimes` times its response target escalates too, whether or not a resolution was agreed.
package struct UnsolvedTrigger: Hashable, Sendable, Codable {
    /// 1 or more; counted in the working time of the resolution clock.
    package var responseTimes: Int
    /// `after` counts from that instant.
    package var rungs: [Rung]

    package init(responseTimes: Int, rungs: [Rung]) {
        self.responseTimes = responseTimes
        self.rungs = rungs
    }
}

package struct Rung: Hashable, Sendable, Codable {
    /// After the missed deadline; 0 is the deadline itself.
    package var after: Span
    package var notify: [Role]
    package var tellClient: Bool
    /// Departments whose leads are told, besides `notify`.
    package var departments: [String]
    /// The department to which the ticket goes with this rung; nil: it stays where it is.
    package var handTo: String?
    /// The rung is passed over for a ticket that doesn't meet these; its number stays.
    package var when: RungConditions?

    package init(after: Span, notify: [Role], tellClient: Bool, departments: [String] = [], handTo: String? = nil, when: RungConditions? = nil) {
        self.after = after
        self.notify = notify
        self.tellClient = tellClient
        self.departments = departments
        self.handTo = handTo
        self.when = when
    }
}

/// What a ticket must be for a rung to concern it; an empty list asks nothing.
package struct RungConditions: Hashable, Sendable, Codable {
    package var severities: [Int]
    package var departments: [String]
    package var kinds: [String]
    package var coverage: [CoverageDecision]

    package init(severities: [Int] = [], departments: [String] = [], kinds: [String] = [], coverage: [CoverageDecision] = []) {
        self.severities = severities
        self.departments = departments
        self.kinds = kinds
        self.coverage = coverage
    }

    package func hold(severity: Int, department: String?, kind: String?, coverage decision: CoverageDecision) -> Bool {
        func among<T: Equatable>(_ allowed: [T], _ value: T?) -> Bool { allowed.isEmpty || value.map(allowed.contains) ?? false }
        return among(severities, severity) && among(departments, department) && among(kinds, kind) && among(coverage, decision)
    }
}
