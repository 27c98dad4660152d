extension Migration {
    static let desk = Migration(
        version: 10,
        reason: "The desk at work: counts by severity, answers that wait to be taken back, and what each person sets",
        statements: [
            // A key can't be widened: the counts are made anew from the tickets.
            "DROP TABLE ticket_count",
            """
            CREATE TABLE ticket_count (
                client BIGINT NOT NULL, department TEXT NOT NULL, assignee BIGINT NOT NULL, status TEXT NOT NULL, escalated BIGINT NOT NULL, severity BIGINT NOT NULL,
                tickets BIGINT NOT NULL, PRIMARY KEY (client, department, assignee, status, escalated, severity))
            """,
            """
            INSERT INTO ticket_count (client, department, assignee, status, escalated, severity, tickets)
            SELECT COALESCE(client, 0), department, COALESCE(assignee, 0), status, CASE WHEN escalated > 0 THEN 1 ELSE 0 END, COALESCE(severity, 0), COUNT(*) FROM ticket
            WHERE status <> 'closed' GROUP BY 1, 2, 3, 4, 5, 6
            """,
            """
            CREATE TABLE held_answer (
                id {id}, ticket BIGINT NOT NULL, person BIGINT NOT NULL REFERENCES person (id), body TEXT NOT NULL, suspend TEXT, held_at BIGINT NOT NULL,
                due_at BIGINT, refusal TEXT)
            """,
            "CREATE INDEX held_answer_due ON held_answer (due_at)",
            "CREATE INDEX held_answer_ticket ON held_answer (ticket)",
            "CREATE TABLE held_file (id {id}, held BIGINT NOT NULL REFERENCES held_answer (id), name TEXT NOT NULL, type TEXT NOT NULL, content {blob} NOT NULL)",
            "CREATE INDEX held_file_held ON held_file (held)",
            "CREATE TABLE person_setting (person BIGINT NOT NULL REFERENCES person (id), name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (person, name))",
        ])
}
