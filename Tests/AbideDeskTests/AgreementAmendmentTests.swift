import AbideCore
import AbideDesk
import Testing

@Suite("Amendments, and files beside an agreement")
struct AgreementAmendmentTests {
    private static func load(_ yaml: String, _ files: [String: String] = [:]) -> AgreementReading {
        AgreementFile.load(yaml: yaml, fileName: "our/own.yaml") { files[$0] ?? AgreementFile.standardBeside($0) }
    }

    @Test("O4 an amendment says only what differs: entries are matched by name, new rows of a table stand first")
    func merges() throws {
        let reading = Self.load("""
            base: standard.yaml
            name: Support for Northfield
            version: 3
            severities:
              - {number: 1, response: 1h, nextReply: 2h}
            calendars:
              - name: office
                week: {sat: [09:00-12:00]}
            coverage:
              - {name: N1, description: "Training is covered, as agreed.", when: {kind: training}, decision: covered}
              - {name: M4-documentation, decision: covered}
            escalation:
              resolution: [{after: 0s, departments: [Platform], handTo: Platform}]
              unsolved: {responseTimes: 3, rungs: [{after: 0s, notify: [management], when: {severity: [1, 2]}}]}
            remove: {leadTimes: [onSite], survey: true}
            """)
        #expect(reading.faults == [])
        let (terms, base) = (try #require(reading.terms), try AgreementExamples.terms("standard.yaml"))
        #expect(terms.name == "Support for Northfield" && terms.version == 3 && terms.digest != base.digest)
        #expect(terms.severities[0].response == .within(.seconds(3600), .rolling) && terms.severities[0].nextReply == .within(.seconds(7200), .rolling))
        #expect(Array(terms.severities.dropFirst()) == Array(base.severities.dropFirst()) && terms.severities[0].name == "Critical")
        #expect(terms.calendars[0].week[5] == [DayHours(open: 32_400, close: 43_200)] && terms.calendars[0].week[0] == base.calendars[0].week[0])
        #expect(terms.coverage.first?.name == "N1" && terms.coverage.count == base.coverage.count + 1)
        #expect(terms.coverage.first { $0.name == "M4-documentation" }.map { ($0.decision, $0.when) }! == (.covered, ["kind": "documentation"]))
        #expect(terms.ladders.response == base.ladders.response)
        #expect(terms.ladders.resolution == [Rung(after: .seconds(0), notify: [], tellClient: true, departments: ["Platform"], handTo: "Platform")])
        #expect(terms.ladders.unsolved?.responseTimes == 3 && terms.ladders.unsolved?.rungs[0].when?.severities == [1, 2])
        #expect(terms.survey == nil && terms.leadTimes.map(\.name) == ["upgrade", "training"])
        #expect(reading.sources.keys.sorted() == ["standard.yaml"])
    }

    @Test("Faults name the file in which they stand: the amendment's, or its base's")
    func faultsInTheirFile() throws {
        let base = try AgreementExamples.shipped("standard.yaml").replacing("response: 3wd", with: "response: 3 days")
        let reading = Self.load("base: base.yaml\nname: Own\nversion: 1\nseverities:\n  - {number: 1, respons: 1h}\nremove: {leadTimes: [onsite]}\n", ["base.yaml": base])
        let place = try AgreementExamples.place(of: "3 days", in: base)
        #expect(reading.faults.map(\.description) == [
            "our/own.yaml:5:17: a severity has no 'respons' (did you mean 'response'?); allowed: number, name, description, calendar, response, resolution, nextReply, warning, resolutionWarning, nextReplyWarning, workingDays",
            "our/own.yaml:6:21: the base's leadTimes have no 'onsite' (did you mean 'onSite'?); allowed: upgrade, training, onSite",
            "our/base.yaml:\(place): 'response' cannot be '3 days'; allowed: a length of working time such as 10s, 30m, 2h or 3wd, or asap",
        ])
    }

    @Test("A base that is missing, leads back, or is a path is a fault", arguments: [
        ("none.yaml", "there is no file 'none.yaml'"), ("../standard.yaml", "no name of a file"), ("own.yaml", "leads back"), ("loop.yaml", "leads back"),
    ])
    func badBase(_ name: String, _ says: String) {
        let reading = Self.load("base: \(name)\nname: Own\nversion: 1\n", ["own.yaml": "", "loop.yaml": "base: loop.yaml\nname: L\nversion: 1\n"])
        #expect(reading.terms == nil && reading.faults.count == 1 && reading.faults[0].message.contains(says), "\(reading.faults)")
    }

    @Test("An amendment needs a name and version of its own")
    func ownName() {
        let faults = Self.load("base: standard.yaml\nversion: 2\n").faults.map(\.message)
        #expect(faults == ["an amendment needs 'name' of its own, so that nobody takes it for its base"])
    }

    @Test("C4 holidays come from an iCalendar file: whole days, over several days, each year")
    func holidayFile() throws {
        let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Company\\, clo\r\n sed\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nSUMMARY:Labour Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        let yaml = "base: standard.yaml\nname: Own\nversion: 1\ncalendars:\n  - {name: office, holidayFiles: [days.ics]}\n"
        let reading = Self.load(yaml, ["days.ics": ics])
        #expect(reading.faults == [])
        let holidays = try #require(reading.terms).calendars[0].holidays
        #expect(holidays.map(\.date) == ["2026-05-01", "2026-12-24", "2026-12-25", "2026-12-26", "2027-05-01"])
        #expect(holidays[1].name == "Company, closed")
        // What stands in the file is part of the version: another file, another digest.
        #expect(Self.load(yaml, ["days.ics": ics.replacing("20261227", with: "20261226")]).terms?.digest != reading.terms?.digest)
        let bad = Self.load(yaml, ["days.ics": ics.replacing(";VALUE=DATE:20260501", with: ":20260501T090000Z").replacing("20261227", with: "20261201")])
        #expect(bad.faults.count == 2 && bad.faults[0].message.hasPrefix("days.ics:4: DTEND") && bad.faults[1].message.hasPrefix("days.ics:9: DTSTART"), "\(bad.faults)")
    }
}
