import AbideCore
import AbideDesk
import Hummingbird

/// The link of a mail that offers a date (C3): a page that shows it, and a button that accepts it for whom the mail was sent to.
struct AcceptanceRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/a/{token}") { _, context -> Response in
            let token = context.part("token")
            return try await web.openingLink(context) { page(try await web.desk.offeredDate(token), token) }
        }
        router.post("/a/{token}") { request, context -> Response in
            _ = try await web.unsignedForm(request)
            let token = context.part("token")
            return try await web.openingLink(context) {
                do {
                    try await web.desk.acceptOfferedDate(token)
                    return .seeOther("/a/" + token)
                } catch let refusal as Refusal where refusal.kind != .unknown {
                    return page(try await web.desk.offeredDate(token), token, status: .conflict)
                }
            }
        }
    }

    private func page(_ offered: OfferedDate, _ token: String, status: HTTPResponse.Status = .ok) -> Response {
        let when = web.desk.when(for: offered.person, offered.view.agreement)
        let date = offered.proposal.due.map { say("by \(when($0))") } ?? say("within \(DurationWords.exact(offered.proposal.workingSeconds ?? 0)) of working time")
        let view = AcceptanceView(
            ref: offered.view.ticket.ref, subject: offered.view.ticket.subject, date: date, token: token, isAccepted: offered.proposal.accepted,
            obstacle: offered.proposal.accepted ? "" : offered.refusal?.detail ?? "")
        return .html(Pages.acceptance(view, web.visitorPage()), status: status)
    }
}
