/// H1 to H4: what the caller is asked when a ticket is closed, and what a poor answer does.
package struct SurveyTerms: Hashable, Sendable, Codable {
    package var questions: [SurveyQuestion]
    /// Answers with a score go from 1 to this.
    package var scale: Int
    /// How long after the closing it can be answered and changed; wall seconds.
    package var openForSeconds: Int64
    /// A score at or below this is poor (H4).
    package var poorAt: Int
    /// Who follows a poor answer up (H4).
    package var followUp: [Role]

    package init(questions: [SurveyQuestion], scale: Int, openForSeconds: Int64, poorAt: Int, followUp: [Role]) {
        self.questions = questions
        self.scale = scale
        self.openForSeconds = openForSeconds
        self.poorAt = poorAt
        self.followUp = followUp
    }
}

package struct SurveyQuestion: Hashable, Sendable, Codable {
    package enum Answer: String, Hashable, Sendable, Codable, CaseIterable { case score, text }

    package var name: String
    package var label: String
    package var answer: Answer
    package var required: Bool

    package init(name: String, label: String, answer: Answer, required: Bool) {
        self.name = name
        self.label = label
        self.answer = answer
        self.required = required
    }
}
