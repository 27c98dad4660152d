/// Instants in the words of one zone and of the reader's language: `12:06`, `Fri 13 March, 12:06`; the day is left out only where it is today's.
package struct TimeWords: Sendable {
    /// Where these times hold, as people say it: "Dallas". Empty where nobody needs to be told.
    package var place: String
    /// What days and months are called, and how they are put together.
    package let names: Tongue.Writing
    private let offset: @Sendable (Instant) -> Int64

    /// `offset`: seconds east of UTC at an instant.
    /// - Parameter names: of the reader's language where nothing else is said.
    package init(place: String, names: Tongue.Writing = Tongue.current.writing, offset: @escaping @Sendable (Instant) -> Int64) {
        self.place = place
        self.names = names
        self.offset = offset
    }

    /// What a wall clock and a calendar on the wall show.
    package struct Wall: Hashable, Sendable {
        package var year: Int
        package var month: Int
        package var day: Int
        /// Days since 1970-01-01.
        package var dayNumber: Int
        /// 0 is Monday.
        package var weekday: Int
        /// Since local midnight.
        package var second: Int
    }

    package func wall(_ t: Instant) -> Wall {
        let local = t.seconds + offset(t)
        let number = local >= 0 ? local / 86_400 : -((86_399 - local) / 86_400)
        let second = Int(local - number * 86_400)
        // Days to civil date over 400-year eras, after H. Hinnant's chrono algorithms.
        let z = number + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        return Wall(
            year: Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month: month, day: Int(dayOfYear - (153 * shifted + 2) / 5) + 1,
            dayNumber: Int(number), weekday: Int(((number + 3) % 7 + 7) % 7), second: second)
    }

    package static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    package static let shortWeekdays = weekdays.map { String($0.prefix(3)) }
    package static let shortMonths = months.map { String($0.prefix(3)) }
    package static let months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

    /// `12:06`, or `12:06:22` where seconds matter.
    package func clock(_ t: Instant, seconds: Bool = false) -> String {
        Self.clock(wall(t).second, seconds: seconds)
    }

    private static func clock(_ second: Int, seconds: Bool) -> String {
        let short = Digits.two(second / 3600) + ":" + Digits.two(second / 60 % 60)
        return seconds ? short + ":" + Digits.two(second % 60) : short
    }

    /// `Fri`
    package func weekday(_ t: Instant) -> String { names.shortWeekdays[wall(t).weekday] }

    /// `Fri 13`
    package func day(_ t: Instant) -> String { weekday(t) + dayNumber(t) }

    /// ` 13`, as it follows the weekday.
    package func dayNumber(_ t: Instant) -> String { " " + Digits.plain(wall(t).day) + names.afterDay }

    /// `Friday 13 March`, with the year where it isn't now's.
    package func longDay(_ t: Instant, now: Instant? = nil) -> String {
        let w = wall(t)
        let day = names.weekdays[w.weekday] + names.afterWeekday + " " + Digits.plain(w.day) + names.afterDay + names.beforeMonth + names.months[w.month - 1]
        if let now, wall(now).year != w.year { return day + names.beforeMonth + String(w.year) }
        return day
    }

    /// `13 March 2026`
    package func date(_ t: Instant) -> String {
        let w = wall(t)
        return String(w.day) + names.afterDay + names.beforeMonth + names.months[w.month - 1] + names.beforeMonth + String(w.year)
    }

    /// `12:06` today, `Fri 12:06` within six days of now, else `13 Mar 12:06`, with the year where it isn't now's.
    package func stamp(_ t: Instant, now: Instant, seconds: Bool = false) -> String {
        let w = wall(t), today = wall(now)
        let time = Self.clock(w.second, seconds: seconds)
        let distance = abs(w.dayNumber - today.dayNumber)
        if distance == 0 { return time }
        if distance < 7 { return names.shortWeekdays[w.weekday] + " " + time }
        let date = Digits.plain(w.day) + names.afterDay + " " + names.shortMonths[w.month - 1]
        return w.year == today.year ? date + " " + time : "\(date) \(w.year) \(time)"
    }

    /// `Friday 13 March, 12:06`, never without its day.
    package func full(_ t: Instant, now: Instant? = nil, seconds: Bool = false) -> String {
        longDay(t, now: now) + ", " + clock(t, seconds: seconds) + names.afterTime
    }

    /// True where both zones show the same wall time at that instant.
    package func agrees(with other: TimeWords, at t: Instant) -> Bool { offset(t) == other.offset(t) }

    package func sameDay(_ a: Instant, _ b: Instant) -> Bool { wall(a).dayNumber == wall(b).dayNumber }

    /// Seconds until the next local midnight, never 0.
    package func untilMidnight(_ t: Instant) -> Int64 { 86_400 - Int64(wall(t).second) }

}

/// Small numbers as text, made once: a page says some hundred times and lengths.
enum Digits {
    private static let pairs = (0..<100).map { $0 < 10 ? "0\($0)" : "\($0)" }
    private static let numbers = (0..<100).map { "\($0)" }

    /// `07`; 0 to 99.
    static func two(_ n: some BinaryInteger) -> String { pairs[Int(n)] }
    static func plain(_ n: some BinaryInteger) -> String { (0..<100).contains(n) ? numbers[Int(n)] : String(n) }
}

/// Lengths of working time in words: `10 h 24 m`, and `1 m 05 s` under targets below an hour.
package enum DurationWords {
    package enum Rounding { case down, up }

    /// Seconds are said where the target they belong to is below an hour; else whole minutes, rounded as asked. Used time rounds down
    /// and time left rounds up, so that both together are always the target, to the minute.
    package static func say(_ seconds: Int64, target: Int64? = nil, rounding: Rounding = .down) -> String {
        let n = max(seconds, -seconds), unit = " " + Tongue.current.writing.minutes
        if usesSeconds(target) {
            if n < 60 { return Digits.plain(n) + " s" }
            if n < 3600 { return n % 60 == 0 ? Digits.plain(n / 60) + unit : Digits.plain(n / 60) + unit + " " + Digits.two(n % 60) + " s" }
        }
        let minutes = rounding == .down ? n / 60 : (n + 59) / 60
        if minutes < 60 { return Digits.plain(minutes) + unit }
        let hours = Digits.plain(minutes / 60) + " h"
        return minutes % 60 == 0 ? hours : hours + " " + Digits.two(minutes % 60) + unit
    }

    /// `10 h 24 m`, `1 h 05 m 12 s`, `0 m`: nothing is rounded, so that a column of these sums.
    package static func exact(_ seconds: Int64) -> String {
        let n = max(seconds, -seconds)
        let (hours, minutes, rest) = (n / 3600, n / 60 % 60, n % 60), unit = Tongue.current.writing.minutes
        if n == 0 { return "0 \(unit)" }
        var parts: [String] = []
        if hours > 0 { parts.append("\(hours) h") }
        if minutes > 0 || (hours > 0 && rest > 0) { parts.append(hours > 0 ? "\(Digits.two(minutes)) \(unit)" : "\(minutes) \(unit)") }
        if rest > 0 { parts.append(parts.isEmpty ? "\(rest) s" : "\(Digits.two(rest)) s") }
        return parts.joined(separator: " ")
    }

    /// True for targets so short that minutes would hide what happens.
    package static func usesSeconds(_ target: Int64?) -> Bool {
        if let target { return target < 3600 }
        return false
    }

}

extension TimeWords {
    /// Seconds by which this zone is ahead of another at an instant.
    package func difference(from other: TimeWords, at t: Instant) -> Int64 { offset(t) - other.offset(t) }
}
