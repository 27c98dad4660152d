import AbideCore
import AbideDesk
import AbideStore
import Foundation
import Logging

/// The store that the options name, opened, and where its keys are.
struct OpenStore {
    var db: any Database
    var keyFolder: String
    /// Words for messages: the folder, or the database without its password.
    var place: String
    /// Several nodes may work on it.
    var isShared: Bool
}

extension StoreOptions {
    /// Opens the store.
    /// - Parameter mustExist: false for what makes a desk where there is none.
    func store(_ settings: Settings, mustExist: Bool) async throws -> OpenStore {
        if let url = settings.value(database, "database") { return try await server(url, settings, mustExist: mustExist) }
        guard let folder = settings.value(data, "data") else {
            throw Stop("Name the desk's folder with --data DIR (or ABIDE_DATA), or its database with --database URL (or ABIDE_DATABASE).", code: 64)
        }
        let path = folder + "/abide.sqlite"
        if mustExist, !FileManager.default.fileExists(atPath: path) { throw Stop("There is no desk in \(folder): start one with `abide serve --data \(folder)`.", code: 66) }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]) } catch {
            throw Stop("The folder \(folder) can't be made: \(error.localizedDescription)", code: 73)
        }
        return OpenStore(db: try SQLiteDatabase(path: path), keyFolder: keyFolder(settings), place: folder, isShared: false)
    }

    private func server(_ url: String, _ settings: Settings, mustExist: Bool) async throws -> OpenStore {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            throw Stop("--database: expected postgres://USER@HOST/NAME; for the embedded database leave it out and name a folder with --data.", code: 64)
        }
        let place = Self.withoutPassword(url)
        let db: PostgreSQLDatabase
        do { db = try PostgreSQLDatabase(url: url) } catch StoreError.unreachable(let why) { throw Stop("--database \(place): \(why)", code: 69) }
        if mustExist, try await db.read({ try $0.agreements().isEmpty }) {
            throw Stop("There is no desk in \(place): start one with `abide serve --database …`.", code: 66)
        }
        return OpenStore(db: db, keyFolder: keyFolder(settings), place: place, isShared: true)
    }

    func keyFolder(_ settings: Settings) -> String { settings.value(keys, "keys") ?? settings.value(data, "data").map { $0 + "/keys" } ?? Self.ownKeys() }

    /// Where the keys are when nobody says so: the state folder that systemd gives, else the person's own data folder.
    static func ownKeys() -> String {
        let environment = ProcessInfo.processInfo.environment
        if let state = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return state + "/keys" }
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/abide/keys" }
        return (environment["HOME"] ?? ".") + "/.local/share/abide/keys"
    }

    /// A password in a URL is for the server alone.
    static func withoutPassword(_ url: String) -> String {
        url.replacing(/:\/\/([^:@\/]*):[^@\/]*@/) { "://\($0.output.1)@" }.replacing(/password=[^&]*/, with: "password=…")
    }

    /// Opens the store and the desk on it, for a command that ends soon.
    func desk(
        settings: Settings? = nil, agreement: String? = nil, deskSettings: DeskSettings = DeskSettings(baseURL: "http://127.0.0.1:8080", isCommand: true), mustExist: Bool = true,
        logger: Logger? = nil
    ) async throws -> Desk {
        let settings = if let settings { settings } else { try await Settings(self) }
        let read = try agreement.map { file in
            do { return try AgreementFile.load(path: file) } catch { throw Stop("\(error)", code: 66) }
        }
        var quiet = Logger(label: "abide")
        quiet.logLevel = .error
        let store = try await store(settings, mustExist: mustExist)
        return try await Desk.open(
            db: store.db, settings: deskSettings, keys: try Keys.load(directory: store.keyFolder, makes: !(store.isShared && mustExist)), zones: ZoneFiles(), agreementYAML: read?.yaml,
            agreementName: agreement ?? "standard.yaml", beside: { read?.reading.sources[$0] }, logger: logger ?? quiet,
            clock: { store.db.now() ?? Instant(Int64(Date().timeIntervalSince1970)) })
    }
}
