import AbideCore
import HTTPTypes
import Hummingbird

/// The description of the API for programs (OpenAPI 3.1), written from the table that also makes the routes.
enum OpenAPI {
    static func document(_ operations: [Operation], version: String) -> [UInt8] {
        var json = JSON(capacity: 65_536)
        json.open()
        json.put("openapi", "3.1.0")
        json.key("info")
        json.open()
        json.put("title", "Abide")
        json.put("version", version)
        json.put("summary", "A support desk that keeps the agreement.")
        json.put(
            "description",
            "Every call but this document needs a token as `Authorization: Bearer`. Instants are RFC 3339 in UTC with whole seconds, durations whole seconds. Errors are problem details (RFC 9457); `clause` names the clause of the agreement that refused. Permission is asked before input.")
        json.close()
        json.key("servers")
        json.raw(##"[{"url":"/"}]"##)
        json.key("security")
        json.raw(##"[{"bearer":[]},{"session":[]}]"##)
        json.key("paths")
        json.open()
        var paths: [String] = []
        for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
        for path in paths {
            json.key(name: path)
            json.open()
            for operation in operations where operation.path == path {
                json.key(name: operation.method.rawValue.lowercased())
                write(operation, into: &json)
            }
            json.close()
        }
        json.key("/api/openapi.json")
        json.raw(##"{"get":{"operationId":"getDescription","summary":"This document.","security":[],"responses":{"200":{"description":"The document.","content":{"application/json":{"schema":{"type":"object"}}}}}}}"##)
        json.close()
        json.key("components")
        json.open()
        json.key("securitySchemes")
        json.raw(##"{"bearer":{"type":"http","scheme":"bearer","description":"A token made by `abide token create`."},"session":{"type":"apiKey","in":"cookie","name":"abide","description":"The session of a signed-in browser; changes need `X-CSRF-Token` too."}}"##)
        json.key("responses")
        json.open()
        for (status, text) in problems {
            json.key(name: "Problem\(status)")
            json.open()
            json.put("description", text)
            json.key("content")
            json.raw(##"{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}"##)
            json.close()
        }
        json.close()
        json.key("schemas")
        json.raw(OpenAPISchemas.text)
        json.close()
        json.close()
        return json.bytes
    }

    private static let problems: [(status: Int, text: String)] = [
        (400, "The body can't be read."), (401, "No token, or one that is not known."), (403, "Not allowed to this person; `clause` says by which clause."),
        (404, "Not there, or not for this reader to know of."), (409, "Not in this state."), (412, "`If-Match` names an older version."), (413, "Larger than 1 MiB."),
        (422, "Missing or wrong input: `fields` names each."), (503, "The store does not answer; try again."),
    ]

    private static func write(_ operation: Operation, into json: inout JSON) {
        json.open()
        json.put("operationId", operation.id)
        json.put("summary", operation.summary)
        if let clause = operation.clause { json.put("x-clause", clause) }
        json.put("tags", [operation.isOnTicket || operation.path.hasSuffix("/tickets") ? "tickets" : "desk"])
        parameters(operation, into: &json)
        if let fields = operation.body { body(fields, into: &json) }
        json.key("responses")
        json.open()
        json.key(name: "\(operation.status)")
        json.open()
        json.put("description", operation.schema == "Ticket" ? "The ticket." : "What was asked for.")
        if operation.schema == "Ticket" {
            json.key("headers")
            let location = operation.status == 201 && !operation.isOnTicket ? ##","Location":{"description":"Where the ticket is.","schema":{"type":"string"}}"## : ""
            json.raw(##"{"ETag":{"description":"The ticket's version.","schema":{"type":"string"}}\##(location)}"##)
        }
        json.key("content")
        if operation.schema == "Stream" {
            json.raw(##"{"text/event-stream":{"schema":{"type":"string"}}}"##)
        } else {
            json.raw(##"{"application/json":{"schema":{"$ref":"#/components/schemas/\##(operation.schema)"}}}"##)
        }
        json.close()
        for (status, _) in problems where can(operation, answer: status) {
            json.key(name: "\(status)")
            json.raw(##"{"$ref":"#/components/responses/Problem\##(status)"}"##)
        }
        json.close()
        json.close()
    }

    private static func can(_ operation: Operation, answer status: Int) -> Bool {
        switch status {
        case 401, 503: true
        case 403: !operation.permission.isEmpty
        case 404: operation.isOnTicket || operation.id == "getReport" || operation.path.contains("{")
        case 409: operation.method != .get && (operation.isOnTicket || operation.path.contains("{"))
        case 412: operation.method != .get && operation.isOnTicket
        case 400, 413: operation.body != nil
        case 422: operation.body != nil || !operation.query.isEmpty
        default: false
        }
    }

    private static func parameters(_ operation: Operation, into json: inout JSON) {
        json.key("parameters")
        json.openList()
        for part in operation.path.split(separator: "/") where part.hasPrefix("{") {
            let name = String(part.dropFirst().dropLast())
            json.next()
            json.open()
            json.put("name", name)
            json.put("in", "path")
            json.put("required", true)
            json.key("schema")
            switch name {
            case "ref": json.raw(##"{"type":"string","examples":["ABD-1042"]}"##)
            case "digest": json.raw(##"{"type":"string","pattern":"^[0-9a-f]{8,64}$","description":"A version's digest, or its beginning."}"##)
            default: json.raw(##"{"type":"integer","minimum":1}"##)
            }
            json.close()
        }
        for field in operation.query {
            json.next()
            json.open()
            json.put("name", field.name)
            json.put("in", "query")
            json.put("required", field.isRequired)
            json.put("description", field.about)
            json.key("schema")
            schema(field, into: &json)
            json.close()
        }
        if operation.method == .post { header("Idempotency-Key", "The same key with the same request is done once.", into: &json) }
        if operation.method != .get, operation.isOnTicket { header("If-Match", "The `ETag` that was read; an older one is refused.", into: &json) }
        json.closeList()
    }

    private static func header(_ name: String, _ about: String, into json: inout JSON) {
        json.next()
        json.open()
        json.put("name", name)
        json.put("in", "header")
        json.put("required", false)
        json.put("description", about)
        json.key("schema")
        json.raw(##"{"type":"string","maxLength":255}"##)
        json.close()
    }

    private static func body(_ fields: [Field], into json: inout JSON) {
        json.key("requestBody")
        json.open()
        json.put("required", fields.contains(where: \.isRequired))
        json.key("content")
        json.open()
        json.key("application/json")
        json.open()
        json.key("schema")
        json.open()
        json.put("type", "object")
        json.put("additionalProperties", false)
        json.key("properties")
        json.open()
        for field in fields {
            json.key(name: field.name)
            schema(field, into: &json)
        }
        json.close()
        let required = fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { json.put("required", required) }
        json.close()
        json.close()
        json.close()
        json.close()
    }

    private static func schema(_ field: Field, into json: inout JSON) {
        json.open()
        switch field.kind {
        case .text(let limit, let blank):
            json.put("type", "string")
            json.put("maxLength", Int64(limit))
            if !blank { json.put("minLength", Int64(1)) }
        case .integer(let range):
            json.put("type", "integer")
            json.put("minimum", range.lowerBound)
            json.put("maximum", range.upperBound)
        case .choice(let known):
            json.put("type", "string")
            json.put("enum", known)
        case .instant:
            json.put("type", "string")
            json.put("format", "date-time")
        case .intake, .texts:
            json.put("type", "object")
            json.key("additionalProperties")
            json.raw(##"{"type":"string"}"##)
        case .emailOrNull, .textOrNull: json.put("type", ["string", "null"])
        }
        json.put("description", field.about)
        json.close()
    }
}
