import AbideCore
import AbideDesk
import Hummingbird

/// "Who is this?": tickets whose sender nobody knows.
struct StrangerRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/strangers") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let tickets = try await web.desk.strangers(for: reader.person)
            let contacts = try await web.desk.contacts(for: reader.person).map { Choice(value: $0.person.email, label: "\($0.person.name) <\($0.person.email)>") }
            let clients = try await web.desk.clients(for: reader.person).map { Choice(value: $0.name, label: $0.name) }
            return .html(Pages.strangers(tickets, contacts: contacts, clients: clients, try await reader.page(web.desk.now(), current: "/strangers")))
        }
        router.post("/strangers/{ref}") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let ref = context.part("ref")
            guard reader.allows(.logForCaller) else { throw Refusal.unknownTicket }
            if let email = form.text("email") {
                try await web.desk.identify(ref, as: email, by: reader.person)
            } else {
                guard let client = form.text("client") else { throw Refusal.input("client", "Name the client whose contact this is.") }
                try await web.desk.identify(ref, asNew: form.text("name") ?? "", client: client, remembersDomain: form["domain"] != nil, by: reader.person)
            }
            return .seeOther("/tickets/\(ref)")
        }
    }
}
