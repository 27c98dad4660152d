import AbideCore
import AbideStore
import Foundation

/// What the desk has before it, for whatever watches it; no names, no content.
package struct DeskFigures: Sendable {
    /// Tickets that are not closed, by status.
    package var tickets: [String: Int]
    package var escalated: Int
    /// Mails that leave, by state: `queued`, `sent`, `failed`, `held`.
    package var outbox: [String: Int]
    /// Mails that came, by state; `received` wait to be registered, `setAside` broke the reader.
    package var mailIn: [String: Int]
    /// Seconds for which the oldest mail that is to leave, and the oldest that came and is not yet read, have waited.
    package var outboxAge: Int64
    package var mailInAge: Int64
    /// Mails that were tried and put off, those among them for which no relay answered, and the reason heard for the oldest.
    package var putOff: Int
    package var unreached: Int
    package var putOffBecause: String?
    /// Timers that are due and not carried out yet, and how long the first of them has been due, in seconds.
    package var timersDue: Int
    package var timersLate: Int64
    /// Closings that are due and wait, after a long stop, for answers under way.
    package var timersHeld: Int
    /// Tickets whose new words are not searched yet.
    package var unsearched: Int
    /// Seconds by which this machine's clock is ahead of the one that the desk goes by, and how often it has jumped.
    package var clockOffset: Int64
    package var clockJumps: Int
}

extension Desk {
    package func figures() async throws -> DeskFigures {
        let now = now()
        let offset = Int64(Date().timeIntervalSince1970) - now.seconds
        let jumps = clockWatch.jumps
        let held = holdsClosing(at: now) ? TimerDue.Kind.allCases.filter(\.waitsForIntake).map(\.rawValue) : []
        return try await db.read { session in
            let waiting = try session.waits(at: now, held: held)
            let counts = try session.ticketCounts()
            return DeskFigures(
                tickets: counts.cells.reduce(into: [:]) { $0[$1.status, default: 0] += $1.tickets }, escalated: counts.escalated,
                outbox: Dictionary(uniqueKeysWithValues: try session.outboxCounts().map { ($0.key.rawValue, $0.value) }),
                mailIn: Dictionary(uniqueKeysWithValues: try session.mailCounts().map { ($0.key.rawValue, $0.value) }),
                outboxAge: waiting.outbox, mailInAge: waiting.mailIn, putOff: waiting.putOff, unreached: waiting.unreached,
                putOffBecause: waiting.putOffBecause, timersDue: waiting.timersDue, timersLate: waiting.timersLate, timersHeld: waiting.timersHeld, unsearched: waiting.unsearched, clockOffset: offset, clockJumps: jumps)
        }
    }
}
