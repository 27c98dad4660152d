package import AbideStore
import Synchronization

/// The process has died: nothing that the desk asks of its store is answered any more.
struct Died: Error {}

/// The real store behind a process that can die at any write: before its commit, or after it and before anybody hears of it.
final class MortalDatabase: Database {
    private enum Fate { case lives, diesBefore, diesAfter }

    private struct State {
        var isDead = false
        /// How many writes go well before the one in which the process dies.
        var writesLeft: Int?
        var diesAfterCommit = false
    }

    private let store: any Database
    private let state = Mutex(State())

    init(_ store: any Database) { self.store = store }

    var isDead: Bool { state.withLock { $0.isDead } }
    var isDoomed: Bool { state.withLock { $0.writesLeft != nil } }

    func die() { state.withLock { $0.isDead = true } }

    func doom(after writes: Int, committed: Bool) {
        state.withLock {
            $0.writesLeft = writes
            $0.diesAfterCommit = committed
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        if isDead { throw Died() }
        return try await store.read(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T {
        let fate = state.withLock { state -> Fate in
            if state.isDead { return .diesBefore }
            guard let left = state.writesLeft else { return .lives }
            if left > 0 {
                state.writesLeft = left - 1
                return .lives
            }
            state.isDead = true
            return state.diesAfterCommit ? .diesAfter : .diesBefore
        }
        if fate == .diesBefore { throw Died() }
        let value = try await store.write(body)
        if fate == .diesAfter { throw Died() }
        return value
    }

    /// The store outlives the process.
    func close() async throws {}
}
