import Crypto
import CryptoExtras
import Foundation

/// Random secrets, their hashes, and passwords.
package enum Secrets {
    package static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A token of 256 bits, as hex.
    package static func token() -> String { random(32).hex }

    /// SHA-256 in hex.
    package static func digest(_ bytes: [UInt8]) -> String { Array(SHA256.hash(data: bytes)).hex }
}

/// Passwords by scrypt (N=2^15, r=8, p=3: 32 MiB each); never more than two at a time, so that sign-ins can't exhaust the memory.
package actor Passwords {
    /// ASVS 6.2.9: 64 characters and more are accepted, a megabyte is not hashed.
    package static let longest = 256

    private let rounds: Int
    private let lanes: Int
    private var busy = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter rounds: scrypt's N; tests take a small one.
    package init(rounds: Int = 1 << 15, lanes: Int = 3) {
        self.rounds = rounds
        self.lanes = lanes
    }

    /// `scrypt$N$r$p$salt$key`, all that checking needs.
    package func hash(_ password: String) async throws -> String {
        let salt = Secrets.random(16)
        let key = try await derive(password, salt: salt, rounds: rounds, lanes: lanes)
        return "scrypt$\(rounds)$8$\(lanes)$\(salt.hex)$\(key.hex)"
    }

    /// Takes as long for an unknown person (`stored` nil) as for a wrong password.
    package func check(_ password: String, stored: String?) async throws -> Bool {
        guard password.utf8.count <= Self.longest else { return false }
        let parts = (stored ?? "").split(separator: "$").map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let lanes = Int(parts[3]), let salt = Self.bytes(parts[4]) else {
            _ = try await derive(password, salt: [UInt8](repeating: 0, count: 16), rounds: rounds, lanes: lanes)
            return false
        }
        let key = try await derive(password, salt: salt, rounds: rounds, lanes: lanes).hex
        return zip(key.utf8, parts[5].utf8).reduce(UInt8(key.utf8.count == parts[5].utf8.count ? 0 : 1)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func derive(_ password: String, salt: [UInt8], rounds: Int, lanes: Int) async throws -> [UInt8] {
        while busy >= 2 { await withCheckedContinuation { waiting.append($0) } }
        busy += 1
        defer {
            busy -= 1
            if !waiting.isEmpty { waiting.removeFirst().resume() }
        }
        return try await withCheckedThrowingContinuation { done in
            DispatchQueue.global(qos: .userInitiated).async {
                done.resume(with: Result {
                    let key = try KDF.Scrypt.deriveKey(from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: lanes)
                    return key.withUnsafeBytes { [UInt8]($0) }
                })
            }
        }
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { bytes, index in
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                bytes = nil
                return
            }
            bytes?.append(byte)
        }
    }
}
