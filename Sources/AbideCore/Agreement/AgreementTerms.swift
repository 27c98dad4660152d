/// One immutable version of an agreement, as the desk executes it. A ticket is pinned to the version under which it was
/// logged (O2). Everything that the clauses leave to the agreement file stands here and nowhere in the code.
package struct AgreementTerms: Hashable, Sendable, Codable {
    package var name: String
    /// Counted by the provider, from 1.
    package var version: Int
    package var provider: Provider
    package var calendars: [CalendarTerms]
    package var severities: [SeverityTerms]
    /// What a ticket must say (A4), in the order of the form.
    package var intake: [IntakeField]
    package var departments: [DepartmentTerms]
    package var suspensionReasons: [SuspensionReason]
    /// What a change of severity does to a running clock (`clock.md`).
    package var severityChange: SeverityChangeRule
    /// The severity that counts until somebody rates the ticket.
    package var provisionalSeverity: Int
    package var ladders: Ladders
    package var coverage: [CoverageRule]
    package var closing: ClosingTerms
    package var reopening: ReopeningTerms
    /// D3: within what working time a complaint is answered in writing.
    package var complaintAnswer: Span
    /// D3: who is told of a complaint at once.
    package var complaintNotify: [Role]
    /// After a stop longer than this nothing irreversible follows until intake has been up as long; wall seconds.
    package var catchUpGraceSeconds: Int64
    /// The key of the calendar for what has no severity (closing, complaints, ladders of tickets not rated).
    package var defaultCalendar: String
    /// SHA-256 of the canonical text, in hex: the version's identity.
    package var digest: String

    // What an agreement may leave out.
    /// The date `YYYY-MM-DD`, in the provider's zone, from whose beginning on the version is in force; nil: from when it is put in force.
    package var effectiveFrom: String?
    /// What callers can ask for, in the order of the form.
    package var kinds: [RequestKind] = []
    /// The kind of a ticket that names none.
    package var defaultKind: String?
    /// Facts of the agreement's own for its coverage table.
    package var facts: [FactTerms] = []
    package var routing: [RoutingRule] = []
    /// What is asked for when a ticket is resolved; training needs and trends are computed from it.
    package var resolutionDetails: [IntakeField] = []
    package var availability: AvailabilityTerms?
    package var survey: SurveyTerms?
    package var training: [TrainingRule] = []
    package var review: ReviewTerms?
    package var leadTimes: [LeadTime] = []

    package init(
        name: String, version: Int, provider: Provider, calendars: [CalendarTerms], severities: [SeverityTerms],
        intake: [IntakeField], departments: [DepartmentTerms], suspensionReasons: [SuspensionReason],
        severityChange: SeverityChangeRule, provisionalSeverity: Int, ladders: Ladders, coverage: [CoverageRule],
        closing: ClosingTerms, reopening: ReopeningTerms, complaintAnswer: Span, catchUpGraceSeconds: Int64,
        defaultCalendar: String, digest: String, complaintNotify: [Role] = [.serviceManager, .clientServicesManager]
    ) {
        self.name = name
        self.version = version
        self.provider = provider
        self.calendars = calendars
        self.severities = severities
        self.intake = intake
        self.departments = departments
        self.suspensionReasons = suspensionReasons
        self.severityChange = severityChange
        self.provisionalSeverity = provisionalSeverity
        self.ladders = ladders
        self.coverage = coverage
        self.closing = closing
        self.reopening = reopening
        self.complaintAnswer = complaintAnswer
        self.complaintNotify = complaintNotify
        self.catchUpGraceSeconds = catchUpGraceSeconds
        self.defaultCalendar = defaultCalendar
        self.digest = digest
    }

    package func severity(_ number: Int) -> SeverityTerms? { severities.first { $0.number == number } }
    package func calendar(_ name: String) -> CalendarTerms? { calendars.first { $0.name == name } }
    /// The clocks that tickets have: the next reply only where it is promised.
    package var clocks: [ClockName] { severities.contains { $0.nextReply != nil } ? ClockName.allCases : [.response, .resolution] }

    package func ladder(_ clock: ClockName) -> [Rung] {
        switch clock {
        case .response: ladders.response
        case .resolution: ladders.resolution
        case .nextReply: ladders.nextReply
        }
    }
}

package struct Provider: Hashable, Sendable, Codable {
    package var name: String
    /// Where the desk is, as people say it: "Dallas".
    package var place: String
    /// The desk's own zone, an IANA name.
    package var zone: String
    /// The address that makes tickets (A1).
    package var mailbox: String
    /// More addresses that make tickets, for routing rules to tell apart.
    package var otherMailboxes: [String]

    package init(name: String, place: String, zone: String, mailbox: String, otherMailboxes: [String] = []) {
        self.name = name
        self.place = place
        self.zone = zone
        self.mailbox = mailbox
        self.otherMailboxes = otherMailboxes
    }
}

/// A length of working time as the agreement writes it: `10s`, `30m`, `2h` or `3wd`.
package enum Span: Hashable, Sendable, Codable {
    case seconds(Int64)
    case workingDays(Int)
}

package struct CalendarTerms: Hashable, Sendable, Codable {
    package var name: String
    package var zone: String
    /// Open hours by weekday, Monday first: seven lists.
    package var week: [[DayHours]]
    /// Named rule sets, as `us-federal`.
    package var holidayRules: [String]
    /// Dates `YYYY-MM-DD`, each with the name that people know it by (may be empty).
    package var holidays: [NamedDate]
    /// Dates with hours of their own, which beat weekday and holiday.
    package var exceptions: [ExceptionDay]
    /// The working seconds of "one working day"; nil: the most common total of the week.
    package var nominalDay: Int64?

    package init(name: String, zone: String, week: [[DayHours]], holidayRules: [String], holidays: [NamedDate], exceptions: [ExceptionDay], nominalDay: Int64?) {
        self.name = name
        self.zone = zone
        self.week = week
        self.holidayRules = holidayRules
        self.holidays = holidays
        self.exceptions = exceptions
        self.nominalDay = nominalDay
    }
}

/// `[open, close)` in seconds after local midnight of the wall clock; 86,400 is `24:00`.
package struct DayHours: Hashable, Sendable, Codable {
    package var open: Int
    package var close: Int
    package init(open: Int, close: Int) {
        self.open = open
        self.close = close
    }
}

package struct NamedDate: Hashable, Sendable, Codable {
    package var date: String
    package var name: String
    package init(date: String, name: String) {
        self.date = date
        self.name = name
    }
}

package struct ExceptionDay: Hashable, Sendable, Codable {
    package var date: String
    package var hours: [DayHours]
    package init(date: String, hours: [DayHours]) {
        self.date = date
        self.hours = hours
    }
}

package struct IntakeField: Hashable, Sendable, Codable {
    /// The key, as the API's `fields` has it: `phone`, `site`.
    package var name: String
    package var label: String
    package var help: String
    package var required: Bool
    /// May be taken from the contact's profile where the ticket doesn't say it.
    package var fromProfile: Bool
    package var multiline: Bool
    /// Other words that an e-mail line may begin with, besides name and label.
    package var aliases: [String]
    /// What may be said; empty: anything.
    package var choices: [String]

    package init(name: String, label: String, help: String, required: Bool, fromProfile: Bool, multiline: Bool, aliases: [String], choices: [String] = []) {
        self.name = name
        self.label = label
        self.help = help
        self.required = required
        self.fromProfile = fromProfile
        self.multiline = multiline
        self.aliases = aliases
        self.choices = choices
    }
}

package struct DepartmentTerms: Hashable, Sendable, Codable {
    package var name: String
    /// The internal target: how long, in working time, the department may hold a ticket. Measured and reported, never a clock of the client's.
    package var holdWithin: Span?
    package init(name: String, holdWithin: Span? = nil) {
        self.name = name
        self.holdWithin = holdWithin
    }
}

package struct SuspensionReason: Hashable, Sendable, Codable {
    /// `accessAwaited`, `answerAwaited`, `staffAwaited` in the standard agreement.
    package var name: String
    package var label: String
    /// The status is `awaitingClient` while it runs.
    package var waitsForClient: Bool
    /// Any answer of the client's ends it by itself.
    package var endsWithAnswer: Bool
    /// Access that the client grants ends it by itself, and access that ends begins it (L5); nil: no.
    package var endsWithGrant: Bool?

    package init(name: String, label: String, waitsForClient: Bool, endsWithAnswer: Bool, endsWithGrant: Bool? = nil) {
        self.endsWithGrant = endsWithGrant
        self.name = name
        self.label = label
        self.waitsForClient = waitsForClient
        self.endsWithAnswer = endsWithAnswer
    }
}

package enum SeverityChangeRule: String, Hashable, Sendable, Codable, CaseIterable { case carry, restart }

/// One row of the ordered decision table of clause M: the first row whose conditions all hold decides.
package struct CoverageRule: Hashable, Sendable, Codable {
    /// As `M4-training`; begins with the clause, unless `clause` says which.
    package var name: String
    package var description: String
    /// Fact to required value; facts: `kind`, `cause`, `subscriptionPaid`, `managedHosting`, and the agreement's own. Empty: always.
    package var when: [String: String]
    package var decision: CoverageDecision
    /// The clause of the contract that the rule carries out.
    package var clause: String?
    package init(name: String, description: String, when: [String: String], decision: CoverageDecision, clause: String? = nil) {
        self.name = name
        self.description = description
        self.when = when
        self.decision = decision
        self.clause = clause
    }
}

package enum CoverageDecision: String, Hashable, Sendable, Codable, CaseIterable { case covered, notCovered, chargeable, quote, undecided }

package struct ClosingTerms: Hashable, Sendable, Codable {
    /// N2: how long without feedback before the notice may be sent.
    package var feedbackWithin: Span
    /// N2: from the notice until the ticket stands on the service manager's list.
    package var noticePeriod: Span
    package init(feedbackWithin: Span, noticePeriod: Span) {
        self.feedbackWithin = feedbackWithin
        self.noticePeriod = noticePeriod
    }
}

/// N4: what a clock does when a ticket is reopened.
package enum ReopeningRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// A new count from the reopening.
    case restart
    /// Goes on from what had elapsed.
    case carry
    /// Stays stopped.
    case none
}

package struct ReopeningTerms: Hashable, Sendable, Codable {
    package var response: ReopeningRule
    package var resolution: ReopeningRule
    package init(response: ReopeningRule, resolution: ReopeningRule) {
        self.response = response
        self.resolution = resolution
    }
}
