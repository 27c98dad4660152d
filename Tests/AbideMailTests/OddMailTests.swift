import AbideCore
import AbideMail
import Foundation
import Testing

@Suite("Mail in odd shapes")
struct OddMailTests {
    @Test("senders are read as they are written", arguments: [
        ("Anna Miller a@b.example", "a@b.example", "Anna Miller"), ("Anna, Miller <a@b.example>", "a@b.example", "Anna, Miller"), ("Anna [External] <a@b.example>", "a@b.example", "Anna [External]"), ("\"Anna\" <mailto:a@b.example>", "a@b.example", "Anna"),
        ("\"Anna Miller\" <a@b.example", "a@b.example", "Anna Miller"), ("a@b.example (Anna Miller)", "a@b.example", "Anna Miller"), ("=?iso-8859-1?Q?J=F6rg_=3Cjoerg=40b.example=3E?=", "joerg@b.example", "Jörg"),
        ("=?UTF-8?B?w7xiZXI=?= =?UTF-8?B?IGFsbGVz?= <a@b.example>", "a@b.example", "über alles"), ("=?utf-8?Q?M=C3=BCller=2C_Anna?= <a@b.example>", "a@b.example", "Müller, Anna"), ("@r1.example,@r2.example:a@b.example", "a@b.example", ""),
    ])
    func senders(field: String, address: String, name: String) {
        #expect(mail("From: \(field)\n\nx\n").from == [MailAddress(address: address, name: name)])
    }

    @Test("R5 what is no one mailbox names nobody", arguments: ["Anna <a@b.example>, Bob <b@b.example>", "team: a@b.example;", "a@b.example; c@d.example", "Anna", "<>", "Anna <a b@b.example>"])
    func nobody(field: String) { #expect(mail("From: \(field)\n\nx\n").from.count != 1) }

    @Test("lines above the fields, and fields that were broken without a blank, hide no sender")
    func brokenHeader() {
        let raw = "---- Original message ----\nReceived: from a.example ([192.0.2.1])\nby b.example with ESMTP\nfor desk@abide.example;\nThu, 2 Aug 2026 16:58:16 +0200\nSubject: Broken\nFrom: anna@client.example\n\nIt fails.\n"
        #expect(MailReader.isMail(Array(raw.utf8)))
        #expect(mail(raw).from.map(\.address) == ["anna@client.example"])
        #expect(mail(raw).subject == "Broken")
        #expect(mail(raw).text == "It fails.")
        // What the person wrote is no header: the sender is known, or names no address, or comes behind an empty line.
        #expect(mail("From: anna@client.example\nIt fails.\nFrom: bob@client.example\n\nBye").text == "It fails.\nFrom: bob@client.example\n\nBye")
        #expect(mail("Subject: x\nIt fails.\nFrom: here on\n\nBye").text == "It fails.\nFrom: here on\n\nBye")
        #expect(!MailReader.isMail(Array("It fails.\n\nFrom: anna@client.example\n\nBye".utf8)))
    }

    @Test("words of headers, whatever program coded them", arguments: [
        ("=?utf-8?Q?M=C3?= =?utf-8?Q?=BCller?=", "Müller"), ("=?UTF-8?B?8J+OiQ?=", "🎉"), ("=?utf-8?Q?=DCber?=", "Über"), ("=?utf-8?Q?a b c?=", "a b c"), ("=?utf-8?Q?what?_is=3F?=", "what? is?"), ("=?us-ascii?Q?=C3=BCber?=", "über"),
        ("=?shift_jis?B?k/qWe4dA?=", "日本①"), ("x =?= y", "x =?= y"), ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="), ("a =?utf-8?Q?b?= c", "a b c"),
    ])
    func words(field: String, text: String) { #expect(mail("From: a@b.example\nSubject: \(field)\n\nx\n").subject == text) }

    @Test("raw words in the charset that the message names elsewhere are read by it")
    func rawWords() {
        let raw: [UInt8] = Array("From: a@b.example\r\nSubject: ".utf8) + [0xB2, 0xE2, 0xCA, 0xD4] + Array("\r\nContent-Type: text/plain; charset=gb2312\r\n\r\nx\r\n".utf8)
        #expect(MailReader.read(raw).subject == "测试")
    }

    @Test("a multipart that forgets its boundary, or names another, is still taken apart", arguments: ["", "; boundary=\"other\""])
    func boundary(parameter: String) {
        let read = mail("From: a@b.example\nContent-Type: multipart/mixed\(parameter)\n\n--real\nContent-Type: text/plain\n\nHello\n--real\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nQUJD\n--real--\n")
        #expect(read.text == "Hello")
        #expect(read.attachments.map(\.name) == ["a.pdf"])
    }

    @Test("text of another charset under the label UTF-8 is read, broken UTF-8 is mended")
    func labels() {
        let head = Array("From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n".utf8)
        #expect(MailReader.read(head + [0x47, 0x72, 0xFC, 0xDF, 0x65]).text == "Grüße")
        #expect(MailReader.read(head + Array("Grüße ".utf8) + [0xC3]).text == "Grüße \u{FFFD}")
    }

    @Test("winmail.dat: the files in it stand beside it, and its text where the mail has none")
    func tnef() throws {
        func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func attribute(_ level: Int, _ id: Int, _ data: [UInt8]) -> [UInt8] { number(level, 1) + number(id, 4) + number(data.count, 4) + data + number(data.reduce(0) { $0 + Int($1) }, 2) }
        let longName = Array("report 2026.pdf\0".utf8)
        let properties = number(1, 4) + number(0x1E, 2) + number(0x3707, 2) + number(1, 4) + number(longName.count, 4) + longName
        let whole = number(0x223E_9F78, 4) + number(1, 2) + attribute(1, 0x0002_800C, Array("The text\0".utf8)) + attribute(2, 0x0006_9002, [0]) + attribute(2, 0x0001_8010, Array("REPORT~1.PDF\0".utf8))
            + attribute(2, 0x0006_800F, Array("ABC".utf8)) + attribute(2, 0x0006_9005, properties)
        func read(_ bytes: [UInt8]) -> IncomingMail {
            mail("From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n\n--B\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n\(Data(bytes).base64EncodedString())\n--B--\n")
        }
        let found = read(whole)
        #expect(found.attachments.map(\.name) == ["winmail.dat", "report 2026.pdf"])
        #expect(found.attachments.last?.content == Array("ABC".utf8))
        #expect(found.attachments.last?.type == "application/pdf")
        #expect(found.text == "The text")
        // S28: cut anywhere and with lengths that lie, it is read without a crash.
        for end in whole.indices { _ = read(Array(whole[..<end])) }
        for at in whole.indices {
            var damaged = whole
            damaged[at] = 0xFF
            _ = read(damaged)
        }
    }

    @Test("S28 eight megabytes of lines that look like boundaries, in a thousand multiparts, take no time", .timeLimit(.minutes(1)))
    func boundaries() {
        var raw = Array("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n".utf8)
        for level in 0..<1_000 { raw += Array("--b\(level)\r\nContent-Type: multipart/mixed; boundary=b\(level + 1)\r\n\r\n".utf8) }
        for _ in 0..<2_000_000 { raw += [45, 45, 13, 10] }
        let start = ContinuousClock.now
        _ = MailReader.read(raw)
        // A debug build, on a machine that does other things too.
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("S28 lists of addresses that name none take no time", .timeLimit(.minutes(1)), arguments: ["a,", "a@,", "\"", "((", "<", "a@b.example,", "a:b;,"])
    func addresses(piece: String) {
        let raw = Array("From: a@b.example\r\nTo: \(String(repeating: piece, count: 60_000 / piece.utf8.count))\r\n\r\nx".utf8)
        let start = ContinuousClock.now
        _ = MailReader.read(raw)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
