import AbideCore
import Crypto

/// The hash chain of a ticket's log. Each hash is SHA-256 over: a domain tag, the hash before, ticket, number, type, both times, who, the
/// fact, and the keys and digests of the texts in order of their keys. Every part stands behind its length, so that no two different
/// events give the same bytes. Names of people and their words are not in it: they can be erased.
package enum EventChain {
    static func hash(of event: NewEvent, ticket: Int64, number: Int, after previousHash: String, digests: [(key: String, digest: String)]) -> String {
        var parts = HashedParts(domain: "abide.event.1")
        parts.add(previousHash)
        parts.add(String(ticket))
        parts.add(String(number))
        parts.add(event.type)
        parts.add(String(event.occurredAt.seconds))
        parts.add(String(event.recordedAt.seconds))
        parts.add(event.actorKind)
        parts.add(event.actor.map { String($0) } ?? "")
        parts.add(event.fact)
        for (key, digest) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            parts.add(key)
            parts.add(digest)
        }
        return parts.hexDigest
    }

    /// Gives events their numbers, salts and hashes.
    /// - Parameters:
    ///   - head: the number of the event before them, 0 for none.
    ///   - hash: that event's.
    static func link(_ events: [NewEvent], ticket: Int64, after head: Int, hash: String) -> [ChainedEvent] {
        var previousHash = hash
        return events.enumerated().map { offset, event in
            let number = head + 1 + offset
            let texts = event.texts.map { SaltedText(key: $0.key, text: $0.value) }
            let hash = Self.hash(of: event, ticket: ticket, number: number, after: previousHash, digests: texts.map { ($0.key, $0.digest) })
            defer { previousHash = hash }
            let stored = StoredEvent(
                ticket: ticket, number: number, type: event.type, occurredAt: event.occurredAt, recordedAt: event.recordedAt,
                actorKind: event.actorKind, actor: event.actor, actorName: event.actorName, fact: event.fact, texts: event.texts,
                previousHash: previousHash, hash: hash)
            return ChainedEvent(event: stored, texts: texts)
        }
    }

    static func digest(salt: [UInt8], text: String) -> String {
        var parts = HashedParts(domain: "abide.text.1")
        parts.add(salt)
        parts.add(text)
        return parts.hexDigest
    }
}

/// An event with its place in the chain, not yet written.
struct ChainedEvent: Sendable {
    var event: StoredEvent
    var texts: [SaltedText]
}

/// SHA-256 over parts, each behind its length in eight bytes.
struct HashedParts {
    private var hash = SHA256()

    init(domain: String) { add(domain) }

    mutating func add(_ part: String) {
        var part = part
        part.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ part: [UInt8]) { part.withUnsafeBytes { add($0) } }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: bytes)
    }

    var hexDigest: String { Hex.text(hash.finalize()) }
}

/// A text with the salt that keeps its digest from being guessed.
struct SaltedText: Sendable {
    var key: String
    var text: String
    var salt: [UInt8]
    var digest: String

    init(key: String, text: String) {
        self.key = key
        self.text = text
        var random = SystemRandomNumberGenerator()
        salt = [random.next(), random.next()].flatMap { (half: UInt64) in withUnsafeBytes(of: half, Array.init) }
        digest = EventChain.digest(salt: salt, text: text)
    }
}

enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity(64)
        for byte in bytes {
            characters.append(digits[Int(byte >> 4)])
            characters.append(digits[Int(byte & 15)])
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
