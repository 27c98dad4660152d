import AbideDesk
import AbideStore
import ArgumentParser
import Foundation

/// `abide user erase EMAIL` (GDPR 17)
struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erases a person for good: name, addresses, words, raw mails, files, means of signing in.",
        discussion: "Times, severities and levels stay for the agreement; the event log still verifies. A line without name or address goes to the file of --erasures (default: erasures.txt beside the keys' folder), by which `abide restore` erases again. Backups made before hold the person until they are deleted.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The person's e-mail address.") var email: String
    @Option(help: ArgumentHelp("Where the line goes.", valueName: "file")) var erasures: String?

    func run() async throws {
        try await speaking {
            let settings = try await Settings(store)
            let desk = try await store.desk(settings: settings)
            let result = try await desk.erase(personWithAddress: email)
            try appendLine(result.tombstone, to: erasures ?? store.erasures(settings))
            do { try await desk.db.compact() } catch { complain("The space is not yet overwritten (\(error)); stop the desk and run this again, or wait until it is reused.") }
            try await desk.close()
            say("erased person \(result.person): \(result.tickets) tickets, \(result.mails) mails")
        }
    }

    private func appendLine(_ line: String, to path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) }
        guard let file = FileHandle(forWritingAtPath: path) else { throw Stop("\(path) can't be written; it would be needed after a restore.", code: 73) }
        try file.seekToEnd()
        try file.write(contentsOf: Data((line + "\n").utf8))
        try file.synchronize()
    }
}

/// `abide user export EMAIL` (GDPR 15, 20)
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all that the desk holds of a person into a folder: own words as JSON, raw mails, files; nothing of others' words.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The person's e-mail address.") var email: String
    @Option(help: ArgumentHelp("A new folder.", valueName: "dir")) var to: String

    func run() async throws {
        try await speaking {
            guard !FileManager.default.fileExists(atPath: to) else { throw Stop("\(to) is there already; name a new folder.", code: 73) }
            let desk = try await store.desk()
            let files = try await desk.export(personWithAddress: email)
            try await desk.close()
            for (name, bytes) in files {
                let path = "\(to)/\(name)"
                try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else { throw Stop("\(path) can't be written.", code: 73) }
            }
            say("\(files.count) files in \(to)")
        }
    }
}

extension StoreOptions {
    /// The list of erasures, beside the keys and not in the store: a restored backup must not lose it.
    func erasures(_ settings: Settings) -> String { (((keyFolder(settings) as NSString).deletingLastPathComponent) as NSString).appendingPathComponent("erasures.txt") }
}
