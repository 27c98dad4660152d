/// What comes off both ends of a person's words after the quotes are gone: lines of devices, disclaimers, signatures without a mark.
struct ReplyTail {
    /// The lines that stay.
    private(set) var kept: [Int]
    /// How many went at the top.
    private(set) var takenOffTop = 0
    private let lines: ReplyLines

    init(_ lines: ReplyLines, _ kept: [Int]) {
        self.lines = lines
        self.kept = kept
    }

    /// - Parameter sender: the name in `From`, lower-cased; empty for none.
    mutating func clean(sender: [UInt8]) {
        takeOffBanner()
        var before: Int, rounds = 0
        repeat {
            rounds += 1
            before = kept.count
            while let last = kept.last, lines.isEmpty(last) || isDeviceLine(last) || lines.isRule(last) { kept.removeLast() }
            cut(at: disclaimer())
            cut(at: listFooter())
            cut(at: dashedName())
            cut(at: signOff())
            cut(at: namedBlock(sender))
        } while kept.count < before && !kept.isEmpty && rounds < 20
    }

    /// Takes off all from a place on, unless nothing would be left.
    private mutating func cut(at place: Int?) {
        guard let place, kept[..<place].contains(where: { !lines.isEmpty($0) }) else { return }
        kept.removeSubrange(place...)
    }

    /// The warning that mail servers put above what comes from outside.
    private mutating func takeOffBanner() {
        guard let first = kept.firstIndex(where: { !lines.isEmpty($0) }) else { return }
        guard lines[kept[first]].count < 400, Self.banners.begin(Bytes.trimmed(Array(lines.lower(kept[first]).utf8)) { "*[<( ".utf8.contains($0) }) else { return }
        guard let end = kept[first...].firstIndex(where: { lines.isEmpty($0) || lines.isRule($0) }), end - first <= 6, kept[end...].contains(where: { !lines.isEmpty($0) && !lines.isRule($0) }) else { return }
        takenOffTop = end
        kept.removeSubrange(..<end)
        while let next = kept.first, lines.isEmpty(next) || lines.isRule(next) {
            kept.removeFirst()
            takenOffTop += 1
        }
    }

    // MARK: Lines of devices

    private func isDeviceLine(_ index: Int) -> Bool { Self.isDeviceLine(lines, index) }

    static func isDeviceLine(_ lines: ReplyLines, _ index: Int) -> Bool {
        let line = lines[index]
        guard line.count <= 160 else { return false }
        let text = Bytes.trimmed(Array(lines.lower(index).utf8)) { $0 <= 32 || "<>*_.|()".utf8.contains($0) }
        let words = text.prefix { $0 != 60 && $0 != 40 && $0 != 91 }
        guard words.count <= 90, !Self.sentence.stand(in: words), !words.contains(44) || Self.excuses.stand(in: words) else { return false }
        // "Anna from mobile"
        if Self.fromMobile.end(Array(words)), words.lazy.filter({ $0 == 32 }).count <= 3 { return true }
        return Self.deviceStarts.begin(text) || Self.deviceEnds.end(text) || (Self.beforeVerb.begin(words) && Self.lastVerb.end(Bytes.trimmed(Array(words)) { $0 == 32 || $0 == 46 }))
    }

    private static let sentence: Phrases = [" is ", " was "]
    private static let excuses: Phrases = ["excuse", "typo", "brevity", "brief", "sorry"]
    private static let fromMobile: Phrases = [" from mobile"]

    // MARK: Disclaimers

    private func disclaimer() -> Int? {
        var place = kept.count - 1
        var found: Int?
        // At most the last 40 lines; the paragraph's first line is what is recognised.
        while place > 0, place > kept.count - 40 {
            if !lines.isEmpty(kept[place]), lines.isEmpty(kept[place - 1]) || lines.isRule(kept[place - 1]) || lines[kept[place]].count > 60 {
                let text = Array(lines.lower(kept[place]).utf8)
                if Self.disclaimers.begin(text.drop { "*_[]( #>=~\"".utf8.contains($0) }) || Self.disclaimerParts.stand(in: text) { found = place }
            }
            place -= 1
        }
        return found
    }

    /// What list servers put below: a rule, then a few short lines with the list's address.
    private func listFooter() -> Int? {
        guard let rule = kept.lastIndex(where: { lines.isRule($0) && lines[$0].count >= 5 }) else { return nil }
        let rest = kept[(rule + 1)...].filter { !lines.isEmpty($0) }
        guard (1...6).contains(rest.count), rest.allSatisfy({ lines[$0].count <= 100 }) else { return nil }
        return rest.contains { line in lines[line].contains(64) || Self.link.stand(in: lines[line]) } ? rule : nil
    }

    private static let link: Phrases = ["http"]

    // MARK: Signatures

    /// "-Anna Miller" or "/Anna" as the last line.
    private func dashedName() -> Int? {
        guard let last = kept.last, kept.count > 1, let first = lines[last].first, first == 45 || first == 47, lines[last].count <= 40 else { return nil }
        // A list is no name.
        if lines[kept[kept.count - 2]].first == first { return nil }
        let name = String(decoding: lines[last].drop { $0 == 45 || $0 == 47 || $0 == 32 }, as: UTF8.self)
        let words = name.split(separator: " ")
        guard (1...3).contains(words.count), words.allSatisfy({ $0.first?.isUppercase == true && $0.allSatisfy { $0.isLetter || $0 == "." || $0 == "-" || $0 == "'" } }) else { return nil }
        return first == 47 && words.count > 2 ? nil : kept.count - 1
    }

    /// "Best regards," and what stands below it.
    private func signOff() -> Int? {
        var filled = 0
        for place in kept.indices.reversed() where !lines.isEmpty(kept[place]) {
            filled += 1
            guard filled <= 12 else { return nil }
            let line = lines[kept[place]]
            if line.count <= 64, isSignOff(kept[place]) { return place }
            // What stands below a greeting is short.
            guard line.count <= 100 else { return nil }
        }
        return nil
    }

    private func isSignOff(_ index: Int) -> Bool {
        // Most lines are of ASCII and are asked by their bytes.
        let line = Array(lines.lower(index).utf8)
        if line.allSatisfy({ $0 < 0x80 }) {
            let text = Bytes.trimmed(line) { !Bytes.isLetter($0) }
            if Self.signOffPhrases.contains(text) { return true }
            let parts = text.split(omittingEmptySubsequences: true, whereSeparator: { $0 == 47 || $0 == 124 || $0 == 44 })
            return parts.count == 2 && parts.allSatisfy { Self.signOffPhrases.contains(Bytes.trimmed(Array($0)) { !Bytes.isLetter($0) }) }
        }
        let text = lines.lower(index).trimming { !$0.isLetter }
        if Self.signOffs.contains(text) { return true }
        let parts = text.split(whereSeparator: { $0 == "/" || $0 == "|" || $0 == "," })
        return parts.count == 2 && parts.allSatisfy { Self.signOffs.contains($0.description.trimming { !$0.isLetter }) }
    }

    private static let signOffPhrases = Phrases(Array(signOffs))

    /// Whether a line begins with a name, also where it has an initial more: "Anna P. Miller" for Anna Miller.
    private static func isNamed(_ line: [UInt8], _ name: [UInt8]) -> Bool {
        if line.starts(with: name) { return true }
        guard let blank = name.firstIndex(of: 32), line.starts(with: name[...blank]) else { return false }
        let rest = line[(blank + 1)...]
        guard let first = rest.first, Bytes.isLetter(first) else { return false }
        let behind = rest.dropFirst().drop { $0 == 46 }
        return behind.starts(with: name[blank...])
    }

    /// A last block of short lines that begins with the sender's whole name.
    private func namedBlock(_ sender: [UInt8]) -> Int? {
        guard sender.contains(32), sender.count >= 5 else { return nil }
        var filled = 0
        for place in kept.indices.reversed() where !lines.isEmpty(kept[place]) {
            filled += 1
            guard filled <= 8, lines[kept[place]].count <= 90 else { return nil }
            if lines[kept[place]].count <= 90, Self.isNamed(Array(lines.lower(kept[place]).trimming { "*_ ".contains($0) }.utf8), sender), place == 0 || lines.isEmpty(kept[place - 1]) { return filled > 1 ? place : nil }
        }
        return nil
    }
}
