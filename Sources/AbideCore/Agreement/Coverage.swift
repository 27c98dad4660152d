/// Clause M: the first row of the agreement's table whose conditions all hold decides.
package enum Coverage {
    /// `facts` by name, as `subscriptionPaid: true`; a row with a condition on a fact that isn't known doesn't hold.
    package static func decide(_ rules: [CoverageRule], facts: [CoverageFact: String]) -> (decision: CoverageDecision, rule: String?) {
        for rule in rules where rule.when.allSatisfy({ condition in CoverageFact(rawValue: condition.key).flatMap { facts[$0] } == condition.value }) { return (rule.decision, rule.name) }
        return (.undecided, nil)
    }
}
