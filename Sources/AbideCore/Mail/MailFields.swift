/// Takes intake fields out of a text: lines `Name: value` whose label is known (A4).
///
/// - Parameter names: lower-cased label to field name, such as `"version": "version"` and `"betriebssystem": "os"`.
/// - Returns: the values by field name, the first that is not empty where a label comes twice; and the other lines, the description.
///   A known label without a value is a form left blank: no field, and no part of the description.
package func readFields(text: String, names: [String: String]) -> (fields: [String: String], rest: String) {
    var fields: [String: String] = [:]
    var rest: [Substring] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
        guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }),
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
