import AbideCore
import Yams

/// Each part of an agreement file, from its entry to its terms. A part answers nil where a fault leaves it without a value.
extension AgreementEntry {
    func provider() -> Provider? {
        let (name, place, zone, mailbox) = (text("name"), text("place"), zone("zone"), value("mailbox", AgreementValues.mailbox))
        let others = words("otherMailboxes", among: nil, what: "mailbox") ?? []
        if let node = values["otherMailboxes"], let bad = others.first(where: { AgreementValues.mailbox($0) == nil || $0.lowercased() == mailbox?.lowercased() }) {
            wrong("otherMailboxes", node, "cannot hold '\(reader.shown(bad))'")
        }
        guard let name, let place, let zone, let mailbox else { return nil }
        return Provider(name: name, place: place, zone: zone, mailbox: mailbox, otherMailboxes: others)
    }

    func calendar() -> CalendarTerms? {
        let (name, zone) = (text("name"), zone("zone"))
        let before = reader.faults.count
        let week = entry("week", .week).map { week in AgreementReader.weekdays.map { week.hours($0) ?? [] } }
        // Hours that could not be read are no closed days.
        if let week, let node = values["week"], week.allSatisfy(\.isEmpty), reader.faults.count == before { wrong("week", node, "is never open") }
        let rules = words("holidayRules", among: AgreementReader.holidayRules, what: "there is no holiday rule") ?? []
        var holidays = dated("holidays", .holiday) { NamedDate(date: $0, name: $1.text("name") ?? "") }
        let known = Set(holidays.map(\.date))
        holidays += filedHolidays().filter { !known.contains($0.date) }
        let exceptions = dated("exceptions", .exception) { date, entry in entry.hours("hours").map { ExceptionDay(date: date, hours: $0) } }
        let nominal = seconds("nominalDay")
        guard let name, let zone, let week else { return nil }
        return CalendarTerms(name: name, zone: zone, week: week, holidayRules: rules, holidays: holidays, exceptions: exceptions, nominalDay: nominal)
    }

    /// Entries with a date each, none twice.
    private func dated<T>(_ key: String, _ shape: AgreementShape, _ make: (String, AgreementEntry) -> T?) -> [T] {
        var seen: Set<String> = []
        return list(key) { node in
            guard let entry = reader.entry(node, shape) else { return nil }
            let date = entry.value("date") { AgreementValues.isDate($0) ? $0 : nil }
            let made = make(date ?? "", entry)
            guard let date, let made else { return nil }
            guard seen.insert(date).inserted else {
                reader.fault(entry.values["date"] ?? node, "\(date) stands twice in '\(key)'; each date may stand once")
                return nil
            }
            return made
        } ?? []
    }

    /// The open hours of a day; `[]` is a closed one.
    func hours(_ key: String) -> [DayHours]? {
        list(key, limit: 24) { node in
            guard let word = word(node) else {
                wrong(key, node)
                return nil
            }
            let ends = word.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let open = AgreementValues.timeOfDay(ends[0]), let close = AgreementValues.timeOfDay(ends[1]), open < 86_400 else {
                wrong(key, node)
                return nil
            }
            guard open < close else {
                reader.fault(node, "'\(word)' closes before it opens; allowed: hours within one day, so over midnight write \(ends[0])-24:00 here and 00:00-\(ends[1]) on the next day")
                return nil
            }
            return DayHours(open: open, close: close)
        }
    }

    func severity(calendars: [String]?, dayMode: DayMode) -> SeverityTerms? {
        let (number, name, description) = (number("number", in: 1...4), text("name"), text("description", limit: 2000, lines: true))
        let calendar = reference("calendar", among: calendars, what: "there is no calendar")
        let mode = choice("workingDays", DayMode.self) ?? dayMode
        let response = target("response", mode, mayBeAgreed: false)
        let resolution = target("resolution", mode, mayBeAgreed: true)
        let next = span("nextReply").map { Target.within($0, mode) }
        let (warning, resolutionWarning, nextWarning) = (warnings("warning"), warnings("resolutionWarning"), warnings("nextReplyWarning"))
        for (key, ahead, target) in [("resolutionWarning", resolutionWarning, resolution), ("nextReplyWarning", nextWarning, next)] {
            if let ahead, let node = values[key], case .within(let length, _) = target, ahead.ahead.contains(where: { AgreementValues.isShorter($0, than: length) == false }) {
                wrong(key, node, "is not shorter than its target, so that it would be due before the clock starts")
            }
        }
        if let warning, let node = values["warning"], case .within(let target, _) = response, warning.ahead.contains(where: { AgreementValues.isShorter($0, than: target) == false }) {
            wrong("warning", node, "is not shorter than the response target, so that it would be due before the clock starts")
        }
        guard let number, let name, let description, let calendar, let response, let resolution else { return nil }
        return SeverityTerms(
            number: number, name: name, description: description, calendar: calendar, response: response, resolution: resolution, warning: warning, nextReply: next,
            resolutionWarning: resolutionWarning, nextReplyWarning: nextWarning)
    }

    /// One length of working time or a list of them, none twice.
    private func warnings(_ key: String) -> WarningPoints? {
        guard case .sequence? = values[key] else { return span(key).map { WarningPoints([$0]) } }
        var seen: Set<Span> = []
        let points = list(key, mayBeEmpty: false, limit: 5) { node -> Span? in
            guard let word = word(node), let span = AgreementValues.span(word), AgreementValues.isAtLeast(span, 1) else {
                wrong(key, node, "cannot hold \(reader.kind(of: node))")
                return nil
            }
            guard seen.insert(span).inserted else {
                wrong(key, node, "holds \(word) twice")
                return nil
            }
            return span
        }
        return points.map(WarningPoints.init)
    }

    private func target(_ key: String, _ mode: DayMode, mayBeAgreed: Bool) -> Target? {
        value(key) { word in
            if word == "asap" { return .asap }
            if word == "agreed" { return mayBeAgreed ? .agreed : nil }
            return AgreementValues.span(word).flatMap { AgreementValues.isAtLeast($0, 1) ? .within($0, mode) : nil }
        }
    }

    func intakeField() -> IntakeField? {
        let (name, label, help) = (value("name", AgreementValues.key), text("label"), text("help", limit: 2000, lines: true) ?? "")
        let (required, fromProfile, multiline) = (flag("required") ?? false, flag("fromProfile") ?? false, flag("multiline") ?? false)
        let aliases = words("aliases", among: nil, what: "alias") ?? []
        let choices = words("choices", among: nil, what: "choice") ?? []
        if fromProfile, let name, let node = values["fromProfile"], !AgreementReader.profileFields.contains(name) {
            wrong("fromProfile", node, "cannot be true for '\(name)'")
        }
        guard let name, let label else { return nil }
        return IntakeField(name: name, label: label, help: help, required: required, fromProfile: fromProfile, multiline: multiline, aliases: aliases, choices: choices)
    }

    func suspensionReason() -> SuspensionReason? {
        let (name, label, waits) = (value("name", AgreementValues.key), text("label"), flag("waitsForClient"))
        let (ends, endsWithGrant) = (flag("endsWithAnswer") ?? false, flag("endsWithGrant"))
        guard let name, let label, let waits else { return nil }
        return SuspensionReason(name: name, label: label, waitsForClient: waits, endsWithAnswer: ends, endsWithGrant: endsWithGrant)
    }

    func roles(_ key: String) -> [Role]? {
        words(key, among: AgreementReader.staffRoles, what: "there is no role", mayBeEmpty: false)?.compactMap(Role.init(rawValue:))
    }

    func coverageRule(facts own: [FactTerms]) -> CoverageRule? {
        let (name, description, clause) = (text("name"), text("description", limit: 2000, lines: true), text("clause", limit: 20))
        let when = entry("when", .conditions(and: own))?.facts(own)
        let decision = choice("decision", CoverageDecision.self)
        guard let name, let description, let when, let decision else { return nil }
        return CoverageRule(name: name, description: description, when: when, decision: decision, clause: clause)
    }

    func department() -> DepartmentTerms? {
        let (name, hold) = (text("name"), span("holdWithin"))
        return name.map { DepartmentTerms(name: $0, holdWithin: hold) }
    }

    func closing() -> ClosingTerms? {
        let (feedback, notice) = (span("feedbackWithin"), span("noticePeriod"))
        guard let feedback, let notice else { return nil }
        return ClosingTerms(feedbackWithin: feedback, noticePeriod: notice)
    }

    func reopening() -> ReopeningTerms? {
        let (response, resolution) = (choice("response", ReopeningRule.self), choice("resolution", ReopeningRule.self))
        guard let response, let resolution else { return nil }
        return ReopeningTerms(response: response, resolution: resolution)
    }
}
