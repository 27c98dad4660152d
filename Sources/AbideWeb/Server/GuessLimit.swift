import AbideCore
import AbideDesk
import Synchronization

/// Links of mails are secrets of 128 bits and more, so that nobody hits one; who tries all the same is stopped before long (S7). Counted by each
/// node for itself, which changes nothing of what can be hit.
final class GuessLimit: Sendable {
    /// Dead links that an address may open within `seconds`.
    static let most = 30
    static let seconds: Int64 = 600
    private static let addresses = 10_000

    private let misses = Mutex<[String: (since: Instant, count: Int)]>([:])

    /// - Throws: 429 where this address has opened too many dead links; what `open` throws, counted where there is no such link.
    func open<T>(_ address: String, at now: Instant, _ open: () async throws -> T) async throws -> T {
        let isOver = misses.withLock { misses in misses[address].map { $0.count >= Self.most && now - $0.since < Self.seconds } ?? false }
        if isOver { throw PlainError(429, "Too many links that do not hold were opened from here. Try again in ten minutes.") }
        do { return try await open() } catch let refusal as Refusal where refusal.kind == .unknown {
            misses.withLock { misses in
                if misses.count >= Self.addresses { misses = misses.filter { now - $0.value.since < Self.seconds } }
                // More addresses than that at once are an attack on the memory: forgotten, the secrets protect themselves.
                if misses.count >= Self.addresses { misses = [:] }
                let before = misses[address].flatMap { now - $0.since < Self.seconds ? $0 : nil }
                misses[address] = (before?.since ?? now, (before?.count ?? 0) + 1)
            }
            throw refusal
        }
    }
}
