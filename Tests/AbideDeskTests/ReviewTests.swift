import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Testing

@Suite struct ReviewTests {
    private func mails(_ test: TestDesk) async throws -> [OutgoingMail] {
        try await test.desk.db.read { try $0.outbox(limit: 200).filter { $0.milestone == "review" } }.map { try JSONDecoder().decode(OutgoingMail.self, from: Data($0.mail.utf8)) }
    }

    @Test("O1 each client's next review is planned by the interval, prepared in time with the report since the last one, and those who take part are told once")
    func year() async throws {
        let test = try await TestDesk()
        let ref = try await test.log(urgency: 1).ticket.ref
        #expect(try await test.desk.advanceReviews() == 2)
        #expect(try await test.desk.advanceReviews() == 0)
        let planned = try #require(try await test.desk.reviews(for: try test.person(.primaryContact)).first)
        #expect(planned.review.day.iso == "2027-03-10" && planned.review.state == .planned && planned.client.name == "Northfield Mining")
        test.clock.set("2027-02-07T18:00:00Z")
        #expect(try await test.desk.advanceReviews() == 0)
        test.clock.set("2027-02-08T18:00:00Z")
        #expect(try await test.desk.advanceReviews() == 2)
        #expect(try await test.desk.advanceReviews() == 0)
        let prepared = try await test.desk.review(planned.review.id, for: try test.person(.standIn))
        #expect(prepared.review.state == .prepared && prepared.review.from?.iso == "2026-03-10" && prepared.review.to?.iso == "2027-02-07")
        let report = try await test.desk.issuedReport(try #require(prepared.review.report), for: try test.person(.primaryContact))
        #expect(report.report.outcomes.map(\.ref) == [ref])
        let told = try await mails(test)
        #expect(told.map(\.to.address).sorted() == ["agreementmanager@larkfield.example", "agreementmanager@larkfield.example", "primarycontact@northfield.example", "standin@northfield.example"])
        let mail = try #require(told.first { $0.to.address.hasPrefix("standin") })
        #expect(mail.calendar?.contains("DTSTART;VALUE=DATE:20270310\r\n") == true && mail.text.contains("/portal/agreement/reviews/\(planned.review.id)") && mail.text.contains("/reports/issued/"))
    }

    @Test("O1 what was reviewed and decided is minuted, can end in a new version, and the next review is counted from that day")
    func minutes() async throws {
        let test = try await TestDesk()
        try await test.desk.advanceReviews()
        let manager = try test.person(.agreementManager)
        let id = try #require(try await test.desk.reviews(for: try test.person(.primaryContact)).first).review.id
        test.clock.set("2027-03-12T18:00:00Z")
        try await test.desk.advanceReviews()
        #expect(try await test.desk.review(id, for: manager).isOverdue)
        let standard = try await test.desk.agreementViews(for: manager).first?.text ?? ""
        let next = try await test.desk.putAgreement(yaml: standard.replacingOccurrences(of: "everyMonths: 12", with: "everyMonths: 6"), fileName: "next.yaml")
        let day = try #require(LocalDate(iso: "2027-03-12"))
        await #expect(throws: Refusal.self) { try await test.desk.minuteReview(id, heldOn: day.next, attendees: "A, B", minutes: "x", outcome: .unchanged, newDigest: nil, by: manager) }
        await #expect(throws: Refusal.self) { try await test.desk.minuteReview(id, heldOn: day, attendees: "A, B", minutes: "x", outcome: .unchanged, newDigest: String(next.terms.digest.prefix(12)), by: manager) }
        let held = try await test.desk.minuteReview(id, heldOn: day, attendees: "A, B", minutes: "Twice a year from now on.", outcome: .newVersion, newDigest: String(next.terms.digest.prefix(12)), by: manager)
        #expect(held.review.state == .held && held.review.newDigest == next.terms.digest && !held.isOverdue)
        await #expect(throws: Refusal.self) { try await test.desk.moveReview(id, to: day.next, reason: "late", by: manager) }
        let own = try await test.desk.reviews(for: try test.person(.primaryContact))
        #expect(own.map(\.review.state) == [.planned, .held] && own.first?.review.day.iso == "2028-03-12")
        #expect(try await mails(test).contains { $0.to.address.hasPrefix("primarycontact") && $0.text.contains("Twice a year from now on.") })
    }

    @Test("O1 a review moves and is taken back with a reason that the client reads; the day that no month has is its last")
    func moved() async throws {
        let test = try await TestDesk()
        try await test.desk.advanceReviews()
        let manager = try test.person(.agreementManager)
        let id = try #require(try await test.desk.reviews(for: try test.person(.primaryContact)).first).review.id
        try await test.desk.prepareReview(id, by: manager)
        let day = try #require(LocalDate(iso: "2026-11-30"))
        await #expect(throws: Refusal.self) { try await test.desk.moveReview(id, to: day, reason: " ", by: manager) }
        let moved = try await test.desk.moveReview(id, to: day, reason: "Their fair is in March.", by: manager)
        #expect(moved.review.day == day && moved.notes.last?.sentence == "Moved from 2027-03-10 to 2026-11-30: Their fair is in March.")
        await #expect(throws: Refusal.self) { try await test.desk.planReview(client: moved.client.id, for: day, by: manager) }
        _ = try await test.desk.cancelReview(id, reason: "Agreed by telephone.", by: manager)
        #expect(try await test.desk.reviews(for: try test.person(.primaryContact)).map(\.review.day.iso) == ["2027-11-30", "2026-11-30"])
        #expect(try await mails(test).contains { $0.to.address.hasPrefix("standin") && $0.calendar?.contains("METHOD:CANCEL") == true && $0.text.contains("Agreed by telephone.") })
        #expect(LocalDate(iso: "2028-02-29")?.adding(months: 12).iso == "2029-02-28" && LocalDate(iso: "2026-08-31")?.adding(months: 6).iso == "2027-02-28")
    }

    @Test("O1 who sees reviews, and who plans them", arguments: Role.allCases)
    func access(role: Role) async throws {
        let test = try await TestDesk()
        try await test.desk.advanceReviews()
        let all = try await test.desk.reviews(for: try test.person(.agreementManager))
        let person = try test.person(role)
        let id = all[0].review.id
        let other = try #require(all.first { $0.client.name == "Harbor Chemicals" }).review.id
        if person.may(.readReports) {
            #expect(try await test.desk.reviews(for: person).count == (role.isStaff ? 2 : 1))
            if !role.isStaff { await #expect(throws: Refusal.self) { try await test.desk.review(other, for: person) } }
        } else {
            await #expect(throws: Refusal.self) { try await test.desk.reviews(for: person) }
            await #expect(throws: Refusal.self) { try await test.desk.review(id, for: person) }
        }
        if role != .agreementManager { await #expect(throws: Refusal.self) { try await test.desk.cancelReview(id, reason: "x", by: person) } }
    }
}
