import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Logging
import Testing

@Suite("Versions of agreements in force") struct AgreeingTests {
    private static let amended = "base: standard.yaml\nname: Northfield's own\nversion: 1\nseverities:\n  - {number: 2, response: 30m}\nescalation:\n  response: [{after: 0s, notify: [management]}]\n"

    /// Every figure of a ticket that a client or a report reads.
    private func figures(_ test: TestDesk, _ ref: String) async throws -> [String] {
        let view = try await test.desk.ticket(ref, for: try test.person(.serviceManager))
        return ClockName.allCases.map { name in "\(name) \(view.reading(name)) \(view.intervals(name))" } + [view.agreement.terms.digest, "\(view.ticket.coverage) \(view.status)"]
    }

    @Test("O4 a client gets an agreement of its own from a date on; others keep theirs, and it can go back")
    func ownAgreement() async throws {
        let test = try await TestDesk()
        let manager = try test.person(.agreementManager)
        let shared = test.desk.currentAgreement().terms.digest
        let own = try await test.desk.putAgreement(yaml: Self.amended, fileName: "own.yaml").terms
        let client = try #require(try test.person(.client).client)
        let from = test.clock.now + 3600
        try await test.desk.putInForce(digest: own.digest, client: client, from: from, actor: manager.name)
        #expect(try await test.log().agreement.terms.digest == shared)
        test.clock.set(from)
        let view = try await test.log()
        #expect(view.agreement.terms.digest == own.digest && view.reading(.response).targetSeconds == 1800)
        let stranger = try #require(try await test.desk.bearer(test.desk.createToken(email: "stranger@harbor.example", label: "t")))
        let theirs = try await test.desk.log(LogRequest(subject: "Other", urgency: 2, fields: TestDesk.complete, channel: .portal), by: stranger)
        #expect(theirs.agreement.terms.digest == shared)
        // The other client hears nothing of it.
        #expect(try await test.desk.agreementViews(for: stranger).map(\.digest) == [shared])
        try await test.desk.putInForce(digest: nil, client: client, actor: manager.name)
        #expect(try await test.log().agreement.terms.digest == shared)
        #expect(try await test.desk.agreementEvents(for: manager).map(\.kind) == [.inForce, .inForce, .backToShared])
        await #expect(throws: Refusal.self) { try await test.desk.putInForce(digest: own.digest, client: client, from: test.clock.now - 1, actor: "x") }
    }

    @Test("O2 a changed file at the next start is a new version for new tickets; no figure of a running ticket moves, with hours and holidays changed too")
    func nothingPastChanges() async throws {
        let db = try SQLiteDatabase()
        let test = try await TestDesk(db: db)
        let running = try await test.log(urgency: 1).ticket.ref
        let answered = try await test.log(urgency: 2).ticket.ref
        test.clock.advance(3000)
        try await test.act(answered, .agent) { try $0.answer("On it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        try await test.act(running, .agent) { try $0.suspend(reason: "accessAwaited", note: nil, since: nil, by: $3, at: $2, $1) }
        let before = (try await figures(test, running), try await figures(test, answered))
        let report = try await test.desk.report(client: try #require(try test.person(.client).client), from: try #require(LocalDate(iso: "2026-03-01")), to: try #require(LocalDate(iso: "2026-03-31")), for: try test.person(.serviceManager))
        let yaml = AgreementFile.standardYAML.replacing("version: 1\n", with: "version: 2\n").replacing("[08:00-17:00]", with: "[10:00-11:00]")
            .replacing("holidays: []", with: "holidays: [{date: 2026-03-11}]").replacing("response: 2h", with: "response: 10m").replacing("severityChange: carry", with: "severityChange: restart")
        let clock = test.clock
        let again = try await Desk.open(
            db: db, settings: test.desk.settings, keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(), passwords: Passwords(rounds: 16, lanes: 1), agreementYAML: yaml,
            logger: Logger(label: "t"), clock: { clock.now })
        #expect(again.currentAgreement().terms.version == 2)
        let person = try test.person(.serviceManager)
        for (ref, was) in [(running, before.0), (answered, before.1)] {
            let view = try await again.ticket(ref, for: person)
            let now = ClockName.allCases.map { name in "\(name) \(view.reading(name)) \(view.intervals(name))" } + [view.agreement.terms.digest, "\(view.ticket.coverage) \(view.status)"]
            #expect(now == was)
        }
        #expect(try await again.report(client: try #require(try test.person(.client).client), from: try #require(LocalDate(iso: "2026-03-01")), to: try #require(LocalDate(iso: "2026-03-31")), for: person).json == report.json)
        let new = try await again.log(LogRequest(subject: "New", urgency: 1, fields: TestDesk.complete, channel: .portal), by: try test.person(.client))
        #expect(new.agreement.terms.version == 2 && new.reading(.response).targetSeconds == 600)
        #expect(try await again.verify().fault == nil)
        // The same file again is no new version.
        let events = try await again.agreementEvents().count
        #expect(events == 2)
    }

    @Test("A version is in force from its date on, and a file's base and holidays are kept with it")
    func effectiveDate() async throws {
        let db = try SQLiteDatabase()
        let test = try await TestDesk(db: db)
        let clock = test.clock
        let files = ["mine.yaml": AgreementFile.standardYAML.replacing("response: 2h", with: "response: 1h")]
        func open(_ yaml: String?) async throws -> Desk {
            try await Desk.open(
                db: db, settings: test.desk.settings, keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(), passwords: Passwords(rounds: 16, lanes: 1), agreementYAML: yaml,
                beside: { files[$0] }, logger: Logger(label: "t"), clock: { clock.now })
        }
        let yaml = "base: mine.yaml\nname: Spring\nversion: 2\neffectiveFrom: 2026-03-12\n"
        let desk = try await open(yaml)
        #expect(desk.currentAgreement().terms.name == "Support eService")
        clock.set("2026-03-12T04:59:59Z")
        #expect(desk.currentAgreement().terms.name == "Support eService")
        clock.advance(1)
        #expect(desk.currentAgreement().terms.name == "Spring")
        let later = try await open(nil)
        #expect(later.currentAgreement().terms.severity(1)?.response == .within(.seconds(3600), .rolling))
        #expect(try await open(yaml).agreementEvents().count == 2)
    }

    @Test("O4 the primary contact or the stand-in accepts a version, once, by name and instant; nobody else does")
    func acceptance() async throws {
        let test = try await TestDesk()
        let digest = test.desk.currentAgreement().terms.digest
        for role in Role.allCases where ![.primaryContact, .standIn].contains(role) {
            let person = try test.person(role)
            await #expect(throws: Refusal.self) { try await test.desk.accept(agreement: digest, by: person) }
        }
        let view = try await test.desk.accept(agreement: String(digest.prefix(12)), by: try test.person(.standIn))
        #expect(view.acceptances.map(\.personName) == ["standIn"] && view.acceptances[0].acceptedAt == test.clock.now)
        let primary = try test.person(.primaryContact)
        await #expect(throws: Refusal.self) { try await test.desk.accept(agreement: digest, by: primary) }
    }

    @Test("Routing and kinds apply at registration, and can be tried on the past")
    func routing() async throws {
        let test = try await TestDesk()
        let before = try await test.log(urgency: nil, fields: TestDesk.complete.merging(["kind": "A question"]) { $1 })
        #expect(before.ticket.severity == 4 && before.ticket.fields["kind"] == "question")
        let upgrade = try await test.log(urgency: 2, fields: TestDesk.complete.merging(["kind": "upgrade"]) { $1 })
        #expect(upgrade.ticket.department == "Platform" && upgrade.ticket.coverage == .quote && upgrade.ticket.severity == 2)
        await #expect(throws: Refusal.self) { try await test.log(fields: TestDesk.complete.merging(["kind": "nonsense"]) { $1 }) }
        let yaml = """
            base: standard.yaml
            name: Routed
            version: 1
            facts: [{name: warranty, label: Under warranty, of: client}]
            coverage: [{name: W1, description: Under warranty all is covered., when: {warranty: true}, decision: covered}]
            routing:
              - {name: conveyors, when: {words: [conveyor]}, department: Applications, assignee: agent@larkfield.example, tags: [belt]}
            """
        let terms = try await test.desk.putAgreement(yaml: yaml, fileName: "r.yaml").terms
        let trials = try await test.desk.tryRouting(terms)
        #expect(trials.count == 2 && trials.allSatisfy { $0.route.department == "Applications" && $0.route.rules == ["conveyors"] && !$0.isSame })
        let client = try #require(try test.person(.client).client)
        try await test.desk.putInForce(digest: terms.digest, client: client, actor: "x")
        try await test.desk.entitle(client: client, name: "warranty", value: "true")
        let view = try await test.log(fields: TestDesk.complete.merging(["kind": "training"]) { $1 })
        #expect(view.ticket.department == "Applications" && view.assignee?.email == "agent@larkfield.example" && view.ticket.tags == ["belt"])
        #expect(view.ticket.coverage == .covered && view.ticket.coverageRule == "W1")
        #expect(try await test.events(view.ticket.ref).map(\.fact.type).contains("routed"))
        await #expect(throws: Refusal.self) { try await test.desk.entitle(client: client, name: "warranty", value: "perhaps") }
    }
}
