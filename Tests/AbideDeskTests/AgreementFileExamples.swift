import AbideCore
import AbideDesk
import Foundation
import Testing

/// The shipped agreements, and changes of them.
enum AgreementExamples {
    /// A shipped file, from the root of the checkout.
    static func shipped(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "agreements/\(name)"), encoding: .utf8)
    }

    static func terms(_ name: String) throws -> AgreementTerms {
        let reading = try AgreementFile.load(yaml: shipped(name), fileName: name) { try? shipped($0) }
        #expect(reading.faults == [])
        return try #require(reading.terms)
    }

    /// The standard agreement after some replacements, each of which must hit exactly once.
    static func changed(_ replacements: [(String, String)]) throws -> String {
        try replacements.reduce(into: shipped("standard.yaml")) { text, change in
            let parts = text.components(separatedBy: change.0)
            try #require(parts.count == 2, "'\(change.0)' stands \(parts.count - 1) times")
            text = parts.joined(separator: change.1)
        }
    }

    static func faults(_ replacements: (String, String)...) throws -> [String] {
        let (terms, faults) = try AgreementFile.read(yaml: changed(replacements), fileName: "a.yaml")
        #expect(terms == nil || faults.isEmpty)
        return faults.map(\.description)
    }

    /// Line and column, from 1, of a word that stands once.
    static func place(of word: String, in text: String) throws -> String {
        let lines = text.components(separatedBy: "\n")
        let line = try #require(lines.firstIndex { $0.contains(word) })
        let start = try #require(lines[line].range(of: word)).lowerBound
        return "\(line + 1):\(lines[line].distance(from: lines[line].startIndex, to: start) + 1)"
    }
}
