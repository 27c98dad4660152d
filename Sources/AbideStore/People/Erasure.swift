package import AbideCore

extension Session {
    /// The tickets in which a person wrote, or whose contact the person is.
    package func tickets(with person: Int64) throws -> [Int64] {
        try run(
            """
            SELECT DISTINCT ticket FROM ticket_event WHERE actor = $1 AND actor_kind <> 'system' UNION SELECT id FROM ticket WHERE contact = $1 ORDER BY 1
            """, [.integer(person)]).map { $0.int64(0) }
    }

    /// Takes a person's name, addresses, means of signing in and words out of the store for good; what remains is a number and what happened when.
    /// The tickets' own rows (`ticket`) are to be folded anew afterwards.
    /// - Returns: the tickets that held something of the person.
    package func erase(_ person: StoredPerson, at now: Instant) throws -> [Int64] {
        let id: Value = .integer(person.id)
        let name: Value = .text("Erased person \(person.id)")
        // Where the person is named as whom a ticket or a task was given to, or as one who follows it.
        var about: Set<Int64> = []
        for row in try run(
            "SELECT ticket, number FROM ticket_event WHERE type IN ('assigned', 'taskAdded', 'followed') AND (fact LIKE $1 OR fact LIKE $2 OR fact LIKE $3 OR fact LIKE $4)",
            ["assignee", "person"].flatMap { name in [",", "}"].map { .text("%\"\(name)\":\(person.id)\($0)%") } })
        {
            try eraseText(ticket: row.int64(0), number: row.int(1), key: "person")
            about.insert(row.int64(0))
        }
        let tickets = try tickets(with: person.id)
        for ticket in tickets {
            let contact = try run("SELECT contact FROM ticket WHERE id = $1", [.integer(ticket)]).first?.int64OrNil(0) == person.id
            try run("UPDATE ticket_event SET actor_name = $3 WHERE ticket = $1 AND actor = $2", [.integer(ticket), id, name])
            // The words of the person's own events; of a contact also what others entered about the caller.
            for row in try run("SELECT number FROM ticket_event WHERE ticket = $1 AND actor = $2", [.integer(ticket), id]) { try eraseText(ticket: ticket, number: row.int(0)) }
            if contact {
                let about = try run("SELECT number, key FROM ticket_text WHERE ticket = $1 AND key IN ('contactName', 'contactEmail', 'field.name', 'field.phone')", [.integer(ticket)])
                for row in about { try eraseText(ticket: ticket, number: row.int(0), key: row.text(1)) }
            }
            for message in try run("SELECT id, mail_in FROM message WHERE ticket = $1 AND author = $2", [.integer(ticket), id]) {
                try run("UPDATE message SET body = '', html = NULL, author_name = $2 WHERE id = $1", [message[0], name])
                try run("UPDATE attachment SET name = 'erased', type = 'application/octet-stream', size = 0, sha256 = '', content = $2 WHERE message = $1", [message[0], .blob([])])
                if !message.isNull(1) { try run("UPDATE mail_in SET raw = $2, envelope_from = '', envelope_to = '', sender = NULL, subject = NULL, error = NULL WHERE id = $1", [message[1], .blob([])]) }
            }
        }
        try run("UPDATE mail_in SET raw = $2, envelope_from = '', envelope_to = '', sender = NULL, subject = NULL, error = NULL WHERE LOWER(envelope_from) = $1", [.text(person.email), .blob([])])
        try run("DELETE FROM person_address WHERE person = $1", [id])
        try run("DELETE FROM mail_rule WHERE pattern = $1", [.text(person.email)])
        try run("UPDATE mail_rule SET person = NULL WHERE person = $1", [id])
        try run("DELETE FROM held_file WHERE held IN (SELECT id FROM held_answer WHERE person = $1)", [id])
        for table in ["one_time_link", "second_factor", "recovery_code", "draft", "held_answer", "person_setting", "notification"] { try run("DELETE FROM \(table) WHERE person = $1", [id]) }
        for table in ["saved_view", "canned_answer"] { try run("DELETE FROM \(table) WHERE owner = $1 AND shared = 0", [id]) }
        for table in ["audit", "contact_change"] { try run("UPDATE \(table) SET actor_name = $2 WHERE actor = $1", [id, name]) }
        for text in [person.email, person.name] where !text.isEmpty {
            try run("UPDATE audit SET object = REPLACE(object, $1, $2), detail = REPLACE(detail, $1, $2)", [.text(text), name])
        }
        try run("DELETE FROM session WHERE person = $1", [id])
        try run("DELETE FROM token WHERE person = $1", [id])
        try run("DELETE FROM idempotency WHERE person = $1", [id])
        for key in [person.email, "answers of " + person.email] { try run("DELETE FROM mail_budget WHERE address = $1", [.text(key.lowercased())]) }
        try run(
            "UPDATE person SET email = $2, name = $3, phone = NULL, zone = NULL, language = NULL, password_hash = NULL, disabled = 1 WHERE id = $1",
            [id, .text("erased-\(person.id)@erased.invalid"), name])
        try run("INSERT INTO erasure (person, erased_at) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING", [id, Value(now)])
        return Set(tickets).union(about).sorted()
    }

    /// How many people were erased.
    package func erasures() throws -> Int { try run("SELECT COUNT(*) FROM erasure")[0].int(0) }

    /// Mails that went, or would go, to an address or about these tickets.
    package func outbox(to address: String, tickets: [Int64]) throws -> [Int64] {
        var found = try run("SELECT id FROM outbox WHERE LOWER(recipient) = $1", [.text(address)]).map { $0.int64(0) }
        for ticket in tickets { found += try run("SELECT id FROM outbox WHERE ticket = $1", [.integer(ticket)]).map { $0.int64(0) } }
        return Array(Set(found)).sorted()
    }

    /// Replaces a mail by one that says less; to an erased recipient it does not leave any more.
    package func replaceOutbox(_ id: Int64, mail: String, recipient: String?) throws {
        try run("UPDATE outbox SET mail = $2 WHERE id = $1", [.integer(id), .text(mail)])
        guard let recipient else { return }
        try run("UPDATE outbox SET recipient = $2, last_error = NULL, state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END WHERE id = $1", [.integer(id), .text(recipient)])
    }
}
