import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Testing

@Suite struct IssuedReportTests {
    /// March over: one ticket answered in time, one missed and answered late.
    private func march() async throws -> TestDesk {
        let test = try await TestDesk()
        let first = try await test.log(urgency: 1).ticket.ref
        _ = try await test.log(urgency: 1)
        test.clock.advance(3600)
        try await test.act(first, .agent) { try $0.answer("I see it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        test.clock.advance(4 * 3600)
        try await test.desk.tick()
        test.clock.set("2026-04-01T05:00:01Z")
        return test
    }

    @Test("I4 the month's reports are issued as the next begins, once, kept as issued, and their readers are told")
    func monthly() async throws {
        let test = try await march()
        test.clock.set("2026-04-01T04:59:59Z")
        #expect(try await test.desk.issueDueReports() == 0)
        test.clock.set("2026-04-01T05:00:01Z")
        #expect(try await test.desk.issueDueReports() == 2)
        #expect(try await test.desk.issueDueReports() == 0)
        let issued = try await test.desk.issuedReports(for: try test.person(.primaryContact))
        let report = try #require(issued.first)
        #expect(issued.count == 1 && report.report.from.iso == "2026-03-01" && report.report.to.iso == "2026-03-31" && report.issuedBy == "Abide")
        #expect(report.report.severities.first?.responded == 1 && report.report.severities.first?.respondedInTime == 1 && report.report.severities.first?.responseMissed == 1)
        let told = try await test.desk.db.read { try $0.outbox(limit: 200).filter { $0.milestone == "report" }.map(\.recipient).sorted() }
        #expect(told == ["primarycontact@northfield.example", "reportreader@northfield.example", "standin@northfield.example"])
        // What happens later doesn't change what was issued, and it still follows from the log as it was then.
        try await test.act("ABD-1002", .agent) { try $0.answer("Late, sorry.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        #expect(try await test.desk.issuedReport(report.id, for: try test.person(.standIn)).content == report.content)
        #expect(try await test.desk.verify().fault == nil)
        #expect(try await test.desk.verifyReport(report.content) == nil)
        let now = try await test.desk.report(client: report.client, from: report.report.from, to: report.report.to, for: try test.person(.agent))
        #expect(now.severities.first?.responded == 2)
    }

    @Test("I4 a figure that doesn't follow from the log is named, in the store and in a file")
    func altered() async throws {
        let test = try await march()
        let manager = try test.person(.serviceManager)
        let from = try #require(LocalDate(iso: "2026-03-01")), to = try #require(LocalDate(iso: "2026-03-31"))
        let client = try await test.desk.clientID(named: "northfield mining")
        let issued = try await test.desk.issueReport(client: client, from: from, to: to, by: manager)
        let content = issued.content.replacingOccurrences(of: "\"respondedInTime\":1", with: "\"respondedInTime\":2")
        #expect(content != issued.content)
        #expect(try await test.desk.verifyReport(content) == "Northfield Mining, 2026-03-01 to 2026-03-31: severities[severity 1].respondedInTime is 2, the log gives 1")
        try await test.desk.db.write { try $0.run("UPDATE report SET content = $1 WHERE id = $2", [.text(content), .integer(issued.id)]) }
        #expect(try await test.desk.verify().fault?.hasSuffix("it was altered since it was issued") == true)
        let digest = Secrets.digest(Array(content.utf8))
        try await test.desk.db.write { try $0.run("UPDATE report SET digest = $1 WHERE id = $2", [.text(digest), .integer(issued.id)]) }
        #expect(try await test.desk.verify().fault?.hasSuffix("respondedInTime is 2, the log gives 1") == true)
        await #expect(throws: Refusal.self) { try await test.desk.issueReport(client: client, from: from, to: try #require(LocalDate(iso: "2026-04-30")), by: manager) }
    }

    @Test("I5 who sees reports: primary contact, stand-in and those nominated, of their own client alone", arguments: Role.allCases)
    func access(role: Role) async throws {
        let test = try await march()
        try await test.desk.issueDueReports()
        let all = try await test.desk.issuedReports(for: try test.person(.serviceManager))
        let own = try #require(all.first { $0.report.clientName == "Northfield Mining" }), other = try #require(all.first { $0.report.clientName == "Harbor Chemicals" })
        let person = try test.person(role)
        let may: Set<Role> = [.primaryContact, .standIn, .reportReader, .agent, .departmentLead, .serviceManager, .clientServicesManager, .agreementManager, .management]
        guard may.contains(role) else {
            await #expect(throws: Refusal.self) { try await test.desk.issuedReport(own.id, for: person) }
            await #expect(throws: Refusal.self) { try await test.desk.issuedReports(for: person) }
            return
        }
        #expect(try await test.desk.issuedReport(own.id, for: person).id == own.id)
        #expect(try await test.desk.issuedReports(for: person).count == (role.isStaff ? 2 : 1))
        if !role.isStaff { await #expect(throws: Refusal.self) { try await test.desk.issuedReport(other.id, for: person) } }
        if role != .serviceManager && role != .agreementManager {
            await #expect(throws: Refusal.self) { try await test.desk.issueReport(client: own.client, from: own.report.from, to: own.report.to, by: person) }
        }
    }
}
