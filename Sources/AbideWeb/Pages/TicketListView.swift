import AbideCore

/// The list of tickets, ordered by what is promised next.
struct TicketListView: Sendable {
    /// "Promised next", "Mine"
    var title: String
    /// In any order: the page groups and sorts by promise.
    var rows: [DrawnRow]
    /// The list's one clock, with what all rows have in common.
    var line: PromiseLine.List
    /// "Dallas hours, Mon to Fri 08:00–17:00"
    var hours: String
    /// What the list is limited to, in words: "Open", "Severity is 2".
    var filters: [String]
    /// The search as typed.
    var query: String
    /// The saved view that this search is: its id where it is the reader's own, else 0; nil: not saved.
    var saved: Int64? = nil
    /// Address of the following page; nil on the last.
    var next: String?
    /// True where the reader may log for a caller.
    var mayLog: Bool
    /// How many there are in all, where more than are shown.
    var total: Int?
    var many = ManyBarView()
}

struct TicketRow: Sendable {
    var ref: String
    var subject: String
    /// "Calder Steel · Gary works"
    var client: String
    var severity: Int?
    var severityName: String
    var assignee: PersonView?
    /// Something of the client's that no person has answered.
    var isUnread: Bool
    var isResolved: Bool = false
    /// The clock that is promised next: `PromiseLineView.promisedNext(_:)`.
    var promise: PromiseLineView
}

/// A row of the list as it was drawn, with what its group and its place depend on.
struct DrawnRow: Sendable {
    let ref: String
    let state: PromiseState
    let reading: ClockReading
    let html: HTML
}
