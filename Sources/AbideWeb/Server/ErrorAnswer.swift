import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import NIOCore

/// Nobody is signed in, or the token is unknown: 401 to programs, the sign-in page to people.
struct NotSignedIn: Error {
    /// Why, where more is known than that nothing was sent.
    var detail: Phrase = "Sign in, or send a token as Authorization: Bearer."
}

/// An error as it is told outside: RFC 9457 for programs, a page for people. Never holds anything of the inside but an id.
struct ErrorAnswer: Sendable {
    var status: Int
    var title: String
    var detail: String
    var clause: String?
    /// Wrong input by field name.
    var fields: [String: String] = [:]
    /// Names the entry of the log, for faults of ours.
    var id: String?
    /// Further header fields: `Retry-After`, `Allow`, `WWW-Authenticate`.
    var headers: [(name: String, value: String)] = []

    static func titled(_ status: Int) -> String {
        switch status {
        case 400: say("Not understood")
        case 401: say("Not signed in")
        case 403: say("Not allowed")
        case 404: say("Not found")
        case 405: say("Method not allowed")
        case 409: say("Not in this state")
        case 412: say("Changed meanwhile")
        case 413: say("Too large")
        case 415: say("Media type not taken")
        case 422: say("Missing or wrong input")
        case 429: say("Too many requests")
        case 503: say("Not available just now")
        case 500...: say("Something went wrong here")
        default: say("Not done")
        }
    }

    init(_ status: Int, _ detail: Phrase) {
        self.status = status
        title = Self.titled(status)
        self.detail = detail.text
    }

    init(_ refusal: Refusal) {
        let status = switch refusal.kind {
        case .unknown: 404
        case .forbidden: 403
        case .state: 409
        case .input: 422
        case .stale: 412
        }
        self.init(status, Phrase(asIs: refusal.detail))
        clause = refusal.clause
        fields = refusal.fields
    }

    /// Any error; one that nobody foresaw gets an id that stands beside it in the log.
    init(_ error: any Error, requestID: @autoclosure () -> String) {
        switch error {
        case let refusal as Refusal: self.init(refusal)
        case let missing as NotSignedIn:
            self.init(401, missing.detail)
            headers = [("WWW-Authenticate", "Bearer realm=\"abide\"")]
        case let answer as PlainError: self = answer.answer
        case is NIOTooManyBytesError: self.init(413, Self.detail(413))
        case let error as HTTPError:
            let status = Int(error.status.code)
            self.init(status, error.body.map { Phrase(asIs: $0) } ?? Self.detail(status))
        default:
            let name = String(reflecting: type(of: error))
            if Desk.isLackOfRoom(error) { self = Self.noRoom.answer } else if name.contains("DatabaseError") || name.contains("StoreError") || name.contains("PostgreSQLError") {
                self.init(503, "The desk's store does not answer. Nothing was changed; try again in a moment.")
                headers = [("Retry-After", "5")]
            } else {
                self.init(500, "The desk could not do this, through a fault of its own. It is logged under the id given here; tell the administrator.")
            }
            id = requestID()
        }
    }

    static var noRoom: PlainError { PlainError(503, "The disk of the desk is full. Nothing was changed, and reading goes on; try again once its administrator has made room.", headers: [("Retry-After", "60")]) }

    static let busy = PlainError(503, "More waits to be stored than the desk can do in a moment. Nothing was changed; try again in a few seconds.", headers: [("Retry-After", "2")])

    private static func detail(_ status: Int) -> Phrase {
        switch status {
        case 404: "There is nothing at this address."
        case 413: "The request is larger than the desk takes: 1 MiB for the API, 30 MiB for a form with files."
        default: "The request could not be understood."
        }
    }

    /// `application/problem+json`.
    func problem() -> Response {
        var json = JSON()
        json.open()
        json.put("type", clause.map { "urn:abide:clause:" + $0 } ?? "about:blank")
        json.put("title", title)
        json.put("status", Int64(status))
        json.put("detail", detail)
        if let clause { json.put("clause", clause) }
        if let id { json.put("id", id) }
        if !fields.isEmpty {
            let sorted = fields.sorted { $0.key < $1.key }
            json.key("fields")
            json.open()
            for (name, fault) in sorted { json.put(name: name, fault) }
            json.close()
            json.key("errors")
            json.openList()
            for (name, fault) in sorted {
                json.next()
                json.open()
                json.put("field", name)
                json.put("detail", fault)
                json.close()
            }
            json.closeList()
        }
        json.close()
        return response(type: "application/problem+json", body: json.bytes)
    }

    /// With this error's status and header fields.
    func response(type: String, body: [UInt8]) -> Response {
        var response = Response(status: .init(code: status), type: type, body: body)
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }
}

/// An error that is already worded.
struct PlainError: Error {
    var answer: ErrorAnswer
    init(_ status: Int, _ detail: Phrase, fields: [String: String] = [:], headers: [(name: String, value: String)] = []) {
        answer = ErrorAnswer(status, detail)
        answer.fields = fields
        answer.headers = headers
    }
}

extension Response {
    /// An answer of known length. `type`: the whole media type with its charset.
    init(status: HTTPResponse.Status = .ok, type: String, body: [UInt8]) {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .contentType, value: type))
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    static let htmlType = "text/html; charset=utf-8"

    /// A page.
    static func html(_ page: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: htmlType, body: page.bytes)
    }

    /// 303: what was posted is done; look there. `path` must be one of this site.
    static func seeOther(_ path: String) -> Response {
        let isOwn = path.hasPrefix("/") && !path.hasPrefix("//") && !path.hasPrefix("/\\") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return Response(status: .seeOther, headers: [.location: isOwn ? path : "/"])
    }
}
