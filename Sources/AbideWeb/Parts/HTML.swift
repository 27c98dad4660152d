import AbideCore

/// A piece of a page, as UTF-8 bytes. Written as a string literal whose interpolations are escaped by type: a `String` is text and
/// is escaped, an `HTML` is markup and is not, an address is checked (`\(url:)`). There is no other way in but `init(trusted:)`.
///
/// A page is some 60 KB put together from parts of parts: large parts are kept as they are and joined once, at the end.
struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    private var chunks: [[UInt8]] = []
    private var tail: [UInt8] = []

    init() {}
    init(stringLiteral value: String) { tail = Array(value.utf8) }
    init(stringInterpolation: StringInterpolation) {
        chunks = stringInterpolation.chunks
        tail = stringInterpolation.bytes
    }

    /// A phrase in the reader's language.
    init(say said: Said) { self = "\(say: said)" }

    /// Markup that was made safe elsewhere: sanitised mail, rendered Markdown, our own constants.
    init(trusted markup: String) { tail = Array(markup.utf8) }
    init(trusted bytes: [UInt8]) { tail = bytes }

    /// The whole, joined.
    var bytes: [UInt8] {
        if chunks.isEmpty { return tail }
        var all: [UInt8] = []
        all.reserveCapacity(count)
        for chunk in chunks { all.append(contentsOf: chunk) }
        all.append(contentsOf: tail)
        return all
    }

    var count: Int { chunks.reduce(tail.count) { $0 + $1.count } }
    var isEmpty: Bool { tail.isEmpty && chunks.isEmpty }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    static func == (a: HTML, b: HTML) -> Bool { a.bytes == b.bytes }

    static func += (a: inout HTML, b: HTML) {
        var joined = StringInterpolation(chunks: a.chunks, bytes: a.tail)
        a.tail = []
        joined.appendInterpolation(b)
        a = HTML(stringInterpolation: joined)
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var chunks: [[UInt8]] = []
        var bytes: [UInt8] = []

        fileprivate init(chunks: [[UInt8]], bytes: [UInt8]) {
            self.chunks = chunks
            self.bytes = bytes
        }

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 48)
        }

        /// Parts from here on are kept and not copied.
        private static let large = 8192

        private mutating func flush() {
            guard !bytes.isEmpty else { return }
            chunks.append(bytes)
            bytes = []
        }

        mutating func appendLiteral(_ literal: String) {
            var literal = literal
            literal.withUTF8 { bytes.append(contentsOf: $0) }
        }

        mutating func appendInterpolation(_ text: String) { HTML.escape(text, into: &bytes) }
        mutating func appendInterpolation(_ text: Substring) { HTML.escape(String(text), into: &bytes) }
        mutating func appendInterpolation(_ text: String?) { if let text { HTML.escape(text, into: &bytes) } }
        mutating func appendInterpolation(_ number: Int) { HTML.append(Int64(number), into: &bytes) }
        mutating func appendInterpolation(_ number: Int64) { HTML.append(number, into: &bytes) }
        mutating func appendInterpolation(_ markup: HTML) {
            if markup.chunks.isEmpty, markup.tail.count < Self.large {
                bytes.append(contentsOf: markup.tail)
                if bytes.count >= 2 * Self.large { flush() }
            } else {
                flush()
                chunks.append(contentsOf: markup.chunks)
                if !markup.tail.isEmpty { chunks.append(markup.tail) }
            }
        }
        mutating func appendInterpolation(_ markup: HTML?) { if let markup { appendInterpolation(markup) } }

        /// The markup where the condition holds, nothing elsewhere.
        mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML) {
            if condition { appendInterpolation(markup()) }
        }

        mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML, else other: @autoclosure () -> HTML) {
            appendInterpolation(condition ? markup() : other())
        }

        mutating func appendInterpolation<S: Sequence>(each items: S, _ markup: (S.Element) -> HTML) {
            for item in items { appendInterpolation(markup(item)) }
        }

        mutating func appendInterpolation(say said: Said) { said.write(into: &self) }

        /// An address in an attribute: a path of this site, `https:`, `http:`, `mailto:` or `tel:`; anything else (as `javascript:`)
        /// becomes `#`.
        mutating func appendInterpolation(url: String) {
            HTML.escape(HTML.isSafe(url: url) ? url : "#", into: &bytes)
        }
    }

    /// A phrase in the reader's language, as one of `say`; its holes are escaped like any interpolation, and what stands between them is our own
    /// markup, in English and in the catalogues alike.
    struct Said: ExpressibleByStringInterpolation {
        fileprivate enum Content {
            case plain(StaticString)
            case made(StringInterpolation)
        }
        fileprivate let content: Content

        init(stringLiteral value: StaticString) { content = .plain(value) }
        init(stringInterpolation: StringInterpolation) { content = .made(stringInterpolation) }

        struct StringInterpolation: StringInterpolationProtocol {
            private let tongue = Tongue.current
            /// English: the phrase itself; else its name.
            private var text: HTML.StringInterpolation
            private var holes: [HTML] = []

            init(literalCapacity: Int, interpolationCount: Int) {
                text = HTML.StringInterpolation(literalCapacity: literalCapacity, interpolationCount: interpolationCount)
            }

            mutating func appendLiteral(_ literal: StaticString) { literal.withUTF8Buffer { text.bytes.append(contentsOf: $0) } }

            private mutating func append(_ hole: HTML) {
                if tongue.isEnglish { text.appendInterpolation(hole) } else {
                    holes.append(hole)
                    text.bytes.append(contentsOf: "{\(holes.count)}".utf8)
                }
            }

            mutating func appendInterpolation(_ hole: String) { tongue.isEnglish ? text.appendInterpolation(hole) : append("\(hole)") }
            mutating func appendInterpolation(_ hole: Substring) { append("\(hole)") }
            mutating func appendInterpolation(_ hole: String?) { append("\(hole)") }
            mutating func appendInterpolation(_ hole: Int) { append("\(hole)") }
            mutating func appendInterpolation(_ hole: Int64) { append("\(hole)") }
            mutating func appendInterpolation(_ hole: HTML) { append(hole) }
            mutating func appendInterpolation(_ hole: HTML?) { append(hole ?? "") }
            mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML) { append(condition ? markup() : "") }
            mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML, else other: @autoclosure () -> HTML) { append(condition ? markup() : other()) }
            mutating func appendInterpolation<S: Sequence>(each items: S, _ markup: (S.Element) -> HTML) { append("\(each: items, markup)") }
            mutating func appendInterpolation(url: String) { append("\(url: url)") }

            fileprivate func write(into html: inout HTML.StringInterpolation) {
                if tongue.isEnglish { html.appendInterpolation(HTML(stringInterpolation: text)) } else {
                    Tongue.pieces(
                        tongue.phrase(String(decoding: text.bytes, as: UTF8.self)), holes: holes.count, text: { html.bytes.append(contentsOf: $0) }, hole: { html.appendInterpolation(holes[$0]) })
                }
            }
        }

        fileprivate func write(into html: inout HTML.StringInterpolation) {
            switch content {
            case .plain(let text):
                let tongue = Tongue.current
                text.withUTF8Buffer { utf8 in
                    if tongue.isEnglish { html.bytes.append(contentsOf: utf8) } else { html.bytes.append(contentsOf: tongue.phrase(String(decoding: utf8, as: UTF8.self)).utf8) }
                }
            case .made(let made): made.write(into: &html)
            }
        }
    }

    /// `//host` and `/\host` lead off the site although they begin like paths, so they need a scheme to be allowed.
    static func isSafe(url: String) -> Bool {
        if url.utf8.contains(where: { $0 < 0x20 }) { return false }
        // Nearly all are paths of ours.
        if url.utf8.first == UInt8(ascii: "/") {
            let second = url.utf8.dropFirst().first
            return second != UInt8(ascii: "/") && second != UInt8(ascii: "\\")
        }
        let lower = url.prefix(16).lowercased()
        if lower.hasPrefix("#") || lower.hasPrefix("?") { return true }
        return ["https://", "http://", "mailto:", "tel:"].contains { lower.hasPrefix($0) }
    }

    static func escape(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for i in 0..<utf8.count {
                let entity: StaticString
                switch utf8[i] {
                case UInt8(ascii: "&"): entity = "&amp;"
                case UInt8(ascii: "<"): entity = "&lt;"
                case UInt8(ascii: ">"): entity = "&gt;"
                case UInt8(ascii: "\""): entity = "&quot;"
                case UInt8(ascii: "'"): entity = "&#39;"
                default: continue
                }
                bytes.append(contentsOf: utf8[start..<i])
                entity.withUTF8Buffer { bytes.append(contentsOf: $0) }
                start = i + 1
            }
            bytes.append(contentsOf: utf8[start..<utf8.count])
        }
    }

    static func append(_ number: Int64, into bytes: inout [UInt8]) {
        if number >= 0, number < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            bytes.append(contentsOf: String(number).utf8)
        }
    }
}
