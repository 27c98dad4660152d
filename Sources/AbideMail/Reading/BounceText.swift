import AbideCore

/// What the words of a bounce say: whom it could not be delivered to, with which code, and whether it is only late.
struct BounceText {
    /// Before the message that came back, where one is quoted.
    private let own: String
    private let lower: [UInt8]
    private let subject: [UInt8]
    private let addressed: Set<String>
    /// Of whom it is from.
    private let systemDomain: String?
    let hasReturnedMessage: Bool

    init(_ mail: IncomingMail) {
        subject = Array(mail.subject.lowercased().utf8)
        systemDomain = mail.from.first?.address.split(separator: "@").last.map { $0.lowercased() }
        addressed = Set((mail.from + mail.to + mail.cc).map { $0.address.lowercased() })
        let text = mail.text.utf8.count > 20_000 ? String(mail.text.prefix(20_000)) : mail.text
        let all = Array(text.lowercased().utf8)
        // From an own line on that says so.
        var end: Int?
        var from = 0
        while end == nil, let found = BounceWords.returned.find(in: all[from...]) {
            let at = from + found.lowerBound
            let lineStart = (all[..<at].lastIndex(of: 10) ?? -1) + 1
            if all[lineStart..<at].allSatisfy({ !Bytes.isLetter($0) || $0 == 62 }), at > 0 { end = lineStart } else { from = at + 1 }
        }
        hasReturnedMessage = end != nil
        lower = end.map { Array(all[..<$0]) } ?? all
        // Lower-casing can change the count of bytes, so the words are cut by lines.
        let lines = end.map { all[..<$0].lazy.filter { $0 == 10 }.count }
        own = lines.map { text.split(separator: "\n", omittingEmptySubsequences: false).prefix($0).joined(separator: "\n") } ?? text
    }

    // MARK: Is it one?

    static func isBounceSubject(_ subject: String) -> Bool { BounceWords.subjects.stand(in: Array(subject.lowercased().utf8)) }

    var hasBounceSubject: Bool { BounceWords.subjects.stand(in: subject) }
    var hasBounceWords: Bool { BounceWords.sentences.stand(in: lower.prefix(6_000)) }
    var speaksOfDelay: Bool { BounceWords.delays.stand(in: subject) || (BounceWords.delays.stand(in: lower) && !BounceWords.finals.stand(in: lower)) }
    var isAnswerOrForward: Bool { BounceWords.forwards.begin(subject) }
    /// "Re: Your order : delivery failed": a system's words behind the subject of the mail that it sends back.
    var appendsToSubject: Bool {
        guard let colon = subject.lastIndex(of: 58), colon > 5 else { return false }
        return BounceWords.subjects.stand(in: subject[colon...])
    }

    /// The sentence of a mail system comes first, and nobody is greeted.
    var beginsLikeSystem: Bool {
        let start = lower.prefix(700)
        guard !BounceWords.greetings.begin(start.drop { $0 <= 32 }), let at = BounceWords.sentences.find(in: start)?.lowerBound else { return false }
        // A person's sentence would go on before it.
        return at < 400 && !BounceWords.personal.stand(in: start.prefix(at + 200))
    }

    // MARK: Recipient

    var recipient: String? {
        let lines = own.split(separator: "\n", omittingEmptySubsequences: false).prefix(2_000)
        // "<anna@client.example>: host … said", as Postfix and qmail write it.
        for line in lines where line.hasPrefix("<") || line.hasPrefix(" <") {
            if let close = line.firstIndex(of: ">"), line[close...].dropFirst().first.map({ $0 == ":" || $0 == " " || $0 == "," }) ?? true, let found = usable(Self.addresses(in: String(line[..<close]))).first { return found }
        }
        // Behind the sentence that announces it.
        let lower = lines.map { Array($0.lowercased().utf8) }
        for phrases in [BounceWords.announcing, BounceWords.mentioning] {
            for (index, line) in lower.enumerated() where phrases.stand(in: line) {
                let following = lines[min(index + 1, lines.count)..<min(index + 9, lines.count)]
                // What ends with a colon announces what follows; what it names itself is the reason.
                let announces = line.last { $0 > 32 } == 58
                for next in announces ? Array(following) + [lines[index]] : [lines[index]] + Array(following) {
                    if let found = usable(Self.addresses(in: String(next))).first { return found }
                    if announces, let found = local(next) { return found }
                }
            }
        }
        let all = Self.addresses(in: own)
        return usable(all).first ?? all.first { !Self.isSystem($0) } ?? all.first
    }

    /// A name alone on a line, as systems write those whom they serve themselves.
    private func local(_ line: Substring) -> String? {
        let name = String(line).trimming { $0.isWhitespace }
        guard let systemDomain, line.first?.isWhitespace ?? false, (3...64).contains(name.utf8.count), name.utf8.allSatisfy({ Bytes.isDigit($0) || (97...122).contains($0 | 0x20) || [45, 46, 95].contains($0) }) else { return nil }
        return name + "@" + systemDomain
    }

    private func usable(_ addresses: [String]) -> [String] { addresses.filter { !addressed.contains($0.lowercased()) && !Self.isSystem($0) } }

    private static func isSystem(_ address: String) -> Bool {
        let local = address.prefix { $0 != "@" }.lowercased()
        return ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "noreply", "no-reply", "administrator", "admin"].contains(local)
    }

    /// `rfc822; anna@client.example` or `<anna@client.example>`; nil for what is no address of the internet.
    static func address(in value: String) -> String? {
        let address = (value.split(separator: ";", maxSplits: 1).last.map(String.init) ?? "").trimming { $0.isWhitespace || $0 == "<" || $0 == ">" || $0 == "\"" }
        return address.contains("@") && !address.contains("/") && !address.contains("=") ? addresses(in: address).first ?? OneLine.of(address) : nil
    }

    static func addresses(in text: String) -> [String] {
        text.split { " \t\n<>()[],;\"'|*`".contains($0) }.lazy.filter { $0.utf8.contains(64) }.prefix(2_000).compactMap { word in
            // `SMTP:anna@…`, `dda:SMTP=anna@…`, `mailto:anna@…`
            let start = word.lastIndex { $0 == ":" || $0 == "=" }.flatMap { mark in word[mark...].contains("@") ? word.index(after: mark) : nil } ?? word.startIndex
            let word = word[start...].description.trimming { ".:!?…".contains($0) }
            let halves = word.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[0].isEmpty, halves[1].contains("."), halves[1].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }) else { return nil }
            return word
        }
    }

    // MARK: Codes

    var status: String? { Self.enhancedStatus(in: own, failing: true) }
    var code: Int? { Self.replyCode(in: own) }

    /// `5.1.1`, where it stands by itself; the subjects of RFC 3463 end at 7, which keeps versions of mail programs out.
    /// - Parameter failing: only classes 4 and 5 count, and one with a reply code, "#" or "(" before it beats one without.
    static func enhancedStatus(in text: String, failing: Bool = false) -> String? {
        var second: String?
        let bytes = Array(text.utf8.prefix(20_000))
        var at = 0
        while at < bytes.count {
            guard Bytes.isDigit(bytes[at]) else { at += 1; continue }
            let start = at
            while at < bytes.count, Bytes.isDigit(bytes[at]) || bytes[at] == 46 { at += 1 }
            let digits = bytes[start..<at].split(separator: 46, omittingEmptySubsequences: false).map { Array($0) }
            let parts = digits.last?.isEmpty == true ? Array(digits.dropLast()) : digits
            guard parts.count == 3, parts[0].count == 1, parts[1].count == 1, (1...3).contains(parts[2].count), failing ? [52, 53].contains(parts[0][0]) : [50, 52, 53].contains(parts[0][0]), parts[1][0] < 56 else { continue }
            if start > 0, bytes[start - 1] == 45 || Bytes.isLetter(bytes[start - 1]) || bytes[start - 1] == 47 || bytes[start - 1] == 64 { continue }
            let found = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
            guard failing else { return found }
            let before = bytes[..<start].suffix(5)
            if before.last == 35 || before.last == 40 || (before.count >= 4 && (before.last == 32 || before.last == 45) && before.suffix(4).prefix(3).allSatisfy { Bytes.isDigit($0) }) { return found }
            second = second ?? found
        }
        return second
    }

    /// A reply code such as 550 as a word of its own.
    static func replyCode(in text: String) -> Int? {
        for word in text.utf8.prefix(20_000).split(whereSeparator: { !Bytes.isDigit($0) && !Bytes.isLetter($0) && $0 != 46 && $0 != 64 }).prefix(5_000) where word.count == 3 {
            if let code = Int(Substring(word)), (400...459).contains(code) || (500...559).contains(code) { return code }
        }
        return nil
    }
}
