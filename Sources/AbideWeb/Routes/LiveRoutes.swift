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
            let stream = LiveStream(web: web, person: person, ref: request.query("ticket")) {
                // Ends with the session, and with the person's rights as they were.
                guard let session = try? await web.desk.session(secret) else { return false }
                return session.person == person
            }
            return stream.response()
        }
    }
}
