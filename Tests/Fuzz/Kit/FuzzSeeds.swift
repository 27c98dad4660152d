import AbideDesk
import AbideTestKit
import Foundation

extension FuzzTarget {
    /// What a run begins with: good inputs, and odd ones of the shapes that the world sends.
    package var seeds: [[UInt8]] {
        switch self {
        case .mail: Self.mails.map(Self.crlf) + Self.mails.map { Array($0.utf8) }
        case .header:
            [
                "=?UTF-8?Q?Anna_M=C3=BCller?= <anna@client.example>, \"Desk, Abide\" <d@x.example>", "Team: a@x.example, b@x.example;", "text/plain; charset*=utf-8''utf-8; name*0*=iso-8859-1'en'a%E4; name*1=b",
                "attachment; filename*=UTF-8''%e2%82%ac%20.pdf", "=?iso-2022-jp?B?GyRCMGxNdw==?= =?utf-8?q?=F0=9F=94=A5?=", "<a@b.example> <c(d)e@f.example>", "Mon, 2 Mar 2026 10:15:00 +0100 (CET)", "multipart/mixed; boundary=\"a\\\"b\"",
                "\"a@b\" <c@d.example> (comment (nested))", "base64 ; x=y",
            ].map { Array($0.utf8) }
        case .html:
            [
                "<p>Hello <b>you</b></p><blockquote>quoted<br>text</blockquote><ol><li>1<li>2</ol><pre> a\n  b</pre>", "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;'>",
                "<table><tr><td>a<td>b</table><a href='java\tscript:x'>x</a><img src=cid:1><img src=https://x.example/a>", "<a><b><i><a><b><i><p><a>",
                "<title>words of a title</title><p title=\"long > words\">Dear world, this is text<table> words before <td>words in a cell</table>more &amp; words &#983040; after all<!-- words > in a comment --><textarea>words here</textarea>\u{F0000} große Wörter", "&#106;&amp;&lt;&nbsp;\u{200B}",
            ].map { Array($0.utf8) }
        case .reply:
            [
                "Yes.\n\nOn Mon, Mar 2, 2026 at 10:15 AM Desk <desk@abide.example> wrote:\n\n> Is it fixed?\n> Regards", "Yes.\n\n-- \nAnna\n", "Yes.\n\n________________________________\nVon: Desk <d@x.example>\nGesendet: Montag, 2. März 2026\nAn: Anna\nBetreff: x\n\nText",
                "a\n\n---------- Forwarded message ---------\nFrom: x\n\nb", "> a\nb\n> c\n\nVon meinem iPhone gesendet", "在 2026年3月2日，10:15，X Y <x@example.cn> 写道：\n> a",
            ].map { Array($0.utf8) }
        case .bounce:
            ["Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n such user\r\n", "Action: delayed\r\nStatus: 4.4.7\r\n\r\nFinal-Recipient: LOCAL;x\r\n"].map { Array($0.utf8) }
        case .tnef: [Self.winmail]
        case .smtp:
            [
                "\u{40}EHLO x.example\r\nMAIL FROM:<a@b.example> SIZE=100\r\nRCPT TO:<desk@abide.example>\r\nDATA\r\nSubject: x\r\n\r\n..x\r\n.\r\nQUIT\r\n", "\u{01}LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<unknown@b>\r\nDATA\r\nx: y\r\n\r\n.\r\n",
                "\u{07}EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d>\r\nDATA\r\na: b\n.\nMAIL FROM:<e@f>\r\n.\r\nRSET\r\nNOOP\r\nVRFY x\r\nSTARTTLS\r\n", "\u{20}EHLO x\r\nMAIL FROM:<\"a b\"@c> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<@r:x@y>\r\nBDAT 3 LAST\r\nabc",
            ].map { Array($0.utf8) }
        case .fields: ["Site: Plant 3\n*Version*: 4.2\n- Betriebssystem：Debian\n\nIt fails.\n\nAnna Miller\nTel. +49 (0) 89 1234-567 | Fax 1\n+1 555 010 1234\n"].map { Array($0.utf8) }
        case .search: ["Drucker brennt ABD-1042 \"exact words\" -not naïve ﬁ １２ 検索 \u{0301}x OR AND NEAR(a b) col:x *"].map { Array($0.utf8) }
        case .agreement:
            [Array(AgreementFile.standardYAML.utf8)]
                + ["name: x\nversion: 1\nprovider: {name: &a [*a], zone: Europe/Berlin}\ncalendars:\n  - name: a\n    hours: {mon-fri: \"08:00-17:00\"}\n", "a: 'b\n? [c]\n: |\n  d\n<<: *e\n"].map { Array($0.utf8) }
        case .zone:
            ["Europe/Berlin", "America/Chicago", "Australia/Lord_Howe", "Africa/Casablanca"].compactMap { try? [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\($0)"))) }
        case .clock:
            [
                #"{"id":"x1","zone":"America/Chicago","week":{"mon":[["08:00","17:00"]]},"holidays":["2026-07-03"],"exceptions":{"2026-12-24":[["08:00","12:00"]]},"suspended":[["2026-03-06T15:00:00Z","2026-03-06T16:00:00Z"]],"op":"add","start":"2026-03-06T14:00:00Z","seconds":7200}"#,
                #"{"id":7,"zone":"UTC","week":{"sun":[["00:00","24:00"]]},"op":"addDays","start":"2026-03-06T14:00:00Z","days":3,"mode":"endOfDay","nominalDay":28800}"#,
                #"{"id":"x","zone":"Asia/Kolkata","week":{},"op":"between","start":"9999-12-31T23:59:59Z","end":"0001-01-01T00:00:00Z"}"#,
            ].map { Array($0.utf8) }
        case .json: [#"{"a":[1,-2.5e-3,true,null,"\ud83d\ude00\n"],"b":{}}"#, "[[[[]]]]", "\"\u{1F525}\u{7F}\""].map { Array($0.utf8) }
        }
    }

    private static func crlf(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    private static let mails = [
        """
        Received: from a by b; Mon, 2 Mar 2026 10:15:00 +0100
        From: =?UTF-8?Q?Anna_M=C3=BCller?= <anna@client.example>
        To: "Desk, Abide" <support@abide.example>
        Subject: =?utf-8?B?RHJ1Y2tlciBicmVubnQg8J+UpQ==?=
        Message-ID: <1@client.example>
        References: <0@abide.example> <x@y>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/related; boundary=inner

        --inner
        Content-Type: multipart/alternative; boundary=alt

        --alt
        Content-Type: text/plain; charset=iso-8859-1; format=flowed
        Content-Transfer-Encoding: quoted-printable

        Der Drucker brennt, 
        gr=FC=DFe
        --alt
        Content-Type: text/html; charset=utf-8

        <p>Der Drucker <img src="cid:1"> brennt</p>
        --alt--
        --inner
        Content-Type: image/png; name="a.png"
        Content-ID: <1>
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --inner--
        --outer
        Content-Type: message/rfc822

        From: x@y.example
        Subject: inner

        text
        --outer
        Content-Type: application/octet-stream
        Content-Disposition: attachment; filename*=UTF-8''%e2%82%ac.bin
        Content-Transfer-Encoding: x-uuencode

        begin 644 a
        #86)C
        `
        end
        --outer--
        """,
        """
        From MAILER-DAEMON Mon Mar  2 10:15:00 2026
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@mx.example>
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary="B"

        --B
        Content-Type: text/plain

        <anna@client.example>: host mx.example said: 550 5.1.1 unknown user
        --B
        Content-Type: message/delivery-status

        Final-Recipient: rfc822; anna@client.example
        Action: failed
        Status: 5.1.1

        --B
        Content-Type: text/rfc822-headers

        Message-ID: <m@abide.example>
        --B--
        """,
        """
        From: a@b.example
        Subject: plain
        Content-Type: text/plain; charset=shift_jis

        Yes.

        On Mon, 2 Mar 2026 Desk <d@x.example> wrote:
        > Is it?

        -- 
        A
        """,
    ]

    private static var winmail: [UInt8] {
        func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 0xFF) } }
        func attribute(_ level: UInt8, _ id: Int, _ data: [UInt8]) -> [UInt8] { [level] + little(id, 4) + little(data.count, 4) + data + little(data.reduce(0) { $0 + Int($1) } & 0xFFFF, 2) }
        let property = little(1, 4) + little(0x1E, 2) + little(0x3707, 2) + little(1, 4) + little(6, 4) + Array("a.txt\0".utf8) + [0, 0]
        return little(0x223E_9F78, 4) + little(1, 2) + attribute(1, 0x69007, little(1252, 4) + little(0, 4)) + attribute(2, 0x69002, [0]) + attribute(2, 0x6800F, Array("hello".utf8)) + attribute(2, 0x69005, property)
    }

    /// An input made of a seed by some cuts, flips, repetitions and splices; the same for the same number.
    package func mutated(_ number: UInt64) -> [UInt8] {
        var random = Seeded(number)
        let seeds = seeds
        var bytes = random.pick(seeds)
        for _ in 0...random.below(6) {
            guard !bytes.isEmpty else { break }
            let at = random.below(bytes.count)
            let end = min(bytes.count, at + 1 + random.below(40))
            switch random.below(8) {
            case 0: bytes[at] = UInt8(random.below(256))
            case 1: bytes[at] ^= 1 << random.below(8)
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count))
            case 4: bytes.removeSubrange(at...)
            case 5: bytes.insert(contentsOf: random.pick(Self.tokens), at: at)
            case 6:
                let other = random.pick(seeds)
                let cut = random.below(other.count + 1)
                bytes.insert(contentsOf: other[cut..<min(other.count, cut + 80)], at: at)
            default: bytes.insert(contentsOf: [UInt8](repeating: bytes[at], count: random.below(300)), at: at)
            }
        }
        return bytes
    }

    private static let tokens: [[UInt8]] = ["\r", "\n", "\r\n\r\n", "\0", "--", ".\r\n", "\"", "=?utf-8?Q?", "?=", "<", ">", "&#", "\u{2028}", "\u{202E}", "(", "{", "}", "[", ":", "-1", "99999999999999999999", "é", "🔥", "\t "].map { Array($0.utf8) } + [[0xFF, 0xFE], [0xC3], [0x80]]
}
