import Foundation

/// Brings a database to the schema of this program, each step in its own transaction; of several nodes that start at once, one does it.
enum PostgreSQLMigrator {
    /// - Throws: `StoreError.tooNew` when the database was written by a newer program; it is then left as it is.
    static func migrate(_ connection: PostgreSQLConnection, migrations: [Migration] = Migration.all) throws {
        let known = migrations.last?.version ?? 0
        guard try version(connection) != known else { return }
        // A step over millions of rows takes what it takes, and so does waiting for another node's.
        try connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        try connection.execute("SELECT pg_advisory_lock(\(PostgreSQLLock.migration), hashtext(current_schema()))")
        let found = try version(connection)
        guard found <= known else { throw StoreError.tooNew(found: found, known: known) }
        for migration in migrations where migration.version > found {
            do {
                try connection.execute("BEGIN")
                try connection.execute(
                    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, reason TEXT NOT NULL, applied_at BIGINT NOT NULL)")
                for statement in migration.statements { try connection.execute(Dialect.postgreSQL.spell(statement)) }
                _ = try connection.run(
                    "INSERT INTO schema_version (version, reason, applied_at) VALUES ($1, $2, $3)",
                    [Value(migration.version), .text(migration.reason), .integer(Int64(Date().timeIntervalSince1970))])
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
    }

    private static func version(_ connection: PostgreSQLConnection) throws -> Int {
        guard try connection.run("SELECT to_regclass('schema_version') IS NOT NULL", [])[0].bool(0) else { return 0 }
        return try connection.run("SELECT COALESCE(MAX(version), 0) FROM schema_version", [])[0].int(0)
    }
}

/// First halves of the keys of advisory locks; the second is the schema's, so that two desks in one database don't meet.
enum PostgreSQLLock {
    /// "ABID" and "ABIM" in ASCII.
    static let write: Int32 = 0x4142_4944
    static let migration: Int32 = 0x4142_494D
}
