package import AbideCore

/// Reads raw messages. What comes from outside is hostile: reading never fails and never takes long, it only understands less.
package enum MailReader {
    /// A message as a value, from its raw bytes with any line ends.
    package static func read(_ raw: [UInt8]) -> IncomingMail {
        let message = MimeEntity(raw)
        var mail = IncomingMail()
        readHeader(of: message, into: &mail)
        let body = MailBody(message, raw: raw)
        readBody(body, into: &mail)
        let origin = MailOrigin(message, mail)
        if let report = BounceReport(message, mail, origin, raw: raw) {
            mail.kind = .bounce
            mail.bounce = report.bounce
        } else {
            mail.kind = origin.isAutoReply ? .autoReply : origin.isList ? .list : .message
        }
        mail.forbidsAutomaticAnswer = mail.kind == .bounce || origin.forbidsAutomaticAnswer
        return mail
    }

    /// Whether the bytes begin as a message does: with at least one header field.
    package static func isMail(_ raw: [UInt8]) -> Bool { MimeEntity.hasHeader(raw) }

    /// Who it came from, as its first server noted it; where none did, as it says itself.
    package static func reversePath(of raw: [UInt8]) -> String {
        let message = MimeEntity(Array(raw.prefix(MimeEntity.Bound.header)))
        if let path = message.first("return-path") { return AddressList(path).mailboxes.first?.address ?? "" }
        return message.first("from").flatMap { AddressList($0).mailboxes.first?.address } ?? ""
    }

    /// Beginnings of the fields in which servers call mail junk.
    private static let traceNames: Phrases = ["x-spam", "x-rspamd", "x-junk", "x-ms-exchange-organization-scl", "x-forefront-antispam", "x-barracuda-spam"]

    /// Characters of the text in which new words are told from quoted ones.
    private static let replyBound = 200_000

    private static func readHeader(of message: MimeEntity, into mail: inout IncomingMail) {
        let charset = message.textCharset
        func addresses(_ name: String) -> [AddressList] { message.fields(name).map { AddressList($0.text(fallback: charset)) } }
        let from = addresses("from")
        // A group in From names nobody (R5).
        mail.from = from.allSatisfy(\.onlyMailboxes) ? from.flatMap(\.mailboxes) : []
        mail.to = addresses("to").flatMap(\.mailboxes)
        mail.cc = addresses("cc").flatMap(\.mailboxes)
        mail.subject = String(OneLine.of(message.fields("subject").first.map { EncodedWords.text($0.raw, fallback: charset) } ?? "").prefix(2_000))
        mail.date = message.first("date").flatMap { GMimeValues.date(OneLine.of($0)) }
        mail.messageID = message.first("message-id").flatMap { MessageIDs.all($0).first ?? MessageIDs.bare($0) }
        mail.inReplyTo = message.first("in-reply-to").flatMap { MessageIDs.all($0).first }
        mail.references = message.all("references").flatMap { MessageIDs.all($0) }
        mail.traceFields = message.fields.lazy.filter { $0.name == "authentication-results" || traceNames.begin(Array($0.name.utf8)) }.prefix(60).map { .init(name: $0.name, value: String($0.value.prefix(4_000))) }
        mail.hops = message.all("received").count
    }

    private static func readBody(_ body: MailBody, into mail: inout IncomingMail) {
        let read = body.pieces.map { piece in
            let isBlank = piece.text?.utf8.allSatisfy { $0 <= 32 } ?? true
            return (text: piece.text, html: piece.html.map { HTMLReader($0, needsText: isBlank || piece.text?.allSatisfy(\.isWhitespace) ?? true) })
        }
        if read.contains(where: { $0.html?.html != nil }) {
            mail.html = read.map { $0.html?.html ?? $0.text.map { HTMLSanitiser.paragraph($0) } ?? "" }.joined(separator: "\n")
        }
        var text = read.map { piece in
            if let text = piece.text, !text.allSatisfy(\.isWhitespace) { text } else { piece.html?.text ?? "" }
        }.joined(separator: "\n")
        while let last = text.last, last.isNewline { text.removeLast() }
        mail.text = text
        mail.reply = ReplyText.visible(in: text.utf8.count > replyBound ? String(text.prefix(replyBound)) : text, sender: mail.from.first?.name ?? "")
        mail.attachments = body.attachments
    }
}

/// Message-IDs in a field (RFC 5322 3.6.4), without their angle brackets.
enum MessageIDs {
    /// At most 200, each at most 998 bytes long.
    static func all(_ value: String) -> [String] {
        var ids: [String] = []
        var rest = OneLine.of(value)[...]
        while ids.count < 200, let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: ">") else { break }
            let id = rest[..<close].filter { $0 != " " }
            if !id.isEmpty, id.utf8.count <= 998 { ids.append(id) }
            rest = rest[rest.index(after: close)...]
        }
        return ids
    }

    /// An identifier that was written without its brackets.
    static func bare(_ value: String) -> String? {
        let id = OneLine.of(value)
        return id.isEmpty || id.contains(" ") || id.utf8.count > 998 ? nil : id
    }
}
