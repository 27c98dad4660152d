extension Migration {
    /// Columns are only added, so that rows written before read as they did.
    static let accounts = Migration(
        version: 7,
        reason: "Accounts: one-time links, sessions with their places, second factors, domains and contacts of clients; what each person keeps: views, canned answers, drafts",
        statements: [
            "ALTER TABLE person ADD COLUMN reads_reports BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE person ADD COLUMN language TEXT",
            "ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE session ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
            """
            CREATE TABLE one_time_link (
                id {id}, hash TEXT NOT NULL UNIQUE, nonce TEXT NOT NULL, kind TEXT NOT NULL, person BIGINT NOT NULL REFERENCES person (id),
                payload TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX one_time_link_person ON one_time_link (person)",
            """
            CREATE TABLE second_factor (
                person BIGINT PRIMARY KEY REFERENCES person (id), sealed TEXT NOT NULL, confirmed_at BIGINT NOT NULL, last_step BIGINT NOT NULL)
            """,
            "CREATE TABLE recovery_code (person BIGINT NOT NULL REFERENCES person (id), hash TEXT NOT NULL, PRIMARY KEY (person, hash))",
            "CREATE TABLE client_domain (domain TEXT PRIMARY KEY, client BIGINT NOT NULL REFERENCES client (id))",
            """
            CREATE TABLE audit (
                id {id}, at BIGINT NOT NULL, actor BIGINT, actor_name TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL)
            """,
            """
            CREATE TABLE contact_change (
                id {id}, client BIGINT NOT NULL REFERENCES client (id), at BIGINT NOT NULL, actor BIGINT NOT NULL, actor_name TEXT NOT NULL,
                role TEXT NOT NULL, former BIGINT, successor BIGINT, undone_at BIGINT)
            """,
            "CREATE INDEX contact_change_client ON contact_change (client, id)",
            """
            CREATE TABLE saved_view (
                id {id}, owner BIGINT NOT NULL REFERENCES person (id), name TEXT NOT NULL, query TEXT NOT NULL, shared BIGINT NOT NULL, created_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE canned_answer (
                id {id}, owner BIGINT NOT NULL REFERENCES person (id), name TEXT NOT NULL, body TEXT NOT NULL, shared BIGINT NOT NULL, updated_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE draft (
                person BIGINT NOT NULL REFERENCES person (id), place TEXT NOT NULL, content TEXT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (person, place))
            """,
        ])
}
