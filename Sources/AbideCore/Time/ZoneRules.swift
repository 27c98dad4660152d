/// The clocks of one zone: what the wall shows at an instant, and at which instants it shows something.
/// Read from a TZif file (RFC 9636); after its last transition the rule in its footer goes on for ever.
package struct ZoneRules: Sendable {
    package let name: String
    /// From `starts[i]` on the type `kinds[i]` holds; the first start is the beginning of time.
    private var starts: [Int64]
    private var kinds: [Int]
    private var types: [PosixRule.Kind]
    /// The rule for what lies at or after `horizon`; nil where nothing changes any more.
    private var rule: PosixRule?
    private var horizon: Int64
    private var standardType = 0
    private var daylightType = 0
    /// From this year of UTC on nothing but the footer's rule decides, so that the zone repeats every 400 years.
    private(set) var settledYear: Int

    /// A stretch `[from, to)` with one offset from UTC.
    struct Segment {
        var from, to: Int64
        var offset: Int
    }

    /// Years up to this one are in the table, later ones are computed from the rule.
    private static let tableYear = 2100

    /// Throws where the bytes are no TZif file that can be followed; the fault says why.
    package init(name: String, tzif bytes: [UInt8]) throws(ZoneFault) {
        let file = try TZif(bytes)
        self.name = name
        types = file.types
        starts = [.min]
        kinds = [0]
        for (at, type) in file.transitions {
            starts.append(at)
            kinds.append(type)
        }
        horizon = .max
        let last = file.transitions.last?.at
        settledYear = last.map { LocalDate(days: max($0, Instant.startOfTime.seconds).quotientAndModulus(86_400).quotient).year + 2 } ?? 1970
        guard let rule = file.rule else { return }
        standardType = types.count
        types.append(rule.standard)
        guard let daylight = rule.daylight else {
            // No transition at all: the footer alone speaks.
            if last == nil { kinds[0] = standardType }
            return
        }
        daylightType = types.count
        types.append(daylight.kind)
        self.rule = rule
        if last == nil { kinds[0] = standardType }
        let firstYear = last == nil ? 1900 : settledYear - 2
        let edge = Int64(LocalDate.days(year: max(ZoneRules.tableYear, firstYear + 1), month: 1, day: 1)) * 86_400
        for change in changes(from: firstYear - 1, through: max(ZoneRules.tableYear, firstYear + 1)) where change.at > last ?? .min && change.at < edge {
            append(change.at, change.type)
        }
        horizon = edge
    }

    private mutating func append(_ at: Int64, _ type: Int) {
        if starts[starts.count - 1] == at {
            kinds[kinds.count - 1] = type
        } else {
            starts.append(at)
            kinds.append(type)
        }
    }

    /// These rules until `instant`, `later` ones from then on: what was counted before an update of the zone data stays as it was
    /// counted, what lies ahead follows the new data. `instant` lies before the year 2100.
    package func followed(by later: ZoneRules, from instant: Instant) -> ZoneRules {
        let at = instant.seconds
        var all = later
        all.settledYear = max(settledYear, later.settledYear, LocalDate(days: at.quotientAndModulus(86_400).quotient).year + 2)
        all.types = types + later.types
        all.standardType = later.standardType + types.count
        all.daylightType = later.daylightType + types.count
        let kept = index(at: at - 1)
        all.starts = Array(starts[...kept])
        all.kinds = Array(kinds[...kept])
        all.append(at, later.type(at: at) + types.count)
        for index in later.starts.indices where later.starts[index] > at { all.append(later.starts[index], later.kinds[index] + types.count) }
        return all
    }

    private func changes(from first: Int, through last: Int) -> [(at: Int64, type: Int)] {
        guard let rule else { return [] }
        var all: [(at: Int64, order: Int, type: Int)] = []
        for year in first...last {
            for change in rule.changes(in: year) {
                all.append((change.at, all.count, change.isDaylight ? daylightType : standardType))
            }
        }
        // Summer time all year round is written as an end and a start that coincide: the later one counts.
        all.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        return all.map { ($0.at, $0.type) }
    }

    private func type(at t: Int64) -> Int {
        if t >= horizon {
            let year = LocalDate(days: t.quotientAndModulus(86_400).quotient).year
            if let change = changes(from: year - 1, through: year + 1).last(where: { $0.at <= t }) { return change.type }
        }
        return kinds[index(at: t)]
    }

    /// The last entry that starts at or before `t`.
    private func index(at t: Int64) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= t { low = middle } else { high = middle }
        }
        return low
    }

    /// Seconds east of UTC.
    package func offset(at instant: Instant) -> Int { types[type(at: instant.seconds)].offset }

    /// As `CDT`; zones without letters show their offset, as `-03`.
    package func abbreviation(at instant: Instant) -> String { types[type(at: instant.seconds)].abbreviation }

    /// What the wall clock shows at `instant`.
    package func local(_ instant: Instant) -> LocalTime {
        let (days, second) = (instant.seconds + Int64(offset(at: instant))).quotientAndModulus(86_400)
        return LocalTime(date: LocalDate(days: days), secondOfDay: second)
    }

    /// The instants at which the wall clock shows this, in order: none where the clocks skip it, two where they show it twice.
    package func instants(of date: LocalDate, secondOfDay: Int) -> [Instant] {
        let wall = Int64(date.days * 86_400 + secondOfDay)
        return segments(from: wall - 172_800, to: wall + 172_800).compactMap { segment in
            let t = wall - Int64(segment.offset)
            return t >= segment.from && t < segment.to ? Instant(t) : nil
        }
    }

    /// The stretches of one offset that cover `[from, to)`, in order and clipped to it.
    func segments(from: Int64, to: Int64) -> [Segment] {
        guard from < to else { return [] }
        var result: [Segment] = []
        func add(_ start: Int64, _ type: Int) {
            let start = max(start, from)
            let offset = types[type].offset
            if let last = result.indices.last {
                if result[last].from == start {
                    result[last].offset = offset
                    return
                }
                if result[last].offset == offset { return }
                result[last].to = start
            }
            result.append(Segment(from: start, to: to, offset: offset))
        }
        if from >= horizon {
            add(from, type(at: from))
        } else {
            var index = index(at: from)
            while index < starts.count, starts[index] < to {
                add(starts[index], kinds[index])
                index += 1
            }
        }
        if to > horizon {
            let first = LocalDate(days: max(from, horizon).quotientAndModulus(86_400).quotient).year
            let last = LocalDate(days: to.quotientAndModulus(86_400).quotient).year
            for change in changes(from: first - 1, through: last + 1) where change.at >= max(from, horizon) && change.at < to {
                add(change.at, change.type)
            }
        }
        return result
    }
}

/// What the wall clock shows.
package struct LocalTime: Hashable, Sendable {
    package var date: LocalDate
    /// 0 to 86,399.
    package var secondOfDay: Int
    package init(date: LocalDate, secondOfDay: Int) {
        self.date = date
        self.secondOfDay = secondOfDay
    }
}
