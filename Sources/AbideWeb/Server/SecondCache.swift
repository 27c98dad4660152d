import AbideCore
import Synchronization

/// What was drawn in this second, for all who ask for the same within it: an event makes everybody who has the page open load it anew at once.
final class SecondCache<Key: Hashable & Sendable, Drawn: Sendable>: Sendable {
    private struct Second {
        var now = Instant(.min)
        var drawn: [Key: Drawn] = [:]
    }

    private let limit: Int
    private let second = Mutex(Second())

    /// - Parameter limit: how many are kept of one second at most.
    init(limit: Int) { self.limit = limit }

    /// What was drawn in this very second; nil: nothing yet.
    func known(_ key: Key, at now: Instant) -> Drawn? { second.withLock { $0.now == now ? $0.drawn[key] : nil } }

    func drawn(_ key: Key, at now: Instant, draw: () throws -> Drawn) rethrows -> Drawn {
        if let known = known(key, at: now) { return known }
        let made = try draw()
        return second.withLock { second in
            if second.now < now { second = Second(now: now) }
            guard second.now == now, second.drawn.count < limit else { return made }
            if let other = second.drawn[key] { return other }
            second.drawn[key] = made
            return made
        }
    }
}
