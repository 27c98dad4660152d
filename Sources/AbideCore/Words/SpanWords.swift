extension Span {
    /// `2 working hours`, `1 working day`, `30 s`.
    package var words: String {
        switch self {
        case .workingDays(let days): return days == 1 ? "1 working day" : "\(days) working days"
        case .seconds(let seconds):
            if seconds >= 3600, seconds % 3600 == 0 { return seconds == 3600 ? "1 working hour" : "\(seconds / 3600) working hours" }
            return DurationWords.say(seconds, target: seconds)
        }
    }
}

extension Target {
    /// `2 working hours`, `an agreed date`, `as soon as possible`.
    package var words: String {
        switch self {
        case .within(let span, let mode): mode == .endOfDay ? "\(span.words), to the end of the day" : span.words
        case .agreed: "an agreed date"
        case .asap: "as soon as possible"
        }
    }
}

extension Role {
    /// `department lead`; as sentences name it.
    package var words: String {
        switch self {
        case .client: "client"
        case .primaryContact: "primary contact"
        case .standIn: "stand-in contact"
        case .reportReader: "report reader"
        case .partner: "implementation partner"
        case .agent: "agent"
        case .departmentLead: "department lead"
        case .serviceManager: "service manager"
        case .clientServicesManager: "client services manager"
        case .agreementManager: "agreement manager"
        case .management: "management"
        case .administrator: "administrator"
        }
    }
}
