import Crypto
import CryptoExtras
import Foundation

/// Signs outgoing mail for a domain (RFC 6376; Ed25519 by RFC 8463): relaxed canonicalisation of header and body.
package struct DKIMSigner: Sendable {
    package struct BadKey: Error, CustomStringConvertible {
        package let description: String
    }

    private enum Key: Sendable { case ed25519(Curve25519.Signing.PrivateKey), rsa(_RSA.Signing.PrivateKey) }

    private let key: Key
    private let domain: String
    private let selector: String

    /// The fields that are signed where they are there; `From` always is. Each is named once more than it stands, so that none can be added.
    private static let fields = [
        "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version", "content-type", "auto-submitted", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    ]

    /// - Parameter pem: a private key in PEM: PKCS #8 of Ed25519, or PKCS #1 or #8 of RSA with at least 2048 bits.
    package init(domain: String, selector: String, pem: String) throws {
        func isName(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= 253 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") } }
        guard isName(domain), isName(selector) else { throw BadKey(description: "domain \(domain) and selector \(selector) must be names as in DNS") }
        self.domain = domain.lowercased()
        self.selector = selector
        if let rsa = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) {
            guard rsa.keySizeInBits >= 2_048 else { throw BadKey(description: "an RSA key for DKIM has at least 2048 bits, this one has \(rsa.keySizeInBits)") }
            key = .rsa(rsa)
        } else if let seed = Self.ed25519Seed(pem), let ed25519 = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) {
            key = .ed25519(ed25519)
        } else {
            throw BadKey(description: "the DKIM key is no private key in PEM, of RSA or Ed25519")
        }
    }

    /// RFC 8410 7: the 32 bytes are the last of the structure.
    private static func ed25519Seed(_ pem: String) -> Data? {
        let body = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
        guard pem.contains("BEGIN PRIVATE KEY"), let der = Data(base64Encoded: body), der.count >= 48, der.range(of: Data([0x06, 0x03, 0x2B, 0x65, 0x70])) != nil, der[der.startIndex + 14] == 0x04 else { return nil }
        return der[(der.startIndex + 16)..<(der.startIndex + 48)]
    }

    /// The message with its signature before it. One that can't be signed goes out as it is.
    /// - Parameter message: with CRLF.
    package func sign(_ message: [UInt8], at seconds: Int64) -> [UInt8] {
        guard let end = Self.headerEnd(message) else { return message }
        let header = Self.headerFields(message[..<end])
        let bodyHash = Data(SHA256.hash(data: Self.relaxedBody(message[(end + 2)...]))).base64EncodedString()
        var names: [String] = []
        var signed: [UInt8] = []
        for name in Self.fields {
            let found = header.filter { $0.name == name }
            guard !found.isEmpty || name == "from" else { continue }
            for field in found.reversed() {
                names.append(name)
                signed += field.canonical + [13, 10]
            }
            names.append(name)
        }
        let algorithm = if case .rsa = key { "rsa-sha256" } else { "ed25519-sha256" }
        let value = "v=1; a=\(algorithm); c=relaxed/relaxed; d=\(domain); s=\(selector); t=\(seconds); h=\(names.joined(separator: ":")); bh=\(bodyHash); b="
        // A field that is named once more than it stands signs that it isn't there: it adds nothing.
        signed += Array("dkim-signature:\(value)".utf8)
        guard let signature = signature(of: signed) else { return message }
        return Array("DKIM-Signature: \(Self.folded(value))\(Self.folded(signature))\r\n".utf8) + message
    }

    private func signature(of bytes: [UInt8]) -> String? {
        let digest = SHA256.hash(data: bytes)
        switch key {
        case .ed25519(let key): return try? key.signature(for: Data(digest)).base64EncodedString()
        case .rsa(let key): return try? key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation.base64EncodedString()
        }
    }

    // MARK: Canonical forms (RFC 6376 3.4)

    private static func headerEnd(_ message: [UInt8]) -> Int? {
        var at = 0
        while at + 3 < message.count {
            if message[at] == 13, message[at + 1] == 10, message[at + 2] == 13, message[at + 3] == 10 { return at + 2 }
            at += 1
        }
        return nil
    }

    private static func headerFields(_ header: ArraySlice<UInt8>) -> [(name: String, canonical: [UInt8])] {
        var fields: [[UInt8]] = []
        for line in header.split(separator: 10) {
            let line = line.last == 13 ? line.dropLast() : line
            if let first = line.first, first == 32 || first == 9, !fields.isEmpty { fields[fields.count - 1] += line } else { fields.append(Array(line)) }
        }
        return fields.compactMap { field in
            guard let colon = field.firstIndex(of: 58) else { return nil }
            let name = String(decoding: field[..<colon].filter { $0 != 32 && $0 != 9 }, as: UTF8.self).lowercased()
            return (name, Array("\(name):".utf8) + squeezed(field[(colon + 1)...], trimsStart: true))
        }
    }

    /// White space is one blank, and none at the end.
    private static func squeezed(_ bytes: ArraySlice<UInt8>, trimsStart: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var blank = false
        for byte in bytes {
            if byte == 32 || byte == 9 { blank = true; continue }
            if blank, !(trimsStart && result.isEmpty) { result.append(32) }
            blank = false
            result.append(byte)
        }
        return result
    }

    private static func relaxedBody(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var empty = 0
        for line in body.split(separator: 10, omittingEmptySubsequences: false) {
            let text = squeezed(line.last == 13 ? line.dropLast() : line, trimsStart: false)
            if text.isEmpty { empty += 1; continue }
            for _ in 0..<empty { result += [13, 10] }
            empty = 0
            result += text + [13, 10]
        }
        return result
    }

    /// Folded so that no line is long; relaxed canonicalisation takes the folds for blanks, and a tag's value may have them.
    private static func folded(_ value: String) -> String {
        var result = "", length = 16
        if value.contains(";") {
            // At blanks between tags alone: there a blank stands already.
            for word in value.split(separator: " ", omittingEmptySubsequences: false) {
                if !result.isEmpty {
                    result += length + word.utf8.count > 76 ? "\r\n " : " "
                    length = length + word.utf8.count > 76 ? 1 : length + 1
                }
                result += word
                length += word.utf8.count
            }
            return result
        }
        // The signature itself is taken out before it is checked, blanks and all.
        for (index, character) in value.enumerated() {
            if index % 70 == 0 { result += "\r\n " }
            result.append(character)
        }
        return result
    }
}
