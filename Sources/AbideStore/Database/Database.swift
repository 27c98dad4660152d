package import AbideCore

/// What a closure given to `Database.read` or `.write` works with; valid only while that closure runs.
package protocol Session {
    /// Where the engines differ; hardly anybody asks.
    var dialect: Dialect { get }

    /// Runs one statement. Placeholders are `$1`, `$2`… and may repeat; SQL is kept to what SQLite and PostgreSQL share.
    @discardableResult
    func run(_ sql: String, _ values: [Value]) throws -> [Row]

    /// Runs one statement for whose outcome nobody here waits: on a server it travels with the next. Its error comes at the latest at the end of the write.
    func put(_ sql: String, _ values: [Value]) throws

    /// Puts many rows in by the engine's quickest way; one whose key is taken ends the whole transaction.
    func load(_ table: String, _ columns: String, _ rows: [[Value]]) throws
}

extension Session {
    package func put(_ sql: String, _ values: [Value]) throws { try run(sql, values) }

    package func load(_ table: String, _ columns: String, _ rows: [[Value]]) throws { try insert(into: table, columns, rows) }

    @discardableResult
    package func run(_ sql: String) throws -> [Row] { try run(sql, []) }
}

/// The seam between the desk and the engine. The closures are synchronous, so that a transaction can't be left open across a suspension. In
/// them nobody reads: `Tongue.current` is English, whoever asked, so that no text that is stored or sent follows a reader's language.
package protocol Database: Sendable {
    /// One consistent snapshot for all statements of the closure; none of them may write.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T

    /// A read of a few rows by their keys, carried out at once where it is asked for if a connection is free: for what a page waits for. Never for
    /// what goes through many rows.
    func glance<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T

    /// One transaction: answered after it is durable, rolled back when the closure throws. Writes follow one another, on all nodes together, so
    /// that what a closure has read still holds when it writes. After a lost connection the closure may run again: it changes nothing but the store.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T

    /// Several writers handed over at once, each as by `write`, in their order; they let all others go first.
    /// - Returns: the outcome of each.
    func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>]

    /// So many writes wait that a further one would wait for seconds: whoever comes from outside had better come again.
    var isBusy: Bool { get }

    /// Finishes the writes that wait, then refuses all others.
    func close() async throws

    /// Overwrites what was deleted, as far as the engine can beside others; after an erasure.
    func compact() async throws

    /// Lets the engine look at how much is where; after very much was written at once, when its plans rest on a guess.
    func analyse() async throws

    /// The time that all nodes share, where the engine keeps one; nil: the process's own clock is the only one.
    func now() -> Instant?

    /// What other nodes on the same store announce with their writes (`Session.announce`), until the store is closed. Without other nodes: nothing.
    func announcements() -> AsyncStream<Announcement>
}

/// A store of one node alone, whose reads are all alike.
extension Database {
    package func glance<T: Sendable>(_ body: @escaping @Sendable (any Session) throws -> T) async throws -> T { try await read(body) }
    package func write<T: Sendable>(each bodies: [@Sendable (any Session) throws -> T]) async -> [Result<T, any Error>] {
        var outcomes: [Result<T, any Error>] = []
        for body in bodies {
            do { outcomes.append(.success(try await write(body))) } catch { outcomes.append(.failure(error)) }
        }
        return outcomes
    }
    package var isBusy: Bool { false }
    package func now() -> Instant? { nil }
    package func compact() async throws {}
    package func analyse() async throws {}
    package func announcements() -> AsyncStream<Announcement> { AsyncStream { $0.finish() } }
}

/// What another node says.
package enum Announcement: Sendable, Hashable {
    case said(String)
    /// The line was down for a moment: something may have been missed.
    case missed
}

extension Session {
    /// Tells the other nodes, when and if this transaction is committed. Some hundred bytes at most; no personal data.
    package func announce(_ text: String) throws {
        if let sql = dialect.announcement { try put(sql, [.text(text)]) }
    }
}

/// Faults of the store that callers can tell apart. Faults of the engine itself (disk full, corrupt file) pass through unchanged.
package enum StoreError: Error, Hashable, CustomStringConvertible {
    /// The store was closed; nothing was written.
    case closed
    /// Written by a newer version of Abide: start that version, or restore a backup made before the upgrade.
    case tooNew(found: Int, known: Int)
    /// The transaction that this write shared ended before it was durable; nothing of it was kept.
    case transactionLost
    /// Too much waits to be written: try again in a moment.
    case busy
    /// The database server does not answer, or takes no writes; nothing was stored.
    case unreachable(String)
    /// The engine can't carry a desk.
    case unfitEngine(String)
    /// A statement that must answer with a row gave none.
    case missingRow(String)
    /// A mistake in this program: a statement was given more or fewer values than it has placeholders.
    case wrongValues(String)

    package var description: String {
        switch self {
        case .closed: "the store is closed"
        case .tooNew(let found, let known):
            "the data has schema version \(found), this program knows \(known) at most; start the newer version, or restore a backup from before the upgrade"
        case .transactionLost: "the transaction was ended by the database before it was durable; nothing was stored"
        case .wrongValues(let sql): "this statement has another number of placeholders than it was given values: \(sql)"
        case .busy: "too much waits to be written; try again in a moment"
        case .unreachable(let why): "the database does not answer: \(why)"
        case .unfitEngine(let why): why
        case .missingRow(let what): "the database gave no row for \(what)"
        }
    }
}

/// Someone else wrote first: load again, decide again, append again.
package struct Conflict: Error, Hashable, CustomStringConvertible {
    package var ticket: Int64
    package var expectedHead: Int

    package init(ticket: Int64, expectedHead: Int) {
        self.ticket = ticket
        self.expectedHead = expectedHead
    }

    package var description: String { "ticket \(ticket) has moved on since event \(expectedHead)" }
}
