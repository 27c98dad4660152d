package import AbideDesk
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// The desk's HTTP door: API, pages, health and live updates.
package struct WebServer: Sendable {
    private let web: Web
    private let host: String
    private let port: Int
    private let logger: Logger

    /// So many connections are open at most; who comes then waits in the system's own queue until one ends.
    private static let mostConnections = 4096

    /// - Parameter port: 0 takes a free one, which `onReady` then names.
    package init(desk: Desk, host: String, port: Int, logger: Logger) {
        web = Web(desk: desk, logger: logger, errorPage: PageRoutes.errorPage)
        self.host = host
        self.port = port
        self.logger = logger
    }

    /// A service for the process's group; `onReady` is called once, when the port is open.
    package func application(onReady: @escaping @Sendable (_ port: Int) async -> Void) -> some ApplicationProtocol {
        // One line a request would be most of the log: only what goes wrong is logged.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return Application(
            router: Self.router(web),
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: .init(address: .hostname(host, port: port), backlog: 1024, availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: quiet)
    }

    static func router(_ web: Web) -> Router<AbideRequestContext> {
        let router = Router(context: AbideRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Frame(web: web))
        Health.add(to: router, web)
        router.get("/assets/{name}") { request, context in
            try AssetServer.shared.answer(context.parameters.get("name") ?? "", request)
        }
        // At the root, or it would speak for a part of the desk alone. Looked for anew each time: a worker that is kept would keep an old desk.
        router.get("/service-worker.js") { _, _ -> Response in Response(status: .ok, headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache"], body: .init(byteBuffer: ByteBuffer(bytes: Assets.serviceWorker))) }
        router.get("/offline") { _, _ -> Response in .html(Pages.offline(web.visitorPage())) }
        // Asked for by browsers that read no page's head.
        router.get("/favicon.ico") { request, _ in try AssetServer.shared.answer("favicon.svg", request) }
        APITable.add(to: router, web)
        PageRoutes.add(to: router, web)
        return router
    }
}
