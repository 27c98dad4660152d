package import AbideCore
import Foundation
import Yams

/// The languages of the pages: English, which stands in the code, and one file each in `Languages/`. A file is read when the first reader asks for it.
package enum Languages {
    /// A file that can't be used.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// By code, in the order in which they are offered; each as its speakers call it.
    package static let shipped = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]

    package static func name(_ code: String) -> String? { shipped.first { $0.0 == code }?.1 }

    /// - Returns: nil for a language that the program does not have.
    package static func tongue(_ code: String?) -> Tongue? {
        switch code {
        case "en": .english
        case "de": german
        case "es": spanish
        default: nil
        }
    }

    // A test reads both, so that a release can't hold one that can't be read.
    private static let german = (try? read(PackageResources.pages_de_yaml, code: "de", name: "Deutsch")) ?? .english
    private static let spanish = (try? read(PackageResources.pages_es_yaml, code: "es", name: "Español")) ?? .english

    /// What a browser asks for (RFC 9110, 12.5.4): of the languages that there are, the one with the highest weight; English where it asks for none of them.
    package static func wanted(_ header: String?) -> Tongue {
        // Most ask for nothing else.
        guard let header, header != "en", header != "en-US,en;q=0.9", header != "en-US" else { return .english }
        var best = (code: "en", weight: 0.0)
        for part in header.prefix(1000).split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let tag = pieces.first, case let code = String(tag.prefix { $0 != "-" }), name(code) != nil else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best.weight { best = (code, min(weight, 1)) }
        }
        return tongue(best.code) ?? .english
    }

    /// A language of its file: `writing` says how days and numbers are written, `phrases` holds each phrase by its English text.
    package static func read(_ yaml: [UInt8], code: String, name: String) throws -> Tongue {
        guard let root = try Yams.compose(yaml: String(decoding: yaml, as: UTF8.self))?.mapping, let writing = root["writing"]?.mapping, let phrases = root["phrases"]?.mapping else {
            throw Fault(description: "expected writing, phrases")
        }
        func words(_ key: String, _ count: Int) throws -> [String] {
            let found = writing[key]?.sequence.map { $0.compactMap(\.string) } ?? []
            guard found.count == count else { throw Fault(description: "\(key): expected \(count) words") }
            return found
        }
        func text(_ key: String) throws -> String {
            guard let found = writing[key]?.string else { throw Fault(description: "\(key) is missing") }
            return found
        }
        var said: [String: String] = [:]
        said.reserveCapacity(phrases.count)
        for (english, own) in phrases {
            guard let english = english.string, let own = own.string, said.updateValue(own, forKey: english) == nil else {
                throw Fault(description: "line \(own.mark?.line ?? 0): expected a phrase and its translation, once")
            }
        }
        return Tongue(
            code: code, name: name, isRightToLeft: try text("direction") == "rtl",
            writing: .init(
                weekdays: try words("weekdays", 7), shortWeekdays: try words("shortWeekdays", 7), months: try words("months", 12), shortMonths: try words("shortMonths", 12), afterDay: try text("afterDay"),
                afterWeekday: try text("afterWeekday"), beforeMonth: try text("beforeMonth"), afterTime: try text("afterTime"), minutes: try text("minutes"), decimal: try text("decimal"), within: try text("within"),
                and: try text("and"), capitalNouns: try text("capitalNouns") == "yes"),
            phrases: said)
    }
}
