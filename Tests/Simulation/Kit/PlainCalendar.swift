import AbideTestKit
import Foundation

/// Working time counted the plain way: every minute of the simulated months is looked up in the zone's clocks (as `zdump` prints them)
/// and in the hours as written. Nothing of the product's calendar is in it.
final class PlainCalendar: Sendable {
    static let daysBefore = 3
    static let days = 280

    let nominalDay: Int64
    private let start: Int64
    /// Open minutes before each minute.
    private let before: [Int32]
    /// The local day of each minute, counted from 1970.
    private let day: [Int32]

    /// - Parameter firstDay: of the simulated time, in days from 1970, UTC.
    init(_ calendar: SimCalendar, firstDay: Int) throws {
        let changes = try ZoneDump.changes(calendar.zone)
        nominalDay = calendar.nominalDay
        start = Int64(firstDay - Self.daysBefore) * 86_400
        let first = (firstDay - Self.daysBefore) * 86_400
        let minutes = Self.days * 1440
        var before: [Int32] = []
        before.reserveCapacity(minutes + 1)
        var days: [Int32] = []
        days.reserveCapacity(minutes)
        var sum: Int32 = 0
        var known = Int.min
        var isOpen = [Bool](repeating: false, count: 1440)
        // Zones without any change of their clocks, which zdump has nothing to say about.
        let fixed = ["Asia/Kolkata": 19_800, "Asia/Kathmandu": 20_700, "UTC": 0][calendar.zone] ?? 0
        var at = ZoneDump.offset(changes, at: first, otherwise: fixed)
        var next = changes.count { $0.at <= first }
        for minute in 0..<minutes {
            let t = first + minute * 60
            while next < changes.count, changes[next].at <= t {
                at = changes[next].offset
                next += 1
            }
            let wall = t + at
            let date = wall >= 0 ? wall / 86_400 : (wall - 86_399) / 86_400
            if date != known {
                known = date
                let number = Self.date(date)
                let hours = calendar.exceptions[number] ?? (calendar.holidays.contains(number) ? [] : calendar.week[(date + 3) % 7])
                for index in 0..<1440 { isOpen[index] = false }
                for one in hours { for index in one.open..<one.close { isOpen[index] = true } }
            }
            before.append(sum)
            days.append(Int32(date))
            if isOpen[(wall - date * 86_400) / 60] { sum += 1 }
        }
        before.append(sum)
        self.before = before
        day = days
    }

    private var minutes: Int { day.count }
    private func open(_ minute: Int) -> Bool { before[minute + 1] > before[minute] }

    /// Open seconds from the first minute to `t`.
    private func total(_ t: Int64) -> Int64 {
        let offset = max(0, t - start)
        let minute = Int(offset / 60)
        guard minute < minutes else { return Int64(before[minutes]) * 60 }
        return Int64(before[minute]) * 60 + (open(minute) ? offset % 60 : 0)
    }

    /// True where the months that were looked up hold `t`.
    func knows(_ t: Int64) -> Bool { t >= start && t < start + Int64(minutes) * 60 }

    func worked(_ from: Int64, _ to: Int64) -> Int64 { max(0, total(to) - total(from)) }

    /// The earliest instant with so many open seconds since `from`; nil: beyond the months that were looked up.
    func instant(_ from: Int64, plus seconds: Int64) -> Int64? {
        if seconds == 0 { return from }
        let wanted = total(from) + seconds
        guard Int64(before[minutes]) * 60 >= wanted else { return nil }
        // The minute in which the wanted second ends.
        var (low, high) = (0, minutes - 1)
        while low < high {
            let middle = (low + high) / 2
            if Int64(before[middle + 1]) * 60 >= wanted { high = middle } else { low = middle + 1 }
        }
        return start + Int64(low) * 60 + wanted - Int64(before[low]) * 60
    }

    /// The last close of the N-th open day after the day on which the count starts.
    func endOfDay(_ from: Int64, days count: Int) -> Int64? {
        var minute = Int(max(0, from - start) / 60)
        while minute < minutes, !open(minute) { minute += 1 }
        guard minute < minutes else { return nil }
        let first = day[minute]
        var left = count
        var current = first
        var close: Int64?
        // The clocks can show a date twice over midnight; all minutes of one date are looked at.
        var index = minute
        while index < minutes {
            if open(index) {
                if day[index] > current {
                    if left == 0 { return close }
                    current = day[index]
                    left -= 1
                    close = nil
                }
                if day[index] == current { close = start + Int64(index + 1) * 60 }
            }
            index += 1
        }
        return nil
    }

    /// Year × 10,000 + month × 100 + day of a day counted from 1970, by the C library.
    static func date(_ day: Int) -> Int {
        var seconds = time_t(day * 86_400)
        var tm = tm()
        gmtime_r(&seconds, &tm)
        return (Int(tm.tm_year) + 1900) * 10_000 + (Int(tm.tm_mon) + 1) * 100 + Int(tm.tm_mday)
    }
}
