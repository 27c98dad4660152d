import AbideCore
import AbideDesk
import Hummingbird
import NIOCore

/// Files of tickets: always as a download, never shown by the desk's own origin (trust.md S17, S18).
struct AttachmentRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/tickets/{ref}/attachments/{id}") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is no such file.") }
            let file = try await web.desk.attachment(id, of: context.part("ref"), for: signed.person)
            return Self.download(file.record.name, type: file.record.type, file.content)
        }
    }

    static func download(_ name: String, type: String, _ content: [UInt8]) -> Response {
        var response = Response(type: safeType(type), body: content)
        response.headers[.contentDisposition] = disposition(name)
        response.headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return response
    }

    /// What runs in a browser is sent as bytes; so is a type that is none.
    static func safeType(_ type: String) -> String {
        let essence = type.prefix { $0 != ";" && $0 != " " }.lowercased()
        let isToken = !essence.isEmpty && essence.utf8.allSatisfy { $0.isWordByte || "/.+-_".utf8.contains($0) } && essence.split(separator: "/").count == 2
        let runs = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "text/javascript", "application/javascript"]
        return isToken && !runs.contains(essence) && !essence.hasPrefix("multipart/") ? essence : "application/octet-stream"
    }

    /// RFC 6266: a plain name for all, and the whole one in UTF-8 (RFC 8187).
    static func disposition(_ name: String) -> String {
        let clean = clean(name)
        let plain = String(clean.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0 != "%" ? $0 : "_" })
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(percentEncoded(clean))"
    }

    /// Without folders, control characters and marks that turn or hide text; at most 150 characters.
    static func clean(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let kept = String(String.UnicodeScalarView(last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            default: true
            }
        }))
        let short = kept.prefix(150).drop { $0 == " " || $0 == "." }
        return short.isEmpty ? "attachment" : String(short)
    }
}
