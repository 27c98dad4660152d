import AbideCore
import Foundation

/// A value of JSON, as it was sent.
enum JSONValue: Decodable, Sendable, Equatable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() { self = .null }
        else if let text = try? value.decode(String.self) { self = .text(text) }
        else if let flag = try? value.decode(Bool.self) { self = .flag(flag) }
        else if let integer = try? value.decode(Int64.self) { self = .integer(integer) }
        else if let number = try? value.decode(Double.self) { self = .number(number) }
        else if let object = try? value.decode([String: JSONValue].self) { self = .object(object) }
        else { self = .list(try value.decode([JSONValue].self)) }
    }

    /// - Throws: `PlainError` 400 with what is wrong and where.
    static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        do { return try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) } catch let error as DecodingError {
            var reason = "it is not JSON"
            if case .dataCorrupted(let context) = error, let inner = context.underlyingError as NSError?,
                let said = inner.userInfo["NSDebugDescription"] as? String
            {
                reason = said
            }
            throw PlainError(400, "The body can't be read: \(reason)")
        }
    }
}

/// One member that a request's body, or its query, may have: read by the check of input and by the OpenAPI document alike.
struct Field: Sendable {
    enum Kind: Sendable {
        /// At most so many bytes; `blank`: may be empty.
        case text(Int, blank: Bool)
        case integer(ClosedRange<Int64>)
        case choice([String])
        case instant
        /// An object of texts whose names are those of the agreement's intake list.
        case intake
        /// An object of texts whose names the core checks.
        case texts
        /// An e-mail address or null.
        case emailOrNull
        case textOrNull
    }

    var name: String
    var kind: Kind
    var isRequired: Bool
    var about: String

    init(_ name: String, _ kind: Kind, required: Bool = false, _ about: String) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.about = about
    }
}

/// A body that was checked: every member known and of its kind.
struct Input: Sendable {
    private var values: [String: JSONValue] = [:]

    init() {}

    /// Reads `bytes` against what the call takes; all faults at once, each by its name.
    init(_ bytes: [UInt8], _ fields: [Field], intake: [IntakeField]) throws {
        guard !bytes.isEmpty else {
            try check(fields, intake)
            return
        }
        guard case .object(let members) = try JSONValue.parse(bytes) else {
            throw Refusal(.input, "The body must be a JSON object.", fields: ["body": "A JSON object."])
        }
        values = members
        try check(fields, intake)
    }

    private func check(_ fields: [Field], _ intake: [IntakeField]) throws {
        var faults: [String: Phrase] = [:]
        for name in values.keys where !fields.contains(where: { $0.name == name }) {
            faults[String(name.prefix(100))] = fields.isEmpty ? "This call takes no body." : "Not known here. Taken are: \(fields.map(\.name).joined(separator: ", "))."
        }
        for field in fields {
            let value = values[field.name] ?? .null
            if value == .null {
                if field.isRequired { faults[field.name] = "This is required." }
                continue
            }
            Self.check(value, field, intake, &faults)
        }
        guard faults.isEmpty else { throw Refusal.input(faults) }
    }

    private static func check(_ value: JSONValue, _ field: Field, _ intake: [IntakeField], _ faults: inout [String: Phrase]) {
        switch (field.kind, value) {
        case (.text(let limit, let blank), .text(let text)):
            if !blank, text.allSatisfy(\.isWhitespace) { faults[field.name] = field.isRequired ? "This is required." : "This is empty." }
            else if text.utf8.count > limit { faults[field.name] = "This is too long: at most \(limit) bytes." }
        case (.text, _): faults[field.name] = "A text."
        case (.integer(let range), .integer(let number)) where range.contains(number): break
        case (.integer(let range), _):
            faults[field.name] = range.upperBound > 1_000_000 ? "A whole number, \(range.lowerBound) or more." : "A whole number from \(range.lowerBound) to \(range.upperBound)."
        case (.choice(let known), .text(let text)) where known.contains(text): break
        case (.choice(let known), _): faults[field.name] = "One of \(known.joined(separator: ", "))."
        case (.instant, .text(let text)) where Instant(rfc3339: text) != nil: break
        case (.instant, _): faults[field.name] = "An instant as 2026-03-06T15:00:00Z."
        case (.emailOrNull, .text(let text)), (.textOrNull, .text(let text)):
            if text.utf8.count > 320 { faults[field.name] = "This is too long: at most 320 bytes." }
        case (.emailOrNull, _), (.textOrNull, _): faults[field.name] = "A text, or null."
        case (.intake, .object(let members)):
            for (name, value) in members {
                if !intake.contains(where: { $0.name == name }) {
                    faults["fields.\(name.prefix(100))"] = "The agreement's intake list has no such field. It has: \(intake.map(\.name).joined(separator: ", "))."
                } else if case .text(let text) = value {
                    if text.utf8.count > TextLimit.field { faults["fields.\(name)"] = "This is too long: at most \(TextLimit.field) bytes." }
                } else {
                    faults["fields.\(name)"] = "A text."
                }
            }
        case (.texts, .object(let members)):
            for (name, value) in members {
                guard case .text(let text) = value else {
                    faults["\(field.name).\(name.prefix(100))"] = "A text."
                    continue
                }
                if text.utf8.count > TextLimit.field { faults["\(field.name).\(name.prefix(100))"] = "This is too long: at most \(TextLimit.field) bytes." }
            }
        case (.texts, _): faults[field.name] = "An object of texts."
        case (.intake, _): faults[field.name] = "An object of texts by field name."
        }
    }

    /// True where the member was sent, be it null.
    func has(_ name: String) -> Bool { values[name] != nil }

    func text(_ name: String) -> String? {
        if case .text(let text)? = values[name] { return text }
        return nil
    }

    func integer(_ name: String) -> Int64? {
        if case .integer(let number)? = values[name] { return number }
        return nil
    }

    func instant(_ name: String) -> Instant? { text(name).flatMap { Instant(rfc3339: $0) } }

    func texts(_ name: String) -> [String: String] {
        guard case .object(let members)? = values[name] else { return [:] }
        return members.compactMapValues { value in
            if case .text(let text) = value { return text }
            return nil
        }
    }
}
