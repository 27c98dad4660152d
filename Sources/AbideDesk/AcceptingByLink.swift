package import AbideCore
import AbideStore

/// A date that a mail offers to one person, who accepts it by the link in it (C3).
package struct OfferedDate: Sendable {
    package var view: TicketView
    package var proposal: Ticket.Proposal
    package var person: Person
    /// Nil: it can be accepted now; else why not.
    package var refusal: Refusal?
}

extension Desk {
    private static let unknownLink = Refusal(.unknown, "This link is not known, or it is no longer good. Sign in to see the ticket.", clause: "C3")
    /// A link is good so long, and only while its proposal is the last one.
    private static let linkSeconds: Int64 = 30 * 86_400

    func acceptanceLink(_ ticket: Ticket, person: Int64, at now: Instant) -> String? {
        guard let proposal = ticket.proposals.last, !proposal.accepted, proposal.byStaff, person > 0 else { return nil }
        return settings.baseURL + "/a/" + keys.token(Keys.Acceptance(ticket: ticket.id, person: person, proposal: proposal.id, until: now + Self.linkSeconds))
    }

    /// What a link offers; refused as unknown where it is forged, too old, or its person may not see the ticket any more.
    package func offeredDate(_ token: String) async throws -> OfferedDate {
        let now = now()
        guard let acceptance = keys.acceptance(token), acceptance.until > now else { throw Self.unknownLink }
        return try await db.read { session in
            let directory = try self.directory.content(session, now: now)
            guard let record = try session.ticket(id: acceptance.ticket), let stored = directory.people[acceptance.person], !stored.disabled else { throw Self.unknownLink }
            let person = self.person(stored, directory)
            let ticket = try self.cache.ticket(record)
            do { try ticket.permit(person, .accept) } catch { throw Self.unknownLink }
            guard let proposal = ticket.proposals.first(where: { $0.id == acceptance.proposal }) else { throw Self.unknownLink }
            var refusal: Refusal?
            do { _ = try ticket.accept(proposal: proposal.id, by: person, at: now) } catch let why as Refusal { refusal = why }
            return OfferedDate(view: try self.view(ticket, directory, now: now), proposal: proposal, person: person, refusal: refusal)
        }
    }

    /// Accepts as the person to whom the link was sent.
    @discardableResult
    package func acceptOfferedDate(_ token: String) async throws -> TicketView {
        let offered = try await offeredDate(token)
        let (person, id) = (offered.person, offered.proposal.id)
        return try await act(offered.view.ticket.ref, by: person) { ticket, _, now in try ticket.accept(proposal: id, by: person, at: now) }
    }
}
