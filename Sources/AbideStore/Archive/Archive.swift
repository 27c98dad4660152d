package import AbideCore
import Crypto
import Foundation

/// Everything of a desk but its keys, in one file that either engine can write and read.
package enum Archive {
    /// Writes all of a store into a file, as it is at one instant; the desk goes on meanwhile.
    /// - Returns: what is in it, and the bytes of the file.
    package static func write(_ db: any Database, to path: String, engine: String, at now: Instant) async throws -> (summary: ArchiveSummary, bytes: Int) {
        try await db.read { session in
            let writer = try GzipWriter(path: path)
            do {
                var whole = SHA256()
                func write(_ bytes: [UInt8]) throws {
                    whole.update(data: bytes)
                    try writer.write(bytes)
                }
                let head = ArchiveHead(format: ArchiveFormat.version, schema: try session.schemaVersion(), madeAt: now.rfc3339, engine: engine)
                try write(ArchiveFormat.record("H", [.text("abide backup"), .text(String(decoding: try JSONEncoder().encode(head), as: UTF8.self))]))
                var summary = ArchiveSummary(head: head, tables: [:])
                for table in try session.storeTables() {
                    try write(ArchiveFormat.record("T", ([table.name] + table.columns).map(Value.text)))
                    let counted = try digest(table, session) { try write($0) }
                    try write(ArchiveFormat.record("E", [Value(counted.rows), .text(counted.digest)]))
                    summary.tables[table.name] = counted
                }
                try writer.write(ArchiveFormat.record("Z", [.text(Hex.text(whole.finalize()))]))
                return (summary, try writer.finish())
            } catch {
                writer.abandon()
                throw error
            }
        }
    }

    /// Counts and digests a store as it is at one instant, in the terms of an archive.
    package static func summary(of db: any Database, engine: String, at now: Instant) async throws -> ArchiveSummary {
        try await db.read { session in
            var summary = ArchiveSummary(head: ArchiveHead(format: ArchiveFormat.version, schema: try session.schemaVersion(), madeAt: now.rfc3339, engine: engine), tables: [:])
            for table in try session.storeTables() { summary.tables[table.name] = try digest(table, session) { _ in } }
            return summary
        }
    }

    private static func digest(_ table: StoreTable, _ session: any Session, _ body: ([UInt8]) throws -> Void) throws -> ArchiveSummary.Table {
        var hash = SHA256()
        var rows = 0
        try session.eachRow(of: table) { values in
            let bytes = ArchiveFormat.record("R", values.map(\.withoutZeros))
            hash.update(data: bytes)
            rows += 1
            try body(bytes)
        }
        return ArchiveSummary.Table(rows: rows, digest: Hex.text(hash.finalize()))
    }

    /// Reads a whole archive and checks every digest in it.
    /// - Throws: `ArchiveFault` naming what does not hold.
    package static func verify(_ path: String) throws -> ArchiveSummary { try read(path) { _, _ in } }

    /// Fills an empty store from an archive, in one transaction: all of it or nothing. The store must have the schema of the archive (`ArchiveHead.schema`).
    package static func load(_ path: String, into db: any Database) async throws {
        try await db.write { session in
            let tables = try session.storeTables()
            for table in tables where try !session.run("SELECT 1 FROM \(table.name) LIMIT 1").isEmpty {
                throw ArchiveFault("there is a desk already; a backup is restored into an empty place")
            }
            _ = try read(path) { table, row in
                // Names from a file go into no statement: they must be those of the schema.
                guard let known = tables.first(where: { $0.name == table.name }), Set(table.columns).isSubset(of: known.columns) else {
                    throw ArchiveFault("the backup has a table \(table.name) of another form than this program's")
                }
                let places = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
                try session.run("INSERT INTO \(known.name) (\(table.columns.joined(separator: ", "))) VALUES (\(places))", row)
            }
            for sql in session.dialect.afterLoading(tables) { try session.run(sql) }
            if try session.schemaVersion() >= Migration.search.version {
                try session.run("INSERT INTO search_queue (ticket) SELECT id FROM ticket WHERE true ON CONFLICT (ticket) DO NOTHING")
            }
        }
    }

    private static func read(_ path: String, _ body: ((name: String, columns: [String]), [Value]) throws -> Void) throws -> ArchiveSummary {
        let reader = try ArchiveReader(path: path)
        let first = try reader.next()
        guard first.kind == "H", first.text(0) == "abide backup", let head = try? JSONDecoder().decode(ArchiveHead.self, from: Data(first.text(1).utf8)) else {
            throw ArchiveFault("\(path) is no backup of a desk")
        }
        guard head.format <= ArchiveFormat.version else { throw ArchiveFault("\(path) was written by a newer program (format \(head.format))") }
        var summary = ArchiveSummary(head: head, tables: [:])
        var table: (name: String, columns: [String])?
        var hash = SHA256()
        var rows = 0
        while true {
            let whole = reader.digest
            let record = try reader.next()
            switch record.kind {
            case "T":
                table = (record.text(0), record.values.indices.dropFirst().map { record.text($0) })
                (hash, rows) = (SHA256(), 0)
            case "R":
                guard let table, record.values.count == table.columns.count else { throw ArchiveFault("a row stands in no table") }
                hash.update(data: reader.last)
                rows += 1
                try body(table, record.values)
            case "E":
                guard let table else { throw ArchiveFault("the end of a table without its beginning") }
                let found = ArchiveSummary.Table(rows: rows, digest: Hex.text(hash.finalize()))
                guard record.int(0) == found.rows, record.text(1) == found.digest else { throw ArchiveFault("the rows of \(table.name) are not those that were written") }
                summary.tables[table.name] = found
            case "Z":
                guard record.text(0) == whole else { throw ArchiveFault("the file is not as it was written") }
                return summary
            default: throw ArchiveFault("the file is damaged")
            }
        }
    }
}

/// Reads records and keeps the digest of all that was read.
private final class ArchiveReader {
    private let file: GzipReader
    private var hash = SHA256()
    private(set) var last: [UInt8] = []

    init(path: String) throws { file = try GzipReader(path: path) }

    var digest: String { Hex.text(hash.finalize()) }

    func next() throws -> ArchiveRecord {
        last = []
        func take(_ count: Int) throws -> [UInt8] {
            let bytes = try file.read(count)
            last.append(contentsOf: bytes)
            return bytes
        }
        func number() throws -> UInt64 { try take(8).reduce(0) { $0 << 8 | UInt64($1) } }
        let head = try take(3)
        let values = try (0..<(Int(head[1]) << 8 | Int(head[2]))).map { _ -> Value in
            switch try take(1)[0] {
            case UInt8(ascii: "n"): return .null
            case UInt8(ascii: "i"): return .integer(Int64(bitPattern: try number()))
            case UInt8(ascii: "r"): return .real(Double(bitPattern: try number()))
            case UInt8(ascii: "t"): return .text(String(decoding: try take(Int(clamping: try number())), as: UTF8.self))
            case UInt8(ascii: "b"): return .blob(try take(Int(clamping: try number())))
            default: throw ArchiveFault("the file is damaged")
            }
        }
        hash.update(data: last)
        return ArchiveRecord(kind: Character(Unicode.Scalar(head[0])), values: values)
    }
}

extension Value {
    /// The one character that PostgreSQL's text can't hold is replaced, as it is when it is stored there.
    fileprivate var withoutZeros: Value {
        if case .text(let text) = self, text.utf8.contains(0) { .text(text.replacing("\0", with: "\u{FFFD}")) } else { self }
    }
}
