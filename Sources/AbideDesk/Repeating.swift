package import AbideCore
import AbideStore
import Foundation

/// The key that a caller gives a request, with a digest of the request itself.
package struct Idempotency: Sendable {
    package var key: String
    package var request: String
    package init(key: String, request: String) {
        self.key = key
        self.request = request
    }
}

/// Another request with the same key was done at the same moment; the transaction is rolled back and the answer is the other's.
private struct DoneMeanwhile: Error {}

extension Desk {
    /// Does a thing once for a key, in one transaction with the memory of it: a process that dies in between has done both or neither. What is
    /// kept is where the ticket stood; the answer to a repetition is folded from the log up to there, so that it is the first answer again.
    func once(
        _ idempotency: Idempotency?, by person: Person, _ run: @escaping @Sendable (any Session, Instant) throws -> (Committed, others: [Committed])
    ) async throws -> TicketView {
        let now = now()
        do {
            let (view, committed) = try await db.write { session -> (TicketView?, [Committed]) in
                if let idempotency, let view = try self.answered(session, idempotency, by: person) { return (view, []) }
                let (committed, others) = try run(session, now)
                if let idempotency {
                    let place = RememberedPlace(ref: committed.ticket.ref, head: committed.ticket.head, at: now.seconds, request: idempotency.request)
                    let kept = KeptAnswer(status: 0, body: String(decoding: try JSONEncoder().encode(place), as: UTF8.self))
                    guard try session.keepAnswer(kept, key: idempotency.key, person: person.id, at: now) else { throw DoneMeanwhile() }
                }
                return (nil, [committed] + others)
            }
            if let view { return view }
            for one in committed { told(one) }
            guard let first = committed.first else { throw Refusal.unknownTicket }
            return try await self.view(first.ticket, now: now)
        } catch is DoneMeanwhile {
            guard let idempotency, let view = try await db.read({ try self.answered($0, idempotency, by: person) }) else { throw Refusal.unknownTicket }
            return view
        }
    }

    private func answered(_ session: any Session, _ idempotency: Idempotency, by person: Person) throws -> TicketView? {
        guard let kept = try session.keptAnswer(key: idempotency.key, person: person.id) else { return nil }
        guard let place = try? JSONDecoder().decode(RememberedPlace.self, from: Data(kept.body.utf8)), place.request == idempotency.request else {
            throw Refusal.input("Idempotency-Key", "This key was sent with another request before. Take a new key for each new thing.")
        }
        guard let record = try session.ticket(ref: place.ref) else { throw Refusal.unknownTicket }
        let ticket = try cache.ticket(record, committed: false)
        let events = try log(session, ticket).prefix(place.head).map(\.event)
        let then = Ticket(id: ticket.id, ref: ticket.ref, events: events, agreement: try agreement(digest: ticket.agreement)) ?? ticket
        var view = try self.view(then, try directory.content(session, now: now()), now: Instant(place.at))
        view.isReplay = true
        return view
    }
}

/// Where a ticket stood when a request with a key was done.
private struct RememberedPlace: Codable {
    var ref: String
    var head: Int
    /// Seconds of UTC.
    var at: Int64
    /// A digest of the request.
    var request: String
}
