/// Why a calendar can't be made of its terms.
package struct CalendarFault: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

/// The dates of a calendar: which hours are open on each, by the wall clock, whatever the clocks do.
struct CalendarDays: Sendable {
    /// Monday first; in order and disjoint.
    let week: [[DayHours]]
    private let rules: [@Sendable (LocalDate) -> String?]
    private let holidays: [Int: String]
    private let exceptions: [Int: [DayHours]]
    /// Dates with open hours of their own, in order.
    let openExceptions: [Int]
    /// The first and last date that is named in the terms; nil: none is.
    let named: ClosedRange<Int>?
    /// The week itself has open hours.
    let isWeekOpen: Bool

    init(_ terms: CalendarTerms) throws(CalendarFault) {
        guard terms.week.count == 7 else { throw CalendarFault("a week has seven days, here are \(terms.week.count)") }
        var week: [[DayHours]] = []
        for hours in terms.week { week.append(try CalendarDays.united(hours)) }
        self.week = week
        isWeekOpen = week.contains { !$0.isEmpty }
        var rules: [@Sendable (LocalDate) -> String?] = []
        for name in terms.holidayRules {
            guard let rule = HolidayRules.all.first(where: { $0.name == name }) else {
                throw CalendarFault("there is no set of holidays named \(name); there are \(HolidayRules.names.joined(separator: ", "))")
            }
            rules.append(rule.holiday)
        }
        self.rules = rules
        var holidays: [Int: String] = [:]
        for holiday in terms.holidays {
            holidays[try CalendarDays.date(holiday.date).days] = holiday.name.isEmpty ? "holiday" : holiday.name
        }
        self.holidays = holidays
        var exceptions: [Int: [DayHours]] = [:]
        for exception in terms.exceptions {
            let hours = try CalendarDays.united(exception.hours)
            guard exceptions.updateValue(hours, forKey: try CalendarDays.date(exception.date).days) == nil else {
                throw CalendarFault("\(exception.date) has its own hours twice")
            }
        }
        self.exceptions = exceptions
        openExceptions = exceptions.filter { !$0.value.isEmpty }.keys.sorted()
        let dates = [holidays.keys.min(), holidays.keys.max(), exceptions.keys.min(), exceptions.keys.max()].compactMap(\.self)
        named = dates.min().flatMap { first in dates.max().map { first...$0 } }
    }

    func hours(on date: LocalDate) -> [DayHours] {
        if let named, named.contains(date.days) {
            if let own = exceptions[date.days] { return own }
            if holidays[date.days] != nil { return [] }
        }
        let hours = week[date.weekday]
        return !hours.isEmpty && rules.contains { $0(date) != nil } ? [] : hours
    }

    func holiday(on date: LocalDate) -> String? {
        if exceptions[date.days] != nil { return nil }
        return holidays[date.days] ?? rules.lazy.compactMap { $0(date) }.first
    }

    /// The most common total among the open weekdays, the larger on a tie; nil where none is open.
    var mostCommonTotal: Int64? {
        var counts: [Int: Int] = [:]
        for hours in week where !hours.isEmpty { counts[hours.reduce(0) { $0 + $1.close - $1.open }, default: 0] += 1 }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }.map { Int64($0.key) }
    }

    private static func date(_ text: String) throws(CalendarFault) -> LocalDate {
        guard let date = LocalDate(iso: text) else { throw CalendarFault("\(text) is no date; dates are written YYYY-MM-DD") }
        return date
    }

    /// In order, with what touches or overlaps made one.
    private static func united(_ hours: [DayHours]) throws(CalendarFault) -> [DayHours] {
        var result: [DayHours] = []
        for one in hours.sorted(by: { $0.open < $1.open }) {
            guard one.open >= 0, one.open < one.close, one.close <= 86_400 else {
                throw CalendarFault("hours are from 00:00 to 24:00 and close after they open")
            }
            if let last = result.indices.last, result[last].close >= one.open {
                result[last].close = max(result[last].close, one.close)
            } else {
                result.append(one)
            }
        }
        return result
    }
}
