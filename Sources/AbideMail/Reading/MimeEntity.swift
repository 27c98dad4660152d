/// A message or part (RFC 2045) as places in the raw bytes, so that an attached message comes out exactly as it went in.
///
/// The structure is taken apart here and not by GMime because its depth, its number of parts and the size of its headers are the
/// sender's choice: every walk below is bounded (S28, S29) and nothing is kept per byte.
struct MimeEntity {
    enum Bound {
        static let depth = 50
        static let parts = 1_000
        /// Fields and bytes of one header that are looked at.
        static let fields = 1_000
        static let header = 262_144
    }

    struct Field {
        /// Lower-cased.
        var name: String
        /// Unfolded; 8-bit bytes that are not UTF-8 read as Windows-1252.
        var value: String
    }

    private(set) var fields: [Field] = []
    private(set) var type = GMimeValues.contentType("text/plain")
    private(set) var disposition: GMimeValues.Parameterised?
    private(set) var encoding = ""
    /// Where the body lies in the message.
    private(set) var body: Range<Int>
    /// Of a multipart.
    private(set) var children: [MimeEntity] = []

    func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    func all(_ name: String) -> [String] { fields.lazy.filter { $0.name == name }.map(\.value) }

    var isMultipart: Bool { !children.isEmpty }

    /// - Parameter raw: a whole message.
    init(_ raw: [UInt8]) {
        var parts = 0
        self = raw.withUnsafeBufferPointer { bytes in
            var start = 0
            // Empty lines and the envelope line of a mailbox file may stand before the header.
            while start < bytes.count, bytes[start] == CR || bytes[start] == LF { start += 1 }
            if bytes.count - start > 5, bytes[start..<start + 5].elementsEqual("From ".utf8) { start = Self.lineEnd(bytes, start, bytes.count) }
            return MimeEntity(bytes, start..<bytes.count, depth: 0, parts: &parts, digest: false)
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, depth: Int, parts: inout Int, digest: Bool) {
        parts += 1
        body = range
        readHeader(bytes, range)
        // RFC 2045 5.2: what is no type at all is plain text.
        if let value = first("content-type"), value.prefix(while: { $0 != ";" }).contains("/") {
            type = GMimeValues.contentType(value)
        } else if digest {
            type = GMimeValues.contentType("message/rfc822")
        }
        disposition = first("content-disposition").map { GMimeValues.disposition($0) }
        encoding = OneLine.of(first("content-transfer-encoding") ?? "").split(whereSeparator: { $0 == ";" || $0 == " " }).first.map(String.init) ?? ""
        guard type.value.hasPrefix("multipart/"), depth < Bound.depth, let boundary = type["boundary"], !boundary.isEmpty, boundary.utf8.count <= 200 else { return }
        for range in Self.split(bytes, body, boundary: Array(boundary.utf8)) {
            guard parts < Bound.parts else { break }
            children.append(MimeEntity(bytes, range, depth: depth + 1, parts: &parts, digest: type.value == "multipart/digest"))
        }
    }

    private mutating func readHeader(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var at = range.lowerBound
        while at < range.upperBound {
            let end = Self.lineEnd(bytes, at, range.upperBound)
            if Self.contentEnd(bytes, at, end) == at {
                body = end..<range.upperBound
                return
            }
            // A line that is no field ends the header without an empty line between.
            guard let colon = Self.colon(bytes, at, end) else { break }
            var fieldEnd = end
            while fieldEnd < range.upperBound, bytes[fieldEnd] == 32 || bytes[fieldEnd] == 9, Self.contentEnd(bytes, fieldEnd, Self.lineEnd(bytes, fieldEnd, range.upperBound)) > fieldEnd {
                fieldEnd = Self.lineEnd(bytes, fieldEnd, range.upperBound)
            }
            if fields.count < Bound.fields, at - range.lowerBound < Bound.header {
                let name = String(decoding: bytes[at..<colon], as: UTF8.self).lowercased()
                let value = bytes[colon + 1..<min(fieldEnd, colon + 1 + 65_536)].filter { $0 != CR && $0 != LF && $0 != 0 }
                fields.append(Field(name: name.filter { $0 != " " && $0 != "\t" }, value: GMimeValues.string(Array(value.drop { $0 == 32 || $0 == 9 }), charset: nil)))
            }
            at = fieldEnd
        }
        body = at..<range.upperBound
    }

    /// The places of the parts between boundary lines; the CRLF before a boundary belongs to it (RFC 2046 5.1.1).
    private static func split(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, boundary: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        var at = range.lowerBound
        while at < range.upperBound {
            let end = lineEnd(bytes, at, range.upperBound)
            if bytes[at] == 45, at + 2 + boundary.count <= end, bytes[at + 1] == 45, bytes[at + 2..<at + 2 + boundary.count].elementsEqual(boundary) {
                let rest = bytes[at + 2 + boundary.count..<contentEnd(bytes, at, end)]
                let last = rest.starts(with: [45, 45])
                if last || rest.allSatisfy({ $0 == 32 || $0 == 9 }) {
                    if let start { ranges.append(start..<max(start, beforeLineEnd(bytes, at, start))) }
                    start = last ? nil : end
                    if last || ranges.count >= Bound.parts { return ranges }
                }
            }
            at = end
        }
        if let start { ranges.append(start..<range.upperBound) }
        return ranges
    }

    /// Behind the LF (or the lone CR) that ends the line at `at`.
    private static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int) -> Int {
        var end = at
        while end < limit, bytes[end] != LF { end += 1 }
        return min(end + 1, limit)
    }

    /// Where the text of a line ends, without its CR and LF.
    private static func contentEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        var end = end
        if end > at, bytes[end - 1] == LF { end -= 1 }
        if end > at, bytes[end - 1] == CR { end -= 1 }
        return end
    }

    private static func beforeLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ start: Int) -> Int {
        contentEnd(bytes, start, at)
    }

    private static func colon(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ end: Int) -> Int? {
        var index = at
        while index < end, index - at < 256 {
            switch bytes[index] {
            case 58: return index > at ? index : nil
            case 33...126: index += 1
            // Space is allowed before the colon by the obsolete form alone.
            case 32, 9:
                let rest = bytes[index..<min(end, index + 16)].first { $0 != 32 && $0 != 9 }
                guard rest == 58, index > at else { return nil }
                index += 1
            default: return nil
            }
        }
        return nil
    }
}
