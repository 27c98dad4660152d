import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Reviews of agreements (O1), for staff and for a client's report readers.
struct ReviewRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        for prefix in ["/agreement", "/portal/agreement"] {
            router.get(RouterPath(prefix + "/reviews")) { request, context -> Response in
                let reader = try await web.reader(request, context)
                guard reader.isStaff == (prefix == "/agreement") else { return .seeOther((reader.isStaff ? "/agreement" : "/portal/agreement") + "/reviews") }
                return try await list(reader, FormState())
            }
            router.get(RouterPath(prefix + "/reviews/{id}")) { request, context -> Response in
                let reader = try await web.reader(request, context)
                let id = try id(context)
                guard reader.isStaff == (prefix == "/agreement") else { return .seeOther((reader.isStaff ? "/agreement" : "/portal/agreement") + "/reviews/\(id)") }
                return try await show(reader, id, done: request.query("done"))
            }
        }
        router.post("/agreement/reviews") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            do {
                let view = try await web.desk.planReview(client: Int64(form.text("client") ?? "") ?? 0, for: try Self.day(form, "day"), by: reader.person)
                return .seeOther("/agreement/reviews/\(view.review.id)")
            } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state { return try await list(reader, FormState(form, refusal), status: .unprocessableContent) }
        }
        for (name, carryOut) in Self.acts {
            router.post(RouterPath("/agreement/reviews/{id}/\(name)")) { request, context -> Response in
                let (reader, form) = try await web.sent(request, context)
                let id = try id(context)
                do { try await carryOut(web.desk, id, form, reader.person) } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
                    return try await show(reader, id, form: FormState(form, refusal), failed: name, status: refusal.kind == .state ? .conflict : .unprocessableContent)
                }
                return .seeOther("/agreement/reviews/\(id)?done=\(name)")
            }
            // After a refusal the browser stands on the act's address.
            router.get(RouterPath("/agreement/reviews/{id}/\(name)")) { _, context -> Response in .seeOther("/agreement/reviews/\(try id(context))") }
        }
    }
    private typealias CarryOut = @Sendable (Desk, Int64, Form, Person) async throws -> Void

    /// What the agreement manager does with one review, by the last part of its address.
    private static let acts: [(String, CarryOut)] = [
        ("preparation", { desk, id, _, person in try await desk.prepareReview(id, by: person) }),
        ("move", { desk, id, form, person in _ = try await desk.moveReview(id, to: try day(form, "day"), reason: form.text("reason") ?? "", by: person) }),
        ("cancellation", { desk, id, form, person in _ = try await desk.cancelReview(id, reason: form.text("reason") ?? "", by: person) }),
        (
            "minutes",
            { desk, id, form, person in
                _ = try await desk.minuteReview(
                    id, heldOn: try day(form, "heldOn"), attendees: form.text("attendees") ?? "", minutes: form["minutes"] ?? "",
                    outcome: AgreementReview.Outcome(rawValue: form.text("outcome") ?? "") ?? .unchanged, newDigest: form.text("newVersion"), by: person)
            }
        ),
    ]

    private func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is nothing at this address.") }
        return id
    }

    private static func day(_ form: Form, _ name: String) throws -> LocalDate {
        guard let day = form.text(name).flatMap({ LocalDate(iso: $0) }) else { throw Refusal.input(name, "Write a day, as 2026-12-01.") }
        return day
    }

    private func list(_ reader: Reader, _ form: FormState, status: HTTPResponse.Status = .ok) async throws -> Response {
        let views = try await web.desk.reviews(for: reader.person)
        let manages = reader.allows(.manageAgreements)
        let busy = Set(views.filter { $0.review.isOpen }.map(\.client.id))
        let clients = manages ? try await web.desk.clients(for: reader.person).filter { !busy.contains($0.id) }.map { Choice(value: String($0.id), label: $0.name) } : []
        let page = try await reader.page(web.desk.now(), current: reader.isStaff ? "/agreement" : "/portal/agreement")
        return .html(Pages.reviews(views, clients: clients, form: form, mayPlan: manages && !clients.isEmpty, page), status: status)
    }

    private func show(_ reader: Reader, _ id: Int64, form: FormState = FormState(), failed: String? = nil, done: String? = nil, status: HTTPResponse.Status = .ok) async throws -> Response {
        let view = try await web.desk.review(id, for: reader.person)
        let manages = reader.allows(.manageAgreements)
        let versions = manages && view.review.isOpen
            ? try await web.desk.agreementViews(for: reader.person).filter { $0.digest != view.review.digest }.map { Choice(value: $0.digest, label: say("\($0.agreement.terms.name), version \($0.agreement.terms.version)")) } : []
        let toast = done.flatMap { ["preparation": say("Prepared, and those who take part are told."), "move": say("Moved."), "cancellation": say("Cancelled."), "minutes": say("The minutes are kept.")][$0] }
        let page = try await reader.page(web.desk.now(), current: reader.isStaff ? "/agreement" : "/portal/agreement", toast: toast)
        return .html(Pages.review(view, form: form, failed: failed, manages: manages, versions: versions, page), status: status)
    }
}
