import AbideCore
import Foundation
import Logging
import Synchronization

/// Holds the clock that the desk goes by against one that nobody can set: a jump is noticed, told and counted (P7).
final class ClockWatch: Sendable {
    private struct State {
        var last: (desk: Instant, steady: ContinuousClock.Instant)?
        var jumps = 0
        var lastJump: (at: Instant, seconds: Int64)?
    }

    private let state = Mutex(State())

    var jumps: Int { state.withLock { $0.jumps } }

    /// When the clock jumped last, in its own time, and by how much.
    var lastJump: (at: Instant, seconds: Int64)? { state.withLock { $0.lastJump } }

    /// - Returns: by how many seconds the clock has jumped since the last look, where it was more than a minute.
    func look(_ now: Instant) -> Int64? {
        state.withLock { state in
            let steady = ContinuousClock.now
            defer { state.last = (now, steady) }
            guard let last = state.last else { return nil }
            let jump = (now - last.desk) - last.steady.duration(to: steady).components.seconds
            guard abs(jump) > 60 else { return nil }
            state.jumps += 1
            state.lastJump = (now, jump)
            return jump
        }
    }
}

extension Desk {
    /// Looks at the clock. After a jump nothing irreversible happens for a quarter of an hour.
    package func watchClock() {
        let now = now()
        guard let jump = clockWatch.look(now) else { return }
        logger.error("the clock has jumped: deadlines are judged by its new time; see to the machine's time service", metadata: ["seconds": "\(jump)"])
        awake.withLock { $0 = (now, Int64.max) }
    }
}
