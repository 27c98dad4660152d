import Yams

/// The YAML of an agreement file as a tree, or the faults that keep it from being one.
enum AgreementText {
    /// Longer files are refused unread; the standard agreement has some 10 KB.
    static let byteLimit = 1_048_576

    /// Marks the second of two equal keys, so that the rest can be read; a character for private use, which no key has.
    private static let setAside: UInt32 = 0xE000

    /// True for a key that was set aside as a duplicate and has its fault already.
    static func isSetAside(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first?.value else { return false }
        return first >= setAside && first < 0xF8FF
    }

    /// The tree, and the faults found on the way: bad syntax (then no tree) and keys that stand twice (with a tree).
    /// - Parameter offset: what is added to every line of the tree, so that the trees of several files can be told apart; faults name the file's own.
    static func parse(_ yaml: String, file: String, offset: Int = 0) -> (root: Node?, faults: [AgreementFault]) {
        guard yaml.utf8.count <= byteLimit else {
            return (nil, [AgreementFault(file: file, line: 1, column: 1, message: "the file is larger than 1 MB; an agreement has some 10 KB")])
        }
        // The parser keeps a pointer into the text; only a text too long for Swift's inline form lies at a fixed place.
        var text = String(repeating: "\n", count: offset) + yaml + String(repeating: "\n", count: 16)
        var faults: [AgreementFault] = []
        let lineCount = yaml.isEmpty ? 1 : yaml.split(separator: "\n", omittingEmptySubsequences: false).count
        func fault(_ line: Int, _ column: Int, _ message: String) {
            let line = line - offset
            let last = line > lineCount
            faults.append(AgreementFault(file: file, line: last ? lineCount : max(1, line), column: last ? 1 : max(1, column), message: message))
        }
        while true {
            do {
                let root = try Yams.compose(yaml: text)
                if root == nil { fault(1, 1, "the file is empty; an agreement begins with 'name:'") }
                return (root, faults)
            } catch let error as YamlError {
                switch error {
                case .duplicatedKeysInMapping(let keys, let context):
                    guard let key = keys.first, let mark = hide(key, after: context.mark, in: &text, number: faults.count) else {
                        fault(context.mark.line, context.mark.column, "\(keys.joined(separator: ", ")) stands twice here; each key may stand once")
                        return (nil, faults)
                    }
                    fault(mark.line, mark.column, "'\(key)' stands twice here, first in line \(context.mark.line - offset); each key may stand once")
                case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _), .composer(let context, let problem, let mark, _):
                    // Where something never ends, its beginning is the place to look at.
                    let place = problem.contains("end of stream") ? context?.mark ?? mark : mark
                    fault(place.line, place.column, "this is not YAML: \(problem); allowed are lines 'key: value', set in by spaces, and lists of '- ' entries")
                    return (nil, faults)
                case .reader(_, let offset, _, _):
                    let before = text.prefix(offset ?? 0)
                    let line = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                    fault(line.count, (line.last?.unicodeScalars.count ?? 0) + 1, "a character that cannot be read; allowed is text in UTF-8 without control characters")
                    return (nil, faults)
                default:
                    fault(1, 1, "the file cannot be read as YAML: it is nested too deeply; an agreement has five levels at most")
                    return (nil, faults)
                }
            } catch {
                fault(1, 1, "the file cannot be read as YAML; allowed is text in UTF-8")
                return (nil, faults)
            }
        }
    }

    /// Finds the second `key` of the mapping in which the first stands at `mark`, and renames it without moving anything else.
    private static func hide(_ key: String, after mark: Mark, in text: inout String, number: Int) -> (line: Int, column: Int)? {
        guard number < 200, let replacement = Unicode.Scalar(setAside + UInt32(number)) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        let word = Array(key.unicodeScalars)
        for index in lines.indices.dropFirst(mark.line - 1) {
            let line = lines[index]
            let isFirst = index == mark.line - 1
            // Block style: the same column. Flow style: further on in the same line.
            let starts = isFirst ? Array(max(0, mark.column)..<max(mark.column, line.count)) : [mark.column - 1]
            for start in starts where start + word.count < line.count && Array(line[start..<start + word.count]) == word {
                let after = line[(start + word.count)...].first { $0 != " " }
                let before = start == 0 ? nil : line[start - 1]
                guard after == ":", before.map({ " {,\"'".unicodeScalars.contains($0) }) ?? true else { continue }
                lines[index][start] = replacement
                text = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
                return (index + 1, start + 1)
            }
        }
        return nil
    }
}
