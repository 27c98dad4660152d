import AbideCore
import AbideDesk
import AbideTestKit

/// What clients and staff do: through the same doors as mail, pages and API.
extension Simulation {
    // MARK: Logging

    func log() async throws {
        let contact = dice.pick(contacts)
        let urgency: Int? = dice.chance(80) ? 1 + dice.below(4) : nil
        let isComplete = dice.chance(80)
        let byMail = dice.chance(50)
        guard let desk else {
            if byMail { mail(contact, urgency, isComplete) } else { agenda.put(.log, at: now + dice.within(600...7200)) }
            return
        }
        if byMail { return mail(contact, urgency, isComplete) }
        var fields = ["description": "It stands still."]
        if isComplete { (fields["site"], fields["phone"]) = ("Plant \(dice.below(9))", "+1 555 0100") }
        let byPhone = dice.chance(30)
        let person = byPhone ? staff[dice.below(2)] : contact
        logged += 1
        let request = LogRequest(subject: "Page \(logged) is blank", urgency: urgency, fields: fields, channel: byPhone ? .phone : .portal, contact: byPhone ? contact.email : nil)
        let key = Idempotency(key: "key-\(logged)", request: "\(logged)")
        do { _ = try await desk.log(request, by: person, idempotency: key) } catch is Died {
            // Whoever has no answer asks again, under the same key.
            try await crash()
            try await open()
            _ = try await self.desk?.log(request, by: person, idempotency: key)
        }
    }

    private func mail(_ contact: Person, _ urgency: Int?, _ isComplete: Bool) {
        logged += 1
        var lines = ["The page is blank since this morning."]
        if let urgency { lines.append("Urgency: \(urgency)") }
        if isComplete { lines += ["Site: Plant \(dice.below(9))", "Phone: +1 555 0100"] }
        post(SimMail(number: mails.count, from: contact, to: SimAgreement.mailbox, subject: "Page \(logged) is blank", body: lines.joined(separator: "\n"), isNew: true))
    }

    private func post(_ mail: SimMail) {
        mails.append(mail)
        let index = mails.count - 1
        let late = dice.chance(10) ? dice.within(600...100_000) : dice.within(0...5)
        agenda.put(.deliver(mail: index), at: now + late)
        if dice.chance(8) { agenda.put(.deliver(mail: index), at: now + late + dice.within(0...7200)) }
    }

    func deliver(_ index: Int) async throws {
        var mail = mails[index]
        defer { mails[index] = mail }
        mail.tries += 1
        guard let desk else {
            agenda.put(.deliver(mail: index), at: now + dice.within(300...3600))
            return
        }
        do {
            try await desk.receive(mail.tries > 1 ? mail.again : mail.raw, from: mail.from.email, recipients: [mail.to])
            mail.accepted = true
        } catch is Died {
            agenda.put(.deliver(mail: index), at: now + dice.within(60...900))
            throw Died()
        }
    }

    /// An answer to the last mail that reached this contact about the ticket.
    private func reply(_ ticket: Ticket, _ contact: Person, body: String, isAutomatic: Bool = false) -> Bool {
        guard let last = mailboxes[contact.email]?.last(where: { $0.headers["X-Abide-Ticket"] == ticket.ref }), let to = last.replyTo?.address else { return false }
        post(SimMail(number: mails.count, from: contact, to: to, subject: "Re: \(last.subject)", body: body, isNew: false, isAutomatic: isAutomatic, inReplyTo: last.messageID))
        return true
    }

    // MARK: Working on a ticket

    func step(_ id: Int64) async throws {
        guard let left = stepsLeft[id], left > 0, let contact = contactOf[id] else { return }
        guard let desk else {
            agenda.put(.step(ticket: id), at: now + dice.within(1800...20_000))
            return
        }
        stepsLeft[id] = left - 1
        agenda.put(.step(ticket: id), at: now + pause())
        let view = try await desk.ticket("ABD-\(id)", for: manager)
        try await act(view.ticket, view, contact, desk)
        if dice.chance(6), let due = view.reading(.response).due ?? view.reading(.resolution).due, due.seconds > now {
            // To the second: at the deadline itself, before it, behind it.
            agenda.put(.aimed(ticket: id, resolve: view.reading(.response).due == nil), at: due.seconds + dice.within(-1...1))
        }
    }

    /// Mostly within hours, sometimes days.
    private func pause() -> Int64 {
        switch dice.below(10) {
        case 0...3: dice.within(30...3600)
        case 4...7: dice.within(3600...40_000)
        case 8: dice.within(40_000...200_000)
        default: dice.within(200_000...900_000)
        }
    }

    func aim(_ id: Int64, resolve: Bool) async throws {
        let agent = dice.pick(staff.prefix(3).map { $0 })
        try await does("ABD-\(id)", agent) { ticket, agreement, now in
            resolve ? try ticket.resolve("Done.", fields: [:], channel: .portal, by: agent, at: now, agreement)
                : try ticket.answer("I see it.", visibility: .public, channel: .portal, by: agent, at: now, agreement)
        }
    }

    private func act(_ ticket: Ticket, _ view: TicketView, _ contact: Person, _ desk: Desk) async throws {
        let ref = ticket.ref
        let agent = dice.pick(staff.prefix(3).map { $0 })
        switch ticket.phase {
        case .registered:
            switch dice.below(10) {
            case 0...2: try await does(ref, agent) { ticket, _, now in try ticket.declareComplete(reason: "All is known", by: agent, at: now) }
            case 3...5: if !reply(ticket, contact, body: "Site: Plant 3\nPhone: +1 555 0101") { fallthrough }
            case 6...8: try await does(ref, contact) { ticket, agreement, now in try ticket.supply(["site": "Plant 4", "phone": "+1 555 0102"], subject: nil, by: contact, at: now, agreement) }
            default: try await does(ref, manager) { [manager] ticket, _, now in try ticket.close(reason: "Spam", by: manager, at: now) }
            }
        case .open: try await work(ticket, view, contact, agent)
        case .resolved:
            switch dice.below(10) {
            case 0...3: try await does(ref, contact) { ticket, _, now in try ticket.close(reason: nil, by: contact, at: now) }
            case 4: try await does(ref, contact) { ticket, _, now in try ticket.withdrawResolution(by: contact, at: now) }
            case 5: try await does(ref, contact) { ticket, _, now in try ticket.reopen(reason: "It is back", by: contact, at: now) }
            case 6: try await setSeverity(ref, agent)
            case 7: try await does(ref, agent) { ticket, agreement, now in try ticket.sendClosingNotice(by: agent, at: now, agreement) }
            case 8: _ = reply(ticket, contact, body: "I shall look.")
            default: if ticket.closing?.listed == true { try await does(ref, manager) { [manager] ticket, _, now in try ticket.close(reason: nil, by: manager, at: now) } }
            }
        case .closed:
            if let merging = ticket.merging {
                if dice.chance(40) { try await unmerge(ref, merging.into, dice.chance(50) ? agent : contact) } else if dice.chance(50) { stepsLeft[ticket.id] = 0 }
            } else if dice.chance(25) { try await does(ref, contact) { ticket, _, now in try ticket.reopen(reason: "It is back", by: contact, at: now) } }
            else if dice.chance(50) { stepsLeft[ticket.id] = 0 }
        }
    }

    private func work(_ ticket: Ticket, _ view: TicketView, _ contact: Person, _ agent: Person) async throws {
        let ref = ticket.ref
        switch dice.below(25) {
        case 0, 1: try await does(ref, agent) { ticket, agreement, now in try ticket.assign(to: (agent.id, agent.name), department: "Second", by: agent, at: now, agreement) }
        case 2...5: try await does(ref, agent) { ticket, agreement, now in try ticket.answer("I see it.", visibility: .public, channel: .portal, by: agent, at: now, agreement) }
        case 6: try await does(ref, agent) { ticket, agreement, now in try ticket.answer("A note.", visibility: .internal, channel: .portal, by: agent, at: now, agreement) }
        case 7, 8: try await setSeverity(ref, agent)
        case 9, 10, 11:
            let reason = dice.pick(["accessAwaited", "answerAwaited", "partAwaited"])
            let ago: Int64? = dice.chance(30) ? dice.within(1...30_000) : nil
            try await does(ref, agent) { ticket, agreement, now in
                // Entered late, with its true time.
                let since = ago.map { max(now - $0, ticket.loggedAt ?? now) }
                return try ticket.suspend(reason: reason, note: nil, since: since, by: agent, at: now, agreement)
            }
        case 12, 13: if let one = ticket.suspensions.first { try await does(ref, agent) { ticket, _, now in try ticket.resume(one.id, by: agent, at: now) } }
        case 14:
            let seconds = dice.within(600...200_000)
            try await does(ref, agent) { ticket, agreement, now in try ticket.propose(due: nil, workingSeconds: seconds, by: agent, at: now, agreement) }
        case 15:
            let ahead = dice.within(3600...400_000)
            let calendar = view.agreement.calendar(ofSeverity: ticket.severity)
            guard let due = calendar.instant(after: Instant(now + ahead), working: 60) else { return }
            let person = dice.chance(50) ? agent : contact
            try await does(ref, person) { ticket, agreement, now in try ticket.propose(due: due, workingSeconds: nil, by: person, at: now, agreement) }
        case 16, 17: if let proposal = ticket.proposals.last {
            let person = proposal.byStaff ? contact : agent
            try await does(ref, person) { ticket, _, now in try ticket.accept(proposal: proposal.id, by: person, at: now) }
        }
        case 18: if !reply(ticket, contact, body: "It is still blank.") { try await says(ref, contact) }
        case 19: try await says(ref, contact)
        case 20: _ = reply(ticket, contact, body: "I am away until Monday.", isAutomatic: true)
        case 21:
            if dice.chance(40) {
                try await does(ref, contact) { ticket, _, now in try ticket.complain(reason: "Nobody cares", impact: "The line stands", by: contact, at: now) }
            } else {
                let answers = staff[4]
                try await does(ref, answers) { ticket, _, now in try ticket.answerComplaint("We do.", by: answers, at: now) }
            }
        case 22: try await does(ref, agent) { ticket, agreement, now in try ticket.sendClosingNotice(by: agent, at: now, agreement) }
        case 23: try await merge(ref, into: "ABD-\(max(1001, ticket.id - Int64(dice.within(1...6))))", agent)
        default: try await does(ref, agent) { ticket, agreement, now in try ticket.resolve("Done.", fields: [:], channel: .portal, by: agent, at: now, agreement) }
        }
    }

    private func merge(_ ref: String, into other: String, _ agent: Person) async throws {
        guard let desk else { return }
        do {
            try await desk.merge(ref, into: other, reason: "The same", by: agent)
            say("\(ref) goes on in \(other)")
        } catch is Refusal { outcome.refusals += 1 }
    }

    private func unmerge(_ ref: String, _ other: String, _ person: Person) async throws {
        guard let desk else { return }
        do {
            try await desk.unmerge(ref, reason: nil, by: person)
            say("\(ref) is taken out of \(other)")
        } catch is Refusal { outcome.refusals += 1 }
    }

    private func says(_ ref: String, _ contact: Person) async throws {
        try await does(ref, contact) { ticket, agreement, now in try ticket.answer("Is anybody there?", visibility: .public, channel: .portal, by: contact, at: now, agreement) }
    }

    private func setSeverity(_ ref: String, _ agent: Person) async throws {
        let severity = 1 + dice.below(4)
        try await does(ref, agent) { ticket, agreement, now in try ticket.setSeverity(severity, reason: "Seen anew", by: agent, at: now, agreement) }
    }

    /// One act; what the agreement refuses is refused, and counted.
    private func does(_ ref: String, _ person: Person, _ decide: @escaping @Sendable (Ticket, Agreement, Instant) throws -> [Draft]) async throws {
        guard let desk else { return }
        do {
            let before = outcome.refusals
            _ = try await desk.act(ref, by: person, decide)
            say("\(ref) \(person.role.rawValue)\(before == outcome.refusals ? "" : " refused")")
        } catch is Refusal { outcome.refusals += 1 }
    }
}
