/// A JSON text (RFC 8259), read strictly: no key twice in an object, nothing after the value, nesting bounded.
/// Numbers stay as written, so that `1.0` and `1` can be told apart and long ones lose nothing.
package indirect enum JSONText: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONText])
    case object([String: JSONText])

    package struct Fault: Error, Equatable {
        package var description: String
        /// Bytes before the fault.
        package var position: Int
    }

    package init(parsing bytes: some Collection<UInt8>) throws(Fault) {
        var reader = JSONReader(bytes: Array(bytes))
        self = try reader.whole()
    }

    /// `text` as a JSON string, with its quotes.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private static let deepest = 32

    private func fault(_ text: String) -> JSONText.Fault { JSONText.Fault(description: text, position: position) }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func space() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func whole() throws(JSONText.Fault) -> JSONText {
        let value = try value()
        space()
        guard position == bytes.count else { throw fault("something follows the value") }
        return value
    }

    private mutating func value() throws(JSONText.Fault) -> JSONText {
        space()
        guard let byte = peek else { throw fault("the text ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONText.Fault) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONText.Fault) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        default:
            for (word, value) in [("true", JSONText.bool(true)), ("false", .bool(false)), ("null", .null)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw fault("no value begins like this")
        }
    }

    private mutating func nested(_ read: (inout JSONReader) throws(JSONText.Fault) -> JSONText) throws(JSONText.Fault) -> JSONText {
        guard depth < JSONReader.deepest else { throw fault("it is nested too deeply") }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONText.Fault) -> JSONText {
        var members: [String: JSONText] = [:]
        space()
        if take("}") { return .object(members) }
        while true {
            space()
            guard peek == UInt8(ascii: "\"") else { throw fault("a key in quotes is missing") }
            let key = try string()
            space()
            guard take(":") else { throw fault("a colon is missing") }
            guard members.updateValue(try value(), forKey: key) == nil else { throw fault("the key \(key) stands twice") }
            space()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma or closing brace is missing") }
        }
    }

    private mutating func array() throws(JSONText.Fault) -> JSONText {
        var elements: [JSONText] = []
        space()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            space()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("a comma or closing bracket is missing") }
        }
    }

    private mutating func number() throws(JSONText.Fault) -> String {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONText.Fault) {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw fault("a digit is missing") }
    }

    private mutating func string() throws(JSONText.Fault) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        // Nearly all strings have no escape and are taken as they are.
        if peek == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position])
        }
        var result = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(result[...])
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20: throw fault("a control character in a string is not escaped")
            default: result.append(byte)
            }
        }
        throw fault("a string has no end")
    }

    private func text(_ utf8: ArraySlice<UInt8>) throws(JSONText.Fault) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("a string is not UTF-8") }
        return text
    }

    private mutating func escape(into result: inout [UInt8]) throws(JSONText.Fault) {
        guard let byte = peek else { throw fault("a string has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
                let low = try unit()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair is missing") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair is missing") }
            result.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("there is no such escape")
        }
    }

    private mutating func unit() throws(JSONText.Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw fault("a string has no end") }
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte & 0xDF) - 0x37)
            default: throw fault("an escape needs four hexadecimal digits")
            }
            position += 1
        }
        return value
    }
}
