import AbideCore
import AbideDesk
import Foundation
import Testing

@Suite("Agreement files")
struct AgreementFileTests {
    @Test("C2-C4 the standard agreement carries the source's targets and hours")
    func standardTargets() throws {
        let terms = try AgreementExamples.terms("standard.yaml")
        #expect(terms.severities.map(\.number) == [1, 2, 3, 4])
        #expect(terms.severities.map(\.name) == ["Critical", "Urgent", "Routine", "General"])
        #expect(terms.severities.map(\.response) == [.within(.seconds(7200), .rolling), .within(.workingDays(1), .rolling), .within(.workingDays(3), .rolling), .asap])
        #expect(terms.severities.map(\.resolution) == [.agreed, .agreed, .agreed, .asap])
        #expect(terms.provisionalSeverity == 3 && terms.severityChange == .carry)
        let office = try #require(terms.calendar(terms.defaultCalendar))
        #expect(Set(terms.severities.map(\.calendar)) == [office.name])
        #expect(office.zone == "America/Chicago" && office.holidayRules == ["us-federal"])
        #expect(office.week == Array(repeating: [DayHours(open: 28_800, close: 61_200)], count: 5) + [[], []])
    }

    @Test("D1, D2, D3, N2, N4 the standard agreement carries ladder, complaint, closing and reopening")
    func standardLadder() throws {
        let terms = try AgreementExamples.terms("standard.yaml")
        let ladder = [
            Rung(after: .seconds(0), notify: [.departmentLead], tellClient: true),
            Rung(after: .seconds(4 * 3600), notify: [.serviceManager], tellClient: true),
            Rung(after: .seconds(9 * 3600), notify: [.management], tellClient: true),
        ]
        #expect(terms.ladders == Ladders(response: ladder, resolution: ladder))
        #expect(terms.complaintAnswer == .workingDays(1) && terms.complaintNotify == [.serviceManager, .clientServicesManager])
        #expect(terms.closing == ClosingTerms(feedbackWithin: .workingDays(5), noticePeriod: .workingDays(2)))
        #expect(terms.reopening == ReopeningTerms(response: .restart, resolution: .carry))
        #expect(terms.catchUpGraceSeconds == 4 * 3600)
        #expect(terms.suspensionReasons.map(\.name) == ["accessAwaited", "answerAwaited", "staffAwaited"])
        #expect(terms.suspensionReasons.filter(\.endsWithAnswer).map(\.name) == ["answerAwaited"])
    }

    @Test("A4 the standard and the fast agreement ask for the same")
    func intake() throws {
        let fields = try AgreementExamples.terms("standard.yaml").intake
        #expect(fields.filter(\.required).map(\.name) == ["name", "company", "phone", "project", "site", "environment", "description"])
        #expect(Set(fields.filter { !$0.required }.map(\.name)) == ["urgency", "partner", "actionsTaken", "kind"])
        #expect(fields.filter(\.fromProfile).map(\.name) == ["name", "company", "phone"])
        #expect(try AgreementExamples.terms("fast.yaml").intake == fields)
    }

    @Test("The fast agreement has seconds for hours, round the clock")
    func fast() throws {
        let terms = try AgreementExamples.terms("fast.yaml")
        #expect(terms.severities.map(\.response) == [.within(.seconds(10), .rolling), .within(.seconds(20), .rolling), .within(.seconds(60), .rolling), .asap])
        #expect(terms.severities[0].warning == WarningPoints([.seconds(5)]))
        #expect(terms.ladders.response.map(\.after) == [.seconds(0), .seconds(10), .seconds(20)])
        #expect(terms.ladders.resolution == terms.ladders.response)
        #expect(terms.closing == ClosingTerms(feedbackWithin: .seconds(20), noticePeriod: .seconds(20)))
        #expect(terms.complaintAnswer == .seconds(30))
        #expect(terms.calendars.map(\.week) == [Array(repeating: [DayHours(open: 0, close: 86_400)], count: 7)])
    }

    @Test("C4 one agreement may have a calendar round the clock beside office hours")
    func aroundTheClock() throws {
        let terms = try AgreementExamples.terms("around-the-clock.yaml")
        #expect(terms.severities.map(\.calendar) == ["always", "office", "office", "office"])
        #expect(terms.severities.map(\.nextReply) == [.within(.seconds(7200), .rolling), .within(.workingDays(1), .rolling), nil, nil] && terms.ladders.nextReply.count == 1)
    }

    @Test("C4, O4 the example of two calendars amends the standard agreement")
    func twoCalendars() throws {
        let (terms, base) = (try AgreementExamples.terms("two-calendars.yaml"), try AgreementExamples.terms("standard.yaml"))
        #expect(terms.severities.map(\.calendar) == ["plants", "office", "office", "office"] && terms.effectiveFrom == "2027-01-01")
        #expect(terms.calendar("plants")?.holidays.contains(NamedDate(date: "2027-07-09", name: "Summer shutdown")) == true)
        #expect(terms.intake.map(\.name) == base.intake.map(\.name) + ["category"] && terms.coverage.count == base.coverage.count + 1)
        #expect(terms.category("dataLine", of: nil)?.category.proposes.severity == 1)
    }

    @Test("J1, H, O1, L2 the standard agreement states availability, survey, review and lead times")
    func standardService() throws {
        let terms = try AgreementExamples.terms("standard.yaml")
        #expect(terms.availability == AvailabilityTerms(percentHundredths: 9800, secondsPerDay: 84_600, readings: [.period, .daily], binding: nil, plannedMaintenance: .counts))
        #expect(terms.survey?.questions.map(\.name) == ["satisfied", "speed", "comment"] && terms.survey?.openForSeconds == 30 * 86_400)
        #expect(terms.review?.everyMonths == 12 && terms.leadTimes.map(\.name) == ["upgrade", "training", "onSite"])
        #expect(terms.kinds.count == 9 && terms.defaultKind == "incident" && terms.severities.allSatisfy { $0.nextReply == nil } && terms.ladders.unsolved == nil)
    }

    @Test("The program carries the shipped standard agreement")
    func embedded() throws {
        #expect(try AgreementFile.standardYAML == AgreementExamples.shipped("standard.yaml"))
    }

    @Test("The complete agreement of docs/agreements.md is one")
    func documented() throws {
        let page = try AgreementExamples.shipped("../docs/agreements.md")
        let examples = page.components(separatedBy: "```yaml\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
        #expect(!examples.isEmpty)
        for example in examples {
            let (terms, faults) = AgreementFile.read(yaml: example, fileName: "docs/agreements.md")
            #expect(faults == [])
            #expect(terms != nil)
        }
    }
}
