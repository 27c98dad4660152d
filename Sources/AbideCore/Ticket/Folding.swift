extension Ticket {
    /// Folds `events` from the first on.
    package init?(id: Int64, ref: String, events: [TicketEvent], agreement: Agreement) {
        guard let first = events.first else { return nil }
        self.init(id: id, ref: ref, registeredAt: first.occurredAt, provisionalSeverity: agreement.terms.provisionalSeverity)
        for event in events { apply(event, agreement) }
    }

    /// Total: history is not up for refusal.
    package mutating func apply(_ event: TicketEvent, _ agreement: Agreement) {
        head = event.number
        updatedAt = max(updatedAt, event.recordedAt)
        let at = event.occurredAt
        if agreement.terms.clocks.contains(.nextReply) { followNextReply(event) }
        switch event.fact {
        case .registered(let channel, let client, let contact, let urgency, let digest, let department, let machine):
            registeredAt = at
            self.channel = channel
            self.client = client
            self.contact = contact
            self.urgency = urgency
            self.department = department
            self.agreement = digest
            subject = event.texts[TextKey.subject] ?? ""
            contactEmail = event.texts[TextKey.contactEmail] ?? ""
            contactName = event.texts[TextKey.contactName] ?? ""
            takeFields(event.texts)
            severity = urgency ?? proposedSeverity(agreement) ?? severity
            readByMachine.formUnion(machine)
            lastClientMessageAt = at
        case .supplied(let names, let machine):
            takeFields(event.texts)
            if let subject = event.texts[TextKey.subject] { self.subject = subject }
            if phase == .registered, urgency == nil, !severityIsAssigned { severity = proposedSeverity(agreement) ?? severity }
            readByMachine.subtract(names)
            readByMachine.formUnion(machine)
        case .identified(let contact, let client):
            self.contact = contact
            self.client = client
        case .correctlyLogged:
            guard loggedAt == nil else { return }
            loggedAt = at
            phase = .open
            startClocks(at)
        case .severityAssigned(let severity, _):
            self.severity = severity
            severityIsAssigned = true
            responseChanges.append(.init(at, .severity(severity)))
            resolutionChanges.append(.init(at, .severity(severity)))
        case .coverageDecided(let decision, let rule):
            coverage = decision
            coverageRule = rule
        case .assigned(let assignee, let name, let department):
            self.assignee = assignee
            assigneeName = name
            self.department = department
        case .messageAdded(let visibility, _, let automatic):
            if let hint = event.texts[TextKey.hint] { self.hint = hint }
            if let dismissed = event.texts[TextKey.hintDismissed], dismissed == hint { hint = nil }
            guard visibility == .public, !automatic else { return }
            if event.actor.kind == .contact {
                lastClientMessageAt = max(at, lastClientMessageAt ?? at)
                closing = nil
            } else if event.actor.kind == .staff {
                lastStaffMessageAt = max(at, lastStaffMessageAt ?? at)
            }
        case .responded:
            responseChanges.append(.init(at, .stop))
        case .suspended(let id, let reason):
            suspensionCount = max(suspensionCount, id)
            suspensions.append(Suspension(id: id, reason: reason, note: event.texts[TextKey.note] ?? "", since: at))
            responseChanges.append(.init(at, .suspend(id, reason: reason)))
            resolutionChanges.append(.init(at, .suspend(id, reason: reason)))
        case .resumed(let id, _):
            suspensions.removeAll { $0.id == id }
            responseChanges.append(.init(at, .resume(id)))
            resolutionChanges.append(.init(at, .resume(id)))
            if closing != nil, suspensions.isEmpty, phase == .open { closing = nil }
        case .warned(let clock, let dueAt):
            let key = "\(clock.rawValue)/\(dueAt.seconds)"
            warned[key] = max(at, warned[key] ?? at)
        case .targetMissed(let clock, _, let cycle):
            missedRecorded.insert(Self.key(clock, cycle))
        case .escalated(let clock, let rung, _, let notified, _, let cycle):
            escalatedTo.formUnion(notified)
            rungs[Self.key(clock, cycle)] = max(rung, highestRung(clock, cycle: cycle))
        case .resolutionProposed(let id, let due, let seconds):
            proposals.append(Proposal(id: id, due: due, workingSeconds: seconds, byStaff: event.actor.kind == .staff, accepted: false, at: at))
        case .resolutionAgreed(let id, let due, let seconds):
            for index in proposals.indices where proposals[index].id == id { proposals[index].accepted = true }
            resolutionChanges.append(.init(at, .agreed(due: due, workingSeconds: seconds)))
        case .resolved:
            phase = .resolved
            resolvedAt = at
            closing = nil
            resolutionChanges.append(.init(at, .stop))
        case .resolutionWithdrawn:
            phase = .open
            resolvedAt = nil
            closing = nil
            resolutionChanges.append(.init(at, .carryOn))
        case .confirmed: break
        case .closingNoticed: closing = Closing(noticedAt: at, listed: false)
        case .closingListed: closing?.listed = true
        case .closed:
            end(at)
        case .reopened: reopen(at, agreement.terms.reopening)
        case .complained(let id):
            complaints.append(Complaint(id: id, at: at, answeredAt: nil, by: event.actor.id))
        case .complaintAnswered(let id):
            for index in complaints.indices where complaints[index].id == id { complaints[index].answeredAt = at }
        case .surveyAnswered(let score): surveyed(score, event)
        case .zoneDataChanged: break
        case .routed(_, let tags): self.tags = (self.tags ?? []) + tags.filter { !(self.tags ?? []).contains($0) }
        case .categorised(let kind, let cause):
            self.kind = kind
            self.cause = cause
        case .coverageDisputed(let id, _, _):
            for index in complaints.indices where complaints[index].id == id { complaints[index].isAboutCoverage = true }
        case .complaintOverdue(let id, _):
            for index in complaints.indices where complaints[index].id == id { complaints[index].isOverdue = true }
        case .closingPrompted(let since): promptedFor = since
        case .accessGranted(let id, let until):
            grants.append(Grant(id: id, who: event.texts[TextKey.who] ?? "", how: event.texts[TextKey.how] ?? "", from: at, until: until, endedAt: nil))
        case .accessEnded(let id, _):
            for index in grants.indices where grants[index].id == id { grants[index].endedAt = at }
        case .quoted(let id, let effort, let price, let currency, let due):
            for index in quotes.indices where quotes[index].state == .open { endQuote(quotes[index].id, .withdrawn, at) }
            quotes.append(Quote(
                id: id, effortSeconds: effort, price: price, currency: currency, deliverables: event.texts[TextKey.deliverables] ?? "", due: due, at: at, by: event.actor))
        case .quoteWithdrawn(let id): endQuote(id, .withdrawn, at)
        case .quoteDeclined(let id): endQuote(id, .declined, at)
        case .quoteAccepted(let id, let work): endQuote(id, .accepted, at, work: work)
        case .workOrdered(let origin, let quote, _, _, _): self.origin = Origin(ref: origin, quote: quote)
        case .unsolvedEscalated(let rung, _, let notified, _, let cycle):
            escalatedTo.formUnion(notified)
            rungs["unsolved/\(cycle)"] = rung
        case .merged(let into): merged(into: into, at: at)
        case .unmerged: unmerged()
        case .absorbed(let ref): bind { if !$0.absorbed.contains(ref) { $0.absorbed.append(ref) } }
        case .released(let ref): bind { $0.absorbed.removeAll { $0 == ref } }
        case .tagged(let added, let removed): tags = (tags ?? []).filter { !removed.contains($0) } + added.filter { !(tags ?? []).contains($0) }
        case .linked(let to, let relation):
            bind {
                $0.links.removeAll { $0.ref == to }
                $0.links.append(Link(ref: to, relation: relation))
            }
        case .unlinked(let from): bind { $0.links.removeAll { $0.ref == from } }
        case .followed(let person, let name): bind { if !$0.followers.contains(where: { $0.person == person }) { $0.followers.append(Follower(person: person, name: name)) } }
        case .unfollowed(let person): bind { $0.followers.removeAll { $0.person == person } }
        case .timeSpent(let seconds): bind { $0.spentSeconds += seconds }
        case .taskAdded(let task, let assignee, let name, let due): addTask(task, event.texts[TextKey.task] ?? "", assignee, name, due)
        case .taskDone(let task):
            changeTask(task) {
                $0.doneAt = at
                $0.doneBy = event.actor.name
            }
        case .taskReopened(let task):
            changeTask(task) {
                $0.doneAt = nil
                $0.doneBy = nil
            }
        case .taskRemoved(let task): dropTask(task)
        case .customised(let names): customise(names, event.texts)
        case .split: break
        case .contactAttempted(let contact, let way, let reached): tried(contact, way, reached, event)
        case .splitFrom(let ref, let message): bind { $0.splitFrom = SplitOrigin(ref: ref, message: message) }
        }
    }

    /// Nothing more happens until it is reopened.
    mutating func end(_ at: Instant, by stop: ClockChange.Kind = .stop) {
        phase = .closed
        closedAt = at
        closing = nil
        endSuspensions(at)
        responseChanges.append(.init(at, stop))
        resolutionChanges.append(.init(at, stop))
    }

    /// Runs from each message of the client's that nobody has answered yet until the next public answer by a person.
    private mutating func followNextReply(_ event: TicketEvent) {
        let at = event.occurredAt
        switch event.fact {
        case .messageAdded(.public, _, false) where event.actor.kind == .contact && loggedAt != nil && phase != .closed:
            let isFirst = !nextReplyChanges.contains { if case .start = $0.kind { true } else { false } }
            nextReplyChanges.append(.init(at, isFirst ? .start(severity: severity) : .restart))
        case .messageAdded(.public, _, false) where event.actor.kind == .staff: nextReplyChanges.append(.init(at, .stop))
        case .resolved, .closed: nextReplyChanges.append(.init(at, .stop))
        case .severityAssigned(let severity, _): nextReplyChanges.append(.init(at, .severity(severity)))
        case .suspended(let id, let reason): nextReplyChanges.append(.init(at, .suspend(id, reason: reason)))
        case .resumed(let id, _): nextReplyChanges.append(.init(at, .resume(id)))
        default: break
        }
    }

    private mutating func endQuote(_ id: Int, _ state: Quote.State, _ at: Instant, work: String? = nil) {
        for index in quotes.indices where quotes[index].id == id {
            quotes[index].state = state
            quotes[index].decidedAt = at
            quotes[index].work = work
        }
    }

    /// What kind and category of the request propose where the caller rated no urgency (C5).
    private func proposedSeverity(_ agreement: Agreement) -> Int? {
        agreement.terms.kinds.isEmpty ? nil : agreement.terms.proposals(fields: fields).proposals.severity
    }

    private mutating func takeFields(_ texts: [String: String]) {
        for (key, text) in texts where key.hasPrefix("field.") { fields[String(key.dropFirst(6))] = text }
    }

    private mutating func startClocks(_ at: Instant) {
        // Earlier changes of severity or suspensions stand before the start: the severity that counts is the last one.
        responseChanges.append(.init(at, .start(severity: severity)))
        resolutionChanges.append(.init(at, .start(severity: severity)))
    }

    private mutating func endSuspensions(_ at: Instant) {
        for suspension in suspensions {
            responseChanges.append(.init(at, .resume(suspension.id)))
            resolutionChanges.append(.init(at, .resume(suspension.id)))
        }
        suspensions = []
    }

    /// N4: how the clocks then run is the agreement's.
    private mutating func reopen(_ at: Instant, _ rules: ReopeningTerms) {
        reopenedCount += 1
        resolvedAt = nil
        closedAt = nil
        closing = nil
        guard loggedAt != nil else {
            phase = .registered
            return
        }
        phase = .open
        switch rules.response {
        case .restart: responseChanges.append(.init(at, .restart))
        case .carry: responseChanges.append(.init(at, .carryOn))
        case .none: break
        }
        switch rules.resolution {
        case .restart: resolutionChanges.append(.init(at, .restart))
        case .carry: resolutionChanges.append(.init(at, .carryOn))
        case .none: break
        }
    }
}
