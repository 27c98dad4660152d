import Dispatch
import Foundation
import Synchronization

/// A few connections for reading, each with a thread of its own, so that a slow query blocks neither the shared pool nor the writer.
final class PostgreSQLReaders: Sendable {
    private struct Job: Sendable {
        var attempt: @Sendable (PostgreSQLConnection) throws -> @Sendable () -> Void
        var fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var idle: [Int]
        var isDown = false
        var closed = false
    }

    /// Seconds that a read waits for a server that is away.
    private static let patience = 3.0
    private static let mostWaiting = 20_000

    private let url: String
    private let state: Mutex<State>
    private let queues: [DispatchQueue]
    /// By reader; each is touched by its own queue only.
    private let connections: [ReaderConnection]

    init(url: String, count: Int) {
        self.url = url
        state = Mutex(State(idle: Array((0..<count).reversed())))
        queues = (0..<count).map { DispatchQueue(label: "abide.reader.\($0)", qos: .userInitiated) }
        connections = (0..<count).map { _ in ReaderConnection() }
    }

    /// - Parameter kept: where to look for answers first, and to leave them for others; nil: each statement is the server's.
    func read<T: Sendable>(keeping kept: KeptRows? = nil, _ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Job(
                    attempt: { connection in
                        let value = try Self.snapshot(connection, kept, body)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// Waits for the reads under way, and refuses what comes after.
    func close() async {
        state.withLock { $0.closed = true }
        for (queue, connection) in zip(queues, connections) {
            await withCheckedContinuation { done in
                queue.async {
                    connection.value.withLock { $0 = nil }
                    done.resume()
                }
            }
        }
    }

    private static func snapshot<T>(_ connection: PostgreSQLConnection, _ kept: KeptRows?, _ body: (any Session) throws -> T) throws -> T {
        let start = connection.position
        connection.later("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let result = Result {
            guard let kept else { return try body(PostgreSQLSession(connection: connection)) }
            let snapshot = try connection.run(PostgreSQLGlances.snapshotStatement, [])[0].text(0)
            return try body(KeepingSession(connection: connection, rows: kept, snapshot: connection.server + " " + snapshot))
        }
        // Nothing hangs on the end of a transaction that only read: nobody waits for the reply.
        if !connection.withdraw(to: start), connection.isAlive { try connection.send("COMMIT") }
        return try result.get()
    }

    private func enqueue(_ job: Job) {
        let refusal = state.withLock { state -> StoreError? in
            guard !state.closed else { return .closed }
            guard state.waiting.count < Self.mostWaiting else { return .busy }
            state.waiting.append(job)
            if let reader = state.idle.popLast() { queues[reader].async { self.drain(reader) } }
            return nil
        }
        if let refusal { job.fail(refusal) }
    }

    private func drain(_ reader: Int) {
        while let job = next(reader) {
            do { try run(job, reader)() } catch { job.fail(error) }
        }
    }

    private func next(_ reader: Int) -> Job? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.idle.append(reader)
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func run(_ job: Job, _ reader: Int) throws -> @Sendable () -> Void {
        // Counted from the first fault: what took long before it says nothing of the server.
        var deadline: Date?
        while true {
            do {
                let answer = try job.attempt(try connection(reader))
                state.withLock { $0.isDown = false }
                return answer
            } catch let fault as PostgreSQLError where fault.isOfConnection {
                connections[reader].value.withLock { $0 = nil }
                let until = deadline ?? Date().addingTimeInterval(state.withLock { $0.isDown } ? 0.5 : Self.patience)
                deadline = until
                guard Date() < until else {
                    state.withLock { $0.isDown = true }
                    throw StoreError.unreachable(fault.message)
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    private func connection(_ reader: Int) throws -> PostgreSQLConnection {
        try connections[reader].value.withLock { known in
            if let known, known.isAlive { return known }
            let fresh: PostgreSQLConnection
            // Where no server takes writes, reading still works.
            do { fresh = try PostgreSQLConnection(url: url) } catch let fault as PostgreSQLError where fault.isOfConnection {
                fresh = try PostgreSQLConnection(url: url, takesWrites: false)
            }
            known = fresh
            return fresh
        }
    }
}

/// A connection that its reader may lose and make anew.
private final class ReaderConnection: Sendable {
    let value = Mutex<PostgreSQLConnection?>(nil)
}
