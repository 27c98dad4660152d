import Foundation

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

    /// `312 MB`, `4.2 GB`.
    package static func say(_ bytes: Int64) -> String {
        bytes < 1_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
}
