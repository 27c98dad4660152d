import AbideCore

/// What an agreement file may say: each kind of entry with its keys. The reader, its messages and the test of
/// `agreements/schema.json` all take the keys from here.
package struct AgreementShape: Sendable {
    package struct Key: Sendable {
        package var name: String
        package var required: Bool
        /// What may stand there, in the words of a fault.
        package var allowed: String
    }

    /// The entry as a fault calls it: "a severity".
    package var what: String
    package var keys: [Key]

    package func key(_ name: String) -> Key? { keys.first { $0.name == name } }

    init(_ what: String, _ keys: [Key]) {
        self.what = what
        self.keys = keys
    }

    static func must(_ name: String, _ allowed: String) -> Key { Key(name: name, required: true, allowed: allowed) }
    static func may(_ name: String, _ allowed: String) -> Key { Key(name: name, required: false, allowed: allowed) }

    static let name = "a name of up to 80 characters on one line"
    static let text = "a text of up to 2000 characters"
    static let workingTime = "a length of working time such as 10s, 30m, 2h or 3wd"
    static let warnings = "a length of working time such as 30m, or a list of up to five such as [2h, 30m]"
    static let time = "a length of time such as 30s, 45m or 9h"
    static let flag = "true or false"
    static let hours = "a list of hours such as [08:00-12:00, 13:00-17:00], or [] for closed"
    static let roles = "a list of one or more of " + AgreementReader.staffRoles.joined(separator: ", ")
    static let zone = "a zone of the IANA database such as America/Chicago"
    static let date = "a date such as 2026-12-24"
    static let reopeningRule = "restart (a new count), carry (goes on from what had elapsed) or none (stays stopped)"

    package static let agreement = AgreementShape("the agreement", [
        must("name", name),
        must("version", "a whole number from 1"),
        must("provider", "name, place, zone and mailbox of who runs the desk"),
        must("calendars", "a list of calendars, each with name, zone and week"),
        must("defaultCalendar", "the name of one of the calendars"),
        may("workingDays", "rolling (lengths of a working day in a row) or endOfDay (the close of the last day)"),
        must("severities", "a list of the four severities, each with number, name, description, calendar, response and resolution"),
        must("severityChange", "carry (what has elapsed counts) or restart (the new target counts in full)"),
        must("provisionalSeverity", "the number of one of the severities"),
        must("intake", "a list of fields, each with name and label"),
        must("departments", "a list of departments, each with name"),
        must("suspensionReasons", "a list of reasons, each with name, label and waitsForClient"),
        must("escalation", "a ladder for response and one for resolution"),
        must("complaint", "answerWithin and notify"),
        must("coverage", "a list of rules, each with name, description, when and decision"),
        must("closing", "feedbackWithin and noticePeriod"),
        must("reopening", "response and resolution, each restart, carry or none"),
        must("catchUpGrace", time),
        may("base", "the name of an agreement file beside this one, which this one amends"),
        may("remove", "what the base has and this agreement has not: lists with names"),
        may("effectiveFrom", date),
        may("kinds", "a list of kinds of request, each with name and label"),
        may("defaultKind", "the name of one of the kinds"),
        may("facts", "a list of facts for the coverage, each with name, label and of"),
        may("routing", "a list of rules, each with name, when, and department, assignee or tags"),
        may("resolutionDetails", "a list of fields, each with name and label"),
        may("availability", "percent, hoursPerDay and readings"),
        may("survey", "questions, scale, openFor, poorAt and followUp"),
        may("training", "a list of rules, each with name, per, tickets and within"),
        may("review", "everyMonths and notify"),
        may("leadTimes", "a list of services, each with name, label and notice"),
    ])
    package static let provider = AgreementShape("the provider", [
        must("name", name), must("place", "the town of the desk as people say it"), must("zone", zone),
        must("mailbox", mailbox), may("otherMailboxes", "a list of more e-mail addresses that make tickets"),
    ])
    package static let calendar = AgreementShape("a calendar", [
        must("name", name), must("zone", zone), must("week", "hours for any of " + AgreementReader.weekdays.joined(separator: ", ")),
        may("holidayRules", "a list of " + AgreementReader.holidayRules.joined(separator: ", ")),
        may("holidays", "a list of dates, each with date and name"),
        may("exceptions", "a list of dates with hours of their own, each with date and hours"),
        may("holidayFiles", "a list of iCalendar files beside this one, such as [holidays.ics]"),
        may("nominalDay", time),
    ])
    package static let week = AgreementShape("a week", AgreementReader.weekdays.map { may($0, hours) })
    package static let holiday = AgreementShape("a holiday", [must("date", date), may("name", name)])
    package static let exception = AgreementShape("an exception", [must("date", date), must("hours", hours)])
    package static let severity = AgreementShape("a severity", [
        must("number", "1, 2, 3 or 4, where 1 is the highest"), must("name", name), must("description", text),
        must("calendar", "the name of one of the calendars"),
        must("response", workingTime + ", or asap"),
        must("resolution", workingTime + ", agreed or asap"),
        may("nextReply", workingTime),
        may("warning", warnings + ", shorter than the response target"),
        may("resolutionWarning", warnings), may("nextReplyWarning", warnings),
        may("workingDays", "rolling or endOfDay"),
    ])
    package static let intakeField = AgreementShape("an intake field", [
        must("name", key + " phone or costCentre"),
        must("label", name), may("help", text), may("required", flag),
        may("fromProfile", "true for name, company or phone only: nothing else stands in a profile"),
        may("multiline", flag), may("aliases", "a list of words that a line of mail may begin with"),
        may("choices", "a list of what may be said"),
    ])
    package static let department = AgreementShape("a department", [must("name", name), may("holdWithin", workingTime)])
    package static let suspensionReason = AgreementShape("a suspension reason", [
        must("name", key + " answerAwaited"),
        must("label", name), must("waitsForClient", flag), may("endsWithAnswer", flag), may("endsWithGrant", flag),
    ])
    package static let ladders = AgreementShape("the escalation", [
        must("response", rungs), must("resolution", rungs), may("nextReply", rungs), may("unsolved", "responseTimes and rungs"),
    ])
    package static let unsolved = AgreementShape("the trigger for what is not solved", [
        must("responseTimes", "a whole number from 1 to 100"), must("rungs", rungs),
    ])
    package static let rung = AgreementShape("a rung", [
        must("after", workingTime + "; 0s is the missed deadline itself"), may("notify", roles), may("tellClient", flag),
        may("departments", "a list of departments whose leads are told"), may("handTo", "the department that the ticket goes to"),
        may("when", "any of severity, department, kind and coverage"),
    ])
    package static let rungConditions = AgreementShape("the conditions of a rung", [
        may("severity", severityNumbers), may("department", "one or a list of the departments"), may("kind", "one or a list of the kinds"),
        may("coverage", "one or a list of " + CoverageDecision.allCases.map(\.rawValue).joined(separator: ", ")),
    ])
    package static let complaint = AgreementShape("the complaint", [must("answerWithin", workingTime), must("notify", roles)])
    package static let coverageRule = AgreementShape("a coverage rule", [
        must("name", name), must("description", text),
        must("when", "any of " + CoverageFact.allCases.map(\.rawValue).joined(separator: ", ") + ", or {} for always"),
        must("decision", CoverageDecision.allCases.map(\.rawValue).joined(separator: ", ")),
        may("clause", "the number of the clause, such as M4"),
    ])
    package static let conditions = conditions(and: [])
    package static let closing = AgreementShape("the closing", [must("feedbackWithin", workingTime), must("noticePeriod", workingTime)])
    package static let reopening = AgreementShape("the reopening", [must("response", reopeningRule), must("resolution", reopeningRule)])

    /// Every shape by the name that the schema gives it.
    package static let all: [String: AgreementShape] = [
        "agreement": agreement, "provider": provider, "calendar": calendar, "week": week, "holiday": holiday, "exception": exception,
        "severity": severity, "intakeField": intakeField, "department": department, "suspensionReason": suspensionReason,
        "escalation": ladders, "rung": rung, "complaint": complaint, "coverageRule": coverageRule, "conditions": conditions,
        "closing": closing, "reopening": reopening, "unsolved": unsolved, "rungConditions": rungConditions, "removal": removal, "kind": kind, "category": category, "fact": fact,
        "routingRule": routingRule, "routingConditions": routingConditions, "availability": availability, "survey": survey,
        "surveyQuestion": surveyQuestion, "trainingRule": trainingRule, "review": review, "leadTime": leadTime,
    ]
}
