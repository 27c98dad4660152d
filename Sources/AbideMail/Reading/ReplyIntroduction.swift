/// "On … wrote:" in the languages that mail programs speak, wrapped over up to four lines.
enum ReplyIntroduction {
    struct Found {
        /// Lines.
        var length: Int
        /// What the person wrote before it on the same line.
        var before: [UInt8]?
    }

    private static let inside: Phrases = ["--- on ", " on "]

    static func find(_ lines: ReplyLines, _ index: Int) -> Found? {
        if isBare(lines, index) { return Found(length: 1) }
        // Nearly all lines are passed over here: an introduction has its end within four lines.
        var last = index
        while !endsLikeOne(lines, last) {
            last += 1
            guard last < min(index + 4, lines.count), goesOn(lines, last) else { return nil }
        }
        for end in last..<min(index + 4, lines.count) {
            guard end == index || goesOn(lines, end) else { return nil }
            guard endsLikeOne(lines, end), let found = introduction(lines, index, end) else { continue }
            // Where it begins on a later line, this one is the person's.
            let isLater = end > index && (index + 1...end).contains { begin in
                guard let inner = introduction(lines, begin, end, quotedNext: true) else { return false }
                return inner.before != nil || text(lines, begin, end).map { $0.isOpened && ($0.hasYear || $0.hasTime || $0.hasShortDate) } ?? false
            }
            if !isLater { return found }
        }
        return nil
    }

    /// A line of its own that has neither verb nor colon: "2016-03-03 17:21 GMT+01:00 Anna", "2013/10/2 Anna <anna@client.example>", "Posted by Anna on 01/21/2016".
    private static func isBare(_ lines: ReplyLines, _ index: Int) -> Bool {
        let line = lines[index]
        guard line.count < 120, line.count > 12, let first = line.first, first == 50 || first | 0x20 == 112, index == 0 || lines.isEmpty(index - 1) else { return false }
        let bytes = Array(ReplyLines.comparable(line).utf8)
        let text = Text(bytes, endsWithColon: false)
        if first == 50 { return text.hasYear && text.hasShortDate && Bytes.isDigit(bytes[3]) && ((bytes.last == 62 && text.hasAddress) || (text.hasTime && gmt.stand(in: bytes))) }
        return posted.begin(bytes) && text.hasShortDate && (bytes.last.map { Bytes.isDigit($0) } ?? false)
    }

    private static let gmt: Phrases = [" gmt+", " gmt-"]
    private static let posted: Phrases = ["posted by "]
    private static let via: Phrases = [" via "]

    /// Whether an introduction can go on over this line: not over an empty one, but for a program that puts one before "<".
    private static func goesOn(_ lines: ReplyLines, _ index: Int) -> Bool {
        if lines.isEmpty(index) { return index + 1 < lines.count && lines[index + 1].first == 60 && lines[index + 1].count <= 8 }
        return !lines.isQuoted(index) || isUnclosed(lines[index - 1])
    }

    /// A bracket that stays open: the next line goes on, even where it begins with ">".
    private static func isUnclosed(_ line: ArraySlice<UInt8>) -> Bool {
        guard let open = line.lastIndex(of: 60) else { return false }
        return !line[open...].contains(62)
    }

    /// ":", a full-width one, "wrote", ">" or dashes.
    private static func endsLikeOne(_ lines: ReplyLines, _ index: Int) -> Bool {
        let line = lines[index]
        switch line.last {
        case 58, 62, 45, 42: return true
        case 0x9A: return line.suffix(3).elementsEqual([0xEF, 0xBC, 0x9A])
        case 101: return line.suffix(5).elementsEqual("wrote".utf8)
        case 0x94: return line.suffix(3).elementsEqual([0xE2, 0x80, 0x94])
        default: return false
        }
    }

    private static func text(_ lines: ReplyLines, _ index: Int, _ end: Int) -> Text? {
        var bytes: [UInt8] = []
        var isEncoded = false
        for line in index...end {
            if bytes.last == 61 {
                bytes.removeLast()
            } else if let last = bytes.last, last != 60, lines[line].first != 64 {
                bytes.append(32)
            }
            bytes.append(contentsOf: lines[line])
            if Self.isEncoded(lines[line]) { isEncoded = true }
            guard bytes.count <= 600 else { return nil }
        }
        if isEncoded { bytes = bytes.withUnsafeBufferPointer { TransferEncoding.quotedPrintable($0) } }
        return trimmed(ReplyLines.comparable(bytes[...]))
    }

    /// Whether quoted-printable that was not taken off stands for a letter outside ASCII here: "escribi=C3=B3".
    private static func isEncoded(_ line: ArraySlice<UInt8>) -> Bool {
        line.indices.dropLast(2).contains { line[$0] == 61 && (67...70).contains(line[$0 + 1]) && (Bytes.isDigit(line[$0 + 2]) || (65...70).contains(line[$0 + 2])) }
    }

    private static func introduction(_ lines: ReplyLines, _ index: Int, _ end: Int, quotedNext: Bool? = nil) -> Found? {
        guard let text = text(lines, index, end) else { return nil }
        let quotedNext = quotedNext ?? lines.isQuotedNext(end + 1)
        // Behind the person's own words on the line, as some programs put it.
        if !text.isOpened, !isEncoded(lines[index]), let at = inside.find(in: text.bytes)?.lowerBound, at > 0, at < lines[index].count {
            let rest = Text(Array(text.bytes[at...].drop { $0 == 32 || $0 == 45 }), endsWithColon: text.endsWithColon)
            if rest.hasYear || rest.hasTime, rest.hasAddress, isOne(rest, quotedNext: quotedNext, dashed: false) {
                var words = Array(lines[index].prefix(at))
                while let last = words.last, last == 32 || last == 45 { words.removeLast() }
                return Found(length: end - index + 1, before: words)
            }
        }
        let dashed = lines[index].starts(with: [45, 45]) && lines[end].suffix(2).elementsEqual([45, 45])
        return isOne(text, quotedNext: quotedNext, dashed: dashed) ? Found(length: end - index + 1) : nil
    }

    /// What is looked at: lower-cased, without decoration and the colon at the end.
    private struct Text {
        var bytes: [UInt8]
        var endsWithColon: Bool

        init(_ bytes: [UInt8], endsWithColon: Bool) {
            self.bytes = bytes
            self.endsWithColon = endsWithColon
            let digits = bytes.indices.filter { Bytes.isDigit(bytes[$0]) }
            hasDigit = !digits.isEmpty
            startsWithDigit = bytes.first.map { Bytes.isDigit($0) } ?? false
            hasTime = digits.contains { at in
                at + 3 < bytes.count && (bytes[at + 1] == 58 || bytes[at + 1] == 46 || bytes[at + 1] == 104) && Bytes.isDigit(bytes[at + 2]) && Bytes.isDigit(bytes[at + 3])
                    && (at + 4 == bytes.count || !Bytes.isDigit(bytes[at + 4]))
            }
            hasYear = digits.contains { at in
                at + 3 < bytes.count && (bytes[at] == 50 || bytes[at] == 49) && (bytes[at + 1] == 48 || bytes[at + 1] == 57) && Bytes.isDigit(bytes[at + 2]) && Bytes.isDigit(bytes[at + 3])
                    && (at == 0 || !Bytes.isDigit(bytes[at - 1])) && (at + 4 == bytes.count || !Bytes.isDigit(bytes[at + 4]))
            }
            hasShortDate = digits.contains { at in
                at + 2 < bytes.count && [47, 46, 45].contains(bytes[at + 1]) && Bytes.isDigit(bytes[at + 2])
                    && bytes[(at + 2)...].prefix(4).contains { $0 == bytes[at + 1] }
            }
            let at = bytes.firstIndex(of: 64)
            hasAddress = at.map { $0 > 0 && $0 + 2 < bytes.count && bytes[$0 - 1] > 32 && bytes[$0 + 1] > 32 } ?? false
        }

        var isOpened: Bool { startsWithDigit || ReplyWords.openings.begin(bytes) }

        let hasDigit: Bool
        let startsWithDigit: Bool
        let hasTime: Bool
        let hasYear: Bool
        /// 02/03/26 and its kin.
        let hasShortDate: Bool
        let hasAddress: Bool
    }

    private static func trimmed(_ text: String) -> Text {
        let text = text.trimming { $0.isWhitespace || $0 == "*" || $0 == "_" || $0 == "-" || $0 == "—" }
        let bare = text.trimming { $0 == ":" || $0 == "：" || $0.isWhitespace || $0 == "*" }
        return Text(Array(bare.utf8), endsWithColon: bare.utf8.count < text.utf8.count && text.hasSuffix(":") || text.hasSuffix("："))
    }

    private static func isOne(_ text: Text, quotedNext: Bool, dashed: Bool) -> Bool {
        let bytes = text.bytes
        guard bytes.count >= 6 else { return false }
        let dated = text.hasYear || text.hasShortDate
        let opened = text.isOpened
        if text.hasAddress, text.endsWithColon, ReplyWords.quotings.begin(bytes) { return true }
        let closesWithAddress = bytes.last == 62 || bytes.last == 41
        guard let verb = ReplyWords.verbs.findWord(in: bytes) ?? ReplyWords.verbsWithoutBlanks.find(in: bytes) else {
            // A date, then a name with its address: Russian, Japanese and old programs write no verb.
            return text.hasAddress && closesWithAddress && (opened || ReplyWords.dayNames.begin(bytes)) && (dated || text.hasTime)
                && (text.endsWithColon || (quotedNext && text.startsWithDigit))
        }
        let isLast = verb.upperBound == bytes.count
        if dashed { return text.hasDigit || text.hasAddress || isLast }
        guard text.endsWithColon || (isLast && text.hasAddress && (dated || text.hasTime)) else { return false }
        // "Anna wrote:" before marked lines is enough; without marks it takes what no ordinary sentence has.
        if quotedNext { return opened || text.hasDigit || isLast || text.hasAddress }
        if text.hasAddress { return opened || dated || text.hasTime || (isLast && (closesWithAddress || bytes.count < 120)) || closesWithAddress }
        if isLast, via.stand(in: bytes), bytes.count < 120 { return true }
        return (opened || isLast) && text.hasTime && dated || (opened && dated && isLast)
    }
}
