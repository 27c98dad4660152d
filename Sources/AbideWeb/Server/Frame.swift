import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The one middleware, around everything: it words errors, sets the header fields that protect, compresses, and counts.
/// One and not five, since each costs an existential call and a suspension on every request.
struct Frame: RouterMiddleware {
    let web: Web
    private let protection: [HTTPField]

    init(web: Web) {
        self.web = web
        var protection = [
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(name: .referrerPolicy, value: "same-origin"),
        ]
        if web.desk.settings.secureCookies {
            protection.append(HTTPField(name: .strictTransportSecurity, value: "max-age=63072000; includeSubDomains"))
        }
        self.protection = protection
    }

    /// Everything from the desk itself, no inline script or style, in nobody's frame.
    static let contentPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

    /// The browser makes a ticket's page ready while one points at its row, so that it opens at once. Reading a page changes nothing, so that may be in vain.
    private static let speculation = HTTPField.Name("Speculation-Rules").map { HTTPField(name: $0, value: "\"\(Assets.path("speculation.json"))\"") }

    func handle(_ request: Request, context: AbideRequestContext, next: @concurrent (Request, AbideRequestContext) async throws -> Response) async throws -> Response {
        let started = ContinuousClock.now
        var response: Response
        do {
            try checkHost(request)
            try checkRoom(request)
            // What says itself that it is too large isn't read first.
            if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > BodyLimit.form { throw NIOTooManyBytesError(maxBytes: BodyLimit.form) }
            let tongue = await tongue(request)
            response = tongue.isEnglish ? await answered(request, context, next) : await Tongue.$current.withValue(tongue) { await answered(request, context, next) }
        } catch {
            response = await answer(error, request, context)
        }
        for field in protection where !response.headers.contains(field.name) { response.headers.append(field) }
        if !response.headers.contains(.contentSecurityPolicy) {
            response.headers.append(HTTPField(name: .contentSecurityPolicy, value: Self.contentPolicy))
        }
        if request.uri.path == "/tickets", request.method == .get, response.status == .ok, let rules = Self.speculation { response.headers.append(rules) }
        if !response.headers.contains(.cacheControl) { response.headers.append(HTTPField(name: .cacheControl, value: "no-store")) }
        if Gzip.isAccepted(request.headers[.acceptEncoding]) { await compress(&response) }
        web.counters.count(Int(response.status.code), seconds: started.duration(to: .now) / .seconds(1))
        return response
    }

    private func answered(_ request: Request, _ context: AbideRequestContext, _ next: @concurrent (Request, AbideRequestContext) async throws -> Response) async -> Response {
        do { return try await next(request, context) } catch { return await answer(error, request, context) }
    }

    /// The reader's language: as the account says, else as the browser asks. Programs are spoken to in English.
    private func tongue(_ request: Request) async -> Tongue {
        let path = request.uri.path
        if path.hasPrefix("/api/") || path.hasPrefix("/assets/") || path.hasPrefix("/health/") || path == "/metrics" { return .english }
        if let secret = web.sessionSecret(request), let known = try? await web.desk.session(secret), let tongue = Languages.tongue(known.person.language) { return tongue }
        return Languages.wanted(request.headers[.acceptLanguage])
    }

    /// S26: a request for another site's name, as one that a forged `Host` or a rebound name of the network sends, is not for this desk. Probes of
    /// machines that watch over it call it by whatever address they have.
    private func checkHost(_ request: Request) throws {
        guard let hosts = web.desk.settings.hosts, let authority = request.head.authority else { return }
        let name = authority.last == "]" ? Substring(authority) : authority.lastIndex(of: ":").map { authority[..<$0] } ?? Substring(authority)
        if hosts.contains(String(name)) || hosts.contains(name.lowercased()) { return }
        let path = request.uri.path
        if path.hasPrefix("/health/") || path == "/metrics" { return }
        throw PlainError(421, "This desk is not known by the name \(name.prefix(100)). Whoever runs it can say by which one it is (--base-url).")
    }

    /// P4: the last of the disk is for the work in hand, and for those who come to see to it.
    private func checkRoom(_ request: Request) throws {
        guard request.method != .get, request.method != .head, !request.uri.path.hasPrefix("/sign-") else { return }
        guard web.desk.hasRoom else { throw ErrorAnswer.noRoom }
        // P15: told at once, before anything of it was read or done.
        guard !web.desk.isBusy else { throw ErrorAnswer.busy }
    }

    private func answer(_ error: any Error, _ request: Request, _ context: AbideRequestContext) async -> Response {
        let path = request.uri.path
        let isAPI = path.hasPrefix("/api/")
        var answer = ErrorAnswer(error, requestID: context.id)
        if answer.status == 404, isAPI, error is HTTPError, let allowed = APITable.methods(at: path) {
            answer = ErrorAnswer(405, "This address takes \(allowed.joined(separator: ", ")).")
            answer.headers = [("Allow", allowed.joined(separator: ", "))]
        }
        if let id = answer.id {
            web.logger.error("request failed", metadata: ["id": "\(id)", "method": "\(request.method)", "path": "\(path)", "error": "\(error)"])
        }
        if isAPI || path.hasPrefix("/health/") { return answer.problem() }
        if error is NotSignedIn, request.method == .get || request.method == .head {
            return .seeOther(path == "/" ? "/sign-in" : "/sign-in?next=" + percentEncoded(request.uri.string))
        }
        return await web.errorPage(answer, request, context, web)
    }

    private func compress(_ response: inout Response) async {
        guard let length = response.body.contentLength, length > Gzip.threshold, length < Gzip.most, !response.headers.contains(.contentEncoding),
            let type = response.headers[.contentType], Self.isText(type)
        else { return }
        let collector = BodyCollector()
        guard (try? await response.body.write(collector)) != nil, let small = Gzip.compress(collector.box.buffer) else { return }
        response.body = .init(byteBuffer: small)
        response.headers.append(HTTPField(name: .contentEncoding, value: "gzip"))
        response.headers.append(HTTPField(name: .vary, value: "accept-encoding"))
    }

    private static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/html") || type.hasPrefix("application/json") || type.hasPrefix("application/problem+json") || type.hasPrefix("text/css")
            || type.hasPrefix("text/javascript") || type.hasPrefix("image/svg+xml") || type.hasPrefix("text/plain")
    }
}
