package import AbideCore
import AbideStore

extension Desk {
    /// Accepts a quote (M5): the work becomes a ticket with its own terms, in one transaction with the acceptance.
    /// - Returns: the ticket on which it was quoted; its quote names the new one.
    package func acceptQuote(_ ref: String, quote id: Int, channel: Channel, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        try await once(idempotency, by: person) { session, now in
            let origin = try self.found(session, ref, by: person, ifMatch: ifMatch)
            try origin.permit(person, .decideQuote)
            let quote = try origin.openQuote(id)
            let directory = try self.directory.content(session, now: now)
            let contact = origin.contact.flatMap { directory.people[$0] }.map { self.person($0, directory) } ?? person
            var fields = origin.fields
            fields["description"] = quote.deliverables
            // A change that was asked for, not a fault: the lowest severity of the agreement.
            let urgency = self.currentAgreement().terms.severities.map(\.number).max()
            let made = try self.register(
                session, NewTicket(subject: origin.subject, urgency: urgency, fields: fields, machine: [], channel: channel, contact: contact, contactAddress: nil, by: person.actor),
                directory, at: now, extras: MessageExtras())
            let work = try self.commit(session, made.ticket, at: now) { $0.ordered(quote, from: origin, by: person, at: now, $1) }
            let accepted = try self.commit(session, origin, at: now) { ticket, _ in try ticket.acceptQuote(id, work: work.ticket.ref, by: person, at: now) }
            return (accepted, [work])
        }
    }
}
