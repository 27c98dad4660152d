import AbideCore

/// The entries that an agreement may leave out.
extension AgreementShape {
    static let key = "a key of letters and digits that begins with a small letter, such as"
    static let mailbox = "an e-mail address such as support@example.com"
    static let rungs = "a list of rungs, each with after and notify"
    static let severityNumbers = "one or a list of 1, 2, 3, 4"
    static let duration = "a length of time such as 45m, 9h or 14d"

    package static let kind = AgreementShape("a kind of request", [must("name", key + " incident"), must("label", name)] + proposals + [
        may("categories", "a list of categories, each with name and label"),
    ])
    package static let category = AgreementShape("a category", [must("name", key + " dataLink"), must("label", name)] + proposals)
    private static let proposals = [
        may("severity", "1, 2, 3 or 4"), may("department", "the name of one of the departments"),
        may("facts", "any of " + CoverageFact.ofTicket.map(\.rawValue).joined(separator: ", ") + ", or of the agreement's own facts"),
    ]

    package static let fact = AgreementShape("a fact", [
        must("name", key + " warranty"), must("label", name),
        must("of", "client (an entitlement in its record) or ticket (from its kind, category or field of that name)"),
        may("values", "a list of two or more words; without it false and true"),
    ])

    package static let routingRule = AgreementShape("a routing rule", [
        must("name", name), must("when", "any of kind, category, client, words, mailbox, channel and severity, or {} for always"),
        may("department", "the name of one of the departments"), may("assignee", "the e-mail address of an agent"), may("tags", "a list of words"),
    ])
    package static let routingConditions = AgreementShape("the conditions of a routing rule", [
        may("kind", "one or a list of the kinds"), may("category", "one or a list of the categories"),
        may("client", "one or a list of names of clients"), may("words", "one or a list of words or phrases of subject or description"),
        may("mailbox", "one or a list of the provider's mailboxes"),
        may("channel", "one or a list of " + Channel.allCases.map(\.rawValue).joined(separator: ", ")), may("severity", severityNumbers),
    ])

    package static let availability = AgreementShape("the availability", [
        must("percent", "a percentage such as 98 or 99.95"), must("hoursPerDay", "hours such as 23.5, at most 24"),
        must("readings", "a list of " + AvailabilityTerms.Reading.allCases.map(\.rawValue).joined(separator: ", ")),
        may("binding", "one of the readings"),
        must("plannedMaintenance", "counts (down like any other) or excluded (taken out of the period)"),
    ])
    package static let survey = AgreementShape("the survey", [
        must("questions", "a list of questions, each with name, label and answer"), must("scale", "a whole number from 2 to 10"), must("openFor", duration),
        must("poorAt", "a score of the scale, below the highest"), must("followUp", roles),
    ])
    package static let surveyQuestion = AgreementShape("a question", [
        must("name", key + " satisfied"), must("label", "a text of up to 200 characters"), must("answer", "score or text"), may("required", flag),
    ])
    package static let trainingRule = AgreementShape("a training rule", [
        must("name", name), must("per", "a list of " + TrainingRule.Group.allCases.map(\.rawValue).joined(separator: ", ")),
        must("tickets", "a whole number from 2"), must("within", duration), may("kinds", "a list of the kinds"),
        may("causes", "a list of causes, as they are given at resolution"),
    ])
    package static let review = AgreementShape("the review", [
        must("everyMonths", "a whole number from 1 to 60"), must("notify", roles), may("prepareBefore", duration),
    ])
    package static let leadTime = AgreementShape("a service", [must("name", key + " upgrade"), must("label", name), must("notice", workingTime)])

    /// The lists of named things from which an amendment can take some out, and single parts that it can drop.
    static let removableLists = [
        "calendars", "intake", "departments", "suspensionReasons", "coverage", "kinds", "facts", "routing", "resolutionDetails", "training", "leadTimes",
    ]
    static let removableParts = ["availability", "survey", "review", "defaultKind"]
    package static let removal = AgreementShape("what is removed", removableLists.map { may($0, "a list of names in the base's \($0)") } + removableParts.map { may($0, "true") })

    /// The conditions of a coverage rule, which may ask about the agreement's own facts too.
    static func conditions(and own: [FactTerms]) -> AgreementShape {
        AgreementShape("the conditions of a rule", CoverageFact.allCases.map { may($0.rawValue, $0.values.joined(separator: ", ")) } + keys(own))
    }

    /// What a kind or category says about a ticket.
    static func ticketFacts(and own: [FactTerms]) -> AgreementShape {
        AgreementShape("the facts of a kind", CoverageFact.ofTicket.map { may($0.rawValue, $0.values.joined(separator: ", ")) } + keys(own.filter { $0.of == .ticket }))
    }

    private static func keys(_ facts: [FactTerms]) -> [Key] { facts.map { may($0.name, $0.values.joined(separator: ", ")) } }
}
