package import AbideCore

/// A ticket's projection: what the fold over its events gave, kept for lists and quick answers, rebuildable at any time.
package struct TicketRecord: Sendable, Hashable {
    package var id: Int64
    /// `ABD-1042`.
    package var ref: String
    /// Nil for both: the sender is nobody's contact yet.
    package var client: Int64?
    package var contact: Int64?
    package var assignee: Int64?
    package var department: String
    /// As the API names it: `registered`, `open`, `awaitingClient`, `resolved`, `closed`.
    package var status: String
    package var severity: Int?
    package var urgency: Int?
    package var channel: String
    package var subject: String
    package var registeredAt: Instant
    package var loggedAt: Instant?
    /// Place of the ticket's group in the list by what is promised next; small first.
    package var groupRank: Int
    /// What is promised next; nil stands behind all that have one, within the group.
    package var due: Instant?
    /// JSON of the folded ticket.
    package var state: String
    /// Compact projection for lists, so that they decode nothing else.
    package var line: String
    /// Number of the last event that this was folded from, and its hash.
    package var head: Int
    package var headHash: String
    package var updatedAt: Instant
    /// The highest rung so far, 0 for none.
    package var escalated: Int

    package init(
        id: Int64, ref: String, client: Int64?, contact: Int64?, assignee: Int64?, department: String, status: String, severity: Int?,
        urgency: Int?, channel: String, subject: String, registeredAt: Instant, loggedAt: Instant?, groupRank: Int, due: Instant?,
        state: String, line: String, head: Int, headHash: String, updatedAt: Instant, escalated: Int
    ) {
        self.id = id
        self.ref = ref
        self.client = client
        self.contact = contact
        self.assignee = assignee
        self.department = department
        self.status = status
        self.severity = severity
        self.urgency = urgency
        self.channel = channel
        self.subject = subject
        self.registeredAt = registeredAt
        self.loggedAt = loggedAt
        self.groupRank = groupRank
        self.due = due
        self.state = state
        self.line = line
        self.head = head
        self.headHash = headHash
        self.updatedAt = updatedAt
        self.escalated = escalated
    }
}

/// A new ticket's id and reference, given out together: `ABD-1001` has id 1001.
package struct TicketNumber: Sendable, Hashable {
    package var id: Int64
    package var ref: String { "ABD-\(id)" }

    package init(id: Int64) { self.id = id }

    /// - Returns: nil where `ref` is no reference.
    package init?(ref: String) {
        guard ref.hasPrefix("ABD-"), let id = Int64(ref.dropFirst(4)) else { return nil }
        self.id = id
    }
}

extension Session {
    /// The next reference, from `ABD-1001`, without gaps: a write that is rolled back gives its number back.
    package func nextTicketNumber() throws -> TicketNumber {
        TicketNumber(id: try nextTicketNumbers(1))
    }

    /// Takes `count` numbers that follow each other.
    /// - Returns: the first of them.
    package func nextTicketNumbers(_ count: Int64) throws -> Int64 {
        let row = try run(
            """
            INSERT INTO meta (key, value) VALUES ('ticketNumber', $1)
            ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + $2 AS TEXT) RETURNING CAST(value AS BIGINT)
            """, [.text(String(1000 + count)), .integer(count)]
        ).first
        guard let last = row?.int64OrNil(0) else { throw StoreError.missingRow("the next ticket number") }
        return last - count + 1
    }

    /// The number that the next ticket will have if nobody is quicker.
    package func nextTicketNumberForeseen() throws -> Int64 {
        (try run("SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'ticketNumber'").first?.int64(0) ?? 1000) + 1
    }

    /// Leaves numbers out, a thousand or a tenth of those given so far: a store that went back in time would give again those of tickets that it
    /// has forgotten, and answers to their mails would come to other tickets.
    /// - Returns: the next number.
    package func skipTicketNumbers() throws -> Int64 {
        let skipped = max(1000, (try nextTicketNumberForeseen() - 1000) / 10)
        return try nextTicketNumbers(skipped) + skipped
    }

    /// Stores a new ticket's projection and counts it.
    package func insertTicket(_ ticket: TicketRecord) throws { try insertTickets([ticket]) }

    func insertTickets(_ tickets: [TicketRecord]) throws {
        try insert(into: "ticket", TicketRecord.storedColumns, tickets.map(\.values))
        try countNew(tickets)
    }

    func countNew(_ tickets: [TicketRecord]) throws {
        for (cell, same) in Dictionary(grouping: tickets, by: CountedCell.init) { try count(cell, by: same.count) }
    }

    /// Replaces a ticket's projection after new events, and moves it from one count to the other.
    /// - Throws: `Conflict` when there is no such ticket.
    package func updateTicket(_ ticket: TicketRecord) throws {
        let before = try run("SELECT client, department, assignee, status, escalated, severity FROM ticket WHERE id = $1", [.integer(ticket.id)]).first
        guard let before else { throw Conflict(ticket: ticket.id, expectedHead: ticket.head) }
        try put(
            """
            UPDATE ticket SET ref = $2, client = $3, contact = $4, assignee = $5, department = $6, status = $7, severity = $8, urgency = $9,
                channel = $10, subject = $11, registered_at = $12, logged_at = $13, group_rank = $14, due = $15, state = $16, line = $17,
                head = $18, head_hash = $19, updated_at = $20, escalated = $21, closed = $22, due_order = $23, logged_order = $24
            WHERE id = $1
            """, ticket.values)
        let old = CountedCell(row: before)
        let new = CountedCell(ticket)
        guard old != new else { return }
        try count(old, by: -1)
        try count(new, by: 1)
    }

    package func ticket(id: Int64) throws -> TicketRecord? {
        try run("SELECT \(TicketRecord.columns) FROM ticket WHERE id = $1", [.integer(id)]).first.map(TicketRecord.init(row:))
    }

    /// Tickets that are not closed and whose folded state has one of these pieces of text, oldest first: for what few of them have.
    package func tickets(stateHas pieces: [String], limit: Int) throws -> [TicketRecord] {
        let conditions = pieces.indices.map { "state LIKE $\($0 + 2)" }.joined(separator: " OR ")
        return try run(
            "SELECT \(TicketRecord.columns) FROM ticket WHERE closed = 0 AND (\(conditions)) ORDER BY id LIMIT $1", [Value(limit)] + pieces.map { .text("%\($0)%") }
        ).map(TicketRecord.init(row:))
    }

    /// - Parameter ref: as written by people: upper or lower case.
    package func ticket(ref: String) throws -> TicketRecord? {
        try run("SELECT \(TicketRecord.columns) FROM ticket WHERE ref = $1", [.text(ref.uppercased())]).first.map(TicketRecord.init(row:))
    }
}

extension TicketRecord {
    /// Behind every real due instant: the two engines disagree on where NULL sorts, so the order has a column without any.
    static let noDueOrder: Int64 = 1 << 60

    static let columns = """
        id, ref, client, contact, assignee, department, status, severity, urgency, channel, subject, registered_at, logged_at, group_rank, due, \
        state, line, head, head_hash, updated_at, escalated
        """

    init(row: Row) {
        self.init(
            id: row.int64(0), ref: row.text(1), client: row.int64OrNil(2), contact: row.int64OrNil(3), assignee: row.int64OrNil(4), department: row.text(5),
            status: row.text(6), severity: row.intOrNil(7), urgency: row.intOrNil(8), channel: row.text(9), subject: row.text(10),
            registeredAt: row.instant(11), loggedAt: row.instantOrNil(12), groupRank: row.int(13), due: row.instantOrNil(14), state: row.text(15),
            line: row.text(16), head: row.int(17), headHash: row.text(18), updatedAt: row.instant(19), escalated: row.int(20))
    }

    /// With those that lists are ordered by.
    static let storedColumns = columns + ", closed, due_order, logged_order"

    /// In the order of `storedColumns`.
    var values: [Value] {
        [
            .integer(id), .text(ref), Value(client), Value(contact), Value(assignee), .text(department), .text(status), Value(severity),
            Value(urgency), .text(channel), .text(subject), Value(registeredAt), Value(loggedAt), Value(groupRank), Value(due), .text(state),
            .text(line), Value(head), .text(headHash), Value(updatedAt), Value(escalated), Value(status == "closed"),
            .integer(due?.seconds ?? Self.noDueOrder), Value(loggedAt ?? registeredAt),
        ]
    }
}
