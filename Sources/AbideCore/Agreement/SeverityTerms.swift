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
    /// D4: how long before the response deadline warnings go out, in working time; nil: one, at the last quarter, at most 2 hours.
    package var warning: WarningPoints?
    /// The same before the deadlines of the other two clocks; nil: as `warning`.
    package var resolutionWarning: WarningPoints?
    package var nextReplyWarning: WarningPoints?

    package init(
        number: Int, name: String, description: String, calendar: String, response: Target, resolution: Target, warning: WarningPoints?, nextReply: Target? = nil,
        resolutionWarning: WarningPoints? = nil, nextReplyWarning: WarningPoints? = nil
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
    /// How long before the deadline of `clock` warnings go out (D4); nil: one, at the last quarter, at most 2 hours.
    package func warning(of clock: ClockName) -> WarningPoints? {
        switch clock.rawValue {
        case "resolution": resolutionWarning ?? warning
        case "nextReply": nextReplyWarning ?? warning
        default: warning
        }
    }
}

/// How long before a deadline those who can act are warned (D4): one point or several. One is written as it always was, so that the
/// digest of an agreement with one stays what it is.
package struct WarningPoints: Hashable, Sendable, Codable {
    package var ahead: [Span]

    package init(_ ahead: [Span]) { self.ahead = ahead }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(Span.self) { ahead = [one] } else { ahead = try container.decode([Span].self) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let only = ahead.first, ahead.count == 1 { try container.encode(only) } else { try container.encode(ahead) }
    }
}
