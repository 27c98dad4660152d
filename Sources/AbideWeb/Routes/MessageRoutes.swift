import AbideCore
import AbideDesk
import Foundation
import HTTPTypes
import Hummingbird

/// A mail's own HTML, as it was sanitised on arrival: never in a page of ours, only in a frame without any rights (trust.md S1).
struct MessageRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets/{ref}/messages/{id}/raw") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            guard let number = Int(context.part("id")) else { throw PlainError(404, "There is no such mail on this ticket.") }
            let raw = try await web.desk.rawMail(number, of: context.part("ref"), for: signed.person)
            return AttachmentRoutes.download("\(context.part("ref"))-\(number).eml", type: "message/rfc822", raw)
        }
        router.get("/tickets/{ref}/messages/{id}/html") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            let detail = try await web.desk.detail(context.part("ref"), for: signed.person)
            let message = detail.messages.first { $0.origin == nil && String($0.id) == context.part("id") }
            guard let message, let html = message.html else { throw PlainError(404, "There is no such message, or it came without HTML.") }
            var pictures: [String: String] = [:]
            for attachment in message.attachments {
                guard let id = attachment.contentID, Self.shownTypes.contains(attachment.type), attachment.size <= 5_000_000, pictures.count < 200, html.contains("data-cid=") else { continue }
                let content = try await web.desk.attachment(attachment.id, of: context.part("ref"), for: signed.person).content
                pictures[id] = "data:\(attachment.type);base64,\(Data(content).base64EncodedString())"
            }
            return Self.sandboxed(MailPictures.placed(html, own: pictures, showsForeign: request.query("pictures") != nil), showsForeign: request.query("pictures") != nil)
        }
    }

    /// No script, no form, no link that opens here, nothing fetched from elsewhere.
    static func sandboxed(_ html: String, showsForeign: Bool = false) -> Response {
        var response = Response(type: Response.htmlType, body: Array("<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">\(html)".utf8))
        response.headers[.contentSecurityPolicy] = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:\(showsForeign ? " https: http:" : ""); base-uri 'none'; frame-ancestors 'self'"
        if showsForeign { response.headers[HTTPField.Name("Referrer-Policy") ?? .contentSecurityPolicy] = "no-referrer" }
        return response
    }

    /// Pictures that a browser only draws.
    private static let shownTypes: Set<String> = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp"]
}

/// The pictures of a mail: its own in their places, those from elsewhere only when somebody asks for them.
enum MailPictures {
    /// - Parameters:
    ///   - html: as sanitised: `data-cid` names an own picture, `data-blocked-src` a foreign one, both with their values escaped.
    ///   - own: addresses by Content-ID.
    static func placed(_ html: String, own: [String: String], showsForeign: Bool) -> String {
        var result = "", rest = Substring(html), hasForeign = false
        while let mark = ["data-cid=\"", "data-blocked-src=\""].compactMap({ rest.range(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound }), let end = rest[mark.upperBound...].firstIndex(of: "\"") {
            let value = rest[mark.upperBound..<end]
            result += rest[..<mark.lowerBound]
            if rest[mark].hasPrefix("data-cid") {
                result += own[plain(value)].map { "src=\"\($0)\"" } ?? "data-cid=\"\(value)\""
            } else {
                hasForeign = true
                result += showsForeign ? "referrerpolicy=\"no-referrer\" src=\"\(value)\"" : "data-blocked-src=\"\(value)\""
            }
            rest = rest[rest.index(after: end)...]
        }
        let note = hasForeign && !showsForeign ? "<p><a href=\"?pictures=1\">\(say("This mail has pictures from elsewhere: show them. Their senders will see that it was opened."))</a></p>" : ""
        return note + result + rest
    }

    private static func plain(_ value: Substring) -> String {
        value.contains("&") ? [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(String(value)) { $0.replacing($1.0, with: $1.1) } : String(value)
    }
}

extension MessageHTML {
    /// What a page of ours shows of a message: a mail's visible text as it stands, and what was written here as Markdown.
    static func readable(_ message: AbideDesk.MessageView) -> HTML {
        message.channel == .email ? plain(message.body) : Markdown.html(message.body)
    }
}
