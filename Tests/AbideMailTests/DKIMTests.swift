import AbideMail
import Crypto
import Foundation
import Testing

@Suite("DKIM")
struct DKIMTests {
    static let message = Array("From: Desk  <support@abide.example>\r\nTo: anna@client.example\r\nSubject: Ticket\r\n\tABD-1\r\nX-Other: x\r\n\r\nHello  there \r\n\r\nBye\r\n\r\n\r\n".utf8)

    @Test("RFC 8463 an Ed25519 signature checks out over the relaxed header and body")
    func ed25519() throws {
        let key = Curve25519.Signing.PrivateKey()
        let der = Data([0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]) + key.rawRepresentation
        let signer = try DKIMSigner(domain: "abide.example", selector: "s1", pem: "-----BEGIN PRIVATE KEY-----\n\(der.base64EncodedString())\n-----END PRIVATE KEY-----\n")
        let signed = signer.sign(Self.message, at: 1_772_439_330)
        #expect(Array(signed.suffix(Self.message.count)) == Self.message)
        let field = String(decoding: signed.dropLast(Self.message.count), as: UTF8.self)
        #expect(field.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 })
        let flat = field.replacing("\r\n", with: "")
        let value = try #require(flat.firstRange(of: "b=", from: "bh=").map { String(flat[..<$0.upperBound]) })
        let signature = try #require(Data(base64Encoded: flat[value.endIndex...].filter { $0 != " " }))
        let bodyHash = Data(SHA256.hash(data: Data("Hello there\r\n\r\nBye\r\n".utf8))).base64EncodedString()
        #expect(value.contains("bh=\(bodyHash);"))
        #expect(value.contains("h=from:from:to:to:subject:subject;"))
        let canonical = "from:Desk <support@abide.example>\r\nto:anna@client.example\r\nsubject:Ticket ABD-1\r\ndkim-signature:" + value.dropFirst("DKIM-Signature: ".count)
        #expect(key.publicKey.isValidSignature(signature, for: Data(SHA256.hash(data: Data(canonical.utf8)))))
    }

    @Test("a key that is none, or too short, is refused by name")
    func badKeys() {
        #expect(throws: DKIMSigner.BadKey.self) { try DKIMSigner(domain: "abide.example", selector: "s1", pem: "nonsense") }
        #expect(throws: DKIMSigner.BadKey.self) { try DKIMSigner(domain: "abide example", selector: "s1", pem: "") }
    }
}

extension String {
    /// The first place of `word` behind the first place of `start`'s value.
    fileprivate func firstRange(of word: String, from start: String) -> Range<String.Index>? {
        guard let begin = range(of: start), let end = range(of: ";", range: begin.upperBound..<endIndex) else { return nil }
        return range(of: word, range: end.upperBound..<endIndex)
    }
}
