/// Takes intake fields out of a text: lines `Name: value` whose label is known (A4).
///
/// - Parameter names: lower-cased label to field name, such as `"version": "version"` and `"betriebssystem": "os"`.
/// - Returns: the values by field name, the first that is not empty where a label comes twice; and the other lines, the description.
///   A known label without a value is a form left blank: no field, and no part of the description.
package func readFields(text: String, names: [String: String]) -> (fields: [String: String], rest: String) {
    var fields: [String: String] = [:]
    var rest: [Substring] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
        // A label is short: most lines are told apart by their first bytes.
        guard line.utf8.prefix(240).contains(where: { $0 == UInt8(ascii: ":") || $0 == 0xEF }), let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }),
            let field = names[label(line[..<colon])]
        else {
            rest.append(line)
            continue
        }
        let value = trimmed(line[line.index(after: colon)...]) { $0.isWhitespace || $0 == "*" }
        if value.isEmpty { continue }
        if fields[field] == nil { fields[field] = String(value) } else { rest.append(line) }
    }
    let description = trimmed(Substring(rest.joined(separator: "\n")), of: \.isWhitespace)
    return (fields, String(description))
}

/// Marks of lists and of bold type, which mail programs put round a label, are no part of it.
private func label(_ text: Substring) -> String {
    trimmed(text) { $0.isWhitespace || "*-•·".contains($0) }.lowercased()
}

private func trimmed(_ text: Substring, of unwanted: (Character) -> Bool) -> Substring {
    guard let start = text.firstIndex(where: { !unwanted($0) }), let end = text.lastIndex(where: { !unwanted($0) }) else { return "" }
    return text[start...end]
}

/// A telephone number from the signature at the end of a mail: behind a word for telephone, or alone on its line with a country's code (A4).
package func readPhone(text: String) -> String? {
    let labelled = /^(?:tel|telefon|telephone|phone|fon|mobile|mobil|cell|handy|office|direct|t|p|m|ph)\.?\s*[:.]?\s*(\+?[\d(][\d\s().\/\-]{5,24}\d)\b/.ignoresCase()
    let alone = /^(\+\d[\d\s().\/\-]{6,24}\d)$/
    let lines = text.split(whereSeparator: \.isNewline).suffix(60).filter { !$0.hasPrefix(">") }.suffix(25)
    for line in lines.reversed() {
        let line = trimmed(line) { $0.isWhitespace || "*_|".contains($0) }
        guard line.count <= 80 else { continue }
        for piece in line.split(separator: "|") {
            let piece = trimmed(piece) { $0.isWhitespace }
            if let found = piece.firstMatch(of: labelled) ?? piece.firstMatch(of: alone), (7...15).contains(found.1.filter(\.isNumber).count) { return String(found.1) }
        }
    }
    return nil
}
