import AbideCore

/// What a password must be (ASVS 6.2): long enough, and none of those that are tried first. No other rule: length is what protects.
package enum PasswordRule {
    package static let shortest = 10

    package static func check(_ password: String) throws {
        if let fault = fault(password) { throw Refusal.input("password", fault) }
    }

    static func fault(_ password: String) -> String? {
        if password.unicodeScalars.count < shortest { return "At least \(shortest) characters. A few words in a row are easy to keep in mind." }
        if password.utf8.count > Passwords.longest { return "At most \(Passwords.longest) bytes." }
        let lower = password.lowercased()
        if Set(lower).count < 4 { return "This is too easy to guess: it repeats itself." }
        // What lists of leaked passwords begin with: one word of theirs, with figures or marks around it.
        // A year at its end is no letter in disguise.
        let trimmed = Array(lower.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed())
        let core = String(trimmed.map { leet[$0] ?? $0 }.filter(\.isLetter))
        let letters = String(lower.filter(\.isLetter))
        if common.contains(core) || common.contains(letters) || common.contains(where: { core == $0 + $0 }) { return "This is one of the passwords that are tried first. Take another." }
        if letters.isEmpty { return "Figures alone are too easy to guess. Add some words." }
        return nil
    }

    private static let leet: [Character: Character] = ["0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"]

    private static let common: Set<String> = [
        "password", "passwort", "passwd", "pass", "qwerty", "qwertz", "qwertyuiop", "qwertzuiop", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "abc", "abcd", "abcdef", "abcdefg", "abcdefgh",
        "letmein", "welcome", "willkommen", "admin", "administrator", "root", "login", "master", "monkey", "dragon", "football", "baseball", "basketball", "superman", "batman", "sunshine",
        "princess", "shadow", "michael", "jennifer", "jordan", "hunter", "trustno", "iloveyou", "ilove", "secret", "summer", "winter", "spring", "autumn", "test", "testtest", "tester", "guest",
        "changeme", "default", "computer", "internet", "starwars", "pokemon", "freedom", "whatever", "ashley", "charlie", "daniel", "andrew", "thomas", "robert", "michelle", "nicole", "jessica",
        "hello", "hallo", "helloworld", "liverpool", "chelsea", "arsenal", "killer", "soccer", "hockey", "george", "matthew", "joshua", "maggie", "pepper", "ginger", "cookie", "flower", "chocolate",
        "buster", "tigger", "purple", "orange", "banana", "samsung", "google", "facebook", "linkedin", "mustang", "corvette", "ferrari", "mercedes", "support", "helpdesk", "service", "abide",
    ]
}
