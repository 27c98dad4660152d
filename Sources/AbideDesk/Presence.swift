package import AbideCore
import AbideStore
import Foundation
import Synchronization

/// Somebody of the staff who has a ticket's page open.
package struct Present: Sendable, Hashable {
    package var person: Int64
    package var name: String
    package var isTyping: Bool
}

/// Who has which ticket open and who writes on it, on all nodes. Kept in memory alone: nobody needs it a minute later.
package final class PresenceHub: Sendable {
    private struct Seat: Sendable {
        var person: Int64
        /// Of another node: until when it is believed without being said again.
        var until: Instant?
    }

    private struct State {
        /// By ticket, then by open page, or by node and person.
        var seats: [Int64: [String: Seat]] = [:]
        /// By ticket and person.
        var typing: [Int64: [Int64: Instant]] = [:]
        var readers: [UUID: (ticket: Int64, tell: AsyncStream<Void>.Continuation)] = [:]
    }

    /// Seconds for which a key stroke counts, and for which another node's word does.
    private static let (typingSeconds, believedSeconds): (Int64, Int64) = (6, 45)
    private let state = Mutex(State())

    package init() {}

    /// Told whenever something about this ticket's readers changes.
    package func subscribe(_ ticket: Int64) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        state.withLock { $0.readers[id] = (ticket, continuation) }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.readers.removeValue(forKey: id) } }
        return stream
    }

    /// - Parameter page: nil on another node, whose name is `node`.
    func sit(_ ticket: Int64, _ person: Int64, page: String, until: Instant? = nil) {
        let isNew = state.withLock { state in state.seats[ticket, default: [:]].updateValue(Seat(person: person, until: until), forKey: page) == nil }
        if isNew { tell(ticket) }
    }

    func leave(_ ticket: Int64, page: String) {
        state.withLock { state in
            state.seats[ticket]?[page] = nil
            if state.seats[ticket]?.isEmpty ?? false { state.seats[ticket] = nil }
        }
        tell(ticket)
    }

    func type(_ ticket: Int64, _ person: Int64, at now: Instant) {
        state.withLock { state in
            state.typing[ticket] = (state.typing[ticket] ?? [:]).filter { $0.value > now }
            state.typing[ticket]?[person] = now + Self.typingSeconds
            if state.typing.count > 4096 { state.typing.removeAll() }
        }
        tell(ticket)
    }

    func stopTyping(_ ticket: Int64, _ person: Int64) {
        state.withLock { state in
            state.typing[ticket]?[person] = nil
            if state.typing[ticket]?.isEmpty ?? false { state.typing[ticket] = nil }
        }
        tell(ticket)
    }

    static func believed(at now: Instant) -> Instant { now + believedSeconds }

    /// Who is there, each once, and whether they type: in the order of their numbers.
    func present(_ ticket: Int64, but person: Int64, at now: Instant) -> [(person: Int64, isTyping: Bool)] {
        state.withLock { state in
            let seats = (state.seats[ticket] ?? [:]).filter { $0.value.until.map { $0 > now } ?? true }
            if seats.count != state.seats[ticket]?.count ?? 0 { state.seats[ticket] = seats.isEmpty ? nil : seats }
            let typing = state.typing[ticket] ?? [:]
            return Set(seats.values.map(\.person)).subtracting([person]).sorted().map { ($0, typing[$0].map { $0 > now } ?? false) }
        }
    }

    private func tell(_ ticket: Int64) {
        for reader in state.withLock({ state in state.readers.values.filter { $0.ticket == ticket }.map(\.tell) }) { reader.yield() }
    }
}

extension Desk {
    /// Whom staff find on a ticket besides themselves.
    package func present(_ ticket: Int64, for person: Person) async -> [Present] {
        let found = presence.present(ticket, but: person.id, at: now())
        guard !found.isEmpty, let people = try? await people().people else { return [] }
        return found.compactMap { one in people[one.person].map { Present(person: one.person, name: $0.name, isTyping: one.isTyping) } }
    }

    /// A page of a ticket was opened, or still is.
    package func sit(_ ticket: Int64, _ person: Person, page: String) async {
        presence.sit(ticket, person.id, page: page)
        await announce("open", ticket, person)
    }

    package func leave(_ ticket: Int64, _ person: Person, page: String) async {
        presence.leave(ticket, page: page)
        await announce("gone", ticket, person)
    }

    /// - Parameter stops: what was written is sent or gone.
    package func type(on ref: String, by person: Person, stops: Bool = false) async throws {
        let ticket = try await ticket(ref, for: person).ticket.id
        guard person.role.isStaff else { throw Refusal.role(person.role, may: "Staff see who writes.") }
        if stops { presence.stopTyping(ticket, person.id) } else { presence.type(ticket, person.id, at: now()) }
        await announce(stops ? "stops" : "types", ticket, person)
    }

    private func announce(_ what: String, _ ticket: Int64, _ person: Person) async {
        // A desk that shares its store shares its time as well.
        guard db.now() != nil else { return }
        try? await db.write { try $0.announce("here \(ticket) \(person.id) \(what) \(self.node)") }
    }

    /// What another node says of its readers.
    func hearPresence(_ parts: [Substring]) {
        guard parts.count == 5, let ticket = Int64(parts[1]), let person = Int64(parts[2]) else { return }
        let page = "\(parts[4]) \(person)", now = now()
        switch parts[3] {
        case "open": presence.sit(ticket, person, page: page, until: PresenceHub.believed(at: now))
        case "gone": presence.leave(ticket, page: page)
        case "types": presence.type(ticket, person, at: now)
        case "stops": presence.stopTyping(ticket, person)
        default: break
        }
    }
}
