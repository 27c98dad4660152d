/// The promise line for mail programs, which drop inline SVG: a table of coloured cells, widths in per cent, that also works with images
/// off. Open time is to scale and closed time folded, as on the pages. It holds no text of users; its sentence (`clockSentence`) must stand
/// above it. The mark of the moment says `sent`, because a mail is read later.
/// - Parameters:
///   - open: the calendar's open time from the start of the clock's first day to the end of its deadline's, in order.
///   - sent: the moment that the mail speaks of.
///   - words: the reader's time.
///   - labels: the words at the marks.
/// - Returns: a `<table>`, or nothing for a clock that has not started or without open time.
package func promiseLineCells(
    _ reading: ClockReading, intervals: [ClockReading.Interval], open: [(from: Instant, to: Instant)], sent: Instant, words: TimeWords, labels: PromiseCellLabels = .init()
) -> String {
    let open = open.filter { $0.from < $0.to }
    guard let first = open.first, let last = open.last, reading.state != .notStarted else { return "" }
    let cells = PromiseCells(reading: reading, intervals: intervals, open: open, sent: sent)
    var marks: [(at: Double, label: String, colour: String)] = []
    let end = reading.stoppedAt ?? sent
    if end >= first.from, end <= last.to { marks.append((cells.x(end), reading.stoppedAt == nil ? labels.sent : labels.done, "#1B1C1F")) }
    if let due = reading.due, due >= first.from, due <= last.to {
        marks.append((cells.x(due), labels.due + " " + words.clock(due, seconds: DurationWords.usesSeconds(reading.targetSeconds)), "#1B1C1F"))
    }
    marks.sort { $0.at < $1.at }
    var days: [(at: Double, label: String)] = []
    for piece in open where days.isEmpty || !words.sameDay(piece.from, cells.before(piece.from)) { days.append((cells.x(piece.from), words.day(piece.from))) }
    return """
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;border-collapse:collapse">\
        <tr><td style="padding:0">\(PromiseCells.above(marks))\(cells.track())\(PromiseCells.under(days))</td></tr></table>
        """
}

package struct PromiseCellLabels: Sendable {
    package var sent: String
    package var done: String
    package var due: String

    package init(sent: String = "sent", done: String = "done", due: String = "due") {
        self.sent = sent
        self.done = done
        self.due = due
    }
}

private struct PromiseCells {
    let reading: ClockReading
    let intervals: [ClockReading.Interval]
    let open: [(from: Instant, to: Instant)]
    let sent: Instant
    private var lefts: [Double] = []
    private var scale = 0.0

    init(reading: ClockReading, intervals: [ClockReading.Interval], open: [(from: Instant, to: Instant)], sent: Instant) {
        self.reading = reading
        self.intervals = intervals
        self.open = open
        self.sent = sent
        var folds = zip(open, open.dropFirst()).map { $1.from - $0.to <= 86_400 ? 2.0 : 3.0 }
        let sum = folds.reduce(0, +)
        if sum > 33 { folds = folds.map { $0 * 33 / sum } }
        scale = (100 - folds.reduce(0, +)) / Double(open.reduce(Int64(0)) { $0 + ($1.to - $1.from) })
        var x = 0.0
        for (i, piece) in open.enumerated() {
            lefts.append(x)
            x += Double(piece.to - piece.from) * scale + (i < folds.count ? folds[i] : 0)
        }
    }

    /// Per cent of the width.
    func x(_ t: Instant) -> Double {
        guard let i = open.lastIndex(where: { $0.from <= t }) else { return 0 }
        let piece = open[i]
        if t <= piece.to { return lefts[i] + Double(t - piece.from) * scale }
        let right = lefts[i] + Double(piece.to - piece.from) * scale
        guard i + 1 < open.count else { return right }
        return right + (lefts[i + 1] - right) * Double(t - piece.to) / Double(open[i + 1].from - piece.to)
    }

    /// The start of the open stretch before the one that begins at `t`.
    func before(_ t: Instant) -> Instant { open.last { $0.from < t }?.from ?? t - 10 * 86_400 }

    /// The track itself: one cell for each stretch of one kind.
    func track() -> String {
        var cuts: Set<Instant> = []
        for piece in open {
            cuts.insert(piece.from)
            cuts.insert(piece.to)
        }
        let marks = intervals.flatMap { [$0.from, $0.to] } + [sent, reading.due, reading.startedAt, reading.stoppedAt].compactMap(\.self)
        if let first = open.first, let last = open.last { cuts.formUnion(marks.filter { $0 > first.from && $0 < last.to }) }
        let sorted = cuts.sorted()
        var cells: [(width: Double, style: String)] = []
        for (a, b) in zip(sorted, sorted.dropFirst()) {
            let style = style(a, b)
            let width = x(b) - x(a)
            if let last = cells.last, last.style == style { cells[cells.count - 1].width += width } else { cells.append((width, style)) }
        }
        return Self.row(cells.map { ($0.width, "height:12px;font-size:0;line-height:0;\($0.style)", "&nbsp;") })
    }

    private func style(_ a: Instant, _ b: Instant) -> String {
        let isOpen = open.contains { $0.from <= a && b <= $0.to }
        let interval = intervals.first { $0.from <= a && b <= $0.to }
        if interval?.kind == .suspended {
            return isOpen ? "background:#F0EFF5;border:1px dashed #77738F;" : "background:#FFFFFF;"
        }
        guard isOpen else { return "background:#FFFFFF;" }
        let state = PromiseState(reading)
        if interval?.kind == .counted {
            switch state {
            case .missed, .late: return (reading.due.map { a < $0 } ?? true) ? "background:#F1C1BC;" : "background:#CC3A30;"
            case .met: return "background:#2E8B5A;"
            case .dueSoon: return "background:#AA6400;"
            case .open, .ended: return "background:#686A71;"
            case .running, .suspended, .notStarted: return "background:#3F66BF;"
            }
        }
        if let due = reading.due, let start = reading.startedAt, a >= start, b <= due {
            switch state {
            case .running: return "background:#C6D3EE;"
            case .dueSoon: return "background:#F0D5A4;"
            case .met: return "background:#CFE6D8;"
            default: break
            }
        }
        return "background:#E3E3DD;"
    }

    static func above(_ marks: [(at: Double, label: String, colour: String)]) -> String {
        var cells: [(Double, String, String)] = []
        var x = 0.0
        for mark in marks {
            // A label right of its point where there is no room on the left.
            let isNarrow = mark.at - x < 16
            if isNarrow {
                if mark.at > x { cells.append((mark.at - x, words, "&nbsp;")) }
                let width = min(24, 100 - mark.at)
                cells.append((width, "text-align:left;\(words)", "&#9660;&nbsp;\(mark.label)"))
                x = mark.at + width
            } else {
                cells.append((mark.at - x, "text-align:right;\(words)", "\(mark.label)&nbsp;&#9660;"))
                x = mark.at
            }
        }
        if x < 100 { cells.append((100 - x, words, "&nbsp;")) }
        return row(cells)
    }

    static func under(_ days: [(at: Double, label: String)]) -> String {
        var cells: [(Double, String, String)] = []
        for (i, day) in days.enumerated() {
            let end = i + 1 < days.count ? days[i + 1].at : 100
            if i == 0, day.at > 0 { cells.append((day.at, words, "&nbsp;")) }
            cells.append((end - day.at, "text-align:left;\(words)", end - day.at < 9 ? "&nbsp;" : day.label))
        }
        return row(cells)
    }

    private static let words = "font:500 11px/16px sans-serif;color:#4B4D53;white-space:nowrap;overflow:hidden;"

    private static func row(_ cells: [(width: Double, style: String, content: String)]) -> String {
        let cells = cells.filter { $0.width > 0.05 }
        return "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"table-layout:fixed;border-collapse:collapse\"><tr>"
            + cells.map { "<td width=\"\(percent($0.width))\" style=\"padding:0;\($0.style)\">\($0.content)</td>" }.joined() + "</tr></table>"
    }

    private static func percent(_ width: Double) -> String {
        let tenths = Int((width * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }
}
