package import AbideCore

/// An event that was decided, before it has a number and a place in the chain.
package struct NewEvent: Sendable, Hashable {
    package var type: String
    package var occurredAt: Instant
    package var recordedAt: Instant
    /// `contact`, `staff` or `system`.
    package var actorKind: String
    package var actor: Int64?
    package var actorName: String
    /// Canonical JSON without personal text: it is hashed as it stands and can never be erased.
    package var fact: String
    /// Personal text by key. The chain covers a salted digest of each, so that the words can be erased and it still verifies.
    package var texts: [String: String]

    package init(
        type: String, occurredAt: Instant, recordedAt: Instant, actorKind: String, actor: Int64?, actorName: String, fact: String,
        texts: [String: String] = [:]
    ) {
        self.type = type
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.actorKind = actorKind
        self.actor = actor
        self.actorName = actorName
        self.fact = fact
        self.texts = texts
    }
}

/// An event as the log keeps it.
package struct StoredEvent: Sendable, Hashable {
    package var ticket: Int64
    /// From 1, without gaps.
    package var number: Int
    package var type: String
    package var occurredAt: Instant
    package var recordedAt: Instant
    package var actorKind: String
    package var actor: Int64?
    package var actorName: String
    package var fact: String
    /// Erased texts are missing.
    package var texts: [String: String]
    package var previousHash: String
    /// SHA-256 in hexadecimal, see `EventChain`.
    package var hash: String

    package init(
        ticket: Int64, number: Int, type: String, occurredAt: Instant, recordedAt: Instant, actorKind: String, actor: Int64?,
        actorName: String, fact: String, texts: [String: String], previousHash: String, hash: String
    ) {
        self.ticket = ticket
        self.number = number
        self.type = type
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.actorKind = actorKind
        self.actor = actor
        self.actorName = actorName
        self.fact = fact
        self.texts = texts
        self.previousHash = previousHash
        self.hash = hash
    }
}

extension Session {
    /// Appends to a ticket's log, in order.
    /// - Parameter expectedHead: the number of the last event that the decision was based on, 0 for a new ticket.
    /// - Throws: `Conflict` when the log has another head by now.
    @discardableResult
    package func appendEvents(ticket: Int64, expectedHead: Int, events: [NewEvent]) throws -> [StoredEvent] {
        let last = try run("SELECT number, hash FROM ticket_event WHERE ticket = $1 ORDER BY number DESC LIMIT 1", [.integer(ticket)]).first
        guard last?.int(0) ?? 0 == expectedHead else { throw Conflict(ticket: ticket, expectedHead: expectedHead) }
        let chained = EventChain.link(events, ticket: ticket, after: expectedHead, hash: last?.text(1) ?? "")
        try insertEvents(chained)
        return chained.map(\.event)
    }

    /// Writes events that were chained before.
    /// - Throws: `Conflict` where a number is taken.
    func insertEvents(_ events: [ChainedEvent]) throws {
        // Two writers on two nodes can both have seen the same head: the key decides, and the second begins again.
        let inserted = try insert(into: "ticket_event", ChainedEvent.columns, events.map(\.values), "ON CONFLICT (ticket, number) DO NOTHING RETURNING number")
        guard inserted.count == events.count else { throw Conflict(ticket: events[0].event.ticket, expectedHead: events[0].event.number - 1) }
        try markForSearch(Set(events.filter { !$0.texts.isEmpty }.map(\.event.ticket)).sorted())
        try insert(into: "ticket_text", ChainedEvent.textColumns, events.flatMap(\.textValues))
    }

    /// A ticket's events in order.
    /// - Parameters:
    ///   - number: only those with a greater number, for paging.
    ///   - limit: at most so many; nil for all.
    package func events(of ticket: Int64, after number: Int = 0, limit: Int? = nil) throws -> [StoredEvent] {
        let range: [Value] = [.integer(ticket), Value(number), Value(limit ?? Int.max)]
        var events = try run(
            """
            SELECT ticket, number, type, occurred_at, recorded_at, actor_kind, actor, actor_name, fact, previous_hash, hash
            FROM ticket_event WHERE ticket = $1 AND number > $2 ORDER BY number LIMIT $3
            """, range
        ).map(StoredEvent.init(row:))
        guard let first = events.first?.number, let last = events.last?.number else { return [] }
        let texts = try run(
            "SELECT number, key, text FROM ticket_text WHERE ticket = $1 AND number BETWEEN $2 AND $3 AND text IS NOT NULL ORDER BY number, key",
            [.integer(ticket), Value(first), Value(last)])
        var index = 0
        for text in texts {
            while index < events.count, events[index].number < text.int(0) { index += 1 }
            guard index < events.count else { break }
            if events[index].number == text.int(0) { events[index].texts[text.text(1)] = text.text(2) }
        }
        return events
    }

    /// Erases personal text of an event for good (GDPR 17): its words and its salt, so that they can't be guessed back from the digest.
    /// The chain still verifies.
    /// - Parameter key: one text of the event; nil for all of them.
    package func eraseText(ticket: Int64, number: Int, key: String? = nil) throws {
        try run(
            "UPDATE ticket_text SET text = NULL, salt = $4 WHERE ticket = $1 AND number = $2 AND key = COALESCE($3, key)",
            [.integer(ticket), Value(number), Value(key), .blob([])])
        try markForSearch([ticket])
    }
}

extension StoredEvent {
    /// Columns in the order of `events(of:)`.
    init(row: Row) {
        self.init(
            ticket: row.int64(0), number: row.int(1), type: row.text(2), occurredAt: row.instant(3), recordedAt: row.instant(4),
            actorKind: row.text(5), actor: row.int64OrNil(6), actorName: row.text(7), fact: row.text(8), texts: [:],
            previousHash: row.text(9), hash: row.text(10))
    }
}

extension ChainedEvent {
    static let columns = "ticket, number, type, occurred_at, recorded_at, actor_kind, actor, actor_name, fact, previous_hash, hash"
    static let textColumns = "ticket, number, key, salt, digest, text"

    var values: [Value] {
        [
            .integer(event.ticket), Value(event.number), .text(event.type), Value(event.occurredAt), Value(event.recordedAt), .text(event.actorKind),
            Value(event.actor), .text(event.actorName), .text(event.fact), .text(event.previousHash), .text(event.hash),
        ]
    }

    /// A row for each of its texts.
    var textValues: [[Value]] {
        texts.map { [.integer(event.ticket), Value(event.number), .text($0.key), .blob($0.salt), .text($0.digest), .text($0.text)] }
    }
}
