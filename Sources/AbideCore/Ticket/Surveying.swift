/// H1: what the caller is asked when a ticket is closed. One survey a closing; it can be answered and changed until it ends.
extension Ticket {
    package struct Survey: Sendable, Codable, Hashable {
        /// How often the ticket had been reopened before the closing that it is about.
        package var closing: Int
        /// The first question's.
        package var score: Int
        package var at: Instant
        /// What was answered, by the question's name.
        package var answers: [String: String]
    }

    /// Until when the survey of the present closing can be answered; nil: there is none.
    package func surveyEnds(_ agreement: Agreement) -> Instant? {
        guard let survey = agreement.terms.survey, phase == .closed, merging == nil, loggedAt != nil, contact != nil, let closedAt else { return nil }
        return closedAt + survey.openForSeconds
    }

    /// What was answered about the present closing.
    package var survey: Survey? { bonds?.survey.flatMap { $0.closing == reopenedCount ? $0 : nil } }

    /// - Parameter answers: by the question's name: a number of the scale, or a text.
    package func answerSurvey(_ answers: [String: String], by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .read)
        guard !person.role.isStaff, person.id == contact else { throw Refusal(.forbidden, "Whoever logged a ticket says how it was: \(contactName).", clause: "H1") }
        guard let terms = agreement.terms.survey, let ends = surveyEnds(agreement) else { throw Refusal(.state, "Nothing is asked about \(ref) at present: a survey comes when a ticket is closed.", clause: "H1") }
        guard now < ends else { throw Refusal(.state, "The survey about \(ref) has ended.", clause: "H1") }
        var faults: [String: Phrase] = [:], texts: [String: String] = [:], score: Int?
        for name in answers.keys where !terms.questions.contains(where: { $0.name == name }) { faults[name] = "There is no such question." }
        for question in terms.questions {
            let answer = answers[question.name]?.trimmingPrefix(while: \.isWhitespace) ?? ""
            if answer.allSatisfy(\.isWhitespace) {
                if question.required { faults[question.name] = "This is required." }
                continue
            }
            switch question.answer {
            case .score:
                guard let number = Int(answer), (1...terms.scale).contains(number) else {
                    faults[question.name] = "A whole number from 1 to \(terms.scale)."
                    continue
                }
                score = score ?? number
            case .text: if answer.utf8.count > TextLimit.reason { faults[question.name] = "At most \(TextLimit.reason) characters." }
            }
            texts[TextKey.survey(question.name)] = String(answer)
        }
        guard faults.isEmpty else { throw .input(faults) }
        guard let score else { throw .input(terms.questions.first { $0.answer == .score }?.name ?? "score", "This is required.") }
        if let survey, survey.answers == Self.answers(texts) { return [] }
        return [Draft(.surveyAnswered(score: score), max(now, updatedAt), person.actor, texts: texts)]
    }

    mutating func surveyed(_ score: Int, _ event: TicketEvent) {
        bind { [reopenedCount] in $0.survey = Survey(closing: reopenedCount, score: score, at: event.occurredAt, answers: Self.answers(event.texts)) }
    }

    private static func answers(_ texts: [String: String]) -> [String: String] {
        texts.reduce(into: [:]) { all, text in if text.key.hasPrefix("survey.") { all[String(text.key.dropFirst(7))] = text.value } }
    }
}
