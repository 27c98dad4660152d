/// HTML with its long stretches of words shortened to one character each, for the parser to work on: it takes every character by itself,
/// while where an element begins or ends depends on words only by there being some.
///
/// A stretch is letters, digits, inner blanks and a few signs that mean nothing to HTML where they stand, so that whoever reads the shortened
/// source finds the same tags in it. Its character is one of private use (U+F0000 on); a source that has such itself is left as it is.
struct HTMLRuns {
    private static let shortest = 8
    private static let most = 60_000

    /// What the parser gets.
    private(set) var shortened: [UInt8] = []
    private var original: [UInt8] = []
    /// In `original`.
    private var runs: [Range<Int>] = []

    static let none = HTMLRuns()

    private init() {}

    /// - Parameter shortens: false leaves the source as it is, for the tests to compare with.
    init(_ source: [UInt8], shortens: Bool = true) {
        original = source
        guard shortens, !source.withUnsafeBufferPointer({ Self.namesPrivate($0) }) else {
            shortened = source
            return
        }
        shortened.reserveCapacity(source.count)
        source.withUnsafeBufferPointer { shorten($0) }
    }

    /// The stretch that a character of the shortened source stands for; it is four bytes long there.
    func run<Result>(at place: Int, of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard text[place] == 0xF3, place + 3 < text.count, text[place + 1] >= 0xB0 else { return nil }
        let number = Int(text[place + 1] & 0x0F) << 12 | Int(text[place + 2] & 0x3F) << 6 | Int(text[place + 3] & 0x3F)
        guard number < runs.count else { return nil }
        return original.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[runs[number]])) }
    }

    /// The text with each such character replaced by its stretch.
    func whole(_ text: UnsafeBufferPointer<UInt8>) -> String {
        guard !runs.isEmpty, text.contains(0xF3) else { return String(decoding: text, as: UTF8.self) }
        var result: [UInt8] = []
        var at = 0
        while at < text.count {
            if run(at: at, of: text, { result.append(contentsOf: $0) }) != nil {
                at += 4
            } else {
                result.append(text[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Letters, digits, `.,;:()?` and what is no ASCII; blanks between them.
    private static let isPlain: [Bool] = (0..<256).map { byte in
        byte >= 0x80 || byte == 32 || (48...59).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [40, 41, 44, 46, 63].contains(byte)
    }

    private mutating func shorten(_ source: UnsafeBufferPointer<UInt8>) {
        Self.isPlain.withUnsafeBufferPointer { isPlain in
            var at = 0, copied = 0
            while at < source.count {
                let byte = source[at]
                if byte == 60 {
                    at = Self.behindTag(source, at)
                    continue
                }
                if byte == 38 {
                    at = Self.behindReference(source, at)
                    continue
                }
                // A mark of the byte order stays the parser's; no character is cut in two.
                guard isPlain[Int(byte)], byte != 32, byte & 0xC0 != 0x80, at > 2 else {
                    at += 1
                    continue
                }
                let start = at
                var end = at
                while at < source.count, isPlain[Int(source[at])] {
                    if source[at] != 32 { end = at + 1 }
                    at += 1
                }
                guard end - start >= Self.shortest, runs.count < Self.most else { continue }
                shortened.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied..<start]))
                let number = runs.count
                shortened.append(0xF3)
                shortened.append(0xB0 | UInt8(truncatingIfNeeded: number >> 12))
                shortened.append(0x80 | UInt8(truncatingIfNeeded: number >> 6 & 0x3F))
                shortened.append(0x80 | UInt8(truncatingIfNeeded: number & 0x3F))
                runs.append(start..<end)
                copied = end
            }
            shortened.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...]))
        }
    }

    /// Whether it has a character of U+F0000 to U+FFFFF itself, or a reference to one.
    private static func namesPrivate(_ source: UnsafeBufferPointer<UInt8>) -> Bool {
        for at in source.indices {
            if source[at] == 0xF3, at + 1 < source.count, source[at + 1] >= 0xB0 { return true }
            guard source[at] == 38, at + 2 < source.count, source[at + 1] == 35 else { continue }
            let isHexadecimal = source[at + 2] | 0x20 == 120
            var number = 0, digit = isHexadecimal ? at + 3 : at + 2
            while digit < source.count, number <= 0x10_FFFF, let value = value(source[digit]), value < (isHexadecimal ? 16 : 10) {
                number = number * (isHexadecimal ? 16 : 10) + value
                digit += 1
            }
            // The parser may make anything of what is too large.
            if (0xF_0000...0xF_FFFF).contains(number) || number > 0x10_FFFF { return true }
        }
        return false
    }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...70: Int(byte) - 55
        case 97...102: Int(byte) - 87
        default: nil
        }
    }

    /// Behind "&amp;" or what may be one: its letters mean something.
    private static func behindReference(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var at = start + 1
        while at < source.count, source[at] == 35 || (48...57).contains(source[at]) || (97...122).contains(source[at] | 0x20) { at += 1 }
        return at < source.count && source[at] == 59 ? at + 1 : at
    }

    /// Behind a tag, comment or declaration; what is no tag is passed over by one byte. Where it takes too much for a tag, words merely stay
    /// as they are.
    private static func behindTag(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        guard start + 1 < source.count else { return source.count }
        let next = source[start + 1]
        if next == 33, start + 3 < source.count, source[start + 2] == 45, source[start + 3] == 45 {
            var at = start + 4
            while at + 2 < source.count, !(source[at] == 45 && source[at + 1] == 45 && source[at + 2] == 62) { at += 1 }
            return min(at + 3, source.count)
        }
        guard next == 33 || next == 47 || next == 63 || (97...122).contains(next | 0x20) else { return start + 1 }
        var at = start + 1
        HTMLBound.skipAttributes(source, &at)
        return at
    }
}

extension MailReader {
    /// Whether HTML reads the same with its words shortened for the parser as it does whole: what `HTMLRuns` promises.
    package static func readsAlike(html: String) -> Bool {
        let (shortened, whole) = (HTMLReader(html), HTMLReader(html, shortens: false))
        return shortened.html == whole.html && shortened.text == whole.text
    }
}
