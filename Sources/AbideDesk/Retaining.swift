package import AbideCore
package import AbideStore
import Foundation

/// What was removed by the rules of retention, or would be.
package struct RetentionResult: Sendable, Hashable {
    /// By client, 0 for what is nobody's.
    package var removed: [Int64: [RetainedKind: Int]] = [:]

    package var total: Int { removed.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
}

/// A rule, or a client that is exempt, in words for whoever reads the list.
package struct RetentionLine: Sendable, Hashable {
    package var client: String
    package var rules: [RetainedKind: String]
    package var hold: String?
}

/// How long is kept what the agreement needs no more, by client. The desk's upkeep removes it; times, severities and levels always stay.
extension Desk {
    /// So much is removed in one transaction: others wait for it.
    private static let atOnce = 50

    /// Sets how long something is kept.
    /// - Parameters:
    ///   - client: nil: for all clients without a rule of their own.
    ///   - days: nil: for good.
    package func setRetention(_ kind: RetainedKind, client: Int64?, days: Int?, by manager: Manager) async throws {
        try manager.mustAdminister()
        if let days, !(1...36_500).contains(days) { throw Refusal.input("days", "From 1 day to 36,500, or `forever`.") }
        let now = now()
        try await db.write { session in
            try session.putRetentionRule(RetentionRule(client: client, kind: kind, days: days))
            try session.audit(manager, at: now, "retention set", "client:\(client ?? 0)", "\(kind.rawValue): \(days.map { "\($0) days" } ?? "for good")")
        }
    }

    /// The client's own rule ends: that of all clients holds for it.
    package func dropRetention(_ kind: RetainedKind, client: Int64?, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            try session.dropRetentionRule(client: client, kind)
            try session.audit(manager, at: now, "retention dropped", "client:\(client ?? 0)", kind.rawValue)
        }
    }

    /// Nothing of a client's is removed any more, as a dispute may demand; or it is again.
    /// - Parameter reason: nil: the hold ends.
    package func setRetentionHold(client: Int64, reason: String?, by manager: Manager) async throws {
        try manager.mustAdminister()
        if let reason, reason.allSatisfy(\.isWhitespace) { throw Refusal.input("reason", "Say why: it stands in the audit log.") }
        let now = now()
        try await db.write { session in
            try session.setRetentionHold(client: client, reason: reason, at: now)
            try session.audit(manager, at: now, reason == nil ? "retention hold ended" : "retention hold", "client:\(client)", reason ?? "")
        }
    }

    /// What holds for whom.
    package func retention() async throws -> [RetentionLine] {
        try await db.read { session in
            let rules = try session.retentionRules(), holds = try session.retentionHolds()
            let words = { (client: Int64?) in
                Dictionary(uniqueKeysWithValues: rules.filter { $0.client == client }.map { ($0.kind, $0.days.map { "\($0) days" } ?? "for good") })
            }
            return [RetentionLine(client: "all others", rules: words(nil), hold: nil)]
                + (try session.clients()).map { client in RetentionLine(client: client.name, rules: words(client.id), hold: holds.first { $0.client == client.id }?.reason) }
        }
    }

    /// Removes what the rules say, some at a time, so that others write in between; each client's share is audited.
    /// - Parameters:
    ///   - dryRun: nothing is removed, and what would be is counted.
    ///   - most: of each kind and client, at most so many.
    package func applyRetention(dryRun: Bool = false, most: Int = 100_000) async throws -> RetentionResult {
        let now = now()
        let (rules, clients, held) = try await db.read { session in (try session.retentionRules(), try session.clients().map(\.id), Set(try session.retentionHolds().map(\.client))) }
        var result = RetentionResult()
        guard dryRun || !clockSettles() else { return result }
        guard rules.contains(where: { $0.days != nil }) else { return result }
        for client in clients.map(Optional.some) + [nil] where !(client.map(held.contains) ?? false) {
            // Words first: their files and mails go with them.
            for kind in [RetainedKind.words, .files, .mail] {
                let own = client.flatMap { client in rules.first { $0.client == client && $0.kind == kind } } ?? rules.first { $0.client == nil && $0.kind == kind }
                guard let days = own?.days else { continue }
                let before = now - Int64(days) * 86_400
                let count = dryRun ? try await db.read { try Self.due(kind, client, before, $0, limit: most).count } : try await remove(kind, client, before, at: now, most: most)
                if count > 0 { result.removed[client ?? 0, default: [:]][kind] = count }
            }
        }
        return result
    }

    private static func due(_ kind: RetainedKind, _ client: Int64?, _ before: Instant, _ session: any Session, limit: Int) throws -> [Int64] {
        kind == .mail ? try session.mailsToEmpty(client: client, before: before, limit: limit) : try session.ticketsToEmpty(kind, client: client, before: before, limit: limit)
    }

    private func remove(_ kind: RetainedKind, _ client: Int64?, _ before: Instant, at now: Instant, most: Int) async throws -> Int {
        var count = 0
        while count < most {
            let some = try await db.write { session in
                // A hold that was set a moment ago counts.
                guard try client.map({ client in try !session.retentionHolds().contains { $0.client == client } }) ?? true else { return 0 }
                let ids = try Self.due(kind, client, before, session, limit: Self.atOnce)
                for id in ids {
                    switch kind {
                    case .mail: try session.emptyMail(id, at: now)
                    case .files: _ = try session.emptyFiles(ticket: id)
                    case .words:
                        try session.emptyTicket(id, at: now)
                        try self.foldAnew(id, session)
                        for mail in try session.outbox(to: "", tickets: [id]) { try self.forgetWords(mail, session) }
                    }
                    if kind != .mail { try session.noteEmptied(kind, ticket: id) }
                }
                if !ids.isEmpty {
                    try session.audit(at: now, actor: nil, actorName: "Abide", action: "retention applied", object: "client:\(client ?? 0)", detail: "\(kind.rawValue): \(ids.count)")
                    try session.announce("erased")
                }
                return ids.count
            }
            count += some
            if some > 0 { forgetAll() }
            guard some == Self.atOnce else { break }
        }
        return count
    }
}
