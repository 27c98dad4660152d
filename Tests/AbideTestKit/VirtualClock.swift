package import AbideCore
import Synchronization

/// A clock that stands until it is told to move.
package final class VirtualClock: Sendable {
    private let time: Mutex<Instant>

    /// - Parameter start: RFC 3339, as `2026-03-10T14:00:00Z`.
    package init(_ start: String) { time = Mutex(Instant(rfc3339: start) ?? Instant(0)) }

    package var now: Instant { time.withLock { $0 } }

    /// Moves on by elapsed seconds.
    package func advance(_ seconds: Int64) { time.withLock { $0 = $0 + seconds } }

    package func set(_ instant: Instant) { time.withLock { $0 = instant } }

    /// - Parameter instant: RFC 3339.
    package func set(_ instant: String) {
        guard let instant = Instant(rfc3339: instant) else { return }
        time.withLock { $0 = instant }
    }
}
