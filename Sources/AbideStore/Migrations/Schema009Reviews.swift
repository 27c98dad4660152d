extension Migration {
    static let reviews = Migration(
        version: 9,
        reason: "Reviews of agreements: planned, prepared, held and minuted",
        statements: [
            """
            CREATE TABLE review (
                id {id}, client BIGINT NOT NULL REFERENCES client (id), day TEXT NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL, from_day TEXT, to_day TEXT, report BIGINT,
                prepared_at BIGINT, held_on TEXT, attendees TEXT NOT NULL, minutes TEXT NOT NULL, outcome TEXT, new_digest TEXT, minuted_by TEXT NOT NULL, minuted_at BIGINT)
            """,
            // One at a time is open for a client, whatever two nodes do at the same moment.
            "CREATE UNIQUE INDEX review_open ON review (client) WHERE state IN ('planned', 'prepared')",
            "CREATE TABLE review_note (id {id}, review BIGINT NOT NULL REFERENCES review (id), noted_at BIGINT NOT NULL, actor TEXT NOT NULL, sentence TEXT NOT NULL)",
            "CREATE INDEX review_note_review ON review_note (review)",
        ])
}
