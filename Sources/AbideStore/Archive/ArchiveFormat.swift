import Crypto
import Foundation

/// The file of `abide backup`, the same for both engines: gzip over records. A record is one letter, then its values, each a letter (n, i, r, t, b)
/// with a length where it needs one; numbers are eight bytes, big end first. Records: `H` head (JSON), `T` a table (name, columns), `R` a row,
/// `E` end of a table (rows, SHA-256 of its rows), `Z` end of all (SHA-256 of everything before).
enum ArchiveFormat {
    static let version = 1

    static func append(_ value: Value, to bytes: inout [UInt8]) {
        func length(_ count: Int) { withUnsafeBytes(of: UInt64(count).bigEndian) { bytes.append(contentsOf: $0) } }
        switch value {
        case .null: bytes.append(UInt8(ascii: "n"))
        case .integer(let number):
            bytes.append(UInt8(ascii: "i"))
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        case .real(let number):
            bytes.append(UInt8(ascii: "r"))
            withUnsafeBytes(of: number.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
        case .text(let text):
            bytes.append(UInt8(ascii: "t"))
            length(text.utf8.count)
            bytes.append(contentsOf: text.utf8)
        case .blob(let blob):
            bytes.append(UInt8(ascii: "b"))
            length(blob.count)
            bytes.append(contentsOf: blob)
        }
    }

    static func record(_ kind: Character, _ values: [Value]) -> [UInt8] {
        var bytes = [kind.asciiValue ?? 0, UInt8(truncatingIfNeeded: values.count >> 8), UInt8(truncatingIfNeeded: values.count)]
        for value in values { append(value, to: &bytes) }
        return bytes
    }
}

/// One record of an archive.
struct ArchiveRecord {
    var kind: Character
    var values: [Value]

    func text(_ index: Int) -> String { if values.indices.contains(index), case .text(let text) = values[index] { text } else { "" } }
    func int(_ index: Int) -> Int { if values.indices.contains(index), case .integer(let number) = values[index] { Int(number) } else { 0 } }
}

/// What an archive says of itself before its rows.
package struct ArchiveHead: Codable, Sendable, Hashable {
    package var format: Int
    /// The version of the schema that the rows are of.
    package var schema: Int
    /// RFC 3339.
    package var madeAt: String
    /// `sqlite` or `postgresql`: only to tell people.
    package var engine: String
}

/// What is in an archive, or a store, table by table.
package struct ArchiveSummary: Sendable, Hashable {
    package struct Table: Sendable, Hashable {
        package var rows: Int
        /// SHA-256 over the rows in order of their keys.
        package var digest: String
    }

    package var head: ArchiveHead
    package var tables: [String: Table]
    package var rows: Int { tables.values.reduce(0) { $0 + $1.rows } }
    /// One digest over all tables, to compare by eye.
    package var digest: String {
        var hash = SHA256()
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) { hash.update(data: Data("\(name) \(table.rows) \(table.digest)\n".utf8)) }
        return Hex.text(hash.finalize())
    }
}

/// An archive that can't be read or does not hold what it says.
package struct ArchiveFault: Error, Hashable, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
}
