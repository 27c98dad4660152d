/// Finds what a person newly wrote in the text of a mail: without quotes, the lines that introduce them, signature and disclaimers.
///
/// Works by lines and marks of the mail programs, in the languages they speak. Where it is in doubt it keeps text, and what it takes off
/// is never lost: the whole text stands beside it.
struct ReplyText {
    /// - Parameter sender: the name in `From`: a signature without any mark begins with it.
    static func visible(in text: String, sender: String = "") -> String {
        var reply = ReplyText(text)
        reply.walk()
        return reply.finished(sender: sender)
    }

    private let lines: ReplyLines
    private var kept: [Int] = []
    /// Text before a quote's introduction on the same line, by the place in `kept`.
    private var shortened: [Int: [UInt8]] = [:]
    private var forwarded = false

    private init(_ text: String) { lines = ReplyLines(text) }

    private mutating func walk() {
        var index = 0
        while index < lines.count {
            if lines.isQuoted(index) || lines.isCaughtInQuote(index) {
                index += 1
                continue
            }
            if lines.isEmpty(index) {
                kept.append(index)
                index += 1
                continue
            }
            if let found = ReplyIntroduction.find(lines, index) {
                if let before = found.before {
                    shortened[kept.count] = before
                    kept.append(index)
                }
                dropSeparator()
                // With marks behind it only the marked lines go, so that answers between them stay; without marks all the rest is quoted.
                guard lines.isQuotedNext(index + found.length) else { return }
                index += found.length
                continue
            }
            if ReplyMarks.isSignatureMark(lines, index) || isLinkedDeviceLine(index) { return }
            if let kind = ReplyMarks.separator(lines, index) {
                forwarded = kind == .forward
                return
            }
            if ReplyMarks.isHeaderBlock(lines, index) { return dropSeparator() }
            kept.append(index)
            index += 1
        }
    }

    /// "Get Outlook for Android<https://aka.ms/…>": a program wrote it, and puts the old mail below it, sometimes without any mark.
    private func isLinkedDeviceLine(_ index: Int) -> Bool {
        guard let last = lines[index].last, last == 62 || last == 41, !kept.isEmpty, index > 0, lines.isEmpty(index - 1), index + 1 >= lines.count || lines.isEmpty(index + 1) else { return false }
        return Self.storeLink.stand(in: lines[index]) && ReplyTail.isDeviceLine(lines, index)
    }

    private static let storeLink: Phrases = ["aka.ms/"]

    /// The line that mail programs draw above a quote.
    private mutating func dropSeparator() {
        while let last = kept.last, shortened[kept.count - 1] == nil, lines.isEmpty(last) || lines.isRule(last) { kept.removeLast() }
    }

    private func finished(sender: String) -> String {
        var tail = ReplyTail(lines, kept)
        tail.clean(sender: Array(sender.lowercased().utf8))
        var bytes: [UInt8] = []
        for (place, line) in tail.kept.enumerated() {
            bytes.append(contentsOf: shortened[place + tail.takenOffTop] ?? Array(lines.whole(line)))
            bytes.append(10)
        }
        let result = PlainText.tidy(bytes)
        // Who only sends something on means what is in it.
        return result.isEmpty && forwarded ? PlainText.tidy(lines.bytes) : result
    }
}

/// The lines of a text as places in its bytes.
struct ReplyLines {
    let bytes: [UInt8]
    private var starts: [Int] = []
    /// Without white space at both ends.
    private var trimmed: [Range<Int>] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        starts.reserveCapacity(bytes.count / 32 + 2)
        trimmed.reserveCapacity(bytes.count / 32 + 1)
        var start = 0
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            starts.append(start)
            var from = start, to = end
            while from < to, let length = Self.blank(bytes, from, to) { from += length }
            while to > from, bytes[to - 1] <= 32 { to -= 1 }
            while to - 1 > from, bytes[to - 2] == 0xC2, bytes[to - 1] == 0xA0 {
                to -= 2
                while to > from, bytes[to - 1] <= 32 { to -= 1 }
            }
            trimmed.append(from..<to)
            start = end + 1
        }
        starts.append(bytes.count + 1)
    }

    /// The length of a blank: white space, U+00A0, U+200E, U+200F, U+FEFF.
    private static func blank(_ bytes: [UInt8], _ at: Int, _ limit: Int) -> Int? {
        if bytes[at] <= 32 { return 1 }
        if bytes[at] == 0xC2, at + 1 < limit, bytes[at + 1] == 0xA0 { return 2 }
        if bytes[at] == 0xE2, at + 2 < limit, bytes[at + 1] == 0x80, bytes[at + 2] == 0x8E || bytes[at + 2] == 0x8F || bytes[at + 2] == 0x8B { return 3 }
        if bytes[at] == 0xEF, at + 2 < limit, bytes[at + 1] == 0xBB, bytes[at + 2] == 0xBF { return 3 }
        return nil
    }

    var count: Int { trimmed.count }

    subscript(index: Int) -> ArraySlice<UInt8> { bytes[trimmed[index]] }
    func whole(_ index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1] - 1] }
    func isEmpty(_ index: Int) -> Bool { trimmed[index].isEmpty }

    /// As a string for comparing: lower-cased, U+00A0 and the like as a blank, without marks of direction and bold type.
    func lower(_ index: Int) -> String { Self.comparable(self[index]) }

    static func comparable(_ bytes: ArraySlice<UInt8>) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        if bytes.contains(where: { $0 >= 0x80 }) {
            text.unicodeScalars.removeAll { (0x200B...0x200F).contains($0.value) || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) || $0.value == 0xFEFF }
            text = String(text.map { $0 == "\u{A0}" || $0 == "\u{202F}" || $0 == "\u{3000}" ? " " : $0 == "’" ? "'" : $0 })
        }
        return text.lowercased()
    }

    // MARK: Quotes

    func isQuoted(_ index: Int) -> Bool {
        guard let first = self[index].first, first == 62 else { return false }
        // ">>> Visit us <<<" is a decoration; a single "<" at the end is an address that goes on below.
        return !(self[index].count > 4 && self[index].suffix(2).elementsEqual([60, 60]))
    }

    func isQuotedNext(_ index: Int) -> Bool {
        let next = nextFilled(index)
        return next < count && isQuoted(next)
    }

    func nextFilled(_ index: Int) -> Int {
        var next = index
        while next < count, isEmpty(next) { next += 1 }
        return next
    }

    /// The rest of a quoted line that a mail program broke: in brackets that were opened before, or a link in brackets between quoted lines.
    func isCaughtInQuote(_ index: Int) -> Bool {
        guard index > 0, isQuoted(index - 1), !isEmpty(index) else { return false }
        let before = self[index - 1], line = self[index]
        for (open, close) in [(UInt8(40), UInt8(41)), (60, 62)] {
            if let last = before.lastIndex(of: open), !before[last...].contains(close), line.contains(close), !line.contains(32) || line.firstIndex(of: close) == line.endIndex - 1 { return true }
        }
        return line.first == 40 && line.dropFirst().starts(with: "http".utf8) && (line.last == 41 || line.last == 62)
    }

    /// A line of the same sign alone, or of blanks and signs, as programs draw it.
    func isRule(_ index: Int) -> Bool {
        let line = self[index]
        guard line.count >= 3 else { return false }
        if line.allSatisfy({ $0 == 45 || $0 == 95 || $0 == 61 || $0 == 42 || $0 == 32 }) { return true }
        // Dashes outside ASCII: U+2014, U+2500.
        return line.count % 3 == 0 && (line.starts(with: [0xE2, 0x80, 0x94]) || line.starts(with: [0xE2, 0x94, 0x80]) || line.starts(with: [0xE2, 0x80, 0x93]))
            && stride(from: line.startIndex, to: line.endIndex, by: 3).allSatisfy { line[$0] == 0xE2 && line[$0 + 1] == line[line.startIndex + 1] }
    }
}
