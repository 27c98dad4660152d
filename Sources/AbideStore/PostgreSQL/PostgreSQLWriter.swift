import AbideCore
import Foundation
import Synchronization

/// Runs groups of writes on a connection of its own. One lock makes all nodes' writes follow one another: what a closure has read still
/// holds when it writes, numbers have no gaps, and two nodes can't meet in a deadlock. A commit group makes up for it: one turn, many writers.
final class PostgreSQLWriter: Sendable {
    /// Seconds that a write waits for a server that is away: a failover is over by then.
    private static let patience = 10.0

    private struct State {
        var connection: PostgreSQLConnection?
        /// The server has been away for longer than the patience: those who come now are told sooner.
        var isDown = false
    }

    private let url: String
    private let node: String
    /// Held only by the writer's thread; the lock is for the compiler.
    private let state = Mutex(State())

    init(url: String, node: String) {
        self.url = url
        self.node = node
    }

    func disconnect() { state.withLock { $0.connection = nil } }

    /// - Returns: an answer for each job in order.
    /// - Throws: what ended the whole group; nothing of it is kept.
    func run(_ group: [CommitGroups.Job]) throws -> [CommitGroups.Answer] {
        // Counted from the first fault: what took long before it says nothing of the server.
        var deadline: Date?
        var collisions = 0
        while true {
            do {
                let answers = try attempt(group)
                state.withLock { $0.isDown = false }
                return answers
            } catch let fault as PostgreSQLError where fault.isOfConnection {
                state.withLock { $0.connection = nil }
                let until = deadline ?? Date().addingTimeInterval(state.withLock { $0.isDown } ? 0.5 : Self.patience)
                deadline = until
                guard Date() < until else {
                    state.withLock { $0.isDown = true }
                    throw StoreError.unreachable(fault.message)
                }
                Thread.sleep(forTimeInterval: 0.1)
            } catch let fault as PostgreSQLError where fault.isOfConcurrency && collisions < 5 {
                collisions += 1
            }
        }
    }

    private func connection() throws -> PostgreSQLConnection {
        if let known = state.withLock({ $0.connection }), known.isAlive { return known }
        let connection = try PostgreSQLConnection(url: url)
        _ = try connection.run("SELECT set_config('abide.node', $1, false)", [.text(node)])
        state.withLock { $0.connection = connection }
        return connection
    }

    private func attempt(_ group: [CommitGroups.Job]) throws -> [CommitGroups.Answer] {
        let connection = try connection()
        var answers: [CommitGroups.Answer] = []
        var transaction: Int64 = 0
        let start = connection.position
        do {
            connection.later("BEGIN")
            transaction = try connection.run(
                "SELECT pg_current_xact_id()::text::bigint, pg_advisory_xact_lock(\(PostgreSQLLock.write), hashtext(current_schema()))", [])[0].int64(0)
            let session = PostgreSQLSession(connection: connection)
            for job in group { answers.append(try answer(to: job, session, connection, alone: group.count == 1)) }
        } catch {
            _ = connection.withdraw(to: start)
            if connection.isAlive, connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
        do { try connection.execute("COMMIT") } catch let fault as PostgreSQLError where fault.isOfConnection {
            // Whether it was committed is not known, and "not stored" may be a lie: ask the server that answers next.
            if try wasCommitted(transaction) { return answers }
            throw fault
        }
        return answers
    }

    /// One writer in a savepoint of its own, unless it is alone.
    private func answer(to job: CommitGroups.Job, _ session: PostgreSQLSession, _ connection: PostgreSQLConnection, alone: Bool) throws -> CommitGroups.Answer {
        let start = connection.position
        if !alone { connection.later("SAVEPOINT writer") }
        do {
            let answer = try job.attempt(session)
            // What it left to travel later may yet fail, and is its own.
            let owes = connection.owes(since: start)
            if !alone { connection.later("RELEASE SAVEPOINT writer") }
            if owes { try connection.flush() }
            // A closure that swallowed an error of the engine leaves a transaction behind that can't be committed.
            guard connection.isSound else { throw StoreError.transactionLost }
            return answer
        } catch {
            if let fault = error as? PostgreSQLError, fault.isOfConnection || fault.isOfConcurrency { throw error }
            guard connection.isAlive else { throw PostgreSQLError(sqlState: "", message: "the connection was lost") }
            if connection.withdraw(to: start) { return { job.fail(error) } }
            try connection.execute(alone ? "ROLLBACK; BEGIN" : "ROLLBACK TO SAVEPOINT writer; RELEASE SAVEPOINT writer")
            return { job.fail(error) }
        }
    }

    /// What became of a transaction whose COMMIT got no reply. Waits for a server that can tell.
    private func wasCommitted(_ transaction: Int64) throws -> Bool {
        state.withLock { $0.connection = nil }
        let deadline = Date().addingTimeInterval(Self.patience)
        while true {
            do {
                switch try connection().run("SELECT pg_xact_status($1::text::xid8)", [.text(String(transaction))])[0].textOrNil(0) {
                case "committed": return true
                case "in progress": break
                default: return false
                }
            } catch let fault as PostgreSQLError where fault.isOfConnection {
                state.withLock { $0.connection = nil }
            } catch is PostgreSQLError {
                // "In the future": the server that took over has never heard of it.
                return false
            }
            guard Date() < deadline else { throw StoreError.unreachable("whether the last write was stored is not known") }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}
