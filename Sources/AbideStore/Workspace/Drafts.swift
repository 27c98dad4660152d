package import AbideCore

extension Session {
    /// What somebody has written and not yet sent, at a place as `ticket:ABD-1042:public`.
    package func draft(of person: Int64, place: String) throws -> String? {
        try run("SELECT content FROM draft WHERE person = $1 AND place = $2", [.integer(person), .text(place)]).first?.text(0)
    }

    /// - Parameter content: empty: the draft is gone.
    package func putDraft(of person: Int64, place: String, content: String, at now: Instant) throws {
        guard !content.isEmpty else {
            try run("DELETE FROM draft WHERE person = $1 AND place = $2", [.integer(person), .text(place)])
            return
        }
        try run(
            """
            INSERT INTO draft (person, place, content, updated_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person, place) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at
            """, [.integer(person), .text(place), .text(content), Value(now)])
    }

    package func deleteDrafts(before: Instant) throws { try run("DELETE FROM draft WHERE updated_at < $1", [Value(before)]) }
}
