import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import Testing

/// A second answer that shares nothing with the product: the changes of the clocks come from the system's `zdump`, dates from
/// the C library, and working time is counted by walking minute after minute.
private struct Walk {
    /// The first second of the window; a whole minute.
    let start: Int
    var isOpen: [Bool] = []
    /// The date that each minute shows, as year × 10,000 + month × 100 + day.
    var date: [Int] = []

    static let minutes = 20 * 1440

    init(start: Int, changes: [(at: Int, offset: Int)], week: [[(Int, Int)]], own: [Int: [(Int, Int)]]) {
        self.start = start
        for minute in 0..<Walk.minutes {
            let t = start + minute * 60
            var wall = t + (changes.last { $0.at <= t } ?? changes[0]).offset
            var tm = tm()
            gmtime_r(&wall, &tm)
            let shown = (Int(tm.tm_year) + 1900) * 10_000 + (Int(tm.tm_mon) + 1) * 100 + Int(tm.tm_mday)
            let hours = own[shown] ?? week[(Int(tm.tm_wday) + 6) % 7]
            let clock = Int(tm.tm_hour) * 60 + Int(tm.tm_min)
            isOpen.append(hours.contains { $0.0 <= clock && clock < $0.1 })
            date.append(shown)
        }
    }

    func between(_ a: Int, _ b: Int) -> Int {
        if b < a { return -between(b, a) }
        var sum = 0
        var t = a
        while t < b {
            let minute = (t - start) / 60
            let next = min(b, start + (minute + 1) * 60)
            if isOpen[minute] { sum += next - t }
            t = next
        }
        return sum
    }

    /// nil where the window is too short.
    func add(_ a: Int, _ n: Int) -> Int? {
        var left = n
        var t = a
        while left > 0 {
            let minute = (t - start) / 60
            guard minute < Walk.minutes else { return nil }
            let next = start + (minute + 1) * 60
            if isOpen[minute] {
                if next - t >= left { return t + left }
                left -= next - t
            }
            t = next
        }
        return t
    }

    func endOfDay(_ a: Int, _ n: Int) -> Int? {
        guard let first = (max(0, (a - start) / 60)..<Walk.minutes).first(where: { isOpen[$0] }) else { return nil }
        var lastClose: [Int: Int] = [:]
        for minute in 0..<Walk.minutes where isOpen[minute] { lastClose[date[minute]] = start + (minute + 1) * 60 }
        let days = lastClose.keys.filter { $0 >= date[first] }.sorted()
        // The window's last day may go on behind it.
        return n < days.count - 1 ? lastClose[days[n]] : nil
    }
}

@Suite struct TimeWalkTests {
    private func hours(_ random: inout Seeded) -> [(Int, Int)] {
        switch random.below(8) {
        case 0: return []
        case 1: return [(0, 1440)]
        case 2: return [(480, 1020)]
        default:
            return (0...random.below(3)).map { _ in
                // Half of them in the small hours, where the clocks change, or up to midnight.
                let open = random.below(2) == 0 ? random.below(240) : random.below(1439)
                let close = random.below(4) == 0 ? 1440 : min(1440, open + 1 + random.below(random.below(2) == 0 ? 90 : 720))
                return (open, close)
            }
        }
    }

    @Test("20,000 questions around changes of the clocks agree with a plain walk over the minutes", .timeLimit(.minutes(2)), arguments: [
        "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kolkata", "Europe/London", "America/Chicago", "Africa/Casablanca",
    ])
    func walk(zone: String) throws {
        let changes = try ZoneDump.changes(zone)
        let rules = try ZoneFiles().rules(zone)
        var random = Seeded(zone.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        var answered = 0
        for _ in 0..<24 {
            // Mostly with a change of the clocks in the window's first half.
            let known = changes.filter { $0.at > 946_684_800 }
            let pivot = known.isEmpty || random.below(6) == 0 ? 946_684_800 + random.below(1_262_304_000) : known[random.below(known.count)].at
            let start = (pivot / 60 - 1440 * 4 - random.below(2880)) * 60
            let week = (0..<7).map { _ in hours(&random) }
            var own: [Int: [(Int, Int)]] = [:]
            var exceptions: [ExceptionDay] = []
            var holidays: [NamedDate] = []
            for offset in 0..<20 where random.below(8) == 0 {
                var day = start + offset * 86_400
                var tm = tm()
                gmtime_r(&day, &tm)
                let key = (Int(tm.tm_year) + 1900) * 10_000 + (Int(tm.tm_mon) + 1) * 100 + Int(tm.tm_mday)
                let text = String(format: "%04d-%02d-%02d", key / 10_000, key / 100 % 100, key % 100)
                if random.below(2) == 0 {
                    holidays.append(NamedDate(date: text, name: ""))
                    own[key] = []
                } else {
                    let hours = hours(&random)
                    exceptions.append(ExceptionDay(date: text, hours: hours.map { DayHours(open: $0.0 * 60, close: $0.1 * 60) }))
                    own[key] = hours
                }
            }
            let plain = Walk(start: start, changes: changes.isEmpty ? [(0, 19_800)] : changes, week: week, own: own)
            let terms = CalendarTerms(
                name: zone, zone: zone, week: week.map { $0.map { DayHours(open: $0.0 * 60, close: $0.1 * 60) } }, holidayRules: [], holidays: holidays, exceptions: exceptions, nominalDay: nil)
            // Half of them from the table, half beyond it.
            let year = plain.date[0] / 10_000
            let calendar = try WorkingCalendar(terms: terms, zone: rules, expanding: random.below(2) == 0 ? year - 1...year + 1 : 1990...1990)
            let totals = week.map { day in 60 * (0..<1440).count { minute in day.contains { $0.0 <= minute && minute < $0.1 } } }.filter { $0 > 0 }
            let nominal = totals.max { a, b in (totals.count { $0 == a }, a) < (totals.count { $0 == b }, b) } ?? 0
            #expect(calendar.nominalDay ?? 0 == Int64(nominal), "\(zone) \(terms)")
            let stretches = (0..<4).map { _ in
                let from = start + random.below(Walk.minutes) * 60
                return (from: from, to: from + random.below(1440) * 60)
            }
            var suspended = plain
            for stretch in stretches {
                for minute in (stretch.from - start) / 60..<min(Walk.minutes, (stretch.to - start) / 60) { suspended.isOpen[minute] = false }
            }
            let suspensions = Suspensions(stretches.map { Suspensions.Stretch(from: Instant(Int64($0.from)), to: Instant(Int64($0.to))) })
            for _ in 0..<36 {
                let a = start + 86_400 + random.below(Walk.minutes * 60 / 2)
                let b = a + random.below(4 * 86_400) - 86_400
                let n = random.below(3) == 0 ? random.below(120) : random.below(50_000)
                let from = Instant(Int64(a))
                let to = Instant(Int64(b))
                #expect(calendar.worked(from: from, to: to) == Int64(plain.between(a, b)), "\(zone) between \(a) \(b) \(terms)")
                #expect(calendar.worked(from: from, to: to, without: suspensions) == Int64(suspended.between(a, b)), "\(zone) between \(a) \(b) \(terms) \(stretches)")
                answered += 2
                if let due = plain.add(a, n) {
                    #expect(calendar.instant(after: from, working: Int64(n)) == Instant(Int64(due)), "\(zone) add \(a) \(n) \(terms)")
                    answered += 1
                }
                if let due = suspended.add(a, n) {
                    #expect(calendar.instant(after: from, working: Int64(n), without: suspensions) == Instant(Int64(due)), "\(zone) add \(a) \(n) \(terms) \(stretches)")
                    answered += 1
                }
                // Working days, rolling: so many times the most common total of the week as written.
                if answered % 8 == 1, nominal > 0, let due = suspended.add(a, nominal * (n % 3)) {
                    #expect(calendar.instant(after: from, working: (calendar.nominalDay ?? 0) * Int64(n % 3), without: suspensions) == Instant(Int64(due)), "\(zone) addDays \(a) \(n % 3) \(terms) \(stretches)")
                    answered += 1
                }
                if answered % 8 == 0, let due = plain.endOfDay(a, n % 4) {
                    #expect(calendar.endOfDay(after: from, days: n % 4) == Instant(Int64(due)), "\(zone) endOfDay \(a) \(n % 4) \(terms)")
                    answered += 1
                }
            }
        }
        #expect(answered >= 2858, "seven zones make 20,000")
    }
}
