import AbideCore

/// The desk of the style page: Thursday 12 March 2026, 10:42 in Dallas; open Monday to Friday, 08:00 to 17:00. Its clocks stand still, so that every
/// state can be looked at at any time.
enum StyleSample {
    static let dallas = TimeWords(place: "Dallas", offset: { _ in -5 * 3600 })
    static let now = at(12, 10, 42)

    /// A wall time of March 2026 in Dallas.
    static func at(_ day: Int64, _ hour: Int64, _ minute: Int64 = 0) -> Instant {
        Instant(1_772_323_200 + (day - 1) * 86_400 + (hour + 5) * 3600 + minute * 60)
    }

    static func open(_ from: Instant, _ to: Instant) -> [(from: Instant, to: Instant)] {
        var result: [(from: Instant, to: Instant)] = []
        var day = from - 2 * 86_400
        day = day - Int64(dallas.wall(day).second)
        while day < to {
            if dallas.wall(day).weekday < 5 {
                let a = max(day + 8 * 3600, from), b = min(day + 17 * 3600, to)
                if a < b { result.append((a, b)) }
            }
            day = day + 86_400
        }
        return result
    }

    static func worked(_ from: Instant, _ to: Instant) -> Int64 { open(from, to).reduce(0) { $0 + ($1.to - $1.from) } }

    static func after(_ start: Instant, _ working: Int64) -> Instant {
        var left = working
        for piece in open(start, start + 60 * 86_400) {
            if piece.to - piece.from >= left { return piece.from + left }
            left -= piece.to - piece.from
        }
        return start
    }

    /// A clock as the desk would read it at `now`; suspensions in order and disjoint.
    static func clock(
        _ kind: PromiseKind, start: Instant, target hours: Double?, suspended: [(Instant, Instant)] = [], stopped: Instant? = nil,
        steps: [PromiseStep] = [], reason: String = "accessAwaited", at now: Instant = now
    ) -> PromiseLineView {
        let end = stopped ?? now
        var intervals: [ClockReading.Interval] = []
        var used: Int64 = 0
        func count(_ from: Instant, _ to: Instant) {
            for piece in open(from, to) {
                intervals.append(.init(from: piece.from, to: piece.to, cause: .open))
                used += piece.to - piece.from
            }
        }
        var t = start
        for (a, b) in suspended {
            count(t, a)
            intervals.append(.init(from: a, to: min(b, end), cause: .suspended(reason), lost: worked(a, min(b, end))))
            t = min(b, end)
        }
        count(t, end)
        let isSuspended = suspended.last.map { $0.1 > end } ?? false
        let target = hours.map { Int64($0 * 3600) }
        let lost = suspended.reduce(Int64(0)) { $0 + worked($1.0, $1.1) }
        let due = isSuspended ? nil : target.map { after(start, $0 + lost) }
        let left = target.map { $0 - used }
        return PromiseLineView(
            kind: kind,
            reading: ClockReading(
                state: stopped != nil ? .stopped : isSuspended ? .suspended : .running,
                outcome: target == nil ? nil : (left ?? 0) < 0 ? .missed : stopped != nil ? .met : nil, targetSeconds: target, startedAt: start, due: due,
                stoppedAt: stopped, usedSeconds: used, leftSeconds: left, dueSoon: target.map { (left ?? 0) <= min($0 / 4, 7200) } ?? false),
            intervals: intervals, steps: steps, reasons: ["accessAwaited": "Waits for access", "answerAwaited": "Waits for the answer"])
    }
}
