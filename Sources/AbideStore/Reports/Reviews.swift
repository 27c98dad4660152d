package import AbideCore

/// What happened to a review, in words.
package struct ReviewNote: Sendable, Hashable {
    package var review: Int64
    package var notedAt: Instant
    package var actor: String
    package var sentence: String

    package init(review: Int64, notedAt: Instant, actor: String, sentence: String) {
        self.review = review
        self.notedAt = notedAt
        self.actor = actor
        self.sentence = sentence
    }
}

extension Session {
    /// - Returns: its id; nil where the client has an open one.
    package func insertReview(_ review: AgreementReview) throws -> Int64? {
        try run(
            """
            INSERT INTO review (client, day, state, digest, from_day, to_day, report, prepared_at, held_on, attendees, minutes, outcome, new_digest, minuted_by, minuted_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING RETURNING id
            """, Self.values(review)
        ).first?.int64(0)
    }

    package func updateReview(_ review: AgreementReview) throws {
        try run(
            """
            UPDATE review SET client = $1, day = $2, state = $3, digest = $4, from_day = $5, to_day = $6, report = $7, prepared_at = $8, held_on = $9, attendees = $10, minutes = $11,
                outcome = $12, new_digest = $13, minuted_by = $14, minuted_at = $15 WHERE id = $16
            """, Self.values(review) + [.integer(review.id)])
    }

    package func review(id: Int64) throws -> AgreementReview? {
        try run("SELECT \(AgreementReview.columns) FROM review WHERE id = $1", [.integer(id)]).first.map(AgreementReview.init(row:))
    }

    /// Those to come first, the nearest at the top; then those that were, the last one first.
    /// - Parameter client: nil: of all clients.
    package func reviews(client: Int64? = nil, limit: Int = 500) throws -> [AgreementReview] {
        let open = try run(
            "SELECT \(AgreementReview.columns) FROM review WHERE client = COALESCE($1, client) AND state IN ('planned', 'prepared') ORDER BY day, id LIMIT $2", [Value(client), Value(limit)])
        let over = try run(
            "SELECT \(AgreementReview.columns) FROM review WHERE client = COALESCE($1, client) AND state NOT IN ('planned', 'prepared') ORDER BY COALESCE(held_on, day) DESC, id DESC LIMIT $2",
            [Value(client), Value(limit)])
        return (open + over).map(AgreementReview.init(row:))
    }

    package func note(_ note: ReviewNote) throws {
        try run("INSERT INTO review_note (review, noted_at, actor, sentence) VALUES ($1, $2, $3, $4)", [.integer(note.review), Value(note.notedAt), .text(note.actor), .text(note.sentence)])
    }

    package func notes(review: Int64) throws -> [ReviewNote] {
        try run("SELECT noted_at, actor, sentence FROM review_note WHERE review = $1 ORDER BY id", [.integer(review)]).map {
            ReviewNote(review: review, notedAt: $0.instant(0), actor: $0.text(1), sentence: $0.text(2))
        }
    }

    private static func values(_ review: AgreementReview) -> [Value] {
        [
            .integer(review.client), .text(review.day.iso), .text(review.state.rawValue), .text(review.digest), Value(review.from?.iso), Value(review.to?.iso), Value(review.report),
            Value(review.preparedAt), Value(review.heldOn?.iso), .text(review.attendees), .text(review.minutes), Value(review.outcome?.rawValue), Value(review.newDigest), .text(review.minutedBy),
            Value(review.minutedAt),
        ]
    }
}

extension AgreementReview {
    fileprivate static let columns = "id, client, day, state, digest, from_day, to_day, report, prepared_at, held_on, attendees, minutes, outcome, new_digest, minuted_by, minuted_at"

    fileprivate init(row: Row) {
        func day(_ column: Int) -> LocalDate? { row.textOrNil(column).flatMap { LocalDate(iso: $0) } }
        self.init(
            id: row.int64(0), client: row.int64(1), day: day(2) ?? LocalDate(days: 0), state: State(rawValue: row.text(3)) ?? .planned, digest: row.text(4), from: day(5), to: day(6),
            report: row.int64OrNil(7), preparedAt: row.instantOrNil(8), heldOn: day(9), attendees: row.text(10), minutes: row.text(11),
            outcome: row.textOrNil(12).flatMap { Outcome(rawValue: $0) }, newDigest: row.textOrNil(13), minutedBy: row.text(14), minutedAt: row.instantOrNil(15))
    }
}
