/// Full text in the words of an engine: FTS5 or tsvector. Both get the same words, cut and folded by `SearchWords`, so that both find the same.
package struct SearchDialect: Sendable {
    /// Makes the table `ticket_words`.
    var table: String
    var index: String
    /// Takes a ticket `$1` out.
    var forget: String
    /// Puts a ticket `$1` in: the words of its subject `$2`, those that its client may read `$3`, those of staff alone `$4`.
    var put: String
    /// The number of the ticket in `ticket_words`.
    var ticket: String
    /// True for rows that have the words of the placeholder; in those that a client may read, or in all.
    var shownMatch: @Sendable (String) -> String
    var wholeMatch: @Sendable (String) -> String
    /// How well a row fits the words of the placeholder: the best is least. Words of the subject count most.
    var score: @Sendable (String) -> String
    /// What the engine is asked for these words: all of them, each whole, or as the beginning of a word.
    var query: @Sendable (_ words: [String], _ whole: Bool, _ shownOnly: Bool) -> String

    static let sqlite = SearchDialect(
        table: "CREATE VIRTUAL TABLE ticket_words USING fts5(words_subject, words_shown, words_kept, tokenize = 'unicode61 remove_diacritics 0', detail = 'column')",
        // Merges small pieces of the index less often: many tickets at once go in faster.
        index: "INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 8)",
        forget: "DELETE FROM ticket_words WHERE rowid = $1", put: "INSERT INTO ticket_words (rowid, words_subject, words_shown, words_kept) VALUES ($1, $2, $3, $4)",
        ticket: "ticket_words.rowid", shownMatch: { "ticket_words MATCH \($0)" }, wholeMatch: { "ticket_words MATCH \($0)" },
        score: { _ in "bm25(ticket_words, 8.0, 1.0, 1.0)" },
        query: { words, whole, shownOnly in (shownOnly ? "{words_subject words_shown} : " : "") + "(" + words.map { whole ? "\"\($0)\"" : "\"\($0)\" *" }.joined(separator: " AND ") + ")" })

    static let postgreSQL = SearchDialect(
        table: "CREATE TABLE ticket_words (ticket BIGINT PRIMARY KEY, shown TSVECTOR NOT NULL, whole TSVECTOR NOT NULL)",
        index: "CREATE INDEX ticket_words_shown ON ticket_words USING GIN (shown); CREATE INDEX ticket_words_whole ON ticket_words USING GIN (whole)",
        forget: "DELETE FROM ticket_words WHERE ticket = $1",
        put: """
            INSERT INTO ticket_words (ticket, shown, whole) VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || to_tsvector('simple', $3),
                setweight(to_tsvector('simple', $2), 'A') || to_tsvector('simple', $3) || to_tsvector('simple', $4))
            """,
        ticket: "ticket_words.ticket", shownMatch: { "ticket_words.shown @@ to_tsquery('simple', \($0))" }, wholeMatch: { "ticket_words.whole @@ to_tsquery('simple', \($0))" },
        score: { "-ts_rank(ticket_words.shown, to_tsquery('simple', \($0)), 1)" },
        query: { words, whole, _ in words.map { whole ? "'\($0)'" : "'\($0)':*" }.joined(separator: " & ") })
}
