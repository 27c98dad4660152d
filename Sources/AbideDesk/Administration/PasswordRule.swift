import AbideCore
import CZxcvbn

/// What a password must be (ASVS 6.2): long enough, and none of those that are tried first. No other rule: length is what protects.
package enum PasswordRule {
    package static let shortest = 10
    /// Thirty million tries. The three thousand commonest passwords take twelve bits; with figures and marks around them, or in place of letters, some twenty.
    static let fewestBits = 25.0

    package static func check(_ password: String, about words: [String] = []) throws {
        if let fault = fault(password, about: words) { throw Refusal.input("password", fault) }
    }

    /// Why it is not taken, in words for its owner; nil: it is.
    /// - Parameter words: what is known of its owner, as name, address and company: it is tried early.
    package static func fault(_ password: String, about words: [String] = []) -> Phrase? {
        if password.unicodeScalars.count < shortest { return "At least \(shortest) characters. A few words in a row are easy to keep in mind." }
        if password.utf8.count > Passwords.longest { return "At most \(Passwords.longest) bytes." }
        // Read as text of C, in which it would end there.
        if password.utf8.contains(0) { return "A password has no zero bytes." }
        let known = near + words.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init) }.filter { $0.utf8.count >= 3 && $0.utf8.count <= 100 }
        return bits(password, known) < fewestBits ? "This is one of the passwords that are tried first. Take another: a few words that have nothing to do with each other, for example." : nil
    }

    /// How many tries it takes, as their logarithm to the base two.
    private static func bits(_ password: String, _ known: [String]) -> Double {
        let words = known.map { word in
            word.withCString { text in
                let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.utf8.count + 1)
                copy.update(from: text, count: word.utf8.count + 1)
                return copy
            }
        }
        defer { words.forEach { $0.deallocate() } }
        var list = words.map { Optional(UnsafePointer($0)) } + [nil]
        return ZxcvbnMatch(password, &list, nil)
    }

    /// What people take at a desk like this, and what the library's English lists don't have.
    private static let near = [
        "abide", "support", "helpdesk", "service", "desk", "passwort", "kennwort", "geheim", "willkommen", "hallo", "sommer", "herbst", "frühling", "qwertz", "qwertzuiop", "schatz", "contraseña", "contrasena", "clave", "bienvenido", "hola", "verano",
        "invierno", "primavera",
    ]
}
