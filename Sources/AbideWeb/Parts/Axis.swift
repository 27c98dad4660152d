import AbideCore

/// Where instants stand on a promise line, in per cent of its width. Open time is drawn to scale; each stretch of closed time is
/// folded to a fixed width however long it is, so that equal widths are equal working time.
struct Axis: Sendable {
    struct Piece: Sendable {
        var from: Instant
        var to: Instant
        /// In per cent.
        var left: Double
        var right: Double
    }

    /// The sizes of the promise line: its reference width and the widths of a folded night and of anything longer, in px.
    enum Size: Sendable {
        case list, small, medium, large
        var width: Double {
            switch self {
            case .list: 300
            case .small: 200
            case .medium: 634
            case .large: 566
            }
        }
        func fold(_ seconds: Int64) -> Double {
            let isNight = seconds <= 24 * 3600
            return switch self {
            case .small: isNight ? 6 : 9
            case .list, .medium: isNight ? 12 : 18
            case .large: isNight ? 14 : 20
            }
        }
    }

    /// The open time of the calendar that the axis shows, in order.
    let pieces: [Piece]
    let now: Instant
    let size: Size

    /// `open`: open time in order and disjoint, as the working calendar gives it. Empty: one closed stretch, everything at 0.
    init(open: [(from: Instant, to: Instant)], now: Instant, size: Size) {
        self.now = now
        self.size = size
        let open = open.filter { $0.from < $0.to }
        var folds = zip(open, open.dropFirst()).map { size.fold($1.from - $0.to) }
        // A line of many days would be all folds: they take at most a third of it.
        let sum = folds.reduce(0, +)
        if sum > size.width / 3 { folds = folds.map { $0 * size.width / 3 / sum } }
        let worked = open.reduce(Int64(0)) { $0 + ($1.to - $1.from) }
        let scale = worked > 0 ? (size.width - folds.reduce(0, +)) / Double(worked) : 0
        var x = 0.0
        var pieces: [Piece] = []
        for (i, stretch) in open.enumerated() {
            let end = x + Double(stretch.to - stretch.from) * scale
            pieces.append(Piece(from: stretch.from, to: stretch.to, left: x * 100 / size.width, right: end * 100 / size.width))
            x = end + (i < folds.count ? folds[i] : 0)
        }
        self.pieces = pieces
    }

    /// The same stretch of time at another size.
    func sized(_ size: Size) -> Axis { Axis(open: pieces.map { ($0.from, $0.to) }, now: now, size: size) }

    var from: Instant { pieces.first?.from ?? now }
    var to: Instant { pieces.last?.to ?? now }

    /// Per cent of the width, 0...100; what lies before or after the axis stands at its end.
    func x(_ t: Instant) -> Double {
        guard let first = pieces.first, let last = pieces.last else { return 0 }
        if t <= first.from { return 0 }
        if t >= last.to { return last.right }
        var low = 0, high = pieces.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if pieces[middle].from <= t { low = middle } else { high = middle - 1 }
        }
        let piece = pieces[low]
        if t <= piece.to {
            return piece.left + (piece.right - piece.left) * Double(t - piece.from) / Double(piece.to - piece.from)
        }
        let next = pieces[low + 1]
        return piece.right + (next.left - piece.right) * Double(t - piece.to) / Double(next.from - piece.to)
    }

    /// One axis for all the clocks of a ticket: from the open hour before the log to the end of the day of the last deadline.
    /// - Parameter open: the calendar's open time within two instants, in order.
    static func ticket(
        _ promises: [PromiseLineView], now: Instant, words: TimeWords, size: Size = .large,
        open: (Instant, Instant) -> [(from: Instant, to: Instant)]
    ) -> Axis {
        let marks = promises.flatMap { [$0.reading.startedAt, $0.reading.due, $0.reading.stoppedAt, $0.wouldBeDue].compactMap(\.self) }
        let isOver = promises.allSatisfy { $0.reading.state == .stopped }
        let start = min(promises.compactMap(\.reading.startedAt).min() ?? now, now)
        var end = max(marks.max() ?? now, isOver ? start : now)
        // Targets in seconds need an axis of seconds.
        if let longest = promises.compactMap(\.reading.targetSeconds).max(), longest < 3600, end - start < 86_400 {
            let margin = max(longest / 4, 1)
            let stretch = open(start - margin, end + 2 * margin)
            if !stretch.isEmpty { return Axis(open: stretch, now: now, size: size) }
        }
        var before = open(start - 5 * 86_400, start)
        let wanted: Int64 = 3600
        var taken: Int64 = 0
        var from = start
        while taken < wanted, let last = before.popLast() {
            let part = min(last.to - last.from, wanted - taken)
            taken += part
            from = last.to - part
        }
        from = from - Int64(words.wall(from).second % 3600)
        end = end + words.untilMidnight(end)
        let stretches = open(from, end)
        return Axis(open: stretches, now: now, size: size)
    }

    /// The list's one clock: the last three open hours of the working day before, today, and the next working day. Where every target
    /// is shorter than half an hour (`longestTarget`, seconds), from one such length before now to two after it.
    static func list(
        now: Instant, words: TimeWords, longestTarget: Int64? = nil, open: (Instant, Instant) -> [(from: Instant, to: Instant)]
    ) -> Axis {
        if let longestTarget, longestTarget < 1800 {
            let unit = max(longestTarget, 1)
            return Axis(open: open(now - unit, now + 2 * unit), now: now, size: .list)
        }
        let midnight = now - Int64(words.wall(now).second)
        var before = open(midnight - 12 * 86_400, midnight)
        var yesterday: [(from: Instant, to: Instant)] = []
        var taken: Int64 = 0
        while taken < 3 * 3600, let last = before.popLast() {
            if let first = yesterday.first, !words.sameDay(last.from, first.from) { break }
            let part = min(last.to - last.from, 3 * 3600 - taken)
            taken += part
            yesterday.insert((last.to - part, last.to), at: 0)
        }
        let tomorrow = now + words.untilMidnight(now)
        let today = open(midnight, tomorrow)
        var after: [(from: Instant, to: Instant)] = []
        if let first = open(tomorrow, tomorrow + 12 * 86_400).first {
            after = open(first.from, first.from + words.untilMidnight(first.from))
        }
        return Axis(open: join(yesterday + today + after), now: now, size: .list)
    }

    /// Stretches that touch are one.
    static func join(_ open: [(from: Instant, to: Instant)]) -> [(from: Instant, to: Instant)] {
        var joined: [(from: Instant, to: Instant)] = []
        for stretch in open {
            if let last = joined.last, last.to >= stretch.from {
                joined[joined.count - 1].to = max(last.to, stretch.to)
            } else {
                joined.append(stretch)
            }
        }
        return joined
    }
}
