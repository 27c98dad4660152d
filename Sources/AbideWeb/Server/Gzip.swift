import CZlib
import HTTPTypes
import Hummingbird
import NIOCore

/// Compression of finished answers (RFC 1952), at the cheapest level: pages and JSON shrink to a fifth by it.
enum Gzip {
    /// Below this many bytes the header costs more than is won.
    static let threshold = 1024
    /// What is larger holds pictures, which don't shrink and take long to find that out.
    static let most = 2_000_000

    /// Nil where zlib refuses, which leaves the answer as it was.
    static func compress(_ bytes: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        guard abide_deflate_init_gzip(&stream, 1) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.readableBytes)))
        var output = ByteBufferAllocator().buffer(capacity: bound)
        var result = Z_OK
        bytes.withUnsafeReadableBytes { input in
            // zlib does not write to its input, its C signature only predates const.
            stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(input.count)
            _ = output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { room in
                stream.next_out = room.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(room.count)
                result = deflate(&stream, Z_FINISH)
                return room.count - Int(stream.avail_out)
            }
        }
        return result == Z_STREAM_END ? output : nil
    }

    /// True where the client takes gzip and does not refuse it by `q=0` (RFC 9110, 12.5.3).
    static func isAccepted(_ header: String?) -> Bool {
        guard let header else { return false }
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingSpaces() }
            guard let coding = pieces.first, coding == "gzip" || coding == "*" else { continue }
            return !pieces.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" || $0 == "q=0.00" || $0 == "q=0.000" }
        }
        return false
    }
}

/// Takes a finished body as one buffer.
struct BodyCollector: ResponseBodyWriter {
    final class Box: @unchecked Sendable {
        // Written by the one task that collects, read by it afterwards.
        var buffer = ByteBuffer()
    }

    let box = Box()

    mutating func write(_ buffer: ByteBuffer) async throws {
        if box.buffer.readableBytes == 0 { box.buffer = buffer } else { box.buffer.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        var part = self[...]
        while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return String(part)
    }
}
