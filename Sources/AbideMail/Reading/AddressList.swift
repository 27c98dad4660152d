import AbideCore

/// The mailboxes of an address field (RFC 5322 3.4), also as they are wrongly written: names with commas or brackets, addresses without
/// angle brackets, brackets that stay open.
struct AddressList {
    private(set) var mailboxes: [MailAddress] = []
    /// False where it has a group: that names nobody (R5).
    private(set) var onlyMailboxes = true

    private static let bound = 1_000

    init(_ value: String, decoded: Bool = false) {
        var parts = Parts()
        var tries = 0
        for scalar in value.unicodeScalars.prefix(65_536) {
            guard mailboxes.count < Self.bound, tries < 3 * Self.bound else { break }
            parts.take(scalar)
            guard let end = parts.end else { continue }
            parts.end = nil
            switch end {
            // Without an address there is nothing to make a mailbox of yet.
            case .mailbox where parts.hasAddress || parts.closesGroup:
                tries += 1
                add(&parts, decoded: decoded)
            case .mailbox: parts.goOn()
            case .group:
                onlyMailboxes = false
                parts = Parts(inGroup: true)
            }
        }
        if mailboxes.count < Self.bound { add(&parts, decoded: decoded, last: true) }
    }

    private mutating func add(_ parts: inout Parts, decoded: Bool, last: Bool = false) {
        let inGroup = parts.inGroup && !parts.closesGroup
        if let mailbox = parts.mailbox {
            mailboxes.append(mailbox)
            parts = Parts(inGroup: inGroup)
        } else if !decoded, last, mailboxes.isEmpty, case let text = EncodedWords.text(parts.all), text != parts.all, text.contains("@") {
            // The whole mailbox stands in an encoded word.
            let inner = AddressList(text, decoded: true)
            mailboxes = inner.mailboxes
            onlyMailboxes = onlyMailboxes && inner.onlyMailboxes
        } else if parts.closesGroup || last {
            parts = Parts()
        } else {
            // No address yet: the comma was part of a name.
            parts.goOn()
        }
    }

    /// What stands between two commas.
    private struct Parts {
        enum End { case mailbox, group }

        var end: End?
        var inGroup = false
        var closesGroup = false
        /// All as it came.
        private(set) var all = ""
        private var phrase = ""
        private var comment = ""
        private var angle: String?
        private var isQuoted = false
        private var isEscaped = false
        private var depth = 0
        private var inAngle = false
        private(set) var hasAddress = false

        init(inGroup: Bool = false) { self.inGroup = inGroup }

        mutating func goOn() {
            // What goes on for so long without an address is no name.
            if phrase.utf8.count > 300 { phrase = "" }
            phrase.unicodeScalars.append(",")
            hasAddress = false
        }

        mutating func take(_ scalar: Unicode.Scalar) {
            all.unicodeScalars.append(scalar)
            if isEscaped {
                isEscaped = false
                return append(scalar)
            }
            switch scalar {
            case "\\" where isQuoted || depth > 0: isEscaped = true
            case "\"" where depth == 0:
                isQuoted.toggle()
                // In an address the quotation marks are part of it.
                if inAngle { append(scalar) }
            case _ where isQuoted: append(scalar)
            case "(" where !inAngle:
                depth += 1
                if depth > 1 { append(scalar) }
            case ")" where depth > 0:
                depth -= 1
                if depth > 0 { append(scalar) }
            case _ where depth > 0: append(scalar)
            case "<" where !inAngle && angle == nil:
                inAngle = true
                angle = ""
            case ">": inAngle = false
            case ",":
                inAngle = false
                end = .mailbox
            case ";":
                inAngle = false
                closesGroup = inGroup
                end = .mailbox
            case ":" where !inAngle && !phrase.isEmpty && !phrase.contains("@") && !phrase.lowercased().hasSuffix("mailto") && angle == nil && !inGroup: end = .group
            default: append(scalar)
            }
        }

        private mutating func append(_ scalar: Unicode.Scalar) {
            if scalar == "@", depth == 0 { hasAddress = true }
            if inAngle { angle?.unicodeScalars.append(scalar) } else if depth > 0 || (isEscaped && depth > 0) { comment.unicodeScalars.append(scalar) } else { phrase.unicodeScalars.append(scalar) }
        }

        var mailbox: MailAddress? {
            let name = EncodedWords.text(phrase)
            if let angle, let address = Self.address(angle) { return MailAddress(address: address, name: OneLine.of(name.isEmpty ? EncodedWords.text(comment) : name).trimming { $0 == " " || $0 == "," }) }
            // Without brackets the last word with "@" is the address, and what stands before it the name.
            let words = phrase.split(whereSeparator: \.isWhitespace)
            guard let place = words.lastIndex(where: { $0.contains("@") }), let address = Self.address(String(words[place])) else { return nil }
            let rest = EncodedWords.text((words[..<place] + words[(place + 1)...]).joined(separator: " "))
            return MailAddress(address: address, name: OneLine.of(rest.isEmpty ? EncodedWords.text(comment) : rest).trimming { $0 == " " || $0 == "," })
        }

        private static func address(_ text: String) -> String? {
            var text = OneLine.of(EncodedWords.text(text)).trimming { $0 == " " || $0 == "'" || $0 == "\"" && !text.contains("\"@") || $0 == "[" || $0 == "," }
            if text.lowercased().hasPrefix("mailto:") { text = String(text.dropFirst(7)) }
            // A route (RFC 5322 4.4) is no part of the address.
            if text.hasPrefix("@"), let colon = text.firstIndex(of: ":") { text = String(text[text.index(after: colon)...]) }
            guard let at = text.lastIndex(of: "@"), at > text.startIndex, text.index(after: at) < text.endIndex else { return nil }
            let local = text[..<at].filter { $0 != " " || text.hasPrefix("\"") }, domain = text[text.index(after: at)...].filter { $0 != " " }
            guard local.count == text[..<at].count, !domain.isEmpty else { return nil }
            return local + "@" + domain.lowercased()
        }
    }
}
