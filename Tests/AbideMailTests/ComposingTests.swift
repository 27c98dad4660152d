import AbideCore
import AbideMail
import Testing

@Suite("Composing mail")
struct ComposingTests {
    private func outgoing(_ change: (inout OutgoingMail) -> Void = { _ in }) -> OutgoingMail {
        var mail = OutgoingMail(
            from: MailAddress(address: "support@abide.example", name: "Abide Desk"), to: MailAddress(address: "anna@client.example", name: "Müller, \"Anna\""),
            replyTo: MailAddress(address: "support+t.7.3.abcdef@abide.example"), subject: "[ABD-7] Grüße aus Köln, und ein sehr langer Betreff, der über mehrere Zeilen gehen muss 🔥",
            messageID: "e7.anna@abide.example", inReplyTo: "one@client.example", references: ["zero@client.example", "one@client.example"], date: Instant(1_772_439_330),
            text: "Hello Anna,\n\n=E4 is text. Grüße\n.\n\(String(repeating: "long ", count: 400))\n-- \nDesk\n", html: "<p>Hello &amp; Grüße</p>",
            autoSubmitted: "auto-generated", headers: ["X-Abide-Ticket": "ABD-7", "X-Abide-Milestone": "acknowledged"])
        change(&mail)
        return mail
    }

    /// Names of the header fields, in order.
    private func fieldNames(_ bytes: [UInt8]) -> [String] {
        let header = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)[0]
        return header.split(separator: "\r\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("\t") }.map { String($0.prefix { $0 != ":" }) }
    }

    private func expectWireSafe(_ bytes: [UInt8]) {
        #expect(bytes.allSatisfy { $0 < 128 && $0 != 0 })
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        #expect(lines.dropLast().allSatisfy { $0.last == 13 && $0.count <= 999 && !$0.dropLast().contains(13) })
        #expect(lines.last?.isEmpty == true)
    }

    @Test("R14 what is composed reads back the same, in 7-bit lines")
    func roundTrip() {
        let mail = outgoing()
        let bytes = MailComposer.compose(mail)
        expectWireSafe(bytes)
        let read = MailReader.read(bytes)
        #expect(read.from == [mail.from])
        #expect(read.to == [mail.to])
        #expect(read.cc.isEmpty)
        #expect(read.subject == mail.subject)
        #expect(read.date == mail.date)
        #expect(read.messageID == mail.messageID)
        #expect(read.inReplyTo == mail.inReplyTo)
        #expect(read.references == mail.references)
        #expect(read.text.split(separator: "\n") == mail.text.split(separator: "\n").map { $0 })
        #expect(read.html == mail.html)
        #expect(read.kind == .autoReply)
        let raw = String(decoding: bytes, as: UTF8.self)
        for field in ["Auto-Submitted: auto-generated\r\n", "X-Abide-Ticket: ABD-7\r\n", "Reply-To: support+t.7.3.abcdef@abide.example\r\n", "MIME-Version: 1.0\r\n"] {
            #expect(raw.contains(field), "\(raw)")
        }
        #expect(bytes == MailComposer.compose(mail))
    }

    @Test("a person's plain words go out as they are, without a mark of a machine")
    func plain() {
        let bytes = MailComposer.compose(outgoing { $0.html = nil; $0.text = "Hello\nsee https://x.example/?a=b"; $0.autoSubmitted = nil; $0.replyTo = nil; $0.inReplyTo = nil; $0.references = [] })
        expectWireSafe(bytes)
        let raw = String(decoding: bytes, as: UTF8.self)
        #expect(raw.hasSuffix("\r\n\r\nHello\r\nsee https://x.example/?a=b\r\n"))
        #expect(Set(fieldNames(bytes)) == ["From", "To", "Subject", "Date", "Message-Id", "X-Abide-Ticket", "X-Abide-Milestone", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"])
    }

    @Test("S13 nothing in a value adds a field or a recipient", arguments: [
        "x\r\nBcc: evil@x.example", "x\nBcc: evil@x.example\n\nbody", "x\rBcc: evil@x.example", "x\u{0}\u{2028}Bcc: evil@x.example", "=?utf-8?Q?x=0D=0ABcc:_evil=40x.example?=",
        "x>, <evil@x.example", "x\", evil@x.example, \"y", "x, evil@x.example", "evil@x.example (", "x;y:z", String(repeating: "ü", count: 3_000), String(repeating: "x", count: 3_000),
    ])
    func injection(value: String) {
        let mail = outgoing {
            $0.from.name = value
            $0.to.name = value
            $0.subject = value
            $0.replyTo = MailAddress(address: "t@abide.example", name: value)
            $0.messageID = "id\(value)@abide.example"
            $0.inReplyTo = value
            $0.references = [value, "one@client.example"]
            $0.autoSubmitted = value.count > 100 ? "no" : value
            $0.headers = ["X-Abide-Ticket": value.count > 100 ? "x" : value, "Bcc": "evil@x.example", "X-Bad: y\r\nBcc": "z", "To": "evil@x.example"]
        }
        let bytes = MailComposer.compose(mail)
        expectWireSafe(bytes)
        let allowed: Set = ["From", "To", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Auto-Submitted", "X-Abide-Ticket", "MIME-Version", "Content-Type"]
        #expect(Set(fieldNames(bytes)).isSubset(of: allowed), "\(String(decoding: bytes, as: UTF8.self))")
        let read = MailReader.read(bytes)
        #expect(read.to.map(\.address) == ["anna@client.example"])
        #expect(read.from.map(\.address) == ["support@abide.example"])
        #expect(read.cc.isEmpty)
        #expect(read.text.hasPrefix("Hello Anna,"))
    }

    @Test("S13 nothing in an address makes it two", arguments: ["a@b.example>, <evil@x.example", "a@b.example, evil@x.example", "a@b.example\r\nBcc: evil@x.example", "a@b.example (x)"])
    func address(value: String) {
        let bytes = MailComposer.compose(outgoing { $0.to = MailAddress(address: value) })
        expectWireSafe(bytes)
        #expect(MailReader.read(bytes).to.count <= 1)
        #expect(!fieldNames(bytes).contains("Bcc"))
    }
}
