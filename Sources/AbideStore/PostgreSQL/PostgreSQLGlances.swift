import AbideCore
import Dispatch
import Foundation
import Synchronization

/// Reads of a few rows, answered from what was read before for as long as nothing at all was committed, on whatever node.
///
/// PostgreSQL itself says so: two snapshots of one server that read alike (`pg_current_snapshot`) see the same rows. So the server is asked
/// for its snapshot, once for all who wait at that moment and after they had asked, and a statement that was answered under the same one
/// is not sent again. Nothing here is ever older than the question.
final class PostgreSQLGlances: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<String?, Never>] = []
        var isAsking = false
        /// The server was away at this moment: whoever reads finds out for himself.
        var failedAt = Date.distantPast
        var closed = false
    }

    private let url: String
    private let state = Mutex(State())
    private let connection = Mutex<PostgreSQLConnection?>(nil)
    /// A thread of its own: asking blocks.
    private let queue = DispatchQueue(label: "abide.glances", qos: .userInitiated)
    let kept = KeptRows()

    init(url: String) { self.url = url }

    /// - Returns: nil where something must be read from the server, for which this is not the place.
    func read<T>(_ body: (any Session) throws -> T) async throws -> T? {
        // Where nothing is kept there is nothing to ask for.
        guard !kept.isEmpty, let snapshot = await snapshot() else { return nil }
        let session = KeptSession(rows: kept, snapshot: snapshot)
        let result = Result { try Tongue.inEnglish { try body(session) } }
        return session.hasMissed ? nil : try result.get()
    }

    func close() {
        state.withLock { $0.closed = true }
        queue.sync { connection.withLock { $0 = nil } }
    }

    /// What the server shows now; nil where it does not answer.
    private func snapshot() async -> String? {
        await withCheckedContinuation { continuation in
            let refused = state.withLock { state in
                guard !state.closed, abs(state.failedAt.timeIntervalSinceNow) > 1 else { return true }
                state.waiting.append(continuation)
                if !state.isAsking {
                    state.isAsking = true
                    queue.async { self.ask() }
                }
                return false
            }
            if refused { continuation.resume(returning: nil) }
        }
    }

    private func ask() {
        while true {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isAsking = false }
                return state.waiting
            }
            guard !waiting.isEmpty else { return }
            var snapshot: String?
            do { snapshot = try connection.withLock { try Self.ask(&$0, url) } } catch {
                connection.withLock { $0 = nil }
                state.withLock { $0.failedAt = Date() }
            }
            for one in waiting { one.resume(returning: snapshot) }
        }
    }

    private static func ask(_ connection: inout PostgreSQLConnection?, _ url: String) throws -> String {
        let known = if let connection, connection.isAlive { connection } else { try PostgreSQLConnection(url: url) }
        connection = known
        return try known.server + " " + known.run(snapshotStatement, [])[0].text(0)
    }

    static let snapshotStatement = "SELECT pg_current_snapshot()::text"
}

/// Rows as they were read under one snapshot, by statement and values.
final class KeptRows: Sendable {
    private struct Question: Hashable {
        var sql: String
        var values: [Value]
    }

    private struct State {
        var snapshot = ""
        var rows: [Question: [Row]] = [:]
        var size = 0
    }

    /// Bytes, about: of one answer, and of all.
    private static let (largest, most) = (262_144, 8_388_608)

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.rows.isEmpty } }

    func find(_ sql: String, _ values: [Value], in snapshot: String) -> [Row]? {
        state.withLock { state in state.snapshot == snapshot ? state.rows[Question(sql: sql, values: values)] : nil }
    }

    func keep(_ rows: [Row], _ sql: String, _ values: [Value], in snapshot: String) {
        let size = 200 + sql.utf8.count + rows.reduce(0) { $0 + $1.values.reduce(32) { $0 + $1.size } }
        guard size <= Self.largest else { return }
        state.withLock { state in
            if state.snapshot != snapshot || state.size + size > Self.most { state = State(snapshot: snapshot) }
            if state.rows.updateValue(rows, forKey: Question(sql: sql, values: values)) == nil { state.size += size }
        }
    }

    /// Something was written here: what is kept is of a snapshot that will not come again.
    func forget() { state.withLock { $0 = State() } }
}

/// Statements answered from what is kept alone. One that is not there is noted and fails: then nothing of the closure counts.
private final class KeptSession: Session {
    private struct Missed: Error {}

    private let rows: KeptRows
    private let snapshot: String
    private(set) var hasMissed = false
    var dialect: Dialect { .postgreSQL }

    init(rows: KeptRows, snapshot: String) {
        self.rows = rows
        self.snapshot = snapshot
    }

    func run(_ sql: String, _ values: [Value]) throws -> [Row] {
        if !hasMissed, let found = rows.find(sql, values, in: snapshot) { return found }
        hasMissed = true
        throw Missed()
    }
}

/// Statements of a read within its transaction, whose answers are kept for those who ask the same under the same snapshot.
struct KeepingSession: Session {
    let connection: PostgreSQLConnection
    let rows: KeptRows
    let snapshot: String
    var dialect: Dialect { .postgreSQL }

    func run(_ sql: String, _ values: [Value]) throws -> [Row] {
        if let found = rows.find(sql, values, in: snapshot) { return found }
        let found = try connection.run(sql, values)
        rows.keep(found, sql, values, in: snapshot)
        return found
    }
}

extension Value {
    fileprivate var size: Int {
        switch self {
        case .text(let text): 16 + text.utf8.count
        case .blob(let bytes): 16 + bytes.count
        default: 16
        }
    }
}
