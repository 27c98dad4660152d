import AbideCore
import AbideMail
import ArgumentParser
import Foundation
import Glibc

/// How many mails of 20 KB one core reads: taken apart, decoded, sanitised, the visible reply found.
struct BenchMailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench-mail", abstract: "Measures the reading of mail.", shouldDisplay: false)

    @Option(help: "Seconds for each kind of mail.") var seconds = 2.0

    func run() async throws {
        let multipart = Self.multipart()
        let large = Self.withAttachment(of: 200_000)
        let huge = Self.withAttachment(of: 10_000_000)
        let rate = measure(multipart), largeRate = measure(large)
        // From here on: the mail itself was made in more memory than reading it takes.
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        let before = Self.mostMemory()
        let size = MailReader.read(huge).attachments.first?.content.count ?? 0
        say(
            "{\"multipart\":\(Int(rate)),\"multipartBytes\":\(multipart.count),\"largeMegabytes\":\(Int(largeRate * Double(large.count) / 1e6)),\"largeBytes\":\(large.count)"
                + ",\"attachmentBytes\":\(size),\"extraMegabytes\":\((Self.mostMemory() - before) / 1_048_576)}")
    }

    /// Messages a second of processor time: other processes on the machine take none of it.
    private func measure(_ raw: [UInt8]) -> Double {
        var count = 0
        let start = Self.processorSeconds()
        repeat {
            for _ in 0..<16 { count += MailReader.read(raw).text.isEmpty ? 0 : 1 }
        } while Self.processorSeconds() - start < seconds
        return Double(count) / (Self.processorSeconds() - start)
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The most that was resident so far, in bytes.
    private static func mostMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1_024 } ?? 0
    }

    // MARK: Mails

    private static let header = "Received: from mx.client.example by mx.abide.example; Mon, 2 Mar 2026 10:15:00 +0100\r\nFrom: =?UTF-8?Q?Anna_M=C3=BCller?= <anna@client.example>\r\nTo: desk@abide.example\r\n"
        + "Subject: =?utf-8?Q?Der_Drucker_in_Halle_3_l=C3=A4uft_nicht?=\r\nMessage-ID: <1@client.example>\r\nDate: Mon, 2 Mar 2026 10:15:00 +0100\r\nMIME-Version: 1.0\r\n"

    private static func words(_ count: Int, _ seed: Int) -> [String] {
        let words = "the printer in hall three does not start since this morning and error message shows temperature sensor unreachable please help quickly report attached log".split(separator: " ")
        return (0..<count).map { String(words[($0 * 7 + seed * 13 + $0 / 5) % words.count]) }
    }

    private static func base64(_ count: Int) -> String { Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]) }

    /// Text and HTML of some 5 KB each with a quote, an inline picture and a file: 20 KB.
    private static func multipart() -> [UInt8] {
        let lines = (0..<70).map { words(11, $0).joined(separator: " ") }.joined(separator: "\r\n")
        let paragraphs = (0..<26).map { "<p class=3D\"MsoNormal\" style=3D\"margin:0cm;font-size:11pt\">\(words(22, $0).joined(separator: " ")) <b>\($0)</b>=\r\n <a href=3D\"https://client.example/\($0)\">link</a></p>" }.joined(separator: "\r\n")
        let text = "\(header)Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: multipart/related; boundary=inner\r\n\r\n--inner\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n"
            + "--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\(lines)\r\n\r\nAm 02.03.26 um 10:15 schrieb Desk:\r\n> Is it?\r\n"
            + "--alt\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><head><style>p {color: #123}</style></head><body>\(paragraphs)<img src=3D\"cid:1\"></body></html>\r\n--alt--\r\n"
            + "--inner\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n\r\n\(base64(2_000))\r\n--inner--\r\n"
            + "--outer\r\nContent-Type: application/pdf; name=report.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\(base64(3_500))\r\n--outer--\r\n"
        return Array(text.utf8)
    }

    private static func withAttachment(of size: Int) -> [UInt8] {
        Array("\(header)Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--outer\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\(base64(size))\r\n--outer--\r\n".utf8)
    }
}
