package import AbideCore

/// An answer that its writer may still take back: it goes out when it is due, unless it is gone by then.
package struct HeldAnswer: Sendable, Hashable {
    package var id: Int64
    package var ticket: Int64
    package var person: Int64
    package var body: String
    /// The reason by which the clock is to be suspended with it.
    package var suspend: String?
    /// JSON of what else happens with it.
    package var acts: String?
    package var heldAt: Instant
    /// Nil: it could not be sent, and waits for its writer.
    package var dueAt: Instant?
    /// Why it could not be sent.
    package var refusal: String?

    package init(id: Int64 = 0, ticket: Int64, person: Int64, body: String, suspend: String?, acts: String? = nil, heldAt: Instant, dueAt: Instant?, refusal: String? = nil) {
        self.id = id
        self.ticket = ticket
        self.person = person
        self.body = body
        self.suspend = suspend
        self.acts = acts
        self.heldAt = heldAt
        self.dueAt = dueAt
        self.refusal = refusal
    }
}

extension Session {
    @discardableResult
    package func insertHeldAnswer(_ answer: HeldAnswer, files: [(name: String, type: String, content: [UInt8])]) throws -> Int64 {
        let id = try insertedID(
            "INSERT INTO held_answer (ticket, person, body, suspend, acts, held_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            [.integer(answer.ticket), .integer(answer.person), .text(answer.body), Value(answer.suspend), Value(answer.acts), Value(answer.heldAt), Value(answer.dueAt)])
        for file in files { try run("INSERT INTO held_file (held, name, type, content) VALUES ($1, $2, $3, $4)", [.integer(id), .text(file.name), .text(file.type), .blob(file.content)]) }
        return id
    }

    package func heldAnswer(id: Int64) throws -> HeldAnswer? {
        try run("SELECT \(HeldAnswer.columns) FROM held_answer WHERE id = $1", [.integer(id)]).first.map(HeldAnswer.init(row:))
    }

    package func heldAnswers(of ticket: Int64) throws -> [HeldAnswer] {
        try run("SELECT \(HeldAnswer.columns) FROM held_answer WHERE ticket = $1 ORDER BY id LIMIT 50", [.integer(ticket)]).map(HeldAnswer.init(row:))
    }

    /// Those of one writer, on whatever ticket.
    package func heldAnswers(by person: Int64) throws -> [HeldAnswer] {
        try run("SELECT \(HeldAnswer.columns) FROM held_answer WHERE person = $1 ORDER BY id LIMIT 20", [.integer(person)]).map(HeldAnswer.init(row:))
    }

    package func dueHeldAnswers(at now: Instant, limit: Int) throws -> [HeldAnswer] {
        try run("SELECT \(HeldAnswer.columns) FROM held_answer WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2", [Value(now), Value(limit)]).map(HeldAnswer.init(row:))
    }

    package func heldFiles(of id: Int64) throws -> [(name: String, type: String, content: [UInt8])] {
        try run("SELECT name, type, content FROM held_file WHERE held = $1 ORDER BY id", [.integer(id)]).map { ($0.text(0), $0.text(1), $0.bytes(2)) }
    }

    /// Takes it out of the store, for its writer or to be sent.
    /// - Returns: false where somebody else, on this node or another, was first.
    package func takeHeldAnswer(_ id: Int64) throws -> Bool {
        try run("DELETE FROM held_file WHERE held = $1", [.integer(id)])
        return try !run("DELETE FROM held_answer WHERE id = $1 RETURNING id", [.integer(id)]).isEmpty
    }

    /// It could not be sent: it waits for its writer.
    package func refuseHeldAnswer(_ id: Int64, why: String) throws { try run("UPDATE held_answer SET due_at = NULL, refusal = $2 WHERE id = $1", [.integer(id), .text(why)]) }

    /// What a person has set, by name.
    package func settings(of person: Int64) throws -> [String: String] {
        try run("SELECT name, value FROM person_setting WHERE person = $1", [.integer(person)]).reduce(into: [:]) { $0[$1.text(0)] = $1.text(1) }
    }

    /// - Parameter value: nil: as it is by itself.
    package func putSetting(_ name: String, of person: Int64, _ value: String?) throws {
        try run("DELETE FROM person_setting WHERE person = $1 AND name = $2", [.integer(person), .text(name)])
        if let value { try run("INSERT INTO person_setting (person, name, value) VALUES ($1, $2, $3)", [.integer(person), .text(name), .text(value)]) }
    }
}

extension HeldAnswer {
    fileprivate static let columns = "id, ticket, person, body, suspend, acts, held_at, due_at, refusal"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), ticket: row.int64(1), person: row.int64(2), body: row.text(3), suspend: row.textOrNil(4), acts: row.textOrNil(5), heldAt: row.instant(6), dueAt: row.instantOrNil(7),
            refusal: row.textOrNil(8))
    }
}
