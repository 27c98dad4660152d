import Dispatch
import Synchronization

/// Group commit: writers that wait together share one transaction and one fsync, each in a savepoint of its own, each answered after the
/// commit. One that throws loses only its savepoint; when the commit fails, all of the group get the error.
final class CommitGroups: Sendable {
    /// Answers its writer; called once, when the outcome is durable.
    typealias Answer = @Sendable () -> Void

    struct Job: Sendable {
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
    /// So many wait at most; the next is told that the store is busy.
    private static let mostWaiting = 20_000

    /// Runs a group as one transaction: an answer for each job in order, or the error that ended them all.
    private let transaction: @Sendable ([Job]) throws -> [Answer]
    private let state = Mutex(State())
    /// A thread of its own: a write blocks on the disk, and the shared pool has only as many threads as cores.
    private let queue = DispatchQueue(label: "abide.writer", qos: .userInitiated)

    init(transaction: @escaping @Sendable ([Job]) throws -> [Answer]) { self.transaction = transaction }

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
        let refusal = state.withLock { state -> StoreError? in
            guard !state.closed else { return .closed }
            guard state.waiting.count < Self.mostWaiting else { return .busy }
            state.waiting.append(job)
            if !state.draining {
                state.draining = true
                // Under the lock, so that `finish` can't slip in between and close the engine before this writer had its turn.
                queue.async { self.drain() }
            }
            return nil
        }
        if let refusal { job.fail(refusal) }
    }

    private func drain() {
        while let group = nextGroup() {
            let answers: [Answer]
            do { answers = try transaction(group) } catch {
                answers = group.map { job in { job.fail(error) } }
            }
            for answer in answers { answer() }
        }
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
}
