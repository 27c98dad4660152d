import AbideCore
import AbideDesk

/// The desk's now, for those who lead it.
struct OverviewView: Sendable {
    struct Promise: Sendable {
        var ref: String
        var subject: String
        var severity: Int?
        var state: PromiseState
        var due: Instant
    }
    /// Promises of one hour of working time, or of a few; `missed` is a column of its own.
    struct Column: Sendable {
        var label: String
        var day: String
        var promises: [Promise]
    }
    struct ClientRow: Sendable {
        var id: Int64?
        var name: String
        var open = 0
        var missed = 0
        var soon = 0
        var suspended = 0
        var notStarted = 0
        var next: Instant?
    }
    struct Load: Sendable {
        var person: PersonView?
        var missed = 0
        var soon = 0
        var running = 0
        var suspended = 0
        var total: Int { missed + soon + running + suspended }
    }
    struct Waiting: Sendable {
        var title: String
        var text: String
        var at: String
        var href: String
        var act: String
        var isYours: Bool
    }
    var open: Int
    var missed: Int
    var soon: Int
    var suspended: Int
    var notStarted: Int
    /// False: only the first of very many are counted by state.
    var isWhole: Bool
    var columns: [Column]
    var escalations: [(row: TicketRow, axis: Axis)]
    var clients: [ClientRow]
    var load: [Load]
    var waiting: [Waiting]
    var departments: [Choice]
    var openWords: String
    /// The reader may open tickets; management sees figures.
    var mayRead: Bool
}

/// One person's day, in the order of what is promised.
struct MyDayView: Sendable {
    struct Item: Sendable {
        var row: TicketRow
        var axis: Axis
        /// "Answer by 11:04", "Resolve by Fri 12:06"
        var act: String
    }
    var groups: [(title: String, items: [Item])]
    var summary: String
    /// Tasks of the reader's, on any ticket.
    var tasks: [AbideDesk.TaskRow] = []
}
