/// How a target given in working days is counted (`clock.md`).
package enum DayMode: String, Hashable, Sendable, Codable, CaseIterable { case rolling, endOfDay }

/// What a severity promises for one clock.
package enum Target: Hashable, Sendable, Codable {
    /// Within a length of working time; `mode` matters for working days only.
    case within(Span, DayMode)
    /// By what both sides agree for each ticket (C3); none until then.
    case agreed
    /// As soon as possible: no deadline, measured all the same.
    case asap
}

/// One of the four severities (C1) and what it promises (C2, C3).
package struct SeverityTerms: Hashable, Sendable, Codable {
    /// 1 (highest) to 4.
    package var number: Int
    package var name: String
    package var description: String
    package var calendar: String
    package var response: Target
    package var resolution: Target
    /// How long a message of the client's may wait for the next answer; nil: no such clock.
    package var nextReply: Target?
    /// D4: how long before the response deadline a warning goes out, in working time; nil: the last quarter, at most 2 hours.
    package var warning: Span?
    /// The same before the deadlines of the other two clocks; nil: the last quarter, at most 2 hours.
    package var resolutionWarning: Span?
    package var nextReplyWarning: Span?

    package init(
        number: Int, name: String, description: String, calendar: String, response: Target, resolution: Target, warning: Span?, nextReply: Target? = nil,
        resolutionWarning: Span? = nil, nextReplyWarning: Span? = nil
    ) {
        self.number = number
        self.name = name
        self.description = description
        self.calendar = calendar
        self.response = response
        self.resolution = resolution
        self.warning = warning
        self.nextReply = nextReply
        self.resolutionWarning = resolutionWarning
        self.nextReplyWarning = nextReplyWarning
    }
}

extension SeverityTerms {
    /// How long before the deadline of `clock` a warning goes out (D4); nil: the last quarter, at most 2 hours.
    package func warning(of clock: ClockName) -> Span? {
        switch clock.rawValue {
        case "resolution": resolutionWarning ?? warning
        case "nextReply": nextReplyWarning ?? warning
        default: warning
        }
    }
}
