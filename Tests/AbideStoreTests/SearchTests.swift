import AbideCore
@testable import AbideStore
import AbideTestKit
import Testing

@Suite("Full-text search")
struct SearchTests {
    let database: any Database
    let desk: SmallDesk

    /// Three tickets: 1001 speaks of the historian in its subject, 1002 in a message and a file's name, 1003 only in an internal note.
    init() async throws {
        database = try TestStore.open()
        desk = try await database.write { session in
            let desk = try SmallDesk(in: session)
            let words: [(String, [(String, String)], String?)] = [
                ("Historian backfill stops", [("public", "Since midnight nothing arrives from Müller's plant.")], nil),
                ("Trend page is blank", [("public", "The historian answers slowly. See the file.")], "Größenübersicht_pit-4.xlsx"),
                ("Conveyor alarms", [("public", "Alarms come late."), ("internal", "Smells like the historian again")], nil),
            ]
            for (index, (subject, messages, file)) in words.enumerated() {
                let id = Int64(1001 + index)
                var ticket = desk.ticket(id, status: index == 1 ? "closed" : "open", due: noon + Int64(index))
                ticket.subject = subject
                try session.appendEvents(ticket: id, expectedHead: 0, events: [event("registered", texts: ["subject": subject, "field.site": "Sierra Alta"])])
                try session.insertTicket(ticket)
                for (visibility, body) in messages {
                    let message = try session.insertMessage(StoredMessage(
                        ticket: id, number: 1, visibility: visibility, authorKind: "staff", author: nil, authorName: "", at: noon, channel: "email", body: body))
                    if let file { try session.insertAttachment(ticket: id, message: message, name: file, type: "x/y", content: [1], inline: false, at: noon) }
                }
            }
            return desk
        }
        #expect(try await database.write { try $0.indexForSearch() } == 3)
        #expect(try await database.read { try !$0.hasUnsearched() })
    }

    private func found(_ text: String, _ sort: TicketSort = .relevance, open: Bool? = nil, shownOnly: Bool = false, client: Int64? = nil) async throws -> [Int64] {
        var filter = TicketFilter(open: open, client: client, text: text)
        filter.shownOnly = shownOnly
        return try await database.read { [filter] in try $0.tickets(filter, sort: sort).items.map(\.id) }
    }

    @Test("Subject, messages, fields and names of files are searched; the subject counts most; all words must be there, or their beginnings")
    func words() async throws {
        #expect(try await found("HISTORIAN").first == 1001)
        #expect(Set(try await found("historian")) == [1001, 1002, 1003])
        #expect(try await found("hist back") == [1001])
        #expect(try await found("muller") == [1001])
        #expect(try await found("GRÖSSENÜBERSICHT".lowercased().replacing("ss", with: "ß")) == [1002])
        #expect(try await found("pit 4") == [1002])
        #expect(Set(try await found("sierra")) == [1001, 1002, 1003])
        #expect(try await found("abd-1003") == [1003])
        #expect(try await found("storian").isEmpty)
        for nothing in ["'", "\"", "% * :", "-"] { #expect(try await found(nothing).isEmpty, "\(nothing)") }
        for odd in ["a'b", "\"x", "NEAR(", "hist* AND", "x:y", "{words_kept}: hist", "संयुक्त", "日本語", "!a | b & c"] { _ = try await found(odd) }
    }

    @Test("A client's reader finds nothing by the words of staff")
    func internalWords() async throws {
        #expect(Set(try await found("historian", shownOnly: true)) == [1001, 1002])
        #expect(try await found("smells", shownOnly: true).isEmpty)
        #expect(try await found("smells") == [1003])
    }

    @Test("Conditions hold in the store, before pages are cut, in every order")
    func conditions() async throws {
        #expect(try await found("historian", .due, open: true) == [1001, 1003])
        #expect(try await found("historian", .due) == [1001, 1003, 1002])
        #expect(try await found("historian", client: 99).isEmpty)
        for sort in TicketSort.allCases {
            var seen: [Int64] = []
            var cursor: String?
            repeat {
                let from = cursor
                let page = try await database.read { try $0.tickets(TicketFilter(open: nil, text: "historian"), sort: sort, limit: 1, cursor: from) }
                seen += page.items.map(\.id)
                cursor = page.next
            } while cursor != nil && seen.count < 9
            #expect(seen.count == 3 && Set(seen).count == 3, "\(sort) \(seen)")
        }
    }

    @Test("A word that stands in thousands of tickets is taken whole, newest first, page after page; where that fills no page its beginnings are found too")
    func everywhere() async throws {
        let desk = desk, common = TicketQuery.looksAt + 5
        let other = try await database.write { session in
            let other = try session.createClient(StoredClient(name: "Harbor", zone: "America/Chicago", subscriptionUntil: nil, managedHosting: false, shareTickets: true, createdAt: noon))
            for id in 2001...Int64(2000 + common + 3) {
                var ticket = desk.ticket(id, due: noon + id)
                let isWhole = id <= 2000 + Int64(common)
                // The last but one of the common ones, and one whose word only begins so, are another client's.
                if id == 1999 + Int64(common) || id == 2001 + Int64(common) { ticket.client = other.id }
                ticket.subject = isWhole ? "The kiln stops" : "The kilns stop"
                try session.insertTicket(ticket)
                try session.put(session.dialect.search.put, [.integer(id), .text(ticket.subject.lowercased()), "", ""])
            }
            return other
        }
        var seen: [Int64] = [], cursor: String?
        repeat {
            let from = cursor
            let page = try await database.read { try $0.tickets(TicketFilter(text: "kiln"), sort: .relevance, limit: 900, cursor: from) }
            seen += page.items.map(\.id)
            cursor = page.next
        } while cursor != nil && seen.count < 9_000
        #expect(seen == Array((2006...2000 + Int64(common)).reversed()))
        let last = 2000 + Int64(common)
        #expect(Set(try await found("kiln", client: other.id)) == [last - 1, last + 1])
        #expect(try await found("kilns").count == 3)
    }

    @Test("Words that are erased are no longer found, new ones are")
    func changes() async throws {
        try await database.write { session in
            try session.run("UPDATE message SET body = '' WHERE ticket = 1001")
            try session.eraseText(ticket: 1001, number: 1)
            try session.appendEvents(ticket: 1003, expectedHead: 1, events: [event("messageAdded", texts: ["body": "x"])])
            try session.insertMessage(StoredMessage(
                ticket: 1003, number: 2, visibility: "public", authorKind: "staff", author: nil, authorName: "", at: noon, channel: "email", body: "Replaced the gearbox"))
            try session.indexForSearch()
        }
        #expect(try await found("midnight").isEmpty)
        #expect(Set(try await found("sierra")) == [1002, 1003])
        #expect(try await found("gearbox") == [1003])
    }

    @Test("A search goes through the index of words")
    func plan() async throws {
        let plan = try await database.read { session in
            let query = try TicketQuery(TicketFilter(open: nil, text: "historian"), sort: .relevance, limit: 50, cursor: nil, whole: false, search: session.dialect.search)
            return try TestStore.plan(session, query.sql, query.values)
        }
        #expect(plan.contains { $0.contains("VIRTUAL TABLE INDEX") || $0.contains("ticket_words") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN ticket") && !$0.contains("VIRTUAL TABLE") || $0.contains("Seq Scan on ticket ") }, "\(plan)")
    }
}
