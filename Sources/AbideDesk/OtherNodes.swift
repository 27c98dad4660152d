import AbideCore
import AbideStore
import Foundation
import Logging

/// Several nodes on one store: what one changes, the others hear of.
extension Desk {
    /// Hears what other nodes announce, until the store is closed: open pages are told, and what is kept in memory is read anew.
    package func followOtherNodes() async {
        var heard = now()
        for await announcement in db.announcements() {
            do {
                switch announcement {
                case .said(let text): try await hear(text)
                case .missed: try await catchUp(since: heard - 60)
                }
                heard = now()
            } catch { logger.error("what another node announced could not be followed", metadata: ["error": "\(error)"]) }
        }
    }

    private func hear(_ text: String) async throws {
        let parts = text.split(separator: " ")
        switch parts.first {
        case "ticket":
            let numbers = parts.dropFirst().compactMap { Int64($0) }
            guard numbers.count >= 4 else { return }
            let notified = Set(numbers.dropFirst(4))
            countCache.moved()
            workspace.forget(notified)
            live.send(LiveChange(ticket: numbers[0], ref: "ABD-\(numbers[0])", head: Int(numbers[1]), client: numbers[2] == 0 ? nil : numbers[2], contact: numbers[3] == 0 ? nil : numbers[3], notified: notified))
        case "here": hearPresence(parts)
        case "people": directory.forget()
        case "erased": forgetAll()
        case "agreement": try await db.read { try self.agreements.readAll($0) }
        default: break
        }
    }

    /// What was said while the line was down is read from the store.
    private func catchUp(since: Instant) async throws {
        forgetAll()
        try await db.read { try self.agreements.readAll($0) }
        for ticket in try await db.read({ try $0.movedTickets(since: since) }) {
            live.send(LiveChange(ticket: ticket.id, ref: "ABD-\(ticket.id)", head: ticket.head, client: ticket.client, contact: ticket.contact))
        }
    }

    /// Tells other nodes of a ticket that moves, with the transaction that moves it.
    /// - Parameter notified: who is told of it on the pages.
    func announce(_ ticket: Ticket, _ session: any Session, notified: Set<Int64> = []) throws {
        try session.announce("ticket \(ticket.id) \(ticket.head) \(ticket.client ?? 0) \(ticket.contact ?? 0)" + notified.sorted().map { " \($0)" }.joined())
    }

    /// Notes this process's key as the desk's, or finds that the desk has another.
    /// - Parameter replaces: the desk's own key is lost; from now on this one is it.
    package func claimKey(replaces: Bool = false) async throws {
        let own = keys.fingerprint
        let known = try await db.write { session in
            let known = replaces ? nil : try session.meta("keyFingerprint")
            if known == nil { try session.setMeta("keyFingerprint", own) }
            return known
        }
        if let known, known != own { throw OtherKey() }
    }

    /// The desk takes whatever key it is started with next.
    package func forgetKey() async throws { try await db.write { _ = try $0.run("DELETE FROM meta WHERE key = 'keyFingerprint'", []) } }

    /// Whether this process has the desk's own key.
    package func hasOwnKey() async throws -> Bool {
        let known = try await db.read { try $0.meta("keyFingerprint") }
        return known == nil || known == keys.fingerprint
    }
}
