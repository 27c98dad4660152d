import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    private static let list = "/api/v1/contacts"
    private static let clients = "/api/v1/clients"
    private static let contact = Field("contact", .emailOrNull, "The e-mail address of one of the client's contacts.")

    /// Clients and their contacts: administered by staff, and each client's own by its primary contact and stand-in (K4, L8, I5).
    static let contactCalls: [Operation] = [
        Operation(
            method: .get, path: list, id: "listContacts", summary: "Contacts: a contact sees those of its own client, staff those of the client asked for, or all.", clause: "L8",
            query: [Field("client", .text(200, blank: false), "A client's id or name; a contact's own where it isn't said.")], schema: "ContactList"
        ) { call in
            let names = Dictionary(try await call.desk.clients(for: call.person).map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
            var ids = names.keys.sorted()
            if let name = call.query("client") {
                guard let id = try await call.web.desk.client(name, for: call.person) else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
                ids = [id]
            }
            var json = JSON(capacity: 4096)
            json.open()
            json.key("items")
            json.openList()
            for id in ids {
                for person in try await call.desk.contacts(of: id, for: call.person).people {
                    json.next()
                    write(person, names[id] ?? "", into: &json)
                }
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: list, id: "addContact", summary: "Adds a contact and invites it by mail; one without an address is told by calls and letters.", clause: "L8", permission: [.manageContacts],
            body: [
                Field("name", .text(200, blank: false), required: true, "The person's name."), Field("email", .text(254, blank: true), "The address; left out: none."), Field("phone", .text(50, blank: true), "The telephone number."),
                Field("client", .text(200, blank: false), "For staff: the client's id or name."), Field("role", .choice(["client", "reportReader"]), "client where it isn't said."),
                Field("zone", .text(60, blank: false), "A time zone of the person's own, as America/Denver."),
            ], status: 201, schema: "Contact"
        ) { call in
            var client = call.person.client
            if let name = call.input.text("client") {
                guard let id = try await call.web.desk.client(name, for: call.person) else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
                client = id
            }
            guard let client else { throw Refusal.input("client", "This is required: a client's id or name.") }
            let person = try await call.desk.addContact(
                PersonInput(
                    email: call.input.text("email") ?? "", name: call.input.text("name") ?? "", role: call.input.text("role").flatMap { Role(rawValue: $0) } ?? .client, client: client,
                    phone: call.input.text("phone") ?? "", zone: call.input.text("zone")), by: call.person)
            return try await reply(person, call)
        },
        Operation(
            method: .post, path: list + "/{id}/nomination", id: "nominateReader", summary: "Nominates a contact to read the client's reports.", clause: "I5", permission: [.manageContacts], body: [], status: 201,
            schema: "Contact"
        ) { call in
            try await call.desk.nominate(Int64(call.number), readsReports: true, by: call.person)
            return try await reply(call)
        },
        Operation(
            method: .delete, path: list + "/{id}/nomination", id: "endNomination", summary: "Takes a nomination back.", clause: "I5", permission: [.manageContacts], schema: "Contact"
        ) { call in
            try await call.desk.nominate(Int64(call.number), readsReports: false, by: call.person)
            return try await reply(call)
        },
        Operation(
            method: .get, path: list + "/{id}/addresses", id: "listAddresses", summary: "A contact's addresses besides the first; what comes from them is this person's.", permission: [.manageContacts], schema: "AddressList"
        ) { call in try await addresses(call) },
        Operation(
            method: .post, path: list + "/{id}/addresses", id: "addAddress", summary: "Adds an address.", permission: [.manageContacts],
            body: [Field("address", .text(254, blank: false), required: true, "An e-mail address that is nobody's.")], status: 201, schema: "AddressList"
        ) { call in
            try await call.desk.addAddress(call.input.text("address") ?? "", to: Int64(call.number), by: .person(call.person))
            return try await addresses(call)
        },
        Operation(
            method: .delete, path: list + "/{id}/addresses/{other}", id: "removeAddress", summary: "Takes a further address away.", permission: [.manageContacts], schema: "AddressList"
        ) { call in
            try await call.desk.removeAddress(call.other, from: Int64(call.number), by: .person(call.person))
            return try await addresses(call)
        },
        Operation(
            method: .post, path: list + "/{id}/merging", id: "mergeContact", summary: "Two contacts that are one person: this one's tickets and addresses go to the other, which is answered.", permission: [.manageContacts],
            body: [Field("into", .text(254, blank: false), required: true, "An address of the contact that stays.")], status: 201, schema: "Contact"
        ) { call in
            let kept = try await call.desk.mergeContact(Int64(call.number), into: call.input.text("into") ?? "", by: .person(call.person))
            return try await reply(try await call.desk.personRecord(kept, for: .person(call.person)), call)
        },
        Operation(
            method: .put, path: clients + "/{id}/primary-contact", id: "namePrimaryContact", summary: "Names another primary contact; it takes effect at once and the agreement manager is told.", clause: "L8",
            permission: [.manageContacts], body: [contact], schema: "ContactList"
        ) { call in try await name(.primaryContact, call) },
        Operation(
            method: .put, path: clients + "/{id}/stand-in", id: "nameStandIn", summary: "Names another stand-in, or with null nobody.", clause: "L8", permission: [.manageContacts], body: [contact], schema: "ContactList"
        ) { call in try await name(.standIn, call) },
        Operation(
            method: .post, path: clients, id: "addClient", summary: "Makes a client.", clause: "K4", permission: [.manageContacts],
            body: [
                Field("name", .text(200, blank: false), required: true, "Its name."), Field("zone", .text(60, blank: false), "Its time zone; the provider's where it isn't said."),
                Field("subscriptionUntil", .instant, "Until when its subscription is paid (M1)."),
            ], status: 201, schema: "Client"
        ) { call in
            guard call.person.role.isStaff else { throw Refusal.role(call.person.role, may: "Administrators and the agreement manager manage clients.", clause: "K4") }
            let made = try await call.desk.putClient(
                nil, ClientInput(name: call.input.text("name") ?? "", zone: call.input.text("zone") ?? call.desk.currentAgreement().terms.provider.zone, subscriptionUntil: call.input.instant("subscriptionUntil")),
                by: .person(call.person))
            var json = JSON()
            json.open()
            json.put("id", made.id)
            json.put("name", made.name)
            json.put("zone", made.zone)
            json.put("subscriptionUntil", made.subscriptionUntil)
            json.put("managedHosting", made.managedHosting)
            json.put("shareTickets", made.shareTickets)
            json.close()
            return .json(json)
        },
    ]

    private static func name(_ role: Role, _ call: Call) async throws -> Reply {
        let client = Int64(call.number)
        let people = try await call.desk.contacts(of: client, for: call.person)
        guard people.client.id == client else { throw Refusal(.unknown, "There is no such client.") }
        guard call.input.has("contact") else { throw Refusal.input("contact", "This is required: the address of one of the client's contacts\(role == .standIn ? ", or null" : "").") }
        var successor: Int64?
        if let address = call.input.text("contact") {
            guard let found = people.people.first(where: { $0.brief.email == address.lowercased() }) else { throw Refusal.input("contact", "This client has no contact with this address.") }
            successor = found.brief.id
        }
        do { try await call.desk.nameContact(role, successor, of: client, by: call.person) } catch let refusal as Refusal where refusal.fields["person"] != nil {
            throw Refusal.input("contact", refusal.faults["person"] ?? "")
        }
        let now = try await call.desk.contacts(of: client, for: call.person)
        var json = JSON(capacity: 2048)
        json.open()
        json.key("items")
        json.openList()
        for person in now.people {
            json.next()
            write(person, now.client.name, into: &json)
        }
        json.closeList()
        json.key("next")
        json.null()
        json.close()
        return .json(json)
    }

    private static func addresses(_ call: Call) async throws -> Reply {
        var json = JSON()
        json.open()
        json.put("items", try await call.desk.furtherAddresses(Int64(call.number), for: .person(call.person)))
        json.close()
        return .json(json)
    }

    private static func reply(_ call: Call) async throws -> Reply { try await reply(try await call.desk.personRecord(Int64(call.number), for: .person(call.person)), call) }

    private static func reply(_ person: PersonRecord, _ call: Call) async throws -> Reply {
        var json = JSON()
        write(person, try await call.desk.clients(for: call.person).first { $0.id == person.client }?.name ?? "", into: &json)
        return .json(json)
    }

    private static func write(_ person: PersonRecord, _ client: String, into json: inout JSON) {
        json.open()
        json.put("id", person.brief.id)
        json.put("email", person.brief.email)
        json.put("name", person.brief.name)
        json.put("role", person.brief.role.rawValue)
        json.key("client")
        json.open()
        json.put("id", person.client)
        json.put("name", client)
        json.close()
        json.put("phone", person.brief.phone)
        json.put("zone", person.zone)
        json.put("readsReports", person.readsReports || Permissions.allows(person.brief.role, .readReports))
        json.close()
    }
}
