import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Statements on one connection of the embedded engine: prepared once per connection, rows read by column index.
struct SQLiteSession: Session {
    let connection: GRDB.Database
    var dialect: Dialect { .sqlite }

    func run(_ sql: String, _ values: [Value]) throws -> [Row] {
        let statement = try connection.cachedStatement(sql: Placeholders.numbered(sql))
        // Placeholders may repeat, so the engine alone knows how many there are.
        guard values.count == Int(sqlite3_bind_parameter_count(statement.sqliteStatement)) else { throw StoreError.wrongValues(sql) }
        // A closure and not a key path, and no second check by names: this runs for every value of every statement.
        statement.setUncheckedArguments(StatementArguments(values.map { $0.databaseValue }))
        // A cached statement keeps what it is bound to: let go of a mail of many megabytes.
        defer {
            if values.contains(where: \.isLarge) { statement.setUncheckedArguments(StatementArguments(values.map { _ in DatabaseValue.null })) }
        }
        let columns = statement.columnCount
        guard columns > 0 else {
            try statement.execute()
            return []
        }
        var rows: [Row] = []
        let cursor = try GRDB.Row.fetchCursor(statement)
        while try cursor.next() != nil {
            // Straight from the statement: a list page reads some 800 values, and a generic conversion of each would cost more than the query.
            rows.append(Row((0..<Int32(columns)).map { Value(column: $0, of: statement.sqliteStatement) }))
        }
        return rows
    }
}

/// SQLite reads `$1` as a parameter *named* "1" and numbers it by first appearance; `?1` says the number itself.
private enum Placeholders {
    private static let known = Mutex<[String: String]>([:])

    static func numbered(_ sql: String) -> String {
        known.withLock { known in
            if let text = known[sql] { return text }
            // The statements are literals of this program, a few hundred at most; the bound only guards against a mistake.
            if known.count > 2_000 { known.removeAll() }
            let text = sql.replacing("$", with: "?")
            known[sql] = text
            return text
        }
    }
}

extension Value {
    fileprivate var isLarge: Bool {
        switch self {
        case .blob(let bytes): bytes.count > 65_536
        case .text(let text): text.utf8.count > 65_536
        default: false
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }

    fileprivate init(column: Int32, of statement: SQLiteStatement) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            // The pointer first: asking for it may convert the text, and the length is that of what it then points to.
            let start = sqlite3_column_text(statement, column)
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            self = .blob([UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
        default: self = .null
        }
    }
}
