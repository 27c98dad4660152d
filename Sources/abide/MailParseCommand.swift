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
            try Self.print(ParsedMail(MailReader.read(raw)).json)
        }
    }

    private static func file(_ name: String) -> [UInt8] {
        let name = name.hasSuffix("\r") ? String(name.dropLast()) : name
        guard !name.isEmpty else { return fault("empty line: expected the name of a message file") }
        do {
            let url = URL(filePath: name)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return fault("\(name): not a regular file") }
            guard try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 <= bound else { return fault("\(name): larger than \(bound) bytes") }
            let raw = [UInt8](try Data(contentsOf: url))
            guard MailReader.isMail(raw) else { return fault("\(name): no message: it begins with no header field") }
            return ParsedMail(MailReader.read(raw)).json
        } catch {
            return fault("\(name): can't be read")
        }
    }

    private static func fault(_ text: String) -> [UInt8] { Array("{\"error\":\(JSONText.quoted(text))}".utf8) }

    private static func print(_ value: [UInt8]) throws {
        // Straight to the descriptor: each line is there as soon as it is made.
        try FileHandle.standardOutput.write(contentsOf: Data(value + [10]))
    }
}

/// A read message in the shape of the doors, as JSON: every key is there, `null` where there is nothing.
struct ParsedMail {
    private(set) var json: [UInt8] = []

    init(_ mail: IncomingMail) {
        json.reserveCapacity(2 * (mail.text.utf8.count + (mail.html?.utf8.count ?? 0)) + 1_024)
        begin("attachments")
        list(mail.attachments) { json, attachment in
            json.object([
                ("inline", .bool(attachment.inline)), ("name", .text(attachment.name)), ("sha256", .text(attachment.sha256)), ("size", .number(attachment.content.count)), ("type", .text(attachment.type)),
            ])
        }
        if let bounce = mail.bounce {
            begin("bounce")
            object([("action", .text(bounce.action)), ("permanent", .bool(bounce.permanent)), ("recipient", .text(bounce.recipient)), ("status", .text(bounce.status))])
        }
        begin("cc")
        list(mail.cc) { $0.address($1) }
        field("date", .text(mail.date.map { Date(timeIntervalSince1970: TimeInterval($0.seconds)).formatted(.iso8601) }))
        begin("from")
        // One sender or none: two, or a group, are nobody's word.
        if mail.from.count == 1 { address(mail.from[0]) } else { add("null") }
        field("html", .text(mail.html))
        field("inReplyTo", .text(mail.inReplyTo))
        field("kind", .text(mail.kind.rawValue))
        field("messageId", .text(mail.messageID))
        begin("references")
        list(mail.references) { $0.write(.text($1)) }
        field("reply", .text(mail.reply))
        field("subject", .text(mail.subject))
        field("text", .text(mail.text))
        begin("to")
        list(mail.to) { $0.address($1) }
        json.append(125)
    }

    private enum Value { case text(String?), number(Int), bool(Bool) }

    private mutating func add(_ text: String) { json.append(contentsOf: text.utf8) }

    private mutating func begin(_ key: String) {
        add(json.isEmpty ? "{\"" : ",\"")
        add(key)
        add("\":")
    }

    private mutating func field(_ key: String, _ value: Value) {
        begin(key)
        write(value)
    }

    private mutating func list<Element>(_ elements: [Element], _ body: (inout ParsedMail, Element) -> Void) {
        json.append(91)
        for (index, element) in elements.enumerated() {
            if index > 0 { json.append(44) }
            body(&self, element)
        }
        json.append(93)
    }

    private mutating func address(_ address: MailAddress) { object([("address", .text(address.address)), ("name", .text(address.name))]) }

    private mutating func object(_ fields: [(String, Value)]) {
        for (index, (key, value)) in fields.enumerated() {
            add(index == 0 ? "{\"" : ",\"")
            add(key)
            add("\":")
            write(value)
        }
        json.append(125)
    }

    private mutating func write(_ value: Value) {
        switch value {
        case .number(let number): add(String(number))
        case .bool(let bool): add(bool ? "true" : "false")
        case .text(nil): add("null")
        case .text(let text?):
            json.append(34)
            var text = text
            text.withUTF8 { bytes in
                var written = 0
                for (at, byte) in bytes.enumerated() where byte < 32 || byte == 34 || byte == 92 {
                    json.append(contentsOf: bytes[written..<at])
                    written = at + 1
                    switch byte {
                    case 34: add("\\\"")
                    case 92: add("\\\\")
                    case 10: add("\\n")
                    case 13: add("\\r")
                    case 9: add("\\t")
                    default: add("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
                    }
                }
                json.append(contentsOf: bytes[written...])
            }
            json.append(34)
        }
    }
}
