import Foundation
import Synchronization

/// A ticket moved on: what open pages are told, each if its reader may see the ticket.
package struct LiveChange: Sendable {
    package var ticket: Int64
    package var ref: String
    package var head: Int
    package var client: Int64?
    package var contact: Int64?
    /// People who are told of it wherever they are.
    package var notified: Set<Int64> = []
}

/// Tells open pages and streams of changes. A reader that is slow loses the oldest news and reads the page again anyway.
package final class LiveHub: Sendable {
    private let readers = Mutex<[UUID: AsyncStream<LiveChange>.Continuation]>([:])

    package init() {}

    package func subscribe() -> AsyncStream<LiveChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: LiveChange.self, bufferingPolicy: .bufferingNewest(64))
        let id = UUID()
        readers.withLock { $0[id] = continuation }
        continuation.onTermination = { [weak self] _ in self?.readers.withLock { _ = $0.removeValue(forKey: id) } }
        return stream
    }

    package func send(_ change: LiveChange) {
        for reader in readers.withLock({ Array($0.values) }) { reader.yield(change) }
    }

    /// Ends all streams, so that the server can stop.
    package func close() {
        let all = readers.withLock { readers in
            defer { readers = [:] }
            return Array(readers.values)
        }
        for reader in all { reader.finish() }
    }
}
