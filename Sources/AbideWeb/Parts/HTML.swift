/// A piece of a page, as UTF-8 bytes. Written as a string literal whose interpolations are escaped by type: a `String` is text and
/// is escaped, an `HTML` is markup and is not, an address is checked (`\(url:)`). There is no other way in but `init(trusted:)`.
struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    var bytes: [UInt8]

    init() { bytes = [] }
    init(stringLiteral value: String) { bytes = Array(value.utf8) }
    init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    /// Markup that was made safe elsewhere: sanitised mail, rendered Markdown, our own constants.
    init(trusted markup: String) { bytes = Array(markup.utf8) }
    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    var isEmpty: Bool { bytes.isEmpty }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    static func += (a: inout HTML, b: HTML) { a.bytes.append(contentsOf: b.bytes) }

    struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { bytes.append(contentsOf: literal.utf8) }

        mutating func appendInterpolation(_ text: String) { HTML.escape(text, into: &bytes) }
        mutating func appendInterpolation(_ text: Substring) { HTML.escape(String(text), into: &bytes) }
        mutating func appendInterpolation(_ text: String?) { if let text { HTML.escape(text, into: &bytes) } }
        mutating func appendInterpolation(_ number: Int) { HTML.append(Int64(number), into: &bytes) }
        mutating func appendInterpolation(_ number: Int64) { HTML.append(number, into: &bytes) }
        mutating func appendInterpolation(_ markup: HTML) { bytes.append(contentsOf: markup.bytes) }
        mutating func appendInterpolation(_ markup: HTML?) { if let markup { bytes.append(contentsOf: markup.bytes) } }

        /// The markup where the condition holds, nothing elsewhere.
        mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML) {
            if condition { bytes.append(contentsOf: markup().bytes) }
        }

        mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML, else other: @autoclosure () -> HTML) {
            bytes.append(contentsOf: (condition ? markup() : other()).bytes)
        }

        mutating func appendInterpolation<S: Sequence>(each items: S, _ markup: (S.Element) -> HTML) {
            for item in items { bytes.append(contentsOf: markup(item).bytes) }
        }

        /// An address in an attribute: a path of this site, `https:`, `http:`, `mailto:` or `tel:`; anything else (as `javascript:`)
        /// becomes `#`.
        mutating func appendInterpolation(url: String) {
            HTML.escape(HTML.isSafe(url: url) ? url : "#", into: &bytes)
        }
    }

    /// `//host` and `/\host` lead off the site although they begin like paths, so they need a scheme to be allowed.
    static func isSafe(url: String) -> Bool {
        let lower = url.prefix(16).lowercased()
        if url.utf8.contains(where: { $0 < 0x20 }) { return false }
        if lower.hasPrefix("//") || lower.hasPrefix("/\\") { return false }
        if lower.hasPrefix("/") || lower.hasPrefix("#") || lower.hasPrefix("?") { return true }
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
