/// An event before it is stored: the store gives it its number and the desk its recorded time.
package struct Draft: Hashable, Sendable {
    package var fact: Fact
    package var occurredAt: Instant
    package var actor: Actor
    package var texts: [String: String]

    package init(_ fact: Fact, _ occurredAt: Instant, _ actor: Actor, texts: [String: String] = [:]) {
        self.fact = fact
        self.occurredAt = occurredAt
        self.actor = actor
        self.texts = texts
    }

    package func event(number: Int, recordedAt: Instant) -> TicketEvent {
        TicketEvent(number: number, fact: fact, occurredAt: occurredAt, recordedAt: recordedAt, actor: actor, texts: texts)
    }
}

/// Limits on what people write, in characters.
package enum TextLimit {
    package static let subject = 300
    package static let field = 20_000
    package static let body = 100_000
    package static let reason = 5_000
}

/// Decisions about a ticket: who asks is checked first, then what was given, then the state. Each returns the events that follow.
extension Ticket {
    /// Asks the permission table; the refusal names who can.
    package func permit(_ person: Person, _ act: Act) throws(Refusal) {
        let relation = escalatedTo.contains(person.role) && person.role == .management ? .escalated : person.relation(client: client, contact: contact)
        switch Permissions.answer(person.role, act, relation) {
        case .allowed: return
        case .unknown: throw .unknownTicket
        case .forbidden:
            switch act {
            case .close: throw .notLogger(contactName)
            case .setSeverity: throw .role(person.role, may: "The desk assigns the severity; say why it should be another one in an answer.", clause: "C5")
            case .sendClosingNotice: throw .role(person.role, may: "The support consultant sends the notice.", clause: "N2")
            case .suspend, .resume: throw .role(person.role, may: "Agents, department leads and the service manager suspend and resume.", clause: "C6")
            case .decideCoverage: throw .role(person.role, may: "Agents decide coverage; a client can dispute it.", clause: "M6")
            case .answerComplaint: throw .role(person.role, may: "The client services manager answers complaints.", clause: "D3")
            case .complain: throw .role(person.role, may: "Contacts of the client complain.", clause: "D3")
            case .declareComplete: throw .role(person.role, may: "Staff declare a ticket complete.", clause: "A5")
            case .resolve: throw .role(person.role, may: "Agents resolve.", clause: "N1")
            case .grantAccess: throw .role(person.role, may: "Contacts of the client grant access, and agents record it.", clause: "L5")
            case .quote: throw .role(person.role, may: "Agents, department leads and the service manager quote.", clause: "M5")
            case .decideQuote: throw .role(person.role, may: "Contacts of the client accept or decline a quote.", clause: "M5")
            default: throw .role(person.role, may: "Ask an agent or the service manager.")
            }
        }
    }

    static func require(_ texts: [(name: String, text: String?, limit: Int)]) throws(Refusal) {
        var faults: [String: Phrase] = [:]
        for (name, text, limit) in texts {
            let text = text ?? ""
            if text.allSatisfy(\.isWhitespace) { faults[name] = "This is required." }
            else if text.utf8.count > limit { faults[name] = "This is too long: at most \(limit) characters." }
        }
        guard faults.isEmpty else { throw .input(faults) }
    }

    func openForWork() throws(Refusal) {
        if phase == .closed { throw closedAlready }
        if phase == .registered { throw .notLogged }
    }

    /// The true time of what staff enter late (`clock.md`): not ahead of now, nor before the ticket was there.
    func trueTime(_ given: Instant?, _ field: String = "occurredAt", by person: Person, at now: Instant) throws(Refusal) -> Instant {
        guard let given else { return now }
        guard person.role.isStaff else { throw .input(field, "Staff alone enter what happened earlier; leave it out.") }
        if given > now { throw .input(field, "This lies in the future.") }
        let first = loggedAt ?? registeredAt
        if given < first { throw .input(field, "Before the ticket was logged, at \(first.rfc3339).") }
        return given
    }

    // MARK: Logging (A4, A5)

    /// What was missing is supplied; the clocks start if it is complete now.
    package func supply(_ given: [String: String], subject: String?, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .supply)
        var faults: [String: Phrase] = [:]
        for (name, value) in given {
            if !agreement.terms.intake.contains(where: { $0.name == name }) { faults[name] = "The agreement's intake list has no such field." }
            else if value.utf8.count > TextLimit.field { faults[name] = "This is too long: at most \(TextLimit.field) characters." }
            else if let wrong = agreement.terms.fault(of: value, in: name) { faults[name] = wrong }
        }
        if let subject, subject.allSatisfy(\.isWhitespace) || subject.utf8.count > TextLimit.subject { faults["subject"] = "Between 1 and \(TextLimit.subject) characters." }
        guard faults.isEmpty else { throw .input(faults) }
        if phase == .closed { throw closedAlready }
        return supplied(given, subject: subject, machine: [], actor: person.actor, at: now, agreement)
    }

    /// The same without asking who: the mail door has bound and believed the sender already.
    package func supplied(_ given: [String: String], subject: String? = nil, machine: [String], actor: Actor, at now: Instant, _ agreement: Agreement) -> [Draft] {
        var texts: [String: String] = [:]
        for (name, value) in given {
            // What a machine read may be none of the field's choices; then it says nothing.
            guard let value = agreement.terms.taken(value, forField: name), fields[name] != value, !value.isEmpty else { continue }
            texts[TextKey.field(name)] = value
        }
        if let subject, subject != self.subject { texts[TextKey.subject] = subject }
        guard !texts.isEmpty else { return [] }
        let names = given.keys.filter { texts[TextKey.field($0)] != nil }.sorted()
        var drafts = [Draft(.supplied(fields: names, readByMachine: machine.filter(names.contains)), now, actor, texts: texts)]
        if phase == .registered {
            let left = missing(agreement).filter { texts[TextKey.field($0)] == nil }
            if left.isEmpty { drafts.append(Draft(.correctlyLogged(declared: false), now, actor)) }
        }
        return drafts
    }

    package func declareComplete(reason: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .declareComplete)
        try Self.require([("reason", reason, TextLimit.reason)])
        if phase == .closed { throw closedAlready }
        guard phase == .registered else { throw .loggedAlready }
        return [Draft(.correctlyLogged(declared: true), now, person.actor, texts: [TextKey.reason: reason ?? ""])]
    }

    // MARK: Answering (C2)

    /// - Parameter occurredAt: when it was really said, where staff enter it late.
    package func answer(
        _ body: String?, visibility: Visibility, channel: Channel, occurredAt: Instant? = nil, by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        try permit(person, visibility == .internal ? .note : .answer)
        try Self.require([("body", body, TextLimit.body)])
        if merging != nil { throw closedAlready }
        let at = try trueTime(occurredAt, by: person, at: now)
        return answered(body ?? "", visibility: visibility, channel: channel, automatic: false, actor: person.actor, at: at, agreement)
    }

    /// The same without asking who, for the mail door. An automatic answer is kept and changes nothing (R13).
    package func answered(_ body: String, visibility: Visibility, channel: Channel, automatic: Bool, actor: Actor, at now: Instant, _ agreement: Agreement) -> [Draft] {
        var drafts = [Draft(.messageAdded(visibility: visibility, channel: channel, automatic: automatic), now, actor, texts: [TextKey.body: body])]
        guard visibility == .public, !automatic else { return drafts }
        switch actor.kind {
        case .staff: drafts += response(actor, now, agreement)
        case .contact:
            for suspension in suspensions where agreement.suspensionReason(suspension.reason)?.endsWithAnswer ?? false {
                drafts.append(Draft(.resumed(suspension: suspension.id, byAnswer: true), now, actor))
            }
        case .system: break
        }
        return drafts
    }

    /// The first answer by a person that reaches the caller stops the response clock, suspended or not; one that was earlier and is
    /// entered later is the first.
    private func response(_ actor: Actor, _ at: Instant, _ agreement: Agreement) -> [Draft] {
        let clock = clock(.response, agreement)
        switch clock.state {
        case .running, .suspended: return [Draft(.responded, at, actor)]
        case .stopped:
            guard let started = clock.startedAt, let stopped = clock.stoppedAt, at >= started, at < stopped else { return [] }
            return [Draft(.responded, at, actor)]
        case .notStarted: return []
        }
    }

    // MARK: Triage (C5, M)

    package func setSeverity(_ severity: Int?, reason: String?, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .setSeverity)
        var faults: [String: Phrase] = [:]
        let known = agreement.terms.severities.map(\.number).sorted()
        if severity == nil || !known.contains(severity ?? 0) { faults["severity"] = "One of \(known.map(String.init).joined(separator: ", "))." }
        if (reason ?? "").allSatisfy(\.isWhitespace) { faults["reason"] = "Say why; the client reads it." }
        if (reason ?? "").utf8.count > TextLimit.reason { faults["reason"] = "At most \(TextLimit.reason) characters." }
        guard faults.isEmpty, let severity else { throw .input(faults) }
        if phase == .closed { throw closedAlready }
        if severityIsAssigned, severity == self.severity { throw Refusal(.state, "The severity is \(severity) already.", clause: "C5") }
        return [Draft(.severityAssigned(severity: severity, from: self.severity), now, person.actor, texts: [TextKey.reason: reason ?? ""])]
    }

    package func assign(to assignee: (id: Int64, name: String)?, department: String?, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .assign)
        if let department, !agreement.terms.departments.contains(where: { $0.name == department }) {
            throw .input("department", "One of \(agreement.terms.departments.map(\.name).joined(separator: ", ")).")
        }
        if phase == .closed { throw closedAlready }
        if assignee?.id == self.assignee, department == self.department { return [] }
        return [Draft(.assigned(assignee: assignee?.id, assigneeName: assignee?.name, department: department), now, person.actor)]
    }

    // MARK: Suspending (C6)

    /// - Parameters:
    ///   - since: when it really began, where that was earlier.
    ///   - until: when it really ended, for one that is over already.
    package func suspend(
        reason: String?, note: String?, since: Instant?, until: Instant? = nil, by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        try permit(person, .suspend)
        var faults: [String: Phrase] = [:]
        let known = agreement.terms.suspensionReasons.map(\.name)
        if reason == nil || !known.contains(reason ?? "") { faults["reason"] = "One of \(known.joined(separator: ", "))." }
        if (note ?? "").utf8.count > TextLimit.reason { faults["note"] = "At most \(TextLimit.reason) characters." }
        if let since {
            if since > now { faults["since"] = "This lies in the future." }
            if let loggedAt, since < loggedAt { faults["since"] = "Before the clocks started, at \(loggedAt.rfc3339)." }
        }
        if let until {
            if until > now { faults["until"] = "This lies in the future." }
            else if since == nil { faults["until"] = "Say also since when." }
            else if let since, until <= since { faults["until"] = "This is not after since." }
        }
        guard faults.isEmpty, let reason else { throw .input(faults) }
        try openForWork()
        if phase == .resolved { throw .resolvedAlready }
        let id = suspensionCount + 1
        let begun = Draft(.suspended(suspension: id, reason: reason), since ?? now, person.actor, texts: note.map { [TextKey.note: $0] } ?? [:])
        return [begun] + (until.map { [Draft(.resumed(suspension: id, byAnswer: false), $0, person.actor)] } ?? [])
    }

    package func resume(_ id: Int, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .resume)
        guard let suspension = suspensions.first(where: { $0.id == id }) else { throw .noSuspension }
        return [Draft(.resumed(suspension: id, byAnswer: false), max(now, suspension.since), person.actor)]
    }

    // MARK: A date that both sides agree (C3)

    package func propose(due: Instant?, workingSeconds: Int64?, by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .propose)
        var faults: [String: Phrase] = [:]
        if (due == nil) == (workingSeconds == nil) { faults["due"] = "Give either due, an instant, or workingSeconds, a length of working time." }
        if let due {
            if due <= now { faults["due"] = "This lies in the past." }
            else if !agreement.calendar(ofSeverity: severity).holds(due) { faults["due"] = "The desk is closed then. Choose a time in its hours." }
        }
        if let workingSeconds, workingSeconds < 1 || workingSeconds > 315_360_000 { faults["workingSeconds"] = "A whole number of seconds, 1 or more." }
        guard faults.isEmpty else { throw .input(faults) }
        try openForWork()
        if phase == .resolved { throw .resolvedAlready }
        return [Draft(.resolutionProposed(proposal: proposals.count + 1, due: due, workingSeconds: workingSeconds), now, person.actor)]
    }

    package func accept(proposal id: Int, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .accept)
        guard let proposal = proposals.first(where: { $0.id == id }) else { throw .noProposal }
        if proposal.byStaff == person.role.isStaff {
            throw Refusal(.forbidden, "This date was proposed by your own side; the other side accepts it or proposes another.", clause: "C3")
        }
        try openForWork()
        if phase == .resolved { throw .resolvedAlready }
        if proposal.accepted { throw Refusal(.state, "This date is agreed already.", clause: "C3") }
        if id != proposals.last?.id { throw Refusal(.state, "Another date was proposed since; accept that one or propose another.", clause: "C3") }
        return [Draft(.resolutionAgreed(proposal: id, due: proposal.due, workingSeconds: proposal.workingSeconds), now, person.actor)]
    }

    // MARK: Resolving

    package func resolve(
        _ body: String?, fields: [String: String], channel: Channel, occurredAt: Instant? = nil, by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        try permit(person, .resolve)
        try Self.require([("body", body, TextLimit.body)])
        let faults = agreement.terms.faults(inResolution: fields)
        guard faults.isEmpty else { throw .input(faults) }
        let now = try trueTime(occurredAt, by: person, at: now)
        try openForWork()
        if phase == .resolved { throw .resolvedAlready }
        let turn = resolutionChanges.filter { $0.kind == .carryOn || $0.kind == .restart }.map(\.at).max()
        if let turn, now < turn { throw .input("occurredAt", "Before it was opened again, at \(turn.rfc3339).") }
        var texts = [TextKey.body: body ?? ""]
        for (name, value) in fields { texts[TextKey.field(name)] = value }
        return [Draft(.messageAdded(visibility: .public, channel: channel, automatic: false), now, person.actor, texts: [TextKey.body: body ?? ""])]
            + response(person.actor, now, agreement)
            + suspensions.map { Draft(.resumed(suspension: $0.id, byAnswer: false), max(now, $0.since), person.actor) }
            + [Draft(.resolved(fields: fields.keys.sorted()), now, person.actor, texts: texts)]
    }

    package func withdrawResolution(by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .withdrawResolution)
        if phase == .closed { throw closedAlready }
        guard phase == .resolved else { throw .notResolved }
        return [Draft(.resolutionWithdrawn, now, person.actor)]
    }

    // MARK: Closing and reopening (N)

    /// "It works" of a contact who isn't the logger.
    package func confirm(by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .confirm)
        guard phase == .resolved else { throw .notResolved }
        return [Draft(.confirmed, now, person.actor)]
    }

    package func close(reason: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .close)
        if let reason, reason.utf8.count > TextLimit.reason { throw .input("reason", "At most \(TextLimit.reason) characters.") }
        if phase == .closed { throw Refusal(.state, "This ticket is closed already.", clause: "N1") }
        return [Draft(.closed, now, person.actor, texts: reason.map { [TextKey.reason: $0] } ?? [:])]
    }

    /// Since when feedback is awaited (choice 9): an `answerAwaited` stands, or a resolution that nobody confirmed.
    package func feedbackAwaitedSince(_ agreement: Agreement) -> Instant? {
        if phase == .resolved { return resolvedAt.map { max($0, lastClientMessageAt ?? $0) } }
        guard phase == .open else { return nil }
        return suspensions.filter { agreement.suspensionReason($0.reason)?.endsWithAnswer ?? false }.map(\.since).min()
    }

    package func noticePossibleAt(_ agreement: Agreement) -> Instant? {
        feedbackAwaitedSince(agreement).flatMap { agreement.instant(after: $0, agreement.terms.closing.feedbackWithin) }
    }

    package func closableAt(_ agreement: Agreement) -> Instant? {
        closing.flatMap { agreement.instant(after: $0.noticedAt, agreement.terms.closing.noticePeriod) }
    }

    package func sendClosingNotice(by person: Person, at now: Instant, _ agreement: Agreement) throws(Refusal) -> [Draft] {
        try permit(person, .sendClosingNotice)
        if phase == .closed { throw closedAlready }
        if closing != nil { throw Refusal(.state, "The notice was sent already.", clause: "N2") }
        guard let possible = noticePossibleAt(agreement) else {
            throw Refusal(.state, "No feedback is awaited: ask for an answer (suspend with that reason) or resolve first.", clause: "N2")
        }
        if possible > now { throw Refusal(.state, "It is too early: without feedback the notice can be sent from \(possible.rfc3339) on.", clause: "N2") }
        return [Draft(.closingNoticed, now, person.actor)]
    }

    package func reopen(reason: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .reopen)
        try Self.require([("reason", reason, TextLimit.reason)])
        if let merging { throw Refusal(.state, "\(ref) goes on in \(merging.into). Take the merging back, or reopen that one.", clause: "N4") }
        guard phase == .closed || phase == .resolved else { throw .notClosed }
        return [Draft(.reopened, now, person.actor, texts: [TextKey.reason: reason ?? ""])]
    }
}
