extension Migration {
    static let workspace = Migration(
        version: 11,
        reason: "The workspace: what people are told on pages, macros, and fields of the provider's own",
        statements: [
            """
            CREATE TABLE notification (
                id {id}, person BIGINT NOT NULL REFERENCES person (id), ticket BIGINT NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL,
                read_at BIGINT, digest_at BIGINT)
            """,
            "CREATE INDEX notification_person ON notification (person, id)",
            "CREATE INDEX notification_unread ON notification (person, ticket) WHERE read_at IS NULL",
            "CREATE INDEX notification_digest ON notification (digest_at) WHERE digest_at IS NOT NULL",
            "CREATE TABLE open_task (ticket BIGINT NOT NULL, task BIGINT NOT NULL, assignee BIGINT, due BIGINT, PRIMARY KEY (ticket, task))",
            "CREATE INDEX open_task_assignee ON open_task (assignee, due)",
            "ALTER TABLE canned_answer ADD COLUMN acts TEXT",
            """
            CREATE TABLE custom_field (
                id {id}, name TEXT NOT NULL UNIQUE, label TEXT NOT NULL, kind TEXT NOT NULL, choices TEXT NOT NULL, client BIGINT REFERENCES client (id), ticket_kind TEXT,
                public BIGINT NOT NULL, retired BIGINT NOT NULL)
            """,
            "ALTER TABLE held_answer ADD COLUMN acts TEXT",
        ])
}
