import AbideCore
import AbideDesk

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
    var display = ListDisplay()
}

/// In which order a list stands and what it shows of each ticket.
struct ListDisplay: Sendable {
    /// The list's address without order and columns.
    var path = "/tickets"
    /// The list in the search language, without order and columns.
    var search = "is:open"
    var sort = TicketQuery.Sort.due
    var columns: [ListColumn] = [.promise]
    /// True where both are as the view has them.
    var isUsual = true
    /// True where words are looked for: what fits them best comes first by itself.
    var hasWords = false

    /// The columns beside the promise line.
    var extras: [ListColumn] { columns.filter { $0 != .promise } }

    /// The address with another order.
    func address(_ sort: TicketQuery.Sort) -> String {
        let columns = self.columns == [.promise] ? "" : self.columns.isEmpty ? "&columns=none" : self.columns.map { "&columns=" + $0.rawValue }.joined()
        return path + (path.contains("?") ? "&" : "?") + "sort=" + sort.rawValue + columns
    }

    /// The whole in the search language, as a view keeps it.
    var query: String {
        [search, sort == (hasWords ? .relevance : .due) ? "" : "sort:" + sort.rawValue, columns == [.promise] ? "" : "columns:" + (columns.isEmpty ? say("none") : columns.map(\.rawValue).joined(separator: ","))]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
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
    var clientName = ""
    var status = ""
    var department = ""
    var loggedAt = Instant(0)
    var updatedAt = Instant(0)
    /// The clock that is promised next: `PromiseLineView.promisedNext(_:)`.
    var promise: PromiseLineView
}

/// A row of the list as it was drawn, with what its group and its place depend on.
final class DrawnRow: Sendable {
    let ref: String
    let state: PromiseState
    let reading: ClockReading
    /// Under which it stands in a list by clients, and in one by severity.
    let client: String
    let severity: String
    let html: HTML

    init(ref: String, state: PromiseState, reading: ClockReading, client: String, severity: String, html: HTML) {
        self.ref = ref
        self.state = state
        self.reading = reading
        self.client = client
        self.severity = severity
        self.html = html
    }
}
