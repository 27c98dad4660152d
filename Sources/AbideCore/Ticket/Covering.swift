/// What support covers (M): the agreement's table decides on facts of the ticket and of the client; people correct it with a reason.
extension Ticket {
    /// The facts that the table asks about: what kind and category propose, what staff found out, what the client is entitled to.
    package func coverageFacts(kind: String? = nil, cause: String? = nil, entitlements: [String: String]?, _ agreement: Agreement) -> [String: String] {
        var facts = agreement.terms.coverageFacts(proposals: agreement.terms.proposals(fields: fields).proposals, fields: fields, client: entitlements)
        if let kind = kind ?? self.kind { facts[CoverageFact.kind.rawValue] = kind }
        if let cause = cause ?? self.cause { facts[CoverageFact.cause.rawValue] = cause }
        return facts
    }

    /// Decides coverage, or corrects what was decided (M6).
    /// - Parameters:
    ///   - decision: nil: the agreement's table decides on `kind` and `cause`.
    ///   - rule: the row that it follows, or the first part of its name, as `M3`.
    package func decideCoverage(
        _ decision: CoverageDecision?, rule: String?, reason: String?, kind: String? = nil, cause: String? = nil, entitlements: [String: String]? = nil,
        by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        try permit(person, .decideCoverage)
        var faults: [String: Phrase] = [:]
        for (name, fact, value) in [("kind", CoverageFact.kind, kind), ("cause", .cause, cause)] {
            if let value, !fact.values.contains(value) { faults[name] = "One of \(fact.values.joined(separator: ", "))." }
        }
        var decided = (decision: decision, rule: rule)
        if decision == nil, kind != nil || cause != nil {
            let found = Coverage.decide(agreement.terms.coverage, facts: coverageFacts(kind: kind, cause: cause, entitlements: entitlements, agreement))
            decided = (found.decision, found.rule)
        } else if decision == nil {
            faults["decision"] = "One of \(CoverageDecision.allCases.map(\.rawValue).joined(separator: ", ")); or name the kind or the cause, and the agreement's table decides."
        }
        if let rule, !agreement.terms.coverage.contains(where: { $0.name == rule || $0.name.hasPrefix(rule + "-") }) {
            faults["rule"] = "One of \(agreement.terms.coverage.map(\.name).joined(separator: ", "))."
        }
        if (reason ?? "").allSatisfy(\.isWhitespace) { faults["reason"] = "Say why; the client reads it." }
        if (reason ?? "").utf8.count > TextLimit.reason { faults["reason"] = "At most \(TextLimit.reason) characters." }
        guard faults.isEmpty, let wanted = decided.decision else { throw .input(faults) }
        if phase == .closed { throw closedAlready }
        var drafts: [Draft] = []
        if kind ?? self.kind != self.kind || cause ?? self.cause != self.cause {
            drafts.append(Draft(.categorised(kind: kind ?? self.kind, cause: cause ?? self.cause), now, person.actor))
        }
        return drafts + [Draft(
            .coverageDecided(decision: wanted, rule: decided.rule), now, person.actor,
            texts: [TextKey.reason: reason ?? "", TextKey.effect: effectOfCorrection(at: now, agreement)])]
    }

    /// M6: what the correction does to the clocks. They measure how fast the desk is, coverage says who pays: nothing is taken back and
    /// nothing starts anew.
    private func effectOfCorrection(at now: Instant, _ agreement: Agreement) -> String {
        let before = "It was \(coverage.words)\(coverageRule.map { " (\($0))" } ?? "")."
        let running = agreement.terms.clocks.filter { [.running, .suspended].contains(clock($0, agreement).state) }.map { $0.words.lowercasedFirst }
        return before + (running.isEmpty ? " The clocks are not changed by it." : " The \(EventSentence.list(running)) clock\(running.count == 1 ? " goes" : "s go") on as \(running.count == 1 ? "it" : "they") stood, from what had elapsed.")
    }
}
