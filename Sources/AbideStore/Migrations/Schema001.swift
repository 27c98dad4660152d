extension Migration {
    /// Times are whole seconds of UTC. Nothing refers to `ticket` by a foreign key: it is a projection of the event log, and what is
    /// derived can't be the condition for what is true. Long columns stand last: those before them are read without touching them.
    static let first = Migration(
        version: 1,
        reason: "The first schema: people, the event log with its projection, mail both ways, timers",
        statements: [
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
            """
            CREATE TABLE client (
                id {id}, name TEXT NOT NULL UNIQUE, zone TEXT NOT NULL, subscription_until BIGINT, managed_hosting BIGINT NOT NULL,
                share_tickets BIGINT NOT NULL, created_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE person (
                id {id}, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, client BIGINT REFERENCES client (id),
                phone TEXT, zone TEXT, department TEXT, password_hash TEXT, disabled BIGINT NOT NULL, created_at BIGINT NOT NULL)
            """,
            "CREATE INDEX person_client ON person (client)",
            """
            CREATE TABLE session (
                hash TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person (id), csrf TEXT NOT NULL, created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX session_person ON session (person)",
            "CREATE INDEX session_expires ON session (expires_at)",
            """
            CREATE TABLE token (
                hash TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person (id), label TEXT NOT NULL, created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX token_person ON token (person)",
            """
            CREATE TABLE agreement (
                digest TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, yaml TEXT NOT NULL, effective_from BIGINT NOT NULL)
            """,
            """
            CREATE TABLE ticket (
                id BIGINT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, client BIGINT REFERENCES client (id),
                contact BIGINT REFERENCES person (id), assignee BIGINT REFERENCES person (id), department TEXT NOT NULL,
                status TEXT NOT NULL, severity BIGINT, urgency BIGINT, channel TEXT NOT NULL, subject TEXT NOT NULL,
                registered_at BIGINT NOT NULL, logged_at BIGINT, group_rank BIGINT NOT NULL, due BIGINT, state TEXT NOT NULL,
                line TEXT NOT NULL, head BIGINT NOT NULL, head_hash TEXT NOT NULL, updated_at BIGINT NOT NULL, escalated BIGINT NOT NULL,
                closed BIGINT NOT NULL, due_order BIGINT NOT NULL, logged_order BIGINT NOT NULL)
            """,
            // `closed` leads: lists are of open tickets nearly always, and those closed over the years must not slow them down.
            "CREATE INDEX ticket_due ON ticket (closed, group_rank, due_order, id)",
            "CREATE INDEX ticket_client ON ticket (client, closed, group_rank, due_order, id)",
            "CREATE INDEX ticket_assignee ON ticket (assignee, closed, group_rank, due_order, id)",
            "CREATE INDEX ticket_department ON ticket (department, closed, group_rank, due_order, id)",
            "CREATE INDEX ticket_status ON ticket (status, group_rank, due_order, id)",
            "CREATE INDEX ticket_logged ON ticket (logged_order, id)",
            "CREATE INDEX ticket_updated ON ticket (updated_at, id)",
            """
            CREATE TABLE ticket_count (
                client BIGINT NOT NULL, department TEXT NOT NULL, assignee BIGINT NOT NULL, status TEXT NOT NULL, escalated BIGINT NOT NULL,
                tickets BIGINT NOT NULL, PRIMARY KEY (client, department, assignee, status, escalated))
            """,
            """
            CREATE TABLE ticket_event (
                ticket BIGINT NOT NULL, number BIGINT NOT NULL, type TEXT NOT NULL, occurred_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL,
                actor_kind TEXT NOT NULL, actor BIGINT, actor_name TEXT NOT NULL, fact TEXT NOT NULL, previous_hash TEXT NOT NULL,
                hash TEXT NOT NULL, PRIMARY KEY (ticket, number))
            """,
            """
            CREATE TABLE ticket_text (
                ticket BIGINT NOT NULL, number BIGINT NOT NULL, key TEXT NOT NULL, salt {blob} NOT NULL, digest TEXT NOT NULL, text TEXT,
                PRIMARY KEY (ticket, number, key), FOREIGN KEY (ticket, number) REFERENCES ticket_event (ticket, number))
            """,
            """
            CREATE TABLE message (
                id {id}, ticket BIGINT NOT NULL, number BIGINT NOT NULL, visibility TEXT NOT NULL, author_kind TEXT NOT NULL, author BIGINT,
                author_name TEXT NOT NULL, at BIGINT NOT NULL, channel TEXT NOT NULL, body TEXT NOT NULL, html TEXT, mail_in BIGINT)
            """,
            "CREATE INDEX message_ticket ON message (ticket, id)",
            """
            CREATE TABLE attachment (
                id {id}, ticket BIGINT NOT NULL, message BIGINT REFERENCES message (id), name TEXT NOT NULL, type TEXT NOT NULL,
                size BIGINT NOT NULL, sha256 TEXT NOT NULL, inline BIGINT NOT NULL, created_at BIGINT NOT NULL, content {blob} NOT NULL)
            """,
            "CREATE INDEX attachment_ticket ON attachment (ticket, id)",
            "CREATE INDEX attachment_message ON attachment (message)",
            """
            CREATE TABLE timer (
                ticket BIGINT NOT NULL, kind TEXT NOT NULL, clock TEXT NOT NULL, rung BIGINT NOT NULL, cycle BIGINT NOT NULL,
                due_at BIGINT NOT NULL, PRIMARY KEY (ticket, kind, clock, rung, cycle))
            """,
            "CREATE INDEX timer_due ON timer (due_at)",
            """
            CREATE TABLE outbox (
                id {id}, ticket BIGINT, number BIGINT, milestone TEXT NOT NULL, recipient TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE,
                mail TEXT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL, next_at BIGINT NOT NULL, last_error TEXT,
                created_at BIGINT NOT NULL, sent_at BIGINT)
            """,
            "CREATE INDEX outbox_next ON outbox (state, next_at)",
            "CREATE INDEX outbox_ticket ON outbox (ticket)",
            """
            CREATE TABLE mail_in (
                id {id}, received_at BIGINT NOT NULL, envelope_from TEXT NOT NULL, envelope_to TEXT NOT NULL,
                key TEXT NOT NULL, state TEXT NOT NULL, tries BIGINT NOT NULL, ticket BIGINT, error TEXT, raw {blob} NOT NULL)
            """,
            "CREATE INDEX mail_in_state ON mail_in (state, id)",
            "CREATE INDEX mail_in_key ON mail_in (key, received_at)",
            """
            CREATE TABLE idempotency (
                key TEXT NOT NULL, person BIGINT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL,
                PRIMARY KEY (key, person))
            """,
            "CREATE INDEX idempotency_created ON idempotency (created_at)",
            """
            CREATE TABLE mail_budget (
                address TEXT NOT NULL, hour BIGINT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (address, hour))
            """,
        ])
}
