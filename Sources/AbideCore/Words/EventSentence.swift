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
            return "Registered \(channel.words)\(who.isEmpty ? "" : " from \(who)")."
        case .supplied(let fields, _):
            if fields.isEmpty { return "\(who) changed the subject." }
            return "\(who) supplied \(list(fields.map { label($0, agreement) }))."
        case .identified: return "\(who) linked the ticket to its contact."
        case .correctlyLogged(let declared):
            return declared ? "\(who) declared it correctly logged\(reason). The clocks start." : "Correctly logged. The clocks start."
        case .severityAssigned(let severity, let from):
            return "\(who) set the severity from \(named(from, agreement)) to \(named(severity, agreement))\(reason)."
        case .coverageDecided(let decision, let rule):
            let effect = event.texts[TextKey.effect].map { " \($0)" } ?? ""
            return "Coverage: \(decision.words)\(rule.map { " (\($0))" } ?? "")\(reason).\(effect)"
        case .assigned(_, let name, let department):
            switch (name, department) {
            case (let name?, let department?): return "\(who) assigned it to \(name), \(department)."
            case (let name?, nil): return "\(who) assigned it to \(name)."
            case (nil, let department?): return "\(who) gave it to \(department); nobody is assigned."
            case (nil, nil): return "\(who) took the assignment back."
            }
        case .messageAdded(let visibility, let channel, let automatic):
            if automatic { return "An automatic answer came \(channel.words)." }
            return visibility == .internal ? "\(who) added an internal note." : "\(who) wrote \(channel.words)."
        case .responded: return "Response: \(who) gave the first answer."
        case .suspended(_, let key):
            let note = event.texts[TextKey.note].map { $0.isEmpty ? "" : ": \($0)" } ?? ""
            return "Suspended by \(who), \(agreement.suspensionReason(key)?.label.lowercasedFirst ?? key)\(note)."
        case .resumed(_, let byAnswer): return byAnswer ? "Resumed by the answer of \(who)." : "Resumed by \(who)."
        case .warned(let clock, let dueAt): return "Warning: \(clock.words.lowercasedFirst) is due \(when(dueAt))."
        case .targetMissed(let clock, let dueAt, _): return "\(clock.words) missed: it was due \(when(dueAt))."
        case .escalated(let clock, let rung, let dueAt, let notified, let tellClient, _):
            return "Escalated, rung \(rung) of \(clock.words.lowercasedFirst), due \(when(dueAt)): \(list(notified.map(\.words))) told\(tellClient ? ", and the client" : "")."
        case .resolutionProposed(_, let due, let seconds): return "\(who) proposed to resolve it \(term(due, seconds, when))."
        case .resolutionAgreed(_, let due, let seconds): return "Resolution agreed \(term(due, seconds, when)), accepted by \(who)."
        case .resolved: return "Resolved by \(who)."
        case .resolutionWithdrawn: return "\(who) took the resolution back. The clock goes on."
        case .confirmed: return "\(who) says that it works. The logger and the service manager are told."
        case .closingNoticed: return "\(who) sent notice that it will be closed without an answer."
        case .closingListed: return "The notice period is over: on the service manager's list."
        case .closed: return "Closed by \(who)\(reason)."
        case .reopened: return "Reopened by \(who)\(reason)."
        case .complained: return "Formal escalation by \(who)\(reason)."
        case .complaintAnswered: return "\(who) answered the complaint in writing."
        case .surveyAnswered(let score): return "Survey answered: \(score) of \(agreement.terms.survey?.scale ?? 5)."
        case .zoneDataChanged(let version, let clock, let before, let after):
            return "New time-zone data\(version.isEmpty ? "" : " (\(version))"): the \(clock.words.lowercased()) is due \(after.map(when) ?? "at no time") instead of \(before.map(when) ?? "at no time")."
        case .routed(let rules, let tags):
            return "Routed by \(rules.count == 1 ? "the rule" : "the rules") \(list(rules))\(tags.isEmpty ? "" : ", tagged \(list(tags))")."
        case .categorised(let kind, let cause):
            return "\(who) found what it is: \(list([kind.map { "kind \($0)" }, cause.map { "cause \($0)" }].compactMap { $0 }))."
        case .coverageDisputed(_, let decision, let rule): return "\(who) disputes the coverage decision: \(decision.words)\(rule.map { " (\($0))" } ?? "")."
        case .complaintOverdue(_, let dueAt): return "The written answer to the complaint is late: it was due \(when(dueAt))."
        case .closingPrompted(let since): return "Without feedback since \(when(since)): the closing notice may be sent."
        case .accessGranted(_, let until):
            return "Access granted by \(who) to \(event.texts[TextKey.who] ?? "the desk"), \(event.texts[TextKey.how] ?? "")\(until.map { ", until \(when($0))" } ?? ", until further notice")."
        case .accessEnded(_, let expired): return expired ? "The access that was granted has ended." : "\(who) ended the access."
        case .quoted(_, let effort, let price, let currency, let due):
            return "\(who) quoted \(Money.words(price, currency)) for \(Duration.words(effort)) of work\(due.map { ", delivered by \(when($0))" } ?? ""): \(event.texts[TextKey.deliverables] ?? "")"
        case .quoteWithdrawn: return "\(who) withdrew the quote."
        case .quoteAccepted(_, let work): return "\(who) accepted the quote. The work is \(work)."
        case .quoteDeclined: return "\(who) declined the quote\(reason)."
        case .unsolvedEscalated(let rung, let dueAt, let notified, let tellClient, _):
            return "Escalated as unsolved, rung \(rung), due \(when(dueAt)): \(list(notified.map(\.words))) told\(tellClient ? ", and the client" : "")."
        case .merged(let into): return "Merged into \(into) by \(who): it goes on there\(reason)."
        case .absorbed(let ref): return "Merged with \(ref) by \(who): it goes on here\(reason)."
        case .unmerged(let from): return "Taken out of \(from) again by \(who)\(reason). The clocks count as if it had not been merged."
        case .released(let ref): return "\(who) took \(ref) out again\(reason)."
        case .tagged(let added, let removed):
            return "Tags by \(who): " + [added.isEmpty ? nil : "\(list(added)) added", removed.isEmpty ? nil : "\(list(removed)) removed"].compactMap { $0 }.joined(separator: ", ") + "."
        case .linked(let to, let relation): return "\(who) linked it: \(relation.words) \(to)."
        case .unlinked(let from): return "\(who) took the link to \(from) off."
        case .followed(_, let name): return "\(name) follows this ticket."
        case .unfollowed: return "\(who) follows this ticket no longer."
        case .timeSpent(let seconds): return "Time spent by \(who): \(Duration.words(seconds))\((event.texts[TextKey.note] ?? "").isEmpty ? "" : ", " + (event.texts[TextKey.note] ?? ""))."
        case .taskAdded(_, _, let name, let due):
            return "\(who) noted what is to be done: \(event.texts[TextKey.task] ?? "")\(name.map { ", by \($0)" } ?? "")\(due.map { ", until \(when($0))" } ?? "")."
        case .taskDone: return "\(who) did it: \(event.texts[TextKey.task] ?? "")."
        case .taskReopened: return "\(who) says that it is to be done after all: \(event.texts[TextKey.task] ?? "")."
        case .taskRemoved: return "\(who) took a task off: \(event.texts[TextKey.task] ?? "")."
        case .customised(let names): return "\(who) changed \(list(names))."
        case .split(let message, let into): return "\(who) made message \(message) a ticket of its own: \(into)."
        case .contactAttempted(_, let way, let reached):
            let whom = event.texts[TextKey.who] ?? "a contact", said = event.texts[TextKey.note] ?? "", note = said.isEmpty ? "" : ": " + (said.hasSuffix(".") ? String(said.dropLast()) : said)
            return reached ? "\(who) reached \(whom) \(way.words)\(note)." : "\(who) tried to reach \(whom) \(way.words), in vain\(note)."
        case .splitFrom(let ref, let message): return "\(who) made this ticket of message \(message) of \(ref)."
        case .workOrdered(let origin, let quote, let effort, let price, let currency):
            return "Work ordered by \(who): quote \(quote) of \(origin), \(Money.words(price, currency)) for \(Duration.words(effort)) of work."
        }
    }

    package static func list(_ words: [String], and: String = "and") -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "nobody" }
        return words.dropLast().joined(separator: ", ") + " \(and) " + last
    }

    private static func label(_ field: String, _ agreement: Agreement) -> String {
        agreement.terms.fieldLabel(field).lowercasedFirst
    }

    private static func named(_ severity: Int, _ agreement: Agreement) -> String {
        agreement.terms.severity(severity).map { "\(severity) \($0.name)" } ?? "\(severity)"
    }

    private static func term(_ due: Instant?, _ seconds: Int64?, _ when: (Instant) -> String) -> String {
        if let due { return "by \(when(due))" }
        return "within \(Duration.words(seconds ?? 0)) of working time"
    }
}

/// Durations in words.
package enum Duration {
    /// `10 h 24 m`, `22 m`, `45 s`, never rounded: seconds are named where there are any.
    package static func words(_ seconds: Int64) -> String {
        let all = abs(seconds)
        let parts = [(all / 3600, "h"), (all / 60 % 60, "m"), (all % 60, "s")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return (seconds < 0 ? "-" : "") + (parts.isEmpty ? "0 m" : parts.joined(separator: " "))
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
        guard let first, let second = dropFirst().first, second.isLowercase || second == " " else { return self }
        return first.lowercased() + dropFirst()
    }
}

extension Channel {
    package var words: String {
        switch self {
        case .email: "by e-mail"
        case .portal: "on the portal"
        case .api: "by the API"
        case .phone: "on the phone"
        case .meeting: "in a meeting"
        }
    }
}

extension ClockName {
    package var words: String {
        switch self {
        case .response: "Response"
        case .resolution: "Resolution"
        case .nextReply: "Next reply"
        }
    }
}

extension CoverageDecision {
    package var words: String {
        switch self {
        case .covered: "covered"
        case .notCovered: "not covered"
        case .chargeable: "chargeable"
        case .quote: "by quote"
        case .undecided: "not decided"
        }
    }
}
