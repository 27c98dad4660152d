import AbideCore
import AbideDesk
import AbideStore
import Foundation
import Logging
import ServiceLifecycle

/// Writes the continuity pack every quarter of an hour and the signed heads every five minutes, both also at the stop, and a backup a day; removes
/// every six hours what is kept no longer.
struct Keeper {
    private static let packSeconds: Int64 = 900
    private static let headSeconds: Int64 = 300
    private static let backupSeconds: Int64 = 86_400
    private static let retentionSeconds: Int64 = 21_600
    private static let keptBackups = 14

    private var folder: String?
    private var addresses: [String]
    private var backups: String?
    private var engine: String
    private var heads: String
    private var logger: Logger

    init(_ settings: Settings, _ store: StoreOptions, continuity: String?, addresses: String?, backups: String?, heads: String?, _ logger: Logger) async throws {
        folder = settings.value(continuity, "continuity.dir") ?? settings.value(store.data, "data").map { $0 + "/continuity" }
        self.addresses = (settings.value(addresses, "continuity.mail") ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        self.backups = settings.value(backups, "backups")
        engine = settings.value(store.database, "database") == nil ? "sqlite" : "postgresql"
        let keys = store.keyFolder(settings) as NSString
        self.heads = settings.value(heads, "heads") ?? (keys.deletingLastPathComponent as NSString).appendingPathComponent("heads.jsonl")
        self.logger = logger
    }

    func run(_ desk: Desk) async {
        expect(desk)
        // Not in the first minute: those who have waited for the desk come first.
        var packedAt = desk.now() - Self.packSeconds + 60, signedAt = desk.now() - Self.headSeconds + 30, retainedAt = desk.now() - Self.retentionSeconds + 120
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            if abs(desk.now() - packedAt) >= Self.packSeconds {
                packedAt = desk.now()
                await pack(desk)
                await backUp(desk)
            }
            if abs(desk.now() - signedAt) >= Self.headSeconds {
                signedAt = desk.now()
                await sign(desk)
            }
            if abs(desk.now() - retainedAt) >= Self.retentionSeconds {
                retainedAt = desk.now()
                await retain(desk)
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(2)) }
        }
        await pack(desk, within: .seconds(2))
        await sign(desk, within: .seconds(1))
    }

    /// Says what is to be done, and when an earlier process did it last.
    private func expect(_ desk: Desk) {
        func changed(_ path: String) -> Instant? { ((try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date).map { Instant(Int64($0.timeIntervalSince1970)) } }
        if let folder { desk.upkeep.expect(.continuity, at: folder, last: changed("\(folder)/\(ContinuityPack.pageName)")) } else if !addresses.isEmpty { desk.upkeep.expect(.continuity, at: "mail", last: nil) }
        desk.upkeep.expect(.heads, at: heads, last: changed(heads))
        if let backups { desk.upkeep.expect(.backup, at: backups, last: (try? Self.backups(in: backups).last).flatMap(Self.instant)) }
    }

    private func pack(_ desk: Desk, within limit: Swift.Duration = .seconds(60)) async {
        guard folder != nil || !addresses.isEmpty else { return }
        do {
            let pack = try await desk.continuityPack(within: limit)
            if let folder { try pack.write(to: folder) }
            try await desk.mailContinuityPack(pack, to: addresses)
            desk.upkeep.done(.continuity, at: pack.madeAt)
        } catch {
            desk.upkeep.failed(.continuity, "\(error)")
            logger.error("the continuity pack could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func sign(_ desk: Desk, within limit: Swift.Duration = .seconds(60)) async {
        do {
            try await desk.signHeads(to: heads, within: limit)
            desk.upkeep.done(.heads, at: desk.now())
        } catch {
            desk.upkeep.failed(.heads, "\(error)")
            logger.error("the heads of the log could not be signed", metadata: ["error": "\(error)"])
        }
    }

    /// Removes what is kept no longer. Of several nodes each removes what it finds; nothing is left for the second.
    private func retain(_ desk: Desk) async {
        do {
            let removed = try await desk.applyRetention(most: 5_000)
            if removed.total > 0 { logger.notice("what is kept no longer was removed", metadata: ["count": "\(removed.total)"]) }
        } catch { logger.error("what is kept no longer could not be removed", metadata: ["error": "\(error)"]) }
    }

    /// Of several nodes with the same folder, or with folders of their own, each keeps what it has written.
    private func backUp(_ desk: Desk) async {
        guard let backups else { return }
        do {
            try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let now = desk.now()
            let kept = try Self.backups(in: backups)
            if let made = kept.last.flatMap(Self.instant), now - made < Self.backupSeconds - 60 { return desk.upkeep.done(.backup, at: made) }
            let path = "\(backups)/desk-\(now.rfc3339).abide"
            let (summary, bytes) = try await Archive.write(desk.db, to: path, engine: engine, at: now)
            guard try Archive.verify(path).digest == summary.digest else { throw Stop("the backup does not hold what was written") }
            logger.notice("backup written", metadata: ["rows": "\(summary.rows)", "bytes": "\(bytes)"])
            desk.upkeep.done(.backup, at: now)
            for old in kept.dropLast(Self.keptBackups - 1) { try FileManager.default.removeItem(atPath: "\(backups)/\(old)") }
        } catch {
            desk.upkeep.failed(.backup, "\(error)")
            logger.error("a backup could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// Names are instants, so that their order is that of time.
    private static func backups(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("desk-") && $0.hasSuffix(".abide") }.sorted() }

    private static func instant(_ name: String) -> Instant? { Instant(rfc3339: String(name.dropFirst(5).dropLast(6))) }
}
