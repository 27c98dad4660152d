/// `@Priya Nair` in an internal note calls a colleague.
package enum Mention {
    /// Who is called, in the order in which they are, each once: by the whole name, by the part of the address before its `@`, or by a first name that only one has.
    /// - Parameter staff: those who can be called.
    package static func people(in text: String, staff: [(id: Int64, name: String, email: String)]) -> [Int64] {
        guard text.contains("@") else { return [] }
        var names: [(text: [Character], id: Int64)] = []
        var firstNames: [String: [Int64]] = [:]
        for one in staff {
            names.append((Array(one.name.lowercased()), one.id))
            if let local = one.email.split(separator: "@").first { names.append((Array(local.lowercased()), one.id)) }
            if let first = one.name.split(separator: " ").first { firstNames[first.lowercased(), default: []].append(one.id) }
        }
        for (name, ids) in firstNames { if ids.count == 1, let id = ids.first { names.append((Array(name), id)) } }
        // The longest name that fits is meant: `@Priya Nair` is not `@Priya`.
        names.sort { $0.text.count > $1.text.count }
        var found: [Int64] = []
        let characters = Array(text.lowercased())
        for at in characters.indices where characters[at] == "@" && (at == 0 || !isName(characters[at - 1])) {
            let rest = characters[(at + 1)...]
            guard let name = names.first(where: { name in !name.text.isEmpty && rest.starts(with: name.text) && !(rest.dropFirst(name.text.count).first.map(isName) ?? false) }) else { continue }
            if !found.contains(name.id) { found.append(name.id) }
        }
        return found
    }

    private static func isName(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
