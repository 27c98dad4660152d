/// L4: representatives of the client are there while a ticket is worked on. Whoever can't be reached is tried again or stood in for, and each attempt is recorded.
extension Ticket {
    package enum AttemptWay: String, CaseIterable, Sendable, Codable {
        case phone, email, visit

        package var words: String {
            switch self {
            case .phone: say("by telephone")
            case .email: say("by e-mail")
            case .visit: say("in person")
            }
        }
    }

    package struct Attempt: Sendable, Codable, Hashable {
        package var contact: Int64
        package var name: String
        package var way: AttemptWay
        package var reached: Bool
        package var at: Instant
        package var by: String
    }

    /// Oldest first.
    package var attempts: [Attempt] { bonds?.attempts ?? [] }

    /// - Parameters:
    ///   - contact: of the ticket's client.
    ///   - occurredAt: when it really was, where staff enter it late.
    package func attempt(
        _ contact: (id: Int64, name: String)?, way: AttemptWay?, reached: Bool, note: String?, occurredAt: Instant? = nil, by person: Person, at now: Instant
    ) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        guard let contact else { throw .input("contact", "Choose one of the client's contacts.") }
        guard let way else { throw .input("way", "One of \(AttemptWay.allCases.map(\.rawValue).joined(separator: ", ")).") }
        if let note, note.utf8.count > TextLimit.reason { throw .input("note", "At most \(TextLimit.reason) characters.") }
        if phase == .closed { throw closedAlready }
        if let occurredAt, occurredAt > now { throw .input("occurredAt", "This lies in the future.") }
        var texts = [TextKey.who: contact.name]
        if let note, !note.isEmpty { texts[TextKey.note] = note }
        return [Draft(.contactAttempted(contact: contact.id, way: way, reached: reached), occurredAt ?? max(now, updatedAt), person.actor, texts: texts)]
    }

    mutating func tried(_ contact: Int64, _ way: AttemptWay, _ reached: Bool, _ event: TicketEvent) {
        bind { $0.attempts = ($0.attempts ?? []) + [Attempt(contact: contact, name: event.texts[TextKey.who] ?? "", way: way, reached: reached, at: event.occurredAt, by: event.actor.name)] }
    }
}
