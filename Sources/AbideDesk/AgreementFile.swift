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
        withoutActuallyEscaping(knows) { knows in
            let (root, syntaxFaults) = AgreementText.parse(yaml, file: fileName)
            guard let root else { return (nil, syntaxFaults) }
            let reader = AgreementReader(file: fileName, knowsZone: knows, faults: syntaxFaults)
            let terms = reader.entry(root, .agreement)?.agreement()
            let faults = reader.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            return (faults.isEmpty ? terms : nil, faults)
        }
    }

    /// `Area/Place`, or `UTC`: no abbreviation, offset or path, so that no name leads out of the zone files.
    static func wellFormed(zone: String) -> Bool {
        if zone == "UTC" { return true }
        let parts = zone.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count >= 2 && parts.allSatisfy { part in
            guard let first = part.utf8.first, (65...90).contains(first) || (97...122).contains(first) else { return false }
            return part.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-+".unicodeScalars.contains($0)) }
        }
    }

    /// The version's identity: SHA-256, in hex, of the terms as JSON with sorted keys and no digest. Comments and layout of
    /// the file don't count; every figure and every word of the terms does.
    package static func digest(of terms: AgreementTerms) -> String {
        var bare = terms
        bare.digest = ""
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Terms hold texts, whole numbers and flags alone, which always have a JSON form.
        let text = (try? encoder.encode(bare)) ?? Data()
        return SHA256.hash(data: text).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
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
        let departments = named("departments", .department, what: "department") { entry in entry.text("name").map(DepartmentTerms.init(name:)) }
        let reasons = named("suspensionReasons", .suspensionReason, what: "suspension reason") { $0.suspensionReason() }
        let ladders = entry("escalation", .ladders).map { ladders in (ladders.ladder("response"), ladders.ladder("resolution")) }
        let complaint = entry("complaint", .complaint).map { complaint in (complaint.span("answerWithin"), complaint.roles("notify")) }
        let coverage = named("coverage", .coverageRule, what: "rule", mayBeEmpty: true) { $0.coverageRule() }
        let closing = entry("closing", .closing)?.closing()
        let reopening = entry("reopening", .reopening)?.reopening()
        let grace = seconds("catchUpGrace")

        guard let name, let version, let provider, let defaultCalendar, let severityChange, let provisional, let closing, let reopening, let grace,
            let response = ladders?.0, let resolution = ladders?.1, let answer = complaint?.0, let notify = complaint?.1
        else { return nil }
        var terms = AgreementTerms(
            name: name, version: version, provider: provider, calendars: calendars.values,
            severities: severities.values.sorted { $0.number < $1.number }, intake: intake.values, departments: departments.values,
            suspensionReasons: reasons.values, severityChange: severityChange, provisionalSeverity: provisional,
            ladders: Ladders(response: response, resolution: resolution), coverage: coverage.values, closing: closing, reopening: reopening,
            complaintAnswer: answer, catchUpGraceSeconds: grace, defaultCalendar: defaultCalendar, digest: "", complaintNotify: notify)
        terms.digest = AgreementFile.digest(of: terms)
        return terms
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
