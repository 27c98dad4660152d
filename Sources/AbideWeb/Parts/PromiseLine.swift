import AbideCore

/// The promise line at its sizes, each one fluid inline SVG without a script. Hatches are patterns that `patterns` puts on the page once.
enum PromiseLine {
    /// The hatches, once a page: 45 degrees, in user space, so that they never stretch.
    static let patterns: HTML = """
        <svg class="defs" width="0" height="0" aria-hidden="true"><defs>\
        <pattern id="hatch4" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="pl-s0" d="M0 0h4v4H0z"/><path class="pl-h" d="M2 0v4" stroke-width="1.1"/></pattern>\
        <pattern id="hatch6" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="pl-s0" d="M0 0h6v6H0z"/><path class="pl-h" d="M3 0v6" stroke-width="1.5"/></pattern>\
        </defs></svg>
        """

    /// For cards, tables and the report. The words stand beside it, so it is hidden from readers unless `sentence` is given.
    static func small(_ view: PromiseLineView, axis: Axis, sentence: String? = nil) -> HTML {
        var d = Drawing()
        open("pl pl-small", height: 24, sentence: sentence, into: &d)
        PromiseTrack(view, axis: axis, style: .small).draw(into: &d)
        now(axis, view, from: TrackStyle.small.top - 6, to: TrackStyle.small.bottom + 6, into: &d)
        d.raw("</svg>")
        return d.html
    }

    /// For the portal: days, the deadline and the reason in words.
    /// - Parameter pill: what the now mark says.
    static func medium(_ view: PromiseLineView, axis: Axis, words: TimeWords, pill: String = say("now")) -> HTML {
        var d = Drawing(capacity: 4096)
        let style = TrackStyle.medium
        open("pl pl-medium", height: 70, sentence: view.sentence(words, now: axis.now), into: &d)
        PromiseTrack(view, axis: axis, style: style, words: words).draw(into: &d)
        AxisWords.days(axis, words, y: 66, into: &d)
        AxisWords.beside(view, axis: axis, words: words, style: style, withDay: false, into: &d)
        if view.state != .notStarted, shows(axis.now, on: axis), view.reading.state != .stopped {
            d.line("pl-n", x1: axis.x(axis.now), y1: 17, x2: axis.x(axis.now), y2: style.bottom + 6)
            AxisWords.pill(axis.x(axis.now), width: 34, pill, into: &d)
        }
        d.raw("</svg>")
        return d.html
    }

    /// Response and resolution of a ticket on one axis, with days and hours, start, deadlines, reasons and steps.
    static func large(_ clocks: [PromiseLineView], axis: Axis, words: TimeWords) -> HTML {
        var d = Drawing(capacity: 8192)
        let height = Double(clocks.count) * 68 + 18
        open("pl pl-large", height: height, sentence: clocks.map { $0.sentence(words, now: axis.now) }.joined(separator: " "), into: &d)
        let showsNow = shows(axis.now, on: axis)
        AxisWords.daysAndHours(axis, words, y: 13, avoiding: showsNow ? axis.x(axis.now) : nil, into: &d)
        for (i, view) in clocks.enumerated() {
            let style = TrackStyle.large(middle: 56 + Double(i) * 68)
            PromiseTrack(view, axis: axis, style: style, words: words).draw(into: &d)
            AxisWords.beside(view, axis: axis, words: words, style: style, withDay: true, into: &d)
            if i == clocks.count - 1 { AxisWords.under(view, axis: axis, words: words, y: style.bottom + 15, into: &d) }
        }
        if showsNow {
            d.line("pl-n", x1: axis.x(axis.now), y1: 17, x2: axis.x(axis.now), y2: height - 17)
            AxisWords.pill(axis.x(axis.now), width: words.isExact(axis) ? 54 : 38, words.clock(axis.now, seconds: words.isExact(axis)), into: &d)
        }
        d.raw("</svg>")
        return d.html
    }

    /// What all rows of a list have in common: one axis, its track and its now line, drawn once.
    struct List {
        let axis: Axis
        /// The now line through a group's heading.
        let through: HTML
        /// Days, hours and now, for the heading that sticks.
        let scale: HTML
        /// The track and the now line, on the page once; each row refers to them.
        let shared: HTML

        /// - Parameter words: the reader's time, for the scale.
        init(axis: Axis, words: TimeWords) {
            self.axis = axis
            var d = Drawing()
            PromiseTrack.track(axis, .list, into: &d)
            var n = Drawing()
            if PromiseLine.shows(axis.now, on: axis) { n.line("pl-n", x1: axis.x(axis.now), y1: -1, x2: axis.x(axis.now), y2: 46) }
            shared = "<svg class=\"defs\" aria-hidden=\"true\"><defs><g id=\"pl-track\">\(d.html)</g><g id=\"pl-now\">\(n.html)</g></defs></svg>"
            through = "<svg class=\"pl pl-row pl-cut\" width=\"100%\" height=\"30\" aria-hidden=\"true\">\(n.html)</svg>"
            scale = Self.scale(axis, words)
        }

        /// The line of one row; the cell beside it carries its sentence.
        func row(_ view: PromiseLineView) -> HTML {
            var d = Drawing(capacity: 1536)
            d.raw("<svg class=\"pl pl-row\" width=\"100%\" height=\"46\" aria-hidden=\"true\">")
            if view.state != .notStarted { d.raw("<use href=\"#pl-track\"/>") }
            PromiseTrack(view, axis: axis, style: .list).draw(into: &d, withTrack: false)
            d.raw("<use href=\"#pl-now\"/></svg>")
            return d.html
        }

        private static func scale(_ axis: Axis, _ words: TimeWords) -> HTML {
            var d = Drawing()
            d.raw("<svg class=\"pl pl-row\" width=\"100%\" height=\"30\" aria-hidden=\"true\">")
            let now = PromiseLine.shows(axis.now, on: axis) ? axis.x(axis.now) : nil
            AxisWords.daysAndHours(axis, words, y: 19, avoiding: now, dayNumbers: false, into: &d)
            if let now {
                d.line("pl-n", x1: now, y1: 22, x2: now, y2: 31)
                d.open(at: 0, y: 6)
                AxisWords.pill(now, width: words.isExact(axis) ? 54 : 38, words.clock(axis.now, seconds: words.isExact(axis)), into: &d)
                d.raw("</svg>")
            }
            d.raw("</svg>")
            return d.html
        }
    }

    fileprivate static func shows(_ t: Instant, on axis: Axis) -> Bool { !axis.pieces.isEmpty && t >= axis.from && t <= axis.to }

    private static func now(_ axis: Axis, _ view: PromiseLineView, from: Double, to: Double, into d: inout Drawing) {
        guard view.state != .notStarted, view.reading.state != .stopped, shows(axis.now, on: axis) else { return }
        d.line("pl-n", x1: axis.x(axis.now), y1: from, x2: axis.x(axis.now), y2: to)
    }

    private static func open(_ style: StaticString, height: Double, sentence: String?, into d: inout Drawing) {
        d.raw("<svg class=\"")
        d.raw(style)
        d.raw("\" width=\"100%\" height=\"")
        d.number(height)
        if let sentence {
            d.raw("\" role=\"img\" aria-label=\"")
            HTML.escape(sentence, into: &d.bytes)
            d.raw("\">")
        } else {
            d.raw("\" aria-hidden=\"true\">")
        }
    }
}
