import AbideCore

/// The service report of one client and period (I1-I5): figures folded from the event log.
struct ReportView: Sendable {
    var client: String
    var clientID: Int64 = 0
    /// First and last day, as `2026-02-01`; for the form.
    var from: String
    var to: String
    /// The instants of the period's start and its last day, for words.
    var fromDay: Instant
    var toDay: Instant
    /// Clients that the reader may report on.
    var clients: [Choice]
    var agreement: String
    var severities: [ReportSeverity]
    /// Every missed target, oldest first.
    var misses: [ReportMiss]
    /// Misses of either clock, and how many of them were escalated (I3).
    var missed: Int
    var escalated: Int
    var reopened: Int
    /// Addresses of the same figures as files; empty: none.
    var files: [Choice]
    /// "Issued on …" of a report that is kept as it was given; empty: counted now.
    var issued = ""
    /// Reports that were issued, by their addresses, the newest first.
    var kept: [Choice] = []
    /// The reader may issue the report of this period.
    var mayIssue = false
    /// Tickets are named with a link.
    var isLinked = true
}

struct ReportSeverity: Sendable {
    /// Nil: never rated.
    var number: Int?
    var name: String
    /// "2 working hours"
    var target: String
    var hasDeadline: Bool
    var logged: Int
    /// First answers given or missed: `inTime + late` of those whose promise is decided.
    var inTime: Int
    var late: Int
    var resolvedInTime: Int
    var resolvedLate: Int
    var escalated: Int
    var reopened: Int
}

struct ReportMiss: Sendable {
    var ref: String
    var subject: String
    var severity: Int?
    var promise: PromiseLineView
    var axis: Axis
    /// Working seconds.
    var over: Int64
    /// Who was told, and when.
    var told: [PromiseStep]
}
