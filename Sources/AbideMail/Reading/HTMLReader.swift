import CGumbo
import Glibc

/// What is taken from the HTML of a mail: sanitised HTML and plain text, both from one parse by the HTML5 algorithm.
struct HTMLReader {
    private(set) var html: String?
    private(set) var text: String

    /// - Parameters:
    ///   - needsText: false where the message says the same in plain text.
    ///   - shortens: see `HTMLRuns`.
    init(_ source: String, needsText: Bool = true, shortens: Bool = true) {
        var source = source
        let bytes = source.withUTF8 { Array($0.prefix(HTMLBound.bytes)) }
        guard bytes.withUnsafeBufferPointer({ HTMLBound.holds($0) }) else {
            // Not shown as HTML; the words between the tags are.
            html = nil
            text = needsText ? Self.stripped(bytes) : ""
            return
        }
        let runs = HTMLRuns(bytes, shortens: shortens)
        (html, text) = runs.shortened.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                var options = kGumboDefaultOptions
                var arena = abide_arena()
                abide_arena_use(&options, &arena)
                defer { abide_arena_free(&arena) }
                // Its list of faults would grow with the input.
                options.max_errors = 0
                return withUnsafePointer(to: options) { options -> (String?, String) in
                    guard let output = gumbo_parse_with_options(options, buffer.baseAddress, buffer.count) else { return (nil, "") }
                    var sanitiser = HTMLSanitiser(room: bytes.count, runs: runs)
                    sanitiser.write(output.pointee.root)
                    guard needsText else { return (sanitiser.finished, "") }
                    var plain = HTMLText(room: bytes.count, runs: runs)
                    plain.write(output.pointee.root)
                    return (sanitiser.finished, plain.finished)
                }
            }
        }
    }

    private static func stripped(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var inTag = false
        for byte in bytes {
            if byte == 60 { inTag = true } else if byte == 62, inTag { inTag = false; result.append(32) } else if !inTag { result.append(byte) }
        }
        return PlainText.normalised(String(decoding: result, as: UTF8.self))
    }
}

/// What is done with an element, looked up by gumbo's number of its tag.
struct HTMLElement {
    enum Rule { case written, unwrapped, dropped }

    var rule = Rule.unwrapped
    var name: [UInt8] = []
    var isVoid = false
    var isBlock = false
    var isSpaced = false

    /// By the tag's number; what gumbo doesn't know comes last.
    static let all: [HTMLElement] = (0...Int(GUMBO_TAG_UNKNOWN.rawValue)).map { number in
        guard number < Int(GUMBO_TAG_UNKNOWN.rawValue) else { return HTMLElement() }
        let name = String(cString: gumbo_normalized_tagname(GumboTag(UInt32(number))))
        return HTMLElement(
            rule: HTMLSanitiser.dropped.contains(name) ? .dropped : HTMLSanitiser.elements.contains(name) ? .written : .unwrapped, name: Array(name.utf8),
            isVoid: HTMLSanitiser.void.contains(name), isBlock: HTMLText.blocks.contains(name), isSpaced: HTMLText.spaced.contains(name))
    }

    /// nil for SVG and MathML, which have rules of their own and are never shown.
    static func of(_ element: GumboElement) -> HTMLElement? {
        element.tag_namespace == GUMBO_NAMESPACE_HTML ? all[min(Int(element.tag.rawValue), all.count - 1)] : nil
    }
}

/// Swift values of gumbo's nodes. They point into the parse and must not outlive it.
enum HTMLNode {
    typealias Pointer = UnsafeMutablePointer<GumboNode>

    static func children(_ element: GumboElement, _ body: (Pointer) -> Void) {
        guard let data = element.children.data else { return }
        for index in 0..<Int(element.children.length) { if let child = data[index] { body(child.assumingMemoryBound(to: GumboNode.self)) } }
    }

    /// The parser has lower-cased their names.
    static func attributes(_ element: GumboElement, _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>) -> Void) {
        guard let data = element.attributes.data else { return }
        for index in 0..<Int(element.attributes.length) {
            guard let attribute = data[index]?.assumingMemoryBound(to: GumboAttribute.self).pointee, let name = attribute.name, let value = attribute.value else { continue }
            body(bytes(name), value)
        }
    }

    /// The bytes of a text node; nil for other nodes.
    static func text(_ node: GumboNode) -> UnsafeBufferPointer<UInt8>? {
        switch node.type {
        case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
            guard let text = node.v.text.text else { return nil }
            return bytes(text)
        default: return nil
        }
    }

    static func bytes(_ text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: strlen(text))
    }
}
