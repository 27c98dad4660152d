import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import Logging

/// The first start in a browser: possible only while nobody has an account.
struct SetUpRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/set-up") { request, context -> Response in
            guard try await web.desk.isNew() else { return .seeOther("/") }
            let terms = web.desk.currentAgreement().terms
            return page(FormState(["zone": terms.provider.zone]), request, context)
        }
        router.post("/set-up") { request, context -> Response in
            guard try await web.desk.isNew() else { return .seeOther("/") }
            let form = try await web.unsignedForm(request)
            if needsCode(request, context), !Web.same(form.text("code") ?? "", web.setUpCode) {
                var state = FormState(form, Refusal.input("code", "This is not the code that stands in the desk's log."))
                state.errors = ["code": say("This is not the code that stands in the desk's log.")]
                return page(state, request, context, status: .forbidden)
            }
            do {
                try await web.desk.setUp(SetUpInput(
                    company: form.text("company") ?? "", place: form.text("place") ?? "", zone: form.text("zone") ?? "", mailbox: form.text("mailbox") ?? "", name: form.text("name") ?? "",
                    email: form.text("email") ?? "", password: form["password"] ?? ""))
            } catch let refusal as Refusal where refusal.kind == .input { return page(FormState(form, refusal), request, context, status: .unprocessableContent) }
            guard let opened = try await web.desk.signIn(form.text("email") ?? "", password: form["password"] ?? "", address: context.address, agent: request.headers[.userAgent] ?? "") else { return .seeOther("/sign-in") }
            var response = Response.seeOther("/settings/first-steps?done=opened")
            response.headers[.setCookie] = web.sessionCookie(opened.secret)
            return response
        }
    }

    /// Whoever sits at the desk's own machine may set it up; anybody else shows by the code that they can read its log.
    private func needsCode(_ request: Request, _ context: AbideRequestContext) -> Bool {
        let isLocal = context.address.hasPrefix("127.") || context.address == "::1" || context.address.isEmpty
        let isForwarded = request.headers.contains(.forwarded) || request.headers.contains(.forwardedFor)
        return !isLocal || isForwarded
    }

    private func page(_ form: FormState, _ request: Request, _ context: AbideRequestContext, status: HTTPResponse.Status = .ok) -> Response {
        let needsCode = needsCode(request, context)
        if needsCode { web.logger.warning("the desk waits to be set up", metadata: ["set-up code": "\(web.setUpCode)"]) }
        let terms = web.desk.currentAgreement().terms
        return .html(Pages.setUp(form, terms: terms, needsCode: needsCode, zones: Zones.common, web.visitorPage()), status: status)
    }
}

extension HTTPField.Name {
    static let forwarded = HTTPField.Name("Forwarded")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
