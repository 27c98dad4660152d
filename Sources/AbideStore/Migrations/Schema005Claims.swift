extension Migration {
    /// Several nodes share the outbox and the count of wrong passwords.
    static let claims = Migration(
        version: 5,
        reason: "Mails in the outbox are claimed by the node that sends them; wrong tries at signing in are counted for all nodes",
        statements: [
            "ALTER TABLE outbox ADD COLUMN claimed_by TEXT",
            "ALTER TABLE outbox ADD COLUMN claimed_until BIGINT",
            "CREATE INDEX outbox_claimed ON outbox (claimed_until)",
            "CREATE TABLE throttle (key TEXT PRIMARY KEY, failures BIGINT NOT NULL, until BIGINT NOT NULL)",
        ])
}
