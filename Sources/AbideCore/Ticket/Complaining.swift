/// Formal escalation (D3): a client that is not satisfied writes to the client services manager, who answers in writing within a time.
extension Ticket {
    package func complain(reason: String?, impact: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .complain)
        try Self.require([("reason", reason, TextLimit.reason), ("impact", impact, TextLimit.reason)])
        return complained(reason: reason ?? "", impact: impact ?? "", actor: person.actor, at: now)
    }

    /// The same without asking who: the mail door has bound and believed the sender already.
    package func complained(reason: String, impact: String, actor: Actor, at now: Instant) -> [Draft] {
        [Draft(.complained(complaint: complaints.count + 1), now, actor, texts: [TextKey.reason: reason, TextKey.impact: impact])]
    }

    package func answerComplaint(_ body: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .answerComplaint)
        try Self.require([("body", body, TextLimit.body)])
        guard let complaint = complaints.first(where: { $0.answeredAt == nil }) else { throw .noComplaint }
        return [Draft(.complaintAnswered(complaint: complaint.id), now, person.actor, texts: [TextKey.body: body ?? ""])]
    }

    /// M6: the decision on coverage is disputed. It goes the way of every formal escalation; the decision stands until it is corrected.
    package func disputeCoverage(reason: String?, impact: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        let complaint = try complain(reason: reason, impact: impact, by: person, at: now)
        if coverage == .undecided { throw Refusal(.state, "Coverage is not decided yet, so that there is nothing to dispute.", clause: "M6") }
        if complaints.contains(where: { $0.isAboutCoverage && $0.answeredAt == nil }) {
            throw Refusal(.state, "The decision is disputed already; the client services manager answers.", clause: "M6")
        }
        return complaint + [Draft(.coverageDisputed(complaint: complaints.count + 1, decision: coverage, rule: coverageRule), now, person.actor)]
    }

    /// Until when a complaint is to be answered: its own clock, on the default calendar.
    package func due(_ complaint: Complaint, _ agreement: Agreement) -> Instant? {
        agreement.instant(after: complaint.at, agreement.terms.complaintAnswer)
    }

    /// How the clock of a complaint stands at `now`.
    package func reading(_ complaint: Complaint, _ agreement: Agreement, at now: Instant) -> ClockReading {
        let calendar = agreement.defaultCalendar
        let due = due(complaint, agreement)
        let target = agreement.seconds(agreement.terms.complaintAnswer, calendar: calendar)
        let used = calendar.worked(from: complaint.at, to: complaint.answeredAt ?? max(now, complaint.at))
        let isMissed = due.map { (complaint.answeredAt ?? now) > $0 } ?? false
        return ClockReading(
            state: complaint.answeredAt == nil ? .running : .stopped, outcome: isMissed ? .missed : complaint.answeredAt == nil ? nil : .met, targetSeconds: target,
            startedAt: complaint.at, due: due, stoppedAt: complaint.answeredAt, usedSeconds: used, leftSeconds: target.map { $0 - used }, dueSoon: false)
    }
}
