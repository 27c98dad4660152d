package import AbideCore
import Foundation
import Synchronization

/// The zone data of the system (`TZDIR`, or `/usr/share/zoneinfo`), so that an update of the system's data reaches the desk.
package struct ZoneFiles: Sendable {
    private let shelf: Shelf

    /// `directory`: where the TZif files lie; nil: the system's.
    package init(directory: String? = nil) {
        let named = directory ?? ProcessInfo.processInfo.environment["TZDIR"] ?? ""
        shelf = Shelf(directory: named.isEmpty ? "/usr/share/zoneinfo" : named)
    }

    /// The rules of a zone by its IANA name, as `America/Chicago`. Throws a `ZoneFault` that says what is wrong with the name
    /// or the data. Abbreviations (`EST`) and offsets (`GMT+5`) are refused even where the data has files of that name:
    /// people who write them mean a place, and its clocks change.
    package func rules(_ name: String) throws -> ZoneRules { try shelf.rules(name) }

    /// The bytes of a zone's file as they are now; nil: there is none.
    func data(_ name: String) -> [UInt8]? { shelf.data(name) }

    /// Zones whose data changed while the desk knew them: the rules that hold from the first data on.
    func adopt(_ name: String, _ made: ZoneRules) { shelf.adopt(name, made) }

    /// The version of the data, as `2026a`; empty where the system doesn't say.
    package var version: String { shelf.index.version }
}

private final class Shelf: Sendable {
    private let directory: String
    private let rules = Mutex<[String: ZoneRules]>([:])
    private let known = Mutex<Index?>(nil)

    /// What `tzdata.zi` says, the text from which the files were made.
    struct Index {
        var version = ""
        /// nil where the system has no such list.
        var names: Set<String>?
    }

    init(directory: String) { self.directory = directory }

    var index: Index {
        known.withLock { known in
            if let known { return known }
            let read = readIndex()
            known = read
            return read
        }
    }

    func data(_ name: String) -> [UInt8]? {
        guard (try? check(name)) != nil, let data = FileManager.default.contents(atPath: directory + "/" + name) else { return nil }
        return [UInt8](data)
    }

    func adopt(_ name: String, _ made: ZoneRules) { rules.withLock { $0[name] = made } }

    func rules(_ name: String) throws -> ZoneRules {
        if let found = rules.withLock({ $0[name] }) { return found }
        try check(name)
        guard let data = FileManager.default.contents(atPath: directory + "/" + name) else {
            throw ZoneFault("\(name) is not in the zone data in \(directory); is the package tzdata whole?")
        }
        let made: ZoneRules
        do {
            made = try ZoneRules(name: name, tzif: [UInt8](data))
        } catch {
            throw ZoneFault("the zone data of \(name) can't be used: \(error)")
        }
        rules.withLock { $0[name] = made }
        return made
    }

    /// Names come from outside: nothing but an IANA name may reach the file system.
    private func check(_ name: String) throws(ZoneFault) {
        let unknown = ZoneFault("there is no zone of that name; zones are named as in the IANA database, such as America/Chicago")
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let areWords = parts.allSatisfy { part in
            part.utf8.first.map(Shelf.isLetter) == true && part.utf8.allSatisfy { Shelf.isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x5F }
        }
        guard name.utf8.count <= 64, areWords, parts[0] != "posix", parts[0] != "right" else { throw unknown }
        if parts.count == 1, Shelf.abbreviations.contains(name) {
            throw ZoneFault("\(name) is an abbreviation or an offset; name a place instead, such as America/New_York")
        }
        guard let names = index.names else {
            guard name != "localtime", name != "posixrules" else { throw unknown }
            return
        }
        guard names.contains(name) else { throw unknown }
    }

    private static let abbreviations: Set<String> = [
        "EST", "MST", "HST", "CET", "EET", "MET", "WET", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "GMT+0", "GMT-0", "GMT0", "Factory",
    ]

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    private func readIndex() -> Index {
        var index = Index()
        if let data = FileManager.default.contents(atPath: directory + "/tzdata.zi") {
            var names: Set<String> = []
            for line in data.split(separator: UInt8(ascii: "\n")) {
                // `# version 2026a`, `Z Europe/London …` (a zone), `L Europe/London GB` (a link and its other name).
                let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3).map { String(decoding: $0, as: UTF8.self) }
                if words.count >= 3, words[0] == "#", words[1] == "version" { index.version = words[2] }
                if words.count >= 2, words[0] == "Z" { names.insert(words[1]) }
                if words.count >= 3, words[0] == "L" { names.insert(words[2]) }
            }
            index.names = names.isEmpty ? nil : names
        }
        if index.version.isEmpty, let data = FileManager.default.contents(atPath: directory + "/+VERSION") {
            index.version = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return index
    }
}
