/// Access to the client's environment (L5): who, how, until when. One that is missing suspends the clocks (C6), one that is given lets them go on.
extension Ticket {
    package func grantAccess(who: String?, how: String?, until: Instant?, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .grantAccess)
        try Self.require([("who", who, TextLimit.subject), ("how", how, TextLimit.reason)])
        if let until, until <= now { throw .input("until", "This lies in the past.") }
        if phase == .closed { throw closedAlready }
        let granted = Draft(
            .accessGranted(grant: grants.count + 1, until: until), now, person.actor, texts: [TextKey.who: who ?? "", TextKey.how: how ?? ""])
        return [granted] + suspensions.filter { agreement.suspensionReason($0.reason)?.endsWithGrant ?? false }
            .map { Draft(.resumed(suspension: $0.id, byAnswer: false), max(now, $0.since), person.actor) }
    }

    package func endAccess(_ id: Int, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .grantAccess)
        guard grants.contains(where: { $0.id == id && $0.endedAt == nil }) else { throw .noGrant }
        return accessEnded(id, expired: false, actor: person.actor, at: now, agreement)
    }

    /// What follows where a grant ends: with the last one the clocks stand, by the agreement's reason for it.
    func accessEnded(_ id: Int, expired: Bool, actor: Actor, at: Instant, _ agreement: Agreement) -> [Draft] {
        let ended = Draft(.accessEnded(grant: id, expired: expired), at, actor)
        guard phase == .open, !grants.contains(where: { $0.id != id && $0.endedAt == nil && $0.until.map { $0 > at } ?? true }),
            let reason = agreement.terms.suspensionReasons.first(where: { $0.endsWithGrant ?? false }),
            !suspensions.contains(where: { $0.reason == reason.name })
        else { return [ended] }
        let grant = grants.first { $0.id == id }
        return [ended, Draft(.suspended(suspension: suspensionCount + 1, reason: reason.name), at, actor, texts: [TextKey.note: "the access of \(grant?.who ?? "") ended"])]
    }

    /// Grants that hold at `now`.
    package func openGrants(at now: Instant) -> [Grant] { grants.filter { $0.endedAt == nil && $0.until.map { $0 > now } ?? true } }
}
