import AbideCore
import AbideStore
import AbideTestKit
import Testing

@Suite("People and how they sign in")
struct PeopleTests {
    let database: any Database
    let desk: SmallDesk

    init() async throws {
        database = try TestStore.open()
        desk = try await database.write { try SmallDesk(in: $0) }
    }

    @Test("An address is found in any case of letters, and given once")
    func addresses() async throws {
        #expect(try await database.read { try $0.person(email: "GARY@northfield.EXAMPLE") } == desk.contact)
        await #expect(throws: Duplicate(kind: "person", name: "maya@desk.example")) {
            try await database.write {
                try $0.createPerson(StoredPerson(email: "MAYA@desk.example", name: "Other", role: .client, client: nil, createdAt: noon))
            }
        }
        await #expect(throws: Duplicate(kind: "client", name: "Northfield Mining")) {
            try await database.write { [client = desk.client] in try $0.createClient(client) }
        }
    }

    @Test("A change of a person and of a client stays")
    func changes() async throws {
        var agent = desk.agent
        agent.role = .departmentLead
        agent.passwordHash = "scrypt$x"
        var client = desk.client
        client.subscriptionUntil = noon + 5
        let (storedAgent, storedClient) = try await database.write { [agent, client] session in
            try session.updatePerson(agent)
            try session.updateClient(client)
            return (try session.person(id: agent.id), try session.client(id: client.id))
        }
        #expect(storedAgent == agent)
        #expect(storedClient == client)
        #expect(try await database.read { try $0.people(role: .departmentLead).map(\.name) } == ["Maya"])
    }

    @Test("A session ends with its time, with its person, or with sign-out; its secret is nowhere in the store")
    func sessions() async throws {
        let agent = desk.agent
        try await database.write { session in
            try session.insertWebSession(secret: "s1", person: agent.id, csrf: "c", createdAt: noon, expiresAt: noon + 60)
            try session.insertToken(secret: "t1", person: agent.id, label: "script", createdAt: noon, expiresAt: noon + 60)
        }
        #expect(try await database.read { try $0.webSession(secret: "s1", at: noon)?.person } == agent)
        #expect(try await database.read { try $0.person(token: "t1", at: noon) } == agent)
        #expect(try await database.read { try $0.webSession(secret: "t1", at: noon) } == nil)
        #expect(try await database.read { try $0.webSession(secret: "s1", at: noon + 60) } == nil)
        #expect(try await database.read { try $0.person(token: "t1", at: noon + 60) } == nil)
        let kept = try await database.read { try $0.run("SELECT hash FROM session UNION ALL SELECT hash FROM token").map { $0.text(0) } }
        #expect(kept == [Secret.hash("s1"), Secret.hash("t1")])
        try await database.write { session in
            var disabled = agent
            disabled.disabled = true
            try session.updatePerson(disabled)
        }
        #expect(try await database.read { try $0.webSession(secret: "s1", at: noon) } == nil)
        #expect(try await database.read { try $0.person(token: "t1", at: noon) } == nil)
    }

    @Test("A version keeps its text and the files it is made of; who has it in force, and who accepted it, stands beside it")
    func agreements() async throws {
        @Sendable func version(_ digest: String, _ from: Int64) -> AgreementVersion {
            AgreementVersion(digest: digest, name: "Standard", version: digest, yaml: "y-\(digest)-\(from)", sources: ["base.yaml": "b-\(from)"], storedAt: noon + from)
        }
        let client = desk.client.id
        let entry = AgreementInForce(client: client, digest: "b", effectiveFrom: noon + 9, recordedAt: noon, actor: "Ana")
        try await database.write { session in
            for (digest, from): (String, Int64) in [("a", 1), ("b", 2), ("a", 3)] { try session.putAgreement(version(digest, from)) }
            try session.putInForce(entry)
            #expect(try session.putAcceptance(AgreementAcceptance(digest: "b", client: client, person: 1, personName: "Ben", acceptedAt: noon)))
            #expect(try !session.putAcceptance(AgreementAcceptance(digest: "b", client: client, person: 2, personName: "Eva", acceptedAt: noon + 1)))
            try session.putEntitlement(client: client, name: "warranty", value: "false")
            try session.putEntitlement(client: client, name: "warranty", value: "true")
        }
        let (versions, inForce, accepted, entitled) = try await database.read { session in
            (try session.agreements(), try session.agreementsInForce(), try session.acceptances(client: client), try session.entitlements())
        }
        #expect(versions == [version("a", 1), version("b", 2)])
        var stored = entry
        stored.id = inForce.last?.id ?? 0
        #expect(inForce == [stored] && accepted.map(\.personName) == ["Ben"] && entitled == [client: ["warranty": "true"]])
    }

    @Test("A report reads each ticket that may count in its period, and no other")
    func histories() async throws {
        try await database.write { [desk] session in
            for (id, status, registered, updated): (Int64, String, Int64, Int64) in [
                (1, "open", 0, 5), (2, "closed", 0, 5), (3, "closed", 0, 150), (4, "open", 150, 250), (5, "open", 200, 200),
            ] {
                var ticket = desk.ticket(id, status: status)
                ticket.registeredAt = noon + registered
                ticket.updatedAt = noon + updated
                try session.insertTicket(ticket)
                try session.appendEvents(ticket: id, expectedHead: 0, events: [event("registered"), event("messageAdded", texts: ["body": "x"])])
            }
        }
        let read = try await database.read { [client = desk.client.id] session in
            var read: [Int64: Int] = [:]
            try session.eachHistory(client: client, from: noon + 100, to: noon + 200) { read[$0.id] = $1.count }
            return read
        }
        #expect(read == [1: 2, 3: 2, 4: 2])
    }
}
