/// What happens together with a canned answer that is a macro.
package struct MacroActs: Codable, Hashable, Sendable {
    package var tags: [String]
    /// Gives it to this department.
    package var department: String?
    /// Whoever sends it works on the ticket from then on.
    package var assignsSender: Bool
    /// Name of the reason by which the clock is suspended; nil: it runs on.
    package var suspend: String?
    /// The answer is the solution.
    package var resolves: Bool
    /// Steps that are noted as tasks.
    package var tasks: [String]

    package init(tags: [String] = [], department: String? = nil, assignsSender: Bool = false, suspend: String? = nil, resolves: Bool = false, tasks: [String] = []) {
        self.tags = tags
        self.department = department
        self.assignsSender = assignsSender
        self.suspend = suspend
        self.resolves = resolves
        self.tasks = tasks
    }

    package var isEmpty: Bool { self == MacroActs() }

    /// Why it can't be so under these terms; by the name of the input.
    package func faults(_ terms: AgreementTerms) -> [String: Phrase] {
        var faults: [String: Phrase] = [:]
        if let department, !terms.departments.contains(where: { $0.name == department }) { faults["department"] = "The agreement has no department of this name." }
        if let suspend, !terms.suspensionReasons.contains(where: { $0.name == suspend }) { faults["suspend"] = "The agreement has no such reason." }
        if resolves, suspend != nil { faults["suspend"] = "What is solved is not suspended as well." }
        if tags.count > Ticket.tagLimit { faults["tags"] = "At most \(Ticket.tagLimit)." }
        if tasks.count > 50 || tasks.contains(where: { $0.utf8.count > Ticket.taskTextLimit }) { faults["tasks"] = "At most 50 steps of at most \(Ticket.taskTextLimit) characters." }
        return faults
    }
}

extension Ticket {
    /// A public answer and what a macro does with it, one after the other: all of it or nothing.
    /// - Parameter suspend: the reason by which the clock is suspended with it, whatever the macro says.
    package func answer(
        _ body: String?, suspend: String?, acts: MacroActs?, channel: Channel, by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        var drafts: [Draft] = []
        var ticket = self
        func go(_ more: [Draft]) {
            for draft in more {
                drafts.append(draft)
                ticket.apply(draft.event(number: ticket.head + 1, recordedAt: now), agreement)
            }
        }
        let acts = acts ?? MacroActs()
        if acts.resolves {
            go(try ticket.resolve(body, fields: [:], channel: channel, by: person, at: now, agreement))
        } else {
            go(try ticket.answer(body, visibility: .public, channel: channel, by: person, at: now, agreement))
        }
        let department = acts.department ?? ticket.department
        if acts.assignsSender, ticket.assignee != person.id || department != ticket.department {
            go(try ticket.assign(to: (person.id, person.name), department: department, by: person, at: now, agreement))
        } else if department != ticket.department {
            // Another department finds its own person.
            go(try ticket.assign(to: nil, department: department, by: person, at: now, agreement))
        }
        if !acts.tags.isEmpty { go(try ticket.tag(add: acts.tags, remove: [], by: person, at: now)) }
        if !acts.tasks.isEmpty { go(try ticket.addTasks(acts.tasks, by: person, at: now)) }
        if let reason = suspend ?? acts.suspend, !acts.resolves, !ticket.suspensions.contains(where: { $0.reason == reason }) {
            go(try ticket.suspend(reason: reason, note: nil, since: nil, by: person, at: now, agreement))
        }
        return drafts
    }
}
