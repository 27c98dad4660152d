import AbideStore
import Foundation
import Synchronization

/// How much room a file system has for whoever runs the desk.
package struct DiskSpace: Sendable, Hashable {
    package var free: Int64
    package var size: Int64

    package init(free: Int64, size: Int64) {
        self.free = free
        self.size = size
    }

    /// - Returns: nil where the system doesn't say.
    package init?(of folder: String) {
        var about = statvfs()
        guard statvfs(folder, &about) == 0, about.f_blocks > 0 else { return nil }
        self.init(free: Int64(about.f_bavail) * Int64(about.f_frsize), size: Int64(about.f_blocks) * Int64(about.f_frsize))
    }

    /// What is kept for timers, mails that leave and signing in: with less, nothing new is taken in.
    package var reserve: Int64 { min(200_000_000, size / 20) }

    /// `312 MB`, `4.2 GB`.
    package static func say(_ bytes: Int64) -> String {
        bytes < 1_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
}

/// There is too little room to take anything in: put off, and nothing was stored.
package struct NoRoom: Error, CustomStringConvertible {
    package var description: String { "the disk is nearly full" }
}

/// Whether the data folder's disk has room for what comes, asked anew after a second.
final class RoomProbe: Sendable {
    private let last = Mutex<(at: ContinuousClock.Instant, has: Bool)?>(nil)

    func hasRoom(_ folder: String) -> Bool {
        last.withLock { last in
            if let last, last.at.duration(to: .now) < .seconds(1) { return last.has }
            let has = DiskSpace(of: folder).map { $0.free > $0.reserve } ?? true
            last = (.now, has)
            return has
        }
    }
}

extension Desk {
    /// False where what is left of the disk is kept for the work in hand.
    package var hasRoom: Bool { settings.folder.map(roomProbe.hasRoom) ?? true }

    /// P15: so much waits to be written that whoever comes to a door is asked to come again; what the desk owes by itself goes on.
    package var isBusy: Bool { db.isBusy }

    /// Whether this is what a full disk makes of a write.
    package static func isLackOfRoom(_ error: any Error) -> Bool { error is NoRoom || StoreError.isLackOfRoom(error) }
}
