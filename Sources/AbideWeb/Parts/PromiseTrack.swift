import AbideCore

/// The heights of one track within its picture, in px.
struct TrackStyle: Sendable {
    /// Middle of the track.
    var middle: Double
    var height: Double
    var radius: Double
    /// How far the flag's pole stands above the track.
    var pole: Double
    var isSmall: Bool
    /// A step of the escalation rises by this.
    var rise: Double
    /// Each stretch says what it is when pointed at.
    var answers = false

    static let list = TrackStyle(middle: 23, height: 6, radius: 1.5, pole: 5, isSmall: true, rise: 2)
    static let small = TrackStyle(middle: 14, height: 7, radius: 1.5, pole: 5, isSmall: true, rise: 2)
    static let medium = TrackStyle(middle: 41, height: 12, radius: 2.5, pole: 13, isSmall: false, rise: 5, answers: true)
    static func large(middle: Double) -> TrackStyle {
        TrackStyle(middle: middle, height: 14, radius: 2.5, pole: 13, isSmall: false, rise: 5, answers: true)
    }

    var top: Double { middle - height / 2 }
    var bottom: Double { middle + height / 2 }
}

/// The layers of a promise line from the back: open track and closed line, what is left, what counted, suspended, steps, flag, end mark.
/// Now is drawn by the sizes themselves, since it crosses all lines of a ticket and all rows of a list.
struct PromiseTrack {
    let view: PromiseLineView
    let state: PromiseState
    let axis: Axis
    let style: TrackStyle
    /// For what stretches answer; nil: they don't.
    let words: TimeWords?

    init(_ view: PromiseLineView, axis: Axis, style: TrackStyle, words: TimeWords? = nil) {
        self.view = view
        self.state = view.state
        self.axis = axis
        self.style = style
        self.words = style.answers ? words : nil
    }

    func draw(into d: inout Drawing, withTrack: Bool = true) {
        if state == .notStarted {
            notStarted(into: &d)
            return
        }
        if withTrack { Self.track(axis, style, into: &d) }
        left(into: &d)
        counted(into: &d)
        suspended(into: &d)
        steps(into: &d)
        flag(into: &d)
        end(into: &d)
    }

    /// Open time and the thin line of closed time.
    static func track(_ axis: Axis, _ style: TrackStyle, into d: inout Drawing) {
        for (a, b) in zip(axis.pieces, axis.pieces.dropFirst()) {
            d.rect("pl-c", from: a.right, to: b.left, y: style.middle - 0.75, height: 1.5)
        }
        for piece in axis.pieces {
            d.rect("pl-o", from: piece.left, to: piece.right, y: style.top, height: style.height, radius: style.radius)
        }
    }

    private func notStarted(into d: inout Drawing) {
        let isList = axis.size == .list
        for (a, b) in zip(axis.pieces, axis.pieces.dropFirst()) where !isList {
            d.rect("pl-c", from: a.right, to: b.left, y: style.middle - 0.75, height: 1.5)
        }
        for piece in axis.pieces {
            if isList {
                let from = max(piece.left, axis.x(axis.now))
                if from < piece.right { d.line("pl-dash", x1: from, y1: style.middle, x2: piece.right, y2: style.middle) }
            } else {
                d.rect("pl-dash", from: piece.left, to: piece.right, y: style.top + 0.5, height: style.height - 1, radius: style.radius)
            }
        }
        if let due = view.wouldBeDue, due <= axis.to { pennant(axis.x(due), isHollow: true, mark: "pl-f0", into: &d) }
    }

    /// The open time between two instants, piece by piece, in per cent and as instants.
    private func open(_ from: Instant, _ to: Instant, _ each: (_ x0: Double, _ x1: Double, _ from: Instant, _ to: Instant) -> Void) {
        for piece in axis.pieces where piece.to > from && piece.from < to {
            let a = max(piece.from, from), b = min(piece.to, to)
            each(axis.x(a), axis.x(b), a, b)
        }
    }

    private func left(into d: inout Drawing) {
        guard let due = view.reading.due, let start = view.reading.startedAt else { return }
        let fill: StaticString
        switch state {
        case .running: fill = "pl-l run"
        case .dueSoon: fill = "pl-l soon"
        case .met: fill = "pl-l met"
        default: return
        }
        // It begins under what counted, so that no corner shows the empty track; in a list, whose now line hides the joint, it does not.
        let from = state == .met ? (axis.size == .list ? view.reading.stoppedAt ?? start : start) : axis.size == .list ? max(start, axis.now) : start
        open(max(from, axis.from), due) { x0, x1, a, b in
            d.rect(fill, from: x0, to: x1, y: style.top, height: style.height, radius: style.radius, title: a >= axis.now ? told(a, b, "left", b - a) : "")
        }
    }

    private func counted(into d: inout Drawing) {
        for interval in Self.joined(view.intervals) where interval.to > axis.from && interval.from < axis.to {
            let a = max(interval.from, axis.from), b = min(interval.to, axis.to)
            let x0 = axis.x(a), x1 = axis.x(b)
            switch state {
            case .missed, .late:
                let due = view.reading.due ?? a
                if a < due {
                    d.rect("pl-l miss", from: x0, to: axis.x(min(b, due)), y: style.top, height: style.height, radius: style.radius, title: told(interval.from, min(interval.to, due), "counted", min(interval.to, due) - interval.from))
                }
                if b > due {
                    d.rect("pl-m miss", from: axis.x(max(a, due)), to: x1, y: style.top, height: style.height, radius: style.radius, title: told(max(interval.from, due), interval.to, "over", interval.to - max(interval.from, due)))
                }
            default:
                d.rect(mark, from: x0, to: x1, y: style.top, height: style.height, radius: style.radius, title: told(interval.from, interval.to, "counted", interval.seconds))
            }
        }
    }

    /// Counted stretches that touch, as after a change of terms, are drawn as one.
    private static func joined(_ intervals: [ClockReading.Interval]) -> [ClockReading.Interval] {
        var joined: [ClockReading.Interval] = []
        for interval in intervals where interval.kind == .counted {
            if let last = joined.last, last.to == interval.from {
                joined[joined.count - 1].to = interval.to
                joined[joined.count - 1].seconds += interval.seconds
            } else {
                joined.append(interval)
            }
        }
        return joined
    }

    private var mark: StaticString {
        switch state {
        case .dueSoon: "pl-m soon"
        case .met: "pl-m met"
        case .open, .ended: "pl-m none"
        default: "pl-m run"
        }
    }

    private func suspended(into d: inout Drawing) {
        let axis = axis, style = style
        for interval in view.intervals where interval.kind == .suspended && interval.to > axis.from && interval.from < axis.to {
            for (a, b) in zip(axis.pieces, axis.pieces.dropFirst()) where a.to >= interval.from && b.from <= interval.to {
                d.rect("pl-gap", from: a.right, to: b.left, y: style.middle - 1, height: 2)
                d.line("pl-dot", x1: a.right, y1: style.middle, x2: b.left, y2: style.middle)
            }
            let reason = view.reasons[interval.reason] ?? interval.reason
            open(interval.from, interval.to) { x0, x1, a, b in
                d.rect("pl-s", from: x0, to: x1, y: style.top + 0.5, height: style.height - 1, radius: style.radius, fill: style.isSmall ? "url(#hatch4)" : "url(#hatch6)", title: told(a, b, reason.isEmpty ? "suspended" : "suspended: \(lowerFirst(reason))", b - a))
            }
        }
    }

    /// The ladder climbs from the flag: done in red, to come dashed.
    private func steps(into d: inout Drawing) {
        guard let due = view.reading.due, due < axis.to, ![.met, .ended, .suspended].contains(state) else { return }
        let later = view.steps.filter { $0.at > due && $0.at <= axis.to }
        guard !view.steps.isEmpty, state == .missed || state == .late || (!later.isEmpty && axis.size == .large) else { return }
        var y = style.top - (style.isSmall ? 2.5 : 7)
        var x = axis.x(due)
        let until = view.reading.stoppedAt ?? axis.now
        let isMissed = state == .missed || state == .late
        for step in later {
            let next = axis.x(step.at)
            let reached = isMissed ? axis.x(min(step.at, until)) : x
            if reached > x { d.line("pl-st done", x1: x, y1: y, x2: reached, y2: y) }
            if next > max(reached, x) {
                if state == .late { return }
                d.line("pl-st", x1: max(reached, x), y1: y, x2: next, y2: y)
            }
            d.line(step.done ? "pl-st done" : "pl-st", x1: next, y1: y, x2: next, y2: y - style.rise)
            y -= style.rise
            x = next
        }
        if later.last?.done ?? isMissed, isMissed {
            let reached = axis.x(min(until, axis.to))
            if reached > x { d.line("pl-st done", x1: x, y1: y, x2: reached, y2: y) }
        } else if x < 97 {
            d.open(at: x, y: y)
            d.raw("<path class=\"pl-st\" d=\"M0 0h9\"/></svg>")
        }
    }

    private func flag(into d: inout Drawing) {
        guard let due = view.reading.due, state != .suspended, due >= axis.from else { return }
        if due > axis.to {
            if state == .running || state == .dueSoon { d.at(axis.x(axis.to), y: style.middle, "<path class=\"pl-chev\" d=\"M3-3.5 6 0 3 3.5\"/>") }
            return
        }
        switch state {
        case .running: pennant(axis.x(due), isHollow: false, mark: "pl-f", into: &d)
        case .dueSoon: pennant(axis.x(due), isHollow: false, mark: "pl-f soon", into: &d)
        case .missed: pennant(axis.x(due), isHollow: false, mark: "pl-f miss", into: &d)
        case .met: pennant(axis.x(due), isHollow: true, mark: "pl-f0 met", into: &d)
        case .late: pennant(axis.x(due), isHollow: true, mark: "pl-f0 miss", into: &d)
        default: break
        }
    }

    private func pennant(_ x: Double, isHollow: Bool, mark: StaticString, into d: inout Drawing) {
        d.raw("<g class=\"")
        d.raw(mark)
        d.raw("\">")
        d.open(at: x, y: style.top - style.pole)
        let pole = style.pole + style.height + (style.isSmall ? 1 : 3)
        d.raw("<path d=\"M0 0v")
        d.number(pole)
        if style.isSmall {
            d.raw("\"/><path class=\"p\" d=\"M0 0h6l-1.5 2.5 1.5 2.5h-6z\"/>")
        } else {
            d.raw("\"/><path class=\"p\" d=\"M0 0h10l-2.5 4 2.5 4h-10z\"/>")
        }
        d.raw("</svg></g>")
    }

    private func end(into d: inout Drawing) {
        guard let stopped = view.reading.stoppedAt, stopped >= axis.from, stopped <= axis.to else { return }
        let mark: StaticString = state == .late ? "pl-d miss" : state == .met ? "pl-d met" : "pl-d"
        d.raw("<g class=\"")
        d.raw(mark)
        d.raw("\">")
        if style.isSmall {
            d.at(axis.x(stopped), y: style.middle, "<circle r=\"4\"/>")
        } else {
            d.at(axis.x(stopped), y: style.middle, "<circle r=\"9\"/><path d=\"M-3.200.3-.8 2.7 3.4-2.3\"/>")
        }
        d.raw("</g>")
    }

    /// `Wed 11, 08:00–11:10, counted, 3 h 10 m`
    private func told(_ from: Instant, _ to: Instant, _ what: String, _ seconds: Int64) -> String {
        guard let words else { return "" }
        let exact = view.isExact
        return "\(words.day(from)), \(words.clock(from, seconds: exact))–\(words.clock(to, seconds: exact)), \(what), \(DurationWords.say(seconds, target: view.reading.targetSeconds))"
    }
}
