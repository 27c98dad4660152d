package import AbideCore

/// What someone wrote on a ticket, as lists and pages show it. Personal text: it stands beside the event log, not in it.
package struct StoredMessage: Sendable, Hashable {
    /// 0 before it is stored.
    package var id: Int64
    package var ticket: Int64
    /// The event that it came with.
    package var number: Int
    /// `public` or `internal`.
    package var visibility: String
    /// `contact`, `staff` or `system`.
    package var authorKind: String
    package var author: Int64?
    package var authorName: String
    package var at: Instant
    package var channel: String
    /// Markdown or plain text.
    package var body: String
    /// Sanitised HTML of a mail.
    package var html: String?
    /// The raw mail that it was read from.
    package var mailIn: Int64?

    package init(
        id: Int64 = 0, ticket: Int64, number: Int, visibility: String, authorKind: String, author: Int64?, authorName: String, at: Instant,
        channel: String, body: String, html: String? = nil, mailIn: Int64? = nil
    ) {
        self.id = id
        self.ticket = ticket
        self.number = number
        self.visibility = visibility
        self.authorKind = authorKind
        self.author = author
        self.authorName = authorName
        self.at = at
        self.channel = channel
        self.body = body
        self.html = html
        self.mailIn = mailIn
    }
}

extension Session {
    /// - Returns: the new id.
    @discardableResult
    package func insertMessage(_ message: StoredMessage) throws -> Int64 {
        guard let id = try insertMessages([message]).first else { throw StoreError.missingRow("a new message") }
        return id
    }

    /// - Returns: the new ids, in order.
    @discardableResult
    func insertMessages(_ messages: [StoredMessage]) throws -> [Int64] {
        try insert(into: "message", StoredMessage.columns, messages.map(\.values), "RETURNING id").map { $0.int64(0) }.sorted()
    }

    /// A ticket's messages, oldest first.
    /// - Parameters:
    ///   - includingInternal: false for readers of the client.
    ///   - after: only those with a greater id, for paging.
    package func messages(of ticket: Int64, includingInternal: Bool, after id: Int64 = 0, limit: Int? = nil) throws -> [StoredMessage] {
        try run(
            """
            SELECT id, \(StoredMessage.columns) FROM message
            WHERE ticket = $1 AND id > $2\(includingInternal ? "" : " AND visibility = 'public'") ORDER BY id LIMIT $3
            """, [.integer(ticket), .integer(id), Value(limit ?? Int.max)]
        ).map { row in
            StoredMessage(
                id: row.int64(0), ticket: row.int64(1), number: row.int(2), visibility: row.text(3), authorKind: row.text(4),
                author: row.int64OrNil(5), authorName: row.text(6), at: row.instant(7), channel: row.text(8), body: row.text(9),
                html: row.textOrNil(10), mailIn: row.int64OrNil(11))
        }
    }

    /// Runs an INSERT that ends in `RETURNING id`.
    func insertedID(_ sql: String, _ values: [Value]) throws -> Int64 {
        guard let id = try run(sql, values).first?.int64OrNil(0) else { throw StoreError.missingRow("a new id") }
        return id
    }
}

extension StoredMessage {
    /// All but the id, which the engine gives.
    static let columns = "ticket, number, visibility, author_kind, author, author_name, at, channel, body, html, mail_in"

    var values: [Value] {
        [
            .integer(ticket), Value(number), .text(visibility), .text(authorKind), Value(author), .text(authorName), Value(at), .text(channel), .text(body),
            Value(html), Value(mailIn),
        ]
    }
}
