import AbideCore
import AbideDesk
import AbideStore
import ArgumentParser
import Foundation

/// `abide backup FILE`
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes all of a desk but its keys into one file, while the desk runs.",
        discussion: "The file holds everything as it was at one instant, attachments and raw mails too; either engine can be restored from it. It is read back and checked. Keys are kept apart: --keys-to copies them.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The file to write.") var file: String
    @Option(name: .customLong("keys-to"), help: ArgumentHelp("Copies the desk's key into this file, readable by its owner alone; keep it elsewhere than the backup.", valueName: "file")) var keysTo: String?

    func run() async throws {
        try await speaking {
            let opened = try await store.store(try await Settings(store), mustExist: true)
            let start = Date()
            let (summary, bytes) = try await Archive.write(opened.db, to: file, engine: opened.engine, at: opened.now())
            try await opened.db.close()
            guard try Archive.verify(file).digest == summary.digest else { throw Stop("The backup \(file) does not hold what was written; look at the disk.") }
            if let keysTo { try opened.copyKey(to: keysTo) }
            let seconds = Date().timeIntervalSince(start)
            say("\(file): \(summary.rows) rows, \(bytes) bytes, digest \(summary.digest.prefix(16)), \(String(format: "%.1f", seconds)) s; read back and right")
            if keysTo == nil { complain("The key is not in it: keep a copy of \(opened.keyFolder)/desk.key elsewhere.") }
        }
    }
}

/// `abide restore FILE`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a desk from a backup, in an empty folder or database, and verifies it.",
        discussion: "Everything is checked: the file's digests before, the rows against them afterwards, and the event log's chain. --replace puts a stopped desk that is in the way aside.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "A file that `abide backup` wrote.") var file: String
    @Option(help: ArgumentHelp("The list of erasures (abide user erase): whoever is in it is erased again. Default: erasures.txt beside the keys' folder.", valueName: "file")) var erasures: String?
    @Flag(help: "Puts the desk that is in the folder aside first; it must be stopped.") var replace = false

    func run() async throws {
        try await speaking {
            let summary = try Archive.verify(file)
            let settings = try await Settings(store)
            let target = try await Target(store, settings, schema: summary.head.schema, replace: replace)
            try await target.fill(from: file, summary)
            let desk = try await store.desk(settings: settings)
            let list = erasures ?? store.erasures(settings)
            if let text = FileManager.default.contents(atPath: list) {
                let count = try await desk.replayErasures(String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init))
                if count > 0 { say("erased again: \(count) people of \(list)") }
            } else if let erasures { throw Stop("\(erasures) can't be read.", code: 66) }
            let result = try await desk.verify()
            // The key is not part of a backup. Where another one is, or none, the desk begins with it.
            let hasKey = FileManager.default.fileExists(atPath: target.keyFolder + "/desk.key")
            if try await !desk.hasOwnKey() || !hasKey { try await desk.forgetKey() }
            let next = try await desk.skipTicketNumbers()
            try await desk.close()
            if let fault = result.fault { throw Stop("Restored, but: \(fault)") }
            say("restored \(summary.rows) rows of \(summary.head.madeAt), digest \(summary.digest.prefix(16)); \(result.tickets) tickets, \(result.events) events, the chain holds")
            say("the next ticket is ABD-\(next): numbers given after the backup do not come again, so that no answer to their mails comes to another ticket")
            if !hasKey { complain("The key is not part of a backup: put desk.key into \(target.keyFolder) before the desk starts; without it answers to earlier mails open new tickets.") }
        }
    }
}

/// `abide migrate --to …`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves a stopped desk from the embedded database to PostgreSQL, or back, and compares both row by row.",
        discussion: "The desk that it comes from stays as it is.\n  abide migrate --data DIR --to postgres://…\n  abide migrate --database postgres://… --to DIR")
    @OptionGroup var store: StoreOptions
    @Option(help: "Where to: postgres://… for an empty database, or an empty folder.") var to: String

    func run() async throws {
        try await speaking {
            let settings = try await Settings(store)
            let source = try await store.store(settings, mustExist: true)
            try await source.mustBeStopped()
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("abide-migrate-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let file = folder + "/desk"
            let (summary, _) = try await Archive.write(source.db, to: file, engine: source.engine, at: source.now())
            let options = try StoreOptions.parse([to.contains("://") ? "--database" : "--data", to])
            let target = try await Target(options, nil, schema: summary.head.schema, replace: false)
            try await target.fill(from: file, summary)
            guard try await Archive.summary(of: source.db, engine: source.engine, at: source.now()).digest == summary.digest else {
                throw Stop("The desk changed while it was moved: stop it, empty \(target.place), and try again.")
            }
            try await source.db.close()
            if !to.contains("://"), !FileManager.default.fileExists(atPath: target.keyFolder + "/desk.key") {
                try FileManager.default.createDirectory(atPath: target.keyFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try source.copyKey(to: target.keyFolder + "/desk.key")
            }
            say("moved \(summary.rows) rows to \(target.place); both have the digest \(summary.digest.prefix(16))")
            if to.contains("://") { complain("Start it with --database and --keys \(source.keyFolder)") }
        }
    }
}

/// An empty place for a desk that comes from elsewhere.
private struct Target {
    var place: String
    var keyFolder: String
    private var url: String?
    private var path = ""
    private var schema: Int

    /// - Parameter settings: nil: only the options count, since the rest says where the desk comes from.
    init(_ options: StoreOptions, _ settings: Settings?, schema: Int, replace: Bool) async throws {
        self.schema = schema
        url = settings.map { $0.value(options.database, "database") } ?? options.database
        if let url {
            place = StoreOptions.withoutPassword(url)
            keyFolder = settings?.value(options.keys, "keys") ?? settings?.value(options.data, "data").map { $0 + "/keys" } ?? StoreOptions.ownKeys()
            if replace { throw Stop("--replace: only for a folder. Make a new, empty database and restore into that.", code: 64) }
        } else {
            guard let folder = settings.map({ $0.value(options.data, "data") }) ?? options.data else { throw Stop("Name the folder with --data DIR, or the database with --database URL.", code: 64) }
            place = folder
            keyFolder = settings?.value(options.keys, "keys") ?? folder + "/keys"
            path = folder + "/abide.sqlite"
            do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]) } catch {
                throw Stop("The folder \(folder) can't be made: \(error.localizedDescription)", code: 73)
            }
            if FileManager.default.fileExists(atPath: path) {
                guard replace else { throw Stop("There is a desk in \(folder) already. Name an empty folder, or put it aside with --replace.", code: 73) }
                let old = OpenStore(db: try SQLiteDatabase(path: path), keyFolder: keyFolder, place: folder, isShared: false)
                try await old.mustBeStopped()
                try await old.db.close()
                let stamp = String(Int(Date().timeIntervalSince1970))
                for ending in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + ending) {
                    try FileManager.default.moveItem(atPath: path + ending, toPath: "\(path).before-\(stamp)\(ending)")
                }
                say("put aside: \(path).before-\(stamp)")
            }
            // A log that was left behind by another file would be taken for this one's.
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
        }
    }

    /// Fills the place, and compares what is there afterwards with what was to come.
    func fill(from file: String, _ summary: ArchiveSummary) async throws {
        if let url {
            let db: PostgreSQLDatabase
            do { db = try PostgreSQLDatabase(url: url, schema: schema) } catch StoreError.unreachable(let why) { throw Stop("\(place): \(why)", code: 69) }
            try await fill(db, "postgresql", from: file, summary)
            return
        }
        // Under its name only when it is whole.
        let part = path + ".restoring"
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: part + ending) }
        try await fill(try SQLiteDatabase(path: part, schema: schema), "sqlite", from: file, summary)
        // What is left in the log would be lost with its name.
        let left = (try? FileManager.default.attributesOfItem(atPath: part + "-wal")[.size] as? Int) ?? 0
        guard left == 0 else { throw Stop("\(part)-wal was not written back; restore again.") }
        try FileManager.default.moveItem(atPath: part, toPath: path)
        for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: part + ending) }
    }

    private func fill(_ db: any Database, _ engine: String, from file: String, _ summary: ArchiveSummary) async throws {
        try await Archive.load(file, into: db)
        try await db.analyse()
        let found = try await Archive.summary(of: db, engine: engine, at: Instant(0))
        try await db.close()
        guard found.digest == summary.digest else {
            let other = summary.tables.keys.filter { summary.tables[$0] != found.tables[$0] }.sorted()
            throw Stop("What is in \(place) now is not what was in the backup: \(other.joined(separator: ", "))")
        }
    }
}

extension OpenStore {
    var engine: String { isShared ? "postgresql" : "sqlite" }

    func now() -> Instant { db.now() ?? Instant(Int64(Date().timeIntervalSince1970)) }

    func copyKey(to path: String) throws {
        guard let key = FileManager.default.contents(atPath: keyFolder + "/desk.key") else { throw Stop("\(keyFolder)/desk.key can't be read.", code: 66) }
        guard FileManager.default.createFile(atPath: path, contents: key, attributes: [.posixPermissions: 0o600]) else { throw Stop("\(path) can't be written.", code: 73) }
    }

    /// A desk that runs notes every few seconds that it is alive.
    func mustBeStopped() async throws {
        func beat() async throws -> (last: String?, stopped: String?) { try await db.read { (try $0.meta("lastTick"), try $0.meta("stoppedAt")) } }
        let first = try await beat()
        guard let last = first.last, let second = Int64(last), abs(now().seconds - second) < 15, isShared || first.stopped != last else { return }
        complain("Looking whether the desk still runs (12 s) …")
        for _ in 0..<24 {
            try await Task.sleep(for: .milliseconds(500))
            if try await beat().last != last { throw Stop("The desk in \(place) is running: stop it first.", code: 75) }
        }
    }
}
