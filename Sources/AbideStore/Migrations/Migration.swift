/// One step forward of the schema. Steps are never changed once released, only followed by others.
struct Migration: Sendable {
    /// From 1, without gaps.
    var version: Int
    /// Why the step was needed, kept in `schema_version` for those who look at a database later.
    var reason: String
    /// Statements in the common SQL of both engines, with the tokens of `Dialect`.
    var statements: [String]

    static let all: [Migration] = [.first, .agreements, .mail]
}

/// What the two engines spell differently in a schema.
struct Dialect: Sendable {
    /// `{id}`: a key that the engine counts up.
    var id: String
    /// `{blob}`: bytes.
    var blob: String

    static let sqlite = Dialect(id: "INTEGER PRIMARY KEY", blob: "BLOB")

    func spell(_ statement: String) -> String {
        statement.replacing("{id}", with: id).replacing("{blob}", with: blob)
    }
}
