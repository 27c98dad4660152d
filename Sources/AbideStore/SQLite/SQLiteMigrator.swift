import Foundation
import GRDB

/// Brings a database file to the schema of this program, each step in its own transaction.
enum SQLiteMigrator {
    /// - Throws: `StoreError.tooNew` when the file was written by a newer program; it is then left as it is.
    static func migrate(_ connection: GRDB.Database, migrations: [Migration] = Migration.all) throws {
        let known = migrations.last?.version ?? 0
        let found = try version(connection)
        guard found <= known else { throw StoreError.tooNew(found: found, known: known) }
        guard found < known else { return }
        for migration in migrations where migration.version > found {
            try connection.inTransaction(.immediate) {
                // Another process may have taken the step while this one waited for the lock.
                if try version(connection) < migration.version { try take(migration, on: connection) }
                return .commit
            }
        }
    }

    private static func take(_ migration: Migration, on connection: GRDB.Database) throws {
        try connection.execute(
            sql: "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, reason TEXT NOT NULL, applied_at BIGINT NOT NULL)")
        for statement in migration.statements { try connection.execute(sql: Dialect.sqlite.spell(statement)) }
        try connection.execute(
            sql: "INSERT INTO schema_version (version, reason, applied_at) VALUES (?, ?, ?)",
            arguments: [migration.version, migration.reason, Int64(Date().timeIntervalSince1970)])
    }

    private static func version(_ connection: GRDB.Database) throws -> Int {
        guard try connection.tableExists("schema_version") else { return 0 }
        return try Int.fetchOne(connection, sql: "SELECT MAX(version) FROM schema_version") ?? 0
    }
}
