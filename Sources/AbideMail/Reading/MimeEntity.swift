/// A message or part (RFC 2045) as places in the raw bytes, so that an attached message comes out exactly as it went in.
///
/// The structure is taken apart here and not by GMime because its depth, its number of parts and the size of its headers are the
/// sender's choice: the walk goes over each line once, is bounded in all of these (S28, S29) and keeps nothing per byte.
struct MimeEntity {
    enum Bound {
        static let depth = 50
        static let parts = 1_000
        /// Fields and bytes of one header that are looked at.
        static let fields = 1_000
        static let header = 262_144
    }

    private(set) var fields: [MimeField] = []
    private(set) var type = GMimeValues.Parameterised.plain
    private(set) var disposition: GMimeValues.Parameterised?
    private(set) var encoding = ""
    /// Where the body lies in the message.
    private(set) var body: Range<Int>
    /// Of a multipart.
    private(set) var children: [MimeEntity] = []

    func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    func fields(_ name: String) -> [MimeField] { fields.filter { $0.name == name } }
    func all(_ name: String) -> [String] { fields.lazy.filter { $0.name == name }.map(\.value) }

    /// The charset of the first text in it that names one; nil for ASCII and UTF-8, which need no naming.
    var textCharset: String? {
        for child in children { if let found = child.textCharset { return found } }
        guard type.value.hasPrefix("text/"), let charset = type["charset"]?.lowercased(), !["us-ascii", "ascii", "utf-8", "utf8", ""].contains(charset) else { return nil }
        return charset
    }

    var isMultipart: Bool { !children.isEmpty }

    /// - Parameter raw: a whole message.
    init(_ raw: [UInt8]) {
        self = raw.withUnsafeBufferPointer { bytes in
            var walk = MimeWalk(bytes)
            return MimeEntity(&walk, depth: 0, digest: false)
        }
    }

    /// Whether a header stands at the start.
    static func hasHeader(_ raw: [UInt8]) -> Bool {
        raw.withUnsafeBufferPointer { bytes in
            let walk = MimeWalk(bytes)
            let end = walk.lineEnd(walk.at)
            return walk.contentEnd(walk.at, end) > walk.at && (colon(bytes, walk.at, end) != nil || senderFollows(walk, end))
        }
    }

    /// Reads a part from where the walk is up to the boundary of one of the multiparts around it, before which the walk stops.
    private init(_ walk: inout MimeWalk, depth: Int, digest: Bool) {
        walk.parts += 1
        body = walk.at..<walk.at
        readHeader(&walk)
        let start = walk.at
        body = start..<start
        // RFC 2045 5.2: what is no type at all is plain text.
        if let value = first("content-type"), value.prefix(while: { $0 != ";" }).contains("/") {
            type = GMimeValues.contentType(value)
        } else if digest {
            type = GMimeValues.contentType("message/rfc822")
        }
        disposition = first("content-disposition").map { GMimeValues.disposition($0) }
        encoding = OneLine.of(first("content-transfer-encoding") ?? "").split(whereSeparator: { $0 == ";" || $0 == " " }).first.map { $0.lowercased() } ?? ""
        if type.value.hasPrefix("multipart/"), depth < Bound.depth { readMultipart(&walk, depth: depth) }
        // What follows the parts belongs to nobody; of a leaf this is all of it.
        body = start..<walk.skipToBoundary()
    }

    private mutating func readMultipart(_ walk: inout MimeWalk, depth: Int) {
        let start = walk.at
        let named = type["boundary"].map { Array($0.utf8) } ?? []
        if !named.isEmpty, named.count <= 200 { readParts(&walk, boundary: named, depth: depth) }
        // It names none, or one that never comes: the first line that looks like one.
        guard children.isEmpty, depth < 4 else { return }
        let end = walk.at
        walk.at = start
        if let guess = walk.firstBoundary() { readParts(&walk, boundary: guess, depth: depth) } else { walk.at = end }
    }

    private mutating func readParts(_ walk: inout MimeWalk, boundary: [UInt8], depth: Int) {
        let own = walk.boundaries.count
        walk.boundaries.append(boundary)
        defer { walk.boundaries.removeLast() }
        _ = walk.skipToBoundary()
        while let found = walk.boundaryHere(), found.level == own, !found.isLast {
            walk.skipLine()
            guard walk.parts < Bound.parts else {
                _ = walk.skipToBoundary()
                continue
            }
            children.append(MimeEntity(&walk, depth: depth + 1, digest: type.value == "multipart/digest"))
        }
        if let found = walk.boundaryHere(), found.level == own { walk.skipLine() }
    }

    private mutating func readHeader(_ walk: inout MimeWalk) {
        let bytes = walk.bytes
        let start = walk.at
        while walk.at < bytes.count, walk.boundaryHere() == nil {
            let at = walk.at
            let end = walk.lineEnd(at)
            if walk.contentEnd(at, end) == at {
                walk.at = end
                return
            }
            guard let colon = Self.colon(bytes, at, end) else {
                // A line that is no field ends the header without an empty line between, but for what a program put above
                // the fields or broke without a blank before: there the sender is still to come.
                guard walk.parts == 1, !fields.contains(where: { $0.name == "from" }), Self.senderFollows(walk, end) else { return }
                walk.at = end
                continue
            }
            var fieldEnd = end
            while fieldEnd < bytes.count, bytes[fieldEnd] == 32 || bytes[fieldEnd] == 9 {
                let next = walk.lineEnd(fieldEnd)
                guard walk.contentEnd(fieldEnd, next) > fieldEnd else { break }
                fieldEnd = next
            }
            if fields.count < Bound.fields, at - start < Bound.header {
                fields.append(MimeField(bytes[at..<colon], bytes[colon + 1..<min(fieldEnd, colon + 1 + 65_536)]))
            }
            walk.at = fieldEnd
        }
    }

    /// Whether a `From` with an address comes before the next empty line, and soon.
    private static func senderFollows(_ walk: MimeWalk, _ start: Int) -> Bool {
        var at = start
        for _ in 0..<64 where at < walk.bytes.count {
            let end = walk.lineEnd(at)
            let content = walk.contentEnd(at, end)
            if content == at { return false }
            let line = walk.bytes[at..<content]
            if line.prefix(5).elementsEqual("from:".utf8, by: { $0 | 0x20 == $1 | 0x20 }), line.contains(64) { return true }
            at = end
        }
        return false
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

/// A header field, unfolded. Its value is decoded when it is asked for: most never are.
struct MimeField {
    /// Lower-cased.
    let name: String
    private let bytes: [UInt8]

    init(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ value: Slice<UnsafeBufferPointer<UInt8>>) {
        self.name = String(decoding: name.lazy.filter { $0 != 32 && $0 != 9 }.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        bytes = value.drop { $0 == 32 || $0 == 9 }.filter { $0 != CR && $0 != LF && $0 != 0 }
    }

    /// 8-bit bytes that are not UTF-8 read as Windows-1252.
    var value: String { text(fallback: nil) }
    func text(fallback: String?) -> String { GMimeValues.string(bytes, charset: fallback != nil && String(validating: bytes, as: UTF8.self) == nil ? fallback : nil) }
    /// As it stands, for those who know its charset better.
    var raw: [UInt8] { bytes }
}
