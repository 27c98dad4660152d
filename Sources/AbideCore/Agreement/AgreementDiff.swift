/// What differs between two versions of an agreement, in words.
package enum AgreementDiff {
    /// Lines such as `Critical: response 2 h -> 1 h`, in the order of the file; empty where the versions say the same.
    package static func lines(from old: AgreementTerms, to new: AgreementTerms) -> [String] {
        let (before, after) = (old.outline, new.outline)
        var lines: [String] = []
        func key(_ part: AgreementPart) -> String { part.kind + "\u{1F}" + part.key }
        let known = Dictionary(before.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let wanted = Set(after.map(key))
        var last = ""
        // What is gone is named where its kind ends, or at the end.
        func gone(_ kind: String) {
            for part in before where part.kind == kind && !wanted.contains(key(part)) { lines.append("\(part.title): gone (\(summary(part)))") }
        }
        for part in after {
            if part.kind != last { gone(last) }
            last = part.kind
            guard let old = known[key(part)] else {
                if !part.terms.isEmpty { lines.append("\(part.title): new (\(summary(part)))") }
                continue
            }
            lines += changes(old, part)
        }
        gone(last)
        let kinds = Set(after.map(\.kind))
        var vanished: [String] = []
        for part in before where !kinds.contains(part.kind) && !vanished.contains(part.kind) { vanished.append(part.kind) }
        vanished.forEach(gone)
        for kind in ["coverage", "routing rule", "field", "department", "kind"] {
            let (a, b) = (before.filter { $0.kind == kind }.map(\.name), after.filter { $0.kind == kind }.map(\.name))
            let (keptBefore, keptAfter) = (a.filter(b.contains), b.filter(a.contains))
            if keptBefore != keptAfter { lines.append("\(kind): the order is now \(b.joined(separator: ", "))") }
        }
        return lines
    }

    private static func changes(_ old: AgreementPart, _ new: AgreementPart) -> [String] {
        let before = Dictionary(old.terms.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.terms.map(\.name))
        var lines: [String] = []
        for term in new.terms where before[term.name] != term.value {
            lines.append("\(new.title): \(term.name) \(before[term.name] ?? "none") -> \(term.value)")
        }
        for term in old.terms where !after.contains(term.name) { lines.append("\(new.title): \(term.name) \(term.value) -> none") }
        return lines
    }

    /// A part that is new or gone, on one line.
    private static func summary(_ part: AgreementPart) -> String {
        let words = part.terms.map { $0.name.isEmpty ? $0.value : "\($0.name) \($0.value)" }.joined(separator: "; ")
        return words.count <= 300 ? words : String(words.prefix(297)) + "..."
    }
}
