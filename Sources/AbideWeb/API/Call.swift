import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird
import NIOCore

/// One request to the API, once it is known who asks and that they may.
struct Call: Sendable {
    let web: Web
    let request: Request
    let person: Person
    let ref: String
    /// The number at the end of the path, as a suspension's; -1 where it is none, which nothing has.
    let number: Int
    /// The digest in the path, as it was written; empty where there is none.
    let digest: String
    /// The other ticket in the path; empty where there is none.
    let other: String
    let input: Input
    /// The ticket as it stood when permission was asked; nil for calls that concern none.
    let view: AbideDesk.TicketView?
    let ifMatch: Int?
    /// For the desk, which remembers an act in the transaction that does it.
    let idempotency: Idempotency?
    /// Asked again while a stream is open.
    let stillHolds: @Sendable () async -> Bool

    var desk: Desk { web.desk }

    func query(_ name: String) -> String? { request.query(name) }

    /// `limit` of the query.
    func limit(most: Int, otherwise: Int) throws -> Int {
        guard let text = query("limit") else { return otherwise }
        guard let number = Int(text), (1...most).contains(number) else { throw Refusal.input("limit", "A whole number from 1 to \(most).") }
        return number
    }

    /// Decides on the ticket and stores what follows.
    func act(_ decide: @escaping @Sendable (Ticket, Agreement, Instant) throws -> [Draft]) async throws -> Reply {
        .ticket(try await desk.act(ref, by: person, ifMatch: ifMatch, idempotency: idempotency, decide))
    }
}

/// What a call answers.
enum Reply: Sendable {
    /// With its `ETag`.
    case ticket(AbideDesk.TicketView, location: String? = nil)
    case json(JSON)
    case stream(Response)
}

/// One call of the API: what the router, the check of input, the permission and the OpenAPI document need to know of it.
struct Operation: Sendable {
    var method: HTTPRequest.Method
    var path: String
    /// The name that generated clients give it.
    var id: String
    var summary: String
    /// The clause of the agreement that it carries out.
    var clause: String?
    /// Asked before the body is read; one of them is enough. Empty: any person.
    var permission: [Act] = []
    var query: [Field] = []
    /// Nil: the call takes no body.
    var body: [Field]?
    var status = 200
    /// The schema of the answer.
    var schema: String
    var run: @Sendable (Call) async throws -> Reply

    var isOnTicket: Bool { path.contains("{ref}") }
    var isLogging: Bool { method == .post && path == "/api/v1/tickets" }
}

extension Operation {
    /// From a request to its answer: who asks, may they, was it done already, is the input right; then the act.
    func answer(_ request: Request, _ context: AbideRequestContext, _ web: Web) async throws -> Response {
        let person = try await web.caller(request, context).person
        let ref = context.parameters.get("ref") ?? ""
        var view: AbideDesk.TicketView?
        if isOnTicket {
            let found = try await read(ref, person, web)
            try permit { act in try found.ticket.permit(person, act) }
            view = found
        } else {
            try permit { act in
                guard Permissions.allows(person.role, act) else { throw Refusal.role(person.role, may: "Ask an agent or the service manager.") }
            }
        }
        let bytes: [UInt8] = body == nil ? [] : Array(buffer: try await request.body.collect(upTo: BodyLimit.json))
        let ifMatch = try Self.version(request.headers[.ifMatch])
        let run: (Idempotency?) async throws -> Response = { idempotency in
            let intake = view?.agreement.terms.intake ?? web.desk.intake(for: person)
            let input = try Input(bytes, body ?? [], intake: intake)
            let call = Call(
                web: web, request: request, person: person, ref: ref, number: context.parameters.get("id").flatMap { Int($0) } ?? -1,
                digest: context.parameters.get("digest") ?? "", other: context.parameters.get("other") ?? "", input: input,
                view: view, ifMatch: ifMatch, idempotency: idempotency, stillHolds: { (try? await web.caller(request, context)) != nil })
            return response(try await self.run(call))
        }
        guard method == .post, let key = request.headers[.idempotencyKey], !key.isEmpty else { return try await run(nil) }
        guard key.utf8.count <= 255 else { throw Refusal.input("Idempotency-Key", "This is too long: at most 255 bytes.") }
        let digest = Secrets.digest(Array("\(method) \(request.uri.path)\n".utf8) + bytes)
        if isLogging || isOnTicket { return try await run(Idempotency(key: key, request: digest)) }
        return try await once(key, digest, person, web) { try await run(nil) }
    }

    /// The ticket. Staff of a role that reads no tickets are told who may do this act, by its clause, and not only that they may not read.
    private func read(_ ref: String, _ person: Person, _ web: Web) async throws -> AbideDesk.TicketView {
        do { return try await web.desk.ticket(ref, for: person) } catch let refusal as Refusal where refusal.kind == .forbidden {
            if let act = permission.first, act != .read {
                _ = try await web.desk.act(ref, by: person) { ticket, _, _ in
                    try ticket.permit(person, act)
                    return []
                }
            }
            throw refusal
        }
    }

    private func permit(_ ask: (Act) throws -> Void) throws {
        var refusal: (any Error)?
        for act in permission {
            do { return try ask(act) } catch { refusal = refusal ?? error }
        }
        if let refusal { throw refusal }
    }

    private func response(_ reply: Reply) -> Response {
        switch reply {
        case .ticket(let view, let location):
            var json = JSON(capacity: 2048)
            TicketJSON.ticket(view, into: &json)
            var response = Response(status: .init(code: status), type: "application/json", body: json.bytes)
            response.headers[.eTag] = "\"\(view.ticket.head)\""
            if let location { response.headers[.location] = location }
            if view.isReplay, let name = HTTPField.Name("Idempotency-Replayed") { response.headers[name] = "true" }
            return response
        case .json(let json): return Response(status: .init(code: status), type: "application/json", body: json.bytes)
        case .stream(let response): return response
        }
    }

    /// The number that `If-Match` names; nil for none and for `*`.
    static func version(_ header: String?) throws -> Int? {
        guard let tag = header?.trimmingSpaces(), !tag.isEmpty, tag != "*" else { return nil }
        guard tag.hasPrefix("\""), tag.hasSuffix("\""), let number = Int(tag.dropFirst().dropLast()) else {
            // No version of ours looks like that, so it is none that stands now.
            throw Refusal(.stale, "If-Match names no version of this ticket. Take the ETag of its last answer, as \"7\".")
        }
        return number
    }

    /// Does a thing once for a key: the second time the first answer comes again (one at a time, so that two at once make one thing).
    private func once(_ key: String, _ digest: String, _ person: Person, _ web: Web, _ run: () async throws -> Response) async throws -> Response {
        let place = "\(person.id)/\(key)"
        await web.keys.enter(place)
        do {
            let response: Response
            if let known = try await web.desk.remembered(key: key, by: person) {
                guard known.request == digest else {
                    throw Refusal.input("Idempotency-Key", "This key was sent with another request before. Take a new key for each new thing.")
                }
                var repeated = Response(status: .init(code: known.status), type: "application/json", body: Array(known.body.utf8))
                if let location = known.location { repeated.headers[.location] = location }
                if let tag = HTTPField.Name("Idempotency-Replayed") { repeated.headers[tag] = "true" }
                response = repeated
            } else {
                let first = try await run()
                let collector = BodyCollector()
                try await first.body.write(collector)
                try await web.desk.remember(
                    key: key, by: person,
                    RememberedAnswer(
                        status: Int(first.status.code), request: digest, body: String(buffer: collector.box.buffer), location: first.headers[.location]))
                response = first
            }
            await web.keys.leave(place)
            return response
        } catch {
            await web.keys.leave(place)
            throw error
        }
    }
}
