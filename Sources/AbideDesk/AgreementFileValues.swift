import AbideCore

/// The small values of an agreement file: what people write, and what it means; nil for what is not allowed.
enum AgreementValues {
    private static let units: [(String, Int64)] = [("s", 1), ("m", 60), ("h", 3600)]

    /// Digits alone, up to 9 of them.
    static func wholeNumber(_ word: String) -> Int? {
        guard (1...9).contains(word.utf8.count), word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(word)
    }

    static func flag(_ word: String) -> Bool? {
        switch word {
        case "true", "yes": true
        case "false", "no": false
        default: nil
        }
    }

    /// `10s`, `30m`, `2h`, `3wd`; up to ten years.
    static func span(_ word: String) -> Span? {
        if word.hasSuffix("wd") {
            return wholeNumber(String(word.dropLast(2))).flatMap { $0 <= 3650 ? .workingDays($0) : nil }
        }
        for (unit, length) in units where word.hasSuffix(unit) {
            guard let count = wholeNumber(String(word.dropLast())), Int64(count) * length <= 315_360_000 else { return nil }
            return .seconds(Int64(count) * length)
        }
        return nil
    }

    /// `30s`, `45m`, `9h`, `14d` in seconds; up to ten years.
    static func duration(_ word: String) -> Int64? {
        if word.hasSuffix("d"), !word.hasSuffix("wd") { return wholeNumber(String(word.dropLast())).flatMap { $0 <= 3650 ? Int64($0) * 86_400 : nil } }
        guard case .seconds(let seconds) = span(word) else { return nil }
        return seconds
    }

    /// `98`, `99.5` or `99.95` in hundredths; a sign for per cent may follow.
    static func hundredths(_ word: String) -> Int? {
        let parts = (word.hasSuffix("%") ? word.dropLast() : word[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = wholeNumber(String(parts[0])), whole <= 1_000_000 else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard parts[1].utf8.count <= 2, let rest = wholeNumber(String(parts[1])) else { return nil }
        return whole * 100 + (parts[1].utf8.count == 1 ? rest * 10 : rest)
    }

    static func isAtLeast(_ span: Span, _ seconds: Int64) -> Bool {
        switch span {
        case .seconds(let length): length >= seconds
        case .workingDays(let days): days > 0 || seconds == 0
        }
    }

    /// True if `a` is surely shorter than `b`; nil where only a calendar could tell.
    static func isShorter(_ a: Span, than b: Span) -> Bool? {
        switch (a, b) {
        case (.seconds(let a), .seconds(let b)): a < b
        case (.workingDays(let a), .workingDays(let b)): a < b
        case (.seconds(0), .workingDays), (.workingDays(0), .seconds): true
        default: nil
        }
    }

    /// `HH:MM` in seconds after midnight; `24:00` is one.
    static func timeOfDay(_ word: some StringProtocol) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = wholeNumber(String(parts[0])), let minute = wholeNumber(String(parts[1])) else { return nil }
        guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
        return hour * 3600 + minute * 60
    }

    /// A date of the Gregorian calendar, `YYYY-MM-DD`, of the years 1900 to 9999.
    static func isDate(_ word: String) -> Bool {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false).map { ($0.utf8.count, wholeNumber(String($0))) }
        guard parts.count == 3, parts[0].0 == 4, parts[1].0 == 2, parts[2].0 == 2, let year = parts[0].1, let month = parts[1].1, let day = parts[2].1 else { return false }
        guard year >= 1900, (1...12).contains(month) else { return false }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    /// A key that stands in the API and in mails: letters and digits, a small letter first.
    static func key(_ word: String) -> String? {
        guard word.utf8.count <= 40, let first = word.utf8.first, (97...122).contains(first) else { return nil }
        return word.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) } ? word : nil
    }

    /// An address without a display name: one `@`, no spaces, a domain.
    static func mailbox(_ word: String) -> String? {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        guard word.utf8.count <= 254, parts.count == 2, !parts[0].isEmpty, parts[1].contains(where: { $0 != "." }) else { return nil }
        let wrong = word.unicodeScalars.contains { $0.value <= 32 || $0.value == 127 || "<>()[],;:\\\"".unicodeScalars.contains($0) }
        return wrong || parts[1].hasPrefix(".") || parts[1].hasSuffix(".") ? nil : word
    }
}
