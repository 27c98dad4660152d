extension Migration {
    /// Reports as they were issued stay as they are, whatever is counted later.
    static let reports = Migration(
        version: 3,
        reason: "Service reports are kept as issued",
        statements: [
            """
            CREATE TABLE report (
                id {id}, client BIGINT NOT NULL REFERENCES client (id), from_day TEXT NOT NULL, to_day TEXT NOT NULL, issued_at BIGINT NOT NULL,
                issued_by TEXT NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (client, from_day, to_day))
            """
        ])
}
