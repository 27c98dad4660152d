import Glibc

/// The one walk over the lines of a message: where it is, and the boundaries of the multiparts that it is in.
struct MimeWalk {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The start of a line.
    var at = 0
    /// Outermost first.
    var boundaries: [[UInt8]] = []
    /// Parts met so far.
    var parts = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // A mark of the byte order, empty lines and the envelope line of a mailbox file may stand before the header.
        if bytes.count > 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        while at < bytes.count, bytes[at] == CR || bytes[at] == LF { at += 1 }
        if bytes.count - at > 5, bytes[at..<at + 5].elementsEqual("From ".utf8) || bytes[at..<at + 6].elementsEqual(">From ".utf8) { at = lineEnd(at) }
    }

    /// Behind the LF that ends the line at `at`.
    func lineEnd(_ at: Int) -> Int {
        guard at < bytes.count, let base = bytes.baseAddress else { return bytes.count }
        guard let found = memchr(base + at, Int32(LF), bytes.count - at) else { return bytes.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
    }

    /// Where the text of a line ends, without its CR and LF.
    func contentEnd(_ at: Int, _ end: Int) -> Int {
        var end = end
        if end > at, bytes[end - 1] == LF { end -= 1 }
        if end > at, bytes[end - 1] == CR { end -= 1 }
        return end
    }

    mutating func skipLine() { at = lineEnd(at) }

    /// The boundary line that starts here: of which multipart, innermost first, and whether it is its last.
    func boundaryHere() -> (level: Int, isLast: Bool)? {
        guard !boundaries.isEmpty, at + 2 < bytes.count, bytes[at] == 45, bytes[at + 1] == 45, bytes[at + 2] > 32 else { return nil }
        let end = contentEnd(at, lineEnd(at))
        for level in boundaries.indices.reversed() {
            if let isLast = matches(boundaries[level], end) { return (level, isLast) }
        }
        return nil
    }

    private func matches(_ boundary: [UInt8], _ end: Int) -> Bool? {
        let rest = at + 2 + boundary.count
        guard rest <= end, let base = bytes.baseAddress, memcmp(base + at + 2, boundary, boundary.count) == 0 else { return nil }
        if rest == end { return false }
        if bytes[rest] == 45, rest + 1 < end, bytes[rest + 1] == 45 { return true }
        return bytes[rest..<end].allSatisfy { $0 == 32 || $0 == 9 } ? false : nil
    }

    /// Moves to the next boundary line, or to the end.
    /// - Returns: where what was passed over ends; the line end before a boundary belongs to it (RFC 2046 5.1.1).
    mutating func skipToBoundary() -> Int {
        guard !boundaries.isEmpty else {
            at = bytes.count
            return at
        }
        let start = at
        while at < bytes.count {
            if boundaryHere() != nil { return at > start ? contentEnd(start, at) : at }
            at = lineEnd(at)
        }
        return at
    }

    /// What would be the boundary where a line like one has a header field right behind it; looked for near the start alone.
    func firstBoundary() -> [UInt8]? {
        var line = at
        for _ in 0..<200 where line < bytes.count {
            let end = lineEnd(line)
            let content = contentEnd(line, end)
            if content - line > 4, content - line <= 202, bytes[line] == 45, bytes[line + 1] == 45, bytes.count - end > 8,
                String(decoding: bytes[end..<end + 8], as: UTF8.self).lowercased() == "content-" {
                return Array(bytes[line + 2..<content])
            }
            line = end
        }
        return nil
    }
}
