package import AbideCore
import AbideStore

/// A survey that a mail asks for, as its one recipient sees it (H1).
package struct AskedSurvey: Sendable {
    package var view: TicketView
    package var person: Person
    package var terms: SurveyTerms
    /// Nil: it can be answered; else why not.
    package var refusal: Refusal?
}

extension Desk {
    private static let unknownLink = Refusal(.unknown, "This link is not known, or it is no longer good. Sign in to see the ticket.", clause: "H1")
    static let surveySetting = "surveys"

    func surveyLink(_ ticket: Ticket, person: Int64, _ agreement: Agreement) -> String? {
        guard person > 0, let ends = ticket.surveyEnds(agreement) else { return nil }
        return settings.baseURL + "/s/" + keys.token(Keys.SurveyLink(ticket: ticket.id, person: person, closing: ticket.reopenedCount, until: ends))
    }

    /// What a link asks; refused as unknown where it is forged, has ended, is about an earlier closing, or its person may not see the ticket any more.
    package func askedSurvey(_ token: String) async throws -> AskedSurvey {
        let now = now()
        guard let link = keys.surveyLink(token), link.until > now else { throw Self.unknownLink }
        return try await db.read { session in
            let directory = try self.directory.content(session, now: now)
            guard let record = try session.ticket(id: link.ticket), let stored = directory.people[link.person], !stored.disabled else { throw Self.unknownLink }
            let person = self.person(stored, directory), ticket = try self.cache.ticket(record), agreement = try self.agreement(digest: ticket.agreement, session)
            guard (try? ticket.permit(person, .read)) != nil, ticket.reopenedCount == link.closing, let terms = agreement.terms.survey else { throw Self.unknownLink }
            let refusal = ticket.surveyEnds(agreement) == nil ? Refusal(.state, "\(ticket.ref) is open again; it is asked when it is closed.", clause: "H1") : nil
            return AskedSurvey(view: try self.view(ticket, directory, now: now), person: person, terms: terms, refusal: refusal)
        }
    }

    /// Answers as the person to whom the link was sent.
    @discardableResult
    package func answerSurvey(link token: String, _ answers: [String: String]) async throws -> TicketView {
        let asked = try await askedSurvey(token)
        return try await answerSurvey(asked.view.ticket.ref, answers, by: asked.person)
    }

    @discardableResult
    package func answerSurvey(_ ref: String, _ answers: [String: String], by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        try await act(ref, by: person, ifMatch: ifMatch, idempotency: idempotency) { ticket, agreement, now in try ticket.answerSurvey(answers, by: person, at: now, agreement) }
    }

    /// Whoever has the link is not asked by mail again (RFC 8058); the ticket's page goes on asking.
    package func endSurveys(link token: String) async throws {
        let asked = try await askedSurvey(token)
        try await db.write { session in
            try session.putSetting(Self.surveySetting, of: asked.person.id, "off")
            try session.announce("people")
        }
        directory.forget()
    }
}
