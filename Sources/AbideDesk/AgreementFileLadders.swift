import AbideCore
import Yams

/// The escalation of an agreement file (D1).
extension AgreementEntry {
    /// What rungs refer to; nil where it could not be read.
    struct Known {
        var departments: [String]?
        var kinds: [String]?
    }

    func ladders(_ known: Known) -> Ladders? {
        let (response, resolution, next) = (ladder("response", known), ladder("resolution", known), ladder("nextReply", known))
        let unsolved = entry("unsolved", .unsolved).flatMap { unsolved -> UnsolvedTrigger? in
            let (times, rungs) = (unsolved.number("responseTimes", in: 1...100), unsolved.ladder("rungs", known))
            guard let times, let rungs else { return nil }
            return UnsolvedTrigger(responseTimes: times, rungs: rungs)
        }
        guard let response, let resolution else { return nil }
        return Ladders(response: response, resolution: resolution, nextReply: next ?? [], unsolved: unsolved)
    }

    /// The rungs of one ladder, each later than the one before.
    private func ladder(_ key: String, _ known: Known) -> [Rung]? {
        var previous: Span?
        return list(key, limit: 20) { node in
            guard let entry = reader.entry(node, .rung) else { return nil }
            let rung = entry.rung(known)
            let after = entry.values["after"].flatMap(entry.word).flatMap(AgreementValues.span)
            if let after, let before = previous, let node = entry.values["after"], AgreementValues.isShorter(before, than: after) == false {
                entry.wrong("after", node, "is not later than the rung before it")
            }
            previous = after ?? previous
            return rung
        }
    }

    private func rung(_ known: Known) -> Rung? {
        let (after, notify, tell) = (span("after", least: 0), roles("notify"), flag("tellClient") ?? true)
        let departments = words("departments", among: known.departments, what: "there is no department") ?? []
        let handTo = reference("handTo", among: known.departments, what: "there is no department")
        let when = entry("when", .rungConditions).map { when in
            RungConditions(
                severities: when.severityNumbers("severity"), departments: when.some("department", among: known.departments, what: "there is no department"),
                kinds: when.some("kind", among: known.kinds, what: "there is no kind"),
                coverage: when.some("coverage", among: CoverageDecision.allCases.map(\.rawValue), what: "there is no decision").compactMap(CoverageDecision.init(rawValue:)))
        }
        if !has("notify"), !has("departments") { reader.fault(node, "a rung needs 'notify' or 'departments'; allowed: \(shape.key("notify")?.allowed ?? "")") }
        guard let after, notify != nil || !has("notify") else { return nil }
        return Rung(after: after, notify: notify ?? [], tellClient: tell, departments: departments, handTo: handTo, when: when)
    }
}
