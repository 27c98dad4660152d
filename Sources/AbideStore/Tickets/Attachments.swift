package import AbideCore
import Crypto

/// A file on a ticket, without its bytes.
package struct StoredAttachment: Sendable, Hashable {
    package var id: Int64
    package var ticket: Int64
    package var message: Int64?
    package var name: String
    package var type: String
    /// Bytes.
    package var size: Int
    /// Hexadecimal.
    package var sha256: String
    package var inline: Bool
    package var createdAt: Instant
    /// By which a mail's HTML names it.
    package var contentID: String?
}

extension Session {
    /// Stores a file; its size and digest are taken from the bytes.
    /// - Returns: the new id.
    @discardableResult
    package func insertAttachment(
        ticket: Int64, message: Int64?, name: String, type: String, content: [UInt8], inline: Bool, contentID: String? = nil, at now: Instant
    ) throws -> Int64 {
        try insertedID(
            """
            INSERT INTO attachment (ticket, message, name, type, size, sha256, inline, created_at, content_id, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
            """,
            [
                .integer(ticket), Value(message), .text(name), .text(type), Value(content.count), .text(Hex.text(SHA256.hash(data: content))),
                Value(inline), Value(now), Value(contentID), .blob(content),
            ])
    }

    package func attachments(of ticket: Int64) throws -> [StoredAttachment] {
        try run("SELECT \(StoredAttachment.columns) FROM attachment WHERE ticket = $1 ORDER BY id", [.integer(ticket)]).map(StoredAttachment.init(row:))
    }

    package func attachment(id: Int64) throws -> StoredAttachment? {
        try run("SELECT \(StoredAttachment.columns) FROM attachment WHERE id = $1", [.integer(id)]).first.map(StoredAttachment.init(row:))
    }

    package func attachmentContent(id: Int64) throws -> [UInt8]? {
        try run("SELECT content FROM attachment WHERE id = $1", [.integer(id)]).first?.bytes(0)
    }
}

extension StoredAttachment {
    fileprivate static let columns = "id, ticket, message, name, type, size, sha256, inline, created_at, content_id"

    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), ticket: row.int64(1), message: row.int64OrNil(2), name: row.text(3), type: row.text(4), size: row.int(5),
            sha256: row.text(6), inline: row.bool(7), createdAt: row.instant(8), contentID: row.textOrNil(9))
    }
}
