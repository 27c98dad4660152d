import AbideCore
import AbideDesk
import Hummingbird

/// Signing in and out (B1), and where `/` and the links of mails lead.
struct SignInRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/") { request, context -> Response in
            if let signed = try? await web.signedIn(request, context) { return .seeOther(Reader.home(signed.person.role)) }
            return .seeOther(try await web.desk.isNew() ? "/set-up" : "/sign-in")
        }
        router.get("/sign-in") { request, context -> Response in
            if let signed = try? await web.signedIn(request, context) {
                return .seeOther(ownPath(request.query("next")) ?? Reader.home(signed.person.role))
            }
            if try await web.desk.isNew() { return .seeOther("/set-up") }
            return page(next: ownPath(request.query("next")))
        }
        router.get("/sign-in/second-factor") { request, context -> Response in try await secondStep(request) }
        router.post("/sign-in/second-factor") { request, context -> Response in try await takeCode(request, context) }
        router.post("/sign-in") { request, context -> Response in try await signIn(request, context) }
        router.post("/sign-out") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            _ = try await web.form(request, signed)
            if let secret = web.sessionSecret(request) { try await web.desk.signOut(secret) }
            var response = Response.seeOther("/sign-in")
            response.headers[.setCookie] = web.sessionCookie("")
            return response
        }
        // The links of mails: the same for everybody, led on by who reads.
        router.get("/t/{ref}") { request, context -> Response in
            .seeOther(try await web.reader(request, context).page(of: try ref(context)))
        }
        router.get("/t/{ref}/missing") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let page = reader.page(of: try ref(context))
            return .seeOther(reader.isStaff ? page : page + "/missing")
        }
    }

    private func ref(_ context: AbideRequestContext) throws -> String {
        let ref = context.part("ref")
        guard ref.utf8.count <= 40, ref.utf8.allSatisfy({ $0.isWordByte || $0 == UInt8(ascii: "-") }) else { throw Refusal.unknownTicket }
        return ref
    }

    private func signIn(_ request: Request, _ context: AbideRequestContext) async throws -> Response {
        let form = try await web.unsignedForm(request)
        let name = form.text("email") ?? "", password = form["password"] ?? ""
        let next = ownPath(form.text("next"))
        guard !name.isEmpty, !password.isEmpty else {
            return page(name, error: say("Type your user name or e-mail address, and your password."), next: next, status: .unprocessableContent)
        }
        guard name.utf8.count <= 320, password.utf8.count <= 1024 else { return wrong(name, next) }
        let opened: OpenedSession?
        do {
            opened = try await web.desk.signIn(name, password: password, address: context.address, agent: request.headers[.userAgent] ?? "")
        } catch let refusal as Refusal {
            return page(name, error: refusal.detail, next: next, status: .tooManyRequests)
        }
        guard let opened else { return wrong(name, next) }
        // A new session each time: one that was planted before is of no use.
        if let old = web.sessionSecret(request) { try await web.desk.signOut(old) }
        let on = next ?? Reader.home(opened.person.role)
        var response = Response.seeOther(opened.isComplete ? on : "/sign-in/second-factor?next=" + percentEncoded(on))
        response.headers[.setCookie] = web.sessionCookie(opened.secret)
        return response
    }

    // MARK: The second step

    private func secondStep(_ request: Request, error: String? = nil) async throws -> Response {
        guard let secret = web.sessionSecret(request), let waiting = try await web.desk.pendingSession(secret) else { return .seeOther("/sign-in") }
        let next = ownPath(request.query("next")), page = web.visitorPage()
        let status: HTTPResponse.Status = error == nil ? .ok : .unauthorized
        guard waiting.mustEnrol else { return .html(Pages.secondFactor(csrf: waiting.csrf, next: next, error: error, page), status: status) }
        guard let offer = try await web.desk.offerSecondFactor(waiting.person, email: waiting.email) else { return .seeOther("/sign-in") }
        return .html(Pages.enrolment(secret: offer.secret, address: offer.address, action: "/sign-in/second-factor", csrf: waiting.csrf, next: next, error: error, page), status: status)
    }

    private func takeCode(_ request: Request, _ context: AbideRequestContext) async throws -> Response {
        let form = try await web.unsignedForm(request)
        guard let secret = web.sessionSecret(request), let waiting = try await web.desk.pendingSession(secret) else { return .seeOther("/sign-in") }
        try web.checkCSRF(form["csrf"], Signed(person: Person(id: waiting.person, name: "", email: "", role: .client, client: nil, zone: nil, phone: "", department: nil, seesColleagues: false), csrf: waiting.csrf))
        let code = form.text("code") ?? "", agent = request.headers[.userAgent] ?? "", next = ownPath(form.text("next"))
        if waiting.mustEnrol {
            guard let codes = try await web.desk.confirmSecondFactor(waiting.person, code: code) else { return try await secondStep(request, error: say("This is not the present code. Wait for the next one.")) }
            let opened = try await web.desk.upgrade(secret, address: context.address, agent: agent)
            var response = Response.html(Pages.recoveryCodes(codes, next: next ?? "/", web.visitorPage()))
            response.headers[.setCookie] = web.sessionCookie(opened.secret)
            return response
        }
        do {
            guard let opened = try await web.desk.passSecondFactor(secret, code: code, address: context.address, agent: agent) else {
                return try await secondStep(request, error: say("This code is not right, or was used already."))
            }
            var response = Response.seeOther(next ?? Reader.home(opened.person.role))
            response.headers[.setCookie] = web.sessionCookie(opened.secret)
            return response
        } catch let refusal as Refusal where refusal.kind == .state { return try await secondStep(request, error: refusal.detail) }
    }

    private func wrong(_ name: String, _ next: String?) -> Response {
        page(name, error: say("The name or the password is not right."), next: next, status: .unauthorized)
    }

    private func page(_ email: String = "", error: String? = nil, next: String?, status: HTTPResponse.Status = .ok) -> Response {
        let page = web.visitorPage()
        let calendar = web.desk.currentAgreement().defaultCalendar
        let now = page.now
        let current = calendar.stretches(now, now + 1).first
        let ahead = calendar.stretches(now, now + 14 * 86_400).first
        let view = SignInView(
            email: String(email.prefix(320)), error: error, next: next, axis: Axis.list(now: now, words: page.desk, open: calendar.stretches),
            openUntil: current == nil ? nil : ahead?.to, opensAt: current == nil ? ahead?.from : nil)
        return .html(Pages.signIn(view, page), status: status)
    }
}

extension UInt8 {
    /// A letter or a digit of ASCII.
    var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}
