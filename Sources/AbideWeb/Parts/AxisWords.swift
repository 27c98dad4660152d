import AbideCore

/// The words on a promise line: days, hours, deadline, reason, steps. What would lie over something else is left out, by its width at the
/// reference size; the sentence beside the line says it all the same.
enum AxisWords {
    /// Width of a text of 11 px, about.
    private static func width(_ text: String) -> Double { Double(text.count) * 5.9 }

    /// Where each local day begins on the axis.
    private static func dayStarts(_ axis: Axis, _ words: TimeWords) -> [(at: Instant, x: Double)] {
        var starts: [(at: Instant, x: Double)] = []
        for piece in axis.pieces {
            if starts.last.map({ !words.sameDay($0.at, piece.from) }) ?? true { starts.append((piece.from, piece.left)) }
            var t = piece.from + words.untilMidnight(piece.from)
            while t < piece.to, starts.count < 60 {
                starts.append((t, axis.x(t)))
                t = t + words.untilMidnight(t)
            }
        }
        return starts
    }

    /// `Tue 10` under the track; the number is left out on a phone.
    static func days(_ axis: Axis, _ words: TimeWords, y: Double, into d: inout Drawing) {
        var free = -100.0
        for start in dayStarts(axis, words) {
            let x = start.x * axis.size.width / 100
            let label = words.day(start.at)
            guard x >= free, x + width(label) <= axis.size.width + 4 else { continue }
            d.text("pl-t", x: start.x, y: y, "\(words.weekday(start.at))<tspan class=\"pl-dn\">\(words.dayNumber(start.at))</tspan>")
            free = x + width(label) + 8
        }
    }

    /// `Wed 11` where a day begins, and hours between them where there is room.
    static func daysAndHours(_ axis: Axis, _ words: TimeWords, y: Double, avoiding now: Double?, dayNumbers: Bool = true, into d: inout Drawing) {
        let reference = axis.size.width
        var taken: [(from: Double, to: Double)] = []
        if let now { taken.append((now * reference / 100 - 22, now * reference / 100 + 22)) }
        func place(_ t: Instant, _ x: Double, _ label: String, before: Double, room: Double = 5) -> Bool {
            let from = x * reference / 100 - before
            let to = from + width(label)
            guard to <= reference + 6, !taken.contains(where: { $0.from < to + room && from - room < $0.to }) else { return false }
            taken.append((from, to))
            return true
        }
        if words.isExact(axis) {
            let step: Int64 = [1, 5, 10, 15, 30, 60, 300, 900].first { Double($0) * reference / Double(max(axis.to - axis.from, 1)) > 56 } ?? 1800
            var t = Instant((axis.from.seconds + step - 1) / step * step)
            while t < axis.to {
                if place(t, axis.x(t), "00:00:00", before: 22) { d.text("pl-t", x: axis.x(t), y: y, anchor: .middle, "\(words.clock(t, seconds: true))") }
                t = t + step
            }
            return
        }
        for start in dayStarts(axis, words) {
            let label = dayNumbers ? words.day(start.at) : words.weekday(start.at)
            guard place(start.at, start.x, label, before: 0) else { continue }
            d.text("pl-t pl-day", x: start.x, y: y, "\(words.weekday(start.at))\(if: dayNumbers, "<tspan class=\"pl-dn\">\(words.dayNumber(start.at))</tspan>")")
        }
        for hour in [12, 16, 14, 10, 6, 20] {
            for piece in axis.pieces {
                var midnight = piece.from - Int64(words.wall(piece.from).second)
                while midnight < piece.to {
                    let t = midnight + Int64(hour) * 3600
                    if t > piece.from, t < piece.to, taken.count < 40, hasRoom(t, axis), place(t, axis.x(t), "\(hour)", before: 6, room: hour == 16 ? 5 : hour == 12 ? 20 : 40) {
                        d.text("pl-t pl-hr", x: axis.x(t), y: y, anchor: .middle, "\(hour)")
                    }
                    midnight = midnight + words.untilMidnight(midnight)
                }
            }
        }
    }

    /// Hours are said where one takes at least 9 px, and only every fourth below 16 px.
    private static func hasRoom(_ t: Instant, _ axis: Axis) -> Bool {
        guard let piece = axis.pieces.first(where: { $0.from <= t && t <= $0.to }) else { return false }
        return (piece.right - piece.left) / 100 * axis.size.width * 3600 / Double(max(piece.to - piece.from, 1)) > 9
    }

    /// The deadline at its flag, and the reason over the longest suspended stretch.
    static func beside(_ view: PromiseLineView, axis: Axis, words: TimeWords, style: TrackStyle, withDay: Bool, into d: inout Drawing) {
        let reference = axis.size.width
        var flagSpan: (from: Double, to: Double)?
        let y = style.top - 5
        if let due = view.state == .notStarted ? view.wouldBeDue : view.reading.due, due >= axis.from, due <= axis.to, view.state != .suspended {
            let day = withDay && !words.isExact(axis) ? words.weekday(due) + " " : ""
            let time = words.clock(due, seconds: view.isExact)
            let x = axis.x(due), px = x * reference / 100, length = width(day + time) + 6
            let isHeavy = [.running, .dueSoon, .missed].contains(view.state)
            let label: HTML = "<tspan class=\"pl-dn\">\(day)</tspan>\(time)"
            // Left of the flag, unless the now line would go through it.
            let nowPx = axis.x(axis.now) * reference / 100
            let isCrossed = nowPx > px - length - 4 && nowPx <= px && (axis.size == .large || view.reading.state != .stopped) && px + length + 18 < reference
            let isLeft = px > length + 8 && !isCrossed
            // On the right the ladder climbs; the words stand above its first step.
            let y = !isLeft && !view.steps.isEmpty ? y - 7 : y
            if isHeavy {
                d.text("pl-t pl-due", x: x, y: y, dx: isLeft ? -6 : 15, anchor: isLeft ? .end : .start, label)
            } else {
                d.text("pl-t", x: x, y: y, dx: isLeft ? -6 : 15, anchor: isLeft ? .end : .start, label)
            }
            flagSpan = isLeft ? (px - length, px + 12) : (px, px + length + 18)
        }
        let longest = view.intervals.filter { $0.kind == .suspended && $0.to > axis.from && $0.from < axis.to }.max { $0.to - $0.from < $1.to - $1.from }
        if let longest, view.state != .notStarted {
            let reason = lowerFirst(view.reasons[longest.reason] ?? longest.reason)
            let firstEnd = axis.pieces.first { $0.to > longest.from }.map { min($0.to, longest.to) } ?? longest.to
            let middle = (axis.x(longest.from) + axis.x(max(firstEnd, longest.from))) / 2
            let half = width(reason) / 2
            let center = min(max(middle * reference / 100, half), reference - half)
            let overlapsFlag = flagSpan.map { $0.from < center + half + 6 && center - half - 6 < $0.to } ?? false
            let isWide = (axis.x(longest.to) - axis.x(longest.from)) * reference / 100 > 12
            if !reason.isEmpty, isWide, !overlapsFlag {
                d.text(reason.count > 18 ? "pl-t pl-why pl-opt" : "pl-t pl-why", x: center * 100 / reference, y: y, anchor: .middle, "\(reason)")
            }
        }
    }

    /// When it was correctly logged, and who is told if it is missed.
    static func under(_ view: PromiseLineView, axis: Axis, words: TimeWords, y: Double, into d: inout Drawing) {
        let reference = axis.size.width
        var used = 0.0
        if let start = view.reading.startedAt, start >= axis.from {
            let label = say("\(words.clock(start, seconds: view.isExact)) correctly logged")
            let x = axis.x(start)
            if x * reference / 100 + width(label) < reference {
                d.text("pl-t pl-opt", x: x, y: y, "\(label)")
                used = x * reference / 100 + width(label) + 12
            }
        }
        let next = view.steps.filter { !$0.done }.prefix(2)
        guard let due = view.reading.due, !next.isEmpty, [.running, .dueSoon, .missed].contains(view.state) else { return }
        let parts = next.map { $0.at == due ? $0.who : "\(words.sameDay($0.at, due) ? words.clock($0.at, seconds: view.isExact) : words.stamp($0.at, now: axis.now, seconds: view.isExact)) \($0.who)" }
        let label = view.state == .missed ? say("next: \(parts.joined(separator: ", "))") : say("if missed: \(parts.joined(separator: ", "))")
        let right = min(max(axis.x(due) * reference / 100 + width(label) / 2, width(label)), reference)
        guard right - width(label) > used else { return }
        d.text("pl-t pl-opt", x: right * 100 / reference, y: y, anchor: .end, "\(label)")
    }

    static func pill(_ x: Double, width: Double, _ label: String, into d: inout Drawing) {
        d.open(at: x, y: 0)
        d.raw("<rect class=\"pl-pill\" x=\"")
        d.number(-width / 2)
        d.raw("\" y=\"0\" width=\"")
        d.number(width)
        d.raw("\" height=\"18\" rx=\"9\"/><text class=\"pl-pt pl-mid\" y=\"13\" data-now>")
        HTML.escape(label, into: &d.bytes)
        d.raw("</text></svg>")
    }
}

extension TimeWords {
    /// True for an axis so short that its words need seconds.
    func isExact(_ axis: Axis) -> Bool { axis.to - axis.from < 3600 }
}
