import AbideCore
import Yams

/// Amendments: a file that names a base and says only what differs.
extension AgreementReader {
    /// Tables that are read from the top: what an amendment adds stands before the base's rows, or it would never be asked.
    private static let tables = ["coverage", "routing"]
    /// Entries that are conditions: they are replaced as a whole, because a condition that isn't named asks nothing.
    private static let wholes = ["when", "facts"]
    private static let deepest = 5

    /// The tree of the whole agreement: the base with what differs; `root` itself where it has no base. nil after a fault that leaves nothing to read.
    func amended(_ root: Node, lines: Int, depth: Int = 0) -> Node? {
        guard case .mapping(let mapping) = root else { return root }
        guard let baseNode = Self.value(mapping, "base") else {
            if let node = Self.value(mapping, "remove") { fault(node, "'remove' takes something out of a base, and there is none; allowed: 'base:' with the name of a file") }
            return root
        }
        let what = "the name of an agreement file beside this one, which this one amends"
        guard case .scalar(let scalar) = baseNode, !isNothing(baseNode) else {
            fault(baseNode, "'base' cannot be \(kind(of: baseNode)); allowed: \(what)")
            return nil
        }
        let name = scalar.string
        guard depth < Self.deepest, !files.contains(where: { $0.name == name || $0.name.hasSuffix("/" + name) }) else {
            fault(baseNode, "'\(shown(name))' leads back to itself or through more than \(Self.deepest) files; allowed: \(what)")
            return nil
        }
        for key in ["name", "version"] where Self.value(mapping, key) == nil {
            fault(root, "an amendment needs '\(key)' of its own, so that nobody takes it for its base")
        }
        guard let text = source(baseNode, name, what: what) else { return nil }
        guard let tree = tree(text, file: name, after: lines) else { return nil }
        guard let base = amended(tree, lines: lines + text.utf8.count { $0 == 10 } + 17, depth: depth + 1), case .mapping(let whole) = base else { return nil }
        let left = Self.value(mapping, "remove").map { without($0, whole) } ?? whole
        let own = Self.without(mapping, keys: ["base", "remove"])
        return merge(.mapping(left), .mapping(own), key: "")
    }

    private func merge(_ base: Node, _ own: Node, key: String) -> Node {
        switch (base, own) {
        case (.mapping(let base), .mapping(let own)) where !Self.wholes.contains(key):
            var pairs: [(Node, Node)] = []
            for (keyNode, value) in base {
                let word = keyNode.string ?? ""
                if let (ownKey, ownValue) = own.first(where: { $0.key.string == word }) {
                    pairs.append((ownKey, merge(value, ownValue, key: word)))
                } else { pairs.append((keyNode, value)) }
            }
            for (keyNode, value) in own where !base.contains(where: { $0.key.string == keyNode.string }) { pairs.append((keyNode, value)) }
            return .mapping(Node.Mapping(pairs, own.tag, own.style, own.mark))
        case (.sequence(let base), .sequence(let own)):
            guard let id = Self.identity(base, own) else { return .sequence(own) }
            func name(_ node: Node) -> String? { node.mapping.flatMap { Self.value($0, id)?.string } }
            var rows = base.map { row -> Node in
                guard let changed = own.first(where: { name($0) == name(row) }) else { return row }
                return merge(row, changed, key: "")
            }
            let known = Set(base.compactMap(name))
            let added = own.filter { name($0).map { !known.contains($0) } ?? true }
            if Self.tables.contains(key) { rows.insert(contentsOf: added, at: 0) } else { rows += added }
            return .sequence(Node.Sequence(rows, own.tag, own.style, own.mark))
        default: return own
        }
    }

    /// The key by which the entries of two lists are matched; nil: they have none, and the list is replaced as a whole.
    private static func identity(_ base: Node.Sequence, _ own: Node.Sequence) -> String? {
        ["number", "date", "name"].first { id in
            !own.isEmpty && (base.isEmpty ? own : base).allSatisfy { $0.mapping.flatMap { value($0, id) } != nil } && own.allSatisfy { $0.mapping.flatMap { value($0, id) } != nil }
        }
    }

    /// The base without what `remove` names.
    private func without(_ node: Node, _ base: Node.Mapping) -> Node.Mapping {
        guard let removal = entry(node, .removal) else { return base }
        let dropped = AgreementShape.removableParts.filter { removal.flag($0) == true }
        for key in dropped where Self.value(base, key) == nil { removal.wrong(key, removal.values[key] ?? node, "is not in the base") }
        var left = Self.without(base, keys: dropped)
        for key in AgreementShape.removableLists {
            guard let names = removal.words(key, among: nil, what: "name", mayBeEmpty: false) else { continue }
            let rows = Self.value(base, key)?.sequence.map(Array.init) ?? []
            func name(_ row: Node) -> String? { row.mapping.flatMap { Self.value($0, "name")?.string } }
            for wrong in names where !rows.contains(where: { name($0) == wrong }) {
                unknown(removal.values[key] ?? node, "the base's \(key) have no", wrong, among: rows.compactMap(name))
            }
            let kept = Node.Sequence(rows.filter { row in name(row).map { !names.contains($0) } ?? true }, .implicit, .any, Self.value(base, key)?.mark)
            left = Node.Mapping(left.map { ($0.key, $0.key.string == key ? .sequence(kept) : $0.value) }, left.tag, left.style, left.mark)
        }
        return left
    }

    private static func value(_ mapping: Node.Mapping, _ key: String) -> Node? { mapping.first { $0.key.string == key }?.value }

    private static func without(_ mapping: Node.Mapping, keys: [String]) -> Node.Mapping {
        Node.Mapping(mapping.filter { pair in !keys.contains(pair.key.string ?? "") }.map { ($0.key, $0.value) }, mapping.tag, mapping.style, mapping.mark)
    }
}

extension AgreementEntry {
    /// The days of the iCalendar files that this calendar names.
    func filedHolidays() -> [NamedDate] {
        let what = shape.key("holidayFiles")?.allowed ?? ""
        let days = list("holidayFiles", limit: 20) { node -> [NamedDate]? in
            guard let name = word(node) else {
                wrong("holidayFiles", node, "cannot hold \(reader.kind(of: node))")
                return nil
            }
            guard let text = reader.source(node, name, what: what) else { return nil }
            let read = HolidayCalendar.read(text)
            for fault in read.faults { reader.fault(node, "\(name):\(fault.line): \(fault.message)") }
            return read.days
        }
        var seen: Set<String> = []
        return (days ?? []).joined().filter { seen.insert($0.date).inserted }.sorted { $0.date < $1.date }
    }
}
