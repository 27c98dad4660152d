package import AbideCore

/// One SQL value, bound to a placeholder or read from a column. Both engines know these five and no more.
package enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    package init(_ value: Int64?) { self = value.map(Value.integer) ?? .null }
    package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    package init(_ value: String?) { self = value.map(Value.text) ?? .null }
    package init(_ value: [UInt8]?) { self = value.map(Value.blob) ?? .null }
    /// Whole seconds of UTC.
    package init(_ value: Instant?) { self = value.map { .integer($0.seconds) } ?? .null }
    /// 1 or 0: SQLite has no truth values, so neither does the schema.
    package init(_ value: Bool) { self = .integer(value ? 1 : 0) }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    package init(nilLiteral: ()) { self = .null }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
}
