/// A language in which the desk speaks to who reads a page: the phrases by their English text, how dates and times are written, and which way
/// the writing runs.
///
/// It belongs to the reader and takes part in no decision, so it travels with the task that answers and is passed through no function. What is
/// recorded, sent to others, told to programs or logged is English, or has words of its own (`MailWords`).
package final class Tongue: Sendable {
    @TaskLocal package static var current: Tongue = .english

    package static let english = Tongue(code: "en", name: "English")

    /// As `lang` in HTML has it.
    package let code: String
    /// As its speakers call it.
    package let name: String
    package let isRightToLeft: Bool
    package let writing: Writing
    /// By the English text, whose holes are `{1}`, `{2}` …; a translation may order them otherwise.
    package let phrases: [String: String]

    package init(code: String, name: String, isRightToLeft: Bool = false, writing: Writing = .english, phrases: [String: String] = [:]) {
        self.code = code
        self.name = name
        self.isRightToLeft = isRightToLeft
        self.writing = writing
        self.phrases = phrases
    }

    package var isEnglish: Bool { self === Tongue.english }

    /// What has no translation stays English.
    package func phrase(_ english: String) -> String { phrases[english] ?? english }

    /// Carries out what depends on no reader: all that is stored or sent is English, or has its own words.
    package static func inEnglish<T>(_ body: () throws -> T) rethrows -> T {
        current.isEnglish ? try body() : try $current.withValue(.english, operation: body)
    }

    /// How days, times and numbers are written.
    package final class Writing: Sendable {
        /// From Monday.
        package let weekdays: [String]
        package let shortWeekdays: [String]
        package let months: [String]
        package let shortMonths: [String]
        /// "." in `13. März`
        package let afterDay: String
        /// "," in `Freitag, 13. März`
        package let afterWeekday: String
        /// " de " in `13 de marzo`
        package let beforeMonth: String
        /// " Uhr" in `Freitag, 13. März, 12:06 Uhr`
        package let afterTime: String
        /// "m" in `10 h 24 m`
        package let minutes: String
        /// "," in `23,5`
        package let decimal: String
        /// "in" in `Fri 12:06 in Dallas`
        package let within: String
        /// "and" in `a, b and c`
        package let and: String
        /// Nouns keep their capital inside a sentence.
        package let capitalNouns: Bool

        package init(
            weekdays: [String] = TimeWords.weekdays, shortWeekdays: [String] = TimeWords.shortWeekdays, months: [String] = TimeWords.months, shortMonths: [String] = TimeWords.shortMonths,
            afterDay: String = "", afterWeekday: String = "", beforeMonth: String = " ", afterTime: String = "", minutes: String = "m", decimal: String = ".", within: String = "in", and: String = "and",
            capitalNouns: Bool = false
        ) {
            self.weekdays = weekdays
            self.shortWeekdays = shortWeekdays
            self.months = months
            self.shortMonths = shortMonths
            self.afterDay = afterDay
            self.afterWeekday = afterWeekday
            self.beforeMonth = beforeMonth
            self.afterTime = afterTime
            self.minutes = minutes
            self.decimal = decimal
            self.within = within
            self.and = and
            self.capitalNouns = capitalNouns
        }

        package static let english = Writing()
    }

    /// Hands the pieces of a phrase on in order: text as it is, and the number of a hole, from 0.
    package static func pieces(_ phrase: String, holes: Int, text: (Substring.UTF8View) -> Void, hole: (Int) -> Void) {
        let utf8 = phrase.utf8
        var start = utf8.startIndex, at = start
        while let open = utf8[at...].firstIndex(of: UInt8(ascii: "{")) {
            var end = utf8.index(after: open), number = 0
            while end < utf8.endIndex, case let digit = utf8[end], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), number < 100 {
                number = number * 10 + Int(digit - UInt8(ascii: "0"))
                end = utf8.index(after: end)
            }
            guard end < utf8.endIndex, utf8[end] == UInt8(ascii: "}"), (1...holes).contains(number) else {
                at = utf8.index(after: open)
                continue
            }
            text(phrase[start..<open].utf8)
            hole(number - 1)
            start = utf8.index(after: end)
            at = start
        }
        text(phrase[start...].utf8)
    }
}

/// A phrase in the reader's language: `say("It was due \(due).")`. In the catalogues of the languages its name is the English text with its holes
/// numbered, "It was due {1}."; a test asserts that each has it.
package func say(_ said: Said) -> String { said.text }

/// What `say` takes: a literal, written out where it stands.
package struct Said: ExpressibleByStringInterpolation {
    package let text: String

    package init(stringLiteral value: String) {
        let tongue = Tongue.current
        text = tongue.isEnglish ? value : tongue.phrase(value)
    }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.finished }

    package struct StringInterpolation: StringInterpolationProtocol {
        private let tongue = Tongue.current
        /// English: the text itself; else its name.
        private var text = ""
        private var holes: [String] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 8)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ hole: String) {
            if tongue.isEnglish { text += hole } else {
                holes.append(hole)
                text += "{\(holes.count)}"
            }
        }
        package mutating func appendInterpolation(_ hole: Substring) { appendInterpolation(String(hole)) }
        package mutating func appendInterpolation(_ hole: some BinaryInteger) { appendInterpolation(String(hole)) }

        fileprivate var finished: String {
            if tongue.isEnglish { return text }
            return Phrase.filled(tongue.phrase(text), holes)
        }
    }
}

/// A phrase that is said later, in the language of whoever reads it then: what a refusal holds, which is thrown where nobody knows its reader.
package struct Phrase: ExpressibleByStringInterpolation, Hashable, Sendable {
    fileprivate enum Hole: Hashable, Sendable {
        case text(String)
        case phrase(Phrase)

        var text: String {
            switch self {
            case .text(let text): text
            case .phrase(let phrase): phrase.text
            }
        }
    }

    /// The English text with numbered holes; empty for what stands as it is.
    private let name: String
    private let holes: [Hole]

    package init(stringLiteral value: String) {
        name = value
        holes = []
    }

    package init(stringInterpolation: StringInterpolation) {
        name = stringInterpolation.name
        holes = stringInterpolation.holes
    }

    /// A text in no language of ours: what somebody wrote, or what was put together already.
    package init(asIs text: String) {
        name = ""
        holes = [.text(text)]
    }

    /// In the language of the present reader.
    package var text: String {
        if name.isEmpty { return holes.first?.text ?? "" }
        let phrase = Tongue.current.phrase(name)
        return holes.isEmpty ? phrase : Self.filled(phrase, holes.map(\.text))
    }

    fileprivate static func filled(_ phrase: String, _ holes: [String]) -> String {
        var text = ""
        Tongue.pieces(phrase, holes: holes.count, text: { text += String(Substring($0)) }, hole: { text += holes[$0] })
        return text
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var name = ""
        fileprivate var holes: [Hole] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { name += literal }
        package mutating func appendInterpolation(_ hole: String) { append(.text(hole)) }
        package mutating func appendInterpolation(_ hole: Substring) { append(.text(String(hole))) }
        package mutating func appendInterpolation(_ hole: some BinaryInteger) { append(.text(String(hole))) }
        package mutating func appendInterpolation(_ hole: Phrase) { append(.phrase(hole)) }

        private mutating func append(_ hole: Hole) {
            holes.append(hole)
            name += "{\(holes.count)}"
        }
    }
}
