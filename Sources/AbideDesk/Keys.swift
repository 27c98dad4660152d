package import AbideCore
import Crypto
import Foundation

/// The desk's own keys, the same on all nodes: one secret, from which each purpose derives a key of its own, so that a token
/// of one kind is never accepted as another (ASVS 9.2.2).
package struct Keys: Sendable {
    private let reply: SymmetricKey
    private let heads: Curve25519.Signing.PrivateKey
    /// Tells one key from another and nothing else; kept in the store, so that a node with another key is noticed.
    package let fingerprint: String
    private let link: SymmetricKey
    private let links: SymmetricKey
    private let sealing: SymmetricKey

    package init(secret: [UInt8]) {
        let root = SymmetricKey(data: secret)
        // Any 32 bytes are a private key of Ed25519.
        let seed = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide heads 1".utf8), outputByteCount: 32).withUnsafeBytes { Data($0) }
        heads = (try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)) ?? Curve25519.Signing.PrivateKey()
        fingerprint = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide fingerprint 1".utf8), outputByteCount: 8).withUnsafeBytes { Array($0) }.hex
        links = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide one-time link 1".utf8), outputByteCount: 32)
        sealing = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide sealed secret 1".utf8), outputByteCount: 32)
        reply = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide reply address 1".utf8), outputByteCount: 32)
        link = HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("abide acceptance link 1".utf8), outputByteCount: 32)
    }

    /// Reads `DIR/desk.key`, made on the first start with owner's rights only.
    /// - Parameter makes: false: where there is none, a passing key does, and none is written.
    package static func load(directory: String, makes: Bool = true) throws -> Keys {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        let file = folder.appendingPathComponent("desk.key")
        if let data = try? Data(contentsOf: file) {
            guard data.count == 32 else { throw KeyFault(path: file.path) }
            return Keys(secret: [UInt8](data))
        }
        guard makes else { return Keys(secret: Secrets.random(32)) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // Whole or not at all, and on the disk: a start that is cut off must not leave half a key. Where another process was quicker its key is taken.
        let part = file.path + ".\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: part, contents: Data(Secrets.random(32)), attributes: [.posixPermissions: 0o600]) else { throw KeyFault(path: file.path) }
        defer { try? FileManager.default.removeItem(atPath: part) }
        try FileHandle(forUpdating: URL(fileURLWithPath: part)).synchronize()
        // Fails where there is one by now.
        try? FileManager.default.linkItem(atPath: part, toPath: file.path)
        guard let data = try? Data(contentsOf: file), data.count == 32 else { throw KeyFault(path: file.path) }
        return Keys(secret: [UInt8](data))
    }

    // MARK: Signed heads of the event log

    func sign(_ data: Data) throws -> Data { try heads.signature(for: data) }

    func isSignature(_ signature: Data, of data: Data) -> Bool { heads.publicKey.isValidSignature(signature, for: data) }

    // MARK: Reply addresses and Message-IDs (R1): the one function that binds

    /// The local part `support+t.1042.7.mac` and the Message-ID `t.1042.7.serial.mac@domain` carry the same kind of token.
    package func replyAddress(mailbox: String, ticket: Int64, participant: Int64) -> String {
        let (local, domain) = Self.split(mailbox)
        return "\(local)+t.\(ticket).\(participant).\(mac("a.\(ticket).\(participant)"))@\(domain)"
    }

    package func messageID(mailbox: String, ticket: Int64, participant: Int64, serial: String) -> String {
        "t.\(ticket).\(participant).\(serial).\(mac("m.\(ticket).\(participant).\(serial)"))@\(Self.split(mailbox).domain)"
    }

    /// To which ticket and participant a received mail belongs, by our own signed tokens alone; nil: to none.
    package func binding(addresses: [String], messageIDs: [String], mailbox: String) -> (ticket: Int64, participant: Int64)? {
        let own = Self.split(mailbox)
        for address in addresses {
            let (local, domain) = Self.split(address.lowercased())
            guard domain == own.domain.lowercased(), local.hasPrefix(own.local.lowercased() + "+t.") else { continue }
            let parts = local.dropFirst(own.local.count + 3).split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let ticket = Int64(parts[0]), let participant = Int64(parts[1]) else { continue }
            if same(String(parts[2]), mac("a.\(ticket).\(participant)")) { return (ticket, participant) }
        }
        for id in messageIDs {
            let (local, _) = Self.split(id.trimmingCharacters(in: CharacterSet(charactersIn: "<> ")))
            let parts = local.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[0] == "t", let ticket = Int64(parts[1]), let participant = Int64(parts[2]) else { continue }
            if same(String(parts[4]), mac("m.\(ticket).\(participant).\(parts[3])")) { return (ticket, participant) }
        }
        return nil
    }

    // MARK: Secrets of accounts

    /// The secret of a one-time link, made anew from what the database keeps: 256 bits, which the database alone doesn't give away.
    package func linkSecret(nonce: String) -> String { HMAC<SHA256>.authenticationCode(for: Data(nonce.utf8), using: links).hex }

    /// AES-GCM, in hex; for secrets that must be read again, as of a second factor.
    package func seal(_ secret: [UInt8]) throws -> String {
        guard let box = try AES.GCM.seal(secret, using: sealing).combined else { throw DeskFault.brokenRow("sealed secret") }
        return box.hex
    }

    package func open(_ sealed: String) throws -> [UInt8] {
        let digits = Array(sealed.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
        return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: bytes), using: sealing))
    }

    // MARK: Acceptance links (C3)

    /// What a link in a mail says: that this person accepts this proposal of this ticket, until an instant.
    package struct Acceptance: Hashable, Sendable {
        package var ticket: Int64
        package var person: Int64
        package var proposal: Int
        package var until: Instant
        package init(ticket: Int64, person: Int64, proposal: Int, until: Instant) {
            self.ticket = ticket
            self.person = person
            self.proposal = proposal
            self.until = until
        }
    }

    package func token(_ acceptance: Acceptance) -> String {
        let text = "\(acceptance.ticket).\(acceptance.person).\(acceptance.proposal).\(acceptance.until.seconds)"
        return text + "." + mac(text, with: link)
    }

    /// Nil for anything that isn't wholly our own.
    package func acceptance(_ token: String) -> Acceptance? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 200, parts.count == 5, let ticket = Int64(parts[0]), let person = Int64(parts[1]), let proposal = Int(parts[2]), let until = Int64(parts[3]),
            same(String(parts[4]), mac(parts[..<4].joined(separator: "."), with: link))
        else { return nil }
        return Acceptance(ticket: ticket, person: person, proposal: proposal, until: Instant(until))
    }

    /// What a link in a mail says: that this person is asked about this closing of a ticket (H1), until an instant.
    package struct SurveyLink: Hashable, Sendable {
        package var ticket: Int64
        package var person: Int64
        package var closing: Int
        package var until: Instant
        package init(ticket: Int64, person: Int64, closing: Int, until: Instant) {
            self.ticket = ticket
            self.person = person
            self.closing = closing
            self.until = until
        }
    }

    package func token(_ survey: SurveyLink) -> String {
        let text = "\(survey.ticket).\(survey.person).\(survey.closing).\(survey.until.seconds)"
        return text + "." + mac("survey." + text, with: link)
    }

    /// Nil for anything that isn't wholly our own.
    package func surveyLink(_ token: String) -> SurveyLink? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 200, parts.count == 5, let ticket = Int64(parts[0]), let person = Int64(parts[1]), let closing = Int(parts[2]), let until = Int64(parts[3]),
            same(String(parts[4]), mac("survey." + parts[..<4].joined(separator: "."), with: link))
        else { return nil }
        return SurveyLink(ticket: ticket, person: person, closing: closing, until: Instant(until))
    }

    /// 128 bits of HMAC-SHA256, as 32 hex digits: survives servers that fold case.
    private func mac(_ text: String, with key: SymmetricKey? = nil) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key ?? reply).prefix(16).hex
    }

    /// In constant time.
    private func same(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package static func split(_ address: String) -> (local: String, domain: String) {
        guard let at = address.lastIndex(of: "@") else { return (address, "") }
        return (String(address[..<at]), String(address[address.index(after: at)...]))
    }
}

package struct KeyFault: Error, CustomStringConvertible {
    package var path: String
    package var description: String { "The key file \(path) can't be read or written, or is not 32 bytes long. Restore it from the backup of the keys." }
}

/// The desk in the store signs with another key than this process has.
package struct OtherKey: Error, CustomStringConvertible {
    package var description: String {
        "The desk's key is another one than the folder of --keys holds: answers to mails could not be told to their tickets. Name the folder with the desk's key (all nodes share it), or restore it from its backup. Only if it is lost for good, start once with ABIDE_NEW_KEY=1."
    }
}

extension Sequence where Element == UInt8 {
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
