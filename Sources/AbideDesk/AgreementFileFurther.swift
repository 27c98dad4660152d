import AbideCore
import Yams

/// The parts that an agreement may leave out, from their entries to their terms.
extension AgreementEntry {
    func fact() -> FactTerms? {
        let (name, label, of) = (value("name", AgreementValues.key), text("label"), choice("of", FactTerms.Subject.self))
        if let name, let node = values["name"], CoverageFact(rawValue: name) != nil {
            reader.fault(node, "the fact '\(name)' is there already; allowed: a name of your own")
            return nil
        }
        let given = words("values", among: nil, what: "value")
        if let given, let node = values["values"], given.count < 2 { wrong("values", node, "has fewer than two words") }
        guard let name, let label, let of else { return nil }
        return FactTerms(name: name, label: label, of: of, values: given ?? ["false", "true"])
    }

    /// The values of facts that stand in this entry of conditions.
    func facts(_ own: [FactTerms]) -> [String: String] {
        var all: [String: String] = [:]
        let known = CoverageFact.allCases.map { ($0.rawValue, $0.values) } + own.map { ($0.name, $0.values) }
        for (name, allowed) in known where has(name) {
            all[name] = Set(allowed) == ["true", "false"] ? flag(name).map { $0 ? "true" : "false" } : reference(name, among: allowed, what: "'\(name)' cannot be")
        }
        return all
    }

    func kind(departments: [String]?, facts own: [FactTerms]) -> RequestKind? {
        let (name, label, proposes) = (value("name", AgreementValues.key), text("label"), proposals(departments, own))
        let categories = list("categories") { node in reader.entry(node, .category)?.category(departments, own) } ?? []
        guard let name, let label else { return nil }
        return RequestKind(name: name, label: label, proposes: proposes, categories: categories)
    }

    private func category(_ departments: [String]?, _ own: [FactTerms]) -> RequestCategory? {
        let (name, label, proposes) = (value("name", AgreementValues.key), text("label"), proposals(departments, own))
        guard let name, let label else { return nil }
        return RequestCategory(name: name, label: label, proposes: proposes)
    }

    private func proposals(_ departments: [String]?, _ own: [FactTerms]) -> Proposals {
        Proposals(
            severity: number("severity", in: 1...4), department: reference("department", among: departments, what: "there is no department"),
            facts: entry("facts", .ticketFacts(and: own))?.facts(own.filter { $0.of == .ticket }) ?? [:])
    }

    func routingRule(kinds: [String]?, categories: [String]?, departments: [String]?, mailboxes: [String]?) -> RoutingRule? {
        let name = text("name")
        let when = entry("when", .routingConditions).map { when in
            RoutingConditions(
                kinds: when.some("kind", among: kinds, what: "there is no kind"), categories: when.some("category", among: categories, what: "there is no category"),
                clients: when.some("client", among: nil, what: "client"), words: when.some("words", among: nil, what: "word"),
                mailboxes: when.some("mailbox", among: mailboxes, what: "the provider has no mailbox"),
                channels: when.some("channel", among: Channel.allCases.map(\.rawValue), what: "there is no channel").compactMap(Channel.init(rawValue:)),
                severities: when.severityNumbers("severity"))
        }
        let department = reference("department", among: departments, what: "there is no department")
        let assignee = value("assignee", AgreementValues.mailbox)
        let tags = words("tags", among: nil, what: "tag") ?? []
        if !has("department"), !has("assignee"), !has("tags") {
            reader.fault(node, "the rule routes nothing; allowed: department, assignee or tags")
        }
        guard let name, let when else { return nil }
        return RoutingRule(name: name, when: when, department: department, assignee: assignee, tags: tags)
    }

    func severityNumbers(_ key: String) -> [Int] { some(key, among: ["1", "2", "3", "4"], what: "there is no severity").compactMap { Int($0) } }

    func availability() -> AvailabilityTerms? {
        let percent = value("percent") { word in AgreementValues.hundredths(word).flatMap { (1...10_000).contains($0) ? $0 : nil } }
        let hours = value("hoursPerDay") { word in AgreementValues.hundredths(word).flatMap { (1...2400).contains($0) ? $0 : nil } }
        let readings = words("readings", among: AvailabilityTerms.Reading.allCases.map(\.rawValue), what: "there is no reading", mayBeEmpty: false)
        let binding = reference("binding", among: readings, what: "there is no reading here")
        let planned = choice("plannedMaintenance", AvailabilityTerms.Planned.self)
        guard let percent, let hours, let readings, let planned else { return nil }
        return AvailabilityTerms(
            percentHundredths: percent, secondsPerDay: hours * 36, readings: readings.compactMap(AvailabilityTerms.Reading.init(rawValue:)),
            binding: binding.flatMap(AvailabilityTerms.Reading.init(rawValue:)), plannedMaintenance: planned)
    }

    func survey() -> SurveyTerms? {
        let questions = list("questions", mayBeEmpty: false, limit: 20) { node in reader.entry(node, .surveyQuestion)?.surveyQuestion() }
        if let questions, let node = values["questions"] {
            let names = questions.map(\.name)
            if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) { wrong("questions", node, "has the question '\(twice)' twice") }
        }
        let (scale, open, follow) = (number("scale", in: 2...10), duration("openFor"), roles("followUp"))
        let poor = number("poorAt", in: 1...9)
        if let poor, let scale, poor >= scale, let node = values["poorAt"] { wrong("poorAt", node, "is \(poor), so that every answer would be poor") }
        guard let questions, let scale, let open, let poor, let follow else { return nil }
        return SurveyTerms(questions: questions, scale: scale, openForSeconds: open, poorAt: poor, followUp: follow)
    }

    private func surveyQuestion() -> SurveyQuestion? {
        let (name, label, answer) = (value("name", AgreementValues.key), text("label", limit: 200), choice("answer", SurveyQuestion.Answer.self))
        let required = flag("required") ?? false
        guard let name, let label, let answer else { return nil }
        return SurveyQuestion(name: name, label: label, answer: answer, required: required)
    }

    func trainingRule(kinds: [String]?) -> TrainingRule? {
        let name = text("name")
        let per = words("per", among: TrainingRule.Group.allCases.map(\.rawValue), what: "tickets cannot be counted per", mayBeEmpty: false)
        let (tickets, within) = (number("tickets", in: 2...100_000), duration("within"))
        let only = words("kinds", among: kinds, what: "there is no kind") ?? []
        let causes = words("causes", among: nil, what: "cause") ?? []
        guard let name, let per, let tickets, let within else { return nil }
        return TrainingRule(name: name, per: per.compactMap(TrainingRule.Group.init(rawValue:)), tickets: tickets, withinSeconds: within, kinds: only, causes: causes)
    }

    func review() -> ReviewTerms? {
        let (months, notify, before) = (number("everyMonths", in: 1...60), roles("notify"), duration("prepareBefore") ?? 14 * 86_400)
        guard let months, let notify else { return nil }
        return ReviewTerms(everyMonths: months, prepareSeconds: before, notify: notify)
    }

    func leadTime() -> LeadTime? {
        let (name, label, notice) = (value("name", AgreementValues.key), text("label"), span("notice"))
        guard let name, let label, let notice else { return nil }
        return LeadTime(name: name, label: label, notice: notice)
    }
}
