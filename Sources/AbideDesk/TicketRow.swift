package import AbideCore
import AbideStore
import Synchronization

/// One row of a list: read from the projection, no event is touched. It never changes, so that whoever drew it knows it again by its
/// identity.
package final class TicketRow: Sendable {
    package let id: Int64
    /// Number of the last event it was folded from.
    package let head: Int
    package let ref: String
    package let subject: String
    package let status: String
    package let severity: Int
    package let severityIsRated: Bool
    package let client: Int64?
    package let clientName: String?
    package let site: String
    package let assigneeName: String?
    package let department: String?
    /// Of `Ticket.standing`.
    package let rank: Int
    package let due: Instant?
    package let missing: [String]
    package let unread: Bool
    package let agreement: Agreement
    package let responseChanges: [ClockChange]
    package let resolutionChanges: [ClockChange]
    package let registeredAt: Instant
    package let loggedAt: Instant?
    package let updatedAt: Instant
    package let responseRung: Int
    package let resolutionRung: Int

    init(
        id: Int64, head: Int, ref: String, subject: String, status: String, severity: Int, severityIsRated: Bool, client: Int64?, clientName: String?,
        site: String, assigneeName: String?, department: String?, rank: Int, due: Instant?, missing: [String], unread: Bool, agreement: Agreement,
        responseChanges: [ClockChange], resolutionChanges: [ClockChange], registeredAt: Instant, loggedAt: Instant?, updatedAt: Instant,
        responseRung: Int, resolutionRung: Int
    ) {
        self.id = id
        self.head = head
        self.ref = ref
        self.subject = subject
        self.status = status
        self.severity = severity
        self.severityIsRated = severityIsRated
        self.client = client
        self.clientName = clientName
        self.site = site
        self.assigneeName = assigneeName
        self.department = department
        self.rank = rank
        self.due = due
        self.missing = missing
        self.unread = unread
        self.agreement = agreement
        self.responseChanges = responseChanges
        self.resolutionChanges = resolutionChanges
        self.registeredAt = registeredAt
        self.loggedAt = loggedAt
        self.updatedAt = updatedAt
        self.responseRung = responseRung
        self.resolutionRung = resolutionRung
    }

    package func clock(_ name: ClockName) -> SLAClock {
        SLAClock(name, changes: name == .response ? responseChanges : resolutionChanges, agreement: agreement)
    }
}

/// Rows that lists read lately. The store says which version of a ticket stands where; a row of that version is decoded once.
final class RowCache: Sendable {
    private static let limit = 4096
    private let rows = Mutex<[Int64: TicketRow]>([:])

    /// The rows in the order of their keys; what is not known at that version, or by another name of its client, is read.
    func rows(_ keys: [TicketPage.Key], _ directory: Directory.Content, read: ([Int64]) throws -> [TicketRow]) rethrows -> [TicketRow] {
        var found = rows.withLock { known in keys.map { known[$0.id] } }
        var missing: [Int64: Int] = [:]
        for (index, key) in keys.enumerated() {
            if let row = found[index], row.head == key.head, row.clientName == row.client.flatMap({ directory.clients[$0]?.name }) { continue }
            missing[key.id] = index
        }
        if !missing.isEmpty {
            let fresh = try read(Array(missing.keys))
            for row in fresh { if let index = missing[row.id] { found[index] = row } }
            rows.withLock { known in
                if known.count + fresh.count > Self.limit { known = [:] }
                for row in fresh { known[row.id] = row }
            }
        }
        return found.compactMap(\.self)
    }

    func forget() { rows.withLock { $0 = [:] } }
}
