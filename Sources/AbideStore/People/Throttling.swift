package import AbideCore

extension Session {
    /// Until when each of these waits, after wrong tries; the latest.
    package func throttledUntil(_ key: String) throws -> Instant? {
        try run("SELECT until FROM throttle WHERE key = $1", [.text(key)]).first?.instant(0)
    }

    /// Counts a wrong try.
    /// - Parameter pause: seconds to wait after so many.
    package func countFailure(_ key: String, at now: Instant, pause: (Int) -> Int64) throws {
        let count = try run(
            """
            INSERT INTO throttle (key, failures, until) VALUES ($1, 1, $2)
            ON CONFLICT (key) DO UPDATE SET failures = throttle.failures + 1 RETURNING failures
            """, [.text(key), Value(now)]).first?.int(0) ?? 1
        try run("UPDATE throttle SET until = $2 WHERE key = $1", [.text(key), Value(now + pause(count))])
    }

    package func forgetFailures(_ key: String) throws { try run("DELETE FROM throttle WHERE key = $1", [.text(key)]) }

    /// Those that wait no more since a day are forgotten.
    package func deleteOldFailures(at now: Instant) throws { try run("DELETE FROM throttle WHERE until < $1", [Value(now - 86_400)]) }
}
