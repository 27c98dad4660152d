import ArgumentParser
import Foundation
import Hummingbird
import Logging

/// `abide bench-bare`: the HTTP server alone, answering a constant. `make bench` holds the pages against it, so it runs
/// from the same binary, with the same flags and libraries.
struct BenchBareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-bare", abstract: "Answers a constant over HTTP, as the ceiling of the benchmarks.", shouldDisplay: false)

    @Option(name: .customLong("http"), help: "HOST:PORT to listen on; port 0 picks a free one.")
    var address = "127.0.0.1:0"

    func run() async throws {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            throw ValidationError("--http \(address): expected HOST:PORT, as 127.0.0.1:0")
        }
        let host = String(address[..<colon])
        let router = Router()
        router.get("/") { _, _ in "ok" }
        var logger = Logger(label: "abide.bench")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: Int(port))),
            onServerRunning: { channel in
                // Written past the buffer of `print`, which a pipe would make wait.
                let ready = "ready http=http://\(host):\(channel.localAddress?.port ?? Int(port))\n"
                FileHandle.standardOutput.write(Data(ready.utf8))
            }, logger: logger)
        try await application.runService()
    }
}
