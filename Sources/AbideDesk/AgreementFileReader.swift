import AbideCore
import Yams

/// Collects the faults of one file while its parts are read; every part goes on after a fault, so that one run names them all.
final class AgreementReader {
    static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    static let holidayRules = HolidayRules.names
    static let staffRoles = Role.allCases.filter { $0.isStaff && $0 != .administrator }.map(\.rawValue)
    static let profileFields = ["name", "company", "phone"]

    /// The file itself, then those that it is based on; the lines of each begin after those of the one before.
    private(set) var files: [(name: String, offset: Int)]
    let knowsZone: (String) -> Bool
    /// The text of a file beside this one; nil: there is none.
    private let beside: (String) -> String?
    /// What was read besides, by name: a version is made of these too.
    private(set) var sources: [String: String] = [:]
    private(set) var faults: [AgreementFault]

    init(file: String, knowsZone: @escaping (String) -> Bool, beside: @escaping (String) -> String?, faults: [AgreementFault]) {
        files = [(file, 0)]
        self.knowsZone = knowsZone
        self.beside = beside
        self.faults = faults
    }

    func fault(_ node: Node, _ message: String) {
        let line = node.mark?.line ?? 1
        let file = files.last { $0.offset < line } ?? files[0]
        faults.append(AgreementFault(file: file.name, line: line - file.offset, column: node.mark?.column ?? 1, message: message))
    }

    /// The text of a file that `node` names, beside this one; names the fault where there is none.
    func source(_ node: Node, _ name: String, what: String) -> String? {
        let isName = name.utf8.count <= 100 && name.first != "." && name.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0)) }
        guard isName, !name.isEmpty else {
            fault(node, "'\(shown(name))' is no name of a file beside this one; allowed: letters, digits, '.', '_' and '-', without a path")
            return nil
        }
        guard let text = sources[name] ?? beside(name) else {
            fault(node, "there is no file '\(name)' beside this one; allowed: \(what)")
            return nil
        }
        sources[name] = text
        return text
    }

    /// Parses a file that this one is based on; its lines follow those of the files before.
    func tree(_ text: String, file name: String, after lines: Int) -> Node? {
        let folder = files[0].name.lastIndex(of: "/").map { String(files[0].name[...$0]) } ?? ""
        files.append((folder + name, lines))
        let (root, found) = AgreementText.parse(text, file: folder + name, offset: lines)
        faults += found
        return root
    }

    /// A fault where a word is none of those that are allowed, with the one that was probably meant.
    func unknown(_ node: Node, _ what: String, _ word: String, among allowed: [String]) {
        let meant = NearMiss.suggestion(for: word, among: allowed).map { " (did you mean '\($0)'?)" } ?? ""
        fault(node, "\(what) '\(shown(word))'\(meant); allowed: \(allowed.joined(separator: ", "))")
    }

    /// A word of the file as a message shows it: on one line and not too long.
    func shown(_ word: String) -> String {
        let clean = String(word.map { $0.isNewline || $0.isASCII && $0.asciiValue.map { $0 < 32 } == true ? " " : $0 })
        return clean.count <= 60 ? clean : String(clean.prefix(57)) + "..."
    }

    /// What stands at a node, in the words of a fault.
    func kind(of node: Node) -> String {
        switch node {
        case .scalar(let scalar): isNothing(node) ? "nothing" : "'\(shown(scalar.string))'"
        case .mapping: "an entry with keys of its own"
        case .sequence: "a list"
        case .alias: "a reference"
        }
    }

    func isNothing(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The entry of one shape at a node, with its unknown and missing keys named; nil if there is no entry at all.
    func entry(_ node: Node, _ shape: AgreementShape) -> AgreementEntry? {
        guard case .mapping(let mapping) = node else {
            fault(node, "\(shape.what) cannot be \(kind(of: node)); allowed: \(shape.keys.map { "'\($0.name):'" }.joined(separator: ", "))")
            return nil
        }
        var values: [String: Node] = [:]
        var meant: Set<String> = []
        for (keyNode, value) in mapping {
            guard case .scalar(let scalar) = keyNode else {
                fault(keyNode, "a key cannot be \(kind(of: keyNode)); allowed: \(shape.keys.map(\.name).joined(separator: ", "))")
                continue
            }
            let key = scalar.string
            if AgreementText.isSetAside(key) { continue }
            if shape.key(key) != nil {
                values[key] = value
            } else {
                unknown(keyNode, "\(shape.what) has no", key, among: shape.keys.map(\.name))
                if let suggestion = NearMiss.suggestion(for: key, among: shape.keys.map(\.name)) { meant.insert(suggestion) }
            }
        }
        for key in shape.keys where key.required && values[key.name] == nil && !meant.contains(key.name) {
            fault(node, "\(shape.what) needs '\(key.name)'; allowed: \(key.allowed)")
        }
        return AgreementEntry(reader: self, shape: shape, node: node, values: values)
    }
}

/// One entry of a file. Each question answers with the value, or with nil after naming the fault; a key that isn't there
/// has its fault already, if it was required.
struct AgreementEntry {
    let reader: AgreementReader
    let shape: AgreementShape
    let node: Node
    let values: [String: Node]

    func has(_ key: String) -> Bool { values[key] != nil }

    /// Names what stands at `key` as a fault, with what is allowed there.
    func wrong(_ key: String, _ node: Node, _ why: String? = nil) {
        let allowed = shape.key(key)?.allowed ?? ""
        reader.fault(node, "'\(key)' \(why ?? "cannot be \(reader.kind(of: node))"); allowed: \(allowed)")
    }

    /// A value by a reading of its own; `make` answers nil for what is not allowed.
    func value<T>(_ key: String, _ make: (String) -> T?) -> T? {
        guard let node = values[key] else { return nil }
        guard let word = word(node), let value = make(word) else {
            wrong(key, node)
            return nil
        }
        return value
    }

    /// Text of a limited length; of one line unless `lines`.
    func text(_ key: String, limit: Int = 80, lines: Bool = false) -> String? {
        value(key) { word in
            guard !word.isEmpty, word.count <= limit else { return nil }
            let controls = word.unicodeScalars.contains { $0.properties.generalCategory == .control && !(lines && $0 == "\n") }
            return controls ? nil : word
        }
    }

    func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key) { word in AgreementValues.wholeNumber(word).flatMap { range.contains($0) ? $0 : nil } }
    }

    func flag(_ key: String) -> Bool? { value(key, AgreementValues.flag) }

    func choice<T: RawRepresentable & CaseIterable>(_ key: String, _ type: T.Type) -> T? where T.RawValue == String {
        reference(key, among: T.allCases.map(\.rawValue), what: "'\(key)' cannot be").flatMap(T.init(rawValue:))
    }

    /// A word that must be one of `allowed`; any word passes where `allowed` is nil.
    func reference(_ key: String, among allowed: [String]?, what: String) -> String? {
        guard let node = values[key] else { return nil }
        guard let word = word(node), !word.isEmpty else {
            wrong(key, node)
            return nil
        }
        if let allowed, !allowed.contains(word) {
            reader.unknown(node, what, word, among: allowed)
            return nil
        }
        return word
    }

    /// A length of working time, at least `least` seconds or one working day.
    func span(_ key: String, least: Int64 = 1) -> Span? {
        value(key) { word in AgreementValues.span(word).flatMap { AgreementValues.isAtLeast($0, least) ? $0 : nil } }
    }

    /// A length of time in seconds: no working days.
    func seconds(_ key: String) -> Int64? {
        value(key) { word in
            guard case .seconds(let seconds) = AgreementValues.span(word), seconds > 0 else { return nil }
            return seconds
        }
    }

    func zone(_ key: String) -> String? {
        guard let node = values[key], let name = text(key) else { return nil }
        guard AgreementFile.wellFormed(zone: name), reader.knowsZone(name) else {
            wrong(key, node, "is '\(reader.shown(name))', which is no zone that this machine knows")
            return nil
        }
        return name
    }

    /// The entries of a list, read one by one; nil where there is no list.
    func list<T>(_ key: String, mayBeEmpty: Bool = true, limit: Int = 500, _ make: (Node) -> T?) -> [T]? {
        guard let node = values[key] else { return nil }
        guard case .sequence(let sequence) = node else {
            wrong(key, node)
            return nil
        }
        guard sequence.count <= limit, mayBeEmpty || !sequence.isEmpty else {
            wrong(key, node, sequence.isEmpty ? "is an empty list" : "has more than \(limit) entries")
            return nil
        }
        return sequence.compactMap(make)
    }

    /// A list of words, each one of `allowed`, none twice.
    func words(_ key: String, among allowed: [String]?, what: String, mayBeEmpty: Bool = true) -> [String]? {
        var seen: Set<String> = []
        return list(key, mayBeEmpty: mayBeEmpty) { node in
            guard let word = word(node), !word.isEmpty, word.count <= 80, !word.contains(where: \.isNewline) else {
                wrong(key, node, "cannot hold \(reader.kind(of: node))")
                return nil
            }
            if let allowed, !allowed.contains(word) {
                reader.unknown(node, what, word, among: allowed)
                return nil
            }
            guard seen.insert(word).inserted else {
                reader.fault(node, "'\(reader.shown(word))' stands twice in '\(key)'; each may stand once")
                return nil
            }
            return word
        }
    }

    /// One word or a list of them, each one of `allowed`; empty where nothing stands there.
    func some(_ key: String, among allowed: [String]?, what: String) -> [String] {
        guard let node = values[key] else { return [] }
        if case .sequence = node { return words(key, among: allowed, what: what, mayBeEmpty: false) ?? [] }
        return reference(key, among: allowed, what: what).map { [$0] } ?? []
    }

    /// A length of time by the clock on the wall, in seconds: `45m`, `9h`, `14d`.
    func duration(_ key: String) -> Int64? {
        value(key) { word in AgreementValues.duration(word).flatMap { $0 > 0 ? $0 : nil } }
    }

    /// The one entry of another shape at `key`.
    func entry(_ key: String, _ shape: AgreementShape) -> AgreementEntry? {
        values[key].flatMap { reader.entry($0, shape) }
    }

    /// The text of a scalar that says something.
    func word(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node, !reader.isNothing(node) else { return nil }
        return scalar.string
    }
}
