import AbideCore

/// A message by which a mail system says what became of one that we sent: a report by RFC 3464, or free words.
struct BounceReport {
    private(set) var bounce: IncomingMail.Bounce

    /// nil where the message is no such thing.
    init?(_ message: MimeEntity, _ mail: IncomingMail, _ origin: MailOrigin, raw: [UInt8]) {
        if message.first("x-amz-sns-message-id") != nil, let notice = Self.notice(mail.text) {
            bounce = notice
            return
        }
        let hasReport = Self.firstPart(message, Self.statusTypes) != nil || message.type.value == "multipart/report"
        guard hasReport || origin.isMailSystem || message.first("x-failed-recipients") != nil || BounceText.isBounceSubject(mail.subject) else { return nil }
        let text = BounceText(mail)
        let failed = message.first("x-failed-recipients").flatMap { AddressList($0).mailboxes.first?.address }
        let recipients = Self.report(message, origin, text, raw: raw).map(Self.recipients) ?? []
        if !recipients.isEmpty {
            bounce = Self.reported(recipients, text)
        } else if failed != nil || Self.isFreeForm(message, origin, text) {
            bounce = Self.freeForm(text, failed: failed)
        } else {
            return nil
        }
        bounce.originalMessageID = Self.originalMessageID(message, mail, raw: raw)
    }

    // MARK: RFC 3464

    private static let statusTypes: Set<String> = ["message/delivery-status", "message/global-delivery-status"]

    /// The fields of the report; a person who sends a report on is no mail system.
    private static func report(_ message: MimeEntity, _ origin: MailOrigin, _ text: BounceText, raw: [UInt8]) -> String? {
        if let part = firstPart(message, statusTypes) {
            guard message.type.value == "multipart/report" || origin.isMailSystem || text.hasBounceSubject else { return nil }
            return GMimeValues.string(GMimeValues.decode(raw[part.body], encoding: part.encoding), charset: "utf-8")
        }
        // A gateway may have put the whole report into another message.
        guard origin.isMailSystem || text.hasBounceSubject, let whole = firstPart(message, ["message/rfc822"]), !whole.body.isEmpty else { return nil }
        let content = GMimeValues.decode(raw[whole.body], encoding: whole.encoding)
        let inner = MimeEntity(content)
        guard inner.type.value == "multipart/report", let part = firstPart(inner, statusTypes) else { return nil }
        return GMimeValues.string(GMimeValues.decode(content[part.body], encoding: part.encoding), charset: "utf-8")
    }

    private static func recipients(in content: String) -> [[String: String]] {
        groups(content).filter { $0["final-recipient"] != nil || $0["original-recipient"] != nil || $0["action"] != nil || $0["status"] != nil }
    }

    private static func reported(_ recipients: [[String: String]], _ text: BounceText) -> IncomingMail.Bounce {
        func action(_ group: [String: String]) -> String { (group["action"] ?? "").lowercased().prefix { $0.isLetter }.description }
        // Of several recipients the one that matters most.
        let chosen = recipients.first { ["failed", "failure"].contains(action($0)) } ?? recipients.first { action($0) == "delayed" } ?? recipients.first ?? [:]
        // The address that we wrote to, where it can be read; else the one that it became.
        let addresses = ["original-recipient", "x-actual-recipient", "final-recipient"].compactMap { chosen[$0].flatMap { BounceText.address(in: $0) } }
        let given = chosen["status"] ?? ""
        let diagnostic = chosen["diagnostic-code"] ?? ""
        let status = BounceText.enhancedStatus(in: given) ?? (given.isEmpty ? BounceText.enhancedStatus(in: diagnostic) : nil)
        let act = action(chosen)
        let words: String? = switch act {
        case "failed", "failure": "failed permanently"
        case "delayed": "delayed"
        case "": nil
        default: "no failure"
        }
        return IncomingMail.Bounce(
            recipient: addresses.first ?? text.recipient, status: status, action: act.isEmpty ? nil : act,
            permanent: permanent(
                status: status, code: BounceText.replyCode(in: given) ?? BounceText.replyCode(in: diagnostic),
                isDelay: words.map { BounceWords.delays.stand(in: Array($0.utf8)) } ?? text.speaksOfDelay),
            originalMessageID: nil)
    }

    /// The groups of fields, unfolded, by lower-cased name.
    private static func groups(_ content: String) -> [[String: String]] {
        var groups: [[String: String]] = [[:]]
        var last = ""
        for line in PlainText.lines(content).prefix(5_000) {
            if line.allSatisfy(\.isWhitespace) {
                if groups.last?.isEmpty == false { groups.append([:]) }
            } else if line.first == " " || line.first == "\t" {
                groups[groups.count - 1][last]? += " " + line.trimming { $0.isWhitespace }
            } else if let colon = line.firstIndex(of: ":") {
                last = line[..<colon].lowercased().trimming { $0 == " " }
                // Some put the recipients one after another without an empty line.
                if last == "final-recipient" || last == "original-recipient", groups[groups.count - 1][last] != nil { groups.append([:]) }
                if groups[groups.count - 1][last] == nil { groups[groups.count - 1][last] = line[line.index(after: colon)...].description.trimming { $0.isWhitespace } }
            }
        }
        return groups
    }

    // MARK: Free words

    private static func isFreeForm(_ message: MimeEntity, _ origin: MailOrigin, _ text: BounceText) -> Bool {
        // A report without a recipient may as well be a challenge to the sender: what it says decides.
        if message.type.value == "multipart/report", message.type["report-type"]?.lowercased() == "delivery-status", text.hasBounceSubject || text.hasBounceWords { return true }
        if origin.isMailSystem {
            // An absence or a receipt may come by the null path too.
            if origin.isAutoReply, !origin.isFromMailSystem, !text.hasBounceWords { return false }
            return text.hasBounceSubject || text.hasBounceWords
        }
        // From anybody else it takes the whole form: a subject that mail systems write, their sentence at the start and an address.
        return text.hasBounceSubject && (!text.isAnswerOrForward || text.appendsToSubject) && text.beginsLikeSystem
            && (text.recipient != nil || text.hasReturnedMessage || firstPart(message, ["message/rfc822", "text/rfc822-headers"]) != nil)
    }

    private static func freeForm(_ text: BounceText, failed: String?) -> IncomingMail.Bounce {
        IncomingMail.Bounce(
            recipient: failed ?? text.recipient, status: text.status, action: nil, permanent: permanent(status: text.status, code: text.code, isDelay: text.speaksOfDelay),
            originalMessageID: nil)
    }

    /// The status class, without one the SMTP code, then the words.
    private static func permanent(status: String?, code: Int?, isDelay: Bool) -> Bool {
        if let status { return status.hasPrefix("5") }
        if let code { return code >= 500 }
        return !isDelay
    }

    /// What a sending service tells about a mail as JSON in a mail of its own: `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent",…`. It is
    /// searched and not parsed, since it may be wrapped like text.
    private static func notice(_ text: String) -> IncomingMail.Bounce? {
        func value(_ key: String) -> String? {
            guard let at = text.firstRange(of: "\"\(key)\":\"")?.upperBound else { return nil }
            return OneLine.of(String(text[at...].prefix(200).prefix { $0 != "\"" }))
        }
        guard text.utf8.first == 123, (value("notificationType") ?? value("eventType")) == "Bounce", let recipient = value("emailAddress").flatMap({ BounceText.addresses(in: $0).first }) else { return nil }
        let status = value("status").flatMap { BounceText.enhancedStatus(in: $0) }
        return IncomingMail.Bounce(
            recipient: recipient, status: status, action: value("action"), permanent: status.map { $0.hasPrefix("5") } ?? (value("bounceType") == "Permanent"), originalMessageID: nil)
    }

    // MARK: The message that came back

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
}
