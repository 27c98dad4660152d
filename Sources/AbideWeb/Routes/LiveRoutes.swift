import AbideCore
import AbideDesk
import Hummingbird

/// What changes while a page is open (B3): `event: ticket` with reference and head, of tickets that the reader may see.
struct LiveRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/live") { request, context -> Response in
            let signed = try await web.signedIn(request, context)
            let secret = web.sessionSecret(request) ?? ""
            let web = web, person = signed.person
            // Staff see of each other who has a ticket open.
            let ref = request.query("ticket")
            let watched = person.role.isStaff && ref != nil ? try? await web.desk.ticket(ref ?? "", for: person).ticket.id : nil
            // Pages that don't change by themselves still tell their reader what happens elsewhere.
            let stream = LiveStream(web: web, person: person, ref: ref, watched: watched, tells: person.role.isStaff, onlyTells: request.query("only") == "notifications") {
                // Ends with the session, and with the person's rights as they were.
                guard let session = try? await web.desk.session(secret) else { return false }
                return session.person == person
            }
            return stream.response()
        }
    }
}
