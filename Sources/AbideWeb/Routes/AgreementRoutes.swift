import AbideCore
import AbideDesk
import Hummingbird

/// The agreement as the desk executes it, readable, and every interval of a ticket's clocks (C7).
struct AgreementRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/agreement") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return reader.isStaff ? try await show(reader, "/agreement") : .seeOther("/portal/agreement")
        }
        router.get("/portal/agreement") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return reader.isStaff ? .seeOther("/agreement") : try await show(reader, "/portal/agreement")
        }
        router.get("/tickets/{ref}/clocks") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let detail = try await web.desk.detail(context.part("ref"), for: reader.person)
            let view = detail.view
            let page = try await reader.page(view.now, current: reader.isStaff ? "" : "/portal")
            var promises = Promises(now: view.now)
            let lines = ClockName.allCases.map { promises.line($0, view, events: detail.events) }
            let terms = view.agreement.terms
            return .html(Pages.clocks(ref: view.ticket.ref, subject: view.ticket.subject, clocks: lines, agreement: "\(terms.name), version \(terms.version)", page))
        }
    }

    private func show(_ reader: Reader, _ path: String) async throws -> Response {
        let page = try await reader.page(web.desk.now(), current: path)
        return .html(Pages.agreement(web.desk.currentAgreement().terms, page))
    }
}
