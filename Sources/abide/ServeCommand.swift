import AbideCore
import AbideDesk
import AbideMail
import AbideWeb
import ArgumentParser
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the desk: web, mail in, mail out and timers, in one process.",
        discussion: "Each option also stands as ABIDE_DATA, ABIDE_HTTP … in the environment, and as a key in the configuration file.")

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Where the web listens; port 0 picks a free one. Default: 127.0.0.1:8080. (ABIDE_HTTP)", valueName: "host:port"))
    var http: String?

    @Option(help: ArgumentHelp("Where the mail listener is, SMTP and LMTP; port 0 picks a free one. Default: 127.0.0.1:2525. (ABIDE_SMTP)", valueName: "host:port"))
    var smtp: String?

    @Option(help: ArgumentHelp("The agreement; a changed one is a new version from now on, for new tickets. Default: the standard one. (ABIDE_AGREEMENT)", valueName: "file"))
    var agreement: String?

    @Option(help: ArgumentHelp("Where mail leaves: smtp://, smtps://, ?tls=required. Without it nothing leaves; see the outbox page. (ABIDE_RELAY)", valueName: "url"))
    var relay: String?

    @Option(name: .customLong("base-url"), help: ArgumentHelp("How browsers reach the desk; links in mails begin with it. (ABIDE_BASE_URL)", valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("Where the continuity pack is written, every 15 minutes and at the stop. Default: DATA/continuity. (ABIDE_CONTINUITY_DIR)", valueName: "dir"))
    var continuity: String?

    @Option(name: .customLong("continuity-mail"), help: ArgumentHelp("Who gets the pack by mail when it has changed, divided by commas. (ABIDE_CONTINUITY_MAIL)", valueName: "addresses"))
    var continuityMail: String?

    @Option(help: ArgumentHelp("Where backups are written, one a day, the last 14 kept. Default: none. (ABIDE_BACKUPS)", valueName: "dir"))
    var backups: String?

    @Option(help: ArgumentHelp("Where the signed heads of the log are appended, every 5 minutes and at the stop. Default: heads.jsonl beside the keys' folder. (ABIDE_HEADS)", valueName: "file"))
    var heads: String?

    @Option(name: .customLong("smtp-tls-cert"), help: ArgumentHelp("A certificate with its chain, in PEM: the listener offers STARTTLS. (ABIDE_SMTP_TLS_CERT)", valueName: "file"))
    var smtpCertificate: String?

    @Option(name: .customLong("smtp-tls-key"), help: ArgumentHelp("The key of that certificate, in PEM. (ABIDE_SMTP_TLS_KEY)", valueName: "file"))
    var smtpKey: String?

    @Option(help: ArgumentHelp("The language of mails to clients: en, de, es, or a file with your own words. Default: en. (ABIDE_MAIL_WORDS)", valueName: "name"))
    var mailWords: String?

    @Option(name: .customLong("dkim-key"), help: ArgumentHelp("A private key in PEM, Ed25519 or RSA: outgoing mail is signed. (ABIDE_DKIM_KEY)", valueName: "file"))
    var dkimKey: String?

    @Option(name: .customLong("dkim-selector"), help: ArgumentHelp("Under which the public key stands in DNS. Default: abide. (ABIDE_DKIM_SELECTOR)", valueName: "name"))
    var dkimSelector: String?

    @Option(help: ArgumentHelp("A mailbox to look into: imaps://user@host/INBOX?password-file=FILE; again for several. Further settings: password-env, token-file (OAuth 2), move, ca-file, every. (ABIDE_IMAP, separated by spaces)", valueName: "url"))
    var imap: [String] = []

    @Option(name: .customLong("trusted-relay"), help: ArgumentHelp("The address of the mail server in front of the listener, whose word about senders counts; again for several. (ABIDE_TRUSTED_RELAY)", valueName: "address"))
    var trustedRelay: [String] = []

    @Option(name: .customLong("authserv-id"), help: ArgumentHelp("The name under which that server writes Authentication-Results. Without it no sender is verified. (ABIDE_AUTHSERV_ID)", valueName: "name"))
    var authservID: String?

    @Option(name: .customLong("junk-header"), help: ArgumentHelp("How that server calls mail junk, as \"X-Spam-Flag: YES\". (ABIDE_JUNK_HEADER)", valueName: "field"))
    var junkHeader: String?

    @Flag(help: "Fills an empty desk once with a small demo company. (ABIDE_DEMO)")
    var demo = false

    func run() async throws { try await speaking { try await serve() } }

    private func serve() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var chosen = Logger(label: "abide")
        chosen.logLevel = ProcessInfo.processInfo.environment["ABIDE_LOG_LEVEL"].flatMap(Logger.Level.init(rawValue:)) ?? .notice
        let logger = chosen
        let settings = try await Settings(store)
        let (httpHost, httpPort) = try Self.address(settings.value(http, "http") ?? "127.0.0.1:8080", "--http")
        let (smtpHost, smtpPort) = try Self.address(settings.value(smtp, "smtp") ?? "127.0.0.1:2525", "--smtp")
        let relay: Relay?
        do { relay = try settings.value(self.relay, "relay").map { try Relay(url: $0) } } catch { throw Stop("--relay: \(error)", code: 64) }
        // The port of links is known only after the listener is open, unless it was chosen.
        let (httpListener, reserved) = try Self.reserve(httpHost, httpPort, "--http")
        let base = settings.value(baseURL, "base.url") ?? "http://\(Self.reachable(httpHost)):\(httpListener)"
        let mailboxes = try mailboxes(settings)
        let certificate = try certificate(settings)
        let dkim = try settings.value(dkimKey, "dkim.key").map { path in
            guard let pem = try? String(contentsOfFile: path, encoding: .utf8) else { throw Stop("--dkim-key \(path): can't be read.", code: 66) }
            return (pem: pem, selector: settings.value(dkimSelector, "dkim.selector") ?? "abide")
        }
        var deskSettings = DeskSettings(baseURL: base.hasSuffix("/") ? String(base.dropLast()) : base, secureCookies: base.hasPrefix("https://"), sendsMail: relay != nil, version: abideVersion)
        // A door to the whole network without an address of its own can't know by which name it is called.
        if settings.value(baseURL, "base.url") != nil || Self.isLoopback(httpHost) {
            deskSettings.hosts = Set(["localhost", "127.0.0.1", "[::1]", httpHost.lowercased(), URL(string: base)?.host()?.lowercased()].compactMap(\.self))
        }
        deskSettings.mailTrust = try mailTrust(settings)
        deskSettings.mailboxes = mailboxes.map(\.description)
        deskSettings.probeMailbox = MailboxPolling.probe
        deskSettings.mailDoor = smtpPort == 0 ? "\(smtpHost), on a free port" : "\(smtpHost):\(smtpPort)"
        deskSettings.relay = relay?.description
        if settings.value(store.database, "database") == nil { deskSettings.folder = settings.value(store.data, "data") } else { deskSettings.node = "\(ProcessInfo.processInfo.hostName) \(httpHost):\(httpListener)" }
        do { deskSettings.templates = try MailTemplates.load(settings.value(mailWords, "mail.words") ?? "en") } catch { throw Stop("--mail-words: \(error)", code: 65) }
        let desk = try await store.desk(settings: settings, agreement: settings.value(agreement, "agreement"), deskSettings: deskSettings, mustExist: false, logger: logger)
        do { try await desk.claimKey(replaces: ProcessInfo.processInfo.environment["ABIDE_NEW_KEY"] == "1") } catch let fault as OtherKey {
            // Several nodes must agree; one alone goes on with what it has, as after a restore without the key.
            guard settings.value(store.database, "database") == nil else { throw Stop(fault.description, code: 78) }
            logger.warning("another key than before: answers to earlier mails will open new tickets")
            try await desk.claimKey(replaces: true)
        }
        if settings.flag(demo, "demo") { try await desk.fillWithDemo() }
        try await desk.wake()
        try await desk.noteDoor()

        let doors = Doors()
        let web = WebServer(desk: desk, host: httpHost, port: httpListener, logger: logger)
        let wakeMail = Signal()
        let smtpServer: SMTPServer
        do { smtpServer = try SMTPServer(
            host: smtpHost, port: smtpPort, hostName: Keys.split(desk.currentAgreement().terms.provider.mailbox).domain, certificate: certificate,
            knows: { desk.knowsMailbox($0) },
            accept: { envelope, raw in
                if desk.isBusy { return .tryAgain(code: 451, enhanced: "4.3.2", text: "Too much comes in at this moment, try again later") }
                do {
                    try await desk.receive(raw, from: envelope.from, recipients: envelope.recipients, peer: envelope.peer)
                    wakeMail.ring()
                    return .stored
                } catch {
                    logger.error("a message could not be stored", metadata: ["error": "\(error)"])
                    if Desk.isLackOfRoom(error) { return .tryAgain(code: 452, enhanced: "4.3.1", text: "The disk is full, try again later") }
                    return .tryAgain(code: 451, enhanced: "4.3.0", text: "Not stored, try again later")
                }
            }, logger: logger) } catch { throw Stop("--smtp-tls-cert: \(error)", code: 66) }
        let http = web.application { port in
            if let reserved { Glibc.close(reserved) }
            await doors.open(http: "http://\(Self.reachable(httpHost)):\(port)")
        }
        let looking = mailboxes.map { mailbox in
            ServiceGroupConfiguration.ServiceConfiguration(service: Background(name: "mailbox") { await MailboxPolling.run(mailbox, desk, wake: wakeMail, logger) })
        }
        let lastMail = LastMail()
        let group = ServiceGroup(configuration: .init(
            services: looking + [
                .init(service: Background(name: "web") { try await http.run() }),
                .init(service: Background(name: "mail in") {
                    do { try await smtpServer.run { port in await doors.open(smtp: "\(smtpHost):\(port)") } } catch is CancellationError {} catch {
                        throw Stop("--smtp \(smtpHost):\(smtpPort): the port can't be opened (\(error)). Another program may use it; choose another one.", code: 71)
                    }
                }),
                .init(service: Background(name: "mailboxes") { await MailboxPolling.runDue(desk, wake: wakeMail, logger) }),
                .init(service: Background(name: "registering") {
                    await Self.every(milliseconds: 500, wake: wakeMail, logger) {
                        while try await desk.registerMail(read: { MailReader.read($0) }) > 0, !Task.isCancelled { lastMail.at.withLock { $0 = .now } }
                    }
                }),
                .init(service: Background(name: "timers") {
                    var beat = 0
                    await Self.every(milliseconds: 500, wake: nil, logger) {
                        try await desk.watchClock()
                        while try await desk.tick() > 0, !Task.isCancelled {}
                        try await desk.sendHeldAnswers()
                        beat += 1
                        try await desk.noticeErasures()
                        if beat % 20 == 1 { try await desk.noteAlive() }
                    }
                }),
                .init(service: Background(name: "reports") {
                    await Self.every(milliseconds: 60_000, wake: nil, logger) {
                        try await desk.issueDueReports()
                        try await desk.advanceReviews()
                        try await desk.sendDigests()
                        try await desk.forgetExpired()
                    }
                }),
                .init(service: Background(name: "mail out") {
                    guard let relay else { return await Self.untilStopped() }
                    let from = desk.currentAgreement().terms.provider.mailbox
                    let signer: DKIMSigner?
                    do { signer = try dkim.map { try DKIMSigner(domain: Keys.split(from).domain, selector: $0.selector, pem: $0.pem) } } catch { throw Stop("--dkim-key: \(error)", code: 65) }
                    await Self.every(milliseconds: 250, wake: nil, logger) {
                        while try await desk.sendMail(send: { mail in
                            // What a person wrote comes back to the signed address; what a machine wrote to nobody (R8).
                            switch await relay.send(from: mail.autoSubmitted == nil ? mail.replyTo?.address ?? from : "", to: mail.to.address, message: signer.map { $0.sign(MailComposer.compose(mail), at: desk.now().seconds) } ?? MailComposer.compose(mail)) {
                            case .sent: .sent
                            case .tryAgain(let code, let text): .tryAgain("\(code) \(text)")
                            case .failed(let code, let text): .failed("\(code) \(text)")
                            }
                        }) > 0, !Task.isCancelled {}
                    }
                }),
                .init(service: Background(name: "continuity") {
                    let keeper = try await Keeper(settings, store, continuity: continuity, addresses: continuityMail, backups: backups, heads: heads, logger)
                    await keeper.run(desk)
                }),
                .init(service: Background(name: "search") {
                    var putOff = 0
                    await Self.every(milliseconds: 1000, wake: nil, logger) {
                        // Whoever searches has the newest words read first, so that these may wait while much mail comes in; twenty seconds at most.
                        if putOff < 20, let last = lastMail.at.withLock({ $0 }), last.duration(to: .now) < .milliseconds(500) {
                            putOff += 1
                            return
                        }
                        putOff = 0
                        // Few at a time: whoever writes meanwhile waits behind them.
                        while try await desk.indexForSearch(limit: 10) > 0, !Task.isCancelled {}
                    }
                }),
                .init(service: Background(name: "other nodes") {
                    await cancelWhenGracefulShutdown { await desk.followOtherNodes() }
                    // Without other nodes there is nothing to hear; a service that ends would end the others.
                    await Self.untilStopped()
                }),
                .init(service: Background(name: "live") {
                    await Self.untilStopped()
                    desk.live.close()
                }),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet(logger)))
        do { try await group.run() } catch let stop as Stop { throw stop } catch {
            throw Stop("The desk stopped: \(error). If a port is in use by another program, choose another one with --http or --smtp.", code: 71)
        }
        try await desk.noteAlive(stops: true)
        try await desk.close()
    }

    private func mailboxes(_ settings: Settings) throws -> [IMAPMailbox] {
        let urls = imap.isEmpty ? (settings.value(nil, "imap") ?? "").split(whereSeparator: \.isWhitespace).map(String.init) : imap
        do { return try urls.map { try IMAPMailbox(url: $0, environment: ProcessInfo.processInfo.environment) } } catch { throw Stop("--imap: \(error)", code: 64) }
    }

    private func certificate(_ settings: Settings) throws -> (chain: String, key: String)? {
        let chain = settings.value(smtpCertificate, "smtp.tls.cert"), key = settings.value(smtpKey, "smtp.tls.key")
        if chain == nil, key == nil { return nil }
        guard let chain, let key else { throw Stop("--smtp-tls-cert and --smtp-tls-key go together.", code: 64) }
        return (chain, key)
    }

    private func mailTrust(_ settings: Settings) throws -> MailTrust {
        let relays = trustedRelay.isEmpty ? (settings.value(nil, "trusted.relay") ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) : trustedRelay
        var trust = MailTrust(authority: settings.value(authservID, "authserv.id"), relays: Set(relays))
        if let header = settings.value(junkHeader, "junk.header") {
            let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw Stop("--junk-header \(header): expected a field with its value, as \"X-Spam-Flag: YES\".", code: 64) }
            trust.junkField = parts[0].lowercased()
            trust.junkValue = parts[1].lowercased()
        }
        return trust
    }

    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    /// `HOST:PORT`; `[::1]:80` for IPv6.
    private static func address(_ text: String, _ option: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), colon != text.startIndex else {
            throw Stop("\(option) \(text): expected HOST:PORT, as 127.0.0.1:8080.", code: 64)
        }
        return (String(text[..<colon]).trimmingCharacters(in: CharacterSet(charactersIn: "[]")), Int(port))
    }

    private static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func reachable(_ host: String) -> String { host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host }

    /// A free port where 0 was asked for; a taken one is told at once. The socket holds the port for the listener to come:
    /// the system shares it with those who ask for it by number while nobody listens, and gives it to nobody who asks for any.
    private static func reserve(_ host: String, _ port: Int, _ option: String) throws -> (port: Int, socket: Int32?) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return (port, nil) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            Glibc.close(socket)
            return (port, nil)
        }
        let bound = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } }
        guard bound == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(socket)
            throw Stop("\(option) \(host):\(port): the port can't be opened (\(reason)). Another program may use it; choose another one.", code: 71)
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) } }
        return (Int(UInt16(bigEndian: address.sin_port)), socket)
    }

    /// Does `body` again and again until the desk stops: at once when woken, else after a pause. A fault is logged and does not end it.
    private static func every(milliseconds: Int, wake: Signal?, _ logger: Logger, _ body: () async throws -> Void) async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do { try await body() } catch {
                logger.error("background work failed and is tried again", metadata: ["error": "\(error)"])
            }
            if let wake { await wake.wait(milliseconds: milliseconds) } else { try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) } }
        }
    }

    private static func untilStopped() async { try? await gracefulShutdown() }
}

/// When mail was registered last, for work that may wait meanwhile.
private final class LastMail: Sendable {
    let at = Mutex<ContinuousClock.Instant?>(nil)
}

/// One service of the group; ends when the group stops.
struct Background: Service {
    var name: String
    var body: @Sendable () async throws -> Void

    init(name: String, _ body: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.body = body
    }

    func run() async throws {
        if name == "mail in" {
            try await cancelWhenGracefulShutdown { try await body() }
        } else {
            try await body()
        }
    }
}

/// Prints the one line that tells callers that every door is open.
actor Doors {
    private var http: String?
    private var smtp: String?

    func open(http: String) {
        self.http = http
        tell()
    }

    func open(smtp: String) {
        self.smtp = smtp
        tell()
    }

    private func tell() {
        guard let http, let smtp else { return }
        say("ready http=\(http) smtp=\(smtp)")
    }
}
