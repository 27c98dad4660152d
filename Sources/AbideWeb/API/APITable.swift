import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Every call of the API, in one table: it makes the routes and the OpenAPI document.
enum APITable {
    static let operations: [Operation] = deskCalls + ticketCalls + ticketActs + coverageActs + connectionActs + taskCalls + reportCalls + agreementCalls + contactCalls + reviewCalls + holdCalls

    static func add(to router: Router<AbideRequestContext>, _ web: Web) {
        for operation in operations {
            router.on(RouterPath(operation.path), method: operation.method) { request, context in
                try await operation.answer(request, context, web)
            }
        }
        let document = OpenAPI.document(operations, version: web.desk.settings.version)
        router.get("/api/openapi.json") { _, _ in Response(type: "application/json", body: document) }
    }

    /// The methods that an address takes; nil for an address that there is not.
    static func methods(at path: String) -> [String]? {
        let parts = path.split(separator: "/")
        let found = operations.filter { operation in
            let pattern = operation.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return found.isEmpty ? nil : found.map { $0.method.rawValue }.sorted()
    }

    // MARK: The desk itself

    private static let deskCalls: [Operation] = [
        Operation(method: .get, path: "/api/v1/desk", id: "getDesk", summary: "The desk: its mailbox, its zone, the agreement that holds for new tickets.", schema: "Desk") { call in
            .json(describe(call.desk, call.person))
        },
        Operation(method: .get, path: "/api/v1/me", id: "getMe", summary: "Whom the token is for.", schema: "Me") { call in
            let person = call.person
            let client = try await call.desk.clients(for: person).first { $0.id == person.client }
            var json = JSON()
            json.open()
            json.put("id", person.id)
            json.put("email", person.email)
            json.put("name", person.name)
            json.put("role", person.role.rawValue)
            json.key("client")
            if let client {
                json.open()
                json.put("id", client.id)
                json.put("name", client.name)
                json.close()
            } else {
                json.null()
            }
            json.put("department", person.department)
            json.put("zone", person.zone)
            json.put("phone", person.phone)
            json.close()
            return .json(json)
        },
        Operation(method: .get, path: "/api/v1/clients", id: "listClients", summary: "The clients that the reader may know of: staff all, a contact the own one.", schema: "ClientList") { call in
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for client in try await call.desk.clients(for: call.person) {
                json.next()
                json.open()
                json.put("id", client.id)
                json.put("name", client.name)
                json.put("zone", client.zone)
                json.put("subscriptionUntil", client.subscriptionUntil)
                json.put("managedHosting", client.managedHosting)
                json.put("shareTickets", client.shareTickets)
                json.close()
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .get, path: "/api/v1/stream", id: "followChanges", summary: "Server-sent events: a ticket that the reader may see has changed, and its version now.", clause: "B3",
            query: [Field("ticket", .text(50, blank: false), "Only this reference.")], schema: "Stream"
        ) { call in
            .stream(LiveStream(web: call.web, person: call.person, ref: call.query("ticket"), stillHolds: call.stillHolds).response())
        },
    ]

    private static func describe(_ desk: Desk, _ person: Person) -> JSON {
        let terms = desk.agreement(for: person).terms
        var json = JSON(capacity: 2048)
        json.open()
        json.put("name", terms.provider.name)
        json.put("mailbox", terms.provider.mailbox)
        json.put("zone", terms.provider.zone)
        json.put("version", desk.settings.version)
        json.put("zoneData", desk.zoneData)
        json.key("agreement")
        TicketJSON.agreement(terms, into: &json)
        json.key("severities")
        json.openList()
        for severity in terms.severities {
            json.next()
            json.open()
            json.put("number", Int64(severity.number))
            json.put("name", severity.name)
            json.put("description", severity.description)
            json.close()
        }
        json.closeList()
        json.key("intake")
        json.openList()
        for field in terms.intake {
            json.next()
            json.open()
            json.put("name", field.name)
            json.put("label", field.label)
            json.put("help", field.help)
            json.put("required", field.required)
            json.put("choices", terms.choices(field).map(\.value))
            json.close()
        }
        json.closeList()
        json.key("suspensionReasons")
        json.openList()
        for reason in terms.suspensionReasons {
            json.next()
            json.open()
            json.put("name", reason.name)
            json.put("label", reason.label)
            json.put("waitsForClient", reason.waitsForClient)
            json.close()
        }
        json.closeList()
        json.put("departments", terms.departments.map(\.name))
        json.close()
        return json
    }
}
