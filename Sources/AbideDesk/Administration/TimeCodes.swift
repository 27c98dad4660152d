import Crypto
import Foundation

/// Time-based one-time codes (RFC 6238: HMAC-SHA-1, 30 seconds, six digits), as every authenticator makes them.
package enum TimeCodes {
    static let stepSeconds: Int64 = 30

    package static func code(_ secret: [UInt8], step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Array($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let number = (UInt32(mac[offset] & 127) << 24 | UInt32(mac[offset + 1]) << 16 | UInt32(mac[offset + 2]) << 8 | UInt32(mac[offset + 3])) % 1_000_000
        let digits = String(number)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step whose code this is: the present one or a neighbour, since clocks differ (RFC 6238 5.2). nil: none.
    static func step(of code: String, _ secret: [UInt8], now: Int64) -> Int64? {
        let present = now / stepSeconds
        return [present, present - 1, present + 1].first { self.code(secret, step: $0) == code }
    }

    /// RFC 4648, without padding: as authenticators take a secret typed by hand.
    package static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = "", buffer = 0, bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }
}
