import CGumbo

/// The plain text of a parsed document: blocks become lines, quotes get `>` so that quoted text can be told from new.
struct HTMLText {
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
    ]
    private static let spaced: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "dl"]

    private var lines: [String] = []
    private var line = ""
    private var quotes = 0
    private var pre = 0
    private var lists: [Int?] = []

    var finished: String {
        var all = lines
        all.append(line)
        return PlainText.tidy(all)
    }

    mutating func write(_ pointer: UnsafeMutablePointer<GumboNode>) {
        let node = HTMLNode(pointer)
        switch node.kind {
        case .other: break
        case .text(let text): add(text)
        case .element(let name):
            if HTMLSanitiser.dropped.contains(name) { return }
            open(name)
            for child in node.children { write(child) }
            close(name)
        }
    }

    private mutating func open(_ name: String) {
        if name == "br" { return endLine() }
        if Self.blocks.contains(name) { breakLine(spaced: Self.spaced.contains(name) && lists.isEmpty) }
        switch name {
        case "blockquote": quotes += 1
        case "pre": pre += 1
        case "ul": lists.append(nil)
        case "ol": lists.append(0)
        case "li":
            let last = lists.count - 1
            if last >= 0, let number = lists[last] {
                lists[last] = number + 1
                line += "\(number + 1). "
            } else {
                line += "- "
            }
        case "td", "th": if !line.isEmpty, line.last != " " { line += " " }
        case "hr": line = "---"
        default: break
        }
    }

    private mutating func close(_ name: String) {
        if Self.blocks.contains(name) { breakLine(spaced: Self.spaced.contains(name) && lists.count < 2 && name != "blockquote") }
        switch name {
        case "blockquote":
            if lines.last == quotePrefix { lines.removeLast() }
            quotes -= 1
            breakLine(spaced: true)
        case "pre": pre -= 1
        case "ul", "ol": if !lists.isEmpty { lists.removeLast() }
        default: break
        }
    }

    private mutating func add(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where pre > 0: endLine()
            case " ", "\t", "\n", "\r", "\u{0C}":
                if pre > 0 { line.unicodeScalars.append(scalar) } else if !line.isEmpty, line.unicodeScalars.last != " " { line += " " }
            case "\u{A0}": line += " "
            case "\u{200B}", "\u{FEFF}", "\0": break
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    private mutating func breakLine(spaced: Bool) {
        if !line.isEmpty { endLine() }
        if spaced, let last = lines.last, !last.isEmpty, last != quotePrefix { lines.append(quotePrefix) }
    }

    private mutating func endLine() {
        lines.append(quotePrefix + line)
        line = ""
    }

    private var quotePrefix: String { String(repeating: "> ", count: min(quotes, 20)) }
}

/// Plain text as it is kept: LF, no blanks at line ends, never more than one empty line together, no controls.
enum PlainText {
    static func tidy(_ lines: [String]) -> String {
        var result: [Substring] = []
        var empty = true
        for line in lines {
            var line = line[...]
            while let last = line.last, last == " " || last == "\t" || last == "\r" { line.removeLast() }
            if line.isEmpty && empty { continue }
            empty = line.isEmpty
            result.append(line)
        }
        if result.last?.isEmpty == true { result.removeLast() }
        return result.joined(separator: "\n")
    }

    /// Lines of text with any line end, without controls but the tab.
    static func lines(_ text: String) -> [String] {
        var bytes: [UInt8] = []
        var lines: [String] = []
        var afterCR = false
        for byte in text.utf8 {
            switch byte {
            case 10 where afterCR: afterCR = false
            case 10, 13:
                lines.append(String(decoding: bytes, as: UTF8.self))
                bytes.removeAll(keepingCapacity: true)
                afterCR = byte == 13
            case 0..<9, 11, 12, 14..<32, 127: afterCR = false
            default:
                afterCR = false
                bytes.append(byte)
            }
        }
        if !bytes.isEmpty { lines.append(String(decoding: bytes, as: UTF8.self)) }
        return lines
    }

    /// RFC 3676: soft line breaks joined, space-stuffing off.
    static func unflowed(_ lines: [String], deleteSpace: Bool) -> [String] {
        var result: [String] = []
        var depth = -1
        var open = false
        for line in lines {
            let quote = line.prefix { $0 == ">" }.count
            var text = line.dropFirst(quote)
            if text.first == " " { text.removeFirst() }
            let flows = text.last == " " && text != "-- "
            if flows, deleteSpace { text.removeLast() }
            if open, quote == depth, text != "-- " {
                result[result.count - 1] += text
            } else {
                result.append(quote > 0 ? String(repeating: ">", count: quote) + " " + text : String(text))
            }
            depth = quote
            open = flows
        }
        return result
    }
}
