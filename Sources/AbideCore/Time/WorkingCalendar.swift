package struct CalendarFault: Error {}
package final class WorkingCalendar: Sendable {
    package let nominalDay: Int64?
    package let zone: ZoneRules
    let from: [Int64], to: [Int64], sum: [Int64]
    package init(terms: CalendarTerms, zone: ZoneRules) throws(CalendarFault) {
        self.zone = zone
        nominalDay = terms.nominalDay ?? terms.week.map { $0.reduce(0) { $0 + Int64($1.close - $1.open) } }.max()
        var a: [Int64] = [], b: [Int64] = [], c: [Int64] = [0]
        for segment in zone.segments(from: 1_500_000_000, to: 2_200_000_000) {
            let lo = segment.from + Int64(segment.offset), hi = segment.to + Int64(segment.offset)
            for day in Int(lo / 86400)...Int(hi / 86400) {
                for h in terms.week[LocalDate(days: day).weekday] {
                    let x = max(lo, Int64(day * 86400 + h.open)) - Int64(segment.offset), y = min(hi, Int64(day * 86400 + h.close)) - Int64(segment.offset)
                    guard x < y else { continue }
                    if let last = b.last, last == x { b[b.count - 1] = y; c[c.count - 1] += y - x } else { a.append(x); b.append(y); c.append(c.last! + y - x) }
                }
            }
        }
        from = a; to = b; sum = c
    }
    func pos(_ t: Int64) -> Int { var l = 0, h = from.count; while l < h { let m = (l + h) / 2; if from[m] <= t { l = m + 1 } else { h = m } }; return l }
    func total(_ t: Int64) -> Int64 { let i = pos(t); return i == 0 ? 0 : sum[i - 1] + min(t, to[i - 1]) - from[i - 1] }
    package func worked(from: Instant, to: Instant) -> Int64 { total(to.seconds) - total(from.seconds) }
    package func instant(after: Instant, working: Int64) -> Instant? {
        if working == 0 { return after }
        let want = total(after.seconds) + working
        var l = 0, h = from.count
        while l < h { let m = (l + h) / 2; if sum[m + 1] >= want { h = m } else { l = m + 1 } }
        return l < from.count ? Instant(from[l] + want - sum[l]) : nil
    }
    package func endOfDay(after: Instant, days: Int) -> Instant? { nil }
    package func open(from a: Instant, to b: Instant) -> [(from: Instant, to: Instant)] {
        var i = max(0, pos(a.seconds) - 1); var all: [(from: Instant, to: Instant)] = []
        while i < from.count, from[i] < b.seconds { if to[i] > a.seconds { all.append((Instant(max(from[i], a.seconds)), Instant(min(to[i], b.seconds)))) }; i += 1 }
        return all
    }
    package func holiday(on date: LocalDate) -> String? { nil }
    package func isOpen(_ t: Instant) -> Bool { worked(from: t, to: t + 1) == 1 }
}
