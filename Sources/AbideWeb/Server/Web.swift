import AbideCore
import AbideDesk
import Hummingbird
import Logging
import Synchronization

/// What all handlers share, of the API and of the pages alike.
struct Web: Sendable {
    let desk: Desk
    let logger: Logger
    let counters: RequestCounters
    let keys: KeyQueue
    let listDrawings = SecondCache<ListDrawing.Key, ListDrawing>(limit: 16)
    let ticketDrawings = SecondCache<DrawnTicket.Key, DrawnTicket>(limit: 64)
    /// Shown in the log to whoever sets up a new desk from another machine; new with each start.
    let setUpCode: String
    /// Draws an error for a browser.
    let errorPage: @Sendable (ErrorAnswer, Request, AbideRequestContext, Web) async -> Response

    init(
        desk: Desk, logger: Logger,
        errorPage: @escaping @Sendable (ErrorAnswer, Request, AbideRequestContext, Web) async -> Response
    ) {
        self.desk = desk
        self.logger = logger
        counters = RequestCounters()
        keys = KeyQueue()
        setUpCode = String(Secrets.token().prefix(12))
        self.errorPage = errorPage
    }

    /// The session's cookie; with TLS under the prefix that browsers bind to host and path.
    var cookieName: String { desk.settings.secureCookies ? "__Host-abide" : "abide" }
}

/// Counts of answered requests by class of status, for `/metrics`.
final class RequestCounters: Sendable {
    private let done = Atomic<Int>(0)
    private let redirected = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    /// Answers by the seconds that they took: up to each of the limits, and longer ones.
    private let taken = Mutex((counts: [Int](repeating: 0, count: limits.count + 1), sum: 0.0))

    static let limits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

    var latencies: (counts: [Int], sum: Double) { taken.withLock { $0 } }

    func count(_ status: Int, seconds: Double) {
        taken.withLock { taken in
            taken.counts[Self.limits.firstIndex { seconds <= $0 } ?? Self.limits.count] += 1
            taken.sum += seconds
        }
        switch status {
        case ..<300: done.add(1, ordering: .relaxed)
        case ..<400: redirected.add(1, ordering: .relaxed)
        case ..<500: refused.add(1, ordering: .relaxed)
        default: failed.add(1, ordering: .relaxed)
        }
    }

    var byClass: [(name: String, count: Int)] {
        [
            ("2xx", done.load(ordering: .relaxed)), ("3xx", redirected.load(ordering: .relaxed)),
            ("4xx", refused.load(ordering: .relaxed)), ("5xx", failed.load(ordering: .relaxed)),
        ]
    }
}

/// Lets one request at a time pass for a key, so that two with the same `Idempotency-Key` make one thing.
actor KeyQueue {
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    func enter(_ key: String) async {
        if waiting[key] == nil {
            waiting[key] = []
            return
        }
        await withCheckedContinuation { waiting[key, default: []].append($0) }
    }

    func leave(_ key: String) {
        guard var queue = waiting[key] else { return }
        if queue.isEmpty {
            waiting[key] = nil
        } else {
            let next = queue.removeFirst()
            waiting[key] = queue
            next.resume()
        }
    }
}
