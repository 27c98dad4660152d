import AbideCore
import AbideDesk
import Foundation
import Testing

@Suite("Agreements compared")
struct AgreementDiffTests {
    /// A change of the standard agreement, and the lines that say it.
    static let changes: [(from: String, to: String, says: [String])] = [
        ("response: 2h", "response: 1h", ["Critical: response 2 h -> 1 h"]),
        ("response: 2h", "response: 90m\n    nextReply: 4h", ["Critical: response 2 h -> 1 h 30 m", "Critical: next reply none -> 4 h"]),
        ("response: 3wd", "workingDays: endOfDay\n    response: 3wd", ["Routine: response 3 working days -> 3 working days, to the end of the day"]),
        ("version: 1\n", "version: 2\n", ["Agreement: version 1 -> 2"]),
        ("      fri: [08:00-17:00]\n", "      fri: [08:00-12:00, 13:00-16:30]\n", ["calendar office: Friday 08:00-17:00 -> 08:00-12:00, 13:00-16:30"]),
        ("holidays: []", "holidays: [{date: 2026-12-24, name: Christmas Eve}]", ["calendar office: holiday 2026-12-24 none -> Christmas Eve"]),
        ("exceptions: []", "exceptions: [{date: 2026-12-31, hours: []}]", ["calendar office: hours on 2026-12-31 none -> closed"]),
        ("holidayRules: [us-federal]", "holidayRules: []", ["calendar office: holiday rules us-federal -> none"]),
        ("severityChange: carry", "severityChange: restart", ["Agreement: change of severity carry -> restart"]),
        ("  - name: Platform\n", "  - name: Platform\n    holdWithin: 2wd\n", ["department Platform: may hold a ticket none -> 2 working days"]),
        ("noticePeriod: 2wd", "noticePeriod: 3wd", ["closing: notice period 2 working days -> 3 working days"]),
        ("answerWithin: 1wd", "answerWithin: 4h", ["complaint: answered within 1 working day -> 4 h"]),
        ("endsWithAnswer: true", "endsWithAnswer: false", ["suspension reason answerAwaited: ends with an answer yes -> no"]),
        ("decision: chargeable", "decision: covered", ["coverage M4-training: decision chargeable -> covered"]),
        ("percent: 98", "percent: 99.5", ["availability: per cent 98 -> 99.5"]),
        ("everyMonths: 12", "everyMonths: 6", ["review: every 12 months -> 6 months"]),
        ("notice: 20wd", "notice: 15wd", ["lead time upgrade: notice 20 working days -> 15 working days"]),
        ("routing: []", "routing: [{name: s, when: {words: [screen]}, department: Applications}]", ["routing rule s: new (words screen; department Applications)"]),
        ("    name: Routine\n", "    name: Normal\n", ["Normal: name Routine -> Normal"]),
    ]

    @Test("Each change is said in words, and nothing else is", arguments: changes.indices)
    func words(_ index: Int) throws {
        let change = Self.changes[index]
        let original = try AgreementExamples.shipped("standard.yaml")
        let yaml = try original.replacingCharacters(in: #require(original.range(of: change.from)), with: change.to)
        let reading = AgreementFile.read(yaml: yaml, fileName: "a.yaml")
        let new = try #require(reading.terms, "\(reading.faults)")
        #expect(AgreementDiff.lines(from: try AgreementExamples.terms("standard.yaml"), to: new) == change.says)
    }

    @Test("The shipped agreements differ in words exactly where their digests do")
    func shipped() throws {
        let all = try ["standard.yaml", "fast.yaml", "around-the-clock.yaml"].map(AgreementExamples.terms)
        for a in all {
            for b in all { #expect(AgreementDiff.lines(from: a, to: b).isEmpty == (a.digest == b.digest)) }
        }
    }
}
