/// A field that the provider keeps on tickets for its own purposes, as a serial number or a project code; the agreement knows nothing of it.
package struct CustomField: Sendable, Codable, Hashable {
    package enum Kind: String, CaseIterable, Sendable, Codable {
        case text, number, date, choice, check

        package var words: String {
            switch self {
            case .text: say("Text")
            case .number: say("Number")
            case .date: say("Date")
            case .choice: say("Choice of several")
            case .check: say("Yes or no")
            }
        }
    }

    /// 0 before it is stored.
    package var id: Int64
    /// As the API and the search call it: lower-case letters, digits, `-` and `_`.
    package var name: String
    package var label: String
    package var kind: Kind
    package var choices: [String]
    /// Tickets of this client alone; nil: of all.
    package var client: Int64?
    /// Tickets of this kind alone (`incident`); nil: of all.
    package var ticketKind: String?
    /// The client reads it on the portal.
    package var isPublic: Bool
    /// It is not offered any more; what it holds stays.
    package var isRetired: Bool

    package init(id: Int64 = 0, name: String, label: String, kind: Kind, choices: [String] = [], client: Int64? = nil, ticketKind: String? = nil, isPublic: Bool = false, isRetired: Bool = false) {
        self.id = id
        self.name = name
        self.label = label
        self.kind = kind
        self.choices = choices
        self.client = client
        self.ticketKind = ticketKind
        self.isPublic = isPublic
        self.isRetired = isRetired
    }

    package static let limit = 200, valueLimit = 2000

    /// Why it can't be so; by the name of the input. Empty: it can.
    package var faults: [String: Phrase] {
        var faults: [String: Phrase] = [:]
        if !(1...40).contains(name.utf8.count) || !name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }) { faults["name"] = "1 to 40 lower-case letters, digits, - and _." }
        if label.allSatisfy(\.isWhitespace) || label.utf8.count > 80 || label.contains(where: \.isNewline) { faults["label"] = "Between 1 and 80 characters." }
        if kind == .choice, choices.count < 2 { faults["choices"] = "At least two, one a line." }
        if choices.count > 100 || choices.contains(where: { $0.utf8.count > 200 }) { faults["choices"] = "At most 100 of at most 200 characters." }
        if Set(choices).count != choices.count { faults["choices"] = "Each only once." }
        return faults
    }

    /// Whether a ticket has it.
    package func fits(_ ticket: Ticket) -> Bool {
        (client == nil || client == ticket.client) && (ticketKind == nil || ticketKind == ticket.kind) && (!isRetired || ticket.custom[name] != nil)
    }

    /// Why it can't hold this; nil where it can. Empty takes it out.
    package func fault(of value: String) -> Phrase? {
        if value.isEmpty { return nil }
        if value.utf8.count > Self.valueLimit { return "At most \(Self.valueLimit) characters." }
        switch kind {
        case .text: return nil
        case .number: return Double(value).map(\.isFinite) ?? false ? nil : "A number, as 12 or 3.5."
        case .date: return LocalDate(iso: value) != nil ? nil : "A date, as 2026-03-14."
        case .choice: return choices.contains(value) ? nil : "One of \(choices.joined(separator: ", "))."
        case .check: return ["yes", "no"].contains(value) ? nil : "yes or no."
        }
    }
}

extension Ticket {
    /// Sets fields of the provider's own; an empty value takes one out.
    /// - Parameter fields: those that this ticket can have.
    /// - Returns: nothing where all of it stands there already.
    package func customise(_ values: [String: String], fields: [CustomField], by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        var faults: [String: Phrase] = [:], changed: [String: String] = [:]
        for (name, value) in values {
            guard let field = fields.first(where: { $0.name == name && $0.fits(self) }) else {
                faults[name] = "This ticket has no field of this name."
                continue
            }
            let value = value.trimmed
            if let fault = field.fault(of: value) { faults[name] = fault } else if value != custom[name] ?? "" { changed[name] = value }
        }
        guard faults.isEmpty else { throw .input(faults) }
        guard !changed.isEmpty else { return [] }
        var texts: [String: String] = [:]
        for (name, value) in changed { texts[TextKey.custom(name)] = value }
        return [Draft(.customised(fields: changed.keys.sorted()), max(now, updatedAt), person.actor, texts: texts)]
    }

    mutating func customise(_ names: [String], _ texts: [String: String]) {
        bind { bonds in
            var all = bonds.custom ?? [:]
            for name in names {
                let value = texts[TextKey.custom(name)] ?? ""
                all[name] = value.isEmpty ? nil : value
            }
            bonds.custom = all.isEmpty ? nil : all
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
