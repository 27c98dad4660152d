import AbideCore
import AbideDesk
import Hummingbird

/// Mail that came: what was set aside and its way back, whose mail passes, the mailboxes that are looked into.
struct MailRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/mail") { request, context -> Response in
            let reader = try await web.reader(request, context)
            return .html(Pages.mail(try await view(reader), try await reader.page(web.desk.now(), current: "/mail")))
        }
        router.get("/mail/{id}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (about, raw) = try await web.desk.rawMail(try id(context), for: reader.person)
            return .html(Pages.rawMail(about, text: String(decoding: raw.prefix(200_000), as: UTF8.self), isWhole: raw.count <= 200_000, try await reader.page(web.desk.now(), current: "/mail")))
        }
        router.post("/mail/{id}/again") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try await web.desk.rerunMail(try id(context), by: reader.person)
            return .seeOther("/mail")
        }
        router.post("/mail/rules") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            if form["remove"] != nil {
                try await web.desk.deleteMailRule(form.text("pattern") ?? "", by: reader.person)
            } else {
                try await web.desk.setMailRule(form.text("pattern") ?? "", blocks: form["kind"] != "allow", by: reader.person)
            }
            return .seeOther("/mail")
        }
        // What leaves: again, held, dropped.
        router.post("/outbox/{id}/retry") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try await web.desk.resendMail(try id(context), by: reader.person)
            return .seeOther("/outbox/\(context.part("id"))")
        }
        for (path, drop) in [("hold", false), ("drop", true)] {
            router.post(RouterPath("/outbox/{id}/\(path)")) { request, context -> Response in
                let (reader, form) = try await web.sent(request, context)
                try await web.desk.stopMail(try id(context), drop: drop, reason: form.text("reason") ?? "", by: reader.person)
                return .seeOther("/outbox/\(context.part("id"))")
            }
        }
    }

    private func id(_ context: AbideRequestContext) throws -> Int64 {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is no such mail.") }
        return id
    }

    private func view(_ reader: Reader) async throws -> MailView {
        MailView(
            aside: try await web.desk.asideMails(for: reader.person), rules: try await web.desk.mailRules(for: reader.person),
            sources: try await web.desk.watchedMailSources().map { .init(address: $0.address, readAt: $0.readAt, failingSince: $0.failingSince, error: $0.error ?? "") })
    }
}
