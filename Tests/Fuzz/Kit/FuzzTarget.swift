import AbideCore
import AbideDesk
import AbideMail
import AbideStore

/// What reads bytes that a stranger chose, each with the promises that hold whatever the bytes are. A broken promise stops the process, which
/// is what a fuzzer looks for (S28).
package enum FuzzTarget: String, CaseIterable, Sendable {
    case mail, header, html, reply, bounce, tnef, smtp, fields, search, agreement, zone, clock, json

    /// Reads the bytes and checks what came of them.
    package func take(_ bytes: [UInt8]) {
        switch self {
        case .mail: check(MailReader.read(bytes))
        case .header: Self.headers.forEach { name in check(MailReader.read(Array("\(name): ".utf8) + bytes + Array("\r\n\r\nx".utf8))) }
        case .html:
            check(MailReader.read(Array("From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".utf8) + bytes))
            precondition(MailReader.readsAlike(html: String(decoding: bytes, as: UTF8.self)), "the short cut through words changes what is read")
        case .reply: check(MailReader.read(Array("From: Anna <a@b.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n".utf8) + bytes))
        case .bounce: check(MailReader.read(Array(Self.report.utf8) + bytes + Array("\r\n--B--\r\n".utf8)))
        case .tnef: check(MailReader.read(Array("From: a@b.example\r\nContent-Type: application/ms-tnef\r\n\r\n".utf8) + bytes))
        case .smtp: Self.converse(bytes)
        case .fields: Self.readIntake(String(decoding: bytes, as: UTF8.self))
        case .search: Self.search(String(decoding: bytes, as: UTF8.self))
        case .agreement: Self.readAgreement(String(decoding: bytes, as: UTF8.self))
        case .zone: Self.readZone(bytes)
        case .clock: Self.answerClock(bytes)
        case .json: Self.readJSON(bytes)
        }
    }

    private static let headers = ["From", "Subject", "Content-Type", "Content-Disposition", "References", "Date", "Content-Transfer-Encoding"]
    private static let report = "From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n"

    // MARK: Mail

    private func check(_ mail: IncomingMail) {
        for text in [mail.subject, mail.messageID ?? "", mail.inReplyTo ?? ""] + (mail.from + mail.to + mail.cc).flatMap({ [$0.name, $0.address] }) + mail.attachments.map(\.name) {
            precondition(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 || $0.value == 0x2028 || $0.value == 0x2029 }, "what is one line of a header holds a control")
        }
        for attachment in mail.attachments { precondition(!attachment.name.contains("/") && !attachment.name.contains("\\") && attachment.name != "..", "a name of an attachment is a path") }
        precondition((mail.kind == .bounce) == (mail.bounce != nil))
        if let html = mail.html { Self.check(html: html) }
        precondition(!mail.text.utf8.contains { $0 == 13 || $0 == 0 }, "text holds CR or NUL")
        precondition(mail.reply.utf8.count <= max(mail.text.utf8.count, 1) + 16, "the reply is longer than its text")
    }

    /// Every "<" was written on purpose, so each begins a tag of the lists.
    private static func check(html: String) {
        for tag in html.utf8.split(separator: 60).dropFirst(html.utf8.first == 60 ? 0 : 1) {
            let name = tag.drop { $0 == 47 }.prefix { (97...122).contains($0) || (48...57).contains($0) }
            precondition(!forbidden.contains(String(Substring(name))), "a tag that isn't allowed: \(Substring(tag))")
        }
    }

    private static let forbidden: Set<String> = ["script", "style", "svg", "math", "iframe", "form", "input", "button", "object", "embed", "link", "meta", "base", "video", "audio", "template", "frameset", "noscript", "textarea", ""]

    // MARK: SMTP

    /// The first byte decides in which pieces the others arrive.
    private static func converse(_ bytes: [UInt8]) {
        var limits = SMTPLimits()
        limits.message = 100_000
        limits.header = 20_000
        var session = SMTPSession(limits: limits, hostName: "abide.example", peer: "192.0.2.1", offersTLS: bytes.count % 2 == 0)
        _ = session.greet()
        let size = max(1, Int(bytes.first ?? 1))
        var at = min(1, bytes.count)
        while at < bytes.count {
            let end = min(bytes.count, at + size)
            var step = session.consume(Array(bytes[at..<end]))
            at = end
            while true {
                check(reply: step.reply)
                switch step.next {
                case .lookUp(let mailbox): step = session.resolve(known: !mailbox.hasPrefix("un"))
                case .accept(_, let content):
                    precondition(isClean(content), "a bare CR or LF was taken over (S35)")
                    step = session.resolve(verdict: .stored)
                case .read, .startTLS: break
                case .close: return
                }
                if step.next == .read || step.next == .startTLS {
                    check(reply: step.reply)
                    break
                }
            }
        }
    }

    private static func check(reply: [UInt8]) {
        precondition(isClean(reply), "an answer holds a bare CR or LF")
    }

    private static func isClean(_ bytes: [UInt8]) -> Bool {
        bytes.indices.allSatisfy { at in
            switch bytes[at] {
            case 13: at + 1 < bytes.count && bytes[at + 1] == 10
            case 10: at > 0 && bytes[at - 1] == 13
            default: true
            }
        }
    }

    // MARK: The rest

    private static func readIntake(_ text: String) {
        let read = readFields(text: text, names: ["site": "site", "phone": "phone", "version": "version", "betriebssystem": "os"])
        precondition(read.fields.values.allSatisfy { !$0.isEmpty && !$0.contains(where: \.isNewline) })
        if let phone = readPhone(text: text) { precondition((7...15).contains(phone.filter(\.isNumber).count)) }
    }

    private static func search(_ text: String) {
        for word in SearchWords.split(text, most: 50) { precondition(!word.isEmpty && word.utf8.count <= 60 * 4 && !word.contains { "\"*():^ ".contains($0) }) }
    }

    private static func readAgreement(_ yaml: String) {
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "x.yaml", knows: { $0.contains("/") })
        precondition((terms == nil) == !faults.isEmpty, "a file has terms, or faults that say why not")
    }

    private static func readZone(_ bytes: [UInt8]) {
        guard let rules = try? ZoneRules(name: "X/Y", tzif: bytes) else { return }
        for second in [Int64.min / 4, -4_000_000_000, 0, 1_772_000_000, 4_200_000_000, 250_000_000_000] { _ = rules.local(Instant(second)) }
    }

    private static let zones = ZoneFiles()

    private static func answerClock(_ bytes: [UInt8]) {
        let answer = ClockBatch(rules: zones.rules).answer(to: bytes)
        precondition(!answer.contains(where: \.isNewline) && answer.hasPrefix("{"), "a line is answered by one object")
        precondition((try? JSONText(parsing: answer.utf8)) != nil, "an answer is JSON: \(answer)")
    }

    private static func readJSON(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        precondition((try? JSONText(parsing: JSONText.quoted(text).utf8)) == .string(text), "what was quoted reads as itself")
        _ = try? JSONText(parsing: bytes)
    }
}
