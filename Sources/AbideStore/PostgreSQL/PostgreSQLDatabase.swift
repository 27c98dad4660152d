package import AbideCore
import Foundation

/// PostgreSQL 15 or later, through libpq: a writer whose waiting jobs share a commit, a few readers, and a listener. Several nodes may work on
/// one database; nothing on a node outlives it.
package final class PostgreSQLDatabase: Database {
    private let url: String
    private let writer: PostgreSQLWriter
    private let commits: CommitGroups
    private let readers: PostgreSQLReaders
    private let glances: PostgreSQLGlances
    private let listener: PostgreSQLListener

    /// Connects, and brings the schema up to date.
    /// - Parameters:
    ///   - url: `postgres://…`, several hosts too; what it does not say, the `PG…` variables of the environment do.
    ///   - readers: connections for reading; one more writes, one listens, and one asks whether anything was written.
    ///   - schema: nil: this program's; else only up to this version, for a backup that was written then.
    /// - Throws: `StoreError` when the server can't be reached or is too old, or the data too new.
    package init(url: String, readers count: Int = 6, schema: Int? = nil) throws {
        let node = UUID().uuidString
        do {
            // A node that starts has nothing else to do: it waits longer for a server that is busy than one that people wait for.
            let first = try PostgreSQLConnection(url: url, patience: 20)
            try PostgreSQLMigrator.migrate(first, migrations: Migration.upTo(schema))
            listener = try PostgreSQLListener(url: url, node: node, connection: first)
        } catch let fault as PostgreSQLError where fault.isOfConnection { throw StoreError.unreachable(fault.message) }
        self.url = url
        let writer = PostgreSQLWriter(url: url, node: node)
        self.writer = writer
        let glances = PostgreSQLGlances(url: url)
        self.glances = glances
        commits = CommitGroups { group in
            defer { glances.kept.forget() }
            return try writer.run(group)
        }
        readers = PostgreSQLReaders(url: url, count: count)
        listener.start()
    }

    deinit { listener.close() }

    /// Runs statements without values on a connection of their own, for administration.
    package static func execute(_ sql: String, at url: String) throws { try PostgreSQLConnection(url: url, patience: 20).execute(sql) }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T { try await readers.read(body) }

    package func glance<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        if let answer = try await glances.read(body) { return answer }
        return try await readers.read(keeping: glances.kept, body)
    }

    package func analyse() async throws { try await write { _ = try $0.run("ANALYZE") } }

    package func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>] { await commits.write(each: bodies) }

    @discardableResult
    package func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T { try await commits.write(body) }

    package var isBusy: Bool { commits.isBusy }

    package func now() -> Instant? { listener.now() }

    package func announcements() -> AsyncStream<Announcement> { listener.announcements() }

    package func compact() async throws {
        let url = url
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                done.resume(with: Result {
                    let connection = try PostgreSQLConnection(url: url)
                    try connection.execute("SET statement_timeout = 0")
                    for table in ["person", "ticket", "ticket_event", "ticket_text", "ticket_words", "message", "attachment", "mail_in", "outbox"] { try connection.execute("VACUUM FULL \(table)") }
                })
            }
            thread.start()
        }
    }

    package func close() async throws {
        await commits.finish()
        await readers.close()
        glances.close()
        listener.close()
        writer.disconnect()
    }
}
