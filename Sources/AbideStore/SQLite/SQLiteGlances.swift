import Foundation
import GRDB
import Synchronization

/// Connections for reads of microseconds. GRDB's pool carries a read out on a thread of its own, and the two changes of threads cost more than
/// such a read; here it runs on the thread that asks, on a connection that nobody else uses meanwhile.
final class SQLiteGlances: Sendable {
    private let free: Mutex<[DatabaseQueue]>
    /// As many as threads that could ask at once.
    private static let count = max(2, ProcessInfo.processInfo.activeProcessorCount)

    /// - Parameter path: nil: a store in memory, which has one connection alone.
    init(path: String?, configuration: Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        free = Mutex(try path.map { path in try (0..<Self.count).map { _ in try DatabaseQueue(path: path, configuration: configuration) } } ?? [])
    }

    /// - Returns: nil where no connection is free at this moment.
    func read<T: Sendable>(_ body: (any Session) throws -> T) throws -> T? {
        guard let queue = free.withLock({ $0.popLast() }) else { return nil }
        defer { free.withLock { $0.append(queue) } }
        return try queue.read { try body(SQLiteSession(connection: $0)) }
    }

    /// What is read from now on is read elsewhere.
    func close() {
        for queue in free.withLock({ queues in
            defer { queues = [] }
            return queues
        }) { try? queue.close() }
    }
}
