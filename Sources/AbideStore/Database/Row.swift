package import AbideCore

/// One row of a result, read by the position of its columns. The typed readers answer with zero, empty or nil for a value of another
/// kind: a column's type is fixed by the schema, so a mismatch is a mistake in the query and shows in its test.
package struct Row: Sendable, Hashable {
    package let values: [Value]

    package init(_ values: [Value]) { self.values = values }

    package subscript(column: Int) -> Value { values[column] }

    package func isNull(_ column: Int) -> Bool { values[column] == .null }

    package func int64OrNil(_ column: Int) -> Int64? {
        switch values[column] {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value)
        default: nil
        }
    }

    package func int64(_ column: Int) -> Int64 { int64OrNil(column) ?? 0 }
    package func intOrNil(_ column: Int) -> Int? { int64OrNil(column).flatMap { Int(exactly: $0) } }
    package func int(_ column: Int) -> Int { intOrNil(column) ?? 0 }
    package func bool(_ column: Int) -> Bool { int64(column) != 0 }
    package func instantOrNil(_ column: Int) -> Instant? { int64OrNil(column).map { Instant($0) } }
    package func instant(_ column: Int) -> Instant { Instant(int64(column)) }

    package func textOrNil(_ column: Int) -> String? {
        if case .text(let value) = values[column] { value } else { nil }
    }

    package func text(_ column: Int) -> String { textOrNil(column) ?? "" }

    package func bytesOrNil(_ column: Int) -> [UInt8]? {
        if case .blob(let value) = values[column] { value } else { nil }
    }

    package func bytes(_ column: Int) -> [UInt8] { bytesOrNil(column) ?? [] }
}
