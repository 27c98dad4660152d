import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import NIOCore

/// What a browser's form says: `application/x-www-form-urlencoded`, or `multipart/form-data` (RFC 7578) with files.
struct Form: Sendable {
    private(set) var fields: [(name: String, value: String)] = []
    private(set) var files: [NewAttachment] = []

    init() {}

    /// The first value of that name, as sent.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The same without white space around it; nil where nothing is left.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        var part = value[...]
        while let first = part.first, first.isWhitespace { part.removeFirst() }
        while let last = part.last, last.isWhitespace { part.removeLast() }
        return part.isEmpty ? nil : String(part)
    }

    /// All of one prefix, as `field.phone` under `field.`, by what follows it.
    func all(prefix: String) -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in fields where name.hasPrefix(prefix) { found[String(name.dropFirst(prefix.count))] = value }
        return found
    }

    mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    // MARK: Reading

    static func urlEncoded(_ text: some StringProtocol) -> Form {
        var form = Form()
        for pair in text.utf8.split(separator: UInt8(ascii: "&")).prefix(1000) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else { continue }
            form.fields.append((decode(name), parts.count > 1 ? decode(parts[1]) : ""))
        }
        return form
    }

    /// `+` is a space, `%41` a byte; a broken escape stands for itself. Browsers send line ends as CR LF: they come out as LF.
    static func decode(_ bytes: some Sequence<UInt8>) -> String {
        func hex(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 48...57: byte - 48
            case 65...70: byte - 55
            case 97...102: byte - 87
            default: nil
            }
        }
        let bytes = Array(bytes)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == UInt8(ascii: "+") { byte = 0x20 }
            else if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hex(bytes[index + 1]), let low = hex(bytes[index + 2]) {
                byte = high << 4 | low
                index += 2
            }
            out.append(byte)
            index += 1
        }
        return lines(out)
    }

    private static func lines(_ bytes: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        var afterCR = false
        for byte in bytes {
            if byte == 0x0D { out.append(0x0A) } else if byte != 0x0A || !afterCR, byte != 0 { out.append(byte) }
            afterCR = byte == 0x0D
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// - Throws: `PlainError` 400 where the parts are not as the boundary says, 413 for more text than `BodyLimit.fields`.
    static func multipart(_ body: [UInt8], boundary: String) throws -> Form {
        let broken = PlainError(400, "The form's parts could not be told apart; send it again.")
        let mark = Array("--\(boundary)".utf8)
        var form = Form()
        var textBytes = 0
        guard var at = find(mark, in: body, from: 0), at == 0 else { throw broken }
        var parts = 0
        while true {
            at += mark.count
            if at + 1 < body.count, body[at] == UInt8(ascii: "-"), body[at + 1] == UInt8(ascii: "-") { return form }
            guard at + 1 < body.count, body[at] == 0x0D, body[at + 1] == 0x0A, parts < 200,
                let headEnd = find([0x0D, 0x0A, 0x0D, 0x0A], in: body, from: at), headEnd - at < 8192,
                let end = find([0x0D, 0x0A] + mark, in: body, from: headEnd + 2)
            else { throw broken }
            parts += 1
            let head = String(decoding: body[at..<headEnd], as: UTF8.self)
            let content = body[min(headEnd + 4, end)..<end]
            at = end + 2
            var name: String?, file: String?, type = "application/octet-stream"
            for line in head.split(whereSeparator: \.isNewline) {
                let lower = line.lowercased()
                if lower.hasPrefix("content-disposition:") {
                    name = parameter("name", of: line)
                    file = parameter("filename", of: line)
                } else if lower.hasPrefix("content-type:") {
                    type = line.dropFirst(13).trimmingSpaces()
                }
            }
            guard let name else { throw broken }
            if let file {
                // An empty file field is a part without name and content.
                if !file.isEmpty { form.files.append(NewAttachment(name: file, type: type, content: Array(content))) }
            } else {
                textBytes += content.count
                guard textBytes <= BodyLimit.fields else { throw PlainError(413, "The text of this form is longer than 1 MiB.") }
                form.fields.append((name, lines(content)))
            }
        }
    }

    private static func find(_ needle: [UInt8], in hay: [UInt8], from: Int) -> Int? {
        guard let first = needle.first, from >= 0, hay.count >= needle.count else { return nil }
        return hay.withUnsafeBufferPointer { hay in
            var index = from
            let last = hay.count - needle.count
            while index <= last {
                if hay[index] == first {
                    var length = 1
                    while length < needle.count, hay[index + length] == needle[length] { length += 1 }
                    if length == needle.count { return index }
                }
                index += 1
            }
            return nil
        }
    }

    /// A quoted parameter of a header line; browsers write `"` in it as `%22`.
    static func parameter(_ name: String, of line: some StringProtocol) -> String? {
        for part in line.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmingSpaces().lowercased() == name else { continue }
            var value = pair[1].trimmingSpaces()
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 { value = String(value.dropFirst().dropLast()) }
            return value.replacing("%22", with: "\"").replacing("%0D", with: "").replacing("%0A", with: "")
        }
        return nil
    }
}

extension Web {
    /// Reads the form of a signed-in person and checks its hidden field `csrf`.
    func form(_ request: Request, _ signed: Signed) async throws -> Form {
        let form = try await unsignedForm(request)
        try checkCSRF(form["csrf"] ?? request.headers[.csrfToken], signed)
        return form
    }

    /// The same where nobody is signed in yet: only the origin is checked.
    func unsignedForm(_ request: Request) async throws -> Form {
        try requireOwnOrigin(request)
        let type = request.headers[.contentType] ?? ""
        let lower = type.lowercased()
        if lower.hasPrefix("application/x-www-form-urlencoded") {
            let body = try await request.body.collect(upTo: BodyLimit.fields)
            return Form.urlEncoded(String(buffer: body))
        }
        if lower.hasPrefix("multipart/form-data"), let boundary = Form.parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) {
            let body = try await request.body.collect(upTo: BodyLimit.form)
            return try Form.multipart(Array(buffer: body), boundary: boundary)
        }
        throw PlainError(415, "A form is sent as application/x-www-form-urlencoded or multipart/form-data.")
    }
}
