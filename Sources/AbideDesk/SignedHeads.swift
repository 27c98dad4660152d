import AbideCore
import AbideStore
import Crypto
import Foundation

/// Witnesses outside the database: every few minutes a line goes to a file, signed with a key that the database does not hold, which names the
/// last event and its hash of each ticket that moved since the line before. A chain alone does not show that its end was cut off, or that all
/// of it was written anew by somebody with the database; these lines do.
struct HeadLine: Codable {
    /// RFC 3339.
    var at: String
    /// The instant up to which it names what moved.
    var through: String
    /// SHA-256 of the line before, empty in the first.
    var previous: String
    /// Reference, number and hash of the last event.
    var heads: [Head]
    /// Ed25519, base64.
    var signature: String

    struct Head: Codable, Hashable {
        var ref: String
        var number: Int
        var hash: String
    }

    /// Durable when this returns.
    static func append(_ data: Data, to path: String) throws {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        guard file >= 0 else { throw HeadsFault("\(path) can't be written: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        let written = data.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard written == data.count, fsync(file) == 0 else { throw HeadsFault("\(path) can't be written: \(String(cString: strerror(errno)))") }
    }

    var signed: Data {
        var text = "abide.heads.1\n\(at)\n\(through)\n\(previous)\n"
        for head in heads { text += "\(head.ref) \(head.number) \(head.hash)\n" }
        return Data(text.utf8)
    }
}

extension Desk {
    /// Appends lines to the file for all tickets that moved, durable when this returns.
    /// - Parameter within: after so long the rest is left for the next time.
    /// - Returns: how many tickets they name.
    @discardableResult
    package func signHeads(to path: String, within limit: Swift.Duration = .seconds(60)) async throws -> Int {
        let start = ContinuousClock.now
        var last = Self.lastLine(path)
        var named = 0
        // What was recorded in the second of the line before may have missed it: those seconds are read again, and what stands there is left out.
        var from = (second: Instant(0), ticket: Int64(0))
        var known: Set<HeadLine.Head> = []
        if let last {
            guard let line = try? JSONDecoder().decode(HeadLine.self, from: last), let through = Instant(rfc3339: line.through) else { throw HeadsFault("the last line of \(path) can't be read; put the file aside") }
            from = (through - 2, 0)
            known = Set(line.heads)
        }
        while start.duration(to: .now) < limit {
            let place = from
            let moved = try await db.read { try $0.ticketHeads(after: place.second, ticket: place.ticket, limit: 5000) }
            guard let end = moved.last else { break }
            from = (end.movedAt, end.ticket)
            let heads = moved.map { HeadLine.Head(ref: "ABD-\($0.ticket)", number: $0.number, hash: $0.hash) }.filter { !known.contains($0) }
            guard !heads.isEmpty else { continue }
            var line = HeadLine(at: now().rfc3339, through: end.movedAt.rfc3339, previous: last.map { SHA256.hash(data: $0).hex } ?? "", heads: heads, signature: "")
            line.signature = try keys.sign(line.signed).base64EncodedString()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let data = try encoder.encode(line)
            try HeadLine.append(data + Data("\n".utf8), to: path)
            last = data
            named += heads.count
        }
        return named
    }

    /// Holds the log against a file of signed lines.
    /// - Returns: lines and heads that were checked, and the first fault in words.
    package func verifyHeads(_ path: String) async throws -> (lines: Int, heads: Int, fault: String?) {
        guard let data = FileManager.default.contents(atPath: path) else { throw HeadsFault("\(path) can't be read") }
        var previous = "", lines = 0, heads = 0
        for bytes in data.split(separator: UInt8(ascii: "\n")) {
            lines += 1
            guard let line = try? JSONDecoder().decode(HeadLine.self, from: Data(bytes)) else { return (lines, heads, "line \(lines) of \(path) can't be read") }
            guard let signature = Data(base64Encoded: line.signature), keys.isSignature(signature, of: line.signed) else { return (lines, heads, "line \(lines) of \(path) was not signed with this desk's key") }
            guard line.previous == previous else { return (lines, heads, "line \(lines) of \(path) does not follow the line before") }
            previous = SHA256.hash(data: Data(bytes)).hex
            for part in stride(from: 0, to: line.heads.count, by: 1000).map({ Array(line.heads[$0..<min($0 + 1000, line.heads.count)]) }) {
                let wrong = try await db.read { session in
                    try part.first { head in
                        guard let ticket = Int64(head.ref.dropFirst(4)) else { return true }
                        return try session.eventHash(ticket: ticket, number: head.number) != head.hash
                    }
                }
                if let wrong { return (lines, heads, "\(wrong.ref): event \(wrong.number) is not the one that was signed for on \(line.at)") }
                heads += part.count
            }
        }
        return (lines, heads, nil)
    }

    private static func lastLine(_ path: String) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd(), end > 0 else { return nil }
        var size: UInt64 = 65_536
        while true {
            try? file.seek(toOffset: end > size ? end - size : 0)
            guard let data = try? file.readToEnd() else { return nil }
            let lines = data.split(separator: UInt8(ascii: "\n"))
            if lines.count > 1 || size >= end { return lines.last.map { Data($0) } }
            size *= 8
        }
    }
}

package struct HeadsFault: Error, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
}
