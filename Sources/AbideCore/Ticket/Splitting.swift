/// One message that is about something else becomes a ticket of its own.
extension Ticket {
    /// Who may, and whether it can be.
    /// - Parameters:
    ///   - message: the number of the message's event; `isPublic` and `byClient` say what it is.
    package func checkSplit(message: Int, isPublic: Bool, byClient: Bool, by person: Person) throws(Refusal) {
        try permit(person, .merge)
        guard isPublic, byClient else { throw Refusal(.state, "Only a message of the client's becomes a ticket of its own: it is what they report.") }
        guard message > 1 else { throw Refusal(.state, "The first message is what \(ref) itself is about.") }
        guard contact != nil else { throw Refusal(.state, "Nobody knows yet who wrote this. Link \(ref) to its contact first.") }
        if let merging { throw Refusal(.state, "\(ref) is part of \(merging.into): split it there.") }
    }

    /// What is recorded here and on the ticket that was made of the message.
    package func split(message: Int, into made: Ticket, by person: Person, at now: Instant) -> (here: [Draft], there: [Draft]) {
        (
            [Draft(.split(message: message, into: made.ref), max(now, updatedAt), person.actor)],
            [Draft(.splitFrom(ref: ref, message: message), max(now, made.updatedAt), person.actor)]
        )
    }
}
