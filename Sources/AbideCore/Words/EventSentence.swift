/// The sentence of each event: one home for page, mail, API and command line.
package enum EventSentence {
    /// - Parameters:
    ///   - labels: of intake fields and suspension reasons, by name.
    ///   - when: writes an instant for the reader.
    package static func sentence(_ event: TicketEvent, _ agreement: Agreement, when: (Instant) -> String) -> String {
        let who = event.actor.name
        let reason = event.texts[TextKey.reason].map { $0.isEmpty ? "" : ": \($0)" } ?? ""
        switch event.fact {
        case .registered(let channel, _, _, _, _, _, _):
            return who.isEmpty ? say("Registered \(channel.words).") : say("Registered \(channel.words) from \(who).")
        case .supplied(let fields, _):
            if fields.isEmpty { return say("\(who) changed the subject.") }
            return say("\(who) supplied \(list(fields.map { label($0, agreement) })).")
        case .identified: return say("\(who) linked the ticket to its contact.")
        case .correctlyLogged(let declared):
            return declared ? say("\(who) declared it correctly logged\(reason). The clocks start.") : say("Correctly logged. The clocks start.")
        case .severityAssigned(let severity, let from):
            return say("\(who) set the severity from \(named(from, agreement)) to \(named(severity, agreement))\(reason).")
        case .coverageDecided(let decision, let rule):
            let effect = event.texts[TextKey.effect].map { " \($0)" } ?? ""
            return say("Coverage: \(decision.words)\(rule.map { " (\($0))" } ?? "")\(reason).\(effect)")
        case .assigned(_, let name, let department):
            switch (name, department) {
            case (let name?, let department?): return say("\(who) assigned it to \(name), \(department).")
            case (let name?, nil): return say("\(who) assigned it to \(name).")
            case (nil, let department?): return say("\(who) gave it to \(department); nobody is assigned.")
            case (nil, nil): return say("\(who) took the assignment back.")
            }
        case .messageAdded(let visibility, let channel, let automatic):
            if automatic { return say("An automatic answer came \(channel.words).") }
            return visibility == .internal ? say("\(who) added an internal note.") : say("\(who) wrote \(channel.words).")
        case .responded: return say("Response: \(who) gave the first answer.")
        case .suspended(_, let key):
            let note = event.texts[TextKey.note].map { $0.isEmpty ? "" : ": \($0)" } ?? ""
            return say("Suspended by \(who), \(agreement.suspensionReason(key)?.label.lowercasedFirst ?? key)\(note).")
        case .resumed(_, let byAnswer): return byAnswer ? say("Resumed by the answer of \(who).") : say("Resumed by \(who).")
        case .warned(let clock, let dueAt): return say("Warning: \(clock.words.lowercasedFirst) is due \(when(dueAt)).")
        case .targetMissed(let clock, let dueAt, _): return say("\(clock.words) missed: it was due \(when(dueAt)).")
        case .escalated(let clock, let rung, let dueAt, let notified, let tellClient, _):
            let (name, due, told) = (clock.words.lowercasedFirst, when(dueAt), list(notified.map(\.words)))
            return tellClient ? say("Escalated, rung \(rung) of \(name), due \(due): \(told) told, and the client.") : say("Escalated, rung \(rung) of \(name), due \(due): \(told) told.")
        case .resolutionProposed(_, let due, let seconds): return say("\(who) proposed to resolve it \(term(due, seconds, when)).")
        case .resolutionAgreed(_, let due, let seconds): return say("Resolution agreed \(term(due, seconds, when)), accepted by \(who).")
        case .resolved: return say("Resolved by \(who).")
        case .resolutionWithdrawn: return say("\(who) took the resolution back. The clock goes on.")
        case .confirmed: return say("\(who) says that it works. The logger and the service manager are told.")
        case .closingNoticed: return say("\(who) sent notice that it will be closed without an answer.")
        case .closingListed: return say("The notice period is over: on the service manager's list.")
        case .closed: return say("Closed by \(who)\(reason).")
        case .reopened: return say("Reopened by \(who)\(reason).")
        case .complained: return say("Formal escalation by \(who)\(reason).")
        case .complaintAnswered: return say("\(who) answered the complaint in writing.")
        case .surveyAnswered(let score): return say("Survey answered: \(score) of \(agreement.terms.survey?.scale ?? 5).")
        case .zoneDataChanged(let version, let clock, let before, let after):
            return say("New time-zone data\(version.isEmpty ? "" : " (\(version))"): the \(clock.words.lowercasedFirst) is due \(after.map(when) ?? say("at no time")) instead of \(before.map(when) ?? say("at no time")).")
        case .routed(let rules, let tags):
            let routed = rules.count == 1 ? say("Routed by the rule \(list(rules))") : say("Routed by the rules \(list(rules))")
            return routed + (tags.isEmpty ? "." : say(", tagged \(list(tags))."))
        case .categorised(let kind, let cause):
            return say("\(who) found what it is: \(list([kind.map { say("kind \($0)") }, cause.map { say("cause \($0)") }].compactMap { $0 })).")
        case .coverageDisputed(_, let decision, let rule): return say("\(who) disputes the coverage decision: \(decision.words)\(rule.map { " (\($0))" } ?? "").")
        case .complaintOverdue(_, let dueAt): return say("The written answer to the complaint is late: it was due \(when(dueAt)).")
        case .closingPrompted(let since): return say("Without feedback since \(when(since)): the closing notice may be sent.")
        case .accessGranted(_, let until):
            return say("Access granted by \(who) to \(event.texts[TextKey.who] ?? say("the desk")), \(event.texts[TextKey.how] ?? "")\(until.map { say(", until \(when($0))") } ?? say(", until further notice")).")
        case .accessEnded(_, let expired): return expired ? say("The access that was granted has ended.") : say("\(who) ended the access.")
        case .quoted(_, let effort, let price, let currency, let due):
            return say("\(who) quoted \(Money.words(price, currency)) for \(Duration.words(effort)) of work\(due.map { say(", delivered by \(when($0))") } ?? ""): \(event.texts[TextKey.deliverables] ?? "")")
        case .quoteWithdrawn: return say("\(who) withdrew the quote.")
        case .quoteAccepted(_, let work): return say("\(who) accepted the quote. The work is \(work).")
        case .quoteDeclined: return say("\(who) declined the quote\(reason).")
        case .unsolvedEscalated(let rung, let dueAt, let notified, let tellClient, _):
            let (due, told) = (when(dueAt), list(notified.map(\.words)))
            return tellClient ? say("Escalated as unsolved, rung \(rung), due \(due): \(told) told, and the client.") : say("Escalated as unsolved, rung \(rung), due \(due): \(told) told.")
        case .merged(let into): return say("Merged into \(into) by \(who): it goes on there\(reason).")
        case .absorbed(let ref): return say("Merged with \(ref) by \(who): it goes on here\(reason).")
        case .unmerged(let from): return say("Taken out of \(from) again by \(who)\(reason). The clocks count as if it had not been merged.")
        case .released(let ref): return say("\(who) took \(ref) out again\(reason).")
        case .tagged(let added, let removed):
            return say("Tags by \(who): \([added.isEmpty ? nil : say("\(list(added)) added"), removed.isEmpty ? nil : say("\(list(removed)) removed")].compactMap { $0 }.joined(separator: ", ")).")
        case .linked(let to, let relation): return say("\(who) linked it: \(relation.words) \(to).")
        case .unlinked(let from): return say("\(who) took the link to \(from) off.")
        case .followed(_, let name): return say("\(name) follows this ticket.")
        case .unfollowed: return say("\(who) follows this ticket no longer.")
        case .timeSpent(let seconds): return say("Time spent by \(who): \(Duration.words(seconds))\((event.texts[TextKey.note] ?? "").isEmpty ? "" : ", " + (event.texts[TextKey.note] ?? "")).")
        case .taskAdded(_, _, let name, let due):
            return say("\(who) noted what is to be done: \(event.texts[TextKey.task] ?? "")\(name.map { say(", by \($0)") } ?? "")\(due.map { say(", until \(when($0))") } ?? "").")
        case .taskDone: return say("\(who) did it: \(event.texts[TextKey.task] ?? "").")
        case .taskReopened: return say("\(who) says that it is to be done after all: \(event.texts[TextKey.task] ?? "").")
        case .taskRemoved: return say("\(who) took a task off: \(event.texts[TextKey.task] ?? "").")
        case .customised(let names): return say("\(who) changed \(list(names)).")
        case .split(let message, let into): return say("\(who) made message \(message) a ticket of its own: \(into).")
        case .contactAttempted(_, let way, let reached):
            let whom = event.texts[TextKey.who] ?? say("a contact"), said = event.texts[TextKey.note] ?? "", note = said.isEmpty ? "" : ": " + (said.hasSuffix(".") ? String(said.dropLast()) : said)
            return reached ? say("\(who) reached \(whom) \(way.words)\(note).") : say("\(who) tried to reach \(whom) \(way.words), in vain\(note).")
        case .splitFrom(let ref, let message): return say("\(who) made this ticket of message \(message) of \(ref).")
        case .workOrdered(let origin, let quote, let effort, let price, let currency):
            return say("Work ordered by \(who): quote \(quote) of \(origin), \(Money.words(price, currency)) for \(Duration.words(effort)) of work.")
        }
    }

    package static func list(_ words: [String], and: String = Tongue.current.writing.and) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? say("nobody") }
        return words.dropLast().joined(separator: ", ") + " \(and) " + last
    }

    private static func label(_ field: String, _ agreement: Agreement) -> String {
        agreement.terms.fieldLabel(field).lowercasedFirst
    }

    private static func named(_ severity: Int, _ agreement: Agreement) -> String {
        agreement.terms.severity(severity).map { "\(severity) \($0.name)" } ?? "\(severity)"
    }

    private static func term(_ due: Instant?, _ seconds: Int64?, _ when: (Instant) -> String) -> String {
        if let due { return say("by \(when(due))") }
        return say("within \(Duration.words(seconds ?? 0)) of working time")
    }
}

/// Durations in words.
package enum Duration {
    /// `10 h 24 m`, `22 m`, `45 s`, never rounded: seconds are named where there are any.
    package static func words(_ seconds: Int64) -> String {
        let all = abs(seconds)
        let minutes = Tongue.current.writing.minutes
        let parts = [(all / 3600, "h"), (all / 60 % 60, minutes), (all % 60, "s")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return (seconds < 0 ? "-" : "") + (parts.isEmpty ? "0 \(minutes)" : parts.joined(separator: " "))
    }
}

extension AgreementTerms {
    /// What people call an intake field.
    package func fieldLabel(_ name: String) -> String { intake.first { $0.name == name }?.label ?? name }
}

extension String {
    /// "related to" at the beginning of a line.
    package var uppercasedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// "Access awaited" inside a sentence; an abbreviation keeps its capitals.
    package var lowercasedFirst: String {
        guard !Tongue.current.writing.capitalNouns, let first, let second = dropFirst().first, second.isLowercase || second == " " else { return self }
        return first.lowercased() + dropFirst()
    }
}

extension Channel {
    package var words: String {
        switch self {
        case .email: say("by e-mail")
        case .portal: say("on the portal")
        case .api: say("by the API")
        case .phone: say("on the phone")
        case .meeting: say("in a meeting")
        }
    }
}

extension ClockName {
    package var words: String {
        switch self {
        case .response: say("Response")
        case .resolution: say("Resolution")
        case .nextReply: say("Next reply")
        }
    }
}

extension CoverageDecision {
    package var words: String {
        switch self {
        case .covered: say("covered")
        case .notCovered: say("not covered")
        case .chargeable: say("chargeable")
        case .quote: say("by quote")
        case .undecided: say("not decided")
        }
    }
}
