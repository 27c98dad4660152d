import CGumbo

/// The plain text of a parsed document: blocks become lines, quotes get `>` so that quoted text can be told from new.
struct HTMLText {
    static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
    ]
    static let spaced: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "dl"]

    /// All finished lines, each with its LF.
    private var lines: [UInt8] = []
    private var lastLine = 0
    private var line: [UInt8] = []
    private var quotes = 0
    private var pre = 0
    private var lists: [Int?] = []

    private let runs: HTMLRuns

    init(room: Int, runs: HTMLRuns) {
        self.runs = runs
        lines.reserveCapacity(room / 2)
    }

    var finished: String {
        var all = lines
        all.append(contentsOf: line)
        return PlainText.tidy(all)
    }

    mutating func write(_ node: HTMLNode.Pointer) {
        if let text = HTMLNode.text(node.pointee) { return add(text) }
        guard node.pointee.type == GUMBO_NODE_ELEMENT, let element = HTMLElement.of(node.pointee.v.element), element.rule != .dropped else { return }
        let tag = node.pointee.v.element.tag
        open(tag, element)
        HTMLNode.children(node.pointee.v.element) { write($0) }
        close(tag, element)
    }

    private mutating func open(_ tag: GumboTag, _ element: HTMLElement) {
        if tag == GUMBO_TAG_BR { return endLine() }
        if element.isBlock { breakLine(spaced: element.isSpaced && lists.isEmpty) }
        switch tag {
        case GUMBO_TAG_BLOCKQUOTE: quotes += 1
        case GUMBO_TAG_PRE: pre += 1
        case GUMBO_TAG_UL: lists.append(nil)
        case GUMBO_TAG_OL: lists.append(0)
        case GUMBO_TAG_LI:
            let last = lists.count - 1
            if last >= 0, let number = lists[last] {
                lists[last] = number + 1
                line.append(contentsOf: "\(number + 1). ".utf8)
            } else {
                line.append(contentsOf: "- ".utf8)
            }
        case GUMBO_TAG_TD, GUMBO_TAG_TH: if let last = line.last, last != 32 { line.append(32) }
        case GUMBO_TAG_HR: line = Array("---".utf8)
        default: break
        }
    }

    private mutating func close(_ tag: GumboTag, _ element: HTMLElement) {
        if element.isBlock { breakLine(spaced: element.isSpaced && lists.count < 2 && tag != GUMBO_TAG_BLOCKQUOTE) }
        switch tag {
        case GUMBO_TAG_BLOCKQUOTE:
            if lastIsEmptyQuote { lines.removeLast(lines.count - lastLine) }
            quotes -= 1
            breakLine(spaced: true)
        case GUMBO_TAG_PRE: pre -= 1
        case GUMBO_TAG_UL, GUMBO_TAG_OL: if !lists.isEmpty { lists.removeLast() }
        default: break
        }
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        var at = 0
        while at < text.count {
            let byte = text[at]
            at += 1
            switch byte {
            case 10 where pre > 0: endLine()
            case 32, 9, 10, 13, 12:
                if pre > 0 { line.append(byte) } else if let last = line.last, last != 32 { line.append(32) }
            // U+00A0
            case 0xC2 where at < text.count && text[at] == 0xA0:
                line.append(32)
                at += 1
            // U+200B, U+FEFF
            case 0xE2 where at + 1 < text.count && text[at] == 0x80 && text[at + 1] == 0x8B, 0xEF where at + 1 < text.count && text[at] == 0xBB && text[at + 1] == 0xBF: at += 2
            case 0xF3 where runs.run(at: at - 1, of: text, { add($0) }) != nil: at += 3
            case 0..<9, 11, 14..<32, 127: break
            default: line.append(byte)
            }
        }
    }

    /// The last line holds marks of quotes alone.
    private var lastIsEmptyQuote: Bool {
        lines.count - lastLine == 2 * min(quotes, 20) + 1 && quotes > 0 && lines[lastLine..<lines.count - 1].allSatisfy { $0 == 62 || $0 == 32 }
    }

    private mutating func breakLine(spaced: Bool) {
        if !line.isEmpty { endLine() }
        if spaced, lines.count - lastLine > 1, !lastIsEmptyQuote { endLine() }
    }

    private mutating func endLine() {
        lastLine = lines.count
        for _ in 0..<min(quotes, 20) {
            lines.append(62)
            lines.append(32)
        }
        lines.append(contentsOf: line)
        lines.append(10)
        line.removeAll(keepingCapacity: true)
    }
}
