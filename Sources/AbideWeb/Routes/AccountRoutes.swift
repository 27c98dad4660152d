import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Everybody's own account: profile, address, password, second factor, sessions.
struct AccountRoutes {
    let web: Web

    private enum Part { case profile, address, password, factor }

    func add(to router: Router<AbideRequestContext>) {
        router.get("/account") { request, context -> Response in
            try await show(try await web.reader(request, context), request, done: request.query("done"))
        }
        router.post("/account/profile") { request, context -> Response in
            try await change(request, context, .profile, done: "saved") { reader, form, _ in
                try await web.desk.changeProfile(reader.person, name: form.text("name") ?? "", phone: form.text("phone") ?? "", zone: form.text("zone"), language: form.text("language"))
            }
        }
        router.post("/account/address") { request, context -> Response in
            try await change(request, context, .address, done: "address") { reader, form, _ in
                try await web.desk.requestNewAddress(reader.person, form.text("email") ?? "", password: form["current"] ?? "")
            }
        }
        router.post("/account/password") { request, context -> Response in
            try await change(request, context, .password, done: "password") { reader, form, secret in
                try await web.desk.changePassword(reader.person, current: form["current"] ?? "", new: form["password"] ?? "", session: secret)
            }
        }
        router.post("/account/sending") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try await web.desk.setUndoesSending(form["undo"] != "off", by: reader.person)
            return .seeOther("/account?done=saved")
        }
        router.post("/account/sessions/end") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try await web.desk.endSession(form.text("session"), of: reader.person, this: web.sessionSecret(request) ?? "")
            return .seeOther("/account?done=ended")
        }
        router.get("/account/second-factor") { request, context -> Response in try await enrol(try await web.reader(request, context)) }
        router.post("/account/second-factor") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            guard try await web.isConfirmed(request) else { return .confirmFirst("/account/second-factor") }
            guard let codes = try await web.desk.confirmSecondFactor(reader.person.id, code: form.text("code") ?? "", endOthersBut: web.sessionSecret(request)) else {
                return try await enrol(reader, error: say("This is not the present code. Wait for the next one."))
            }
            return .html(Pages.recoveryCodes(codes, next: "/account", try await reader.page(web.desk.now(), current: "/account")))
        }
        router.post("/account/second-factor/removal") { request, context -> Response in
            try await change(request, context, .factor, done: "factor") { reader, form, _ in try await web.desk.dropSecondFactor(reader.person, password: form["current"] ?? "") }
        }
        router.get("/account/confirmation") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return .html(Pages.confirmation(next: ownPath(request.query("next")) ?? "/account", error: nil, try await reader.page(web.desk.now(), current: "")))
        }
        router.post("/account/confirmation") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let next = ownPath(form.text("next")) ?? "/account"
            guard try await web.desk.confirm(web.sessionSecret(request) ?? "", reader.person, password: form["password"] ?? "") else {
                return .html(Pages.confirmation(next: next, error: say("This is not your password."), try await reader.page(web.desk.now(), current: "")), status: .unprocessableContent)
            }
            return .seeOther(next)
        }
    }

    private func enrol(_ reader: Reader, error: String? = nil) async throws -> Response {
        guard let offer = try await web.desk.offerSecondFactor(reader.person.id, email: reader.person.email) else { return .seeOther("/account") }
        let page = try await reader.page(web.desk.now(), current: "/account")
        return .html(
            Pages.enrolment(secret: offer.secret, address: offer.address, action: "/account/second-factor", csrf: page.csrf, next: nil, error: error, page),
            status: error == nil ? .ok : .unprocessableContent)
    }

    private func change(
        _ request: Request, _ context: AbideRequestContext, _ part: Part, done: String, _ body: (Reader, Form, String) async throws -> Void
    ) async throws -> Response {
        let (reader, form) = try await web.sent(request, context)
        do {
            try await body(reader, form, web.sessionSecret(request) ?? "")
            return .seeOther("/account?done=" + done)
        } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
            return try await show(reader, request, refused: (part, FormState(form, refusal)), status: refusal.kind == .input ? .unprocessableContent : .conflict)
        }
    }

    private func show(_ reader: Reader, _ request: Request, done: String? = nil, refused: (Part, FormState)? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let desk = web.desk, person = reader.person
        func state(_ part: Part, _ values: [String: String] = [:]) -> FormState { refused.flatMap { $0.0 == part ? $0.1 : nil } ?? FormState(values) }
        let sessions = try await desk.sessions(of: person, this: web.sessionSecret(request) ?? "").map {
            SessionRow(hash: $0.hash, what: Self.browser($0.agent), since: $0.since, address: $0.address, isThisOne: $0.isThisOne)
        }
        let view = AccountView(
            profile: state(.profile, ["name": person.name, "phone": person.phone, "zone": person.zone ?? "", "language": person.language ?? ""]), password: state(.password), address: state(.address), email: person.email,
            zones: Zones.common, hasSecondFactor: try await desk.hasSecondFactor(person.id), recoveryCodes: try await desk.recoveryCodesLeft(person.id),
            mustHaveSecondFactor: try await desk.rolesWithSecondFactor().contains(person.role), factor: state(.factor), sessions: sessions, undoesSending: person.role.isStaff && reader.allows(.answer) ? try await desk.undoesSending(person) : nil)
        let page = try await reader.page(desk.now(), current: "/account", toast: Self.done(done))
        return .html(Pages.account(view, page), status: status)
    }

    private static func done(_ key: String?) -> String? {
        switch key {
        case "saved": say("Saved.")
        case "address": say("A link is on its way to the new address.")
        case "password": say("Your password is changed. All other sessions have ended.")
        case "ended": say("Ended.")
        case "factor": say("The second factor is off.")
        default: nil
        }
    }

    /// "Firefox on Linux"; what a browser says of itself, in words.
    static func browser(_ agent: String) -> String {
        let name = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")].first { agent.contains($0.0) }?.1
        let system = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")].first { agent.contains($0.0) }?.1
        guard let name else { return say("A browser") }
        return system.map { say("\(name) on \($0)") } ?? name
    }
}
