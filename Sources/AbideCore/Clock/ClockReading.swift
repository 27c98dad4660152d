/// What a clock says at one instant: the figures of `api.md`, and the intervals that explain them (C7).
package struct ClockReading: Sendable, Hashable {
    package enum State: String, Sendable, Codable { case notStarted, running, suspended, stopped }
    package enum Outcome: String, Sendable, Codable { case met, missed }

    package struct Interval: Sendable, Hashable {
        package enum Kind: String, Sendable, Codable { case counted, closed, suspended }
        package var from: Instant
        package var to: Instant
        package var kind: Kind
        /// Seconds that counted: the whole length of a counted interval, 0 of any other.
        package var seconds: Int64
        /// Why it counted or not: the key of a suspension reason, a holiday's name, or empty.
        package var reason: String
        /// Open seconds in a suspended interval: what the suspension took out.
        package var lost: Int64
        package init(from: Instant, to: Instant, kind: Kind, seconds: Int64, reason: String, lost: Int64) {
            self.from = from
            self.to = to
            self.kind = kind
            self.seconds = seconds
            self.reason = reason
            self.lost = lost
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
    /// True from the warning point (D4) until the deadline, while running.
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
