/// The first place where a ticket's log does not hold.
package struct ChainFault: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable {
        /// No event with this number, although there are later ones or the ticket counted it.
        case missing
        /// The event's content gives another hash.
        case altered
        /// The event names another hash as the one before it.
        case unchained
        /// A text gives another digest.
        case textAltered
        /// The ticket's head is another event than the last of its log.
        case otherHead
    }

    package var ticket: Int64
    package var number: Int
    package var kind: Kind

    package init(ticket: Int64, number: Int, kind: Kind) {
        self.ticket = ticket
        self.number = number
        self.kind = kind
    }

    package var description: String {
        let what =
            switch kind {
            case .missing: "is missing"
            case .altered: "was altered: its hash does not match its content"
            case .unchained: "does not continue the event before it"
            case .textAltered: "has a text that was altered: it does not match its digest"
            case .otherHead: "is not the event that the ticket holds for its last"
            }
        return "ticket \(ticket), event \(number) \(what)"
    }
}

extension Session {
    /// Computes a ticket's chain again.
    /// - Returns: the first fault; nil when all holds.
    package func verifyChain(_ ticket: Int64) throws -> ChainFault? {
        var digests: [Int: [(key: String, digest: String)]] = [:]
        var alteredTexts: Set<Int> = []
        for row in try run("SELECT number, key, salt, digest, text FROM ticket_text WHERE ticket = $1", [.integer(ticket)]) {
            digests[row.int(0), default: []].append((row.text(1), row.text(3)))
            if let text = row.textOrNil(4), EventChain.digest(salt: row.bytes(2), text: text) != row.text(3) { alteredTexts.insert(row.int(0)) }
        }
        var expected = 0
        var previousHash = ""
        let rows = try run(
            """
            SELECT ticket, number, type, occurred_at, recorded_at, actor_kind, actor, actor_name, fact, previous_hash, hash
            FROM ticket_event WHERE ticket = $1 ORDER BY number
            """, [.integer(ticket)])
        for event in rows.map(StoredEvent.init(row:)) {
            expected += 1
            func fault(_ kind: ChainFault.Kind) -> ChainFault { ChainFault(ticket: ticket, number: expected, kind: kind) }
            guard event.number == expected else { return fault(.missing) }
            guard event.previousHash == previousHash else { return fault(.unchained) }
            let content = NewEvent(
                type: event.type, occurredAt: event.occurredAt, recordedAt: event.recordedAt, actorKind: event.actorKind, actor: event.actor,
                actorName: event.actorName, fact: event.fact)
            let hash = EventChain.hash(of: content, ticket: ticket, number: expected, after: previousHash, digests: digests[expected] ?? [])
            guard event.hash == hash else { return fault(.altered) }
            guard !alteredTexts.contains(expected) else { return fault(.textAltered) }
            previousHash = hash
        }
        guard let head = try run("SELECT head, head_hash FROM ticket WHERE id = $1", [.integer(ticket)]).first else { return nil }
        if head.int(0) > expected { return ChainFault(ticket: ticket, number: expected + 1, kind: .missing) }
        if head.int(0) < expected || head.text(1) != previousHash { return ChainFault(ticket: ticket, number: expected, kind: .otherHead) }
        return nil
    }

    /// Computes the chains of all tickets again.
    /// - Returns: the first fault of each ticket that has one, in order of tickets.
    package func verifyAll() throws -> [ChainFault] {
        try run("SELECT id FROM ticket UNION SELECT DISTINCT ticket FROM ticket_event ORDER BY 1").compactMap { try verifyChain($0.int64(0)) }
    }
}
