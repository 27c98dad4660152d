package import AbideCore

/// What waits, and since when, for whoever watches the desk.
package struct Waits: Sendable, Hashable {
    package var outbox: Int64
    /// Mails that were tried and put off, those among them for which no relay answered, and the reason heard for the oldest.
    package var putOff: Int
    package var unreached: Int
    package var putOffBecause: String?
    package var mailIn: Int64
    package var timersDue: Int
    package var timersLate: Int64
    /// Timers that are due and kept back on purpose.
    package var timersHeld: Int
    package var unsearched: Int
}

extension Session {
    /// Ages in seconds; 0 where nothing waits. Each is read from an index.
    /// - Parameter held: kinds of timers that are kept back just now, and not late.
    package func waits(at now: Instant, held: [String] = []) throws -> Waits {
        let isHeld = held.isEmpty ? "1 = 0" : "kind IN (" + held.indices.map { "$\($0 + 2)" }.joined(separator: ", ") + ")"
        let due = try run(
            "SELECT COUNT(*), SUM(CASE WHEN \(isHeld) THEN 1 ELSE 0 END), MIN(CASE WHEN \(isHeld) THEN NULL ELSE due_at END) FROM timer WHERE due_at <= $1",
            [Value(now)] + held.map { .text($0) })[0]
        let timersHeld = due.intOrNil(1) ?? 0
        // From when it was written, not from the next try: a relay that is away moves that on and on.
        let outbox = try run("SELECT MIN(created_at) FROM outbox WHERE state = 'queued'").first?.instantOrNil(0).map { max(0, now - $0) } ?? 0
        let putOff = try run("SELECT COUNT(*), SUM(CASE WHEN last_error LIKE '\(OutboxItem.unreached)%' THEN 1 ELSE 0 END) FROM outbox WHERE state = 'queued' AND attempts > 0 AND last_error IS NOT NULL")[0]
        return Waits(
            outbox: outbox, putOff: putOff.int(0), unreached: putOff.intOrNil(1) ?? 0,
            putOffBecause: putOff.int(0) == 0 ? nil : try run("SELECT last_error FROM outbox WHERE state = 'queued' AND attempts > 0 AND last_error IS NOT NULL ORDER BY id LIMIT 1").first?.textOrNil(0),
            mailIn: try run("SELECT received_at FROM mail_in WHERE state = 'received' ORDER BY id LIMIT 1").first.map { max(0, now - $0.instant(0)) } ?? 0,
            timersDue: due.int(0) - timersHeld, timersLate: due.instantOrNil(2).map { max(0, now - $0) } ?? 0, timersHeld: timersHeld,
            unsearched: try run("SELECT COUNT(*) FROM search_queue")[0].int(0))
    }
}
