/// A review of a client's agreement (O1): planned, prepared with the period's report, held and minuted; it can end in a new version.
package struct AgreementReview: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable { case planned, prepared, held, cancelled }

    package enum Outcome: String, Sendable, CaseIterable {
        /// The agreement goes on as it is.
        case unchanged
        /// A new version follows from it.
        case newVersion

        package var words: String {
            switch self {
            case .unchanged: say("it goes on as it is")
            case .newVersion: say("a new version follows")
            }
        }
    }

    /// 0 before it is stored.
    package var id: Int64
    package var client: Int64
    /// The day for which it is planned, in the desk's zone.
    package var day: LocalDate
    package var state: State
    /// The version of the agreement that is reviewed, by its digest.
    package var digest: String
    /// First and last day of what it looks back on; set when it is prepared.
    package var from: LocalDate?
    package var to: LocalDate?
    /// The issued report with which it was prepared; nil where the period was too short for one.
    package var report: Int64?
    package var preparedAt: Instant?
    package var heldOn: LocalDate?
    package var attendees: String
    /// Markdown.
    package var minutes: String
    package var outcome: Outcome?
    /// The version in which it ended, by its digest.
    package var newDigest: String?
    package var minutedBy: String
    package var minutedAt: Instant?

    package init(
        id: Int64 = 0, client: Int64, day: LocalDate, state: State = .planned, digest: String, from: LocalDate? = nil, to: LocalDate? = nil, report: Int64? = nil, preparedAt: Instant? = nil,
        heldOn: LocalDate? = nil, attendees: String = "", minutes: String = "", outcome: Outcome? = nil, newDigest: String? = nil, minutedBy: String = "", minutedAt: Instant? = nil
    ) {
        self.id = id
        self.client = client
        self.day = day
        self.state = state
        self.digest = digest
        self.from = from
        self.to = to
        self.report = report
        self.preparedAt = preparedAt
        self.heldOn = heldOn
        self.attendees = attendees
        self.minutes = minutes
        self.outcome = outcome
        self.newDigest = newDigest
        self.minutedBy = minutedBy
        self.minutedAt = minutedAt
    }

    /// Neither held nor cancelled.
    package var isOpen: Bool { state == .planned || state == .prepared }

    /// Planned for a day that has passed.
    package func isOverdue(on today: LocalDate) -> Bool { isOpen && day < today }
}

extension ReviewTerms {
    /// When the next review is due, counted from the last one, or from the day on which the agreement began for the client.
    package func day(after last: LocalDate) -> LocalDate { last.adding(months: everyMonths) }

    /// From which day on a review is prepared.
    package func preparation(of day: LocalDate) -> LocalDate { LocalDate(days: day.days - Int((prepareSeconds + 86_399) / 86_400)) }
}

extension LocalDate {
    /// The same day of a later month; the month's last where that month has no such day.
    package func adding(months: Int) -> LocalDate {
        let (year, month, day) = civil
        let all = year * 12 + month - 1 + months
        let (newYear, newMonth) = (all / 12, all % 12 + 1)
        return LocalDate(days: LocalDate.days(year: newYear, month: newMonth, day: min(day, LocalDate.length(ofMonth: newMonth, year: newYear))))
    }
}
