import AbideCore
import AbideStore
import Foundation
import Logging

/// A zone whose data is another one since the desk was last started.
struct ZoneChange: Sendable {
    var zone: String
    /// The rules as the desk had them until now.
    var before: ZoneRules
    var version: String
}

/// The zone data that the desk has counted by. The rules of a zone are the world's: when they change, deadlines that lie ahead follow,
/// and what lies behind stays as it was counted.
enum ZoneHistory {
    /// Puts the rules of all known zones together from their history, and notes new data from `now` on.
    /// - Returns: the zones whose data has changed.
    static func adopt(_ zones: ZoneFiles, _ db: any Database, at now: Instant) async throws -> [ZoneChange] {
        let known = Dictionary(grouping: try await db.read { try $0.zoneData() }, by: \.zone)
        var changes: [ZoneChange] = []
        for (zone, history) in known.sorted(by: { $0.key < $1.key }) {
            guard let first = history.first, let last = history.last else { continue }
            var rules = try ZoneRules(name: zone, tzif: first.content)
            for next in history.dropFirst() { rules = rules.followed(by: try ZoneRules(name: zone, tzif: next.content), from: next.since) }
            // Without a file, or with one that can't be read, the last data goes on.
            if let content = zones.data(zone), case let digest = Secrets.digest(content), digest != last.digest, let fresh = try? ZoneRules(name: zone, tzif: content) {
                let stored = StoredZoneData(zone: zone, since: max(now, last.since + 1), version: zones.version, digest: digest, content: content)
                try await db.write { try $0.putZoneData(stored) }
                changes.append(ZoneChange(zone: zone, before: rules, version: zones.version))
                rules = rules.followed(by: fresh, from: stored.since)
            }
            zones.adopt(zone, rules)
        }
        return changes
    }

    /// Remembers the data of zones that are counted by for the first time.
    static func note(_ names: Set<String>, _ zones: ZoneFiles, _ db: any Database) async throws {
        let known = Set(try await db.read { try $0.run("SELECT DISTINCT zone FROM zone_data").map { $0.text(0) } })
        let new = names.subtracting(known).sorted().compactMap { name in
            zones.data(name).map { StoredZoneData(zone: name, since: Instant(0), version: zones.version, digest: Secrets.digest($0), content: $0) }
        }
        guard !new.isEmpty else { return }
        try await db.write { session in for data in new { try session.putZoneData(data) } }
    }
}

extension Desk {
    /// After new zone data: deadlines of open tickets that lay ahead are recomputed, each with an event that says so.
    func followZoneData(_ changes: [ZoneChange], at now: Instant) async throws {
        let before = Dictionary(changes.map { ($0.zone, $0.before) }, uniquingKeysWith: { first, _ in first })
        let version = changes.first?.version ?? ""
        let open = try await db.read { try $0.run("SELECT id FROM ticket WHERE closed = 0 ORDER BY id").map { $0.int64(0) } }
        var earlier: [String: Agreement] = [:]
        var moved = 0
        for start in stride(from: 0, to: open.count, by: 200) {
            let part = Array(open[start..<min(start + 200, open.count)])
            let (done, known) = try await db.write { [earlier] session -> ([Committed], [String: Agreement]) in
                var known = earlier
                var done: [Committed] = []
                for id in part {
                    guard let record = try session.ticket(id: id) else { continue }
                    let ticket = try self.cache.ticket(record, committed: false)
                    let agreement = try self.agreement(digest: ticket.agreement, session)
                    let old = try known[ticket.agreement] ?? Agreement(agreement.terms) { try before[$0] ?? self.zones.rules($0) }
                    known[ticket.agreement] = old
                    if let one = try self.followZoneData(session, ticket, old, agreement, version, at: now) { done.append(one) }
                }
                return (done, known)
            }
            earlier = known
            moved += done.count
            for one in done { told(one) }
        }
        logger.notice("new time-zone data", metadata: [
            "version": "\(version)", "zones": "\(changes.map(\.zone).joined(separator: ", "))", "deadlines": "\(moved) tickets moved",
        ])
    }

    private func followZoneData(_ session: any Session, _ ticket: Ticket, _ old: Agreement, _ new: Agreement, _ version: String, at now: Instant) throws -> Committed? {
        let at = max(now, ticket.updatedAt)
        let drafts = ClockName.allCases.compactMap { name -> Draft? in
            let (before, after) = (ticket.clock(name, old).due, ticket.clock(name, new).due)
            guard before != after else { return nil }
            return Draft(.zoneDataChanged(version: version, clock: name, dueBefore: before, dueAfter: after), at, .desk)
        }
        if drafts.isEmpty {
            // The notice of closing counts by the calendar too, without a clock of the ticket's.
            try session.setTimers(ticket: ticket.id, ticket.timers(new).map {
                TicketTimer(ticket: ticket.id, kind: $0.kind.rawValue, clock: $0.clock?.rawValue ?? "", rung: $0.rung, cycle: $0.cycle, dueAt: $0.dueAt)
            })
            return nil
        }
        return try store(session, ticket, drafts, new, at: at, extras: MessageExtras(), isNew: false)
    }
}
