import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import Testing
@testable import AbideWeb

@Suite struct FrameTests {
    @Test("Every answer carries what protects it, an error too") func protection() async throws {
        let desk = try await APIDesk()
        for path in ["/api/v1/me", "/api/v1/nothing", "/health/live", "/api/openapi.json"] {
            let answer = try await desk.call(.get, path, nil)
            #expect(answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'self'; ") == true && answer.headers[.xContentTypeOptions] == "nosniff", "\(path)")
            #expect(answer.headers[.referrerPolicy] == "same-origin" && answer.headers[.cacheControl] == "no-store", "\(path)")
        }
        let refused = try await desk.call(.get, "/api/v1/me", nil)
        #expect(refused.status == 401 && refused.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true && refused.headers[.contentType] == "application/problem+json")
    }

    @Test("Who is not signed in is led on, after signing in, to the very page that was asked for") func next() async throws {
        let desk = try await APIDesk()
        let sent = try await desk.page("/tickets?view=mine")
        #expect(sent.status == 303 && sent.headers[.location] == "/sign-in?next=%2Ftickets%3Fview%3Dmine")
    }

    @Test("HEAD answers as GET does, without a body") func head() async throws {
        let desk = try await APIDesk()
        let (get, head) = (try await desk.call(.get, "/health/ready", nil), try await desk.call(.head, "/health/ready", nil))
        #expect(get.status == 200 && head.status == 200 && head.text.isEmpty && head.headers[.contentLength] == get.headers[.contentLength])
    }

    @Test("A long answer is compressed for whoever takes gzip, and only then") func gzip() async throws {
        let desk = try await APIDesk()
        let plain = try await desk.call(.get, "/api/openapi.json", nil)
        let small = try await desk.call(.get, "/api/openapi.json", nil, nil, [.acceptEncoding: "br, gzip"])
        #expect(plain.headers[.contentEncoding] == nil && small.headers[.contentEncoding] == "gzip")
        let length = Int(small.headers[.contentLength] ?? "") ?? .max
        #expect(length < plain.text.utf8.count / 3)
        #expect(Gzip.isAccepted("gzip;q=0") == false && Gzip.isAccepted("deflate, gzip;q=0.5"))
    }

    @Test("S20 what a cookie signs needs the session's token and this site as its origin") func csrf() async throws {
        let desk = try await APIDesk()
        try await desk.desk.createPerson(email: "pat@people.example", name: "Pat", role: .agent, client: nil, passwordHash: try await Passwords(rounds: 1 << 4, lanes: 1).hash("correct horse"))
        let session = try #require(try await desk.desk.signIn("pat@people.example", password: "correct horse", address: ""))
        let ref = try await desk.ticket()
        let cookie = [HTTPField.Name.cookie: "theme=dark; abide=\(session.secret)"]
        #expect(try await desk.call(.get, "/me", nil, nil, cookie)["name"] == "Pat")
        let body = #"{"body":"x","visibility":"internal"}"#, path = "/tickets/\(ref)/messages"
        #expect(try await desk.call(.post, path, nil, body, cookie).status == 403)
        let signed = cookie.merging([.csrfToken: session.csrf]) { $1 }
        #expect(try await desk.call(.post, path, nil, body, signed.merging([.origin: "https://evil.example"]) { $1 }).status == 403)
        #expect(try await desk.call(.post, path, nil, body, signed.merging([.secFetchSite: "cross-site"]) { $1 }).status == 403)
        #expect(try await desk.call(.post, path, nil, body, signed.merging([.origin: "http://desk.example", .secFetchSite: "same-origin"]) { $1 }).status == 201)
    }

    @Test("A form is read as browsers send it, with its files") func forms() throws {
        let form = Form.urlEncoded("a=1+2&b=%C3%A9%26&c=x%0D%0Ay&field.phone=%2B1&a=3&d")
        #expect(form["a"] == "1 2" && form["b"] == "é&" && form["c"] == "x\ny" && form.all(prefix: "field.") == ["phone": "+1"] && form["d"] == "")
        let body = "--XY\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nHello\r\nworld\r\n--XY\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\nContent-Type: text/plain\r\n\r\n\u{0}--X\r\n\r\n--XY\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--XY--\r\n"
        let parts = try Form.multipart(Array(body.utf8), boundary: "XY")
        #expect(parts["body"] == "Hello\nworld" && parts.files.count == 1)
        #expect(parts.files.first?.name == "a\"b.txt" && parts.files.first?.type == "text/plain" && parts.files.first?.content == Array("\u{0}--X\r\n".utf8))
        for broken in ["", "--XY", "--XY\r\n\r\n--XY--", "x--XY\r\n", body.replacing("--XY--", with: "")] {
            #expect(throws: PlainError.self) { try Form.multipart(Array(broken.utf8), boundary: "XY") }
        }
    }

    @Test("A refusal is a problem that names clause and fields; a fault tells only its id") func problems() throws {
        let refusal = ErrorAnswer(Refusal(.forbidden, "Not you \"<now>\"", clause: "N1", fields: ["body": "Required."]), requestID: "9")
        var json = JSON()
        json.value("\"<\\\u{1}é\n")
        #expect(json.text == #""\"\u003c\\\u0001é\n""#)
        #expect(refusal.status == 403 && refusal.clause == "N1" && refusal.id == nil && refusal.problem().headers[.contentType] == "application/problem+json")
        struct DatabaseError: Error {}
        struct Secret: Error { var password = "hunter2" }
        let fault = ErrorAnswer(Secret(), requestID: "9"), away = ErrorAnswer(DatabaseError(), requestID: "9")
        #expect(fault.status == 500 && fault.id == "9" && !fault.detail.contains("hunter2"))
        #expect(away.status == 503 && away.headers.first?.name == "Retry-After")
    }

    @Test("S1 Markdown does no harm: no markup, no other scheme, nothing fetched") func markdown() {
        for (text, not) in [
            ("<script>alert(1)</script>", "<script"), ("<img src=x onerror=alert(1)>", "onerror"), ("[x](javascript:alert(1))", "javascript:"), ("[x](JaVaScRiPt:alert(1))", "alert"),
            ("[x](data:text/html,1)", "data:"), ("![x](https://e.example/p.png)", "<img"), ("[x](//e.example)", "e.example"), ("<https://e.example/\"onclick=\"1>", "onclick=\""),
            ("[x]: vbscript:1\n\n[x]", "vbscript"),
        ] {
            #expect(!Markdown.html(text).string.contains(not), "\(text): \(Markdown.html(text).string)")
        }
        #expect(Markdown.html("a *b*\nc https://e.example/x").string == "<p>a <em>b</em><br />\nc <a href=\"https://e.example/x\">https://e.example/x</a></p>\n")
        #expect(MessageHTML.plain("a <b>\nc\n\nd").string == "<p>a &lt;b&gt;<br>c</p>\n<p>d</p>\n")
    }
}
