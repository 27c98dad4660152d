/// The marks that end a person's own words: header blocks, separators, the mark of a signature.
enum ReplyMarks {
    enum Separator { case original, forward }

    /// "-- " or "--" (RFC 3676 4.3), and the short rules that stand for it where little follows.
    static func isSignatureMark(_ lines: ReplyLines, _ index: Int) -> Bool {
        let line = lines[index]
        guard let first = line.first, line.count <= 4, [45, 95, 61, 43].contains(first), line.allSatisfy({ $0 == first }), line.count >= 2 else { return false }
        if line.count == 2, first == 45 || first == 95 { return true }
        if first == 45 || first == 95 { return isShort(lines, index + 1) }
        return leadsToQuote(lines, index + 1) || (isShort(lines, index + 1) && !isSentence(lines, index + 1))
    }

    /// A few short lines and then no more, as a signature is.
    private static func isShort(_ lines: ReplyLines, _ index: Int) -> Bool {
        var filled = 0
        for line in index..<lines.count where !lines.isEmpty(line) {
            // A second rule: they part paragraphs.
            if lines[line].count > 2, lines.isRule(line) { return false }
            if lines.isQuoted(line) || isHeaderBlock(lines, line) || ReplyIntroduction.find(lines, line) != nil || separator(lines, line) != nil { break }
            filled += 1
            if filled > 9 || lines[line].count > 80 { return false }
        }
        return filled > 0
    }

    private static func isSentence(_ lines: ReplyLines, _ index: Int) -> Bool { lines[lines.nextFilled(index)].last == 46 }

    private static func leadsToQuote(_ lines: ReplyLines, _ index: Int) -> Bool {
        let next = lines.nextFilled(index)
        return next < lines.count && isHeaderBlock(lines, next)
    }

    static func separator(_ lines: ReplyLines, _ index: Int) -> Separator? {
        let line = lines[index]
        guard line.count <= 160, let first = line.first else { return nil }
        // In bold type the dashes stand behind an asterisk.
        let isDashed = line.count > 6 && (line.starts(with: [45, 45]) || line.starts(with: [42, 45, 45]) || line.starts(with: [61, 61]) || line.starts(with: [42, 42]) || line.starts(with: [95, 95]) || line.starts(with: [0xE2, 0x80, 0x94]) || line.starts(with: [35, 35]) || line.starts(with: [0xE2, 0x94, 0x80]))
        guard isDashed || line.last == 58 || [91, 80, 82, 84, 65].contains(first) else { return nil }
        let text = Array(lines.lower(index).utf8)
        if isDashed {
            if ReplyWords.forwards.stand(in: text) { return .forward }
            if ReplyWords.separators.stand(in: text) { return .original }
        }
        if line.last == 58, ReplyWords.forwardLines.begin(text) { return .forward }
        if ReplyWords.replyAbove.stand(in: text) { return .original }
        if first == 91, text.starts(with: "[original message processed by".utf8) { return .original }
        return nil
    }

    // MARK: Header blocks

    /// The block that Outlook and its kin put above a quote: a sender or date, then date, recipients, subject; also all on one line.
    static func isHeaderBlock(_ lines: ReplyLines, _ index: Int) -> Bool {
        guard index < lines.count, let first = label(lines, index) else { return false }
        let startsWithFrom = ReplyWords.from.contains(first.name)
        let startsWithDate = ReplyWords.date.contains(first.name) && first.value.contains { Bytes.isDigit($0) }
        guard startsWithFrom || startsWithDate else {
            return false
        }
        if isOneLine(lines, index) { return true }
        var from = startsWithFrom, dates = startsWithDate && !startsWithFrom ? 1 : 0, others = 0, looked = 0
        var hasAddress = hasAddress(lines[index])
        for line in index + 1..<min(index + 16, lines.count) where !lines.isEmpty(line) {
            looked += 1
            guard looked <= 8 else { break }
            guard let next = label(lines, line) else {
                // The value of the line before may go on here.
                if lines.isEmpty(line - 1) || label(lines, line - 1) == nil { break }
                continue
            }
            if startsWithFrom, ReplyWords.from.contains(next.name), !ReplyWords.others.contains(next.name) { break }
            if ReplyWords.date.contains(next.name), next.value.contains(where: { Bytes.isDigit($0) }) { dates += 1 } else if ReplyWords.others.contains(next.name) { others += 1 } else if ReplyWords.from.contains(next.name) { from = true } else { continue }
            if Self.hasAddress(lines[line]) { hasAddress = true }
        }
        if startsWithFrom {
            if dates + others >= 2 || (dates >= 1 && others + (hasAddress ? 1 : 0) >= 1) { return true }
            // Alone, but nothing else than an address.
            return index > 0 && lines.isEmpty(index - 1) && Self.isAddressOnly(first.value)
        }
        return (from && others >= 1) || (others >= 1 && hasAddress) || others >= 2
    }

    /// "Date: … From: … To: … Subject: …"
    private static let oneLineLabels: Phrases = [" from:", " to:", " subject:", " sent:", " von:", " an:", " betreff:", " gesendet:", " à :", " objet :", " de :", " para:", " asunto:"]

    private static func isOneLine(_ lines: ReplyLines, _ index: Int) -> Bool {
        let line = lines[index]
        guard line.count > 40, line.lazy.filter({ $0 == 58 }).count >= 3 else { return false }
        var text = Array(lines.lower(index).utf8)[...], found = 0
        while found < 2, let next = oneLineLabels.find(in: text) {
            found += 1
            text = text.dropFirst(next.upperBound)
        }
        return found >= 2
    }

    private static func hasAddress(_ line: ArraySlice<UInt8>) -> Bool { line.contains(64) }

    private static func isAddressOnly(_ value: ArraySlice<UInt8>) -> Bool {
        guard let at = value.firstIndex(of: 64), value.count < 160, at > value.startIndex else { return false }
        if !value.contains(32) { return true }
        return value.last == 62 || value.last == 93
    }

    /// `*Name:* value`
    private static func label(_ lines: ReplyLines, _ index: Int) -> (name: String, value: ArraySlice<UInt8>)? {
        let line = lines[index]
        guard let colon = line.prefix(48).firstIndex(of: 58) ?? fullWidthColon(line) else { return nil }
        let name = ReplyLines.comparable(line[..<colon]).trimming { $0.isWhitespace || $0 == "*" || $0 == "_" || $0 == "|" }
        guard !name.isEmpty, name.count <= 24 else { return nil }
        return (name, line[(colon + 1)...].drop { $0 == 32 || $0 == 42 || $0 == 0x9A || $0 == 0xBC })
    }

    private static func fullWidthColon(_ line: ArraySlice<UInt8>) -> Int? {
        line.prefix(48).indices.first { line[$0] == 0xEF && $0 + 2 < line.endIndex && line[$0 + 1] == 0xBC && line[$0 + 2] == 0x9A }
    }
}
