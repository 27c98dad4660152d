package import AbideCore
import AbideStore

/// A ticket that another one is linked to, as staff see it.
package struct LinkedTicket: Sendable {
    package var ref: String
    package var relation: LinkRelation
    package var subject: String
    package var status: Ticket.Status
    package var client: String?
}

/// What concerns two tickets at once: one transaction, an event on each.
extension Desk {
    /// Moves a ticket's conversation into another one; mail to it goes on there.
    /// - Returns: the ticket that was merged.
    @discardableResult
    package func merge(_ ref: String, into other: String, reason: String?, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        try await both(ref, other, "into", .merge, by: person, ifMatch, idempotency) { session, ticket, target, now in
            let directory = try self.directory.content(session, now: self.now())
            let caller = ticket.contact.flatMap { directory.people[$0] }.map { self.person($0, directory) }
            // Who isn't known sees neither; who is keeps sight of what they reported.
            let reads = try caller.map { caller in try target.contact == caller.id || (try? target.permit(caller, .read)) != nil } ?? true
            return try ticket.merge(
                into: target, reason: reason, callerReads: reads, by: person, at: max(now, ticket.updatedAt), try self.agreement(digest: ticket.agreement, session), try self.agreement(digest: target.agreement, session))
        }
    }

    @discardableResult
    package func unmerge(_ ref: String, reason: String?, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        let view = try await ticket(ref, for: person)
        try view.ticket.permit(person, .unmerge)
        guard let into = view.ticket.merging?.into else { throw Refusal(.state, "\(view.ticket.ref) is not part of another ticket.") }
        return try await both(ref, into, "from", .unmerge, by: person, ifMatch, idempotency, mayReadOther: false) { _, ticket, target, now in
            try ticket.unmerge(target, reason: reason, by: person, at: max(now, ticket.updatedAt))
        }
    }

    @discardableResult
    package func link(_ ref: String, to other: String, as relation: LinkRelation, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        try await both(ref, other, "to", .organise, by: person, ifMatch, idempotency) { _, ticket, target, now in try ticket.link(to: target, as: relation, by: person, at: max(now, ticket.updatedAt)) }
    }

    @discardableResult
    package func unlink(_ ref: String, from other: String, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        try await both(ref, other, "from", .organise, by: person, ifMatch, idempotency) { _, ticket, target, now in try ticket.unlink(target, by: person, at: max(now, ticket.updatedAt)) }
    }

    private func both(
        _ ref: String, _ other: String, _ field: String, _ act: Act, by person: Person, _ ifMatch: Int?, _ idempotency: Idempotency?, mayReadOther: Bool = true,
        _ decide: @escaping @Sendable (any Session, Ticket, Ticket, Instant) throws -> (here: [Draft], there: [Draft])
    ) async throws -> TicketView {
        try await once(idempotency, by: person) { session, now in
            let ticket = try self.found(session, ref, by: person, ifMatch: ifMatch)
            try ticket.permit(person, act)
            let name = other.trimmingPrefix { $0.isWhitespace }.uppercased()
            guard let record = try session.ticket(ref: String(name.prefix { !$0.isWhitespace })) else { throw Refusal.input(field, "There is no ticket \(other.prefix(40)).") }
            let target = try self.cache.ticket(record, committed: false)
            if mayReadOther { try target.permit(person, .read) }
            let drafts = try decide(session, ticket, target, now)
            let here = try self.commit(session, ticket, at: now) { _, _ in drafts.here }
            return (here, [try self.commit(session, target, at: now) { _, _ in drafts.there }])
        }
    }

    /// Where a ticket goes on: itself, or the one that it was merged into, from one to the next.
    func follow(_ ticket: Ticket, _ session: any Session) throws -> Ticket {
        var ticket = ticket
        for _ in 0..<10 {
            guard let into = ticket.merging?.into, let record = try session.ticket(ref: into) else { break }
            ticket = try cache.ticket(record, committed: false)
        }
        return ticket
    }

    /// The tickets that one is linked to, as staff see them.
    func linked(_ ticket: Ticket, _ session: any Session, _ directory: Directory.Content) throws -> [LinkedTicket] {
        guard !ticket.links.isEmpty else { return [] }
        let found = Dictionary(try session.listedTickets(ticket.links.compactMap { TicketNumber(ref: $0.ref)?.id }).map { ($0.ref, $0) }) { first, _ in first }
        return ticket.links.compactMap { link in
            found[link.ref].map { LinkedTicket(ref: link.ref, relation: link.relation, subject: $0.subject, status: Ticket.Status(rawValue: $0.status) ?? .open, client: $0.client.flatMap { directory.clients[$0]?.name }) }
        }
    }

    /// Answers each open incident of a problem with the same words, or solves it with them; the response of each is its own.
    /// - Returns: what became of each; nothing where none is open.
    package func tellIncidents(of ref: String, _ body: String?, resolves: Bool, channel: Channel, by person: Person) async throws -> [ManyOutcome] {
        let detail = try await detail(ref, for: person)
        // Those who work on tickets: a problem's words are answers, and perhaps solutions, of all its incidents.
        try detail.view.ticket.permit(person, .resolve)
        guard let body, !body.allSatisfy(\.isWhitespace) else { throw Refusal.input("body", "Say something: each client reads it.") }
        let incidents = detail.links.filter { $0.relation == .incident && ([.open, .awaitingClient].contains($0.status) || ($0.status == .registered && !resolves)) }.map(\.ref)
        guard !incidents.isEmpty else { throw Refusal(.state, "None of its incidents is open.") }
        return try await self.act(onEach: incidents, .answer(body, resolves: resolves, channel), by: person)
    }
}
