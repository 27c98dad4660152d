/// Plain text as it is kept: LF, no blanks at line ends, never more than one empty line together, no controls. Works on bytes of UTF-8,
/// since a text is gone through for every mail.
enum PlainText {
    /// Any line end becomes LF; controls but the tab go; no line end at the end.
    static func normalised(_ text: String) -> String {
        var text = text
        let bytes = text.withUTF8 { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                var afterCR = false
                for byte in source {
                    switch byte {
                    case 10 where afterCR: afterCR = false
                    case 10, 13:
                        target[count] = 10
                        count += 1
                        afterCR = byte == 13
                    case 0..<9, 11, 12, 14..<32, 127: afterCR = false
                    default:
                        afterCR = false
                        target[count] = byte
                        count += 1
                    }
                }
            }
        }
        let end = bytes.last == 10 ? bytes.count - 1 : bytes.count
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Lines of text with any line end, without controls but the tab.
    static func lines(_ text: String) -> [String] {
        let text = normalised(text)
        return text.isEmpty ? [] : text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String($0) ?? "" }
    }

    /// Takes blanks off line ends, and empty lines off both ends and where there are several.
    static func tidy(_ bytes: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var lineStart = 0
        var filled = 0
        func endLine() {
            while result.count > lineStart, result[result.count - 1] == 32 || result[result.count - 1] == 9 || result[result.count - 1] == 13 { result.removeLast() }
            let empty = result.count == lineStart
            // An empty line after an empty one, or at the start.
            if empty, lineStart == 0 || (lineStart >= 2 && result[lineStart - 2] == 10) { return }
            if !empty { filled = result.count }
            result.append(10)
            lineStart = result.count
        }
        for byte in bytes {
            if byte == 10 { endLine() } else { result.append(byte) }
        }
        endLine()
        return String(decoding: result[..<filled], as: UTF8.self)
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
