import AbideMail
import Testing

/// Runs a dialogue against a session, with a mailbox `desk@abide.example` and everything in the domain `known.example`.
struct Dialogue {
    var session: SMTPSession
    var messages: [(envelope: MailEnvelope, text: String)] = []
    var verdict = MailVerdict.stored
    var closed = false

    init(limits: SMTPLimits = SMTPLimits(), offersTLS: Bool = false) {
        session = SMTPSession(limits: limits, hostName: "desk.example", peer: "192.0.2.1", offersTLS: offersTLS)
        _ = session.greet()
    }

    /// What is answered to these bytes, CRLF written as one LF.
    mutating func send(_ text: String) -> String { send(Array(text.utf8)) }

    mutating func send(_ bytes: [UInt8]) -> String {
        guard !closed else { return "" }
        var step = session.consume(bytes)
        var reply = step.reply
        loop: while true {
            switch step.next {
            case .read, .startTLS: break loop
            case .close:
                closed = true
                break loop
            case .lookUp(let recipient):
                step = session.resolve(known: recipient == "desk@abide.example" || recipient.hasSuffix("@known.example"))
            case .accept(let envelope, let bytes):
                messages.append((envelope, String(decoding: bytes, as: UTF8.self)))
                step = session.resolve(verdict: verdict)
            }
            reply += step.reply
        }
        return String(decoding: reply, as: UTF8.self)
    }

    func codes(_ reply: String) -> [String] {
        let lines: [Substring] = reply.split(separator: "\r\n").filter { !$0.dropFirst(3).hasPrefix("-") }
        return lines.map { line in
            let words = line.split(separator: " ")
            let enhanced = words.count > 1 && words[1].contains(".") && words[1].allSatisfy { $0.isNumber || $0 == "." }
            return words.prefix(enhanced ? 2 : 1).joined(separator: " ")
        }
    }

    mutating func codes(sending text: String) -> [String] { codes(send(text)) }
}

private let opening = "EHLO client.example\r\nMAIL FROM:<anna@known.example>\r\nRCPT TO:<desk@abide.example>\r\nDATA\r\n"

@Suite("SMTP and LMTP dialogue")
struct SMTPSessionTests {
    @Test("R10 a message goes over byte for byte, dots unstuffed, with its envelope")
    func message() {
        var dialogue = Dialogue()
        #expect(dialogue.send("EHLO client.example\r\n") == """
            250-desk.example\r\n250-SIZE 26214400\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n
            """)
        #expect(dialogue.codes(sending: "mail from: <anna@known.example> SIZE=1000 BODY=8BITMIME SMTPUTF8\r\n") == ["250 2.1.0"])
        #expect(dialogue.codes(sending: "RCPT TO:<@relay.example:desk@abide.example>\r\nRCPT TO:<bé@known.example>\r\n") == ["250 2.1.5", "250 2.1.5"])
        #expect(dialogue.codes(sending: "DATA\r\n") == ["354"])
        #expect(dialogue.codes(sending: "Subject: x\r\n\r\n..\r\n..a\r\n.b\r\n\r\n.\r\n") == ["250 2.0.0"])
        #expect(dialogue.codes(sending: "QUIT\r\n") == ["221 2.0.0"])
        #expect(dialogue.closed)
        #expect(dialogue.messages.map(\.text) == ["Subject: x\r\n\r\n.\r\n.a\r\nb\r\n\r\n"])
        #expect(dialogue.messages.first?.envelope == MailEnvelope(
            from: "anna@known.example", recipients: ["desk@abide.example", "bé@known.example"], peer: "192.0.2.1", helo: "client.example", lmtp: false))
    }

    @Test("pipelined commands are answered in order, however the bytes are cut")
    func pipelining() {
        let all = opening + "Subject: one\r\n\r\nfirst\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@elsewhere.example>\r\nRCPT TO:<desk@abide.example>\r\nDATA\r\n\r\n.\r\nNOOP\r\nQUIT\r\n"
        var whole = Dialogue()
        let reply = whole.send(all)
        #expect(whole.codes(reply) == ["250", "250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "250 2.1.0", "550 5.1.1", "250 2.1.5", "354", "250 2.0.0", "250 2.0.0", "221 2.0.0"])
        #expect(whole.messages.map(\.text) == ["Subject: one\r\n\r\nfirst\r\n", "\r\n"])
        #expect(whole.messages.last?.envelope.from == "")
        for size in [1, 2, 3, 7] {
            var cut = Dialogue()
            var replies = ""
            let bytes = Array(all.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) { replies += cut.send(Array(bytes[start..<min(start + size, bytes.count)])) }
            #expect(replies == reply)
            #expect(cut.messages.map(\.text) == whole.messages.map(\.text))
        }
    }

    @Test("S35 no end of data but CRLF.CRLF, and never two messages from one", arguments: [
        "\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\r.\n", "\n.\r", "\r\n\n.\r\n", "\n\n.\n\n", "\r\n.\r\r\n",
        "\0\n.\r\n", "\r\n.\0\r\n", "\r\n..\r\n",
    ])
    func smuggling(end: String) {
        let smuggled = "MAIL FROM:<boss@known.example>\r\nRCPT TO:<desk@abide.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"
        for size in [1, 5, 10_000] {
            var dialogue = Dialogue()
            let bytes = Array((opening + "Subject: outer\r\n\r\ntext" + end + smuggled).utf8)
            var reply = ""
            for start in stride(from: 0, to: bytes.count, by: size) { reply += dialogue.send(Array(bytes[start..<min(start + size, bytes.count)])) }
            let answers = dialogue.codes(reply).dropFirst(4)
            let bare = end.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" }
            // Two variants have no bare CR or LF once they are read right: they are text of the one message.
            #expect(answers.first == (bare ? "550 5.5.2" : "250 2.0.0"), "\(end.debugDescription) in pieces of \(size)")
            #expect(dialogue.messages.count == (bare ? 0 : 1))
        }
    }

    @Test("S35 a bare line end in the text is refused, and the dialogue goes on")
    func bareLineEnd() {
        for text in ["a\nb\r\n.\r\n", "a\rb\r\n.\r\n", "\n\r\n.\r\n"] {
            var dialogue = Dialogue()
            #expect(dialogue.codes(sending: opening + text + "NOOP\r\n").suffix(2) == ["550 5.5.2", "250 2.0.0"])
            #expect(dialogue.messages.isEmpty)
        }
    }

    @Test("S35 a command that ends in a bare CR or LF is refused and nothing behind it obeyed", arguments: ["NOOP\nMAIL FROM:<a@b.example>\r\n", "NOOP\rRSET\r\n", "\n"])
    func bareCommand(text: String) {
        var dialogue = Dialogue()
        #expect(dialogue.codes(sending: "EHLO c\r\n" + text) == ["250", "550 5.5.2"])
        #expect(dialogue.closed)
    }

    @Test("RFC 2033 LMTP answers for each recipient after the data")
    func lmtp() {
        var dialogue = Dialogue()
        let start = "LHLO relay\r\nMAIL FROM:<a@known.example>\r\n"
        #expect(dialogue.codes(sending: start + "RCPT TO:<no@where.example>\r\nDATA\r\n") == ["250", "250 2.1.0", "550 5.1.1", "503 5.5.1"])
        #expect(dialogue.codes(sending: "RCPT TO:<a@known.example>\r\nRCPT TO:<b@known.example>\r\nDATA\r\nx: y\r\n.\r\n").suffix(2) == ["250 2.0.0", "250 2.0.0"])
        #expect(dialogue.messages.first?.envelope.lmtp == true)
        dialogue.verdict = .tryAgain(code: 451, enhanced: "4.3.0", text: "Later\r\n250 ok")
        let reply = dialogue.send("MAIL FROM:<>\r\nRCPT TO:<a@known.example>\r\nRCPT TO:<b@known.example>\r\nDATA\r\nx: y\r\n.\r\n")
        #expect(dialogue.codes(reply).suffix(2) == ["451 4.3.0", "451 4.3.0"])
        #expect(reply.hasSuffix("451 4.3.0 Later??250 ok\r\n"))
        // A refusal of the text counts for each recipient too.
        #expect(dialogue.codes(sending: "MAIL FROM:<>\r\nRCPT TO:<a@known.example>\r\nRCPT TO:<b@known.example>\r\nDATA\r\nx\ny\r\n.\r\n").suffix(2) == ["550 5.5.2", "550 5.5.2"])
    }

    @Test("a message that is not stored is not acknowledged")
    func notStored() {
        var dialogue = Dialogue()
        dialogue.verdict = .tryAgain(code: 452, enhanced: "4.3.1", text: "Disk full")
        #expect(dialogue.codes(sending: opening + "x: y\r\n.\r\n").last == "452 4.3.1")
        dialogue.verdict = .refused(code: 554, enhanced: "5.6.0", text: "No")
        #expect(dialogue.codes(sending: opening + "x: y\r\n.\r\n").last == "554 5.6.0")
        // Whatever code comes with it, "try again" never reads as a success.
        dialogue.verdict = .tryAgain(code: 250, enhanced: "4.3.0", text: "")
        #expect(dialogue.codes(sending: opening + "x: y\r\n.\r\n").last == "451 4.3.0")
    }

    @Test("RFC 1870 too large a message is refused early by SIZE, and at its end without it")
    func size() {
        var limits = SMTPLimits()
        limits.message = 1_000
        var dialogue = Dialogue(limits: limits)
        #expect(dialogue.codes(sending: "EHLO c\r\nMAIL FROM:<a@known.example> SIZE=1001\r\n").last == "552 5.3.4")
        #expect(dialogue.codes(sending: "MAIL FROM:<a@known.example> SIZE=99999999999999999999\r\n").last == "552 5.3.4")
        let line = String(repeating: "x", count: 98) + "\r\n"
        #expect(dialogue.codes(sending: opening + String(repeating: line, count: 10) + ".\r\n").last == "250 2.0.0")
        #expect(dialogue.codes(sending: opening + String(repeating: line, count: 10) + "\r\n.\r\nNOOP\r\n").suffix(2) == ["552 5.3.4", "250 2.0.0"])
        #expect(dialogue.messages.count == 1)
        // Far over the limit nothing more is read.
        #expect(dialogue.codes(sending: opening + String(repeating: line, count: 1_000)).last == "552 5.3.4")
        #expect(dialogue.closed)
    }

    @Test("lines too long are refused, in commands and in the text, and the dialogue goes on")
    func lineLength() {
        var dialogue = Dialogue()
        #expect(dialogue.codes(sending: "NOOP " + String(repeating: "x", count: 2_041) + "\r\n") == ["250 2.0.0"])
        #expect(dialogue.codes(sending: "NOOP " + String(repeating: "x", count: 2_042) + "\r\nNOOP\r\n") == ["500 5.5.6", "250 2.0.0"])
        let piece = String(repeating: "x", count: 1_500)
        #expect(dialogue.send(piece) == "")
        #expect(dialogue.codes(sending: piece) == ["500 5.5.6"])
        #expect(dialogue.codes(sending: piece + "\r") == [])
        #expect(dialogue.codes(sending: "\nNOOP\r\n") == ["250 2.0.0"])
        #expect(dialogue.codes(sending: opening + String(repeating: "x", count: 998) + "\r\n.\r\n").last == "250 2.0.0")
        #expect(dialogue.codes(sending: opening + "." + String(repeating: ".", count: 998) + "\r\n.\r\n").last == "250 2.0.0")
        #expect(dialogue.codes(sending: opening + String(repeating: "x", count: 999) + "\r\n.\r\nNOOP\r\n").suffix(2) == ["500 5.6.0", "250 2.0.0"])
        #expect(dialogue.messages.count == 2)
    }

    @Test("recipients, hops and header size are limited")
    func limits() {
        var limits = SMTPLimits()
        limits.header = 4_000
        var dialogue = Dialogue(limits: limits)
        _ = dialogue.send("EHLO c\r\nMAIL FROM:<>\r\n")
        let recipients = (1...101).map { "RCPT TO:<r\($0)@known.example>\r\n" }.joined()
        let codes = dialogue.codes(sending: recipients)
        #expect(codes.prefix(100).allSatisfy { $0 == "250 2.1.5" })
        #expect(codes.last == "452 4.5.3")
        #expect(dialogue.codes(sending: "DATA\r\nx: y\r\n.\r\n").last == "250 2.0.0")
        #expect(dialogue.messages.last?.envelope.recipients.count == 100)
        let hop = "Received: from a\r\n\tby b\r\n"
        #expect(dialogue.codes(sending: opening + String(repeating: hop, count: 50) + "\r\nReceived: in the text\r\n.\r\n").last == "250 2.0.0")
        #expect(dialogue.codes(sending: opening + String(repeating: hop, count: 51) + "\r\n.\r\n").last == "554 5.4.6")
        #expect(dialogue.codes(sending: opening + String(repeating: "X: \(String(repeating: "x", count: 500))\r\n", count: 9) + "\r\n.\r\n").last == "552 5.3.4")
    }

    @Test("faults are answered by their code, and the twentieth ends the connection")
    func faults() {
        var dialogue = Dialogue()
        let cases: [(String, String)] = [
            ("MAIL FROM:<a@b.example>", "503 5.5.1"), ("EHLO", "501 5.5.4"), ("HELO c", "250"), ("RCPT TO:<desk@abide.example>", "503 5.5.1"), ("DATA", "503 5.5.1"),
            ("MAIL FROM:a@b.example", "501 5.1.7"), ("MAIL FROM:<a b@c>", "501 5.1.7"), ("MAIL FROM:<é@b.example>", "553 5.6.7"),
            ("MAIL FROM:<a@b.example> RET=FULL", "555 5.5.4"), ("MAIL FROM:<a@b.example> BODY=9BIT", "501 5.5.4"),
            ("MAIL FROM:<\"a>b\"@c.example>", "250 2.1.0"), ("MAIL FROM:<a@b.example>", "503 5.5.1"), ("DATA", "554 5.5.1"),
            ("RCPT TO:<desk>", "501 5.1.3"), ("RCPT TO:<desk@abide.example> NOTIFY=NEVER", "555 5.5.4"), ("RCPT TO:<x@y.example>", "550 5.1.1"),
            ("VRFY desk", "252 2.5.2"), ("HELP", "214 2.0.0"), ("NOOP x", "250 2.0.0"), ("RSET", "250 2.0.0"), ("STARTTLS", "502 5.5.1"), ("WHAT", "500 5.5.1"),
            ("", "500 5.5.1"), ("\u{1}", "500 5.5.2"),
        ]
        for (line, code) in cases {
            #expect(dialogue.codes(sending: line + "\r\n") == [code], "\(line)")
        }
        #expect(dialogue.codes(sending: "A\r\nB\r\nNOOP\r\n") == ["500 5.5.1", "500 5.5.1", "421 4.7.0"])
        #expect(dialogue.closed)
    }

    @Test("a browser led to the port can't slip in commands")
    func foreignProtocol() {
        var dialogue = Dialogue()
        #expect(dialogue.codes(sending: "POST / HTTP/1.1\r\nHost: x\r\n\r\n" + opening + "x: y\r\n.\r\n") == ["500 5.5.1"])
        #expect(dialogue.closed)
        #expect(dialogue.messages.isEmpty)
    }

    @Test("at shutdown a waiting dialogue gets 421, one that is storing gets its answer first")
    func shutdown() {
        var session = SMTPSession(limits: SMTPLimits(), hostName: "h", peer: "p")
        var waiting = session
        let farewell = waiting.end("4.3.2", "Bye")
        #expect(farewell?.reply == Array("421 4.3.2 Bye\r\n".utf8))
        #expect(farewell?.next == .close)
        _ = session.consume(Array(opening.utf8))
        _ = session.resolve(known: true)
        _ = session.consume(Array("x: y\r\n.\r\n".utf8))
        #expect(session.end("4.3.2", "Bye") == nil)
        #expect(session.resolve(verdict: .stored).reply == Array("250 2.0.0 Stored\r\n".utf8))
    }

    @Test("RFC 3207 STARTTLS is offered, forgets what was said before, and is offered once")
    func startTLS() {
        var dialogue = Dialogue(offersTLS: true)
        #expect(dialogue.send("EHLO a.example\r\n").contains("STARTTLS"))
        #expect(dialogue.codes(sending: "MAIL FROM:<a@b.example>\r\n") == ["250 2.1.0"])
        #expect(dialogue.codes(sending: "STARTTLS now\r\n") == ["501 5.5.4"])
        #expect(dialogue.codes(sending: "STARTTLS\r\n") == ["220 2.0.0"])
        #expect(dialogue.codes(sending: "MAIL FROM:<a@b.example>\r\n") == ["503 5.5.1"])
        #expect(!dialogue.send("EHLO a.example\r\n").contains("STARTTLS"))
        #expect(dialogue.codes(sending: "STARTTLS\r\n") == ["503 5.5.1"])
        var plain = Dialogue()
        #expect(!plain.send("EHLO a.example\r\n").contains("STARTTLS"))
        #expect(plain.codes(sending: "STARTTLS\r\n") == ["502 5.5.1"])
    }

    @Test("S35 what is smuggled in behind STARTTLS is not taken for what comes under TLS")
    func injection() {
        var dialogue = Dialogue(offersTLS: true)
        _ = dialogue.send("EHLO a.example\r\n")
        #expect(dialogue.codes(sending: "STARTTLS\r\nMAIL FROM:<evil@b.example>\r\nRCPT TO:<desk@abide.example>\r\n") == ["501 5.5.4"])
        #expect(dialogue.closed)
    }
}
