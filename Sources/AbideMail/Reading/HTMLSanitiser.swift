import CGumbo

/// Writes a parsed document anew with only what is on the lists (S1, S2): no script, style, form, frame or event attribute, no address but
/// http, https, mailto and tel. Nothing is fetched: images of the mail itself keep their Content-ID as `data-cid`, those from elsewhere
/// their address as `data-blocked-src`, and neither has a `src`.
struct HTMLSanitiser {
    static let elements: Set<String> = [
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
    static let void: Set<String> = ["br", "col", "hr", "img"]
    private static let attributes: Phrases = [
        "align", "alt", "colspan", "dir", "height", "lang", "rowspan", "start", "title", "valign", "width",
    ]

    private var result: [UInt8] = []

    private let runs: HTMLRuns

    init(room: Int, runs: HTMLRuns) {
        self.runs = runs
        result.reserveCapacity(room)
    }

    /// nil where nothing is left to show.
    var finished: String? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
        guard let start = result.firstIndex(where: { !isBlank($0) }), let end = result.lastIndex(where: { !isBlank($0) }) else { return nil }
        return String(decoding: result[start...end], as: UTF8.self)
    }

    /// Plain text as HTML that looks the same.
    static func paragraph(_ text: String) -> String {
        var sanitiser = HTMLSanitiser(room: text.utf8.count + 64, runs: .none)
        var text = text
        text.withUTF8 { text in
            for line in text.split(separator: 10, omittingEmptySubsequences: false) {
                sanitiser.escape(UnsafeBufferPointer(rebasing: line))
                sanitiser.add("<br>")
            }
        }
        return "<div>\(String(decoding: sanitiser.result, as: UTF8.self))</div>"
    }

    mutating func write(_ node: HTMLNode.Pointer) {
        if let text = HTMLNode.text(node.pointee) { return escape(text) }
        guard node.pointee.type == GUMBO_NODE_ELEMENT, let element = HTMLElement.of(node.pointee.v.element), element.rule != .dropped else { return }
        let source = node.pointee.v.element
        guard element.rule == .written else { return HTMLNode.children(source) { write($0) } }
        result.append(60)
        result.append(contentsOf: element.name)
        HTMLNode.attributes(source) { writeAttribute($0, $1, of: source.tag) }
        result.append(62)
        if element.isVoid { return }
        HTMLNode.children(source) { write($0) }
        add("</")
        result.append(contentsOf: element.name)
        result.append(62)
    }

    private static let href: Phrases = ["href"]
    private static let source: Phrases = ["src"]

    private mutating func writeAttribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>, of tag: GumboTag) {
        if Self.attributes.contains(name) {
            result.append(32)
            result.append(contentsOf: name)
            add("=\"")
            escape(HTMLNode.bytes(value))
            result.append(34)
        } else if tag == GUMBO_TAG_A, Self.href.contains(name), let link = link(HTMLNode.bytes(value)) {
            write("href", link)
            add(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"")
        } else if tag == GUMBO_TAG_IMG, Self.source.contains(name) {
            let address = compact(HTMLNode.bytes(value))
            if address.lowercased().hasPrefix("cid:") {
                write("data-cid", String(address.dropFirst(4)))
            } else if let link = link(HTMLNode.bytes(value)), link.lowercased().hasPrefix("http") {
                write("data-blocked-src", link)
            }
        }
    }

    private mutating func write(_ name: String, _ value: String) {
        result.append(32)
        add(name)
        add("=\"")
        var value = value
        value.withUTF8 { escape($0) }
        result.append(34)
    }

    /// The address where its scheme is harmless. Browsers pass over controls and spaces in a scheme, so they are taken out first.
    private func link(_ value: UnsafeBufferPointer<UInt8>) -> String? {
        let address = compact(value)
        guard let colon = address.firstIndex(of: ":") else { return nil }
        return ["http", "https", "mailto", "tel"].contains(address[..<colon].lowercased()) ? address : nil
    }

    private func compact(_ value: UnsafeBufferPointer<UInt8>) -> String {
        let text = runs.whole(value)
        guard text.utf8.contains(where: { $0 <= 32 || $0 >= 127 }) else { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.filter { $0.value > 32 && !(127...160).contains($0.value) })
        return String(scalars)
    }

    private mutating func add(_ text: String) { result.append(contentsOf: text.utf8) }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var written = 0, at = 0
        while at < text.count {
            let standIn: String
            switch text[at] {
            case 38: standIn = "&amp;"
            case 60: standIn = "&lt;"
            case 62: standIn = "&gt;"
            case 34: standIn = "&quot;"
            case 39: standIn = "&#39;"
            case 0: standIn = ""
            case 0xF3:
                result.append(contentsOf: UnsafeBufferPointer(rebasing: text[written..<at]))
                written = at
                // Nothing in a run needs escaping.
                if runs.run(at: at, of: text, { result.append(contentsOf: $0) }) != nil { written = at + 4 }
                at += 4
                continue
            default:
                at += 1
                continue
            }
            result.append(contentsOf: UnsafeBufferPointer(rebasing: text[written..<at]))
            add(standIn)
            at += 1
            written = at
        }
        result.append(contentsOf: UnsafeBufferPointer(rebasing: text[min(written, text.count)...]))
    }
}

extension String {
    func trimming(_ unwanted: (Character) -> Bool) -> String {
        guard let start = firstIndex(where: { !unwanted($0) }), let end = lastIndex(where: { !unwanted($0) }) else { return "" }
        return String(self[start...end])
    }
}
