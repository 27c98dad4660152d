import AbideCore
import AbideStore
import AbideTestKit
import Foundation
import Testing
@testable import AbideDesk

@Suite struct AccountTests {
    @Test("the codes of RFC 6238, appendix B") func codes() {
        let secret = Array("12345678901234567890".utf8)
        // The appendix gives eight digits; six are their last six.
        for (time, code) in [(Int64(59), "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            #expect(TimeCodes.code(secret, step: time / 30) == code)
        }
        #expect(TimeCodes.base32(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    @Test("6.2.4 passwords that are tried first, or that repeat themselves, are refused") func passwords() {
        for bad in [
            "short", "password123", "P@ssw0rd2024", "1234567890", "aaaaaaaaaaaa", "Welcome2026!", "qwertyuiop1", "christopher", "jennifer1987", "zaq12wsxcde3", "Willkommen1!", "passwordpassword", "November2025!", "zwei\u{0}worte und mehr",
        ] { #expect(PasswordRule.fault(bad) != nil, "\(bad)") }
        for good in ["four quiet words here", "blue-lamp-73-river", "zug nach Aachen um 7", "kjh8fd7shk", String(repeating: "x7 é", count: 50)] { #expect(PasswordRule.fault(good) == nil, "\(good)") }
        // The own name and company are tried early too.
        #expect(PasswordRule.fault("Larkfield-2026") == nil)
        #expect(PasswordRule.fault("Larkfield-2026", about: ["Maya Torres", "maya@larkfield.example"]) != nil)
    }

    @Test("S8 a link works once, for its time, and dies with a newer one; the store can't tell it") func links() async throws {
        let test = try await TestDesk()
        let manager = Manager.person(try test.person(.administrator))
        let made = try await test.desk.addPerson(PersonInput(email: "new@larkfield.example", name: "New", role: .agent), by: manager)
        func secret() async throws -> String {
            let nonce = try await test.desk.db.read { try $0.run("SELECT nonce FROM one_time_link WHERE person = $1", [.integer(made.brief.id)]).first?.text(0) ?? "" }
            return test.desk.keys.linkSecret(nonce: nonce)
        }
        let first = try await secret()
        try await test.desk.resetAccess(made.brief.id, by: manager)
        let second = try await secret()
        #expect(first != second)
        await #expect(throws: Refusal.deadLink) { try await test.desk.useLink(first, "invitation", password: "four quiet words here") }
        await #expect(throws: Refusal.deadLink) { try await test.desk.useLink(second, "reset", password: "four quiet words here") }
        #expect(try await test.desk.useLink(second, "invitation", password: "four quiet words here") == "new@larkfield.example")
        await #expect(throws: Refusal.deadLink) { try await test.desk.useLink(second, "invitation", password: "other quiet words here") }
        #expect(try await test.desk.signIn("new@larkfield.example", password: "four quiet words here", address: "") != nil)
        try await test.desk.resetAccess(made.brief.id, by: manager)
        let late = try await secret()
        test.clock.advance(31 * 60)
        await #expect(throws: Refusal.deadLink) { try await test.desk.useLink(late, "reset", password: "other quiet words here") }
    }

    @Test("K4 the last administrator stays, and a changed role ends the sessions of before") func roles() async throws {
        let test = try await TestDesk()
        let admin = try test.person(.administrator), manager = Manager.person(admin), agent = try test.person(.agent)
        await #expect(throws: Refusal.self) { try await test.desk.setDisabled(admin.id, true, by: .command) }
        let opened = try #require(try await test.desk.signIn(agent.email, password: "correct horse", address: ""))
        try await test.desk.changePerson(agent.id, PersonInput(email: agent.email, name: agent.name, role: .departmentLead), by: manager)
        #expect(try await test.desk.session(opened.secret) == nil)
        await #expect(throws: Refusal.self) { try await test.desk.changePerson(admin.id, PersonInput(email: admin.email, name: "A", role: .agent), by: .command) }
        let primary = Manager.person(try test.person(.primaryContact))
        await #expect(throws: Refusal.self) { try await test.desk.addPerson(PersonInput(email: "x@larkfield.example", name: "X", role: .agent), by: primary) }
        await #expect(throws: Refusal.self) { try await test.desk.changePerson(agent.id, PersonInput(email: agent.email, name: "X", role: .client, client: 1), by: primary) }
    }

    @Test("S22 a canned answer knows its variables alone, and what a value holds is not looked at again") func variables() async throws {
        let test = try await TestDesk()
        let agent = try test.person(.agent)
        await #expect(throws: Refusal.self) { try await test.desk.putCannedAnswer(nil, name: "Bad", body: "{{7*7}}", shared: false, by: agent) }
        try await test.desk.putCannedAnswer(nil, name: "Hello", body: "Hello {{firstName}}, about {{ reference }}", shared: true, by: agent)
        #expect(Desk.fill("Hello {{firstName}}, {{subject}} #{x} <%= y %>", ["firstName": "{{subject}}", "subject": "S"]) == "Hello {{subject}}, S #{x} <%= y %>")
        #expect(try await test.desk.cannedAnswers(for: try test.person(.serviceManager)).map(\.name) == ["Hello"])
        #expect(try await test.desk.cannedAnswers(for: try test.person(.client)).isEmpty)
    }

    @Test("the set-up writes the provider into the agreement and leaves all else as it was") func agreement() throws {
        let yaml = Desk.agreement(AgreementFile.standardYAML, company: "A \"B\": C", place: "Berlin", zone: "Europe/Berlin", mailbox: "help@b.example", version: 1)
        let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: "x.yaml", knows: { _ in true })
        #expect(faults.isEmpty && terms?.provider.name == "A \"B\": C" && terms?.provider.mailbox == "help@b.example" && terms?.calendars.first?.zone == "Europe/Berlin")
        #expect(yaml.split(separator: "\n").count == AgreementFile.standardYAML.split(separator: "\n").count)
    }
}
