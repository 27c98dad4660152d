import AbideCore
import AbideDesk
import Hummingbird

/// A mail's own HTML, as it was sanitised on arrival: never in a page of ours, only in a frame without any rights (trust.md S1).
struct MessageRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets/{ref}/messages/{id}/html") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            let detail = try await web.desk.detail(context.part("ref"), for: signed.person)
            let message = detail.messages.first { String($0.id) == context.part("id") }
            guard let html = message?.html else { throw PlainError(404, "There is no such message, or it came without HTML.") }
            return Self.sandboxed(html)
        }
    }

    /// No script, no form, no link that opens here, nothing fetched from elsewhere.
    static func sandboxed(_ html: String) -> Response {
        var response = Response(type: Response.htmlType, body: Array("<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">\(html)".utf8))
        response.headers[.contentSecurityPolicy] = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
        return response
    }
}

extension MessageHTML {
    /// What a page of ours shows of a message: a mail's visible text as it stands, and what was written here as Markdown.
    static func readable(_ message: AbideDesk.MessageView) -> HTML {
        message.channel == .email ? plain(message.body) : Markdown.html(message.body)
    }
}
