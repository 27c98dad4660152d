import Foundation
import Yams

/// The words of the mails to clients, by milestone, in a language or in a provider's own: without logic, with fixed variables.
package struct MailTemplates: Sendable, Hashable {
    package struct Milestone: Sendable, Hashable {
        package var headline: String
        package var paragraphs: [String]
    }

    /// A file that can't be used; says where and what is allowed.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package static let variables: Set<String> = [
        "ref", "subject", "severity", "due", "missing", "fields", "by", "provider", "reason", "note", "impact", "decision", "rule", "price", "effort", "deliverables", "proposed", "answerBy", "closableFrom", "other",
    ]
    /// Milestones at which a client gets a mail.
    package static let all = [
        "incomplete", "logged", "responded", "answered", "suspended", "resumed", "severityChanged", "coverageDecided", "quoted", "quoteWithdrawn", "escalated", "resolutionProposed", "resolutionAgreed", "resolved",
        "confirmed", "closingNotice", "closed", "reopened", "merged", "unmerged", "complained", "complaintIncomplete", "complaintAnswered", "survey",
    ]

    package var words = MailWords()
    package var milestones: [String: Milestone]

    /// Languages that the program carries besides English, which stands in the code.
    package static let shipped = ["de", "es"]

    /// - Parameter name: a shipped language, `en` for none, or a file.
    package static func load(_ name: String) throws -> MailTemplates? {
        switch name {
        case "en": return nil
        case "de": return try MailTemplates(yaml: String(decoding: PackageResources.de_yaml, as: UTF8.self), name: "de.yaml")
        case "es": return try MailTemplates(yaml: String(decoding: PackageResources.es_yaml, as: UTF8.self), name: "es.yaml")
        default:
            guard let text = try? String(contentsOfFile: name, encoding: .utf8) else { throw Fault(description: "\(name): can't be read; a language is en, de, es, or a file in YAML") }
            return try MailTemplates(yaml: text, name: name)
        }
    }

    package init(yaml: String, name: String) throws {
        let root: Node
        do {
            guard let node = try Yams.compose(yaml: yaml) else { throw Fault(description: "\(name): is empty") }
            root = node
        } catch let fault as Fault { throw fault } catch { throw Fault(description: "\(name): no YAML: \(error)") }
        func place(_ node: Node) -> String { "\(name):\(node.mark?.line ?? 1):\(node.mark?.column ?? 1)" }
        func text(_ node: Node, _ variables: Set<String> = Self.variables) throws -> String {
            guard let text = node.string else { throw Fault(description: "\(place(node)): expected a text") }
            var rest = Substring(text)
            while let start = rest.range(of: "{{") {
                guard let end = rest[start.upperBound...].range(of: "}}") else { throw Fault(description: "\(place(node)): '{{' without '}}'") }
                let variable = rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
                guard variables.contains(variable) else { throw Fault(description: "\(place(node)): there is no variable '\(variable)'; allowed: \(variables.sorted().joined(separator: ", "))") }
                rest = rest[end.upperBound...]
            }
            return text
        }
        guard let mapping = root.mapping else { throw Fault(description: "\(place(root)): expected words, milestones") }
        milestones = [:]
        for (key, value) in mapping {
            switch key.string {
            case "words":
                for (word, content) in value.mapping ?? [:] {
                    guard words.set(word.string ?? "", try text(content, MailWords.variables)) else {
                        throw Fault(description: "\(place(word)): '\(word.string ?? "")' is no word of mails; allowed: \(MailWords.english.keys.sorted().joined(separator: ", "))")
                    }
                }
            case "milestones":
                for (milestone, parts) in value.mapping ?? [:] {
                    guard let title = milestone.string, let parts = parts.mapping else { throw Fault(description: "\(place(milestone)): expected headline and paragraphs") }
                    guard Self.all.contains(title) else { throw Fault(description: "\(place(milestone)): there is no milestone '\(title)'; allowed: \(Self.all.joined(separator: ", "))") }
                    var made = Milestone(headline: "", paragraphs: [])
                    for (part, content) in parts {
                        switch part.string {
                        case "headline": made.headline = try text(content)
                        case "paragraphs": made.paragraphs = try (content.sequence ?? []).map { try text($0) }
                        default: throw Fault(description: "\(place(part)): '\(part.string ?? "")' is nothing here; allowed: headline, paragraphs")
                        }
                    }
                    guard !made.headline.isEmpty else { throw Fault(description: "\(place(milestone)): '\(title)' has no headline") }
                    milestones[title] = made
                }
            default: throw Fault(description: "\(place(key)): '\(key.string ?? "")' is nothing here; allowed: words, milestones")
            }
        }
    }

    /// - Returns: nil where a variable is empty: such a paragraph is left out.
    static func filled(_ text: String, _ values: [String: String]) -> String? {
        var result = "", rest = Substring(text)
        while let start = rest.range(of: "{{"), let end = rest[start.upperBound...].range(of: "}}") {
            result += rest[..<start.lowerBound]
            guard let value = values[rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)], !value.isEmpty else { return nil }
            result += value
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}
