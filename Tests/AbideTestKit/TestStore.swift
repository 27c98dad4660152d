package import AbideStore
import Foundation
import Synchronization

/// A fresh, empty store for a test: in memory, or on PostgreSQL where `ABIDE_TEST_ENGINE=postgresql` says so. `make test` runs the tests on both.
package enum TestStore {
    package static func open() throws -> any Database {
        isPostgreSQL ? try PostgreSQLDatabase(url: TestPostgreSQL.shared.freshURL(), readers: 2) : try SQLiteDatabase()
    }

    package static var isPostgreSQL: Bool { ProcessInfo.processInfo.environment["ABIDE_TEST_ENGINE"] == "postgresql" }

    /// How the engine would carry out a statement, line by line. In a small table PostgreSQL would read all of it, so that is forbidden first.
    package static func plan(_ session: any Session, _ sql: String, _ values: [Value]) throws -> [String] {
        guard isPostgreSQL else { return try session.run("EXPLAIN QUERY PLAN " + sql, values).map { $0.text(3) } }
        try session.run("SET LOCAL enable_seqscan = off", [])
        try session.run("SET LOCAL enable_bitmapscan = off", [])
        return try session.run("EXPLAIN " + sql, values).map { $0.text(0) }
    }
}

/// A real PostgreSQL server for this run of the tests; it ends with the process. Where none can be started the tests fail.
package final class TestPostgreSQL: Sendable {
    package static let shared = TestPostgreSQL()

    private let process: Process
    /// The server lives until this is closed, as it is when the process ends, however that happens.
    private let life = Pipe()
    private let url: String
    private let schemas = Mutex(0)

    /// - Parameter options: of the server, as `-c fsync=on`.
    package init(options: [String] = []) {
        process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scripts/postgres")
        process.arguments = options
        process.standardInput = life
        let output = Pipe()
        process.standardOutput = output
        do { try process.run() } catch { fatalError("the PostgreSQL of the tests could not be started: \(error)") }
        try? life.fileHandleForReading.close()
        var text = ""
        while !text.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { fatalError("the PostgreSQL of the tests did not start; what it said stands above") }
            text += String(decoding: more, as: UTF8.self)
        }
        url = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The URL of a schema of its own: an empty database, in effect.
    package func freshURL() throws -> String {
        let number = schemas.withLock { count in
            count += 1
            return count
        }
        let schema = "test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
        try PostgreSQLDatabase.execute("CREATE SCHEMA \(schema)", at: url)
        return url + "&options=-csearch_path%3D\(schema)&application_name=\(schema)"
    }

    /// Ends the connections of all stores that were opened with this URL, as a crash of the server's side would.
    package func cutConnections(of url: String) throws {
        try PostgreSQLDatabase.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')", at: url)
    }

    package func stop() { try? life.fileHandleForWriting.close() }
}
