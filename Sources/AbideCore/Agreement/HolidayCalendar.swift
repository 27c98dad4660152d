/// Holidays from an iCalendar file (RFC 5545): all-day events, each day of one closed. Events of a time of day close nothing and
/// are faults, because nobody could say which hours they mean.
package enum HolidayCalendar {
    package struct Fault: Hashable, Sendable {
        /// From 1.
        package var line: Int
        /// What is wrong; what is allowed.
        package var message: String
    }

    /// Yearly rules go on until the end of this year.
    private static let lastYear = 2099
    private static let limit = 5000

    /// - Returns: the days in order, none twice; they count only where there is no fault.
    package static func read(_ text: String) -> (days: [NamedDate], faults: [Fault]) {
        var days: [String: String] = [:]
        var faults: [Fault] = []
        var event: Event?
        var sawCalendar = false
        for (number, line) in unfolded(text) {
            let (name, parameters, value) = parts(line)
            switch (name, value.uppercased()) {
            case ("BEGIN", "VCALENDAR"): sawCalendar = true
            case ("BEGIN", "VEVENT"): event = Event(line: number)
            case ("END", "VEVENT"):
                if let done = event { take(done, &days, &faults) }
                event = nil
            case ("DTSTART", _): event?.start = Stamp(number, parameters, value)
            case ("DTEND", _): event?.end = Stamp(number, parameters, value)
            case ("SUMMARY", _): event?.summary = unescaped(value)
            case ("STATUS", "CANCELLED"): event?.isCancelled = true
            case ("RRULE", _): event?.rule = (number, value.uppercased())
            case ("RDATE", _), ("EXDATE", _), ("DURATION", _):
                if event != nil { faults.append(Fault(line: number, message: "\(name) is not read; allowed: DTSTART, DTEND and a yearly RRULE")) }
            default: break
            }
            if days.count > limit {
                faults.append(Fault(line: number, message: "the file has more than \(limit) days; allowed: the holidays of one calendar"))
                break
            }
        }
        if !sawCalendar { faults.insert(Fault(line: 1, message: "this is no iCalendar file; allowed: a file that begins with BEGIN:VCALENDAR"), at: 0) }
        if event != nil { faults.append(Fault(line: event?.line ?? 1, message: "the event never ends; allowed: END:VEVENT after it")) }
        return (days.map { NamedDate(date: $0.key, name: $0.value) }.sorted { $0.date < $1.date }, faults)
    }

    private struct Stamp {
        var line: Int
        var text: String
        var date: LocalDate?

        init(_ line: Int, _ parameters: String, _ value: String) {
            self.line = line
            text = value
            let digits = value.utf8.allSatisfy { (48...57).contains($0) }
            guard digits, value.utf8.count == 8 else { return }
            let characters = Array(value)
            date = LocalDate(iso: "\(String(characters[0..<4]))-\(String(characters[4..<6]))-\(String(characters[6...]))")
        }
    }

    private struct Event {
        var line: Int
        var start: Stamp?
        var end: Stamp?
        var summary = ""
        var isCancelled = false
        var rule: (line: Int, text: String)?
    }

    private static func take(_ event: Event, _ days: inout [String: String], _ faults: inout [Fault]) {
        guard !event.isCancelled else { return }
        guard let start = event.start else {
            faults.append(Fault(line: event.line, message: "the event has no DTSTART; allowed: DTSTART;VALUE=DATE:20261225"))
            return
        }
        guard let first = start.date else {
            faults.append(Fault(line: start.line, message: "DTSTART is '\(start.text)', which is no whole day; allowed: a date such as 20261225"))
            return
        }
        var length = 1
        if let end = event.end {
            guard let last = end.date, last.days > first.days, last.days - first.days <= 366 else {
                faults.append(Fault(line: end.line, message: "DTEND is '\(end.text)'; allowed: a date after DTSTART, at most a year later"))
                return
            }
            length = last.days - first.days
        }
        let name = String(event.summary.prefix(80))
        for start in starts(first, event.rule, &faults) {
            for day in 0..<length { days[LocalDate(days: start.days + day).iso] = name }
        }
    }

    /// The first day of each repetition.
    private static func starts(_ first: LocalDate, _ rule: (line: Int, text: String)?, _ faults: inout [Fault]) -> [LocalDate] {
        guard let rule else { return [first] }
        var (interval, count, until) = (1, Int.max, Int.max)
        var isYearly = false
        let civil = first.civil
        for part in rule.text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let value = pair.count == 2 ? pair[1] : ""
            switch pair.first ?? "" {
            case "FREQ" where value == "YEARLY": isYearly = true
            case "INTERVAL": if let number = Int(value), (1...100).contains(number) { interval = number } else { isYearly = false }
            case "COUNT": if let number = Int(value), number >= 1 { count = number } else { isYearly = false }
            case "UNTIL":
                let stamp = Stamp(rule.line, "", String(value.prefix(8)))
                if let date = stamp.date { until = date.days } else { isYearly = false }
            // What repeats DTSTART says nothing new.
            case "BYMONTH" where Int(value) == civil.month, "BYMONTHDAY" where Int(value) == civil.day, "WKST": break
            default:
                faults.append(Fault(line: rule.line, message: "RRULE has '\(part)'; allowed: FREQ=YEARLY on the day of DTSTART, with INTERVAL, COUNT or UNTIL; write other days as dates"))
                return []
            }
        }
        guard isYearly else {
            faults.append(Fault(line: rule.line, message: "RRULE is '\(rule.text.prefix(60))'; allowed: FREQ=YEARLY, with INTERVAL, COUNT or UNTIL"))
            return []
        }
        var result: [LocalDate] = []
        var year = civil.year
        while year <= lastYear, result.count < count {
            // 29 February is kept in leap years only, as the standard has it.
            if let date = LocalDate(iso: iso(year, civil.month, civil.day)) {
                guard date.days <= until else { break }
                result.append(date)
            }
            year += interval
        }
        return result
    }

    private static func iso(_ year: Int, _ month: Int, _ day: Int) -> String {
        func padded(_ number: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(number).count)) + String(number) }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Lines with their continuations (RFC 5545, 3.1), each with the number of its first one.
    private static func unfolded(_ text: String) -> [(Int, String)] {
        var lines: [(Int, String)] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if let last = lines.indices.last, let first = line.first, first == " " || first == "\t" { lines[last].1 += line.dropFirst() } else { lines.append((index + 1, String(line))) }
        }
        return lines
    }

    /// `NAME;PARAMETERS:VALUE`
    private static func parts(_ line: String) -> (name: String, parameters: String, value: String) {
        guard let colon = line.firstIndex(of: ":") else { return ("", "", "") }
        let head = line[..<colon].split(separator: ";", maxSplits: 1).map(String.init)
        return (head.first?.uppercased() ?? "", head.count > 1 ? head[1] : "", String(line[line.index(after: colon)...]))
    }

    private static func unescaped(_ text: String) -> String {
        text.replacing("\\n", with: " ").replacing("\\N", with: " ").replacing("\\,", with: ",").replacing("\\;", with: ";").replacing("\\\\", with: "\\")
    }
}
