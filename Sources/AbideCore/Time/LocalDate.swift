/// A date of the proleptic Gregorian calendar, without a zone: days since 1970-01-01.
package struct LocalDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; may be negative.
    package var days: Int

    package init(days: Int) { self.days = days }

    /// nil where no calendar has that day, such as 30 February.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= LocalDate.length(ofMonth: month, year: year) else { return nil }
        days = LocalDate.days(year: year, month: month, day: day)
    }

    /// Exactly `YYYY-MM-DD`, years 0000 to 9999; nil for anything else.
    package init?(iso: String) {
        var iso = iso
        let date = iso.withUTF8 { $0.count == 10 ? LocalDate(isoBytes: $0, at: 0) : nil }
        guard let date else { return nil }
        self = date
    }

    /// Ten bytes `YYYY-MM-DD` from `start` on.
    init?(isoBytes bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        guard let year = decimal(bytes, start, 4), bytes[start + 4] == UInt8(ascii: "-"),
            let month = decimal(bytes, start + 5, 2), bytes[start + 7] == UInt8(ascii: "-"),
            let day = decimal(bytes, start + 8, 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (a: LocalDate, b: LocalDate) -> Bool { a.days < b.days }

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var day: Int { civil.day }

    /// 0 is Monday, 6 is Sunday. (1970-01-01 was a Thursday.)
    package var weekday: Int { ((days + 3) % 7 + 7) % 7 }

    /// `YYYY-MM-DD`.
    package var iso: String {
        let (year, month, day) = civil
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.date(year, month, day)
            return writer.count
        }
    }

    /// Year, month and day by integer arithmetic on the 400-year cycle, with years that begin in March.
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// `count` ASCII digits from `start` on; nil where one is something else.
func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<start + count {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        value = value * 10 + Int(digit)
    }
    return value
}

/// Writes numbers as ASCII digits.
struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func byte(_ byte: Unicode.Scalar) {
        buffer[count] = UInt8(ascii: byte)
        count += 1
    }

    mutating func padded(_ value: Int, _ width: Int) {
        var rest = value
        for index in stride(from: count + width - 1, through: count, by: -1) {
            buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += width
    }

    /// Years beyond four digits get a sign and as many digits as they need (ISO 8601, expanded).
    mutating func date(_ year: Int, _ month: Int, _ day: Int) {
        if year < 0 || year > 9999 {
            byte(year < 0 ? "-" : "+")
            padded(abs(year), max(4, String(abs(year)).count))
        } else {
            padded(year, 4)
        }
        byte("-")
        padded(month, 2)
        byte("-")
        padded(day, 2)
    }
}
