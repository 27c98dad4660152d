import AbideCore
@testable import AbideMail
import Testing

/// A message from a literal, with the line ends of the wire.
func mail(_ text: String) -> IncomingMail { MailReader.read(Array(text.replacing("\n", with: "\r\n").utf8)) }

@Suite("Reading mail")
struct ReadingTests {
    static let multipart = """
        Received: from a
        \tby b
        Received: from c
        From: =?UTF-8?Q?Anna_M=C3=BCller?= <Anna@CLIENT.Example>
        To: "Desk, Abide" <support@abide.example>, other@client.example
        Cc: Team: x@client.example, y@client.example;
        Subject: =?utf-8?B?RHJ1Y2tlciBicmVubnQg8J+UpQ==?=
         and =?iso-8859-1?Q?gr=FC=DFt?=
        Date: Mon, 2 Mar 2026 09:15:30 +0100
        Message-ID: <one@client.example>
        In-Reply-To: <zero@abide.example>
        References: <minus@abide.example>
         <zero@abide.example>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        preamble
        --outer
        Content-Type: multipart/related; boundary=inner

        --inner
        Content-Type: multipart/alternative; boundary=alt

        --alt
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        Gr=FC=DFe=
         aus K=F6ln
        --alt
        Content-Type: text/html; charset=utf-8

        <p>Grüße <b>aus</b> Köln <img src="cid:pic@x"></p>
        --alt--

        --inner
        Content-Type: image/png; name=pic.png
        Content-ID: <pic@x>
        Content-Transfer-Encoding: base64

        iVBORw==
        --inner--
        --outer
        Content-Type: application/octet-stream
        Content-Disposition: attachment;
         filename*0*=UTF-8''%E2%82%AC%20rech;
         filename*1*=nung.pdf
        Content-Transfer-Encoding: base64

        AAEC
        --outer
        Content-Type: message/rfc822

        Subject: inner
        Message-ID: <inner@x>

        text of it
        --outer--
        epilogue
        """

    @Test("addresses, words, text and attachments of a full message")
    func full() {
        let read = mail(Self.multipart)
        #expect(read.from == [MailAddress(address: "Anna@client.example", name: "Anna Müller")])
        #expect(read.to == [MailAddress(address: "support@abide.example", name: "Desk, Abide"), MailAddress(address: "other@client.example")])
        #expect(read.subject == "Drucker brennt 🔥 and grüßt")
        #expect(read.date == Instant(1_772_439_330))
        #expect(read.messageID == "one@client.example")
        #expect(read.inReplyTo == "zero@abide.example")
        #expect(read.references == ["minus@abide.example", "zero@abide.example"])
        #expect(read.hops == 2)
        #expect(read.text == "Grüße aus Köln")
        #expect(read.html == #"<p>Grüße <b>aus</b> Köln <img data-cid="pic@x"></p>"#)
        #expect(read.attachments.map(\.name) == ["pic.png", "€ rechnung.pdf", "inner.eml"])
        #expect(read.attachments.map(\.type) == ["image/png", "application/octet-stream", "message/rfc822"])
        #expect(read.attachments.map(\.inline) == [true, false, false])
        #expect(read.attachments[0].contentID == "pic@x")
        #expect(read.attachments[1].content == [0, 1, 2])
        #expect(String(decoding: read.attachments[2].content, as: UTF8.self) == "Subject: inner\r\nMessage-ID: <inner@x>\r\n\r\ntext of it")
        #expect(read.kind == .message)
        #expect(!read.forbidsAutomaticAnswer)
    }

    @Test("a content type in plain form reads as the library reads it")
    func contentTypes() {
        var random = SystemRandomNumberGenerator()
        let pieces = ["text/plain", "TEXT/Html", "multipart/mixed", "application/x-y+json", "text", "/", "; ", ";", " ", "charset=utf-8", "charset=\"utf-8\"", "boundary=\"----=_Part 1\"", "boundary=a.b", "name=\"a;b.pdf\"",
            "name=x", "format=flowed", "delsp=yes", "=", "\"", "\\", "name*=utf-8''x", "name*0=a", "=?utf-8?q?x?=", "(c)", "ü", "\t", "report-type=delivery-status", "NAME=Z", "\r\n "]
        var plain = 0
        for _ in 0..<20_000 {
            let value = (["text/plain", "multipart/report", ""].randomElement(using: &random) ?? "") + (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: [";", "; ", ""].randomElement(using: &random) ?? "")
            guard let own = GMimeValues.plainContentType(value) else { continue }
            plain += 1
            #expect(own == GMimeValues.libraryContentType(value), "\(value)")
        }
        #expect(plain > 500)
    }

    @Test("P18 any piece of a message is read without a crash, with any line ends")
    func prefixes() {
        for message in [Self.multipart, BounceTests.report, ReadingTests.flowed] {
            for ends in ["\r\n", "\n", "\r"] {
                let bytes = Array(message.replacing("\n", with: ends).utf8)
                for count in stride(from: 0, to: bytes.count, by: ends == "\r\n" ? 1 : 7) {
                    _ = MailReader.read(Array(bytes[..<count]))
                    _ = MailReader.read(Array(bytes[count...]))
                }
            }
        }
        #expect(mail("").from.isEmpty)
        #expect(MailReader.read(Array(Self.multipart.utf8)).text == "Grüße aus Köln")
    }

    @Test("P18 random damage is read without a crash")
    func damage() {
        var random = SystemRandomNumberGenerator()
        var state: UInt64 = random.next()
        let seed = state
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<300 {
            var bytes = Array((next(2) == 0 ? Self.multipart : BounceTests.report).utf8)
            for _ in 0..<(1 + next(20)) { bytes[next(bytes.count)] = UInt8(next(256)) }
            let read = MailReader.read(bytes)
            #expect(read.subject.unicodeScalars.allSatisfy { $0.value >= 32 }, "seed \(seed)")
        }
    }

    static let flowed = """
        From: a@b.example
        Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes

        > quoted \n> text
        This line \nflows \non.
         From the start

        --\u{20}
        Anna
        """

    @Test("RFC 3676 flowed lines are joined, space-stuffing is off")
    func flowedText() {
        #expect(mail(Self.flowed).text == "> quotedtext\nThis lineflowson.\nFrom the start\n\n-- \nAnna")
    }

    @Test("charsets: wrong and missing labels are read as what they are", arguments: [
        ("utf-8", [0xC3, 0xBC], "ü"), ("us-ascii", [0xC3, 0xBC], "ü"), ("us-ascii", [0xFC], "ü"), ("iso-8859-1", [0x80], "€"), ("windows-1251", [0xCF], "П"),
        ("gb2312", [0xC4, 0xE3], "你"), ("shift_jis", [0x82, 0xA0], "あ"), ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ"),
        ("iso-8859-1", [0xC3, 0xBC], "ü"), ("iso-8859-15", [0xA4], "€"), ("iso-2022-jp", Array("カテ".utf8), "カテ"), ("iso-2022-jp", [0x82, 0xA0], "あ"),
        ("nonsense", [0xC3, 0xBC], "ü"), ("koi8-r", [0xF0], "П"), ("utf-8", [0x61, 0xFF, 0x62], "aÿb"), ("utf-7", Array("+AGE-b".utf8), "ab"),
    ] as [(String, [UInt8], String)])
    func charsets(label: String, bytes: [UInt8], text: String) {
        let raw = Array("From: a@b.example\r\nContent-Type: text/plain; charset=\(label)\r\n\r\n".utf8) + bytes
        #expect(MailReader.read(raw).text == text)
    }

    @Test("R6 fields by which the desk speaks to itself mean nothing in a mail from outside")
    func internalFields() {
        let plain = mail("From: a@b.example\nSubject: x\n\nText\n")
        let claiming = mail("X-Abide-Ticket: ABD-1\nX-Abide-Milestone: logged\nX-Abide-Verdict: pass\nFrom: a@b.example\nSubject: x\n\nText\n")
        #expect(claiming.traceFields.isEmpty)
        #expect("\(claiming)" == "\(plain)")
    }

    @Test("8-bit header fields without encoding are read")
    func rawHeader() {
        #expect(mail("Subject: Grüße\nFrom: Zoë <z@b.example>\n\n").subject == "Grüße")
        #expect(mail("Subject: Grüße\nFrom: Zoë <z@b.example>\n\n").from.first?.name == "Zoë")
        #expect(MailReader.read(Array("Subject: Gr".utf8) + [0xFC] + Array("n\r\n\r\n".utf8)).subject == "Grün")
    }

    @Test("R5 two senders or a group are never one sender", arguments: [
        "a@b.example, c@d.example", "Friends: a@b.example;", "a@b.example\nFrom: c@d.example", "", "undisclosed",
    ])
    func unverifiedSender(from: String) {
        #expect(mail("From: \(from)\n\nx").from.count != 1)
    }

    @Test("S13 header words can't carry line ends, controls or turned text")
    func oneLine() {
        let read = mail("Subject: =?utf-8?Q?a=0D=0ABcc:_x=00y=E2=80=AEz?=\nFrom: =?utf-8?Q?A=0AB?= <a@b.example>\n\n")
        #expect(read.subject == "a Bcc: x yz")
        #expect(read.from.first?.name == "A B")
    }

    @Test("S17 names of attachments are the last component, visible as they are", arguments: [
        ("../../etc/passwd", "passwd"), ("C:\\\\temp\\\\x.exe", "x.exe"), ("a\u{202E}fdp.exe", "afdp.exe"), ("\u{200B}.htaccess", ".htaccess"), ("..", "attachment"),
    ])
    func names(given: String, expected: String) {
        let read = mail("""
            From: a@b.example
            Content-Type: multipart/mixed; boundary=x

            --x

            text
            --x
            Content-Type: application/x
            Content-Disposition: attachment; filename="\(given)"

            1
            --x--
            """)
        #expect(read.attachments.map(\.name) == [expected])
    }

    @Test("S28 S29 bombs are read in linear time: parts, depth, headers, addresses", .timeLimit(.minutes(1)))
    func bombs() {
        var deep = "From: a@b.example\r\n"
        for level in 0..<2_000 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n" }
        _ = MailReader.read(Array(deep.utf8))
        let wide = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + String(repeating: "--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n", count: 10_000)
        #expect(MailReader.read(Array(wide.utf8)).attachments.count < 1_001)
        let nested = String(repeating: "Content-Type: message/rfc822\r\n\r\n", count: 10_000)
        #expect(MailReader.read(Array(nested.utf8)).attachments.count == 1)
        let header = "Subject: x\r\n" + String(repeating: "X: y\r\n", count: 200_000) + "From: a@b.example\r\n\r\nx"
        #expect(MailReader.read(Array(header.utf8)).subject == "x")
        let many = "To: " + String(repeating: "a@b.example,", count: 100_000) + "\r\n\r\nx"
        #expect(MailReader.read(Array(many.utf8)).to.count <= 1_000)
        let quotes = "From: " + String(repeating: "\"(<", count: 30_000) + "\r\n\r\nx"
        _ = MailReader.read(Array(quotes.utf8))
        for html in [
            String(repeating: "<div>", count: 200_000), String(repeating: "<b x=1>", count: 5_000) + String(repeating: "<p>x", count: 50_000),
            "<a " + String(repeating: "b ", count: 300_000) + ">", String(repeating: "<", count: 500_000), String(repeating: "<table><tr><td>", count: 10_000),
            String(repeating: "<!--", count: 100_000), String(repeating: "&", count: 300_000), "<div a='" + String(repeating: "x", count: 500_000),
        ] {
            _ = MailReader.read(Array("Content-Type: text/html\r\n\r\n\(html)".utf8))
        }
    }

    @Test("pieces of a body stay in their order, in text and HTML alike; a type that is none is text")
    func pieces() {
        let read = mail("""
            From: a@b.example
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/html

            <p>One &lt; two</p>
            --x
            Content-Type: text/plain

            A list's <footer>
            --x
            Content-Type: text

            more
            --x--
            """)
        #expect(read.text == "One < two\nA list's <footer>\nmore")
        #expect(read.html == "<p>One &lt; two</p>\n<div>A list&#39;s &lt;footer&gt;<br></div>\n<div>more<br></div>")
    }

    @Test("HTML alone gives text with quotes marked, and the reply without them")
    func htmlText() {
        let read = mail("""
            From: a@b.example
            Content-Type: text/html; charset=utf-8

            <html><head><title>t</title><style>p{}</style></head><body><p>Hello&nbsp;desk,</p><div>it is <b>still</b>
              broken.<br>See:</div><ul><li>one<li>two</ul><ol><li>first</li></ol><table><tr><td>a<td>b</tr><tr><td>c</table>
            <div class="gmail_quote">On Mon, 2 Mar 2026 at 10:00, Desk &lt;d@x.example&gt; wrote:<br><blockquote><p>Old text</p></blockquote></div></body></html>
            """)
        #expect(read.text == """
            Hello desk,

            it is still broken.
            See:

            - one
            - two

            1. first

            a b
            c

            On Mon, 2 Mar 2026 at 10:00, Desk <d@x.example> wrote:

            > Old text
            """)
        #expect(read.reply == "Hello desk,\n\nit is still broken.\nSee:\n\n- one\n- two\n\n1. first\n\na b\nc")
    }
}
