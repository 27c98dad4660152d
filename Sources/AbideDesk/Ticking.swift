package import AbideCore
import AbideStore
import Foundation
import Logging
import Synchronization

extension Desk {
    /// Called once when the doors open: how long the desk had been away decides whether closing waits for answers under way (P9).
    package func wake() async throws {
        let now = now()
        let last = try await db.read { try $0.meta("lastTick") }.flatMap(Int64.init)
        awake.withLock { $0 = (now, last.map { max(0, now.seconds - $0) } ?? 0) }
        // Whoever starts the desk anew may just have mended the relay: what waits for it is not kept for the rest of its pause.
        try await db.write { session in
            try session.hurryOutbox(at: now)
            try session.setMeta("lastTick", String(now.seconds))
        }
    }

    /// Nothing irreversible follows after a long stop until intake has been up as long as the agreement's grace, nor soon after a jump of the clock.
    func holdsClosing(at now: Instant) -> Bool {
        if clockSettles() { return true }
        let grace = currentAgreement().terms.catchUpGraceSeconds
        let state = awake.withLock { $0 }
        return state.awaySeconds > grace && now - state.since < grace
    }

    /// Looks for what has fallen due and lets it happen: fold again, decide, append, notify. What a stop had kept back happens now, once.
    /// - Returns: how many tickets moved.
    @discardableResult
    package func tick(limit: Int = 500) async throws -> Int {
        let now = now()
        let holds = holdsClosing(at: now)
        let due = try await db.read { try $0.dueTimers(at: now, limit: limit) }
        var ids: [Int64] = []
        for timer in due where !(holds && TimerDue.Kind(rawValue: timer.kind)?.waitsForIntake ?? false) && ids.last != timer.ticket && !ids.contains(timer.ticket) { ids.append(timer.ticket) }
        var moved = 0
        for start in stride(from: 0, to: ids.count, by: 100) {
            let part = Array(ids[start..<min(start + 100, ids.count)])
            do {
                let done = try await db.write { session in try part.compactMap { try self.fire($0, session, at: now) } }
                for committed in done { told(committed) }
                moved += done.filter { !$0.events.isEmpty }.count
            } catch {
                // One that breaks must not hold the others back.
                for id in part {
                    do {
                        if let one = try await db.write({ try self.fire(id, $0, at: now) }) {
                            told(one)
                            moved += one.events.isEmpty ? 0 : 1
                        }
                    } catch { logger.error("a timer could not be carried out", metadata: ["ticket": "\(id)", "error": "\(error)"]) }
                }
            }
        }
        return moved
    }

    private func fire(_ id: Int64, _ session: any Session, at now: Instant) throws -> Committed? {
        guard try session.hasDueTimer(id, at: now), let record = try session.ticket(id: id) else { return nil }
        let ticket = try cache.ticket(record, committed: false)
        let committed = try commit(session, ticket, at: now) { _, _ in [] }
        if committed.events.isEmpty {
            // Nothing to do at this instant after all: the timers are set anew from the fold, so that this one doesn't come back at once.
            let agreement = try agreement(digest: ticket.agreement, session)
            try session.setTimers(ticket: id, ticket.timers(agreement).filter { $0.dueAt > now || $0.kind.waitsForIntake }.map {
                TicketTimer(ticket: id, kind: $0.kind.rawValue, clock: $0.clock?.rawValue ?? "", rung: $0.rung, cycle: $0.cycle, dueAt: $0.dueAt)
            })
        }
        return committed
    }

    /// Notes that the desk was alive; read after the next start.
    /// - Parameter stops: and that it stops now, of itself.
    package func noteAlive(stops: Bool = false) async throws {
        let now = now()
        try await db.write { session in
            try session.setMeta("lastTick", String(now.seconds))
            if stops { try session.setMeta("stoppedAt", String(now.seconds)) }
            try self.noteNode(session, stops: stops, at: now)
        }
    }

    /// What is of no use to anybody any more: expired sessions and links, wrong tries of yesterday, old notifications.
    package func forgetExpired() async throws {
        guard !clockSettles() else { return }
        let now = now()
        try await db.write { session in
            try session.deleteExpiredCredentials(at: now)
            try session.deleteOldFailures(at: now)
            try session.deleteNotifications(before: now - Self.notificationDays * 86_400)
        }
    }

    // MARK: Sending

    package enum Delivery: Sendable {
        case sent
        case tryAgain(String)
        case failed(String)
    }

    /// Sends what waits, at most `limit` messages; the same Message-ID on every try.
    /// - Returns: how many left.
    @discardableResult
    package func sendMail(limit: Int = 50, send: @escaping @Sendable (OutgoingMail) async -> Delivery) async throws -> Int {
        let now = now()
        guard try await db.read({ try $0.hasDueOutbox(at: now) }) else { return 0 }
        let node = node
        let claimed = Claim(until: now + Self.claimSeconds)
        let due = try await db.write { try $0.claimOutbox(by: node, at: now, until: claimed.until, limit: limit) }
        guard !due.isEmpty else { return 0 }
        // A node that dies, or stands still, is followed by another when its claim ends.
        let renewing = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(4))
                let now = self.now()
                guard now < claimed.until else { return }
                try await db.write { try $0.renewClaims(of: node, at: now, until: now + Self.claimSeconds) }
                claimed.until = now + Self.claimSeconds
            }
        }
        defer { renewing.cancel() }
        // Order is kept for each recipient: several go out at once, one after the other to each.
        let lanes = Dictionary(grouping: due, by: \.recipient).values.sorted { $0[0].id < $1[0].id }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            var sent = 0
            var waiting = lanes.makeIterator()
            func next() {
                guard let lane = waiting.next() else { return }
                group.addTask {
                    var count = 0
                    // Whoever stood still for so long may have been followed by another node.
                    for item in lane where self.now() < claimed.until - 2 {
                        let result = await send(try await self.withLinks(try Self.mail(item), item))
                        try await self.note(item, result)
                        if case .sent = result { count += 1 }
                        if case .tryAgain = result { break }
                    }
                    return count
                }
            }
            for _ in 0..<4 { next() }
            while let count = try await group.next() {
                sent += count
                next()
            }
            // What stands behind one that must be tried again is free for the next round.
            if sent < due.count { try await self.db.write { try $0.dropClaims(of: node, at: self.now()) } }
            return sent
        }
    }

    /// Seconds for which a claim holds unless it is renewed.
    private static let claimSeconds: Int64 = 12

    /// Until when this node may send what it has claimed.
    private final class Claim: Sendable {
        private let end: Mutex<Instant>
        init(until: Instant) { end = Mutex(until) }
        var until: Instant {
            get { end.withLock { $0 } }
            set { end.withLock { $0 = newValue } }
        }
    }

    private func note(_ item: OutboxItem, _ delivery: Delivery) async throws {
        let now = now()
        let wasAway = relayIsAway.withLock { isAway in
            defer { if case .tryAgain(let why) = delivery { isAway = why.hasPrefix(OutboxItem.unreached) } else { isAway = false } }
            return isAway
        }
        try await db.write { session in
            switch delivery {
            case .sent:
                try session.markSent(outbox: item.id, at: now)
                if wasAway { try session.hurryUnreached(at: now) }
            case .failed(let why): try session.markFailed(outbox: item.id, error: why)
            case .tryAgain(let why):
                // Soon once, since a relay that restarts is back in seconds; then 1, 5, 15, 30 minutes and hourly, five days in all (RFC 5321 4.5.4.1).
                // One that was held, or waited while the desk stood still, is old without having been tried for long: it has its hundred tries as well.
                if now - item.createdAt > 5 * 86_400, item.attempts >= 100 {
                    try session.markFailed(outbox: item.id, error: "given up after five days: \(why)")
                } else {
                    let pauses: [Int64] = [5, 60, 300, 900, 1800, 3600]
                    try session.markRetry(outbox: item.id, nextAt: now + pauses[min(item.attempts, pauses.count - 1)], error: why)
                }
            }
        }
    }
}
