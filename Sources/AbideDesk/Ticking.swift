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
        try await db.write { try $0.hurryOutbox(at: now) }
    }

    /// Nothing irreversible follows after a long stop until intake has been up as long as the agreement's grace.
    func holdsClosing(at now: Instant) -> Bool {
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
        guard let record = try session.ticket(id: id) else { return nil }
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
    package func noteAlive() async throws {
        let now = now()
        try await db.write { try $0.setMeta("lastTick", String(now.seconds)) }
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
        let due = try await db.read { try $0.dueOutbox(at: now, limit: limit) }
        guard !due.isEmpty else { return 0 }
        // Order is kept for each recipient: several go out at once, one after the other to each.
        let lanes = Dictionary(grouping: due, by: \.recipient).values.sorted { $0[0].id < $1[0].id }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            var sent = 0
            var waiting = lanes.makeIterator()
            func next() {
                guard let lane = waiting.next() else { return }
                group.addTask {
                    var count = 0
                    for item in lane {
                        let result = await send(try Self.mail(item))
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
            return sent
        }
    }

    private func note(_ item: OutboxItem, _ delivery: Delivery) async throws {
        let now = now()
        try await db.write { session in
            switch delivery {
            case .sent: try session.markSent(outbox: item.id, at: now)
            case .failed(let why): try session.markFailed(outbox: item.id, error: why)
            case .tryAgain(let why):
                // Soon once, since a relay that restarts is back in seconds; then 1, 5, 15, 30 minutes and hourly, five days in all (RFC 5321 4.5.4.1).
                if now - item.createdAt > 5 * 86_400 {
                    try session.markFailed(outbox: item.id, error: "given up after five days: \(why)")
                } else {
                    let pauses: [Int64] = [5, 60, 300, 900, 1800, 3600]
                    try session.markRetry(outbox: item.id, nextAt: now + pauses[min(item.attempts, pauses.count - 1)], error: why)
                }
            }
        }
    }
}
