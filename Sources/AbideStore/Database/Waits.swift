package import AbideCore

/// What waits, and since when, for whoever watches the desk.
package struct Waits: Sendable, Hashable {
    package var outbox: Int64
    package var mailIn: Int64
    package var timersDue: Int
    package var timersLate: Int64
    package var unsearched: Int
}

extension Session {
    /// Ages in seconds; 0 where nothing waits. Each is read from an index.
    package func waits(at now: Instant) throws -> Waits {
        func age(_ sql: String) throws -> Int64 { try run(sql, [Value(now)]).first?.instantOrNil(0).map { max(0, now - $0) } ?? 0 }
        let due = try run("SELECT COUNT(*), MIN(due_at) FROM timer WHERE due_at <= $1", [Value(now)])[0]
        return Waits(
            outbox: try age("SELECT MIN(next_at) FROM outbox WHERE state = 'queued' AND next_at <= $1"),
            mailIn: try run("SELECT received_at FROM mail_in WHERE state = 'received' ORDER BY id LIMIT 1").first.map { max(0, now - $0.instant(0)) } ?? 0,
            timersDue: due.int(0), timersLate: due.instantOrNil(1).map { max(0, now - $0) } ?? 0, unsearched: try run("SELECT COUNT(*) FROM search_queue")[0].int(0))
    }
}
