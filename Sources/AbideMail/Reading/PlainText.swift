import Glibc

/// Plain text as it is kept: LF, no blanks at line ends, never more than one empty line together, no controls. Works on bytes of UTF-8,
/// since a text is gone through for every mail.
enum PlainText {
    /// Any line end becomes LF; controls but the tab go; no line end at the end.
    static func normalised(_ text: String) -> String {
        var text = text
        let bytes = text.withUTF8 { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                var at = 0
                while at < source.count {
                    let byte = source[at]
                    at += 1
                    if byte >= 32, byte != 127 {
                        target[count] = byte
                        count += 1
                    } else if byte == 10 || byte == 13 {
                        target[count] = 10
                        count += 1
                        if byte == 13, at < source.count, source[at] == 10 { at += 1 }
                    } else if byte == 9 {
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
        bytes.withContiguousStorageIfAvailable { tidy($0) } ?? tidy(Array(bytes))
    }

    private static func tidy(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let result = [UInt8](unsafeUninitializedCapacity: bytes.count + 1) { target, count in
            guard let source = bytes.baseAddress, let room = target.baseAddress else { return }
            var at = 0, out = 0
            // One empty line is held back until a filled one follows.
            var empty = false
            while at < bytes.count {
                let next = memchr(source + at, 10, bytes.count - at).map { UnsafeRawPointer($0) - UnsafeRawPointer(source) } ?? bytes.count
                var end = next
                while end > at, bytes[end - 1] == 32 || bytes[end - 1] == 9 || bytes[end - 1] == 13 { end -= 1 }
                if end == at {
                    empty = true
                } else {
                    if out > 0 {
                        room[out] = 10
                        out += 1
                        if empty {
                            room[out] = 10
                            out += 1
                        }
                    }
                    empty = false
                    (room + out).update(from: source + at, count: end - at)
                    out += end - at
                }
                at = next + 1
            }
            count = out
        }
        return String(decoding: result, as: UTF8.self)
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
