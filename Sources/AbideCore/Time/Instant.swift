/// A point in time: whole seconds of UTC since 1970-01-01T00:00:00Z, as `clock.md` counts them.
/// Not `Date`, which is a `Double`.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    package var seconds: Int64

    package init(_ seconds: Int64) { self.seconds = seconds }

    package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }

    /// Elapsed (wall) seconds added; for working time see `WorkingCalendar`.
    package static func + (a: Instant, elapsed: Int64) -> Instant { Instant(a.seconds + elapsed) }
    package static func - (a: Instant, elapsed: Int64) -> Instant { Instant(a.seconds - elapsed) }
    package static func - (a: Instant, b: Instant) -> Int64 { a.seconds - b.seconds }

    package init(from decoder: any Decoder) throws {
        seconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

/// A length of working time in whole seconds. A type of its own, so that elapsed and worked can't be mixed.
package struct WorkingTime: Hashable, Comparable, Sendable, Codable {
    package var seconds: Int64

    package init(_ seconds: Int64) { self.seconds = seconds }

    package static let zero = WorkingTime(0)
    package static func < (a: WorkingTime, b: WorkingTime) -> Bool { a.seconds < b.seconds }
    package static func + (a: WorkingTime, b: WorkingTime) -> WorkingTime { WorkingTime(a.seconds + b.seconds) }
    package static func - (a: WorkingTime, b: WorkingTime) -> WorkingTime { WorkingTime(a.seconds - b.seconds) }

    package init(from decoder: any Decoder) throws {
        seconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}
