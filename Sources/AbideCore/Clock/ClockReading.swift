/// What a clock says at one instant: the figures of `api.md`, and the intervals that explain them (C7).
package struct ClockReading: Sendable, Hashable {
    package enum State: String, Sendable, Codable { case notStarted, running, suspended, stopped }
    package enum Outcome: String, Sendable, Codable { case met, missed }

    package struct Interval: Sendable, Hashable {
        package enum Kind: String, Sendable, Codable { case counted, closed, suspended }

        /// Why it counted or not.
        package enum Cause: Sendable, Hashable {
            case open
            case outsideHours
            /// Its name; empty where it has none.
            case holiday(String)
            /// The clock had stopped, and went on later.
            case stopped
            /// The key of the suspension's reason.
            case suspended(String)
        }

        package var from: Instant
        package var to: Instant
        package var cause: Cause
        /// Seconds that counted: the whole length of a counted interval, 0 of any other.
        package var seconds: Int64
        /// Open seconds in a suspended interval: what the suspension took out.
        package var lost: Int64

        package init(from: Instant, to: Instant, cause: Cause, lost: Int64 = 0) {
            self.from = from
            self.to = to
            self.cause = cause
            seconds = cause == .open ? to - from : 0
            self.lost = lost
        }

        package var kind: Kind {
            switch cause {
            case .open: .counted
            case .outsideHours, .holiday, .stopped: .closed
            case .suspended: .suspended
            }
        }

        /// The cause as the API writes it: the key of a suspension's reason, a holiday's name, or empty where it counted.
        package var reason: String {
            switch cause {
            case .open: ""
            case .outsideHours: "outside hours"
            case .holiday(let name): name.isEmpty ? "holiday" : name
            case .stopped: "stopped"
            case .suspended(let key): key
            }
        }
    }

    package var state: State
    package var outcome: Outcome?
    package var targetSeconds: Int64?
    package var startedAt: Instant?
    /// Nil while suspended or without a target; kept after the clock stopped.
    package var due: Instant?
    package var stoppedAt: Instant?
    package var usedSeconds: Int64
    /// Negative when over.
    package var leftSeconds: Int64?
    /// True from the first warning point (D4) until the deadline, while running.
    package var dueSoon: Bool

    package init(state: State, outcome: Outcome?, targetSeconds: Int64?, startedAt: Instant?, due: Instant?, stoppedAt: Instant?, usedSeconds: Int64, leftSeconds: Int64?, dueSoon: Bool) {
        self.state = state
        self.outcome = outcome
        self.targetSeconds = targetSeconds
        self.startedAt = startedAt
        self.due = due
        self.stoppedAt = stoppedAt
        self.usedSeconds = usedSeconds
        self.leftSeconds = leftSeconds
        self.dueSoon = dueSoon
    }
}
