import AbideCore
@testable import AbideStore
import AbideTestKit
import Testing

@Suite("Lists of tickets")
struct TicketListTests {
    let database: any Database
    let desk: SmallDesk
    let tickets: [TicketRecord]

    init() async throws {
        database = try TestStore.open()
        (desk, tickets) = try await database.write { session in
            let desk = try SmallDesk(in: session)
            let other = try session.createClient(
                StoredClient(name: "Kestrel Foods", zone: "Europe/London", subscriptionUntil: nil, managedHosting: false, shareTickets: false, createdAt: noon))
            let statuses = ["open", "awaitingClient", "registered", "resolved", "closed"]
            let tickets = (0..<60).map { (index: Int) in
                var ticket = desk.ticket(
                    Int64(1001 + index), status: statuses[index % 5], group: index % 3, due: index % 4 == 0 ? nil : noon + Int64(index * 7919 % 13),
                    logged: index % 6 == 0 ? nil : noon + Int64(index * 31 % 17))
                ticket.assignee = index % 7 == 0 ? desk.agent.id : nil
                ticket.department = index % 2 == 0 ? "Support" : "Process data"
                ticket.escalated = index % 9 == 0 ? 2 : 0
                if index % 8 == 0 { ticket.client = other.id }
                ticket.severity = index % 11 == 0 ? nil : 1 + index % 4
                ticket.updatedAt = noon + Int64(index * 13 % 11)
                return ticket
            }
            for ticket in tickets { try session.insertTicket(ticket) }
            return (desk, tickets)
        }
    }

    /// What the order must be, by other means than SQL.
    private func inOrder(_ sort: TicketSort, _ tickets: [TicketRecord]) -> [Int64] {
        func due(_ ticket: TicketRecord) -> (Int64, Int64, Int64) { (Int64(ticket.groupRank), ticket.due?.seconds ?? .max, ticket.id) }
        func precedes(_ sort: TicketSort, _ a: TicketRecord, _ b: TicketRecord) -> Bool {
            switch sort {
            case .due: return (a.status == "closed" ? 1 : 0, due(a).0, due(a).1, due(a).2) < (b.status == "closed" ? 1 : 0, due(b).0, due(b).1, due(b).2)
            case .logged: return ((a.loggedAt ?? a.registeredAt).seconds, a.id) > ((b.loggedAt ?? b.registeredAt).seconds, b.id)
            case .updated, .relevance: return (a.updatedAt.seconds, a.id) > (b.updatedAt.seconds, b.id)
            case .severity: return (a.severity ?? 9, due(a).0, due(a).1, due(a).2) < (b.severity ?? 9, due(b).0, due(b).1, due(b).2)
            case .client: return (a.client == desk.client.id ? 1 : 0, due(a).0, due(a).1, due(a).2) < (b.client == desk.client.id ? 1 : 0, due(b).0, due(b).1, due(b).2)
            case .dueReversed: return precedes(.due, b, a)
            case .loggedReversed: return precedes(.logged, b, a)
            case .updatedReversed: return precedes(.updated, b, a)
            case .severityReversed: return precedes(.severity, b, a)
            case .clientReversed: return precedes(.client, b, a)
            }
        }
        return tickets.sorted { precedes(sort, $0, $1) }.map(\.id)
    }

    @Test("Pages follow each other without a gap or a double, in every order, open or all", arguments: TicketSort.allCases, [true, false, nil])
    func paging(sort: TicketSort, open: Bool?) async throws {
        var seen: [Int64] = []
        var cursor: String?
        repeat {
            let from = cursor
            let page = try await database.read { try $0.tickets(TicketFilter(open: open), sort: sort, limit: 7, cursor: from) }
            #expect(page.items.count <= 7)
            seen += page.items.map(\.id)
            cursor = page.next
        } while cursor != nil && seen.count <= tickets.count
        #expect(seen == inOrder(sort, tickets.filter { open == nil || ($0.status != "closed") == open }))
    }

    @Test("Each condition narrows the list to those that meet it")
    func filters() async throws {
        let agent = desk.agent.id
        let client = desk.client.id
        let cases: [(TicketFilter, (TicketRecord) -> Bool)] = [
            (TicketFilter(open: nil, statuses: ["resolved", "closed"]), { ["resolved", "closed"].contains($0.status) }),
            (TicketFilter(open: nil, client: client, departments: ["Support"]), { $0.client == client && $0.department == "Support" }),
            (TicketFilter(assignee: agent), { $0.assignee == agent && $0.status != "closed" }),
            (TicketFilter(open: nil, unassigned: true), { $0.assignee == nil }),
            (TicketFilter(open: nil, groups: [1], escalated: true), { $0.groupRank == 1 && $0.escalated > 0 }),
            (TicketFilter(open: nil, dueBefore: noon + 5), { $0.due.map { $0 < noon + 5 } ?? false }),
            (TicketFilter(open: nil, text: "%"), { _ in false }),
            (TicketFilter(open: nil, severities: [1]), { $0.severity == 1 }),
        ]
        for (filter, fits) in cases {
            let page = try await database.read { try $0.tickets(filter, limit: 200) }
            #expect(page.items.map(\.id) == inOrder(.due, tickets.filter(fits)), "\(filter)")
            if filter.text == nil {
                let count = tickets.count(where: fits)
                #expect(try await database.read { try $0.countTickets(filter, most: 1000) } == count, "\(filter)")
                #expect(try await database.read { try $0.countTickets(filter, most: 3) } == min(count, 3), "\(filter)")
            }
            #expect(page.next == nil)
        }
    }

    @Test("A cursor of another order, or of nobody, is refused", arguments: ["x", "", "ZHVlIDE", "LWxvZ2dlZCAxIDI", String(repeating: "A", count: 500)])
    func wrongCursor(cursor: String) async throws {
        await #expect(throws: InvalidCursor.self) { try await database.read { try $0.tickets(sort: .due, cursor: cursor) } }
    }

    @Test("The counts beside the list are those of the list, after inserts, moves and closings")
    func counts() async throws {
        func check() async throws {
            let counts = try await database.read { try $0.ticketCounts() }
            let open = try await database.read { try $0.listedTickets($0.tickets(limit: 200).items.map(\.id)) }
            #expect(counts.total() == open.count)
            #expect(counts.unassigned == open.filter { $0.assignee == nil }.count)
            #expect(counts.mine(desk.agent.id) == open.filter { $0.assignee == desk.agent.id }.count)
            #expect(counts.awaitingClient == open.filter { $0.status == "awaitingClient" }.count)
            #expect(counts.escalated == open.filter { $0.escalated > 0 }.count)
            #expect(counts.department("Support") == open.filter { $0.department == "Support" }.count)
            let own = try await database.read { [client = desk.client.id] in try $0.ticketCounts(client: client) }
            #expect(own.total() == open.filter { $0.client == desk.client.id }.count)
        }
        try await check()
        try await database.write { [tickets, agent = desk.agent.id] session in
            for (index, ticket) in tickets.enumerated() {
                var changed = ticket
                changed.assignee = index % 3 == 0 ? agent : nil
                changed.status = index % 4 == 0 ? "closed" : "open"
                changed.escalated = index % 2
                try session.updateTicket(changed)
            }
        }
        try await check()
    }

    @Test("A ticket comes back as it was stored, by id and by reference in any case")
    func roundTrip() async throws {
        let stored = try await database.read { session in (try session.ticket(id: 1002), try session.ticket(ref: "abd-1002")) }
        #expect(stored.0 == tickets[1])
        #expect(stored.1 == tickets[1])
        #expect(try await database.read { try $0.ticket(ref: "ABD-9") } == nil)
        await #expect(throws: Conflict.self) { try await database.write { [desk] in try $0.updateTicket(desk.ticket(5)) } }
    }

    @Test("References begin at ABD-1001 and leave no gap when a write is rolled back")
    func references() async throws {
        let database = try TestStore.open()
        #expect(try await database.write { try $0.nextTicketNumber() } == TicketNumber(id: 1001))
        try? await database.write { session in
            _ = try session.nextTicketNumber()
            throw Broken()
        }
        #expect(try await database.write { try $0.nextTicketNumber().ref } == "ABD-1002")
    }

    @Test(
        "Lists by what is promised next come straight from an index: no scan of the tickets, no sorting",
        arguments: [
            TicketFilter(), TicketFilter(client: 1), TicketFilter(assignee: 3), TicketFilter(departments: ["Support"]), TicketFilter(open: nil),
        ])
    func plans(filter: TicketFilter) async throws {
        let cursor = try await database.read { try $0.tickets(limit: 5).next }
        for cursor in filter.open == nil ? [nil] : [nil, cursor] {
            let plan = try await database.read { session in
                let query = try TicketQuery(filter, sort: .due, limit: 50, cursor: cursor, whole: false, search: session.dialect.search)
                return try TestStore.plan(session, query.sql, query.values)
            }
            #expect(plan.contains { $0.contains("ticket_") }, "\(plan)")
            #expect(!plan.contains { $0.contains("B-TREE") || $0.contains("Sort") || $0.hasPrefix("SCAN ticket ") && !$0.contains("INDEX") || $0.contains("Seq Scan") }, "\(plan)")
        }
    }
}
