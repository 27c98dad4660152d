import CLibPQ
import Foundation

/// One connection to PostgreSQL, used by one thread at a time. Statements are prepared once; values go both ways in binary.
final class PostgreSQLConnection: @unchecked Sendable {
    private struct Prepared {
        var name: String
        var types: [Oid]
    }

    /// So many statements are kept at most: those of this program are a few hundred; the bound only guards against a mistake.
    private static let mostStatements = 2_000

    private let handle: OpaquePointer
    private var prepared: [String: [Prepared]] = [:]
    private var names = 0
    /// What nobody waits for: it travels with the next statement, in order.
    private enum Deferred {
        /// Without values.
        case plain(String)
        case prepared(Prepared, [Value])
    }

    /// So many travel together at most: their replies must fit into what the network holds.
    private static let mostDeferred = 64

    private var deferred: [Deferred] = []
    /// How often statements were sent.
    private var journeys = 0
    /// A statement was sent whose reply nobody has read yet.
    private var owesReply = false
    /// Which server this is, and since when it runs: what is said of its transactions holds for no other.
    private(set) var server = ""

    /// Connects to the first of the URL's hosts that answers as wanted. Blocks, some seconds at most for each host.
    /// - Parameters:
    ///   - takesWrites: only a server that takes writes will do.
    ///   - patience: seconds for each host that is there and does not answer. One that is not there is told at once.
    init(url: String, takesWrites: Bool = true, patience: Int = 3) throws {
        // What stands before `dbname` gives way to what the URL says itself. A server that is cut off is noticed within some ten seconds.
        let options = [
            ("fallback_application_name", "abide"), ("connect_timeout", String(patience)), ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "10000"), ("target_session_attrs", takesWrites ? "read-write" : "any"), ("dbname", url), ("client_encoding", "UTF8"),
        ]
        let keywords = options.map { strdup($0.0) }
        let values = options.map { strdup($0.1) }
        defer { for text in keywords + values { free(text) } }
        let connection = PQconnectdbParams(keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard let connection else { throw PostgreSQLError(sqlState: "", message: "no memory for a connection") }
        handle = connection
        // The server's asides are not for standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        // Whatever is thrown from here on: what is initialised already is let go by `deinit`.
        guard isAlive else { throw lost() }
        guard PQserverVersion(handle) >= 150_000 else {
            throw StoreError.unfitEngine("this server is PostgreSQL \(PQserverVersion(handle) / 10_000); version 15 or later is needed")
        }
        // A node that is stopped in the middle of a write must not hold the others up: its transaction is ended. A commit that was answered
        // must be on the disk, whatever the server's default says; stricter settings (remote_apply) stay.
        try execute(
            """
            SET idle_in_transaction_session_timeout = '8s'; SET statement_timeout = '60s'; SET lock_timeout = '20s'; SET standard_conforming_strings = on;
            SET jit = off; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')
            """)
        server = try run("SELECT concat_ws(' ', inet_server_addr(), inet_server_port(), pg_postmaster_start_time())", [])[0].text(0)
    }

    deinit { PQfinish(handle) }

    var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
    /// In a transaction that no error has spoilt.
    var isSound: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }
    var socket: Int32 { PQsocket(handle) }

    /// Several statements in one go, without values; rows are thrown away.
    func execute(_ sql: String) throws {
        try settle()
        try flush()
        journeys += 1
        try finish(PQexec(handle, sql)) { _ in }
    }

    /// Hands a statement without values or rows over, to travel with the next one, as a savepoint does. Its error, if it has one, is that one's.
    func later(_ sql: String) { deferred.append(.plain(sql)) }

    /// The same with values.
    func later(_ sql: String, _ values: [Value]) throws {
        try settle()
        // Preparing it first sends what was handed over before, so that the order stays.
        let statement = try statement(sql, values)
        deferred.append(.prepared(statement, values))
        if deferred.count >= Self.mostDeferred || values.contains(where: \.isLong) { try flush() }
    }

    /// Sends what was handed over.
    func flush() throws {
        if !deferred.isEmpty { try pipeline(nil) { _ in } }
    }

    /// Where what is handed over stands now, for `withdraw`.
    struct Position {
        fileprivate var journeys: Int
        fileprivate var deferred: Int
    }

    var position: Position { Position(journeys: journeys, deferred: deferred.count) }

    /// Whether statements with values were handed over since and wait to travel: they may fail.
    func owes(since position: Position) -> Bool {
        deferred.dropFirst(position.journeys == journeys ? position.deferred : 0).contains { if case .prepared = $0 { true } else { false } }
    }

    /// Takes back what was handed over since and has not travelled yet.
    /// - Returns: true where all of it has stayed here, and the server knows nothing of it.
    func withdraw(to position: Position) -> Bool {
        let isHere = position.journeys == journeys
        deferred.removeLast(deferred.count - (isHere ? position.deferred : 0))
        return isHere
    }

    /// Sends a statement without rows and does not wait for the reply; whoever comes next reads it.
    func send(_ sql: String) throws {
        try settle()
        guard PQsendQuery(handle, sql) == 1 else { throw lost() }
        owesReply = true
    }

    func run(_ sql: String, _ values: [Value]) throws -> [Row] {
        try settle()
        let statement = try statement(sql, values)
        var rows: [Row] = []
        guard deferred.isEmpty else {
            try pipeline(.prepared(statement, values)) { rows = Self.rows($0) }
            return rows
        }
        journeys += 1
        let result = withParameters(values) { pointers, lengths, formats in
            PQexecPrepared(handle, statement.name, Int32(values.count), pointers, lengths, formats, 1)
        }
        try finish(result) { rows = Self.rows($0) }
        return rows
    }

    /// Puts rows into a table by COPY, in the server's binary form: of each the values of `columns`, whose types they must have.
    func copy(_ table: String, _ columns: String, _ rows: [[Value]]) throws {
        try settle()
        try flush()
        journeys += 1
        try finish(PQexec(handle, "COPY \(table) (\(columns)) FROM STDIN (FORMAT binary)"), expecting: PGRES_COPY_IN) { _ in }
        var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
        func put() throws {
            let sent = bytes.withUnsafeBytes { PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count)) }
            guard sent == 1 else { throw lost() }
            bytes.removeAll(keepingCapacity: true)
        }
        func append<T: FixedWidthInteger>(_ number: T) { withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) } }
        for row in rows {
            append(Int16(row.count))
            for value in row {
                let place = bytes.count
                append(Int32(-1))
                guard let range = value.append(to: &bytes) else { continue }
                withUnsafeBytes(of: Int32(range.count).bigEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
            }
            if bytes.count > 65_536 { try put() }
        }
        append(Int16(-1))
        try put()
        guard PQputCopyEnd(handle, nil) == 1 else { throw lost() }
        let result = PQgetResult(handle)
        // The end of the replies to this one.
        while let more = PQgetResult(handle) { PQclear(more) }
        try finish(result) { _ in }
    }

    /// Reads the reply that is still owed.
    private func settle() throws {
        guard owesReply else { return }
        owesReply = false
        while let result = PQgetResult(handle) { PQclear(result) }
        guard isAlive else { throw lost() }
    }

    /// What was handed over, and then this one, in one journey.
    /// - Parameter body: is given the rows of the last.
    private func pipeline(_ last: Deferred?, _ body: (OpaquePointer) -> Void) throws {
        let all = deferred + (last.map { [$0] } ?? [])
        deferred = []
        journeys += 1
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        guard all.allSatisfy({ sendInPipeline($0) }), PQpipelineSync(handle) == 1 else { throw lost() }
        var fault: (any Error)?
        for index in all.indices {
            // What stands behind the first error was not carried out and says only that.
            do { try finish(PQgetResult(handle)) { if index == all.count - 1 { body($0) } } } catch { fault = fault ?? error }
            while let more = PQgetResult(handle) { PQclear(more) }
        }
        if let end = PQgetResult(handle) { PQclear(end) }
        guard PQexitPipelineMode(handle) == 1 else { throw fault ?? lost() }
        if let fault { throw fault }
    }

    private func sendInPipeline(_ one: Deferred) -> Bool {
        switch one {
        case .plain(let sql): PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1
        case .prepared(let statement, let values):
            withParameters(values) { pointers, lengths, formats in PQsendQueryPrepared(handle, statement.name, Int32(values.count), pointers, lengths, formats, 1) } == 1
        }
    }

    /// What other connections said by NOTIFY since the last call, after reading what has come in.
    func notifications() throws -> [String] {
        guard PQconsumeInput(handle) == 1 else { throw lost() }
        var texts: [String] = []
        while let notice = PQnotifies(handle) {
            texts.append(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
        return texts
    }

    // MARK: Preparing

    private func statement(_ sql: String, _ values: [Value]) throws -> Prepared {
        let types = values.map(\.postgreSQLType)
        // A null fits any type; the others must be of the type that the statement was prepared with.
        if let known = prepared[sql]?.first(where: { zip($0.types, types).allSatisfy { $1 == 0 || $0 == $1 } && $0.types.count == types.count }) { return known }
        if names >= Self.mostStatements {
            prepared.removeAll()
            names = 0
            try execute("DEALLOCATE ALL")
        }
        // In the order in which they were said: an error here must not come before a savepoint.
        try flush()
        names += 1
        var new = Prepared(name: "s\(names)", types: types)
        try finish(PQprepare(handle, new.name, sql, Int32(types.count), types)) { _ in }
        if types.contains(0) {
            // What a null stands for was left to the server: ask what it found.
            try finish(PQdescribePrepared(handle, new.name)) { result in new.types = types.indices.map { PQparamtype(result, Int32($0)) } }
        }
        prepared[sql, default: []].append(new)
        return new
    }

    private func withParameters<T>(_ values: [Value], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T) -> T {
        guard !values.isEmpty else { return body(nil, nil, nil) }
        // One buffer for all: the server reads bytes and lengths, no terminators.
        var bytes: [UInt8] = []
        let ranges = values.map { $0.append(to: &bytes) }
        // Never empty, so that an empty text has an address, which a null has not.
        bytes.append(0)
        return bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = ranges.map { range in range.flatMap { range in start.map { $0 + range.lowerBound } } }
            return body(pointers, ranges.map { Int32($0?.count ?? 0) }, [Int32](repeating: 1, count: values.count))
        }
    }

    private static func rows(_ result: OpaquePointer) -> [Row] {
        let columns = 0..<PQnfields(result)
        let types = columns.map { PQftype(result, $0) }
        return (0..<PQntuples(result)).map { row in
            Row(columns.map { column in
                guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
                return Value(type: types[Int(column)], bytes: UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column))))
            })
        }
    }

    // MARK: Faults

    private func finish(_ result: OpaquePointer?, expecting: ExecStatusType = PGRES_COMMAND_OK, _ body: (OpaquePointer) -> Void) throws {
        guard let result else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case expecting, PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: body(result)
        default:
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
            let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? Self.firstLine(PQerrorMessage(handle))
            throw PostgreSQLError(sqlState: isAlive || !state.isEmpty ? state : "", message: message)
        }
    }

    private func lost() -> PostgreSQLError { PostgreSQLError(sqlState: "", message: Self.firstLine(PQerrorMessage(handle))) }

    private static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
        text.map { String(cString: $0).split(separator: "\n").first.map(String.init) ?? "the connection was lost" } ?? "the connection was lost"
    }
}

extension Value {
    /// Longer than one would keep waiting for company.
    fileprivate var isLong: Bool {
        switch self {
        case .text(let text): text.utf8.count > 65_536
        case .blob(let bytes): bytes.count > 65_536
        default: false
        }
    }
}
