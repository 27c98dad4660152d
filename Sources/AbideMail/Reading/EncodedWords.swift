/// The words of a field (RFC 2047, RFC 2231 5), decoded as people's mail programs write them: without space between words, with
/// characters cut in two, with blanks inside, with a wrong charset.
enum EncodedWords {
    /// - Parameter fallback: the charset of raw 8-bit text that is not UTF-8: the message's own, where it has one.
    static func text(_ bytes: [UInt8], fallback: String? = nil) -> String {
        guard bytes.contains(61) else { return GMimeValues.string(bytes, charset: bytes.contains { $0 >= 0x80 } && String(validating: bytes, as: UTF8.self) == nil ? fallback : nil) }
        var result = ""
        var plain: [UInt8] = []
        // Neighbours of one charset are one text: a character may be cut in two.
        var open: (charset: String, bytes: [UInt8])?
        func flushPlain() {
            result += GMimeValues.string(plain, charset: String(validating: plain, as: UTF8.self) == nil ? fallback : nil)
            plain = []
        }
        func flushWords() {
            if let word = open { result += GMimeValues.string(word.bytes, charset: word.charset) }
            open = nil
        }
        var at = 0
        while at < bytes.count {
            if bytes[at] == 61, let word = word(bytes, at) {
                // White space between two words is none.
                if open != nil, plain.allSatisfy({ $0 == 32 || $0 == 9 }) { plain = [] }
                if !plain.isEmpty {
                    flushWords()
                    flushPlain()
                }
                if open?.charset == word.charset {
                    open?.bytes += word.bytes
                } else {
                    flushWords()
                    open = (word.charset, word.bytes)
                }
                at = word.end
            } else {
                plain.append(bytes[at])
                at += 1
            }
        }
        flushWords()
        flushPlain()
        return result
    }

    static func text(_ value: String) -> String { value.utf8.contains(61) ? text(Array(value.utf8)) : value }

    /// `=?charset*language?B?text?=`
    private static func word(_ bytes: [UInt8], _ at: Int) -> (charset: String, bytes: [UInt8], end: Int)? {
        guard at + 7 < bytes.count, bytes[at + 1] == 63 else { return nil }
        guard let second = bytes[(at + 2)...].prefix(60).firstIndex(of: 63), second > at + 2, second + 2 < bytes.count, bytes[second + 2] == 63 else { return nil }
        let kind = bytes[second + 1] | 0x20
        guard kind == 98 || kind == 113 else { return nil }
        var end = second + 3
        // A "?" that doesn't end the word is part of it.
        while end + 1 < bytes.count, !(bytes[end] == 63 && bytes[end + 1] == 61) { end += 1 }
        guard end + 1 < bytes.count, !(end == second + 3 && kind == 113 && end + 2 < bytes.count && bytes[end + 2] == 61) else { return nil }
        let charset = String(decoding: bytes[(at + 2)..<second].prefix { $0 != 42 }, as: UTF8.self).lowercased()
        let content = bytes[(second + 3)..<end]
        return (charset, kind == 98 ? content.withUnsafeBufferPointer { TransferEncoding.base64($0) } : quoted(content), end + 2)
    }

    private static func quoted(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var at = content.startIndex
        while at < content.endIndex {
            if content[at] == 61, at + 2 < content.endIndex, let high = hex(content[at + 1]), let low = hex(content[at + 2]) {
                result.append(high << 4 | low)
                at += 3
            } else {
                result.append(content[at] == 95 ? 32 : content[at])
                at += 1
            }
        }
        return result
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
