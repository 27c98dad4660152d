import AbideCore

/// A ticket with its whole life, made outside of the store: chained and ready to be written at once.
package struct WholeTicket: Sendable {
    let record: TicketRecord
    let events: [ChainedEvent]
    let messages: [StoredMessage]
    let timers: [TicketTimer]

    /// - Parameter record: its `headHash` is filled in here.
    package init(_ record: TicketRecord, events: [NewEvent], messages: [StoredMessage], timers: [TicketTimer]) {
        self.events = EventChain.link(events, ticket: record.id, after: 0, hash: "")
        var record = record
        record.headHash = self.events.last?.event.hash ?? ""
        self.record = record
        self.messages = messages
        self.timers = timers
    }
}

extension Session {
    /// Stores tickets with their lives. Their numbers were taken in this transaction (`nextTicketNumbers`): no row is there before.
    package func insertWhole(_ tickets: [WholeTicket]) throws {
        guard !tickets.isEmpty else { return }
        let events = tickets.flatMap(\.events)
        try load("ticket_event", ChainedEvent.columns, events.map(\.values))
        try load("ticket_text", ChainedEvent.textColumns, events.flatMap(\.textValues))
        try load("search_queue", "ticket", tickets.map { [.integer($0.record.id)] })
        try load("message", StoredMessage.columns, tickets.flatMap(\.messages).map(\.values))
        try load("ticket", TicketRecord.storedColumns, tickets.map { $0.record.values })
        try countNew(tickets.map(\.record))
        try load("timer", TicketTimer.columns, tickets.flatMap { ticket in
            // Of two with one key the later holds, as it does where they are set one by one.
            Dictionary(ticket.timers.map { ([$0.kind, $0.clock, String($0.rung), String($0.cycle)], $0) }) { $1 }.values.map(\.values)
        })
    }
}
