import AbideCore
import AbideStore
import Foundation
import Logging
import Synchronization

/// Holds the clock that the desk goes by against one that nobody can set: a jump is noticed, told, audited and counted (P7).
final class ClockWatch: Sendable {
    private struct State {
        var last: (desk: Instant, steady: ContinuousClock.Instant)?
        var jumps = 0
        var lastJump: (at: Instant, seconds: Int64, seen: ContinuousClock.Instant)?
        var unaudited: [(at: Instant, seconds: Int64)] = []
    }

    private let state = Mutex(State())

    var jumps: Int { state.withLock { $0.jumps } }

    /// When the clock jumped last, in its own time, and by how much.
    var lastJump: (at: Instant, seconds: Int64)? { state.withLock { $0.lastJump.map { ($0.at, $0.seconds) } } }

    /// False for whoever never looked, as a command: there is nothing to compare.
    var isWatching: Bool { state.withLock { $0.last != nil } }

    /// A quarter of an hour after a jump, by the clock that nobody sets.
    var settles: Bool { state.withLock { $0.lastJump.map { $0.seen.duration(to: .now) < .seconds(900) } ?? false } }

    /// Calls `jumped` where the clock has jumped by more than a minute since the last look, before anybody else can look.
    func look(steady: ContinuousClock.Instant?, now: () -> Instant, jumped: (_ now: Instant, _ seconds: Int64) -> Void) {
        state.withLock { state in
            // Both clocks are read under the lock, so that of two who look at once none sees the other's time as a jump.
            let (now, steady) = (now(), steady ?? .now)
            defer { state.last = (now, steady) }
            guard let last = state.last else { return }
            let jump = (now - last.desk) - last.steady.duration(to: steady).components.seconds
            guard abs(jump) > 60 else { return }
            state.jumps += 1
            state.lastJump = (now, jump, steady)
            state.unaudited.append((now, jump))
            jumped(now, jump)
        }
    }

    /// Jumps that no entry of the audit log stands for yet.
    var unaudited: [(at: Instant, seconds: Int64)] { state.withLock { $0.unaudited } }

    func audited(_ count: Int) { state.withLock { $0.unaudited.removeFirst(count) } }
}

extension Desk {
    /// Looks at the clock, and notes in the audit log what was seen. After a jump nothing irreversible happens for a quarter of an hour.
    /// - Parameter steady: what the clock shows that nobody sets; nil: read it.
    package func watchClock(steady: ContinuousClock.Instant? = nil) async throws {
        lookAtClock(steady: steady)
        let jumps = clockWatch.unaudited
        guard !jumps.isEmpty else { return }
        try await db.write { session in
            for jump in jumps { try session.audit(at: jump.at, actor: nil, actorName: "Abide", action: "clock jumped", object: "desk", detail: "\(jump.seconds > 0 ? "+" : "")\(jump.seconds) s") }
        }
        clockWatch.audited(jumps.count)
    }

    /// The clock was set a moment ago: what can't be taken back waits until somebody had time to set it right.
    func clockSettles() -> Bool {
        // Looked at here too, so that nothing happens between a jump and the next regular look.
        if clockWatch.isWatching { lookAtClock() }
        return clockWatch.settles
    }

    private func lookAtClock(steady: ContinuousClock.Instant? = nil) {
        clockWatch.look(steady: steady, now: now) { now, jump in
            logger.error("the clock has jumped: deadlines are judged by its new time; see to the machine's time service", metadata: ["seconds": "\(jump)"])
            // How long intake has been up can't be told any more: counted anew.
            awake.withLock { $0.since = now }
        }
    }
}
