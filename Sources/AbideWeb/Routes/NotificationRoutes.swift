import AbideCore
import AbideDesk
import Hummingbird

/// What somebody of the desk is told: the list, and how else they want to hear of it.
struct NotificationRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/notifications") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let before = request.query("before").flatMap { Int64($0) }
            let all = try await web.desk.notifications(of: reader.person, before: before, limit: Self.pageSize + 1)
            let wish = try await web.desk.mailWish(of: reader.person)
            let page = try await reader.page(web.desk.now(), current: "/notifications", toast: request.query("done") == "saved" ? say("Saved.") : nil)
            return .html(Pages.notifications(NotificationsView(items: Array(all.prefix(Self.pageSize)), wish: wish?.rawValue ?? "", older: all.count > Self.pageSize ? all[Self.pageSize - 1].id : nil), page))
        }
        // Whoever opens one has read what was told of its ticket.
        router.get("/notifications/{id}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is nothing at this address.") }
            let one = try await web.desk.notification(id, of: reader.person)
            return .seeOther("/tickets/\(one.ref)#message-\(one.number)")
        }
        router.post("/notifications/reading") { request, context -> Response in
            let (reader, _) = try await web.sent(request, context)
            try await web.desk.readNotifications(of: reader.person)
            return .seeOther("/notifications")
        }
        router.post("/notifications/mail") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try await web.desk.setMailWish(form.text("wish").flatMap(MailWish.init), by: reader.person)
            return .seeOther("/notifications?done=saved")
        }
        for path in ["reading", "mail"] { router.get(RouterPath("/notifications/" + path)) { request, context -> Response in
                _ = try await web.signedIn(request, context)
                return .seeOther("/notifications")
            } }
    }

    private static let pageSize = 50
}
