/// Clause M: the first row of the agreement's table whose conditions all hold decides.
package enum Coverage {
    /// `facts` by name, as `subscriptionPaid: true`; a row with a condition on a fact that isn't known doesn't hold.
    package static func decide(_ rules: [CoverageRule], facts: [String: String]) -> (decision: CoverageDecision, rule: String?) {
        for rule in rules where rule.when.allSatisfy({ facts[$0.key] == $0.value }) { return (rule.decision, rule.name) }
        return (.undecided, nil)
    }

    package static func decide(_ rules: [CoverageRule], facts: [CoverageFact: String]) -> (decision: CoverageDecision, rule: String?) {
        decide(rules, facts: Dictionary(uniqueKeysWithValues: facts.map { ($0.key.rawValue, $0.value) }))
    }
}

extension CoverageRule {
    /// The clause of the contract: the one that stands there, or the beginning of the name, as `M4` of `M4-training`; nil for a
    /// rule named after nothing.
    package var clauseNumber: String? {
        if let clause { return clause }
        let number = name.prefix { $0 != "-" }
        return number.count > 1 && number.first?.isUppercase == true && number.dropFirst().allSatisfy(\.isNumber) ? String(number) : nil
    }
}
