/// The rule in the footer of a TZif file: a POSIX `TZ` string with the extensions of RFC 9636 section 3.3.1
/// (names in `<>`, times of change from -167 to 167 hours).
struct PosixRule: Sendable {
    struct Kind: Sendable {
        /// Seconds east of UTC.
        var offset: Int
        var abbreviation: String
    }

    enum Day: Sendable {
        /// `Mm.w.d`: weekday `d` (0 is Sunday) of week `w` (5 is the last) of month `m`.
        case weekday(month: Int, week: Int, weekday: Int)
        /// `Jn`: day 1 to 365; 29 February is never counted.
        case julian(Int)
        /// `n`: day 0 to 365, 29 February counted.
        case ordinal(Int)
    }

    struct Change: Sendable {
        var day: Day
        /// Seconds after midnight of that day, by the wall clock as it was before the change.
        var time: Int
    }

    var standard: Kind
    /// Summer time with its start and end; nil: none.
    var daylight: (kind: Kind, start: Change, end: Change)?

    /// nil where the text is no such rule.
    init?(_ text: some Sequence<UInt8>) {
        var scanner = Scanner(bytes: Array(text))
        guard let name = scanner.name(), let west = scanner.time(hoursUpTo: 24) else { return nil }
        standard = Kind(offset: -west, abbreviation: name)
        if scanner.isAtEnd { return }
        guard let daylightName = scanner.name() else { return nil }
        var daylightOffset = standard.offset + 3600
        if scanner.peek != UInt8(ascii: ",") {
            guard let west = scanner.time(hoursUpTo: 24) else { return nil }
            daylightOffset = -west
        }
        guard let start = scanner.change(), let end = scanner.change(), scanner.isAtEnd else { return nil }
        daylight = (Kind(offset: daylightOffset, abbreviation: daylightName), start, end)
    }

    /// The two changes that the rule places in `year`, in the order in which they are to be applied if they coincide.
    func changes(in year: Int) -> [(at: Int64, isDaylight: Bool)] {
        guard let daylight else { return [] }
        return [
            (PosixRule.instant(of: daylight.start, year, offsetBefore: standard.offset), true),
            (PosixRule.instant(of: daylight.end, year, offsetBefore: daylight.kind.offset), false),
        ]
    }

    private static func instant(of change: Change, _ year: Int, offsetBefore: Int) -> Int64 {
        let day: Int
        switch change.day {
        case .weekday(let month, let week, let weekday):
            let first = LocalDate(days: LocalDate.days(year: year, month: month, day: 1))
            var offset = ((weekday + 6) % 7 - first.weekday + 7) % 7 + (week - 1) * 7
            if offset >= LocalDate.length(ofMonth: month, year: year) { offset -= 7 }
            day = first.days + offset
        case .julian(let number):
            day = LocalDate.days(year: year, month: 1, day: 1) + number - (LocalDate.isLeap(year) && number >= 60 ? 0 : 1)
        case .ordinal(let number):
            day = LocalDate.days(year: year, month: 1, day: 1) + number
        }
        return Int64(day * 86_400 + change.time - offsetBefore)
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func name() -> String? {
        let quoted = take("<")
        let start = position
        while let byte = peek {
            let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
            let isSignOrDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            guard isLetter || quoted && isSignOrDigit else { break }
            position += 1
        }
        let name = bytes[start..<position]
        guard name.count >= 3, !quoted || take(">") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    mutating func number(upTo limit: Int) -> Int? {
        let start = position
        var value = 0
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), position - start < 3 {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            position += 1
        }
        return position > start && value <= limit ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hoursUpTo hours: Int) -> Int? {
        let negative = take("-")
        if !negative { _ = take("+") }
        guard var seconds = number(upTo: hours).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] where take(":") {
            guard let part = number(upTo: 59) else { return nil }
            seconds += part * unit
        }
        return negative ? -seconds : seconds
    }

    /// `,day[/time]`; the time is 02:00 where it is left out.
    mutating func change() -> PosixRule.Change? {
        guard take(",") else { return nil }
        let day: PosixRule.Day
        if take("M") {
            guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0, take("."), let weekday = number(upTo: 6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if take("J") {
            guard let number = number(upTo: 365), number > 0 else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(upTo: 365) else { return nil }
            day = .ordinal(number)
        }
        guard take("/") else { return PosixRule.Change(day: day, time: 7200) }
        return time(hoursUpTo: 167).map { PosixRule.Change(day: day, time: $0) }
    }
}
