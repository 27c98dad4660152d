import AbideCore
import Foundation
import Synchronization

/// A connection of its own that hears what other nodes announce (LISTEN), and keeps the time that all nodes share: the database's, so that a
/// node whose clock is off, or set by hand, still acts at the right instant.
final class PostgreSQLListener: Sendable {
    private struct State {
        /// Database time less the machine's steady clock, in milliseconds.
        var offset: Int64
        var readers: [Int: AsyncStream<Announcement>.Continuation] = [:]
        var readersSoFar = 0
        var closed = false
    }

    /// Seconds between two looks at the database's clock.
    private static let clockInterval = 5.0

    private let url: String
    private let node: String
    private let state: Mutex<State>

    /// - Parameter connection: by which the clock is read for the first time.
    init(url: String, node: String, connection: PostgreSQLConnection) throws {
        self.url = url
        self.node = node
        state = Mutex(State(offset: try Self.offset(connection)))
    }

    func start() {
        let thread = Thread { [self] in listen() }
        thread.name = "abide.listener"
        thread.start()
    }

    func now() -> Instant { Instant((Self.steadyMilliseconds() + state.withLock { $0.offset }) / 1000) }

    func announcements() -> AsyncStream<Announcement> {
        let (stream, continuation) = AsyncStream.makeStream(of: Announcement.self, bufferingPolicy: .bufferingNewest(10_000))
        let id = state.withLock { state in
            state.readersSoFar += 1
            if !state.closed { state.readers[state.readersSoFar] = continuation } else { continuation.finish() }
            return state.readersSoFar
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.readers.removeValue(forKey: id) } }
        return stream
    }

    func close() {
        let readers = state.withLock { state in
            state.closed = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.finish() }
    }

    private var isClosed: Bool { state.withLock { $0.closed } }

    private func listen() {
        var isFirst = true
        while !isClosed {
            do {
                let connection = try PostgreSQLConnection(url: url)
                let channel = try connection.run("SELECT quote_ident('abide_' || hashtext(current_schema()))", [])[0].text(0)
                try connection.execute("LISTEN \(channel)")
                if !isFirst { tell(.missed) }
                isFirst = false
                try hear(connection)
            } catch {
                // Away: the writer and the readers say so to whom it concerns.
                if !isClosed { Thread.sleep(forTimeInterval: 0.5) }
            }
        }
    }

    private func hear(_ connection: PostgreSQLConnection) throws {
        var readClockAt = Date.distantPast
        while !isClosed {
            if abs(readClockAt.timeIntervalSinceNow) > Self.clockInterval {
                let offset = try Self.offset(connection)
                state.withLock { $0.offset = offset }
                readClockAt = Date()
            }
            var waiting = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
            // Short, so that closing is not held up.
            _ = poll(&waiting, 1, 250)
            for text in try connection.notifications() {
                // `NODE text`; one's own words are known.
                let parts = text.split(separator: " ", maxSplits: 1)
                if parts.count == 2, parts[0] != node { tell(.said(String(parts[1]))) }
            }
        }
    }

    private func tell(_ announcement: Announcement) {
        for reader in state.withLock({ Array($0.readers.values) }) { reader.yield(announcement) }
    }

    private static func offset(_ connection: PostgreSQLConnection) throws -> Int64 {
        let before = steadyMilliseconds()
        let time = try connection.run("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint", [])[0].int64(0)
        return time - (before + steadyMilliseconds()) / 2
    }

    /// Goes on evenly, also while the machine sleeps, whatever is done to its wall clock.
    private static func steadyMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
