extension Session {
    /// Notes that tickets have other words than before.
    package func markForSearch(_ tickets: [Int64]) throws { try insert(into: "search_queue", "ticket", tickets.map { [.integer($0)] }, "ON CONFLICT (ticket) DO NOTHING") }

    package func hasUnsearched() throws -> Bool { try !run("SELECT ticket FROM search_queue LIMIT 1").isEmpty }

    /// Reads the words of tickets that wait for it, the latest first.
    /// - Returns: how many there were.
    @discardableResult
    package func indexForSearch(limit: Int = 200) throws -> Int {
        let waiting = try run("SELECT ticket FROM search_queue ORDER BY ticket DESC LIMIT $1", [Value(limit)]).map { $0.int64(0) }
        var rest = waiting[...]
        while !rest.isEmpty {
            // Few enough that the engine keeps one statement for them; the last ones stand there more than once.
            let some = rest.prefix(Self.indexedAtOnce)
            rest = rest.dropFirst(some.count)
            let words = try words(of: some.count == 1 ? Array(some) : Array(some) + Array(repeating: some[some.startIndex], count: Self.indexedAtOnce - some.count))
            for ticket in some {
                try put(dialect.search.forget, [.integer(ticket)])
                if let words = words[ticket] { try put(dialect.search.put, [.integer(ticket), .text(words.subject), .text(words.shown), .text(words.kept)]) }
                try put("DELETE FROM search_queue WHERE ticket = $1", [.integer(ticket)])
            }
        }
        return waiting.count
    }

    private static var indexedAtOnce: Int { 40 }

    private func words(of tickets: [Int64]) throws -> [Int64: (subject: String, shown: String, kept: String)] {
        let places = tickets.indices.map { "$\($0 + 1)" }.joined(separator: ", "), ids = tickets.map { Value.integer($0) }
        var shown: [Int64: [String]] = [:], kept: [Int64: [String]] = [:]
        let heads = try run("SELECT ticket.id, ticket.ref, ticket.subject, client.name FROM ticket LEFT JOIN client ON client.id = ticket.client WHERE ticket.id IN (\(places))", ids)
        for head in heads { shown[head.int64(0)] = [head.text(3)] }
        for message in try run("SELECT ticket, visibility, body FROM message WHERE ticket IN (\(places)) ORDER BY ticket, id", ids) {
            if message.text(1) == "public" { shown[message.int64(0), default: []].append(message.text(2)) } else { kept[message.int64(0), default: []].append(message.text(2)) }
        }
        let files = try run(
            """
            SELECT attachment.ticket, message.visibility, attachment.name FROM attachment LEFT JOIN message ON message.id = attachment.message
            WHERE attachment.ticket IN (\(places)) ORDER BY attachment.ticket, attachment.id
            """, ids)
        for file in files {
            if file.text(1) == "public" { shown[file.int64(0), default: []].append(file.text(2)) } else { kept[file.int64(0), default: []].append(file.text(2)) }
        }
        // What was said in the fields, and by whom; notes and reasons are for staff.
        let texts = try run(
            """
            SELECT ticket, key, text FROM ticket_text WHERE ticket IN (\(places)) AND text IS NOT NULL AND key NOT IN ('subject', 'body', 'field.description')
            ORDER BY ticket, number, key
            """, ids)
        for text in texts {
            let key = text.text(1)
            if key.hasPrefix("field.") || key.hasPrefix("contact") { shown[text.int64(0), default: []].append(text.text(2)) } else { kept[text.int64(0), default: []].append(text.text(2)) }
        }
        return Dictionary(uniqueKeysWithValues: heads.map { head in
            let ticket = head.int64(0)
            return (ticket, (SearchWords.text([head.text(1), head.text(2)]), SearchWords.text(shown[ticket] ?? []), SearchWords.text(kept[ticket] ?? [])))
        })
    }
}
