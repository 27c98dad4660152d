import AbideCore

/// A message by which a mail system says what became of one that we sent: a report by RFC 3464, or free words.
struct BounceReport {
    private(set) var bounce: IncomingMail.Bounce

    /// nil where the message is no such thing.
    init?(_ message: MimeEntity, _ mail: IncomingMail, _ origin: MailOrigin, raw: [UInt8]) {
        let original = Self.originalMessageID(message, mail, raw: raw)
        if let report = Self.firstPart(message, ["message/delivery-status", "message/global-delivery-status"]) {
            let content = GMimeValues.string(GMimeValues.decode(raw[report.body], encoding: report.encoding), charset: "utf-8")
            bounce = Self.reported(content, text: mail.text)
        } else if Self.isFreeForm(message, mail, origin) {
            bounce = Self.freeForm(message, mail)
        } else {
            return nil
        }
        bounce.originalMessageID = original
    }

    // MARK: RFC 3464

    private static func reported(_ content: String, text: String) -> IncomingMail.Bounce {
        var groups: [[String: String]] = [[:]]
        var last = ""
        for line in PlainText.lines(content).prefix(5_000) {
            if line.allSatisfy(\.isWhitespace) {
                if groups.last?.isEmpty == false { groups.append([:]) }
            } else if line.first == " " || line.first == "\t" {
                groups[groups.count - 1][last]? += " " + line.trimming { $0.isWhitespace }
            } else if let colon = line.firstIndex(of: ":") {
                last = line[..<colon].lowercased().trimming { $0 == " " }
                if groups[groups.count - 1][last] == nil { groups[groups.count - 1][last] = line[line.index(after: colon)...].description.trimming { $0.isWhitespace } }
            }
        }
        let recipients = groups.filter { $0["final-recipient"] != nil || $0["original-recipient"] != nil || $0["action"] != nil || $0["status"] != nil }
        func action(_ group: [String: String]) -> String { (group["action"] ?? "").lowercased().prefix { $0.isLetter }.description }
        // Of several recipients the one that matters most.
        let chosen = recipients.first { action($0) == "failed" } ?? recipients.first { action($0) == "delayed" } ?? recipients.first ?? [:]
        let diagnostic = chosen["diagnostic-code"] ?? ""
        let status = chosen["status"].flatMap { enhancedStatus(in: $0) }
        let act = action(chosen)
        return IncomingMail.Bounce(
            recipient: (chosen["final-recipient"] ?? chosen["original-recipient"]).flatMap { address(in: $0) },
            status: status, action: act.isEmpty ? nil : act,
            permanent: permanent(status: status, code: replyCode(in: diagnostic), words: act == "failed" ? "failed permanently" : act == "delayed" ? "delayed" : act.isEmpty ? text : "no failure"),
            originalMessageID: nil)
    }

    // MARK: Free words

    private static let subjects = [
        "undeliver", "delivery status notification", "delivery failure", "delivery failed", "delivery has failed", "failure notice", "returned mail", "mail delivery",
        "returned to sender", "non-delivery", "nondeliver", "could not be delivered", "delayed mail", "delivery notification", "delivery problem", "message delayed",
        "unzustellbar", "nicht zugestellt", "zustellung", "fehlgeschlagen", "non remis", "échec de la remise", "no se puede entregar", "no entregado", "mancato recapito", "onbestelbaar",
    ]
    private static let bodies = [
        "could not be delivered", "was not delivered", "wasn't delivered", "unable to deliver", "undeliverable", "permanent fatal errors", "delivery to the following", "user unknown",
        "couldn't be delivered", "delivery failed", "did not reach", "no such user", "mailbox unavailable", "konnte nicht zugestellt", "n'a pas pu être", "no se ha podido entregar",
        "returned to sender", "address rejected", "mailbox full", "qmail-send", "has been delayed",
    ]

    private static func isFreeForm(_ message: MimeEntity, _ mail: IncomingMail, _ origin: MailOrigin) -> Bool {
        if message.first("x-failed-recipients") != nil { return true }
        if message.type.value == "multipart/report", message.type["report-type"]?.lowercased() == "delivery-status" { return true }
        guard origin.isFromMailSystem || origin.hasNullReturnPath else { return false }
        let subject = mail.subject.lowercased()
        if subjects.contains(where: { subject.contains($0) }) { return true }
        guard origin.isFromMailSystem else { return false }
        let text = mail.text.prefix(4_000).lowercased()
        return bodies.contains { text.contains($0) }
    }

    private static func freeForm(_ message: MimeEntity, _ mail: IncomingMail) -> IncomingMail.Bounce {
        let text = String(mail.text.prefix(20_000))
        let own = Set((mail.from + mail.to + mail.cc).map { $0.address.lowercased() })
        let failed = message.first("x-failed-recipients").flatMap { GMimeValues.mailboxes($0).list.first?.address }
        let addresses = addresses(in: text)
        let status = enhancedStatus(in: text)
        return IncomingMail.Bounce(
            recipient: failed ?? addresses.first { !own.contains($0.lowercased()) } ?? addresses.first,
            status: status, action: nil,
            permanent: permanent(status: status, code: replyCode(in: text), words: mail.subject + "\n" + text),
            originalMessageID: nil)
    }

    /// The status class, without one the SMTP code, then the words.
    private static func permanent(status: String?, code: Int?, words: String) -> Bool {
        if let status { return status.hasPrefix("5") }
        if let code { return code >= 500 }
        let words = words.lowercased()
        let delay = [
            "delayed", "temporar", "will retry", "still trying", "will keep trying", "not yet", "will be retried", "warning message only", "do not need to resend", "no failure", "verzögert",
            "weiterhin versucht", "retardé", "retrasado", "ritardat",
        ]
        return !delay.contains { words.contains($0) }
    }

    // MARK: Finding things in text

    private static func firstPart(_ part: MimeEntity, _ types: Set<String>) -> MimeEntity? {
        if types.contains(part.type.value) { return part }
        for child in part.children { if let found = firstPart(child, types) { return found } }
        return nil
    }

    private static func originalMessageID(_ message: MimeEntity, _ mail: IncomingMail, raw: [UInt8]) -> String? {
        if let part = firstPart(message, ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"]), !part.body.isEmpty {
            let content = GMimeValues.decode(raw[part.body], encoding: part.encoding)
            if let id = MimeEntity(content).first("message-id").flatMap({ MessageIDs.all($0).first }) { return id }
        }
        for line in PlainText.lines(String(mail.text.prefix(200_000))) {
            let line = String(line.drop { $0 == " " || $0 == ">" || $0 == "\t" })
            if line.lowercased().hasPrefix("message-id:"), let id = MessageIDs.all(line).first { return id }
        }
        return nil
    }

    /// `rfc822; anna@client.example` or `<anna@client.example>`.
    private static func address(in value: String) -> String? {
        let address = (value.split(separator: ";", maxSplits: 1).last.map(String.init) ?? "").trimming { $0.isWhitespace || $0 == "<" || $0 == ">" }
        return address.isEmpty ? nil : OneLine.of(address)
    }

    private static func addresses(in text: String) -> [String] {
        text.split { " \t\n<>()[],;\"'|".contains($0) }.prefix(20_000).compactMap { word in
            let word = word.description.trimming { ".:!?".contains($0) }.replacing(/^mailto:/, with: "")
            let halves = word.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[0].isEmpty, halves[1].contains("."), halves[1].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }) else { return nil }
            return word
        }
    }

    /// `5.1.1`, where it stands by itself; the subjects of RFC 3463 end at 7, which keeps versions of mail programs out.
    private static func enhancedStatus(in text: String) -> String? {
        for word in text.split(whereSeparator: { !$0.isNumber && $0 != "." }).prefix(5_000) {
            let digits = word.trimmingDots.split(separator: ".", omittingEmptySubsequences: false)
            if digits.count == 3, ["2", "4", "5"].contains(digits[0]), digits[1].count == 1, digits[1] < "8", (1...3).contains(digits[2].count),
                word.allSatisfy({ $0.isASCII }) { return digits.joined(separator: ".") }
        }
        return nil
    }

    /// A reply code such as 550 as a word of its own.
    private static func replyCode(in text: String) -> Int? {
        for word in text.split(whereSeparator: { !$0.isNumber && !$0.isLetter && $0 != "." && $0 != "@" }).prefix(5_000) {
            if word.count == 3, let code = Int(word), (400...459).contains(code) || (500...559).contains(code) { return code }
        }
        return nil
    }
}

extension Substring {
    fileprivate var trimmingDots: String { String(self).trimming { $0 == "." } }
}
