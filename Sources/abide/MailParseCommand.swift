import AbideCore
import AbideMail
import ArgumentParser
import Foundation

/// `abide mail parse`: what the desk sees in a message. Touches no store.
struct MailParse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Shows what the desk sees in a message, as one JSON object.",
        discussion: """
            Reads one message on standard input. With --lines it reads names of message files there, one a line, and prints one object a
            line, in order and at once; a file that can't be read or understood answers with "error", and the run goes on.
            Exit code 65 when standard input holds no message.
            """)

    @Flag(help: "Read file names, one a line, and print one JSON object a line.")
    var lines = false

    /// More than any message that the listener takes over.
    private static let bound = 67_108_864

    func run() async throws {
        if lines {
            while let name = readLine(strippingNewline: true) { try Self.print(Self.file(name)) }
        } else {
            let raw = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
            guard MailReader.isMail(raw) else {
                FileHandle.standardError.write(Data("Standard input holds no message: it begins with no header field.\n".utf8))
                throw ExitCode(65)
            }
            try Self.print(ParsedMail(MailReader.read(raw)))
        }
    }

    private struct Fault: Encodable {
        let error: String
    }

    private static func file(_ name: String) -> any Encodable {
        let name = name.hasSuffix("\r") ? String(name.dropLast()) : name
        guard !name.isEmpty else { return Fault(error: "empty line: expected the name of a message file") }
        do {
            let url = URL(filePath: name)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return Fault(error: "\(name): not a regular file") }
            guard try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 <= bound else { return Fault(error: "\(name): larger than \(bound) bytes") }
            let raw = [UInt8](try Data(contentsOf: url))
            guard MailReader.isMail(raw) else { return Fault(error: "\(name): no message: it begins with no header field") }
            return ParsedMail(MailReader.read(raw))
        } catch {
            return Fault(error: "\(name): can't be read")
        }
    }

    private static func print(_ value: any Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Straight to the descriptor: each line is there as soon as it is made.
        try FileHandle.standardOutput.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
    }
}

/// A read message in the shape of the doors: every key is there, `null` where there is nothing.
private struct ParsedMail: Encodable {
    private let mail: IncomingMail

    init(_ mail: IncomingMail) { self.mail = mail }

    private enum Key: String, CodingKey {
        case from, to, cc, subject, date, messageId, inReplyTo, references, text, html, reply, attachments, kind, bounce
    }

    private struct Attachment: Encodable {
        let name: String
        let type: String
        let size: Int
        let sha256: String
        let inline: Bool
    }

    private enum BounceKey: String, CodingKey { case recipient, status, action, permanent }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        // One sender or none: two, or a group, are nobody's word.
        try object.encode(mail.from.count == 1 ? mail.from.first : nil, forKey: .from)
        try object.encode(mail.to, forKey: .to)
        try object.encode(mail.cc, forKey: .cc)
        try object.encode(mail.subject, forKey: .subject)
        try object.encode(mail.date.map { Date(timeIntervalSince1970: TimeInterval($0.seconds)).formatted(.iso8601) }, forKey: .date)
        try object.encode(mail.messageID, forKey: .messageId)
        try object.encode(mail.inReplyTo, forKey: .inReplyTo)
        try object.encode(mail.references, forKey: .references)
        try object.encode(mail.text, forKey: .text)
        try object.encode(mail.html, forKey: .html)
        try object.encode(mail.reply, forKey: .reply)
        try object.encode(
            mail.attachments.map { attachment in
                Attachment(
                    name: attachment.name, type: attachment.type, size: attachment.content.count,
                    sha256: attachment.sha256, inline: attachment.inline)
            }, forKey: .attachments)
        try object.encode(mail.kind, forKey: .kind)
        guard let bounce = mail.bounce else { return }
        var report = object.nestedContainer(keyedBy: BounceKey.self, forKey: .bounce)
        try report.encode(bounce.recipient, forKey: .recipient)
        try report.encode(bounce.status, forKey: .status)
        try report.encode(bounce.action, forKey: .action)
        try report.encode(bounce.permanent, forKey: .permanent)
    }
}
