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
        /// Those that let others go first.
        var patient: [Job] = []
        var draining = false
        var closed = false
        /// Writers that were answered a second, of late.
        var pace = 1000.0
    }

    /// So many writers share a commit at most: the first of them should not wait for thousands.
    private static let largestGroup = 256
    /// So many of the patient ones go along where nobody else waits, and where somebody does: whoever comes meanwhile waits behind them.
    private static let (patientAlone, patientBeside) = (8, 1)
    /// So many wait at most; the next is told that the store is busy.
    private static let mostWaiting = 20_000
    /// Who would wait for longer than so many seconds, by the pace of late, had better come again: unless only two groups wait.
    private static let longestWait = 1.0

    /// Runs a group as one transaction: an answer for each job in order, or the error that ended them all.
    private let transaction: @Sendable ([Job]) throws -> [Answer]
    private let state = Mutex(State())
    /// A thread of its own: a write blocks on the disk, and the shared pool has only as many threads as cores.
    private let queue = DispatchQueue(label: "abide.writer", qos: .userInitiated)

    init(transaction: @escaping @Sendable ([Job]) throws -> [Answer]) { self.transaction = transaction }

    /// So much waits that whoever comes from outside is asked to come again. What the desk itself has to write is still taken.
    var isBusy: Bool { state.withLock { Double($0.waiting.count) > max(Double(2 * Self.largestGroup), $0.pace * Self.longestWait) } }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue([
                Job(
                    attempt: { session in
                        let value = try body(session)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) })
            ], isPatient: false)
        }
    }

    /// Writers that follow one another in order, some to a commit, and let all others go first.
    /// - Returns: the outcome of each.
    func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>] {
        guard !bodies.isEmpty else { return [] }
        let outcomes = Mutex<[Int: Result<T, any Error>]>([:])
        await withCheckedContinuation { continuation in
            let note = { @Sendable (index: Int, outcome: Result<T, any Error>) in
                if outcomes.withLock({ $0[index] = outcome; return $0.count == bodies.count }) { continuation.resume() }
            }
            enqueue(bodies.enumerated().map { index, body in
                Job(
                    attempt: { session in
                        let value = try body(session)
                        return { note(index, .success(value)) }
                    },
                    fail: { note(index, .failure($0)) })
            }, isPatient: true)
        }
        return outcomes.withLock { outcomes in bodies.indices.compactMap { outcomes[$0] } }
    }

    /// Waits until all that was handed in before is answered, and refuses what comes after.
    func finish() async {
        state.withLock { $0.closed = true }
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    private func enqueue(_ jobs: [Job], isPatient: Bool) {
        let refusal = state.withLock { state -> StoreError? in
            guard !state.closed else { return .closed }
            guard state.waiting.count + state.patient.count < Self.mostWaiting else { return .busy }
            if isPatient { state.patient += jobs } else { state.waiting += jobs }
            if !state.draining {
                state.draining = true
                // Under the lock, so that `finish` can't slip in between and close the engine before this writer had its turn.
                queue.async { self.drain() }
            }
            return nil
        }
        if let refusal { for job in jobs { job.fail(refusal) } }
    }

    private func drain() {
        while let group = nextGroup() {
            let answers: [Answer], started = ContinuousClock.now
            do { answers = try transaction(group) } catch {
                answers = group.map { job in { job.fail(error) } }
            }
            // A small group says little of what a large one would have done in the time.
            let seconds = max(started.duration(to: .now) / .seconds(1), 0.000_1)
            if group.count >= Self.largestGroup / 4 { state.withLock { $0.pace = 0.7 * $0.pace + 0.3 * Double(group.count) / seconds } }
            for answer in answers { answer() }
        }
    }

    private func nextGroup() -> [Job]? {
        state.withLock { state in
            if state.waiting.isEmpty, state.patient.isEmpty {
                state.draining = false
                return nil
            }
            let first = state.waiting.prefix(Self.largestGroup)
            let then = state.patient.prefix(first.isEmpty ? Self.patientAlone : Self.patientBeside)
            state.waiting.removeFirst(first.count)
            state.patient.removeFirst(then.count)
            return Array(first) + Array(then)
        }
    }
}
