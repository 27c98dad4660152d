import AbideCore

/// Writes JSON (RFC 8259) as bytes, in the order in which it is told. By hand, since reflection costs more than the store does
/// on a list of tickets.
struct JSON: Sendable {
    fileprivate(set) var bytes: [UInt8] = []

    init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }
    /// What is JSON already.
    init(raw text: String) { bytes = Array(text.utf8) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func open() { bytes.append(UInt8(ascii: "{")) }
    mutating func close() { bytes.append(UInt8(ascii: "}")) }
    mutating func openList() { bytes.append(UInt8(ascii: "[")) }
    mutating func closeList() { bytes.append(UInt8(ascii: "]")) }

    /// Before each element of a list.
    mutating func next() {
        // What was just opened has nothing to part from; no value ends in these.
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
    }

    /// A name in our own words, which needs no escape.
    mutating func key(_ name: StaticString) {
        next()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func key(name: String) {
        next()
        value(name)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func null() { bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C]) }
    mutating func value(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }
    mutating func value(_ number: Int64) { HTML.append(number, into: &bytes) }

    /// Escaped; `<` too, so that a reply which somebody pastes into a page stays text.
    mutating func value(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            var start = 0
            for index in 0..<utf8.count {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "<") || byte == 0x7F else { continue }
                bytes.append(contentsOf: utf8[start..<index])
                start = index + 1
                switch byte {
                case UInt8(ascii: "\""): bytes.append(contentsOf: [0x5C, 0x22])
                case UInt8(ascii: "\\"): bytes.append(contentsOf: [0x5C, 0x5C])
                case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
                case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
                case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
                default:
                    let digits = Array("0123456789abcdef".utf8)
                    bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                }
            }
            bytes.append(contentsOf: utf8[start..<utf8.count])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func value(_ instant: Instant) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: instant.rfc3339.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func put(_ name: StaticString, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    mutating func put(_ name: StaticString, _ number: Int64?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    mutating func put(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    mutating func put(_ name: StaticString, _ instant: Instant?) {
        key(name)
        if let instant { value(instant) } else { null() }
    }

    mutating func put(_ name: StaticString, _ texts: [String]) {
        key(name)
        openList()
        for text in texts {
            next()
            value(text)
        }
        closeList()
    }

    mutating func put(name: String, _ text: String) {
        key(name: name)
        value(text)
    }

    /// An object whose values are texts, by name.
    mutating func put(_ name: StaticString, _ texts: [String: String]) {
        key(name)
        open()
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) { put(name: name, text) }
        close()
    }
}

extension JSON {
    mutating func put(name: String, _ number: Int64) {
        key(name: name)
        value(number)
    }

    /// JSON that was written elsewhere.
    mutating func raw(_ json: String) { bytes.append(contentsOf: json.utf8) }
}
