import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// The link of a mail that asks how it was (H1): a page that needs no sign-on, and the same form on the ticket's page.
struct SurveyRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/s/{token}") { request, context -> Response in
            let token = context.part("token")
            // One click from the mail: the score stands in the address, and is sent with the form.
            let score = request.query("score").flatMap { Int($0) }
            return try await web.openingLink(context) { page(try await web.desk.askedSurvey(token), token, chosen: score, done: request.query("done") != nil) }
        }
        router.post("/s/{token}") { request, context -> Response in
            let form = try await web.unsignedForm(request)
            let token = context.part("token")
            return try await web.openingLink(context) {
                do {
                    try await web.desk.answerSurvey(link: token, Self.answers(form))
                    return .seeOther("/s/\(token)?done=1")
                } catch let refusal as Refusal where refusal.kind == .input || refusal.kind == .state {
                    return page(try await web.desk.askedSurvey(token), token, form: FormState(form, refusal), status: .unprocessableContent)
                }
            }
        }
        router.post("/s/{token}/end") { request, context -> Response in
            _ = try await web.unsignedForm(request)
            return try await web.openingLink(context) {
                try await web.desk.endSurveys(link: context.part("token"))
                return .html(Pages.surveysEnded(web.visitorPage()))
            }
        }
        router.post("/tickets/{ref}/survey") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await TicketActRoutes(web: web).leading(reader, form, context.part("ref"), "survey") { ref in
                (try await web.desk.answerSurvey(ref, Self.answers(form), by: reader.person), "surveyed")
            }
        }
    }

    private static func answers(_ form: Form) -> [String: String] {
        var answers: [String: String] = [:]
        for (name, value) in form.fields where name.hasPrefix("q-") { answers[String(name.dropFirst(2))] = value }
        return answers
    }

    private func page(_ asked: AskedSurvey, _ token: String, chosen: Int? = nil, form: FormState? = nil, done: Bool = false, status: HTTPResponse.Status = .ok) -> Response {
        var view = SurveyView(asked.view.ticket, asked.terms)
        view.token = token
        view.isDone = done
        view.obstacle = asked.refusal?.detail ?? ""
        if let form { view.form = form }
        else if let chosen, let first = asked.terms.questions.first(where: { $0.answer == .score }), (1...asked.terms.scale).contains(chosen) { view.form.values["q-" + first.name] = String(chosen) }
        return .html(Pages.survey(view, web.visitorPage()), status: status)
    }
}
