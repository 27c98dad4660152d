import CZlib
import Foundation

/// Writes a gzip file piece by piece; only its owner may read it. It has its name only when it is whole and on the disk.
final class GzipWriter {
    private let path: String
    private let file: FileHandle
    private var stream = z_stream()
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(path: String) throws {
        self.path = path
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600]), let file = FileHandle(forWritingAtPath: part) else {
            throw ArchiveFault("\(part) can't be written: \(String(cString: strerror(errno)))")
        }
        self.file = file
        guard abide_deflate_init_gzip(&stream, 3) == Z_OK else { throw ArchiveFault("no memory to compress") }
    }

    deinit { deflateEnd(&stream) }

    func write(_ bytes: [UInt8]) throws { try deflate(bytes, Z_NO_FLUSH) }

    /// - Returns: bytes of the file.
    func finish() throws -> Int {
        try deflate([], Z_FINISH)
        try file.synchronize()
        let size = Int(try file.offset())
        try file.close()
        guard rename(path + ".part", path) == 0 else { throw ArchiveFault("\(path) can't be written: \(String(cString: strerror(errno)))") }
        // The name is durable when its folder is.
        let folder = open((path as NSString).deletingLastPathComponent.isEmpty ? "." : (path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return size
    }

    func abandon() {
        try? file.close()
        try? FileManager.default.removeItem(atPath: path + ".part")
    }

    private func deflate(_ bytes: [UInt8], _ flush: Int32) throws {
        var bytes = bytes
        try bytes.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var room: UInt32 = 0
            repeat {
                let (produced, left) = buffer.withUnsafeMutableBufferPointer { output -> (Int, UInt32) in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    _ = CZlib.deflate(&stream, flush)
                    return (output.count - Int(stream.avail_out), stream.avail_out)
                }
                room = left
                if produced > 0 { try file.write(contentsOf: Data(buffer[..<produced])) }
            } while room == 0
        }
    }
}

/// Reads a gzip file piece by piece.
final class GzipReader {
    private let file: FileHandle
    private var stream = z_stream()
    private var input: [UInt8] = []
    private var output = [UInt8](repeating: 0, count: 1 << 18)
    private var ready: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw ArchiveFault("\(path) can't be read: \(String(cString: strerror(errno)))") }
        self.file = file
        guard abide_inflate_init_gzip(&stream) == Z_OK else { throw ArchiveFault("no memory to decompress") }
    }

    deinit { inflateEnd(&stream) }

    /// Exactly so many bytes.
    /// - Throws: `ArchiveFault` where the file ends before, or is no gzip file.
    func read(_ count: Int) throws -> [UInt8] {
        guard count >= 0, count < 1 << 31 else { throw ArchiveFault("a length in the file makes no sense") }
        var result: [UInt8] = []
        result.reserveCapacity(min(count, 1 << 20))
        while result.count < count {
            if ready.isEmpty { try more() }
            let part = ready.prefix(count - result.count)
            result.append(contentsOf: part)
            ready = ready.dropFirst(part.count)
        }
        return result
    }

    private func more() throws {
        while ready.isEmpty {
            guard !isAtEnd else { throw ArchiveFault("the file ends too early") }
            if stream.avail_in == 0 {
                input = [UInt8](try file.read(upToCount: 1 << 16) ?? Data())
                if input.isEmpty { throw ArchiveFault("the file ends too early") }
            }
            let consumed = input.count - Int(stream.avail_in) - (stream.avail_in == 0 ? input.count : 0)
            let start = stream.avail_in == 0 ? 0 : consumed
            let (status, produced, left) = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output -> (Int32, Int, UInt32) in
                    stream.next_in = input.baseAddress.map { $0 + start }
                    stream.avail_in = UInt32(input.count - start)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    return (status, output.count - Int(stream.avail_out), stream.avail_in)
                }
            }
            stream.avail_in = left
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw ArchiveFault("the file is damaged, or no backup") }
            if status == Z_STREAM_END { isAtEnd = true }
            ready = output[..<produced]
        }
    }
}
