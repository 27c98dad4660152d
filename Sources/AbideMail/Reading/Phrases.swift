/// Phrases that texts are looked through for, all in one go; by bytes of UTF-8, since every line of every mail is asked.
struct Phrases: ExpressibleByArrayLiteral, Sendable {
    private var buckets = [[[UInt8]]](repeating: [], count: 256)

    init(_ phrases: [String]) {
        for phrase in phrases { buckets[Int(phrase.utf8.first ?? 0)].append(Array(phrase.utf8)) }
    }

    init(arrayLiteral phrases: String...) { self.init(phrases) }

    /// Whether one of them begins the text.
    func begin(_ text: some RandomAccessCollection<UInt8>) -> Bool {
        text.withContiguousStorageIfAvailable { text in !text.isEmpty && length(at: 0, of: text) != nil } ?? false
    }

    /// Whether the text is one of them.
    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        return buckets[Int(first)].contains { $0.count == text.count && matches($0, 0, text) }
    }

    func contains(_ text: [UInt8]) -> Bool { text.withUnsafeBufferPointer { contains($0) } }

    func end(_ text: [UInt8]) -> Bool { buckets.contains { $0.contains { text.count >= $0.count && text.suffix($0.count).elementsEqual($0) } } }

    /// Where the first of them stands.
    func find(in text: some RandomAccessCollection<UInt8>) -> Range<Int>? {
        text.withContiguousStorageIfAvailable { text -> Range<Int>? in
            for at in text.indices { if let length = length(at: at, of: text) { return at..<at + length } }
            return nil
        } ?? nil
    }

    func stand(in text: some RandomAccessCollection<UInt8>) -> Bool { find(in: text) != nil }

    /// Where one of them stands with no letter right before or behind it.
    func findWord(in text: [UInt8]) -> Range<Int>? {
        text.withUnsafeBufferPointer { text in
            for at in text.indices where at == 0 || !Bytes.isLetter(text[at - 1]) {
                for phrase in buckets[Int(text[at])] where matches(phrase, at, text) {
                    let end = at + phrase.count
                    if end == text.count || !Bytes.isLetter(text[end]) { return at..<end }
                }
            }
            return nil
        }
    }

    private func length(at: Int, of text: UnsafeBufferPointer<UInt8>) -> Int? {
        for phrase in buckets[Int(text[at])] where matches(phrase, at, text) { return phrase.count }
        return nil
    }

    private func matches(_ phrase: [UInt8], _ at: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard at + phrase.count <= text.count else { return false }
        var index = 1
        while index < phrase.count, text[at + index] == phrase[index] { index += 1 }
        return index >= phrase.count
    }
}

enum Bytes {
    /// A letter, or a byte of one outside ASCII.
    static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte >= 0x80 }
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    static func trimmed(_ text: [UInt8], _ unwanted: (UInt8) -> Bool) -> [UInt8] {
        guard let start = text.firstIndex(where: { !unwanted($0) }), let end = text.lastIndex(where: { !unwanted($0) }) else { return [] }
        return Array(text[start...end])
    }
}
