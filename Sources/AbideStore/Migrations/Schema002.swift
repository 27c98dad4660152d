extension Migration {
    /// Which version is in force for whom stands apart from the versions: a version can serve several clients and come back.
    static let agreements = Migration(
        version: 2,
        reason: "Agreements in force from a date, per client, with the files that they are made of and who accepted them; entitlements; zone data",
        statements: [
            "CREATE TABLE agreement_source (digest TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (digest, name))",
            // client 0: all clients without an agreement of their own. An empty digest: no longer one of its own.
            """
            CREATE TABLE agreement_in_force (
                id {id}, client BIGINT NOT NULL, digest TEXT NOT NULL, effective_from BIGINT NOT NULL, recorded_at BIGINT NOT NULL, actor TEXT NOT NULL)
            """,
            """
            CREATE TABLE agreement_acceptance (
                id {id}, digest TEXT NOT NULL, client BIGINT NOT NULL, person BIGINT NOT NULL, person_name TEXT NOT NULL, accepted_at BIGINT NOT NULL,
                UNIQUE (digest, client))
            """,
            "CREATE TABLE client_entitlement (client BIGINT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (client, name))",
            """
            CREATE TABLE zone_data (
                zone TEXT NOT NULL, since BIGINT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, content {blob} NOT NULL, PRIMARY KEY (zone, since))
            """,
            """
            INSERT INTO agreement_in_force (client, digest, effective_from, recorded_at, actor)
            SELECT 0, digest, effective_from, effective_from, 'Abide' FROM agreement ORDER BY effective_from
            """,
        ])
}
