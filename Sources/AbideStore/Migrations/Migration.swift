/// One step forward of the schema. Steps are never changed once released, only followed by others.
struct Migration: Sendable {
    /// From 1, without gaps.
    var version: Int
    /// Why the step was needed, kept in `schema_version` for those who look at a database later.
    var reason: String
    /// Statements in the common SQL of both engines, with the tokens of `Dialect`.
    var statements: [String]

    static let all: [Migration] = [.first, .agreements, .reports, .search, .claims, .erasure, .accounts, .mail, .reviews, .desk, .workspace, .mailboxes, .retention]

    static func upTo(_ version: Int?) -> [Migration] { all.filter { $0.version <= version ?? .max } }
}
