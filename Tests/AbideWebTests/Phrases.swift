import Foundation

/// The phrases that the sources say: the literals of `say(…)`, `\(say: …)` and `HTML(say: …)`, and those of refusals, which are said when they are read.
enum Phrases {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// Of all that pages show. The API speaks English; the language of searches, which stands among it, is typed on pages too.
    static func ofSources() throws -> Set<String> {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
        var found: Set<String> = []
        for target in ["AbideCore", "AbideDesk", "AbideWeb"] {
            for file in FileManager.default.enumerator(at: sources.appendingPathComponent(target), includingPropertiesForKeys: nil) ?? .init() {
                guard let file = file as? URL, file.pathExtension == "swift", file.lastPathComponent != "Tongue.swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                do { found.formUnion(try of(text, refusals: !file.path.contains("/API/") || file.lastPathComponent == "ListQuery.swift")) } catch let fault as Fault {
                    throw Fault(description: "\(file.lastPathComponent): \(fault)")
                }
            }
        }
        for name in ["app.js", "composer.js"] {
            let script = try String(contentsOf: sources.appendingPathComponent("AbideWeb/Assets/\(name)"), encoding: .utf8)
            found.formUnion(script.matches(of: /\bsay\("([^"]+)"/).map { String($0.1) })
        }
        return found
    }

    static func of(_ source: String, refusals: Bool = true) throws -> Set<String> {
        let text = Array(source.utf8)
        var scan = Scan(text: text)
        scan.code(from: 0, until: nil)
        var found: Set<String> = []
        for literal in scan.literals {
            let before = text[max(0, literal.start - 40)..<literal.start]
            if ends(before, with: "say: ") || (ends(before, with: "say(") && !ends(before, with: ".say(")) { found.insert(literal.name) }
        }
        // A phrase that is no literal could not be found: it has to be written out.
        for place in source.matches(of: #/(?:\bsay: |[^.\w]say\()(?!")[^\n]{0,40}/#) where !place.0.contains("say(_") && !String(source[..<place.range.lowerBound]).hasSuffix("func") && !source[place.range].contains("say: Said") && !source[place.range].contains("say: said") {
            if !isComment(source, place.range.lowerBound) { throw Fault(description: "\(place.0): say takes a literal") }
        }
        if refusals { found.formUnion(scan.refusals()) }
        return found
    }

    private static func ends(_ bytes: ArraySlice<UInt8>, with suffix: String) -> Bool { bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    private static func isComment(_ source: String, _ at: String.Index) -> Bool {
        let line = source[..<at].lastIndex(of: "\n").map { source[source.index(after: $0)..<at] } ?? source[..<at]
        return line.contains("//")
    }

    struct Literal {
        var start: Int
        var end: Int
        /// With numbered holes.
        var name: String
    }

    /// Goes through Swift text far enough to know what is a literal and what is inside of it.
    struct Scan {
        let text: [UInt8]
        var literals: [Literal] = []

        init(text: [UInt8]) { self.text = text }

        private func has(_ word: StaticString, at index: Int) -> Bool {
            word.withUTF8Buffer { word in index + word.count <= text.count && text[index..<index + word.count].elementsEqual(word) }
        }

        /// - Returns: where the bracket closes that was open, or the end.
        @discardableResult
        mutating func code(from: Int, until: UInt8?) -> Int {
            var index = from, depth = 0
            while index < text.count {
                if has("//", at: index) {
                    index = text[index...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
                    continue
                }
                // A regular expression or a raw text holds no phrase.
                if has("#\"", at: index) || has("#/", at: index) {
                    let end: [UInt8] = [text[index + 1], UInt8(ascii: "#")]
                    index += 2
                    while index + 1 < text.count, text[index..<index + 2].elementsEqual(end) == false { index += 1 }
                    index += 2
                    continue
                }
                if text[index] == UInt8(ascii: "\"") {
                    index = literal(from: index)
                    continue
                }
                if text[index] == UInt8(ascii: "(") { depth += 1 }
                if text[index] == UInt8(ascii: ")") {
                    if depth == 0, until != nil { return index }
                    depth -= 1
                }
                index += 1
            }
            return index
        }

        /// - Returns: the place after it.
        mutating func literal(from start: Int) -> Int {
            let isLong = has("\"\"\"", at: start)
            var index = start + (isLong ? 3 : 1), name: [UInt8] = [], holes = 0
            while index < text.count {
                if isLong ? has("\"\"\"", at: index) : text[index] == UInt8(ascii: "\"") {
                    index += isLong ? 3 : 1
                    break
                }
                if has("\\(", at: index) {
                    holes += 1
                    name += Array("{\(holes)}".utf8)
                    index = code(from: index + 2, until: UInt8(ascii: ")")) + 1
                } else if text[index] == UInt8(ascii: "\\"), index + 1 < text.count {
                    name.append(text[index + 1] == UInt8(ascii: "n") ? UInt8(ascii: "\n") : text[index + 1])
                    index += 2
                } else {
                    name.append(text[index])
                    index += 1
                }
            }
            literals.append(Literal(start: start, end: index, name: String(decoding: name, as: UTF8.self)))
            return index
        }

        /// The literals where a `Phrase` is expected: in the first argument after the kind of a refusal, the problem of a field, and where one is returned.
        func refusals() -> Set<String> {
            let byStart = Dictionary(literals.map { ($0.start, $0) }, uniquingKeysWith: { a, _ in a })
            let source = String(decoding: text, as: UTF8.self)
            var found: Set<String> = []
            for match in source.matches(of: #/Refusal\(\.[a-z]+, |\.input\(|PlainError\(\d+, |faults\[|\bmay: |ErrorAnswer\(\d+, |self\.init\(\d+, |(?:->|:) Phrase\??\s*\{|: Phrase = /#) {
                let kind = match.0
                let isField = kind.hasPrefix(".input"), isFault = kind.hasPrefix("faults"), isBody = kind.hasSuffix("{"), isLine = isFault || kind.hasSuffix("= ")
                var index = source.utf8.distance(from: source.startIndex, to: match.range.upperBound), depth = 0, commas = 0, isSet = !isFault
                while index < text.count {
                    let byte = text[index]
                    if byte == UInt8(ascii: "\""), let literal = byStart[index] {
                        let before = String(decoding: text[max(0, index - 12)..<index], as: UTF8.self)
                        let isValue = before.hasSuffix("]: ") || before.hasSuffix("\": ")
                        let isWanted = isBody ? before.contains(#/(return |: |\? |\{ )$/#) : isField ? (commas == 1 && depth == 0) || (depth == 1 && isValue) : isSet && commas == 0 && depth == 0
                        if isWanted, !literal.name.isEmpty, !before.hasSuffix("clause: ") { found.insert(literal.name) }
                        index = literal.end
                        continue
                    }
                    if [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{")].contains(byte) { depth += 1 }
                    if [UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(byte) {
                        depth -= 1
                        if isFault, !isSet, depth < 0 {
                            guard index + 3 < text.count, text[index + 2] == UInt8(ascii: "=") else { break }
                            depth = 0
                            isSet = true
                        } else if depth < 0 { break }
                    }
                    if byte == UInt8(ascii: ","), depth == 0 { commas += 1 }
                    if byte == UInt8(ascii: "\n"), isLine { break }
                    index += 1
                }
            }
            return found
        }
    }
}
