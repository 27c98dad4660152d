import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
@testable import AbideWeb

/// A real desk on a store of its own, asked through the real router; only the socket is left out. Its time stands still until told.
final class APIDesk: Sendable {
    let desk: Desk
    private let responder: RouterResponder<AbideRequestContext>
    private let tokens = Mutex<[String: String]>([:])

    /// Wednesday 11 March 2026, 10:00 in Dallas.
    static let morning = Instant(rfc3339: "2026-03-11T15:00:00Z") ?? Instant(0)

    init() async throws {
        let box = TimeBox(Self.morning)
        desk = try await Desk.open(
            db: try TestStore.open(), settings: DeskSettings(baseURL: "http://desk.example"), keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(),
            passwords: Passwords(rounds: 1 << 4, lanes: 1), logger: Logger(label: "test"), clock: { box.now })
        self.box = box
        let web = Web(desk: desk, logger: Logger(label: "test"), errorPage: PageRoutes.errorPage)
        responder = WebServer.router(web).buildResponder()
        try await desk.createClient(name: "Northfield Mining", subscriptionUntil: Self.morning + 86_400 * 300)
        try await desk.createClient(name: "Harbor Chemicals", subscriptionUntil: Self.morning + 86_400 * 300)
        for (name, role, client) in [
            ("Luis", Role.client, "Northfield Mining"), ("Dana", .primaryContact, "Northfield Mining"), ("Nina", .client, "Harbor Chemicals"),
            ("Maya", .agent, nil), ("Ruth", .serviceManager, nil), ("Andrew", .clientServicesManager, nil),
        ] {
            try await desk.createPerson(email: "\(name.lowercased())@people.example", name: name, role: role, client: client, phone: "+1 575 555 0142")
        }
    }

    final class TimeBox: Sendable {
        private let value: Mutex<Instant>
        init(_ at: Instant) { value = Mutex(at) }
        var now: Instant { value.withLock { $0 } }
        func pass(_ seconds: Int64) { value.withLock { $0 = $0 + seconds } }
    }

    let box: TimeBox

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String
        var json: JSONValue

        subscript(_ path: String...) -> JSONValue { path.reduce(json) { $0[$1] } }
    }

    /// A page, asked for by nobody.
    func page(_ path: String) async throws -> Answer { try await call(.get, path, nil, nil, [:], isPage: true) }

    /// - Parameter who: a first name; nil: nobody.
    func call(_ method: HTTPRequest.Method, _ path: String, _ who: String?, _ body: String? = nil, _ headers: [HTTPField.Name: String] = [:], isPage: Bool = false) async throws -> Answer {
        var fields = HTTPFields()
        if let who { fields[.authorization] = "Bearer \(try await token(who))" }
        for (name, value) in headers { fields[name] = value }
        let target = isPage || path.hasPrefix("/api/") || path.hasPrefix("/health") ? path : "/api/v1" + path
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "desk.example", path: target, headerFields: fields),
            body: .init(buffer: ByteBuffer(string: body ?? "")))
        var logger = Logger(label: "test")
        logger[metadataKey: "hb.request.id"] = "7"
        let context = AbideRequestContext(source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: logger))
        let response = try await responder.respond(to: request, context: context)
        let collector = BodyCollector()
        try await response.body.write(collector)
        let text = String(buffer: collector.box.buffer)
        let json = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
        return Answer(status: Int(response.status.code), headers: response.headers, text: text, json: json)
    }

    /// A ticket that is complete at once; answers its reference.
    func ticket(_ who: String = "Luis", urgency: Int = 2, subject: String = "No data from pit 4") async throws -> String {
        let fields = #"{"site":"Pit 4","project":"Conveyor health","environment":"Patched on Tuesday","description":"Nothing since 9."}"#
        let answer = try await call(.post, "/tickets", who, #"{"subject":"\#(subject)","urgency":\#(urgency),"fields":\#(fields)}"#)
        guard answer.status == 201, case .text(let ref) = answer["ref"] else { throw Unexpected(text: answer.text) }
        return ref
    }

    struct Unexpected: Error { var text: String }

    private func token(_ who: String) async throws -> String {
        if let known = tokens.withLock({ $0[who] }) { return known }
        let token = try await desk.createToken(email: "\(who.lowercased())@people.example", label: "test")
        tokens.withLock { $0[who] = token }
        return token
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .flag(value) }

    subscript(_ name: String) -> JSONValue {
        if case .object(let members) = self { return members[name] ?? .null }
        return .null
    }

    var items: [JSONValue] {
        if case .list(let items) = self { return items }
        return []
    }

    var names: Set<String> {
        if case .object(let members) = self { return Set(members.keys) }
        return []
    }

    var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }
}
