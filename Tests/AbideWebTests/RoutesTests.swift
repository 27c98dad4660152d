import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Testing
@testable import AbideWeb

/// The pages of a real desk, asked as a browser asks: with a session's cookie, and forms with its token.
struct PageDesk {
    let test: TestDesk
    private let responder: RouterResponder<AbideRequestContext>

    init() async throws {
        test = try await TestDesk()
        responder = WebServer.router(Web(desk: test.desk, logger: Logger(label: "test"), errorPage: PageRoutes.errorPage)).buildResponder()
    }

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String
        var location: String { headers[.location] ?? "" }
    }

    func get(_ path: String, _ email: String? = nil) async throws -> Answer { try await ask(.get, path, try await session(email)) }

    /// - Parameter csrf: nil: the session's own.
    func post(_ path: String, _ email: String?, _ fields: KeyValuePairs<String, String>, csrf: String? = nil, asking language: String? = nil) async throws -> Answer {
        let session = try await session(email)
        let all = fields.map { ($0.key, $0.value) } + (session.map { [("csrf", csrf ?? $0.csrf)] } ?? [])
        let body = all.map { percentEncoded($0.0) + "=" + percentEncoded($0.1) }.joined(separator: "&")
        return try await ask(.post, path, session, type: "application/x-www-form-urlencoded", body, asking: language)
    }

    func ask(_ method: HTTPRequest.Method, _ path: String, _ session: OpenedSession?, type: String? = nil, _ body: String = "", bearer: String? = nil, site: String? = nil, asking language: String? = nil) async throws -> Answer {
        var fields = HTTPFields()
        if let bearer { fields[.authorization] = "Bearer \(bearer)" }
        if let session { fields[.cookie] = "abide=\(session.secret)" }
        if let type { fields[.contentType] = type }
        if let language { fields[.acceptLanguage] = language }
        if let site { fields[.secFetchSite] = site }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "desk.test", path: path, headerFields: fields), body: .init(buffer: ByteBuffer(string: body)))
        var logger = Logger(label: "test")
        logger[metadataKey: "hb.request.id"] = "7"
        let response = try await responder.respond(to: request, context: AbideRequestContext(source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: logger)))
        let collector = BodyCollector()
        try await response.body.write(collector)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: collector.box.buffer))
    }

    func session(_ email: String?) async throws -> OpenedSession? {
        guard let email else { return nil }
        return try #require(try await test.desk.signIn(email, password: "correct horse", address: ""))
    }
}

private let agent = "agent@larkfield.example", client = "client@northfield.example", primary = "primarycontact@northfield.example"

@Suite struct RoutesTests {
    @Test("B1 signing in: a wrong password is told and opens nothing, a right one leads on, and only to a path of ours") func signIn() async throws {
        let desk = try await PageDesk()
        let start = try await desk.get("/tickets")
        #expect(start.status == 303 && start.location == "/sign-in?next=%2Ftickets")
        let wrong = try await desk.post("/sign-in", nil, ["email": agent, "password": "<wrong>"])
        #expect(wrong.status == 401 && wrong.headers[.setCookie] == nil && wrong.text.contains("The name or the password is not right."))
        #expect(wrong.text.contains(agent) && !wrong.text.contains("<wrong>"))
        for (next, location) in [("/reports", "/reports"), ("//evil.example", "/tickets"), ("/\\evil.example", "/tickets"), ("https://evil.example", "/tickets"), ("", "/tickets")] {
            let opened = try await desk.post("/sign-in", nil, ["email": agent, "password": "correct horse", "next": next])
            #expect(opened.status == 303 && opened.location == location && opened.headers[.setCookie]?.contains("HttpOnly; SameSite=Lax") == true)
        }
        let portal = try await desk.post("/sign-in", nil, ["email": client, "password": "correct horse"])
        #expect(portal.location == "/portal")
    }

    @Test("Links of mails lead each side to its own page, and strangers nowhere") func sides() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        #expect(try await desk.get("/t/\(ref)", agent).location == "/tickets/\(ref)")
        #expect(try await desk.get("/t/\(ref)", client).location == "/portal/tickets/\(ref)")
        #expect(try await desk.get("/portal/tickets/\(ref)", agent).location == "/tickets/\(ref)")
        #expect(try await desk.get("/tickets/\(ref)", client).location == "/portal/tickets/\(ref)")
        #expect(try await desk.get("/tickets/\(ref)", agent).status == 200)
        #expect(try await desk.get("/portal/tickets/\(ref)", primary).status == 200)
        for role in [Role.partner, .reportReader] {
            #expect(try await desk.get("/portal/tickets/\(ref)", "\(role.rawValue.lowercased())@northfield.example").status == 404)
        }
    }

    @Test("N1 a closing that is refused is told beside its button with what was typed; the logger's closes") func closing() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        try await desk.test.act(ref, .agent) { try $0.resolve("Restarted", fields: [:], channel: .portal, by: $3, at: $2, $1) }
        let refused = try await desk.post("/tickets/\(ref)/closure", agent, ["reason": "It works <again>"])
        #expect(refused.status == 403 && refused.text.contains("This ticket is not closed.") && refused.text.contains("id=\"act-close\" open"))
        #expect(refused.text.contains("value=\"It works &lt;again&gt;\"") && refused.text.contains("/agreement#N1"))
        #expect(try await desk.post("/tickets/\(ref)/closure", client, [:], csrf: "another").status == 403)
        #expect(try await desk.test.desk.ticket(ref, for: try desk.test.person(.agent)).status == .resolved)
        let told = try await desk.post("/tickets/\(ref)/confirmation", primary, [:])
        #expect(told.status == 303)
        #expect(try await desk.test.desk.ticket(ref, for: try desk.test.person(.agent)).status == .resolved)
        let closed = try await desk.post("/tickets/\(ref)/closure", client, [:])
        #expect(closed.status == 303 && closed.location == "/portal/tickets/\(ref)?done=closed")
        #expect(try await desk.test.desk.ticket(ref, for: try desk.test.person(.agent)).status == .closed)
    }

    @Test("B2 a client's page has every event of the log, and of an internal note no word") func history() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        try await desk.test.act(ref, .agent) { try $0.answer("They forgot to pay", visibility: .internal, channel: .portal, by: $3, at: $2, $1) }
        try await desk.test.act(ref, .agent) { try $0.answer("We look at it", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        let page = try await desk.get("/portal/tickets/\(ref)", client).text
        #expect(!page.contains("They forgot to pay") && page.contains("We look at it"))
        for event in try await desk.test.events(ref) {
            #expect(page.contains("id=\"event-\(event.number)\"") || page.contains("id=\"history-message-\(event.number)\""), "event \(event.number), \(event.fact.type)")
        }
        #expect(try await desk.get("/tickets/\(ref)", agent).text.contains("They forgot to pay"))
    }

    @Test("A2 a form that is sent twice makes one ticket, with its file; only those who see the ticket get the file, and only as a download") func logging() async throws {
        let desk = try await PageDesk()
        let session = try #require(try await desk.session(client))
        func part(_ name: String, _ value: String) -> String { "--XY\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n" }
        let body = part("csrf", session.csrf) + part("once", "abc") + part("subject", "Trend is empty") + part("description", "No data") + part("urgency", "2")
            + "--XY\r\nContent-Disposition: form-data; name=\"files\"; filename=\"../trend.html\"\r\nContent-Type: text/html\r\n\r\n<script>\r\n--XY--\r\n"
        let first = try await desk.ask(.post, "/tickets", session, type: "multipart/form-data; boundary=XY", body)
        let again = try await desk.ask(.post, "/tickets", session, type: "multipart/form-data; boundary=XY", body)
        #expect(first.status == 303 && first.location.hasPrefix("/portal/tickets/ABD-") && again.location == first.location)
        let page = try await desk.ask(.get, first.location, session).text
        let link = try #require(page.firstMatch(of: /\/tickets\/ABD-[0-9]+\/attachments\/[0-9]+/)).output
        let file = try await desk.ask(.get, String(link), session)
        #expect(file.text == "<script>" && file.headers[.contentType] == "application/octet-stream" && file.headers[.contentSecurityPolicy]?.hasPrefix("sandbox") == true)
        #expect(file.headers[.contentDisposition] == "attachment; filename=\"trend.html\"; filename*=UTF-8''trend.html")
        #expect(try await desk.get(String(link), "partner@northfield.example").status == 404)
        #expect(try await desk.get(String(link)).status == 303)
    }

    @Test("A5 the short form asks only for what is missing, and starts the clocks") func supplying() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log(fields: ["description": "No data", "site": "Pit 4"]).ticket.ref
        let form = try await desk.get("/portal/tickets/\(ref)/missing", client).text
        #expect(form.contains("name=\"project\"") && form.contains("name=\"environment\"") && !form.contains("name=\"site\""))
        let sent = try await desk.post("/tickets/\(ref)/fields", client, ["project": "Conveyor", "environment": "No change"])
        #expect(sent.status == 303)
        #expect(try await desk.test.desk.ticket(ref, for: try desk.test.person(.agent)).status == .open)
    }

    @Test("I5 reports open for those with the right, as pages and as files that a spreadsheet takes for text") func reports() async throws {
        let desk = try await PageDesk()
        _ = try await desk.test.desk.log(LogRequest(subject: "=cmd(\"x\")", urgency: 2, fields: TestDesk.complete, channel: .portal), by: try desk.test.person(.client))
        #expect(try await desk.get("/reports", client).status == 403)
        let page = try await desk.get("/reports", primary)
        #expect(page.status == 200 && page.text.contains("1 ticket was logged."))
        let file = try await desk.get("/reports/file?format=csv", primary)
        #expect(file.status == 200 && file.text.contains("\"'=cmd(\"\"x\"\")\""))
        let other = try await desk.get("/reports?client=2", primary)
        #expect(other.status == 404)
    }
}
