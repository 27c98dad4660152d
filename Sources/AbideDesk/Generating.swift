import AbideCore
import AbideStore
import Foundation

extension Desk {
    /// Makes `count` tickets more, in different stages, over the last weeks; nobody is told. For measuring.
    ///
    /// Tickets are made in memory, on all cores, while those made before are written.
    package func generate(tickets count: Int, progress: @Sendable (Int) -> Void = { _ in }) async throws {
        let everybody = try await people()
        let contacts = everybody.people.values.filter { !$0.role.isStaff && $0.client != nil }.sorted { $0.id < $1.id }.map { person($0, everybody) }
        let agents = everybody.people.values.filter { $0.role == .agent }.sorted { $0.id < $1.id }.map { person($0, everybody) }
        guard !contacts.isEmpty, !agents.isEmpty else { throw Refusal(.state, "The desk has no contacts and agents yet; start it with --demo once.") }
        let generator = TicketGenerator(now: now(), agreement: currentAgreement(), directory: everybody, contacts: contacts, agents: agents)
        let size = 500
        let batches = stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
        var foreseen = try await db.read { try $0.nextTicketNumberForeseen() }
        var next: Task<[WholeTicket], any Error>? = nil
        for (index, batch) in batches.enumerated() {
            var made = try await (next ?? generator.task(batch, from: foreseen)).value
            let following = foreseen + Int64(batch.count)
            next = index + 1 < batches.count ? generator.task(batches[index + 1], from: following) : nil
            while true {
                let (taken, tickets) = (foreseen, made)
                // Somebody who logged a ticket meanwhile took a number that these tickets have: they are made again with the next ones.
                let first = try await db.write { session in
                    let first = try session.nextTicketNumberForeseen()
                    guard first == taken else { return first }
                    _ = try session.nextTicketNumbers(Int64(tickets.count))
                    try session.insertWhole(tickets)
                    return first
                }
                if first == taken { break }
                next?.cancel()
                next = nil
                foreseen = first
                made = try await generator.task(batch, from: foreseen).value
            }
            foreseen += Int64(batch.count)
            progress(batch.upperBound)
        }
    }
}

/// Makes up tickets: a fixed sequence instead of chance, so that the same call makes the same desk.
private struct TicketGenerator: Sendable {
    let now: Instant
    let agreement: Agreement
    let directory: Directory.Content
    let contacts: [Person]
    let agents: [Person]

    private static let things = ["Conveyor", "Reactor 3", "Historian", "Crusher", "Dosing", "Batch report", "Shift book", "Furnace stream", "Weighbridge", "Kiln 2"]
    private static let faults = ["shows no data", "arrives late", "stops at midnight", "drops a tag", "asks to sign in again", "prints in the wrong zone", "loses units", "is blank"]

    /// The tickets of `range` with references from `first`, made in parallel.
    func task(_ range: Range<Int>, from first: Int64) -> Task<[WholeTicket], any Error> {
        Task {
            let parts = 4
            let length = (range.count + parts - 1) / parts
            return try await withThrowingTaskGroup(of: (Int, [WholeTicket]).self) { group in
                for part in 0..<parts {
                    let some = range.dropFirst(part * length).prefix(length)
                    group.addTask { (part, try some.map { try ticket($0, number: TicketNumber(id: first + Int64($0 - range.lowerBound))) }) }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
            }
        }
    }

    private func ticket(_ index: Int, number: TicketNumber) throws -> WholeTicket {
        let dice = UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15 >> 16
        let by = contacts[Int(dice % UInt64(contacts.count))]
        let agent = agents[Int(dice / 7 % UInt64(agents.count))]
        let start = now - Int64(dice / 11 % 86_400 * 20) - 60
        let thing = Self.things[Int(dice / 13 % UInt64(Self.things.count))]
        let fault = Self.faults[Int(dice / 17 % UInt64(Self.faults.count))]
        let fields = [
            "description": "\(thing) \(fault) since this morning. It was fine yesterday.", "environment": "Version 4.2, no change since March.",
            "site": "Plant \(dice % 9 + 1)", "project": thing,
        ]
        let new = Desk.NewTicket(
            subject: "\(thing) \(fault)", urgency: Int(dice / 19 % 3) + 2, fields: fields, machine: [], channel: .portal, contact: by, contactAddress: nil, by: by.actor, body: nil)
        var life = Life(ticket: Ticket(number: number, registeredAt: start, agreement), agreement: agreement)
        try life.add(Desk.registration(new, directory, at: start, agreement), at: start)
        let stage = dice / 23 % 10
        try life.add(life.ticket.assign(to: (agent.id, agent.name), department: life.ticket.department, by: agent, at: start + 300, agreement), at: start + 300)
        if stage > 2 { try life.add(life.ticket.answer("I am looking at it.", visibility: .public, channel: .portal, by: agent, at: start + 900, agreement), at: start + 900) }
        if stage == 6 { try life.add(life.ticket.suspend(reason: agreement.terms.suspensionReasons.first?.name, note: nil, since: nil, by: agent, at: start + 1800, agreement), at: start + 1800) }
        if stage > 6 { try life.add(life.ticket.resolve("It is corrected; would you check?", fields: [:], channel: .portal, by: agent, at: start + 3600, agreement), at: start + 3600) }
        if stage > 8 { try life.add([Draft(.closed, start + 7200, by.actor)], at: start + 7200) }
        if stage <= 6 { try life.add(life.ticket.fallenDue(at: now, agreement), at: now) }
        return try life.whole()
    }

    /// A ticket that is lived through in memory.
    private struct Life {
        var ticket: Ticket
        let agreement: Agreement
        var events: [NewEvent] = []
        var messages: [StoredMessage] = []

        init(ticket: Ticket, agreement: Agreement) {
            self.ticket = ticket
            self.agreement = agreement
        }

        mutating func add(_ drafts: [Draft], at now: Instant) throws {
            for draft in drafts {
                let event = draft.event(number: ticket.head + 1, recordedAt: now)
                ticket.apply(event, agreement)
                if let message = Desk.message(of: event, ticket: ticket.id) { messages.append(message) }
            }
            events += try Desk.encoded(drafts, at: now)
        }

        func whole() throws -> WholeTicket {
            WholeTicket(try Desk.record(of: ticket, agreement, headHash: ""), events: events, messages: messages, timers: Desk.timers(of: ticket, agreement))
        }
    }
}
