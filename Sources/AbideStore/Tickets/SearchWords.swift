import Foundation

/// Text cut into the words that are searched: letters and digits, lower case, without accents. Both engines are given words of this form alone.
package enum SearchWords {
    /// A word is looked at so far.
    private static let longest = 60
    /// So many bytes of a ticket's text are searched.
    static let mostBytes = 200_000

    /// - Parameter most: at most so many words.
    package static func split(_ text: String, most: Int = .max) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { words.append(String(decoding: word.prefix(longest), as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
        }
        var text = text
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = text.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil) }
        for scalar in text.unicodeScalars {
            guard words.count < most else { return words }
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: word.append(UInt8(scalar.value))
            case 0x41...0x5A: word.append(UInt8(scalar.value) + 32)
            case 0x80... where isOfWords(scalar): word.append(contentsOf: String(scalar).lowercased().utf8)
            default: end()
            }
        }
        if words.count < most { end() }
        return words
    }

    /// What FTS5 takes for a part of a word too.
    private static func isOfWords(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    static func text(_ parts: some Sequence<String>) -> String {
        var result = ""
        for part in parts {
            guard result.utf8.count < mostBytes else { break }
            for word in split(part) {
                if !result.isEmpty { result += " " }
                result += word
            }
        }
        return result
    }
}
