/// How many open tickets there are, in cells that any sidebar can be summed from. Kept up to date with every ticket stored: counting ten
/// thousand rows for each page would cost more than the page.
package struct TicketCounts: Sendable, Hashable {
    package struct Cell: Sendable, Hashable {
        /// Nil: nobody's client yet.
        package var client: Int64?
        package var department: String
        package var assignee: Int64?
        package var status: String
        package var escalated: Bool
        /// 0: none is kept.
        package var severity: Int
        package var tickets: Int
    }

    package var cells: [Cell]

    /// The sum of all cells that fit.
    package func total(where fits: (Cell) -> Bool = { _ in true }) -> Int {
        cells.reduce(0) { fits($1) ? $0 + $1.tickets : $0 }
    }

    package func mine(_ person: Int64) -> Int { total { $0.assignee == person } }
    package var unassigned: Int { total { $0.assignee == nil } }
    package var awaitingClient: Int { total { $0.status == "awaitingClient" } }
    package var escalated: Int { total { $0.escalated } }
    package func department(_ name: String) -> Int { total { $0.department == name } }
    package func client(_ id: Int64) -> Int { total { $0.client == id } }
}

extension TicketFilter {
    /// True where the kept counts answer it: nothing is asked for that they don't know, and no closed ticket is meant.
    package var isKept: Bool {
        groups.isEmpty && contact == nil && dueBefore == nil && text == nil && (open == true || (!statuses.isEmpty && !statuses.contains("closed")))
    }

    package func holds(_ cell: TicketCounts.Cell) -> Bool {
        (statuses.isEmpty || statuses.contains(cell.status)) && (client == nil || client == cell.client) && (assignee == nil || assignee == cell.assignee) && (!unassigned || cell.assignee == nil)
            && (departments.isEmpty || departments.contains(cell.department)) && (!escalated || cell.escalated) && (severities.isEmpty || severities.contains(cell.severity))
    }
}

extension Session {
    /// Counts of the tickets that are not closed.
    /// - Parameter client: only that client's.
    package func ticketCounts(client: Int64? = nil) throws -> TicketCounts {
        let columns = "client, department, assignee, status, escalated, severity, tickets"
        let rows =
            if let client {
                try run("SELECT \(columns) FROM ticket_count WHERE client = $1 AND tickets > 0", [.integer(client)])
            } else {
                try run("SELECT \(columns) FROM ticket_count WHERE tickets > 0")
            }
        return TicketCounts(
            cells: rows.map { row in
                TicketCounts.Cell(
                    client: row.int64(0) == 0 ? nil : row.int64(0), department: row.text(1), assignee: row.int64(2) == 0 ? nil : row.int64(2), status: row.text(3),
                    escalated: row.bool(4), severity: row.int(5), tickets: row.int(6))
            })
    }

    func count(_ cell: CountedCell, by change: Int) throws {
        guard cell.status != "closed" else { return }
        try put(
            """
            INSERT INTO ticket_count (client, department, assignee, status, escalated, severity, tickets) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (client, department, assignee, status, escalated, severity) DO UPDATE SET tickets = ticket_count.tickets + excluded.tickets
            """,
            [.integer(cell.client), .text(cell.department), .integer(cell.assignee), .text(cell.status), Value(cell.escalated), .integer(cell.severity), Value(change)])
    }
}

/// Where a ticket is counted. Nobody is 0: a key column can't be NULL.
struct CountedCell: Hashable {
    var client: Int64
    var department: String
    var assignee: Int64
    var status: String
    var escalated: Bool
    var severity: Int64

    init(_ ticket: TicketRecord) {
        client = ticket.client ?? 0
        department = ticket.department
        assignee = ticket.assignee ?? 0
        status = ticket.status
        escalated = ticket.escalated > 0
        severity = Int64(ticket.severity ?? 0)
    }

    init(row: Row) {
        client = row.int64OrNil(0) ?? 0
        department = row.text(1)
        assignee = row.int64OrNil(2) ?? 0
        status = row.text(3)
        escalated = row.int(4) > 0
        severity = row.int64OrNil(5) ?? 0
    }
}
