package import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// The mail listener: SMTP and LMTP on one port (doors.md, `--smtp`).
package struct SMTPServer: Sendable {
    let host: String
    let port: Int
    let limits: SMTPLimits
    let hostName: String
    let knows: @Sendable (String) async -> Bool
    let accept: @Sendable (MailEnvelope, [UInt8]) async -> MailVerdict
    let logger: Logger
    let tls: NIOSSLContext?

    package struct BadCertificate: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - certificate: files in PEM of the certificate with its chain, and of its key; STARTTLS (RFC 3207) is offered with them.
    ///   - port: 0 takes a free one, told to `onReady`.
    ///   - hostName: what the listener calls itself.
    ///   - knows: whether a recipient has a mailbox here; a no is answered with 550 5.1.1.
    ///   - accept: stores a message: exact bytes with CRLF, without dot-stuffing. 250 is answered only after `stored`.
    package init(
        host: String, port: Int, limits: SMTPLimits = SMTPLimits(), hostName: String, certificate: (chain: String, key: String)? = nil,
        knows: @escaping @Sendable (String) async -> Bool,
        accept: @escaping @Sendable (MailEnvelope, [UInt8]) async -> MailVerdict,
        logger: Logger
    ) throws {
        self.host = host
        self.port = port
        self.limits = limits
        self.hostName = hostName
        self.knows = knows
        self.accept = accept
        self.logger = logger
        tls = try certificate.map { files in
            do {
                var configuration = TLSConfiguration.makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(files.chain).map { .certificate($0) }, privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
                configuration.minimumTLSVersion = .tlsv12
                return try NIOSSLContext(configuration: configuration)
            } catch { throw BadCertificate(description: "the certificate \(files.chain) with the key \(files.key) can't be used: \(error)") }
        }
    }

    /// Listens until the task is cancelled; then answers 421 4.3.2 and closes, within 2 seconds.
    /// - Throws: where the port can't be bound.
    package func run(onReady: @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        let connections = Connections(limits: limits)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = channel.remoteAddress?.ipAddress ?? "local"
                    try channel.pipeline.syncOperations.addHandler(SMTPHandler(server: self, connections: connections, peer: peer))
                }
            }
            .bind(host: host, port: port).get()
        let port = listener.localAddress?.port ?? port
        logger.info("mail listener open", metadata: ["host": "\(host)", "port": "\(port)"])
        await onReady(port)
        try await withTaskCancellationHandler {
            try await listener.closeFuture.get()
        } onCancel: {
            listener.close(promise: nil)
        }
        await close(connections.stop(), on: listener.eventLoop)
        logger.info("mail listener closed")
    }

    private func close(_ channels: [any Channel], on loop: any EventLoop) async {
        guard !channels.isEmpty else { return }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(SMTPHandler.Event.stop) }
        let force = loop.scheduleTask(in: .seconds(2)) { for channel in channels { channel.close(promise: nil) } }
        try? await EventLoopFuture.andAllComplete(channels.map(\.closeFuture), on: loop).get()
        force.cancel()
    }
}
