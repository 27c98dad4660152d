import CGumbo

/// Writes a parsed document anew with only what is on the lists (S1, S2): no script, style, form, frame or event attribute, no address but
/// http, https, mailto and tel. Nothing is fetched: images of the mail itself keep their Content-ID as `data-cid`, those from elsewhere
/// their address as `data-blocked-src`, and neither has a `src`.
struct HTMLSanitiser {
    private static let elements: Set<String> = [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
        "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
        "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table",
        "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
    ]
    /// Gone with everything inside.
    static let dropped: Set<String> = [
        "applet", "audio", "base", "canvas", "datalist", "embed", "frame", "frameset", "head", "iframe", "input", "link", "math", "meta", "noembed", "noframes",
        "noscript", "object", "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
    ]
    private static let void: Set<String> = ["br", "col", "hr", "img"]
    private static let attributes: Set<String> = [
        "align", "alt", "colspan", "dir", "height", "lang", "rowspan", "start", "title", "valign", "width",
    ]

    private var result = ""

    /// nil where nothing is left to show.
    var finished: String? {
        let text = result.trimming { $0.isWhitespace }
        return text.isEmpty ? nil : text
    }

    /// Plain text as HTML that looks the same.
    static func paragraph(_ text: String) -> String {
        var sanitiser = HTMLSanitiser()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            sanitiser.escape(String(line))
            sanitiser.result += "<br>"
        }
        return "<div>\(sanitiser.result)</div>"
    }

    mutating func write(_ pointer: UnsafeMutablePointer<GumboNode>) {
        let node = HTMLNode(pointer)
        switch node.kind {
        case .other: break
        case .text(let text): escape(text)
        case .element(let name):
            if Self.dropped.contains(name) { return }
            guard Self.elements.contains(name) else {
                for child in node.children { write(child) }
                return
            }
            result += "<\(name)"
            writeAttributes(node.attributes, of: name)
            result += ">"
            if Self.void.contains(name) { return }
            for child in node.children { write(child) }
            result += "</\(name)>"
        }
    }

    private mutating func writeAttributes(_ attributes: [(name: String, value: String)], of element: String) {
        for (name, value) in attributes {
            if Self.attributes.contains(name) {
                write(name, value)
            } else if element == "a", name == "href", let link = Self.link(value) {
                write("href", link)
                write("rel", "noopener noreferrer nofollow")
                write("target", "_blank")
            } else if element == "img", name == "src" {
                let address = Self.compact(value)
                if address.lowercased().hasPrefix("cid:") {
                    write("data-cid", String(address.dropFirst(4)))
                } else if let link = Self.link(value), link.lowercased().hasPrefix("http") {
                    write("data-blocked-src", link)
                }
            }
        }
    }

    private mutating func write(_ name: String, _ value: String) {
        result += " \(name)=\""
        escape(value)
        result += "\""
    }

    /// The address where its scheme is harmless. Browsers pass over controls and spaces in a scheme, so they are taken out first.
    private static func link(_ value: String) -> String? {
        let address = compact(value)
        guard let colon = address.firstIndex(of: ":") else { return nil }
        return ["http", "https", "mailto", "tel"].contains(address[..<colon].lowercased()) ? address : nil
    }

    private static func compact(_ value: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: value.unicodeScalars.filter { $0.value > 32 && !(127...160).contains($0.value) })
        return String(scalars)
    }

    private mutating func escape(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\0": break
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

extension String {
    func trimming(_ unwanted: (Character) -> Bool) -> String {
        guard let start = firstIndex(where: { !unwanted($0) }), let end = lastIndex(where: { !unwanted($0) }) else { return "" }
        return String(self[start...end])
    }
}
