package import AbideCore

/// One act for many tickets.
package enum ManyAct: Sendable {
    /// The acts that a list offers for what is selected in it.
    package enum Name: String, Sendable, CaseIterable {
        case assign, department, severity, suspend, resume, notice

        /// What the person must be allowed to do.
        package var act: Act {
            switch self {
            case .assign, .department: .assign
            case .severity: .setSeverity
            case .suspend: .suspend
            case .resume: .resume
            case .notice: .sendClosingNotice
            }
        }
    }

    /// Nil: nobody works on them.
    case assign((id: Int64, name: String)?)
    case department(String)
    case severity(Int, reason: String)
    case suspend(reason: String, note: String?)
    case resume
    case closingNotice
    /// The same public words to each; where it solves them, as their resolution.
    case answer(String, resolves: Bool, Channel)

    /// What the person must be allowed to do.
    package var act: Act {
        switch self {
        case .assign, .department: Name.assign.act
        case .severity: Name.severity.act
        case .suspend: Name.suspend.act
        case .resume: Name.resume.act
        case .closingNotice: Name.notice.act
        case .answer(_, let resolves, _): resolves ? .resolve : .answer
        }
    }

    /// The same decision as for a single ticket.
    func decide(_ ticket: Ticket, _ agreement: Agreement, _ now: Instant, by person: Person) throws -> [Draft] {
        switch self {
        case .assign(let assignee): return try ticket.assign(to: assignee, department: ticket.department, by: person, at: now, agreement)
        case .department(let name): return try ticket.assign(to: ticket.assignee.map { ($0, ticket.assigneeName ?? "") }, department: name, by: person, at: now, agreement)
        case .severity(let severity, let reason): return try ticket.setSeverity(severity, reason: reason, by: person, at: now, agreement)
        case .suspend(let reason, let note): return try ticket.suspend(reason: reason, note: note, since: nil, by: person, at: now, agreement)
        case .resume:
            guard !ticket.suspensions.isEmpty else { throw Refusal.noSuspension }
            return try ticket.suspensions.flatMap { try ticket.resume($0.id, by: person, at: now) }
        case .closingNotice: return try ticket.sendClosingNotice(by: person, at: now, agreement)
        case .answer(let body, let resolves, let channel):
            return resolves
                ? try ticket.resolve(body, fields: [:], channel: channel, by: person, at: now, agreement)
                : try ticket.answer(body, visibility: .public, channel: channel, by: person, at: now, agreement)
        }
    }
}

/// What became of one of many tickets.
package struct ManyOutcome: Sendable {
    package var ref: String
    /// Empty where the ticket does not exist.
    package var subject: String
    /// Nil: it was done.
    package var refusal: Refusal?
}

/// What the selects of such acts offer.
package struct ManyChoices: Sendable {
    package var agents: [PersonBrief] = []
    package var departments: [String] = []
    package var severities: [(number: Int, name: String)] = []
    package var suspensionReasons: [(name: String, label: String)] = []
}

extension Desk {
    /// Tickets at once, at most.
    package static let mostAtOnce = 100

    /// Does one act on each of these tickets, each in a transaction of its own: what one refuses is done on the others all the same.
    /// - Returns: in the order in which they were named, each once.
    package func act(onEach refs: [String], _ act: ManyAct, by person: Person) async throws -> [ManyOutcome] {
        guard person.role.isStaff, Permissions.allows(person.role, act.act) else { throw Refusal.role(person.role, may: "This is for those who work on tickets.") }
        var seen: Set<String> = []
        let refs = refs.filter { seen.insert($0).inserted }
        guard !refs.isEmpty else { throw Refusal.input("ref", "Select the tickets first.") }
        guard refs.count <= Self.mostAtOnce else { throw Refusal.input("ref", "At most \(Self.mostAtOnce) tickets at once; these are \(refs.count).") }
        var outcomes: [ManyOutcome?] = Array(repeating: nil, count: refs.count)
        try await withThrowingTaskGroup(of: (Int, ManyOutcome).self) { group in
            // Several wait together, so that they share the wait for the disk.
            var next = 0
            func add() {
                guard next < refs.count else { return }
                let place = next
                next += 1
                group.addTask { (place, try await self.outcome(refs[place], act, by: person)) }
            }
            for _ in 0..<8 { add() }
            while let (place, outcome) = try await group.next() {
                outcomes[place] = outcome
                add()
            }
        }
        return outcomes.compactMap(\.self)
    }

    private func outcome(_ ref: String, _ act: ManyAct, by person: Person) async throws -> ManyOutcome {
        do {
            let view = try await self.act(ref, by: person) { ticket, agreement, now in try act.decide(ticket, agreement, now, by: person) }
            return ManyOutcome(ref: ref, subject: view.ticket.subject)
        } catch let refusal as Refusal {
            return ManyOutcome(ref: ref, subject: (try? await ticket(ref, for: person))?.ticket.subject ?? "", refusal: refusal)
        }
    }

    /// Of all agreements in force: each ticket's own decides in the end.
    package func manyChoices() async throws -> ManyChoices {
        var choices = ManyChoices(agents: try await staff().filter { Permissions.allows($0.role, .resolve) })
        for terms in [currentAgreement().terms] + agreements.allInForce(at: now()).map(\.terms) {
            for department in terms.departments.map(\.name) where !choices.departments.contains(department) { choices.departments.append(department) }
            for severity in terms.severities where !choices.severities.contains(where: { $0.number == severity.number }) { choices.severities.append((severity.number, severity.name)) }
            for reason in terms.suspensionReasons where !choices.suspensionReasons.contains(where: { $0.name == reason.name }) { choices.suspensionReasons.append((reason.name, reason.label)) }
        }
        return choices
    }
}
