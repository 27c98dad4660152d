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
        let words = SearchWords.split(filter.text ?? "", most: 20)
        var rows: [Row] = []
        // A word that stands in thousands of tickets is taken whole, newest first: to weigh all of them, and all that only begin like it, would
        // take the longer the more there are. Where a page is not filled so, the others are looked for as well.
        let goesOn = cursor.flatMap { ListCursor(text: $0) }
        let takesWhole = try sort == .relevance && !words.isEmpty && goesOn?.isOfWholeWords ?? true && isEverywhere(words, filter)
        if takesWhole {
            let query = try TicketQuery(filter, sort: sort, limit: limit, cursor: cursor, whole: true, search: dialect.search)
            rows = try run(query.sql, query.values)
        }
        if !takesWhole || (cursor == nil && rows.count < max(1, limit)) {
            let query = try TicketQuery(filter, sort: sort, limit: limit, cursor: cursor, whole: false, search: dialect.search)
            rows = try run(query.sql, query.values)
        }
        let shown = rows.prefix(max(1, limit))
        let items = shown.map { TicketPage.Key(id: $0.int64(0), head: $0.int(1)) }
        guard rows.count > items.count, let last = shown.last else { return TicketPage(items: items, next: nil) }
        return TicketPage(items: items, next: ListCursor(sort: sort, keys: sort.order.columns.indices.map { last.values[2 + $0] }).text)
    }

    /// Whether these words, each whole, stand in more tickets than are looked at.
    private func isEverywhere(_ words: [String], _ filter: TicketFilter) throws -> Bool {
        let search = dialect.search
        let found = try run(
            "SELECT COUNT(*) FROM (SELECT 1 FROM ticket_words WHERE \(filter.shownOnly ? search.shownMatch("$1") : search.wholeMatch("$1")) LIMIT \(TicketQuery.looksAt)) found",
            [.text(search.query(words, true, filter.shownOnly))])
        return found.first?.int(0) == TicketQuery.looksAt
    }

    /// How many tickets a list has, counted up to `most`; what words find is not counted.
    package func countTickets(_ filter: TicketFilter, most: Int) throws -> Int {
        let query = TicketQuery(counting: filter, most: most)
        return try run(query.sql, query.values).first?.int(0) ?? 0
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

    /// So many of the latest that have the words are put in order.
    static let looksAt = 2_000

    init(_ filter: TicketFilter, sort: TicketSort, limit: Int, cursor: String?, whole: Bool, search: SearchDialect) throws {
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
            find(words, whole: whole, filter, sort: sort, limit: limit, after: place, search)
        }
    }

    init(counting filter: TicketFilter, most: Int) {
        sql = ""
        add(filter)
        sql = "SELECT COUNT(*) FROM (SELECT 1 FROM ticket\(conditions.isEmpty ? "" : " WHERE ")\(conditions.joined(separator: " AND ")) LIMIT \(add(Value(most)))) counted"
    }

    private mutating func list(_ filter: TicketFilter, sort: TicketSort, limit: Int, after place: ListCursor?) {
        var order = sort.order
        // A fixed column at the head of the order only keeps the engine from seeking straight to the cursor; one status is open or closed.
        if order.columns.first == .closed, filter.open != nil || filter.statuses.count == 1 { order.columns.removeFirst() }
        add(place, order.columns.map(\.expression), descending: order.descending)
        let direction = order.descending ? " DESC" : ""
        sql = """
            SELECT id, head, \(sort.order.columns.map(\.expression).joined(separator: ", ")) FROM ticket\(conditions.isEmpty ? "" : " WHERE ")\
            \(conditions.joined(separator: " AND ")) ORDER BY \(order.columns.map { $0.expression + direction }.joined(separator: ", ")) \
            LIMIT \(add(Value(max(1, limit) + 1)))
            """
    }

    /// Tickets with the words: among the latest thousands that also meet the other conditions, so that a word which stands everywhere costs no more.
    private mutating func find(_ words: [String], whole: Bool, _ filter: TicketFilter, sort: TicketSort, limit: Int, after place: ListCursor?, _ search: SearchDialect) {
        let asked = add(.text(search.query(words, whole, filter.shownOnly)))
        let inner = conditions + [filter.shownOnly ? search.shownMatch(asked) : search.wholeMatch(asked)]
        conditions = []
        // A score is a small fraction: whole numbers go into the cursor and are the same for both engines' types.
        let weight = whole ? "-ticket.id" : "CAST(\(search.score(asked)) * 1000000000 AS BIGINT)"
        let score = sort == .relevance ? ", \(weight) AS score" : ""
        let columns: [SortColumn] = sort == .relevance ? [] : sort.order.columns
        let names = sort == .relevance ? ["score", "id"] : columns.map(\.name), descending = sort == .relevance ? false : sort.order.descending
        let selected = columns.filter { $0 != .id }.map { "\($0.expression) AS \($0.name)" }
        let most = add(Value(sort == .relevance ? Self.looksAt : 5_000))
        add(place, names, descending: descending)
        let direction = descending ? " DESC" : ""
        sql = """
            SELECT id, head, \(names.joined(separator: ", ")) FROM (SELECT \((["ticket.id", "ticket.head"] + selected).joined(separator: ", "))\(score) \
            FROM ticket_words CROSS JOIN ticket WHERE ticket.id = \(search.ticket) AND \(inner.joined(separator: " AND ")) ORDER BY \(search.ticket) DESC LIMIT \(most)) found\
            \(conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")) ORDER BY \(names.map { $0 + direction }.joined(separator: ", ")) \
            LIMIT \(add(Value(max(1, limit) + 1)))
            """
    }

    private mutating func add(_ place: ListCursor?, _ columns: [String], descending: Bool) {
        guard let place else { return }
        let keys = place.keys.suffix(columns.count).map { add($0) }.joined(separator: ", ")
        conditions.append("(\(columns.joined(separator: ", "))) \(descending ? "<" : ">") (\(keys))")
    }

    private mutating func add(_ filter: TicketFilter) {
        // What a status says already would only lead the engine to the wrong index.
        if let open = filter.open, filter.statuses.count != 1 || (filter.statuses[0] == "closed") == open { conditions.append("closed = \(open ? 0 : 1)") }
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
    fileprivate var order: (columns: [SortColumn], descending: Bool) {
        switch self {
        case .due, .dueReversed: ([.closed, .rank, .due, .id], self == .dueReversed)
        case .logged, .loggedReversed: ([.logged, .id], self == .logged)
        case .updated, .updatedReversed, .relevance: ([.updated, .id], self != .updatedReversed)
        case .severity, .severityReversed: ([.severity, .rank, .due, .id], self == .severityReversed)
        case .client, .clientReversed: ([.client, .rank, .due, .id], self == .clientReversed)
        }
    }
}

/// What lists are ordered by; no expression is ever NULL.
private enum SortColumn: String {
    case closed, rank = "group_rank", due = "due_order", logged = "logged_order", updated = "updated_at", id
    case severity = "severity_order", client = "client_order"

    var name: String { rawValue }
    var expression: String {
        switch self {
        case .severity: "COALESCE(ticket.severity, 9)"
        case .client: "COALESCE((SELECT LOWER(client.name) FROM client WHERE client.id = ticket.client), '')"
        default: "ticket." + rawValue
        }
    }
}

/// The place behind a row, as text that means nothing to others.
private struct ListCursor {
    var sort: TicketSort
    /// Whole numbers and texts.
    var keys: [Value]

    /// Behind a row of words taken whole, whose weight is its age.
    var isOfWholeWords: Bool {
        guard keys.count == 2, case .integer(let weight) = keys[0], case .integer(let id) = keys[1] else { return false }
        return weight == -id
    }

    init(sort: TicketSort, keys: [Value]) {
        self.sort = sort
        self.keys = keys
    }

    init?(text: String) {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard text.utf8.count <= 2000, let data = Data(base64Encoded: padded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard let first = parts.first, let sort = TicketSort(rawValue: String(first)) else { return nil }
        let keys = parts.dropFirst().compactMap { Self.key($0) }
        guard keys.count == parts.count - 1, keys.count == sort.order.columns.count else { return nil }
        for (key, column) in zip(keys, sort.order.columns) { if case .text = key { guard column == .client else { return nil } } else if column == .client { return nil } }
        self.sort = sort
        self.keys = keys
    }

    var text: String {
        let plain = ([sort.rawValue] + keys.map { key in
            if case .integer(let number) = key { String(number) } else if case .text(let text) = key { "t" + text.utf8.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined() } else { "0" }
        }).joined(separator: " ")
        return Data(plain.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension ListCursor {
    /// A number, or `t` and the bytes of a text in hexadecimal.
    static func key(_ part: Substring) -> Value? {
        guard part.first == "t" else { return Int64(part).map { .integer($0) } }
        let digits = Array(part.utf8.dropFirst())
        guard digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
        return bytes.count * 2 == digits.count ? .text(String(decoding: bytes, as: UTF8.self)) : nil
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
