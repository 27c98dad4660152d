package import AbideCore
import Foundation

/// Which tickets a list shows. All conditions hold together; nil and empty mean any.
package struct TicketFilter: Sendable, Hashable {
    /// true: those not closed; false: only closed ones; nil: both, the closed behind the others when sorted by due.
    package var open: Bool?
    package var statuses: [String]
    package var severities: [Int]
    package var groups: [Int]
    package var client: Int64?
    package var contact: Int64?
    package var assignee: Int64?
    package var unassigned: Bool
    package var departments: [String]
    package var escalated: Bool
    /// The promise due before this instant, itself excluded.
    package var dueBefore: Instant?
    /// Words, or their beginnings, of the reference, the subject, messages, fields and names of files; all must be there.
    package var text: String?
    /// Only words that the client may read count, as for the client's own readers.
    package var shownOnly = false

    package init(
        open: Bool? = true, statuses: [String] = [], severities: [Int] = [], groups: [Int] = [], client: Int64? = nil, contact: Int64? = nil,
        assignee: Int64? = nil, unassigned: Bool = false, departments: [String] = [], escalated: Bool = false, dueBefore: Instant? = nil,
        text: String? = nil
    ) {
        self.open = open
        self.statuses = statuses
        self.severities = severities
        self.groups = groups
        self.client = client
        self.contact = contact
        self.assignee = assignee
        self.unassigned = unassigned
        self.departments = departments
        self.escalated = escalated
        self.dueBefore = dueBefore
        self.text = text
    }
}

/// The orders of a list, by the names that the API gives them.
package enum TicketSort: String, Sendable, Hashable, CaseIterable {
    /// What is promised next: by group, then by due, those without a promise last.
    case due
    /// Last correctly logged first; those not yet logged by their registration.
    case logged = "-logged"
    case updated = "-updated"
    /// What fits the words best; without words as `-updated`.
    case relevance
}

/// A line of a list.
package struct ListedTicket: Sendable, Hashable {
    package var id: Int64
    package var ref: String
    package var client: Int64?
    package var contact: Int64?
    package var assignee: Int64?
    package var department: String
    package var status: String
    package var severity: Int?
    package var groupRank: Int
    package var due: Instant?
    package var subject: String
    package var line: String
    package var registeredAt: Instant
    package var loggedAt: Instant?
    package var updatedAt: Instant
    package var escalated: Int
    package var head: Int
}

/// Which tickets stand on a page of a list, in order. `head` is the version of the row: who knows it at that version reads it no more.
package struct TicketPage: Sendable, Hashable {
    package struct Key: Sendable, Hashable {
        package var id: Int64
        package var head: Int
    }

    package var items: [Key]
    /// Hand it in to get the page that follows; nil on the last.
    package var next: String?
}

/// A cursor that this list did not give out for this order.
package struct InvalidCursor: Error, Hashable, CustomStringConvertible {
    package init() {}
    package var description: String { "the cursor is not one of this list; leave it out to start from the beginning" }
}

extension Session {
    /// One page of a list. Pages follow each other by key, so that tickets which come and go between them shift nothing.
    /// - Throws: `InvalidCursor`.
    package func tickets(_ filter: TicketFilter = TicketFilter(), sort: TicketSort = .due, limit: Int = 50, cursor: String? = nil) throws -> TicketPage {
        let query = try TicketQuery(filter, sort: sort, limit: limit, cursor: cursor, search: dialect.search)
        let rows = try run(query.sql, query.values)
        let shown = rows.prefix(max(1, limit))
        let items = shown.map { TicketPage.Key(id: $0.int64(0), head: $0.int(1)) }
        guard rows.count > items.count, let last = shown.last else { return TicketPage(items: items, next: nil) }
        return TicketPage(items: items, next: ListCursor(sort: sort, keys: sort.order.columns.indices.map { last.int64(2 + $0) }).text)
    }

    /// The lines of a list for these tickets, in no order.
    package func listedTickets(_ ids: [Int64]) throws -> [ListedTicket] {
        guard !ids.isEmpty else { return [] }
        let places = (1...ids.count).map { "$\($0)" }.joined(separator: ", ")
        return try run("SELECT \(ListedTicket.columns) FROM ticket WHERE id IN (\(places))", ids.map { .integer($0) }).map(ListedTicket.init(row:))
    }
}

/// The statement for one page; one row more than asked for tells whether another follows.
struct TicketQuery {
    private(set) var sql: String
    private(set) var values: [Value] = []
    private var conditions: [String] = []

    init(_ filter: TicketFilter, sort: TicketSort, limit: Int, cursor: String?, search: SearchDialect) throws {
        sql = ""
        var place: ListCursor?
        if let cursor {
            place = ListCursor(text: cursor)
            guard place?.sort == sort else { throw InvalidCursor() }
        }
        add(filter)
        let words = SearchWords.split(filter.text ?? "", most: 20)
        if words.isEmpty {
            if filter.text?.contains(where: { !$0.isWhitespace }) ?? false { conditions.append("0 = 1") }
            list(filter, sort: sort, limit: limit, after: place)
        } else {
            find(words, filter, sort: sort, limit: limit, after: place, search)
        }
    }

    private mutating func list(_ filter: TicketFilter, sort: TicketSort, limit: Int, after place: ListCursor?) {
        var order = sort.order
        // A fixed column at the head of the order only keeps the engine from seeking straight to the cursor.
        if sort == .due, filter.open != nil { order.columns.removeFirst() }
        add(place, order)
        let direction = order.descending ? " DESC" : ""
        sql = """
            SELECT id, head, \(sort.order.columns.joined(separator: ", ")) FROM ticket\(conditions.isEmpty ? "" : " WHERE ")\
            \(conditions.joined(separator: " AND ")) ORDER BY \(order.columns.map { $0 + direction }.joined(separator: ", ")) \
            LIMIT \(add(Value(max(1, limit) + 1)))
            """
    }

    /// Tickets with the words: among the latest thousands that also meet the other conditions, so that a word which stands everywhere costs no more.
    private mutating func find(_ words: [String], _ filter: TicketFilter, sort: TicketSort, limit: Int, after place: ListCursor?, _ search: SearchDialect) {
        let asked = add(.text(search.query(words, filter.shownOnly)))
        let inner = conditions + [filter.shownOnly ? search.shownMatch(asked) : search.wholeMatch(asked)]
        conditions = []
        // A score is a small fraction: whole numbers go into the cursor and are the same for both engines' types.
        let score = sort == .relevance ? ", CAST(\(search.score(asked)) * 1000000000 AS BIGINT) AS score" : ""
        let order = sort == .relevance ? (columns: ["score", "id"], descending: false) : sort.order
        let columns = sort == .relevance ? ["id"] : sort.order.columns
        let most = add(.integer(sort == .relevance ? 2_000 : 5_000))
        add(place, order)
        let direction = order.descending ? " DESC" : ""
        sql = """
            SELECT id, head, \(order.columns.joined(separator: ", ")) FROM (SELECT \(Set(columns + ["id", "head"]).sorted().map { "ticket." + $0 }.joined(separator: ", "))\(score) \
            FROM ticket_words CROSS JOIN ticket WHERE ticket.id = \(search.ticket) AND \(inner.joined(separator: " AND ")) ORDER BY \(search.ticket) DESC LIMIT \(most)) found\
            \(conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")) ORDER BY \(order.columns.map { $0 + direction }.joined(separator: ", ")) \
            LIMIT \(add(Value(max(1, limit) + 1)))
            """
    }

    private mutating func add(_ place: ListCursor?, _ order: (columns: [String], descending: Bool)) {
        guard let place else { return }
        let keys = place.keys.suffix(order.columns.count).map { add(.integer($0)) }.joined(separator: ", ")
        conditions.append("(\(order.columns.joined(separator: ", "))) \(order.descending ? "<" : ">") (\(keys))")
    }

    private mutating func add(_ filter: TicketFilter) {
        if let open = filter.open { conditions.append("closed = \(open ? 0 : 1)") }
        add("status", filter.statuses.map(Value.text))
        add("severity", filter.severities.map { Value($0) })
        add("group_rank", filter.groups.map { Value($0) })
        add("client", filter.client.map { [.integer($0)] } ?? [])
        add("contact", filter.contact.map { [.integer($0)] } ?? [])
        add("assignee", filter.assignee.map { [.integer($0)] } ?? [])
        add("department", filter.departments.map(Value.text))
        if filter.unassigned { conditions.append("assignee IS NULL") }
        if filter.escalated { conditions.append("escalated > 0") }
        if let due = filter.dueBefore { conditions.append("due < \(add(Value(due)))") }
    }

    private mutating func add(_ column: String, _ allowed: [Value]) {
        guard !allowed.isEmpty else { return }
        let placeholders = allowed.map { add($0) }
        conditions.append(allowed.count == 1 ? "\(column) = \(placeholders[0])" : "\(column) IN (\(placeholders.joined(separator: ", ")))")
    }

    private mutating func add(_ value: Value) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}

extension TicketSort {
    fileprivate var order: (columns: [String], descending: Bool) {
        switch self {
        case .due: (["closed", "group_rank", "due_order", "id"], false)
        case .logged: (["logged_order", "id"], true)
        case .updated, .relevance: (["updated_at", "id"], true)
        }
    }
}

/// The place behind a row, as text that means nothing to others.
private struct ListCursor {
    var sort: TicketSort
    var keys: [Int64]

    init(sort: TicketSort, keys: [Int64]) {
        self.sort = sort
        self.keys = keys
    }

    init?(text: String) {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard text.utf8.count <= 200, let data = Data(base64Encoded: padded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard let first = parts.first, let sort = TicketSort(rawValue: String(first)) else { return nil }
        let keys = parts.dropFirst().compactMap { Int64($0) }
        guard keys.count == parts.count - 1, keys.count == sort.order.columns.count else { return nil }
        self.sort = sort
        self.keys = keys
    }

    var text: String {
        let plain = ([sort.rawValue] + keys.map { String($0) }).joined(separator: " ")
        return Data(plain.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension ListedTicket {
    static let columns = """
        id, ref, client, contact, assignee, department, status, severity, group_rank, due, subject, line, registered_at, logged_at, updated_at, \
        escalated, head
        """

    fileprivate init(row: Row) {
        id = row.int64(0)
        ref = row.text(1)
        client = row.int64OrNil(2)
        contact = row.int64OrNil(3)
        assignee = row.int64OrNil(4)
        department = row.text(5)
        status = row.text(6)
        severity = row.intOrNil(7)
        groupRank = row.int(8)
        due = row.instantOrNil(9)
        subject = row.text(10)
        line = row.text(11)
        registeredAt = row.instant(12)
        loggedAt = row.instantOrNil(13)
        updatedAt = row.instant(14)
        escalated = row.int(15)
        head = row.int(16)
    }
}
