import AbideCore
import AbideDesk
import Foundation
import Testing

@Suite("Faults of agreement files")
struct AgreementFileFaultTests {
    typealias Examples = AgreementExamples

    @Test("A file with three faults names all three, each at its line and column")
    func threeFaults() throws {
        let yaml = try Examples.changed([
            ("response: 2h", "respons: 2h"),
            ("noticePeriod: 2wd", "noticePeriod: two days"),
            ("defaultCalendar: office", "defaultCalendar: ofice"),
        ])
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "our.yaml")
        #expect(terms == nil)
        let expected = try [
            "our.yaml:\(Examples.place(of: "ofice", in: yaml)): there is no calendar 'ofice' (did you mean 'office'?); allowed: office",
            "our.yaml:\(Examples.place(of: "respons: 2h", in: yaml)): a severity has no 'respons' (did you mean 'response'?); allowed: number, name, description, calendar, response, resolution, nextReply, warning, resolutionWarning, nextReplyWarning, workingDays",
            "our.yaml:\(Examples.place(of: "two days", in: yaml)): 'noticePeriod' cannot be 'two days'; allowed: a length of working time such as 10s, 30m, 2h or 3wd",
        ]
        #expect(faults.map(\.description) == expected)
    }

    /// Each change of the standard agreement makes exactly one fault: where its marked word begins, saying this.
    static let single: [(from: String, to: String, at: String, says: String)] = [
        ("version: 1\n", "version: one\n", "one\n", "a whole number from 1"),
        ("version: 1\n", "version: 1\nversion: 2\n", "version: 2", "stands twice here"),
        ("version: 1\n", "", "name: Support", "the agreement needs 'version'"),
        ("zone: America/Chicago                #", "zone: CST  #", "CST  #", "no zone that this machine knows"),
        ("zone: America/Chicago                #", "zone: America/Dallas  #", "America/Dallas", "no zone that this machine knows"),
        ("zone: America/Chicago                #", "zone: ../../etc/passwd  #", "../../etc", "no zone that this machine knows"),
        ("support@larkfield.example ", "support ", "support  ", "an e-mail address"),
        ("fri: [08:00-17:00]", "fri: [22:00-06:00]", "22:00-06", "write 22:00-24:00 here and 00:00-06:00 on the next day"),
        ("fri: [08:00-17:00]", "fri: [08:00-25:00]", "08:00-25", "a list of hours such as"),
        ("fri: [08:00-17:00]", "friday: [08:00-17:00]", "friday", "did you mean 'fri'?"),
        ("[us-federal]", "[us-fedral]", "us-fedral", "did you mean 'us-federal'?"),
        ("holidays: []", "holidays: [{date: 2026-02-29}]", "2026-02-29", "a date such as"),
        ("holidays: []", "holidays: [{date: 2026-12-24}, {date: 2026-12-24, name: Eve}]", "2026-12-24, name", "each date may stand once"),
        ("exceptions: []", "exceptions: closed", "closed       ", "a list of dates with hours of their own"),
        ("response: asap", "response: agreed", "agreed\n    resolution: asap", "or asap"),
        ("response: 3wd", "response: 3d", "3d\n", "10s, 30m, 2h or 3wd"),
        ("response: 2h", "warning: 3h\n    response: 2h", "3h\n", "not shorter than the response target"),
        ("response: 2h", "warning: [1h, 3h]\n    response: 2h", "[1h, 3h]\n", "not shorter than the response target"),
        ("response: 2h", "warning: [1h, soon]\n    response: 2h", "soon]", "'warning' cannot hold 'soon'"),
        ("response: 2h", "warning: [1h, 60m]\n    response: 2h", "60m]", "holds 60m twice"),
        ("number: 4", "number: 3", "3\n    name: General", "the severity '3' stands twice"),
        ("severityChange: carry", "severityChange: cary", "cary", "did you mean 'carry'?"),
        ("provisionalSeverity: 3", "provisionalSeverity: 5", "5\n", "the number of one of the severities"),
        ("name: environment\n", "name: recent changes\n", "recent changes\n", "a key of letters and digits"),
        ("aliases: [Partner]", "fromProfile: true", "true\n  - name: environment", "cannot be true for 'partner'"),
        ("- name: Platform\n", "- name: Process data\n", "Process data\n  - name: Applications", "the department 'Process data' stands twice"),
        ("endsWithAnswer: true", "endsWithAnswer: perhaps", "perhaps", "true or false"),
        ("notify: [serviceManager, clientServicesManager]", "notify: [serviceManger]", "serviceManger", "did you mean 'serviceManager'?"),
        ("notify: [serviceManager, clientServicesManager]", "notify: [client]", "client]", "there is no role 'client'"),
        ("when: {kind: training}", "when: {kind: trainings}", "trainings", "did you mean 'training'?"),
        ("decision: chargeable", "decision: charged", "charged", "covered, notCovered, chargeable, quote, undecided"),
        ("catchUpGrace: 4h", "catchUpGrace: 7wd", "7wd", "a length of time such as"),
        ("catchUpGrace: 4h", "catchUpGrace:", "\u{0}", "'catchUpGrace' cannot be nothing"),
        ("routing: []", "routing: [{name: a, when: {kind: incidnt}, department: Platform}]", "incidnt", "did you mean 'incident'?"),
        ("routing: []", "routing: [{name: a, when: {clients: [X]}, department: Platform}]", "clients", "did you mean 'client'?"),
        ("routing: []", "routing: [{name: a, when: {mailbox: [x@y.example]}, department: Platform}]", "x@y.example", "the provider has no mailbox"),
        ("routing: []", "routing: [{name: a, when: {}}]", "{name: a", "routes nothing"),
        ("defaultKind: incident", "defaultKind: accident", "accident", "there is no kind"),
        ("department: Platform\n    facts: {kind: feature}", "department: Plattform\n    facts: {kind: feature}", "Plattform", "did you mean 'Platform'?"),
        ("response: 3wd", "response: 3wd\n    nextReply: asap", "asap\n    resolution: agreed\n  - number: 4", "a length of working time"),
        ("percent: 98", "percent: 101", "101", "a percentage"),
        ("poorAt: 2", "poorAt: 5", "5\n  followUp", "every answer would be poor"),
        ("readings: [period, daily]", "readings: [period, daily]\n  binding: window", "window\n", "there is no reading here"),
        ("openFor: 30d", "openFor: 30wd", "30wd", "14d"),
    ]

    @Test("Each fault is named once, at its word, with what is allowed", arguments: single.indices)
    func oneFault(_ index: Int) throws {
        let change = Self.single[index]
        let original = try Examples.shipped("standard.yaml")
        let first = try #require(original.range(of: change.from))
        let yaml = original.replacingCharacters(in: first, with: change.to)
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "a.yaml")
        #expect(terms == nil)
        try #require(faults.count == 1, "\(faults.map(\.description))")
        #expect(faults[0].message.contains(change.says), "\(faults[0])")
        guard change.at != "\u{0}" else { return }
        let start = try #require(yaml.range(of: change.at)).lowerBound
        let before = yaml[..<start].split(separator: "\n", omittingEmptySubsequences: false)
        let (line, column) = (before.count, (before.last?.unicodeScalars.count ?? 0) + 1)
        #expect(faults[0].line == line && faults[0].column == column, "\(faults[0])")
    }

    @Test("D1 a rung that is not later than the one before it is a fault")
    func rungsInOrder() throws {
        let yaml = try Examples.shipped("standard.yaml").replacing("- after: 9h", with: "- after: 3h")
        let (_, faults) = AgreementFile.read(yaml: yaml, fileName: "a.yaml")
        #expect(faults.count == 2 && faults.allSatisfy { $0.message.hasPrefix("'after' is not later than the rung before it") })
    }

    @Test("A4 a word that could begin the line of two fields is a fault")
    func ambiguousLine() throws {
        let yaml = try Examples.changed([("aliases: [Actions taken]", "aliases: [site]")])
        let (_, faults) = AgreementFile.read(yaml: yaml, fileName: "a.yaml")
        #expect(faults.count == 1 && faults[0].message.contains("for both"))
    }

    @Test("A calendar with a fault of its own doesn't make its users unknown")
    func noFollowUps() throws {
        let yaml = try Examples.changed([("fri: [08:00-17:00]", "fri: 8-17")])
        #expect(AgreementFile.read(yaml: yaml, fileName: "a.yaml").faults.count == 1)
    }

    @Test("Zones are asked of the closure")
    func zones() throws {
        var asked: Set<String> = []
        let (terms, faults) = try AgreementFile.read(yaml: Examples.shipped("standard.yaml"), fileName: "a.yaml") { asked.insert($0); return false }
        #expect(asked == ["America/Chicago"] && terms == nil && faults.count == 2)
    }

    @Test("What is no YAML is a fault at its place", arguments: [
        ("name: x\n\tversion: 1\n", 2, 1), ("name: 'never closed\nversion: 1", 1, 7), ("", 1, 1), ("name: x\u{7}y", 1, 8), ("name: x\n---\nname: y\n", 2, 1),
        (String(repeating: "[", count: 5000), 1, 1),
    ])
    func syntax(_ yaml: String, _ line: Int, _ column: Int) {
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "a.yaml")
        #expect(terms == nil && faults.count == 1)
        #expect(faults.first?.line == line && faults.first?.column == column, "\(faults)")
    }

    @Test("Any beginning of a file has terms or faults that lie in it, never neither")
    func truncated() throws {
        let yaml = try Examples.shipped("standard.yaml")
        // A step without common divisors with the line lengths cuts at every kind of place.
        for length in stride(from: 0, to: yaml.unicodeScalars.count, by: 37) {
            let text = String(String.UnicodeScalarView(yaml.unicodeScalars.prefix(length)))
            let (terms, faults) = AgreementFile.read(yaml: text, fileName: "a.yaml")
            #expect((terms == nil) == !faults.isEmpty)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(faults.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 }, "\(length)")
        }
    }

    @Test("The digest is the terms' alone: comments and layout don't count, figures do")
    func digest() throws {
        func digest(_ yaml: String) throws -> String { try #require(AgreementFile.read(yaml: yaml, fileName: "a.yaml").terms).digest }
        let yaml = try Examples.shipped("standard.yaml")
        let standard = try digest(yaml)
        #expect(standard.utf8.count == 64)
        let bare = yaml.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n\n").replacing("[08:00-17:00]", with: "\n      - '08:00-17:00'").replacing("2h", with: "120m")
        #expect(bare != yaml)
        #expect(try digest(bare) == standard)
        #expect(try digest(yaml.replacing("response: 2h", with: "response: 121m")) != standard)
        #expect(try digest(yaml.replacing("help: What you have tried so far.", with: "help: What you tried.")) != standard)
    }
}
