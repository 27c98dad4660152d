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
    /// Stores tickets with their lives. Their numbers were taken in this transaction (`nextTicketNumbers`).
    package func insertWhole(_ tickets: [WholeTicket]) throws {
        guard !tickets.isEmpty else { return }
        try insertEvents(tickets.flatMap(\.events))
        try insertMessages(tickets.flatMap(\.messages))
        try insertTickets(tickets.map(\.record))
        try insertTimers(tickets.flatMap(\.timers))
    }
}
