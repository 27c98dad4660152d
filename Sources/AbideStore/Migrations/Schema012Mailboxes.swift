extension Migration {
    static let mailboxes = Migration(
        version: 12,
        reason: "Mailboxes to look into are set up on pages",
        statements: [
            // The secret is sealed with a key that the database does not hold.
            """
            CREATE TABLE mailbox (
                id {id}, host TEXT NOT NULL, port BIGINT, wrapped BIGINT NOT NULL, login TEXT NOT NULL, folder TEXT NOT NULL, moves_to TEXT, authority TEXT, kind TEXT NOT NULL,
                sealed TEXT NOT NULL, pause BIGINT NOT NULL, paused BIGINT NOT NULL, failures BIGINT NOT NULL DEFAULT 0, next_at BIGINT NOT NULL, created_at BIGINT NOT NULL)
            """,
            "CREATE INDEX mailbox_next ON mailbox (next_at)",
        ])
}
