import CGumbo
import Glibc

/// Whether HTML can be parsed in bounded time, stack and memory.
///
/// The HTML5 algorithm is quadratic in depth, in attributes of one tag and in unclosed formatting elements, and gumbo frees its tree by
/// recursion. This pass is linear and errs to the safe side; real mail stays far below these bounds.
enum HTMLBound {
    static let bytes = 2_097_152
    private static let depth = 400
    private static let tags = 100_000
    private static let attributeBreaks = 2_000
    private static let formattingTimesTags = 1_000_000

    private enum Kind { case plain, formatting, flat }

    private static let formatting: Set<String> = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
    /// Void, or closed by the next of their kind.
    private static let flat: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "image", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dd", "dt",
        "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "html", "head", "body",
    ]
    /// By gumbo's number of the tag.
    private static let kinds: [Kind] = HTMLElement.all.map {
        let name = String(decoding: $0.name, as: UTF8.self)
        return formatting.contains(name) ? .formatting : flat.contains(name) ? .flat : .plain
    }

    private static func kind(_ name: UnsafeRawPointer, _ length: Int) -> Kind {
        let number = Int(gumbo_tagn_enum(name.assumingMemoryBound(to: CChar.self), UInt32(length)).rawValue)
        return number < kinds.count ? kinds[number] : .plain
    }

    static func holds(_ html: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = html.baseAddress else { return true }
        var deep = 0, openFormatting = 0, mostFormatting = 0, count = 0
        var at = 0
        while at < html.count {
            guard let open = memchr(base + at, 60, html.count - at) else { return true }
            at = UnsafeRawPointer(open) - UnsafeRawPointer(base) + 1
            guard at < html.count else { return true }
            let closing = html[at] == 47
            if closing { at += 1 }
            let start = at
            while at < html.count, at - start < 16, isLetter(html[at]) || (48...57).contains(html[at]) { at += 1 }
            guard at > start else { continue }
            count += 1
            let kind = kind(base + start, at - start)
            if kind != .flat { deep = max(0, deep + (closing ? -1 : 1)) }
            if kind == .formatting { openFormatting = max(0, openFormatting + (closing ? -1 : 1)) }
            mostFormatting = max(mostFormatting, openFormatting)
            guard deep <= depth, count <= tags, mostFormatting * count <= formattingTimesTags, skipAttributes(html, &at) else { return false }
        }
        return true
    }

    /// Moves behind the tag; false where it has too many attributes.
    @discardableResult
    static func skipAttributes(_ html: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Bool {
        var breaks = 0
        var quote: UInt8?
        while at < html.count {
            let byte = html[at]
            at += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 62 {
                return true
            } else if byte == 34 || byte == 39 {
                // Only after "=" does a quote mark open a value; elsewhere it is part of a name.
                if precededByEquals(html, at - 1) { quote = byte }
                breaks += 1
            } else if byte <= 32 || byte == 47 {
                breaks += 1
            }
            if breaks > attributeBreaks { return false }
        }
        return true
    }

    private static func precededByEquals(_ html: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        var index = at - 1
        while index >= 0, at - index < 64, html[index] <= 32 { index -= 1 }
        return index >= 0 && html[index] == 61
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
