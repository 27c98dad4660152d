/// A version of an agreement in short words, part by part: what two versions are compared by.
package struct AgreementPart: Sendable {
    /// What kind of part it is, as `severity` or `rule of coverage`; empty for the agreement itself.
    package var kind: String
    package var name: String
    /// By what it is found again in another version: the name, or the number of a severity.
    package var key: String
    /// In order, each with a name that stands once.
    package var terms: [(name: String, value: String)]

    /// As a line about it begins: `Critical`, `rule of coverage M4-training`.
    package var title: String { kind.isEmpty || kind == "severity" ? name : name.isEmpty ? kind : "\(kind) \(name)" }

}

extension AgreementTerms {
    /// Everything that the version says, except its digest.
    package var outline: [AgreementPart] {
        var parts: [AgreementPart] = []
        func add(_ kind: String, _ name: String, key: String? = nil, _ terms: [(String, String?)]) {
            parts.append(AgreementPart(kind: kind, name: name, key: key ?? name, terms: terms.compactMap { term in term.1.flatMap { $0.isEmpty ? nil : (term.0, $0) } }))
        }
        add("", "Agreement", [
            ("name", name), ("version", String(version)), ("effective from", effectiveFrom), ("default calendar", defaultCalendar), ("change of severity", severityChange.rawValue),
            ("provisional severity", String(provisionalSeverity)), ("default kind", defaultKind), ("grace after a stop", Self.length(.seconds(catchUpGraceSeconds))),
        ])
        add("provider", "", [
            ("name", provider.name), ("place", provider.place), ("zone", provider.zone), ("mailbox", provider.mailbox), ("other mailboxes", provider.otherMailboxes.joined(separator: ", ")),
        ])
        for calendar in calendars {
            let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            add("calendar", calendar.name, [("zone", calendar.zone)] + zip(days, calendar.week).map { ($0, Self.hours($1)) } + [
                ("holiday rules", calendar.holidayRules.joined(separator: ", ")), ("a working day", calendar.nominalDay.map { Self.length(.seconds($0)) }),
            ] + calendar.holidays.map { ("holiday \($0.date)", $0.name.isEmpty ? "closed" : $0.name) } + calendar.exceptions.map { ("hours on \($0.date)", Self.hours($0.hours)) })
        }
        for severity in severities {
            add("severity", severity.name, key: String(severity.number), [
                ("name", severity.name), ("description", severity.description), ("calendar", severity.calendar), ("response", Self.target(severity.response)),
                ("resolution", Self.target(severity.resolution)), ("next reply", severity.nextReply.map(Self.target)), ("warning", severity.warning.map(Self.lengths)),
                ("warning before resolution", severity.resolutionWarning.map(Self.lengths)), ("warning before the next reply", severity.nextReplyWarning.map(Self.lengths)),
            ])
        }
        for field in intake { add("field", field.name, Self.field(field)) }
        for department in departments { add("department", department.name, [("", "there"), ("may hold a ticket", department.holdWithin.map(Self.length))]) }
        for reason in suspensionReasons {
            add("suspension reason", reason.name, [
                ("label", reason.label), ("waits for the client", Self.flag(reason.waitsForClient)), ("ends with an answer", Self.flag(reason.endsWithAnswer)),
            ])
        }
        for kind in kinds {
            add("kind", kind.name, Self.proposals(kind.label, kind.proposes))
            for category in kind.categories { add("category", "\(kind.name)/\(category.name)", Self.proposals(category.label, category.proposes)) }
        }
        for fact in facts { add("fact", fact.name, [("label", fact.label), ("of", fact.of.rawValue), ("values", fact.values.joined(separator: ", "))]) }
        for rule in routing {
            let when = rule.when
            add("routing rule", rule.name, [
                ("kind", when.kinds.joined(separator: ", ")), ("category", when.categories.joined(separator: ", ")), ("client", when.clients.joined(separator: ", ")),
                ("words", when.words.joined(separator: ", ")), ("mailbox", when.mailboxes.joined(separator: ", ")),
                ("channel", when.channels.map(\.rawValue).joined(separator: ", ")), ("severity", when.severities.map(String.init).joined(separator: ", ")),
                ("department", rule.department), ("assignee", rule.assignee), ("tags", rule.tags.joined(separator: ", ")),
            ])
        }
        for (name, ladder) in [("response", ladders.response), ("resolution", ladders.resolution), ("next reply", ladders.nextReply), ("unsolved", ladders.unsolved?.rungs ?? [])] {
            add("escalation", name, ladder.enumerated().map { ("rung \($0.offset + 1)", Self.rung($0.element)) } + [
                ("at", name == "unsolved" ? ladders.unsolved.map { "\($0.responseTimes) times the response target" } : nil),
            ])
        }
        add("complaint", "", [("answered within", Self.length(complaintAnswer)), ("told", Self.roles(complaintNotify))])
        for rule in coverage {
            add("coverage", rule.name, [
                ("decision", rule.decision.words), ("when", rule.when.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")),
                ("description", rule.description), ("clause", rule.clause),
            ])
        }
        add("closing", "", [("without feedback for", Self.length(closing.feedbackWithin)), ("notice period", Self.length(closing.noticePeriod))])
        add("reopening", "", [("response", reopening.response.rawValue), ("resolution", reopening.resolution.rawValue)])
        for field in resolutionDetails { add("detail at resolution", field.name, Self.field(field)) }
        if let availability {
            add("availability", "", [
                ("per cent", Self.hundredths(availability.percentHundredths)), ("hours a day", Self.hundredths(availability.secondsPerDay / 36)),
                ("readings", availability.readings.map(\.rawValue).joined(separator: ", ")), ("binding", availability.binding?.rawValue),
                ("planned maintenance", availability.plannedMaintenance.rawValue),
            ])
        }
        if let survey {
            add("survey", "", [
                ("scale", String(survey.scale)), ("open for", Self.length(.seconds(survey.openForSeconds))), ("poor at", String(survey.poorAt)), ("followed up by", Self.roles(survey.followUp)),
            ] + survey.questions.map { ("question \($0.name)", "\($0.label) (\($0.answer.rawValue)\($0.required ? ", required" : ""))") })
        }
        for rule in training {
            add("training rule", rule.name, [
                ("per", rule.per.map(\.rawValue).joined(separator: ", ")), ("tickets", String(rule.tickets)), ("within", Self.length(.seconds(rule.withinSeconds))),
                ("kinds", rule.kinds.joined(separator: ", ")), ("causes", rule.causes.joined(separator: ", ")),
            ])
        }
        if let review {
            add("review", "", [("every", "\(review.everyMonths) months"), ("prepared before", Self.length(.seconds(review.prepareSeconds))), ("told", Self.roles(review.notify))])
        }
        for service in leadTimes { add("lead time", service.name, [("label", service.label), ("notice", Self.length(service.notice))]) }
        return parts
    }

    // MARK: Short words

    /// `2 h`, `90 m` as `1 h 30 m`, `3 working days`.
    private static func length(_ span: Span) -> String {
        switch span {
        case .workingDays(let days): days == 1 ? "1 working day" : "\(days) working days"
        case .seconds(let seconds): seconds >= 172_800 && seconds % 86_400 == 0 ? "\(seconds / 86_400) d" : Duration.words(seconds)
        }
    }

    private static func lengths(_ points: WarningPoints) -> String { points.ahead.map(length).joined(separator: " and ") }

    private static func target(_ target: Target) -> String {
        switch target {
        case .within(let span, let mode): mode == .endOfDay ? "\(length(span)), to the end of the day" : length(span)
        case .agreed: "by agreement"
        case .asap: "as soon as possible"
        }
    }

    private static func hours(_ hours: [DayHours]) -> String {
        func clock(_ second: Int) -> String { "\(second / 36_000)\(second / 3600 % 10):\(second / 600 % 6)\(second / 60 % 10)" }
        return hours.isEmpty ? "closed" : hours.map { "\(clock($0.open))-\(clock($0.close))" }.joined(separator: ", ")
    }

    private static func hundredths(_ number: Int) -> String {
        let rest = number % 100
        return rest == 0 ? String(number / 100) : "\(number / 100).\(rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : String(rest))"
    }

    private static func flag(_ flag: Bool) -> String { flag ? "yes" : "no" }
    private static func roles(_ roles: [Role]) -> String { roles.map(\.words).joined(separator: ", ") }

    private static func field(_ field: IntakeField) -> [(String, String?)] {
        [
            ("label", field.label), ("help", field.help), ("required", flag(field.required)), ("from the profile", field.fromProfile ? "yes" : nil),
            ("several lines", field.multiline ? "yes" : nil), ("aliases", field.aliases.joined(separator: ", ")), ("choices", field.choices.joined(separator: ", ")),
        ]
    }

    private static func proposals(_ label: String, _ proposals: Proposals) -> [(String, String?)] {
        [
            ("label", label), ("severity", proposals.severity.map(String.init)), ("department", proposals.department),
            ("facts", proposals.facts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")),
        ]
    }

    private static func rung(_ rung: Rung) -> String {
        var words = "after \(length(rung.after)): \(EventSentence.list(rung.notify.map(\.words) + rung.departments))"
        if rung.tellClient { words += ", and the client" }
        if let department = rung.handTo { words += ", handed to \(department)" }
        if let when = rung.when {
            let conditions = [
                when.severities.isEmpty ? nil : "severity \(when.severities.map(String.init).joined(separator: ", "))", when.departments.isEmpty ? nil : "in \(when.departments.joined(separator: ", "))",
                when.kinds.isEmpty ? nil : "kind \(when.kinds.joined(separator: ", "))", when.coverage.isEmpty ? nil : when.coverage.map(\.words).joined(separator: ", "),
            ].compactMap(\.self)
            words += " (\(conditions.joined(separator: "; ")))"
        }
        return words
    }
}
