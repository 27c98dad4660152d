package import AbideCore
import AbideStore
import Foundation

/// What waits for somebody in particular.
package struct WaitingItem: Sendable {
    package enum What: Sendable, Hashable {
        /// On the service manager's list since the notice ran out (N2).
        case closing(since: Instant)
        /// The notice runs; it will be listed at this instant.
        case notice(until: Instant?)
        /// Unanswered (D3).
        case complaint(since: Instant)
    }
    package var ref: String
    package var subject: String
    package var client: String
    package var what: What
}

package struct Overview: Sendable {
    /// Open tickets by what is promised next; at most `Desk.overviewLimit`.
    package var rows: [TicketRow]
    package var isWhole: Bool
    package var counts: SidebarCounts
    package var waiting: [WaitingItem]
    package var contactChanges: [(client: Int64, clientName: String, text: String, at: Instant)]
}

extension Desk {
    package static let overviewLimit = 600

    /// Who reads the overview of now: those who work on tickets, those who lead them, and management, which sees no content.
    package static func mayOverview(_ role: Role) -> Bool { role.isStaff && (Permissions.allows(role, .read) || role == .management) }

    package func overview(for person: Person, department: String? = nil) async throws -> Overview {
        guard Self.mayOverview(person.role) else { throw Refusal.role(person.role, may: "Those who work on tickets and management read the overview.") }
        let now = now()
        var filter = TicketFilter()
        filter.open = true
        filter.statuses = ["registered", "open", "awaitingClient"]
        filter.departments = department.map { [$0] } ?? []
        let agreements = { @Sendable [self] (digest: String) throws -> Agreement in try agreement(digest: digest) }
        return try await db.read { [filter] session in
            let directory = try self.directory.content(session, now: now)
            var rows: [TicketRow] = []
            var cursor: String?
            repeat {
                let page = try session.tickets(filter, sort: .due, limit: 200, cursor: cursor)
                rows += try self.rowCache.rows(page.items, directory) { ids in try session.listedTickets(ids).map { try Self.row($0, directory, agreements) } }
                cursor = page.next
            } while cursor != nil && rows.count < Self.overviewLimit
            let counts = try session.ticketCounts(client: nil)
            var waiting: [WaitingItem] = []
            // The projection's state is asked for what few tickets have; what is found is then read as it is.
            for found in try session.tickets(stateHas: ["\"listed\":", "\"complaints\":[{"], limit: 200) {
                let ticket = try self.cache.ticket(found)
                let client = ticket.client.flatMap { directory.clients[$0]?.name } ?? ""
                if ticket.phase != .closed, let closing = ticket.closing {
                    let until = ticket.closableAt(try self.agreement(digest: ticket.agreement))
                    waiting.append(WaitingItem(ref: ticket.ref, subject: ticket.subject, client: client, what: closing.listed ? .closing(since: until ?? closing.noticedAt) : .notice(until: until)))
                }
                for complaint in ticket.complaints where complaint.answeredAt == nil {
                    waiting.append(WaitingItem(ref: ticket.ref, subject: ticket.subject, client: client, what: .complaint(since: complaint.at)))
                }
            }
            let changes = try session.contactChanges(limit: 20).filter { $0.undoneAt == nil && now - $0.at < Self.undoSeconds }.map { change in
                (
                    client: change.client, clientName: directory.clients[change.client]?.name ?? "",
                    text: "\(change.successor.flatMap { directory.people[$0]?.name } ?? "Nobody") is the \(change.role.words), named by \(change.actorName)", at: change.at
                )
            }
            return Overview(rows: rows, isWhole: cursor == nil, counts: Self.sidebar(counts, directory, person), waiting: waiting, contactChanges: changes)
        }
    }
}
