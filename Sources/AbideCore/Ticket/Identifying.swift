extension Ticket {
    /// "Who is this?": a ticket whose sender nobody knew gets its contact. What the contact's profile holds is taken over, and the clocks start
    /// where nothing is missing any more (A4, A5); coverage is decided for the client that it belongs to now (M).
    /// - Parameters:
    ///   - clientName: of the contact's client; nil: none.
    ///   - facts: what the client is entitled to, as the coverage table asks for it.
    package func identify(_ contact: Person, clientName: String?, facts: [String: String], by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .logForCaller)
        guard self.contact == nil else { throw Refusal(.state, "This ticket has its contact: \(contactName).") }
        if phase == .closed { throw closedAlready }
        guard !contact.role.isStaff else { throw .input("email", "This is an address of the desk's own people.") }
        var drafts = [Draft(.identified(contact: contact.id, client: contact.client), now, person.actor)]
        let profile = ["name": contact.name, "company": clientName ?? "", "phone": contact.phone]
        let missing = Set(missing(agreement))
        let known = profile.filter { name, value in !value.isEmpty && missing.contains(name) && agreement.terms.intake.contains { $0.name == name && $0.fromProfile } }
        drafts += supplied(known, machine: [], actor: person.actor, at: now, agreement)
        if coverage == .undecided, contact.client != nil {
            let all = fields.merging(known) { $1 }
            let facts = agreement.terms.coverageFacts(proposals: agreement.terms.proposals(fields: all).proposals, fields: all, client: facts)
            let (decision, rule) = Coverage.decide(agreement.terms.coverage, facts: facts)
            if decision != .undecided { drafts.append(Draft(.coverageDecided(decision: decision, rule: rule), now, .desk)) }
        }
        return drafts
    }
}
