package import AbideCore

/// The answer that a call with an `Idempotency-Key` was given.
package struct KeptAnswer: Sendable, Hashable {
    /// Of HTTP.
    package var status: Int
    package var body: String

    package init(status: Int, body: String) {
        self.status = status
        self.body = body
    }
}

extension Session {
    /// What this person was answered under this key.
    package func keptAnswer(key: String, person: Int64) throws -> KeptAnswer? {
        try run("SELECT status, body FROM idempotency WHERE key = $1 AND person = $2", [.text(key), .integer(person)]).first
            .map { KeptAnswer(status: $0.int(0), body: $0.text(1)) }
    }

    /// Keeps an answer, in the transaction of what it answers.
    /// - Returns: false when there is one already, and then keeps that.
    @discardableResult
    package func keepAnswer(_ answer: KeptAnswer, key: String, person: Int64, at now: Instant) throws -> Bool {
        try !run(
            """
            INSERT INTO idempotency (key, person, status, body, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (key, person) DO NOTHING RETURNING status
            """, [.text(key), .integer(person), Value(answer.status), .text(answer.body), Value(now)]
        ).isEmpty
    }

    package func deleteAnswers(before: Instant) throws { try run("DELETE FROM idempotency WHERE created_at < $1", [Value(before)]) }
}
