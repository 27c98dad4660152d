extension Session {
    /// Notes that tickets have other words than before.
    package func markForSearch(_ tickets: [Int64]) throws { try insert(into: "search_queue", "ticket", tickets.map { [.integer($0)] }, "ON CONFLICT (ticket) DO NOTHING") }

    package func hasUnsearched() throws -> Bool { try !run("SELECT ticket FROM search_queue LIMIT 1").isEmpty }

    /// Reads the words of tickets that wait for it, the latest first.
    /// - Returns: how many there were.
    @discardableResult
    package func indexForSearch(limit: Int = 200) throws -> Int {
        let waiting = try run("SELECT ticket FROM search_queue ORDER BY ticket DESC LIMIT $1", [Value(limit)]).map { $0.int64(0) }
        for ticket in waiting {
            try run(dialect.search.forget, [.integer(ticket)])
            if let words = try words(of: ticket) { try run(dialect.search.put, [.integer(ticket), .text(words.subject), .text(words.shown), .text(words.kept)]) }
            try run("DELETE FROM search_queue WHERE ticket = $1", [.integer(ticket)])
        }
        return waiting.count
    }

    private func words(of ticket: Int64) throws -> (subject: String, shown: String, kept: String)? {
        let head = try run(
            "SELECT ticket.ref, ticket.subject, client.name FROM ticket LEFT JOIN client ON client.id = ticket.client WHERE ticket.id = $1", [.integer(ticket)]).first
        guard let head else { return nil }
        var shown = [head.text(2)]
        var kept: [String] = []
        for message in try run("SELECT visibility, body FROM message WHERE ticket = $1 ORDER BY id", [.integer(ticket)]) {
            if message.text(0) == "public" { shown.append(message.text(1)) } else { kept.append(message.text(1)) }
        }
        let files = try run(
            "SELECT message.visibility, attachment.name FROM attachment LEFT JOIN message ON message.id = attachment.message WHERE attachment.ticket = $1 ORDER BY attachment.id",
            [.integer(ticket)])
        for file in files {
            if file.text(0) == "public" { shown.append(file.text(1)) } else { kept.append(file.text(1)) }
        }
        // What was said in the fields, and by whom; notes and reasons are for staff.
        let texts = try run(
            "SELECT key, text FROM ticket_text WHERE ticket = $1 AND text IS NOT NULL AND key NOT IN ('subject', 'body', 'field.description') ORDER BY number, key", [.integer(ticket)])
        for text in texts {
            let key = text.text(0)
            if key.hasPrefix("field.") || key.hasPrefix("contact") { shown.append(text.text(1)) } else { kept.append(text.text(1)) }
        }
        return (SearchWords.text([head.text(0), head.text(1)]), SearchWords.text(shown), SearchWords.text(kept))
    }
}
