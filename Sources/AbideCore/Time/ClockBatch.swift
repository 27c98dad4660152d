/// Answers the lines of `abide clock batch`: one question of working time a line, one answer a line. A fault anywhere in a
/// line is an error, also where the answer would not need that part.
package struct ClockBatch {
    private let rules: (String) throws -> ZoneRules

    /// `rules` gives the rules of a zone by its name, or throws what is wrong with it.
    package init(rules: @escaping (String) throws -> ZoneRules) { self.rules = rules }

    /// The answer to one line, as compact JSON without the newline.
    package func answer(to line: some Collection<UInt8>) -> String {
        var id: String?
        do throws(ClockLineFault) {
            let fields = try parse(line)
            // Before anything else, so that an error names its line.
            if case .string(let text)? = fields["id"] { id = text }
            let question = try ClockQuestion(fields)
            return try answer(question)
        } catch {
            return "{\"id\":\(id.map(JSONText.quoted) ?? "null"),\"error\":\(JSONText.quoted(error.description))}"
        }
    }

    private func parse(_ line: some Collection<UInt8>) throws(ClockLineFault) -> [String: JSONText] {
        do {
            guard case .object(let fields) = try JSONText(parsing: line) else { throw ClockLineFault("a line is one JSON object") }
            return fields
        } catch let fault as JSONText.Fault {
            throw ClockLineFault("no JSON: \(fault.description) (after \(fault.position) bytes)")
        } catch {
            throw error as? ClockLineFault ?? ClockLineFault("\(error)")
        }
    }

    private func answer(_ question: ClockQuestion) throws(ClockLineFault) -> String {
        let calendar = try calendar(question)
        let id = JSONText.quoted(question.id)
        let due: Instant?
        switch question.operation {
        case .between(let start, let end):
            return "{\"id\":\(id),\"seconds\":\(calendar.worked(from: start, to: end, without: question.suspended))}"
        case .add(let start, let seconds):
            due = calendar.instant(after: start, working: seconds, without: question.suspended)
        case .addDays(let start, let days, .endOfDay):
            due = calendar.endOfDay(after: start, days: Int(days))
        case .addDays(let start, let days, .rolling):
            guard let nominal = calendar.nominalDay else { throw ClockLineFault("week: it is never open, so a working day has no length; name a nominalDay") }
            let (seconds, overflow) = days.multipliedReportingOverflow(by: nominal)
            due = overflow ? nil : calendar.instant(after: start, working: seconds, without: question.suspended)
        }
        guard let due else { throw ClockLineFault("no due instant: not enough open time before the year 10000") }
        return "{\"id\":\(id),\"due\":\"\(due.rfc3339)\"}"
    }

    private func calendar(_ question: ClockQuestion) throws(ClockLineFault) -> WorkingCalendar {
        let zone: ZoneRules
        do {
            zone = try rules(question.calendar.zone)
        } catch {
            throw ClockLineFault("zone: \(error)")
        }
        let year = LocalDate(days: question.operation.start.seconds.quotientAndModulus(86_400).quotient).year
        do {
            // One year is expanded; a question that reaches further pays for it then.
            return try WorkingCalendar(terms: question.calendar, zone: zone, expanding: year...year)
        } catch {
            throw ClockLineFault(error.description)
        }
    }
}

struct ClockLineFault: Error {
    var description: String
    init(_ description: String) { self.description = description }
}

/// One line of the batch, checked.
private struct ClockQuestion {
    enum Operation {
        case add(start: Instant, seconds: Int64)
        case addDays(start: Instant, days: Int64, DayMode)
        case between(start: Instant, end: Instant)

        var start: Instant {
            switch self {
            case .add(let start, _), .addDays(let start, _, _), .between(let start, _): start
            }
        }
    }

    var id: String
    var calendar: CalendarTerms
    var suspended: Suspensions
    var operation: Operation

    private static let keys: Set<String> = [
        "id", "zone", "week", "holidays", "exceptions", "suspended", "nominalDay", "op", "start", "end", "seconds", "days", "mode",
    ]

    init(_ fields: [String: JSONText]) throws(ClockLineFault) {
        for key in fields.keys.sorted() where !ClockQuestion.keys.contains(key) {
            throw ClockLineFault("\(key): no such key; there are \(ClockQuestion.keys.sorted().joined(separator: ", "))")
        }
        let read = FieldReader(fields: fields)
        id = try read.required("id", read.text("id"))
        let zone = try read.required("zone", read.text("zone"))
        let week = try read.required("week", read.week())
        let (rules, holidays) = try read.holidays()
        calendar = CalendarTerms(
            name: "", zone: zone, week: week, holidayRules: rules, holidays: holidays, exceptions: try read.exceptions(),
            nominalDay: try read.whole("nominalDay", from: 1))
        suspended = try read.suspended()
        // All of them are looked at, whatever the operation: a fault anywhere is an error.
        let op = try read.required("op", read.text("op"))
        let start = try read.required("start", read.instant("start"))
        let end = try read.instant("end")
        let seconds = try read.whole("seconds", from: 0)
        let days = try read.whole("days", from: 0)
        let mode = try read.text("mode")
        let dayMode = mode.map { DayMode(rawValue: $0) } ?? .rolling
        guard let dayMode else { throw ClockLineFault("mode: it is rolling or endOfDay") }
        switch op {
        case "add": operation = .add(start: start, seconds: try read.required("seconds", seconds))
        case "addDays": operation = .addDays(start: start, days: try read.required("days", days), dayMode)
        case "between": operation = .between(start: start, end: try read.required("end", end))
        default: throw ClockLineFault("op: it is add, addDays or between")
        }
    }
}

/// The parts of a line, each nil where it is missing and a fault where it makes no sense.
private struct FieldReader {
    let fields: [String: JSONText]

    func required<T>(_ key: String, _ value: T?) throws(ClockLineFault) -> T {
        guard let value else { throw ClockLineFault("\(key): it is missing") }
        return value
    }

    func text(_ key: String) throws(ClockLineFault) -> String? {
        guard let field = fields[key] else { return nil }
        guard case .string(let text) = field else { throw ClockLineFault("\(key): it has to be text") }
        return text
    }

    /// A whole number of at least `least`; one beyond 64 bits counts as the largest.
    func whole(_ key: String, from least: Int64) throws(ClockLineFault) -> Int64? {
        guard let field = fields[key] else { return nil }
        let fault = ClockLineFault("\(key): it has to be a whole number, \(least) or more")
        guard case .number(let text) = field, text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }) else { throw fault }
        let value = Int64(text) ?? (text.hasPrefix("-") ? .min : .max)
        guard value >= least else { throw fault }
        return value
    }

    func instant(_ key: String) throws(ClockLineFault) -> Instant? {
        guard let field = fields[key] else { return nil }
        return try instant(field, key)
    }

    private func instant(_ value: JSONText, _ key: String) throws(ClockLineFault) -> Instant {
        guard case .string(let text) = value, let instant = Instant(rfc3339: text) else {
            throw ClockLineFault("\(key): instants are written in UTC as 2026-03-06T14:00:00Z")
        }
        return instant
    }

    func week() throws(ClockLineFault) -> [[DayHours]]? {
        guard let field = fields["week"] else { return nil }
        guard case .object(let days) = field else { throw ClockLineFault("week: it has to be an object with mon to sun") }
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        for key in days.keys.sorted() where !names.contains(key) { throw ClockLineFault("week: \(key) is no weekday; there are mon to sun") }
        var week: [[DayHours]] = []
        for name in names { week.append(try days[name].map { (day) throws(ClockLineFault) in try hours(day, "week.\(name)") } ?? []) }
        return week
    }

    func holidays() throws(ClockLineFault) -> (rules: [String], dates: [NamedDate]) {
        switch fields["holidays"] {
        case nil: return ([], [])
        case .string(let rule)?: return ([rule], [])
        case .array(let elements)?:
            var dates: [NamedDate] = []
            for element in elements {
                guard case .string(let text) = element, LocalDate(iso: text) != nil else { throw ClockLineFault("holidays: dates are written YYYY-MM-DD") }
                dates.append(NamedDate(date: text, name: ""))
            }
            return ([], dates)
        default: throw ClockLineFault("holidays: a list of dates, or the name of a rule set")
        }
    }

    func exceptions() throws(ClockLineFault) -> [ExceptionDay] {
        guard let field = fields["exceptions"] else { return [] }
        guard case .object(let dates) = field else { throw ClockLineFault("exceptions: an object of dates, each with its hours") }
        var result: [ExceptionDay] = []
        for (date, value) in dates {
            guard LocalDate(iso: date) != nil else { throw ClockLineFault("exceptions: \(date) is no date; dates are written YYYY-MM-DD") }
            result.append(ExceptionDay(date: date, hours: try hours(value, "exceptions.\(date)")))
        }
        return result
    }

    func suspended() throws(ClockLineFault) -> Suspensions {
        guard let field = fields["suspended"] else { return Suspensions([]) }
        let fault = ClockLineFault("suspended: a list of [from, to]")
        guard case .array(let elements) = field else { throw fault }
        var result: [Suspensions.Stretch] = []
        for element in elements {
            guard case .array(let pair) = element, pair.count == 2 else { throw fault }
            let stretch = Suspensions.Stretch(from: try instant(pair[0], "suspended"), to: try instant(pair[1], "suspended"))
            guard stretch.from <= stretch.to else { throw ClockLineFault("suspended: one ends before it starts") }
            result.append(stretch)
        }
        return Suspensions(result)
    }

    private func hours(_ value: JSONText, _ place: String) throws(ClockLineFault) -> [DayHours] {
        let fault = ClockLineFault("\(place): hours are a list of [open, close], written HH:MM")
        guard case .array(let elements) = value else { throw fault }
        var result: [DayHours] = []
        for element in elements {
            guard case .array(let pair) = element, pair.count == 2, let open = FieldReader.time(pair[0]), let close = FieldReader.time(pair[1]) else { throw fault }
            guard open < close else { throw ClockLineFault("\(place): hours close after they open; over midnight they are written as two, to 24:00 and from 00:00") }
            result.append(DayHours(open: open, close: close))
        }
        return result
    }

    /// `HH:MM` in seconds, to `24:00`, which can only be a close since nothing comes after it.
    private static func time(_ value: JSONText) -> Int? {
        guard case .string(var text) = value else { return nil }
        return text.withUTF8 { bytes in
            guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = decimal(bytes, 0, 2), let minute = decimal(bytes, 3, 2),
                minute < 60, hour < 24 || hour == 24 && minute == 0
            else { return nil }
            return hour * 3600 + minute * 60
        }
    }
}
