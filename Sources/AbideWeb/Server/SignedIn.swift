import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Who asks, and the token that this session's forms carry.
struct Signed: Sendable {
    var person: Person
    /// Empty where a bearer token was sent: no browser sends one by itself, so nothing needs defending.
    var csrf: String
}

extension Web {
    /// The person of the session's cookie; throws `NotSignedIn`. For anything but GET and HEAD the request must also come from a page
    /// of this desk; the form's token is checked where the form is read (`form`).
    func signedIn(_ request: Request, _ context: AbideRequestContext) async throws -> Signed {
        guard let secret = sessionSecret(request), let session = try await desk.session(secret) else { throw NotSignedIn() }
        if request.method != .get, request.method != .head { try requireOwnOrigin(request) }
        return Signed(person: session.person, csrf: session.csrf)
    }

    /// For the API: a bearer token; else the cookie, whose changes need the token of the session in `X-CSRF-Token`.
    func caller(_ request: Request, _ context: AbideRequestContext) async throws -> Signed {
        if let header = request.headers[.authorization] {
            guard let token = Self.bearer(header) else {
                throw NotSignedIn(detail: "Authorization is not of the form: Bearer TOKEN.")
            }
            guard let person = try await desk.bearer(token) else {
                throw NotSignedIn(detail: "This token is not known, or was revoked.")
            }
            return Signed(person: person, csrf: "")
        }
        let signed = try await signedIn(request, context)
        if request.method != .get, request.method != .head { try checkCSRF(request.headers[.csrfToken], signed) }
        return signed
    }

    func sessionSecret(_ request: Request) -> String? {
        let name = cookieName
        for header in request.headers[values: .cookie] {
            for part in header.split(separator: ";") {
                let pair = part.trimmingSpaces()
                guard pair.hasPrefix(name), pair.dropFirst(name.count).first == "=" else { continue }
                let value = pair.dropFirst(name.count + 1)
                return value.isEmpty || value.utf8.count > 256 ? nil : String(value)
            }
        }
        return nil
    }

    /// `Set-Cookie` of a new session; an empty secret takes the cookie away.
    func sessionCookie(_ secret: String) -> String {
        var cookie = "\(cookieName)=\(secret); Path=/; HttpOnly; SameSite=Lax"
        if desk.settings.secureCookies { cookie += "; Secure" }
        if secret.isEmpty { cookie += "; Max-Age=0" }
        return cookie
    }

    func checkCSRF(_ token: String?, _ signed: Signed) throws {
        guard let token, !signed.csrf.isEmpty, Self.same(token, signed.csrf) else {
            throw Refusal(.forbidden, "This form is not of your present session. Load the page again and repeat it.")
        }
    }

    /// Refuses what another site sent. Browsers say where a request comes from by `Sec-Fetch-Site`, older ones by `Origin`.
    func requireOwnOrigin(_ request: Request) throws {
        let foreign = Refusal(.forbidden, "This was sent from another site, so it was not done.")
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" || site == "none" else { throw foreign }
            // No page can forge it. A form of a page that sends no referrer has "null" as its origin (Fetch, 3.1).
            if site == "same-origin" { return }
        }
        if let origin = request.headers[.origin] {
            let base: String? = desk.settings.baseURL
            let own = base.map(Self.origin)
            let host = request.head.authority ?? ""
            guard origin == own || origin == "http://" + host || origin == "https://" + host else { throw foreign }
        }
    }

    private static func origin(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        guard let slash = url[scheme.upperBound...].firstIndex(of: "/") else { return url }
        return String(url[..<slash])
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 256 else { return nil }
        return String(parts[1])
    }

    /// Takes as long for any two texts of one length.
    static func same(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }
}

extension HTTPField.Name {
    // Constants: the names are well formed.
    static let csrfToken = HTTPField.Name("X-CSRF-Token")!
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
