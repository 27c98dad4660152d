extension Migration {
    /// Who was erased stays known by number, so that it can be done again after a backup of the time before was restored.
    static let erasure = Migration(
        version: 6,
        reason: "People who were erased",
        statements: ["CREATE TABLE erasure (person BIGINT PRIMARY KEY, erased_at BIGINT NOT NULL)"])
}
