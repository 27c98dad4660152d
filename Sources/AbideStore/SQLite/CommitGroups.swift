import Dispatch
import GRDB
import Synchronization

/// Group commit: writers that wait together share one transaction and one fsync, each in a savepoint of its own, each answered after the
/// commit. One that throws loses only its savepoint; when the commit fails, all of the group get the error.
final class CommitGroups: Sendable {
    /// Answers its writer; called once, when the outcome is durable.
    private typealias Answer = @Sendable () -> Void

    private struct Job: Sendable {
        /// Runs the writer's closure and gives what to call once the result is durable.
        var attempt: @Sendable (any Session) throws -> Answer
        var fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var draining = false
        var closed = false
    }

    /// So many writers share a commit at most: the first of them should not wait for thousands.
    private static let largestGroup = 256

    private let engine: any DatabaseWriter
    private let state = Mutex(State())
    /// A thread of its own: a write blocks on the disk, and the shared pool has only as many threads as cores.
    private let queue = DispatchQueue(label: "abide.writer", qos: .userInitiated)

    init(engine: any DatabaseWriter) { self.engine = engine }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Job(
                    attempt: { session in
                        let value = try body(session)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// Waits until all that was handed in before is answered, and refuses what comes after.
    func finish() async {
        state.withLock { $0.closed = true }
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    private func enqueue(_ job: Job) {
        let accepted = state.withLock { state in
            guard !state.closed else { return false }
            state.waiting.append(job)
            if !state.draining {
                state.draining = true
                // Under the lock, so that `finish` can't slip in between and close the engine before this writer had its turn.
                queue.async { self.drain() }
            }
            return true
        }
        if !accepted { job.fail(StoreError.closed) }
    }

    private func drain() {
        while let group = nextGroup() { commit(group) }
    }

    private func nextGroup() -> [Job]? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.draining = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ group: [Job]) {
        var answers: [Answer] = []
        do {
            answers = try engine.writeWithoutTransaction { try Self.run(group, on: $0) }
        } catch {
            answers = group.map { job in { job.fail(error) } }
        }
        for answer in answers { answer() }
    }

    /// - Throws: what ended the whole group. A fault of one writer is in its answer.
    private static func run(_ group: [Job], on connection: GRDB.Database) throws -> [Answer] {
        let session = SQLiteSession(connection: connection)
        var answers: [Answer] = []
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
}
