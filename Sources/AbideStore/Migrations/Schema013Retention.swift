extension Migration {
    static let retention = Migration(
        version: 13,
        reason: "How long is kept what is no longer needed, by client",
        statements: [
            // client 0: all clients without a rule of their own for the same. No days: kept until a person says otherwise.
            "CREATE TABLE retention_rule (client BIGINT NOT NULL, what TEXT NOT NULL, days BIGINT, PRIMARY KEY (client, what))",
            // Nothing of this client's is removed, whatever the rules say.
            "CREATE TABLE retention_hold (client BIGINT PRIMARY KEY REFERENCES client (id), reason TEXT NOT NULL, since BIGINT NOT NULL)",
            // What was removed of a ticket, and the ticket's last movement at that time: one that is opened again has new words.
            "CREATE TABLE retention_done (ticket BIGINT NOT NULL, what TEXT NOT NULL, moved_at BIGINT NOT NULL, PRIMARY KEY (ticket, what))",
            "ALTER TABLE mail_in ADD COLUMN emptied_at BIGINT",
            "CREATE INDEX mail_in_kept ON mail_in (received_at, id) WHERE emptied_at IS NULL",
        ])
}
