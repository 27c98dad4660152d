import AbideCore
import AbideStore
import Foundation
import Logging

extension Desk {
    /// The shape of what stands in a ticket's row and how it is folded; raised whenever either changes.
    private static let projection = "5"

    /// Folds every ticket anew from its log where an earlier version of the program wrote the rows. What is derived is no truth: it can be
    /// made again at any time.
    func rebuildWhereOld() async throws {
        let known = try await db.read { try $0.meta("projection") }
        guard known != Self.projection else { return }
        let count = try await rebuild()
        try await db.write { try $0.setMeta("projection", Self.projection) }
        if count > 0 { logger.notice("the rows of all tickets were folded anew from their logs", metadata: ["tickets": "\(count)"]) }
    }

    /// - Returns: how many tickets.
    private func rebuild() async throws -> Int {
        let ids = try await db.read { try $0.run("SELECT id FROM ticket ORDER BY id", []).map { $0.int64(0) } }
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = Array(ids[start..<min(start + 500, ids.count)])
            try await db.write { session in
                let decoder = JSONDecoder()
                for id in part {
                    let stored = try session.events(of: id)
                    let events = try stored.map { try self.decoded($0, decoder).event }
                    guard case .registered(_, _, _, _, let digest, _, _)? = events.first?.fact, let row = try session.ticket(id: id) else { continue }
                    let agreement = try self.agreement(digest: digest)
                    guard let ticket = Ticket(id: id, ref: row.ref, events: events, agreement: agreement) else { continue }
                    try session.updateTicket(try Self.record(of: ticket, agreement, headHash: stored.last?.hash ?? ""))
                    try session.setTimers(ticket: id, ticket.timers(agreement).map {
                        TicketTimer(ticket: id, kind: $0.kind.rawValue, clock: $0.clock?.rawValue ?? "", rung: $0.rung, cycle: $0.cycle, dueAt: $0.dueAt)
                    })
                    if !ticket.tasks.isEmpty { try session.setOpenTasks(ticket: id, ticket.openTasks) }
                }
            }
        }
        return ids.count
    }
}
