package import AbideCore

/// A text for answers, with variables; its owner's own, or shared with all staff.
package struct CannedAnswer: Sendable, Hashable {
    package var id: Int64
    package var owner: Int64
    package var name: String
    package var body: String
    package var shared: Bool
    /// JSON of what happens with it; nil: it is words alone.
    package var acts: String?

    package init(id: Int64 = 0, owner: Int64, name: String, body: String, shared: Bool, acts: String? = nil) {
        self.id = id
        self.owner = owner
        self.name = name
        self.body = body
        self.shared = shared
        self.acts = acts
    }
}

/// A list of tickets that somebody comes back to: a name, and words of the search language.
package struct SavedView: Sendable, Hashable {
    package var id: Int64
    package var owner: Int64
    package var name: String
    package var query: String
    package var shared: Bool

    package init(id: Int64 = 0, owner: Int64, name: String, query: String, shared: Bool) {
        self.id = id
        self.owner = owner
        self.name = name
        self.query = query
        self.shared = shared
    }
}

extension Session {
    /// The own ones and those that are shared, by name.
    package func cannedAnswers(for person: Int64) throws -> [CannedAnswer] {
        try run("SELECT id, owner, name, body, shared, acts FROM canned_answer WHERE owner = $1 OR shared = 1 ORDER BY name, id LIMIT 500", [.integer(person)]).map {
            CannedAnswer(id: $0.int64(0), owner: $0.int64(1), name: $0.text(2), body: $0.text(3), shared: $0.bool(4), acts: $0.textOrNil(5))
        }
    }

    /// - Parameter answer: with id 0 a new one.
    package func putCannedAnswer(_ answer: CannedAnswer, at now: Instant) throws {
        if answer.id == 0 {
            try run(
                "INSERT INTO canned_answer (owner, name, body, shared, updated_at, acts) VALUES ($1, $2, $3, $4, $5, $6)",
                [.integer(answer.owner), .text(answer.name), .text(answer.body), Value(answer.shared), Value(now), Value(answer.acts)])
        } else {
            try run(
                "UPDATE canned_answer SET name = $2, body = $3, shared = $4, updated_at = $5, acts = $6 WHERE id = $1",
                [.integer(answer.id), .text(answer.name), .text(answer.body), Value(answer.shared), Value(now), Value(answer.acts)])
        }
    }

    package func deleteCannedAnswer(_ id: Int64) throws { try run("DELETE FROM canned_answer WHERE id = $1", [.integer(id)]) }

    package func savedViews(for person: Int64) throws -> [SavedView] {
        try run("SELECT id, owner, name, query, shared FROM saved_view WHERE owner = $1 OR shared = 1 ORDER BY name, id LIMIT 100", [.integer(person)]).map {
            SavedView(id: $0.int64(0), owner: $0.int64(1), name: $0.text(2), query: $0.text(3), shared: $0.bool(4))
        }
    }

    package func insertSavedView(_ view: SavedView, at now: Instant) throws -> Int64 {
        try run(
            "INSERT INTO saved_view (owner, name, query, shared, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            [.integer(view.owner), .text(view.name), .text(view.query), Value(view.shared), Value(now)]
        ).first?.int64(0) ?? 0
    }

    /// Those of all staff.
    package func sharedViews() throws -> [SavedView] {
        try run("SELECT id, owner, name, query, shared FROM saved_view WHERE shared = 1 ORDER BY name, id LIMIT 200").map {
            SavedView(id: $0.int64(0), owner: $0.int64(1), name: $0.text(2), query: $0.text(3), shared: $0.bool(4))
        }
    }

    package func updateSavedView(_ id: Int64, name: String, query: String) throws { try run("UPDATE saved_view SET name = $2, query = $3 WHERE id = $1", [.integer(id), .text(name), .text(query)]) }

    package func updateSavedView(_ id: Int64, query: String) throws { try run("UPDATE saved_view SET query = $2 WHERE id = $1", [.integer(id), .text(query)]) }

    package func deleteSavedView(_ id: Int64) throws { try run("DELETE FROM saved_view WHERE id = $1", [.integer(id)]) }
}
