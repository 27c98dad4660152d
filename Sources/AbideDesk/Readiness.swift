import AbideCore
import AbideStore
import Synchronization

/// Whether the store takes writes, asked anew after a second.
final class WriteProbe: Sendable {
    private let last = Mutex<(at: ContinuousClock.Instant, good: Bool)?>(nil)

    var known: Bool? { last.withLock { $0.flatMap { $0.at.duration(to: .now) < .seconds(1) ? $0.good : nil } } }

    func note(_ good: Bool) { last.withLock { $0 = (.now, good) } }
}

extension Desk {
    /// Whether the store answers and takes writes, told within three seconds: a desk that can't store what it is given must not be given it.
    package func isReady() async -> Bool {
        if let known = probe.known { return known }
        // A race whose loser is not waited for: a store that hangs answers nobody.
        let (first, racers) = AsyncStream.makeStream(of: Bool.self)
        Task {
            do {
                let now = self.now()
                // Written, not only read: a full disk, a read-only file system or a server that has lost its place still answer questions.
                try await db.write { try $0.setMeta("probe", String(now.seconds)) }
                racers.yield(true)
            } catch { racers.yield(false) }
        }
        Task {
            try? await Task.sleep(for: .seconds(3))
            racers.yield(false)
        }
        var answers = false
        for await answer in first {
            answers = answer
            break
        }
        probe.note(answers)
        return answers
    }
}
