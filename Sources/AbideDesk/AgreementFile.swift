package import AbideCore
import Crypto
import Foundation
import Yams

/// Agreement files: YAML to terms, with every fault at its line and column. The format is described in `docs/agreements.md`.
package enum AgreementFile {
    /// Reads a whole file and names every fault in it; the terms are there exactly if there is no fault.
    /// - Parameters:
    ///   - fileName: as the faults name it.
    ///   - knows: whether an IANA zone exists here; asked for well-formed names only.
    package static func read(yaml: String, fileName: String, knows: (String) -> Bool = { (try? ZoneFiles().rules($0)) != nil }) -> (terms: AgreementTerms?, faults: [AgreementFault]) {
        let reading = load(yaml: yaml, fileName: fileName, knows: knows, beside: standardBeside)
        return (reading.terms, reading.faults)
    }

    /// The same for a file that may be based on another one or name files of holidays.
    /// - Parameter beside: the text of a file beside this one, by its name; nil: there is none.
    package static func load(
        yaml: String, fileName: String, knows: (String) -> Bool = { (try? ZoneFiles().rules($0)) != nil }, beside: (String) -> String?
    ) -> AgreementReading {
        withoutActuallyEscaping(knows) { knows in
            withoutActuallyEscaping(beside) { beside in
                let (root, syntaxFaults) = AgreementText.parse(yaml, file: fileName)
                guard let root else { return AgreementReading(terms: nil, faults: syntaxFaults, sources: [:]) }
                let reader = AgreementReader(file: fileName, knowsZone: knows, beside: beside, faults: syntaxFaults)
                let lines = yaml.utf8.count { $0 == 10 } + 18
                let terms = reader.amended(root, lines: lines).flatMap { reader.entry($0, .agreement)?.agreement() }
                let order = Dictionary(reader.files.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
                let faults = reader.faults.sorted { (order[$0.file] ?? 0, $0.line, $0.column) < (order[$1.file] ?? 0, $1.line, $1.column) }
                return AgreementReading(terms: faults.isEmpty ? terms : nil, faults: faults, sources: reader.sources)
            }
        }
    }

    /// The shipped standard agreement, which others can be based on wherever they lie.
    package static func standardBeside(_ name: String) -> String? { name == "standard.yaml" ? standardYAML : nil }

    /// `Area/Place`, or `UTC`: no abbreviation, offset or path, so that no name leads out of the zone files.
    static func wellFormed(zone: String) -> Bool {
        if zone == "UTC" { return true }
        let parts = zone.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count >= 2 && parts.allSatisfy { part in
            guard let first = part.utf8.first, (65...90).contains(first) || (97...122).contains(first) else { return false }
            return part.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-+".unicodeScalars.contains($0)) }
        }
    }

    /// What says something: without empty lists, so that terms which are added to the format later change no digest of a file that has none of them.
    private static func said(_ value: Any) -> Any {
        if let object = value as? [String: Any] { return object.filter { !(($0.value as? [Any])?.isEmpty ?? false) }.mapValues(said) }
        if let list = value as? [Any] { return list.map(said) }
        return value
    }

    /// The version's identity: SHA-256, in hex, of the terms as JSON with sorted keys, no digest and no empty lists. Comments and
    /// layout of the file don't count; every figure and every word of the terms does.
    package static func digest(of terms: AgreementTerms) -> String {
        var bare = terms
        bare.digest = ""
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Terms hold texts, whole numbers and flags alone, which always have a JSON form.
        let full = (try? encoder.encode(bare)) ?? Data()
        let spoken = (try? JSONSerialization.jsonObject(with: full)).map(said)
        let text = spoken.flatMap { try? JSONSerialization.data(withJSONObject: $0, options: [.sortedKeys, .withoutEscapingSlashes]) } ?? full
        return SHA256.hash(data: text).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
}

/// What a file says.
package struct AgreementReading: Sendable {
    /// Exactly if there is no fault.
    package var terms: AgreementTerms?
    package var faults: [AgreementFault]
    /// The files that were read besides, by name: with them the same text makes the same terms again.
    package var sources: [String: String]
}

extension AgreementEntry {
    /// The whole agreement. Parts that are named elsewhere come first; where one of them could not be read, what refers to it
    /// is not called unknown.
    fileprivate func agreement() -> AgreementTerms? {
        let (name, version) = (text("name"), number("version", in: 1...1_000_000))
        let provider = entry("provider", .provider)?.provider()

        let calendars = named("calendars", .calendar, what: "calendar") { $0.calendar() }
        let calendarNames = calendars.names
        let defaultCalendar = reference("defaultCalendar", among: calendarNames, what: "there is no calendar")

        let dayMode = choice("workingDays", DayMode.self) ?? .rolling
        let severities = named("severities", .severity, what: "severity", idKey: "number") { $0.severity(calendars: calendarNames, dayMode: dayMode) }
        // A number that stands twice has its fault already, and the missing one is what it should have been.
        if let numbers = severities.names, let node = values["severities"], numbers.count == node.sequence?.count {
            for number in 1...4 where !numbers.contains(String(number)) { wrong("severities", node, "has no severity \(number)") }
        }
        let severityChange = choice("severityChange", SeverityChangeRule.self)
        let provisional = number("provisionalSeverity", in: 1...4)

        let intake = named("intake", .intakeField, what: "field") { $0.intakeField() }
        if let names = intake.names, !names.contains("description"), let node = values["intake"] {
            wrong("intake", node, "has no field 'description', without which nobody knows what is wrong")
        }
        checkLineNames(intake.values)
        let departments = named("departments", .department, what: "department") { $0.department() }
        let facts = named("facts", .fact, what: "fact", mayBeEmpty: true) { $0.fact() }.values
        let kinds = named("kinds", .kind, what: "kind", mayBeEmpty: true) { $0.kind(departments: departments.names, facts: facts) }
        let kindNames = has("kinds") ? kinds.names : []
        let defaultKind = reference("defaultKind", among: kindNames, what: "there is no kind")
        let reasons = named("suspensionReasons", .suspensionReason, what: "suspension reason") { $0.suspensionReason() }
        let ladders = entry("escalation", .ladders)?.ladders(Known(departments: departments.names, kinds: kindNames))
        let complaint = entry("complaint", .complaint).map { complaint in (complaint.span("answerWithin"), complaint.roles("notify")) }
        let coverage = named("coverage", .coverageRule, what: "rule", mayBeEmpty: true) { $0.coverageRule(facts: facts) }
        let closing = entry("closing", .closing)?.closing()
        let reopening = entry("reopening", .reopening)?.reopening()
        let grace = seconds("catchUpGrace")
        let further = further(departments: departments.names, kinds: kinds.values, kindNames: kindNames, provider: provider)

        guard let name, let version, let provider, let defaultCalendar, let severityChange, let provisional, let closing, let reopening, let grace,
            let ladders, let answer = complaint?.0, let notify = complaint?.1
        else { return nil }
        var terms = AgreementTerms(
            name: name, version: version, provider: provider, calendars: calendars.values,
            severities: severities.values.sorted { $0.number < $1.number }, intake: intake.values, departments: departments.values,
            suspensionReasons: reasons.values, severityChange: severityChange, provisionalSeverity: provisional,
            ladders: ladders, coverage: coverage.values, closing: closing, reopening: reopening,
            complaintAnswer: answer, catchUpGraceSeconds: grace, defaultCalendar: defaultCalendar, digest: "", complaintNotify: notify)
        (terms.kinds, terms.defaultKind, terms.facts) = (kinds.values, defaultKind ?? kinds.values.first?.name, facts)
        further(&terms)
        terms.digest = AgreementFile.digest(of: terms)
        return terms
    }

    /// Reads what may be left out; the answer puts it into the terms.
    private func further(departments: [String]?, kinds: [RequestKind], kindNames: [String]?, provider: Provider?) -> (inout AgreementTerms) -> Void {
        let from = value("effectiveFrom") { AgreementValues.isDate($0) ? $0 : nil }
        let categories = kindNames == nil ? nil : kinds.flatMap { $0.categories.map(\.name) }
        let mailboxes = provider.map { [$0.mailbox] + $0.otherMailboxes }
        let routing = named("routing", .routingRule, what: "rule", mayBeEmpty: true) {
            $0.routingRule(kinds: kindNames, categories: categories, departments: departments, mailboxes: mailboxes)
        }.values
        let details = named("resolutionDetails", .intakeField, what: "field", mayBeEmpty: true) { $0.intakeField() }.values
        let availability = entry("availability", .availability)?.availability()
        let survey = entry("survey", .survey)?.survey()
        let training = named("training", .trainingRule, what: "rule", mayBeEmpty: true) { $0.trainingRule(kinds: kindNames) }.values
        let review = entry("review", .review)?.review()
        let leadTimes = named("leadTimes", .leadTime, what: "service", mayBeEmpty: true) { $0.leadTime() }.values
        return { terms in
            terms.effectiveFrom = from
            terms.routing = routing
            terms.resolutionDetails = details
            terms.availability = availability
            terms.survey = survey
            terms.training = training
            terms.review = review
            terms.leadTimes = leadTimes
        }
    }

    /// A list of things that people name, none of them twice. `names` is nil where an entry could not be read, because a
    /// reference to it would then be called unknown.
    private func named<T>(_ key: String, _ shape: AgreementShape, what: String, idKey: String = "name", mayBeEmpty: Bool = false, _ make: (AgreementEntry) -> T?) -> (values: [T], names: [String]?) {
        var firstLines: [String: Int] = [:]
        var complete = has(key)
        let values = list(key, mayBeEmpty: mayBeEmpty) { node -> T? in
            guard let entry = reader.entry(node, shape) else {
                complete = false
                return nil
            }
            // The name counts even where another key of the entry is wrong.
            let name = entry.values[idKey].flatMap(entry.word)
            let made = make(entry)
            guard let name else {
                complete = false
                return nil
            }
            let line = entry.values[idKey]?.mark?.line ?? 1
            if let first = firstLines[name] {
                reader.fault(entry.values[idKey] ?? node, "the \(what) '\(reader.shown(name))' stands twice, first in line \(first); each \(idKey) may stand once")
                complete = false
                return nil
            }
            firstLines[name] = line
            return made
        }
        if values == nil { complete = false }
        return (values ?? [], complete ? firstLines.keys.sorted() : nil)
    }

    /// A line of mail `Word: value` must belong to one field alone, whatever its letters' case.
    private func checkLineNames(_ fields: [IntakeField]) {
        guard let node = values["intake"] else { return }
        var owners: [String: String] = [:]
        for field in fields {
            for word in Set([field.name, field.label] + field.aliases).sorted() {
                let lowered = word.lowercased()
                if let owner = owners[lowered], owner != field.name {
                    wrong("intake", node, "has the word '\(reader.shown(word))' for both '\(owner)' and '\(field.name)', so that a line of mail could mean either")
                }
                owners[lowered] = field.name
            }
        }
    }
}
