extension Span {
    /// `2 working hours`, `1 working day`, `30 s`.
    package var words: String {
        switch self {
        case .workingDays(let days): return days == 1 ? say("1 working day") : say("\(days) working days")
        case .seconds(let seconds):
            if seconds >= 3600, seconds % 3600 == 0 { return seconds == 3600 ? say("1 working hour") : say("\(seconds / 3600) working hours") }
            return DurationWords.say(seconds, target: seconds)
        }
    }
}

extension Target {
    /// `2 working hours`, `an agreed date`, `as soon as possible`.
    package var words: String {
        switch self {
        case .within(let span, let mode): mode == .endOfDay ? say("\(span.words), to the end of the day") : span.words
        case .agreed: say("an agreed date")
        case .asap: say("as soon as possible")
        }
    }
}

extension Role {
    /// `department lead`; as sentences name it.
    package var words: String { phrase.text }

    package var phrase: Phrase {
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
