extension Migration {
    static let mail = Migration(
        version: 8,
        reason: "Mail that can be trusted: mailboxes that are looked into, what is junk, whose a sender is",
        statements: [
            // Whether it came from the mail server whose word counts.
            "ALTER TABLE mail_in ADD COLUMN trusted BIGINT NOT NULL DEFAULT 0",
            // A person has looked at it: no rule sets it aside again.
            "ALTER TABLE mail_in ADD COLUMN cleared BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE mail_in ADD COLUMN sender TEXT",
            "ALTER TABLE mail_in ADD COLUMN subject TEXT",
            """
            CREATE TABLE mail_source (
                address TEXT PRIMARY KEY, validity BIGINT, uid BIGINT, read_at BIGINT, failing_since BIGINT, error TEXT, told_at BIGINT)
            """,
            "CREATE TABLE mail_rule (pattern TEXT PRIMARY KEY, kind TEXT NOT NULL, person BIGINT, created_at BIGINT NOT NULL)",
            // By which a mail's HTML names a picture of its own.
            "ALTER TABLE attachment ADD COLUMN content_id TEXT",
            "CREATE TABLE person_address (email TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person (id), created_at BIGINT NOT NULL)",
        ])
}
