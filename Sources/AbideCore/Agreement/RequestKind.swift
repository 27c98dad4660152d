/// A kind of request that a caller can name (intake field `kind`), and what follows from it until somebody decides otherwise.
package struct RequestKind: Hashable, Sendable, Codable {
    /// The key, as the ticket's field `kind` has it.
    package var name: String
    package var label: String
    package var proposes: Proposals
    package var categories: [RequestCategory]

    package init(name: String, label: String, proposes: Proposals = Proposals(), categories: [RequestCategory] = []) {
        self.name = name
        self.label = label
        self.proposes = proposes
        self.categories = categories
    }
}

/// A finer division of a kind (intake field `category`); what it proposes wins over what its kind does.
package struct RequestCategory: Hashable, Sendable, Codable {
    package var name: String
    package var label: String
    package var proposes: Proposals

    package init(name: String, label: String, proposes: Proposals = Proposals()) {
        self.name = name
        self.label = label
        self.proposes = proposes
    }
}

/// What a kind or category of request proposes for a new ticket.
package struct Proposals: Hashable, Sendable, Codable {
    /// Counts where the caller rated no urgency (C5).
    package var severity: Int?
    package var department: String?
    /// Facts for the coverage table (M), by `CoverageFact` or a fact of the agreement's own.
    package var facts: [String: String]

    package init(severity: Int? = nil, department: String? = nil, facts: [String: String] = [:]) {
        self.severity = severity
        self.department = department
        self.facts = facts
    }

    /// These, and where they say nothing, `other`.
    package func over(_ other: Proposals) -> Proposals {
        Proposals(severity: severity ?? other.severity, department: department ?? other.department, facts: other.facts.merging(facts) { _, own in own })
    }
}

extension AgreementTerms {
    /// The kind that a word means: its name or label, whatever the letters' case.
    package func kind(_ word: String?) -> RequestKind? {
        guard let word = word?.lowercased() else { return nil }
        return kinds.first { $0.name.lowercased() == word || $0.label.lowercased() == word }
    }

    /// The category that a word means, of `kind` or, where none is given, of any.
    package func category(_ word: String?, of kind: RequestKind?) -> (kind: RequestKind, category: RequestCategory)? {
        guard let word = word?.lowercased() else { return nil }
        for kind in kind.map({ [$0] }) ?? kinds {
            if let category = kind.categories.first(where: { $0.name.lowercased() == word || $0.label.lowercased() == word }) { return (kind, category) }
        }
        return nil
    }

    /// What kind and category of a ticket with these intake fields are, and what they propose together.
    package func proposals(fields: [String: String]) -> (kind: RequestKind?, category: RequestCategory?, proposals: Proposals) {
        let named = kind(fields["kind"])
        let found = category(fields["category"], of: named)
        let kind = named ?? found?.kind ?? defaultKind.flatMap { self.kind($0) }
        let proposals = (found?.category.proposes ?? Proposals()).over(kind?.proposes ?? Proposals())
        return (kind, found?.category, proposals)
    }
}

extension AgreementTerms {
    /// What an intake field may say, with the words that people read; empty: anything.
    package func choices(_ field: IntakeField) -> [(value: String, label: String)] {
        switch field.name {
        case "kind" where !kinds.isEmpty: kinds.map { ($0.name, $0.label) }
        case "category" where kinds.contains { !$0.categories.isEmpty }: kinds.flatMap(\.categories).map { ($0.name, $0.label) }
        default: field.choices.map { ($0, $0) }
        }
    }

    /// A value as the field keeps it: one of its choices by value or label, in any case of letters; nil for what is none of them.
    package func taken(_ value: String, for field: IntakeField) -> String? {
        let choices = choices(field)
        guard !choices.isEmpty else { return value }
        var lowered = value.lowercased()
        while lowered.last?.isWhitespace == true { lowered.removeLast() }
        return choices.first { $0.value.lowercased() == lowered || $0.label.lowercased() == lowered }?.value
    }

    package func taken(_ value: String, forField name: String) -> String? {
        guard let field = intake.first(where: { $0.name == name }) else { return value }
        return taken(value, for: field)
    }

    /// What is wrong with a value of an intake field that has choices; nil: nothing, also where it is empty.
    package func fault(of value: String, in name: String) -> Phrase? {
        guard !value.isEmpty, let field = intake.first(where: { $0.name == name }), taken(value, for: field) == nil else { return nil }
        return "One of \(choices(field).map(\.value).joined(separator: ", "))."
    }

    /// What is wrong with the details given at resolution, by field; empty: nothing.
    package func faults(inResolution given: [String: String]) -> [String: Phrase] {
        var faults: [String: Phrase] = [:]
        for (name, value) in given {
            guard let field = resolutionDetails.first(where: { $0.name == name }) else {
                faults["fields." + name] = resolutionDetails.isEmpty ? "The agreement asks for no details at resolution." : "One of \(resolutionDetails.map(\.name).joined(separator: ", "))."
                continue
            }
            if taken(value, for: field) == nil { faults["fields." + name] = "One of \(field.choices.joined(separator: ", "))." }
            if value.utf8.count > TextLimit.field { faults["fields." + name] = "At most \(TextLimit.field) characters." }
        }
        for field in resolutionDetails where field.required && (given[field.name] ?? "").allSatisfy(\.isWhitespace) { faults["fields." + field.name] = "This is required." }
        return faults
    }
}
