import Synchronization

/// When the desk is open: the hours of an agreement in the clocks of a zone. An instant is open if and only if the wall clock
/// shows, at that instant, a date and time that the calendar holds open; all else follows from that.
package final class WorkingCalendar: Sendable {
    package let zone: ZoneRules
    /// What "one working day" is in working seconds: as the agreement names it, or the most common total of the open
    /// weekdays (the larger on a tie); nil where the week is never open.
    package let nominalDay: Int64?

    let days: CalendarDays
    /// The years that questions are usually about, expanded once, read without a lock.
    private let table: OpenTable
    private let far: Mutex<FarYears>
    /// From this year of UTC on everything repeats every 400 years.
    private let settledYear: Int

    private struct FarYears {
        var tables: [Int: OpenTable] = [:]
        var totals: [Int: Int64] = [:]
    }

    /// `expanding`: the years of UTC for which questions are to be fast; others are answered too.
    package init(terms: CalendarTerms, zone: ZoneRules, expanding years: ClosedRange<Int> = 2015...2045) throws(CalendarFault) {
        days = try CalendarDays(terms)
        self.zone = zone
        if let named = terms.nominalDay {
            guard named >= 1 else { throw CalendarFault("a nominal day is 1 second or more") }
            nominalDay = named
        } else {
            nominalDay = days.mostCommonTotal
        }
        let lastNamed = days.named.map { LocalDate(days: $0.upperBound).year + 2 } ?? 0
        // Juneteenth came in 2021.
        settledYear = max(zone.settledYear, lastNamed, 2023)
        table = WorkingCalendar.expand(years.clamped(to: 0...9999), days, zone)
        far = Mutex(FarYears())
    }

    // MARK: Questions

    /// The open seconds in `[from, to)`; the negative of the other way round where `to` lies before `from`.
    package func worked(from: Instant, to: Instant) -> Int64 {
        let (a, b) = (from.seconds, to.seconds)
        if table.contains(a), table.contains(b) { return table.open(before: b) - table.open(before: a) }
        return a <= b ? workedFar(from: a, to: b) : -workedFar(from: b, to: a)
    }

    /// The earliest instant `u >= after` with `working` open seconds in `[after, u)`; `after` itself for 0, also outside hours.
    /// nil where there is none before the year 10000, or `working` is negative.
    package func instant(after: Instant, working: Int64) -> Instant? {
        guard working > 0 else { return working == 0 ? after : nil }
        let t = after.seconds
        if table.contains(t) {
            let done = table.open(before: t)
            if working <= table.total - done {
                let due = table.instant(after: done + working)
                return due < Instant.endOfTime.seconds ? Instant(due) : nil
            }
        }
        return instantFar(after: t, working: working)
    }

    /// The last close of the `days`-th open day after the day on which the count starts, which is the day of the next
    /// opening where `after` lies outside hours. nil where there is none before the year 10000.
    package func endOfDay(after: Instant, days count: Int) -> Instant? {
        guard count >= 0, let firstSecond = instant(after: after, working: 1) else { return nil }
        let first = zone.local(firstSecond - 1).date
        let lastDate = (days.isWeekOpen ? nil : days.openExceptions.last) ?? LocalDate.days(year: 10_000, month: 1, day: 1)
        guard count <= lastDate - first.days else { return nil }
        var closes = DayCloses(days: days, zone: zone)
        var left = count
        var date = first
        // The day on which the count starts is number 0, and open.
        while left > 0 {
            date.days += 1
            guard date.days <= lastDate else { return nil }
            if closes.last(on: date) != nil { left -= 1 }
        }
        guard let close = closes.last(on: date), close < Instant.endOfTime.seconds else { return nil }
        return Instant(close)
    }

    /// The open stretches within `[from, to)`, in order, disjoint, clipped to it.
    package func open(from: Instant, to: Instant) -> [(from: Instant, to: Instant)] {
        var result: [(from: Instant, to: Instant)] = []
        eachStretch(from: from.seconds, to: to.seconds) { stretch in
            for span in source(of: stretch).spans(from: stretch.from, to: stretch.to) {
                if let last = result.indices.last, result[last].to.seconds == span.from {
                    result[last].to = Instant(span.to)
                } else {
                    result.append((Instant(span.from), Instant(span.to)))
                }
            }
            return true
        }
        return result
    }

    package func isOpen(_ instant: Instant) -> Bool { worked(from: instant, to: instant + 1) == 1 }

    /// The name of the holiday that closes this date; nil where none does, also where the date has hours of its own.
    package func holiday(on date: LocalDate) -> String? { days.holiday(on: date) }

    // MARK: Beyond the table

    /// A part of the table, or of one year outside it.
    private struct Stretch {
        var from, to: Int64
        /// nil: the table.
        var year: Int?
        /// All of the year.
        var isWhole: Bool
    }

    /// Cuts `[from, to)` into the table's part and single years; leaves out what lies before year 0, after year 9999, or where
    /// no date is ever open. Stops where `visit` answers false.
    private func eachStretch(from: Int64, to: Int64, _ visit: (Stretch) -> Bool) {
        var t = max(from, Instant.startOfTime.seconds)
        var end = min(to, Instant.endOfTime.seconds)
        if !days.isWeekOpen {
            guard let first = days.openExceptions.first, let last = days.openExceptions.last else { return }
            t = max(t, Int64(first - 2) * 86_400)
            end = min(end, Int64(last + 3) * 86_400)
        }
        while t < end {
            let stretch: Stretch
            if t >= table.low, t < table.high {
                stretch = Stretch(from: t, to: min(end, table.high), year: nil, isWhole: false)
            } else {
                let year = LocalDate(days: t.quotientAndModulus(86_400).quotient).year
                let close = WorkingCalendar.start(of: year + 1)
                stretch = Stretch(from: t, to: min(end, close), year: year, isWhole: end >= close && t == WorkingCalendar.start(of: year))
            }
            guard visit(stretch) else { return }
            t = stretch.to
        }
    }

    private func workedFar(from: Int64, to: Int64) -> Int64 {
        var sum: Int64 = 0
        eachStretch(from: from, to: to) { stretch in
            sum += open(in: stretch)
            return true
        }
        return sum
    }

    private func instantFar(after t: Int64, working: Int64) -> Instant? {
        let end = Instant.endOfTime.seconds
        // No more can be open than goes by; this also keeps the sums from overflowing.
        guard t < end, working < end - max(t, Instant.startOfTime.seconds) else { return nil }
        var left = working
        var due: Int64?
        eachStretch(from: t, to: end) { stretch in
            let here = open(in: stretch)
            guard left <= here else {
                left -= here
                return true
            }
            let source = source(of: stretch)
            due = source.instant(after: source.open(before: stretch.from) + left)
            return false
        }
        return due.flatMap { $0 < end ? Instant($0) : nil }
    }

    private func open(in stretch: Stretch) -> Int64 {
        if stretch.isWhole, let year = stretch.year { return total(of: year) }
        let source = source(of: stretch)
        return source.open(before: stretch.to) - source.open(before: stretch.from)
    }

    private func source(of stretch: Stretch) -> OpenTable {
        guard let year = stretch.year else { return table }
        if let known = far.withLock({ $0.tables[year] }) { return known }
        let made = WorkingCalendar.expand(year...year, days, zone)
        far.withLock {
            // A bound on memory: a walk through the centuries needs none of them again.
            if $0.tables.count >= 64 { $0.tables.removeAll() }
            $0.tables[year] = made
        }
        return made
    }

    private func total(of year: Int) -> Int64 {
        let key = year < settledYear ? year : settledYear + (year - settledYear) % 400
        if let known = far.withLock({ $0.totals[key] }) { return known }
        let total = WorkingCalendar.expand(key...key, days, zone).total
        far.withLock { $0.totals[key] = total }
        return total
    }

    private static func start(of year: Int) -> Int64 { Int64(LocalDate.days(year: year, month: 1, day: 1)) * 86_400 }

    private static func expand(_ years: ClosedRange<Int>, _ days: CalendarDays, _ zone: ZoneRules) -> OpenTable {
        let low = start(of: years.lowerBound)
        let high = start(of: years.upperBound + 1)
        var spans: [OpenTable.Span] = []
        for segment in zone.segments(from: low, to: high) {
            let offset = Int64(segment.offset)
            var date = LocalDate(days: (segment.from + offset).quotientAndModulus(86_400).quotient)
            let last = (segment.to + offset - 1).quotientAndModulus(86_400).quotient
            while date.days <= last {
                let midnight = Int64(date.days) * 86_400 - offset
                for hours in days.hours(on: date) {
                    let from = max(segment.from, midnight + Int64(hours.open))
                    let to = min(segment.to, midnight + Int64(hours.close))
                    guard from < to else { continue }
                    if let previous = spans.indices.last, spans[previous].to == from {
                        spans[previous].to = to
                    } else {
                        spans.append(OpenTable.Span(from: from, to: to, before: 0))
                    }
                }
                date.days += 1
            }
        }
        return OpenTable(low: low, high: high, spans: spans)
    }
}

/// The last close of one date after another; remembers the stretch of one offset in which it is.
private struct DayCloses {
    let days: CalendarDays
    let zone: ZoneRules
    private var segment = ZoneRules.Segment(from: 0, to: 0, offset: 0)

    init(days: CalendarDays, zone: ZoneRules) {
        self.days = days
        self.zone = zone
    }

    /// The end of the last instants that show `date` as open; nil where none does.
    mutating func last(on date: LocalDate) -> Int64? {
        let hours = days.hours(on: date)
        guard let close = hours.last?.close else { return nil }
        let midnight = Int64(date.days) * 86_400
        // Offsets are less than 26 hours, so the date is shown within these bounds if at all.
        let (earliest, latest) = (midnight - 2 * 86_400, midnight + 3 * 86_400)
        if segment.from > earliest || segment.to < latest {
            let segments = zone.segments(from: earliest, to: midnight + 200 * 86_400)
            guard segments[0].to >= latest else { return DayCloses.last(hours, midnight, segments) }
            segment = segments[0]
        }
        return midnight + Int64(close) - Int64(segment.offset)
    }

    private static func last(_ hours: [DayHours], _ midnight: Int64, _ segments: [ZoneRules.Segment]) -> Int64? {
        var last: Int64?
        for segment in segments {
            for one in hours {
                let from = max(segment.from, midnight + Int64(one.open - segment.offset))
                let to = min(segment.to, midnight + Int64(one.close - segment.offset))
                if from < to { last = max(last ?? to, to) }
            }
        }
        return last
    }
}
