package import AbideCore
import AbideStore
import Foundation

/// The internal targets: how long departments hold tickets. For staff alone.
extension Desk {
    private static func permit(_ person: Person, _ act: Act) throws(Refusal) {
        guard person.role.isStaff, Permissions.allows(person.role, act) else { throw .role(person.role, may: "Staff read how long departments hold tickets.") }
    }

    package func holds(_ ref: String, for person: Person) async throws -> [DepartmentHold] {
        try Self.permit(person, .readInternal)
        let now = now()
        return try await db.read { session in
            guard let record = try session.ticket(ref: ref) else { throw Refusal.unknownTicket }
            let ticket = try self.cache.ticket(record)
            return DepartmentHolds.read(try self.log(session, ticket).map(\.event), try self.agreement(digest: ticket.agreement, session), at: now)
        }
    }

    /// The stays in each department of the tickets that were registered in a period, in the desk's zone.
    package func departmentFigures(from: LocalDate, to: LocalDate, for person: Person) async throws -> [DepartmentFigures] {
        try Self.permit(person, .readReports)
        if to < from { throw Refusal.input("to", "This is before the first day.") }
        let (start, end, now) = (deskZone.start(of: from), deskZone.start(of: to.next), now())
        return try await db.read { session in
            let decoder = JSONDecoder()
            var all: [String: DepartmentFigures] = [:]
            try session.eachHistory(from: start, to: end) { _, stored in
                guard let first = stored.first, first.occurredAt >= start, first.occurredAt < end else { return }
                let events = try stored.map { try self.decoded($0, decoder).event }
                guard case .registered(_, _, _, _, let digest, _, _)? = events.first?.fact else { return }
                for hold in DepartmentHolds.read(events, try self.agreement(digest: digest, session), at: now) {
                    all[hold.department, default: DepartmentFigures(department: hold.department)].add(hold)
                }
            }
            return all.values.sorted { $0.department < $1.department }
        }
    }
}
