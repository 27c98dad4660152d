import AbideStore
import AbideTestKit
import Testing

@Suite("The event log")
struct EventLogTests {
    let database: any Database

    /// Ticket 1001 with five events, of which the second and fourth carry words.
    init() async throws {
        database = try TestStore.open()
        try await database.write { session in
            let desk = try SmallDesk(in: session)
            let number = try session.nextTicketNumber()
            try session.appendEvents(
                ticket: number.id, expectedHead: 0,
                events: [event("registered", #"{"channel":"email"}"#), event("messageAdded", texts: ["body": "Call me on 555", "subject": "Alarms"])])
            let stored = try session.appendEvents(
                ticket: number.id, expectedHead: 2,
                events: [event("severityAssigned", #"{"severity":2}"#), event("messageAdded", texts: ["body": "Done"]), event("resolved")])
            var ticket = desk.ticket(number.id)
            ticket.head = 5
            ticket.headHash = stored.last?.hash ?? ""
            try session.insertTicket(ticket)
        }
    }

    @Test("Events come back in order, numbered without gaps, each with its words, chained to the one before")
    func order() async throws {
        let events = try await database.read { try $0.events(of: 1001) }
        #expect(events.map(\.number) == [1, 2, 3, 4, 5])
        #expect(events.map(\.type) == ["registered", "messageAdded", "severityAssigned", "messageAdded", "resolved"])
        #expect(events.map(\.texts) == [[:], ["body": "Call me on 555", "subject": "Alarms"], [:], ["body": "Done"], [:]])
        #expect(events.dropFirst().map(\.previousHash) == events.dropLast().map(\.hash))
        #expect(events[0].previousHash.isEmpty)
        #expect(events[2].fact == #"{"severity":2}"#)
        #expect(try await database.read { try $0.events(of: 1001, after: 2, limit: 2) } == Array(events[2...3]))
        #expect(try await database.read { try $0.verifyChain(1001) } == nil)
    }

    @Test("Of two who decided on the same head, the second is told to begin again and writes nothing")
    func conflict() async throws {
        await #expect(throws: Conflict(ticket: 1001, expectedHead: 4)) {
            try await database.write { try $0.appendEvents(ticket: 1001, expectedHead: 4, events: [event("closed")]) }
        }
        await #expect(throws: Conflict(ticket: 1002, expectedHead: 1)) {
            try await database.write { try $0.appendEvents(ticket: 1002, expectedHead: 1, events: [event("closed")]) }
        }
        #expect(try await database.read { try $0.events(of: 1001).count } == 5)
    }

    @Test(
        "Whatever is changed behind the desk's back is found, and where",
        arguments: [
            (#"UPDATE ticket_event SET fact = '{"severity":3}' WHERE number = 3"#, 3, ChainFault.Kind.altered),
            ("UPDATE ticket_event SET occurred_at = occurred_at - 1 WHERE number = 1", 1, .altered),
            ("UPDATE ticket_event SET recorded_at = recorded_at - 1 WHERE number = 5", 5, .altered),
            ("UPDATE ticket_event SET type = 'closed' WHERE number = 5", 5, .altered),
            ("UPDATE ticket_event SET actor = 8 WHERE number = 3", 3, .altered),
            ("UPDATE ticket_event SET actor_kind = 'system' WHERE number = 3", 3, .altered),
            ("UPDATE ticket_text SET text = 'Call me on 556' WHERE number = 2 AND key = 'body'", 2, .textAltered),
            ("UPDATE ticket_text SET digest = 'x' WHERE number = 4", 4, .altered),
            ("UPDATE ticket_text SET key = 'note' WHERE number = 4", 4, .altered),
            ("DELETE FROM ticket_text WHERE number = 4", 4, .altered),
            ("DELETE FROM ticket_event WHERE number = 3", 3, .missing),
            ("DELETE FROM ticket_event WHERE number = 5", 5, .missing),
            ("DELETE FROM ticket_event WHERE number = 1", 1, .missing),
            ("UPDATE ticket_event SET hash = 'x' WHERE number = 3", 3, .altered),
            ("UPDATE ticket_event SET number = 13 - number WHERE number BETWEEN 3 AND 5", 3, .missing),
            ("UPDATE ticket SET head_hash = 'x'", 5, .otherHead),
            ("UPDATE ticket SET head = 4", 5, .otherHead),
        ])
    func tampering(statement: String, number: Int, kind: ChainFault.Kind) async throws {
        // Without the foreign key, which would refuse some of these.
        try await database.write { session in
            try session.run("CREATE TABLE copy_of_text AS SELECT * FROM ticket_text")
            try session.run("DROP TABLE ticket_text")
            try session.run("ALTER TABLE copy_of_text RENAME TO ticket_text")
            try session.run(statement)
        }
        let fault = ChainFault(ticket: 1001, number: number, kind: kind)
        #expect(try await database.read { try $0.verifyChain(1001) } == fault)
        #expect(try await database.read { try $0.verifyAll() } == [fault])
    }

    @Test("A log rewritten with its hashes does not fit the head that the ticket holds")
    func rewritten() async throws {
        try await database.write { session in
            try session.run("DELETE FROM ticket_text")
            try session.run("DELETE FROM ticket_event")
            try session.appendEvents(ticket: 1001, expectedHead: 0, events: (1...5).map { event("registered", "{\"n\":\($0)}") })
        }
        #expect(try await database.read { try $0.verifyChain(1001) } == ChainFault(ticket: 1001, number: 5, kind: .otherHead))
    }

    @Test("Erased words are gone from the tables with their salt, and the chain still verifies")
    func erasure() async throws {
        try await database.write { try $0.eraseText(ticket: 1001, number: 2, key: "body") }
        let events = try await database.read { try $0.events(of: 1001) }
        #expect(events[1].texts == ["subject": "Alarms"])
        #expect(try await database.read { try $0.verifyChain(1001) } == nil)
        let left = try await database.read { try $0.run("SELECT text, salt FROM ticket_text WHERE number = 2 AND key = 'body'")[0] }
        #expect(left.values == [nil, .blob([])])
        try await database.write { try $0.eraseText(ticket: 1001, number: 2) }
        #expect(try await database.read { try $0.events(of: 1001)[1].texts } == [:])
        #expect(try await database.read { try $0.verifyChain(1001) } == nil)
    }

    @Test("The same words twice have different digests: they can't be recognised by them")
    func salted() async throws {
        try await database.write { session in
            _ = try session.appendEvents(ticket: 1001, expectedHead: 5, events: [event("messageAdded", texts: ["body": "Done"])])
        }
        let digests = try await database.read { try $0.run("SELECT DISTINCT digest FROM ticket_text WHERE text = 'Done'").count }
        #expect(digests == 2)
    }
}
