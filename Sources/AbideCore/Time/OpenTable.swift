/// The open instants of a stretch of UTC years: sorted, disjoint, with the open seconds before each, so that every question
/// is a look-up. Two indexes of coarse steps narrow each search to a handful of entries.
struct OpenTable: Sendable {
    struct Span: Sendable {
        var from, to: Int64
        /// Open seconds of the table before `from`.
        var before: Int64
    }

    let low: Int64
    let high: Int64
    let spans: [Span]
    /// All open seconds.
    let total: Int64
    /// For each step of 2^16 s after `low`: how many spans start at or before it.
    private let byTime: [Int32]
    /// For each step of 2^15 open seconds: how many spans have no more than that before them.
    private let byOpen: [Int32]

    private static let timeShift: Int64 = 16
    private static let openShift: Int64 = 15

    /// `spans` in order and disjoint, all within `[low, high)`; their `before` is filled in here.
    init(low: Int64, high: Int64, spans: [Span]) {
        var spans = spans
        var total: Int64 = 0
        for index in spans.indices {
            spans[index].before = total
            total += spans[index].to - spans[index].from
        }
        self.low = low
        self.high = high
        self.spans = spans
        self.total = total
        byTime = OpenTable.steps(over: high - low, shift: OpenTable.timeShift, spans) { $0.from - low }
        byOpen = OpenTable.steps(over: total, shift: OpenTable.openShift, spans) { $0.before }
    }

    private static func steps(over length: Int64, shift: Int64, _ spans: [Span], _ position: (Span) -> Int64) -> [Int32] {
        var steps: [Int32] = []
        steps.reserveCapacity(Int(length >> shift) + 2)
        var count = 0
        for step in 0...(length >> shift) + 1 {
            while count < spans.count, position(spans[count]) <= step << shift { count += 1 }
            steps.append(Int32(count))
        }
        return steps
    }

    func contains(_ t: Int64) -> Bool { t >= low && t <= high }

    /// How many spans start at or before `t`, for `low <= t <= high`.
    private func count(startedBy t: Int64) -> Int {
        let step = Int((t - low) >> OpenTable.timeShift)
        var least = Int(byTime[step])
        var most = Int(byTime[step + 1])
        while least < most {
            let middle = (least + most) / 2
            if spans[middle].from <= t { least = middle + 1 } else { most = middle }
        }
        return least
    }

    /// Open seconds from `low` to `t`, for `low <= t <= high`.
    func open(before t: Int64) -> Int64 {
        let count = count(startedBy: t)
        if count == 0 { return 0 }
        let span = spans[count - 1]
        return span.before + min(t, span.to) - span.from
    }

    /// The earliest instant before which `seconds` (1 to `total`) are open.
    func instant(after seconds: Int64) -> Int64 {
        // The span with `before < seconds <= before + length`: the last whose `before` is at most `seconds - 1`.
        let wanted = seconds - 1
        let step = Int(wanted >> OpenTable.openShift)
        var least = Int(byOpen[step])
        var most = Int(byOpen[step + 1])
        while least < most {
            let middle = (least + most) / 2
            if spans[middle].before <= wanted { least = middle + 1 } else { most = middle }
        }
        let span = spans[least - 1]
        return span.from + seconds - span.before
    }

    /// The open instants within `[from, to)`, clipped to it.
    func spans(from: Int64, to: Int64) -> [(from: Int64, to: Int64)] {
        let from = max(from, low)
        let to = min(to, high)
        guard from < to else { return [] }
        var result: [(from: Int64, to: Int64)] = []
        for span in spans[max(0, count(startedBy: from) - 1)...] {
            if span.from >= to { break }
            let clipped = (from: max(span.from, from), to: min(span.to, to))
            if clipped.from < clipped.to { result.append(clipped) }
        }
        return result
    }
}
