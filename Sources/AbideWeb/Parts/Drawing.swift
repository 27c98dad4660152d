/// Writes the shapes of promise lines straight into bytes: `x` and widths in per cent, heights in px, colours by class.
struct Drawing {
    var bytes: [UInt8] = []

    init(capacity: Int = 2048) { bytes.reserveCapacity(capacity) }

    var html: HTML { HTML(trusted: bytes) }

    mutating func raw(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A number with at most two decimals.
    mutating func number(_ value: Double) {
        var hundredths = Int((value * 100).rounded())
        if hundredths < 0 {
            bytes.append(UInt8(ascii: "-"))
            hundredths = -hundredths
        }
        integer(hundredths / 100)
        let rest = hundredths % 100
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0") + UInt8(rest / 10))
        if rest % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(rest % 10)) }
    }

    private mutating func integer(_ value: Int) {
        if value < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(value))
        } else {
            integer(value / 10)
            bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
        }
    }

    mutating func percent(_ value: Double) {
        number(value)
        bytes.append(UInt8(ascii: "%"))
    }

    /// A rectangle from one per cent to another; nothing if it has no width. `title` answers when it is pointed at.
    mutating func rect(_ style: StaticString, from: Double, to: Double, y: Double, height: Double, radius: Double = 0, fill: StaticString? = nil, title: String = "") {
        guard to > from else { return }
        raw("<rect class=\"")
        raw(style)
        raw("\" x=\"")
        percent(from)
        raw("\" y=\"")
        number(y)
        raw("\" width=\"")
        percent(to - from)
        raw("\" height=\"")
        number(height)
        if radius > 0 {
            raw("\" rx=\"")
            number(radius)
        }
        if let fill {
            raw("\" fill=\"")
            raw(fill)
        }
        if title.isEmpty {
            raw("\"/>")
        } else {
            raw("\"><title>")
            HTML.escape(title, into: &bytes)
            raw("</title></rect>")
        }
    }

    mutating func line(_ style: StaticString, x1: Double, y1: Double, x2: Double, y2: Double) {
        raw("<line class=\"")
        raw(style)
        raw("\" x1=\"")
        percent(x1)
        raw("\" y1=\"")
        number(y1)
        raw("\" x2=\"")
        percent(x2)
        raw("\" y2=\"")
        number(y2)
        raw("\"/>")
    }

    /// Shapes in px around a point at a per cent of the width.
    mutating func at(_ x: Double, y: Double, _ shapes: StaticString) {
        open(at: x, y: y)
        raw(shapes)
        raw("</svg>")
    }

    mutating func open(at x: Double, y: Double) {
        raw("<svg x=\"")
        percent(x)
        raw("\" y=\"")
        number(y)
        raw("\" overflow=\"visible\">")
    }

    enum Anchor { case start, middle, end }

    /// Words; `dx` in px beside the point.
    mutating func text(_ style: StaticString, x: Double, y: Double, dx: Double = 0, anchor: Anchor = .start, _ words: HTML) {
        raw("<text class=\"")
        raw(style)
        switch anchor {
        case .start: break
        case .middle: raw(" pl-mid")
        case .end: raw(" pl-end")
        }
        raw("\" x=\"")
        percent(x)
        raw("\" y=\"")
        number(y)
        if dx != 0 {
            raw("\" dx=\"")
            number(dx)
        }
        raw("\">")
        bytes.append(contentsOf: words.bytes)
        raw("</text>")
    }
}
