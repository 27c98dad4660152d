extension Migration {
    /// One row a ticket with the words of all that was written on it, in the engine's own kind of index. It is filled from a queue, off the way
    /// of the writes, and before each search; so are the tickets that were there before this step.
    static let search = Migration(
        version: 4,
        reason: "Full-text search over subjects, messages and names of files",
        statements: [
            "CREATE TABLE search_queue (ticket BIGINT PRIMARY KEY)",
            "{words}",
            "{wordsIndex}",
            "INSERT INTO search_queue (ticket) SELECT id FROM ticket",
        ])
}
