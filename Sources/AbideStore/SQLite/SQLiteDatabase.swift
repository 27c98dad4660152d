import AbideCore
import Foundation
import GRDB

/// The embedded engine: one file in WAL mode, readers beside one writer, commits in groups.
package final class SQLiteDatabase: Database {
    private let engine: any DatabaseWriter
    private let commits: CommitGroups
    private let checksReads: Bool
    private let glances: SQLiteGlances

    /// Opens or makes the database file, brings its schema up to date and makes every commit durable before it is answered.
    /// - Throws: `StoreError.tooNew`, or the engine's error when the file can't be opened.
    /// - Parameter schema: nil: this program's; else only up to this version, for a backup that was written then.
    package convenience init(path: String, schema: Int? = nil) throws {
        // The file holds personal data: nobody but its owner reads it. `-wal` and `-shm` take the mode of the main file.
        if !FileManager.default.fileExists(atPath: path) {
            // When this fails, the engine says why as it opens the file.
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let pool = try DatabasePool(path: path, configuration: Self.configuration())
        try self.init(engine: pool, schema: schema, path: path)
    }

    /// A database that lives as long as this object, for tests.
    /// - Parameter checksReads: a read that writes is refused. On its only connection that is a PRAGMA before and after each read, at which
    ///   SQLite compiles every statement anew. Who reads and writes a million times, one after the other, leaves it, and is then answered on the
    ///   thread that asks.
    package convenience init(checksReads: Bool = true) throws {
        try self.init(engine: try DatabaseQueue(configuration: Self.configuration()), checksReads: checksReads)
    }

    private init(engine: any DatabaseWriter, checksReads: Bool = true, schema: Int? = nil, path: String? = nil) throws {
        // GRDB's pool sets synchronous back to NORMAL while it opens, so this comes after it; in NORMAL a commit survives a crash
        // of the program, but not a loss of power, and "250" would be a lie.
        try engine.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try engine.writeWithoutTransaction { try SQLiteMigrator.migrate($0, migrations: Migration.upTo(schema)) }
        self.engine = engine
        self.checksReads = checksReads
        glances = try SQLiteGlances(path: path, configuration: Self.configuration())
        commits = CommitGroups { group in try engine.writeWithoutTransaction { try Self.run(group, on: $0) } }
    }

    /// - Throws: what ended the whole group. A fault of one writer is in its answer.
    private static func run(_ group: [CommitGroups.Job], on connection: GRDB.Database) throws -> [CommitGroups.Answer] {
        let session = SQLiteSession(connection: connection)
        var answers: [CommitGroups.Answer] = []
        do {
            try session.run("BEGIN IMMEDIATE")
            for job in group {
                try session.run("SAVEPOINT writer")
                do {
                    answers.append(try job.attempt(session))
                } catch {
                    // Some faults (disk full, I/O) end the whole transaction; then nothing of the group can be kept.
                    guard connection.isInsideTransaction else { throw error }
                    try session.run("ROLLBACK TO SAVEPOINT writer")
                    answers.append { job.fail(error) }
                }
                guard connection.isInsideTransaction else { throw StoreError.transactionLost }
                try session.run("RELEASE SAVEPOINT writer")
            }
            try session.run("COMMIT")
        } catch {
            if connection.isInsideTransaction { _ = try? session.run("ROLLBACK") }
            throw error
        }
        return answers
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        // Another process (`abide token create`, a backup) may hold the write lock for a moment.
        configuration.busyMode = .timeout(10)
        configuration.label = "abide"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        return configuration
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        guard checksReads else { return try alone { try body(SQLiteSession(connection: $0)) } }
        return try await engine.read { try body(SQLiteSession(connection: $0)) }
    }

    package func glance<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        if let answer = try Tongue.inEnglish({ try glances.read(body) }) { return answer }
        return try await read(body)
    }

    @discardableResult
    package func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        guard checksReads else { return try alone { try Self.whole(body, on: $0) } }
        return try await commits.write(body)
    }

    package func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>] {
        guard checksReads else { return bodies.map { body in Result { try alone { try Self.whole(body, on: $0) } } } }
        return await commits.write(each: bodies)
    }

    /// On the thread that asks, without a wait for another one to wake.
    private func alone<T>(_ body: (GRDB.Database) throws -> T) throws -> T { try Tongue.inEnglish { try engine.unsafeReentrantWrite(body) } }

    private static func whole<T>(_ body: (any Session) throws -> T, on connection: GRDB.Database) throws -> T {
        let session = SQLiteSession(connection: connection)
        try session.run("BEGIN IMMEDIATE")
        do {
            let answer = try body(session)
            try session.run("COMMIT")
            return answer
        } catch {
            if connection.isInsideTransaction { _ = try? session.run("ROLLBACK") }
            throw error
        }
    }

    package var isBusy: Bool { commits.isBusy }

    package func compact() async throws {
        // The index of words keeps what was deleted until its pieces are merged.
        try await write { try $0.run("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')") }
        try await engine.vacuum()
        try await engine.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    }

    package func close() async throws {
        await commits.finish()
        glances.close()
        // Whoever copies or moves a closed desk finds all of it in the one file. Beside another process the log stays; it is none the worse.
        _ = try? await engine.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try engine.close()
    }
}
