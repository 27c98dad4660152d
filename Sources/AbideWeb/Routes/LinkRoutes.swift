import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import Logging

/// The links of mails about accounts. Opening one changes nothing (mail scanners open them all): only sending its form does.
struct LinkRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/password-reset") { request, _ -> Response in .html(Pages.askReset(done: false, web.visitorPage())) }
        router.post("/password-reset") { request, context -> Response in
            let form = try await web.unsignedForm(request)
            let email = String((form.text("email") ?? "").prefix(320)), desk = web.desk, logger = web.logger
            guard !email.isEmpty else { return .seeOther("/password-reset") }
            // Behind the answer, which therefore takes as long for an address that nobody has.
            Task {
                do { try await desk.requestReset(email) } catch { logger.error("a reset could not be prepared", metadata: ["error": "\(error)"]) }
            }
            return .html(Pages.askReset(done: true, web.visitorPage()))
        }
        for (path, kind) in [("password-reset", "reset"), ("invitation", "invitation")] {
            router.get(RouterPath("/\(path)/{secret}")) { _, context -> Response in try await web.openingLink(context) { try await passwordPage(context.part("secret"), path, kind) } }
            router.post(RouterPath("/\(path)/{secret}")) { request, context -> Response in
                let form = try await web.unsignedForm(request)
                let secret = context.part("secret")
                return try await web.openingLink(context) {
                    do {
                        _ = try await web.desk.useLink(secret, kind, password: form["password"] ?? "")
                        return Self.quiet(.html(Pages.said(say("Your password is set."), say("Sign in with it now. All sessions that were open before have ended."), web.visitorPage())))
                    } catch let refusal as Refusal where refusal.kind == .input {
                        return try await passwordPage(secret, path, kind, error: refusal.fields["password"] ?? refusal.detail)
                    }
                }
            }
        }
        router.get("/new-address/{secret}") { request, context -> Response in
            let secret = context.part("secret")
            return try await web.openingLink(context) {
                guard let link = try await web.desk.openLink(secret, "email") else { throw Refusal.deadLink }
                return Self.quiet(.html(Pages.confirmAddress(link.payload, action: "/new-address/\(percentEncoded(secret))", web.visitorPage())))
            }
        }
        router.post("/new-address/{secret}") { request, context -> Response in
            try web.requireOwnOrigin(request)
            return try await web.openingLink(context) {
                let address = try await web.desk.takeNewAddress(context.part("secret"))
                return Self.quiet(.html(Pages.said(say("Your address is changed."), say("Your user name is now \(address). Sign in with it and your password."), web.visitorPage())))
            }
        }
    }

    private func passwordPage(_ secret: String, _ path: String, _ kind: String, error: String? = nil) async throws -> Response {
        guard let link = try await web.desk.openLink(secret, kind) else { throw Refusal.deadLink }
        let isInvitation = kind == "invitation"
        let page = Pages.setPassword(
            isInvitation ? say("Welcome") : say("A new password"), name: link.name, email: link.email, action: "/\(path)/\(percentEncoded(secret))", button: isInvitation ? say("Set the password") : say("Change the password"),
            error: error, web.visitorPage())
        return Self.quiet(.html(page, status: error == nil ? .ok : .unprocessableContent))
    }

    /// The address of such a page is a secret: it is told to no other site, and to none of ours (ASVS 3.4.5).
    private static func quiet(_ response: Response) -> Response {
        var response = response
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }
}

extension Web {
    /// Opens what a link of a mail leads to; whoever opens many that do not hold has to wait (S7).
    func openingLink(_ context: AbideRequestContext, _ open: () async throws -> Response) async throws -> Response {
        if let wait = try await desk.linksWait(for: context.address) {
            throw PlainError(429, "Too many links that do not hold were opened from here. Wait \(wait) seconds, then try again.", headers: [("Retry-After", "\(wait)")])
        }
        do { return try await open() } catch let refusal as Refusal where refusal.kind == .unknown {
            try await desk.countDeadLink(from: context.address)
            throw refusal
        }
    }
}
