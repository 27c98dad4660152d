import CGumbo

/// What is taken from the HTML of a mail: sanitised HTML and plain text, both from one parse by the HTML5 algorithm.
struct HTMLReader {
    private(set) var html: String?
    private(set) var text: String

    init(_ source: String) {
        let bytes = Array(source.utf8.prefix(HTMLBound.bytes))
        guard HTMLBound.holds(bytes) else {
            // Not shown as HTML; the words between the tags are.
            html = nil
            text = Self.stripped(bytes)
            return
        }
        (html, text) = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                var options = kGumboDefaultOptions
                // Its list of faults would grow with the input.
                options.max_errors = 0
                return withUnsafePointer(to: options) { options -> (String?, String) in
                    guard let output = gumbo_parse_with_options(options, buffer.baseAddress, buffer.count) else { return (nil, "") }
                    defer { gumbo_destroy_output(options, output) }
                    var sanitiser = HTMLSanitiser()
                    sanitiser.write(output.pointee.root)
                    var plain = HTMLText()
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
        return String(decoding: result, as: UTF8.self)
    }
}

/// Swift values of gumbo's nodes. They point into the parse and must not outlive it.
struct HTMLNode {
    enum Kind { case element(String), text(String), other }

    let kind: Kind
    private let element: GumboElement?

    init(_ node: UnsafeMutablePointer<GumboNode>) {
        switch node.pointee.type {
        case GUMBO_NODE_ELEMENT:
            let element = node.pointee.v.element
            self.element = element
            // SVG and MathML have rules of their own: never shown, so they need no name.
            let isHTML = element.tag_namespace == GUMBO_NAMESPACE_HTML && element.tag != GUMBO_TAG_UNKNOWN
            kind = .element(isHTML ? String(cString: gumbo_normalized_tagname(element.tag)) : element.tag_namespace == GUMBO_NAMESPACE_HTML ? "" : "svg")
        case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
            element = nil
            kind = .text(node.pointee.v.text.text.map { String(cString: $0) } ?? "")
        default:
            element = nil
            kind = .other
        }
    }

    var children: [UnsafeMutablePointer<GumboNode>] {
        guard let vector = element?.children, let data = vector.data else { return [] }
        return (0..<Int(vector.length)).compactMap { data[$0]?.assumingMemoryBound(to: GumboNode.self) }
    }

    var attributes: [(name: String, value: String)] {
        guard let vector = element?.attributes, let data = vector.data else { return [] }
        return (0..<Int(vector.length)).compactMap { index in
            guard let attribute = data[index]?.assumingMemoryBound(to: GumboAttribute.self).pointee, let name = attribute.name, let value = attribute.value
            else { return nil }
            return (String(cString: name).lowercased(), String(cString: value))
        }
    }
}
