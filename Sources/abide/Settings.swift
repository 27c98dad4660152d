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
    } catch let fault as HeadsFault {
        complain("\(fault)")
        throw ExitCode(66)
    } catch let fault as ArchiveFault {
        complain("\(fault)")
        throw ExitCode(65)
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

/// Prints a value as one line of JSON.
func sayJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    say(String(decoding: try encoder.encode(value), as: UTF8.self))
}
