package import AbideCore

/// A person's second factor (RFC 6238), its secret sealed with a key that lies outside the database.
package struct SecondFactor: Sendable, Hashable {
    package var person: Int64
    package var sealed: String
    /// nil: offered, and not yet confirmed by a first code.
    package var confirmedAt: Instant?
    /// The last step of time whose code was taken: no code is taken twice.
    package var lastStep: Int64
}

extension Session {
    package func secondFactor(of person: Int64) throws -> SecondFactor? {
        try run("SELECT sealed, confirmed_at, last_step FROM second_factor WHERE person = $1", [.integer(person)]).first.map {
            SecondFactor(person: person, sealed: $0.text(0), confirmedAt: $0.int64(1) == 0 ? nil : $0.instant(1), lastStep: $0.int64(2))
        }
    }

    /// Offers a new secret; nil takes the second factor away, with its recovery codes.
    package func setSecondFactor(of person: Int64, sealed: String?) throws {
        try run("DELETE FROM recovery_code WHERE person = $1", [.integer(person)])
        try run("DELETE FROM second_factor WHERE person = $1", [.integer(person)])
        guard let sealed else { return }
        try run("INSERT INTO second_factor (person, sealed, confirmed_at, last_step) VALUES ($1, $2, 0, 0)", [.integer(person), .text(sealed)])
    }

    package func confirmSecondFactor(of person: Int64, at now: Instant, recovery hashes: [String]) throws {
        try run("UPDATE second_factor SET confirmed_at = $2 WHERE person = $1", [.integer(person), Value(now)])
        try run("DELETE FROM recovery_code WHERE person = $1", [.integer(person)])
        for hash in hashes { try run("INSERT INTO recovery_code (person, hash) VALUES ($1, $2)", [.integer(person), .text(hash)]) }
    }

    /// - Returns: false where a code of this step or a later one was taken already, on whatever node.
    package func useStep(_ step: Int64, of person: Int64) throws -> Bool {
        try !run("UPDATE second_factor SET last_step = $2 WHERE person = $1 AND last_step < $2 RETURNING person", [.integer(person), .integer(step)]).isEmpty
    }

    /// - Returns: false for a code that there is not, or not any more.
    package func useRecoveryCode(hash: String, of person: Int64) throws -> Bool {
        try !run("DELETE FROM recovery_code WHERE person = $1 AND hash = $2 RETURNING person", [.integer(person), .text(hash)]).isEmpty
    }

    package func recoveryCodes(of person: Int64) throws -> Int {
        try run("SELECT COUNT(*) FROM recovery_code WHERE person = $1", [.integer(person)]).first?.int(0) ?? 0
    }
}
