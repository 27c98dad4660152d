import AbideCore
import AbideDesk
import AbideStore
import ArgumentParser
import Configuration
import Foundation
import Logging
import SystemPackage

/// Where the desk's state is: the options that every command shares. Each also stands as `ABIDE_…` in the environment and as a key
/// in the configuration file that `ABIDE_CONFIG` or `--config` names.
struct StoreOptions: ParsableArguments {
    @Option(help: "The folder that holds all state of the embedded database. (ABIDE_DATA)")
    var data: String?

    @Option(help: ArgumentHelp("A database instead of the embedded one. (ABIDE_DATABASE)", valueName: "url"))
    var database: String?

    @Option(help: "The folder of the keys; the same on all nodes. Default: DATA/keys. (ABIDE_KEYS)")
    var keys: String?

    @Option(help: "A configuration file in YAML with these options as keys. (ABIDE_CONFIG)")
    var config: String?
}

/// A message for the person at the command line, with the exit code that the caller's script reads.
struct Stop: Error, CustomStringConvertible {
    var description: String
    var code: Int32
    init(_ description: String, code: Int32 = 1) {
        self.description = description
        self.code = code
    }
}

/// Runs a command's body; what went wrong is said in plain words on standard error.
func speaking(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let stop as Stop {
        complain(stop.description)
        throw ExitCode(stop.code)
    } catch let refusal as Refusal {
        complain(refusal.detail)
        throw ExitCode(refusal.kind == .input ? 64 : 1)
    } catch let faults as AgreementFaults {
        complain(faults.description)
        throw ExitCode(65)
    } catch let fault as StoreError {
        complain(fault.description)
        throw ExitCode(1)
    } catch let fault as KeyFault {
        complain(fault.description)
        throw ExitCode(1)
    }
}

func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

/// Past the buffer of `print`, which a pipe would make wait.
func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

/// Options, environment and configuration file, in this order.
struct Settings {
    private let reader: ConfigReader

    init(_ options: StoreOptions) async throws {
        let environment = EnvironmentVariablesProvider()
        let file = options.config ?? ProcessInfo.processInfo.environment["ABIDE_CONFIG"]
        if let file {
            do {
                reader = ConfigReader(providers: [environment.prefixKeys(with: "abide").asAnyProvider, try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))])
            } catch { throw Stop("The configuration file \(file) can't be read: \(error)", code: 66) }
        } else {
            reader = ConfigReader(provider: environment.prefixKeys(with: "abide").asAnyProvider)
        }
    }

    func value(_ option: String?, _ key: String) -> String? { option ?? reader.string(forKey: ConfigKey(key)) }
    func flag(_ option: Bool, _ key: String) -> Bool { option || reader.bool(forKey: ConfigKey(key), default: false) }
}

extension ConfigProvider {
    /// One spelling for both kinds of provider.
    fileprivate var asAnyProvider: any ConfigProvider { self }
}

extension StoreOptions {
    /// Opens the store and the desk on it, for a command that ends soon.
    func desk(settings: Settings? = nil, agreement: String? = nil, deskSettings: DeskSettings = DeskSettings(baseURL: "http://127.0.0.1:8080", isCommand: true), mustExist: Bool = true, logger: Logger? = nil) async throws -> Desk {
        let settings = if let settings { settings } else { try await Settings(self) }
        if let url = settings.value(database, "database") {
            throw Stop("--database \(url.prefix { $0 != ":" })://…: this version of Abide has the embedded database only. Leave --database out and name a folder with --data.", code: 64)
        }
        guard let folder = settings.value(data, "data") else { throw Stop("Name the desk's folder with --data DIR (or ABIDE_DATA).", code: 64) }
        let path = folder + "/abide.sqlite"
        if mustExist, !FileManager.default.fileExists(atPath: path) { throw Stop("There is no desk in \(folder): start one with `abide serve --data \(folder)`.", code: 66) }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]) } catch {
            throw Stop("The folder \(folder) can't be made: \(error.localizedDescription)", code: 73)
        }
        var quiet = Logger(label: "abide")
        quiet.logLevel = .error
        let read = try agreement.map { file in
            do { return try AgreementFile.load(path: file) } catch { throw Stop("\(error)", code: 66) }
        }
        return try await Desk.open(
            db: try SQLiteDatabase(path: path), settings: deskSettings, keys: try Keys.load(directory: settings.value(keys, "keys") ?? folder + "/keys"), zones: ZoneFiles(), agreementYAML: read?.yaml,
            agreementName: agreement ?? "standard.yaml", beside: { read?.reading.sources[$0] }, logger: logger ?? quiet, clock: { Instant(Int64(Date().timeIntervalSince1970)) })
    }
}

/// Prints a value as one line of JSON.
func sayJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    say(String(decoding: try encoder.encode(value), as: UTF8.self))
}
