import AbideCore
import AbideDesk
import Hummingbird

/// The pages' addresses. Every page has a path of its own; staff and clients each see their own shell.
enum PageRoutes {
    static func add(to router: Router<AbideRequestContext>, _ web: Web) {
        SignInRoutes(web: web).add(to: router)
        SetUpRoutes(web: web).add(to: router)
        LinkRoutes(web: web).add(to: router)
        AccountRoutes(web: web).add(to: router)
        SettingsRoutes(web: web).add(to: router)
        MailboxRoutes(web: web).add(to: router)
        DeskSettingsRoutes(web: web).add(to: router)
        OverviewRoutes(web: web).add(to: router)
        WorkspaceRoutes(web: web).add(to: router)
        NotificationRoutes(web: web).add(to: router)
        PortalContactRoutes(web: web).add(to: router)
        TicketListRoutes(web: web).add(to: router)
        ManyTicketsRoutes(web: web).add(to: router)
        LogRoutes(web: web).add(to: router)
        TicketRoutes(web: web).add(to: router)
        TicketActRoutes(web: web).add(to: router)
        AcceptanceRoutes(web: web).add(to: router)
        SurveyRoutes(web: web).add(to: router)
        AttachmentRoutes(web: web).add(to: router)
        MessageRoutes(web: web).add(to: router)
        PortalRoutes(web: web).add(to: router)
        ReportRoutes(web: web).add(to: router)
        OutboxRoutes(web: web).add(to: router)
        MailRoutes(web: web).add(to: router)
        StrangerRoutes(web: web).add(to: router)
        AgreementRoutes(web: web).add(to: router)
        ReviewRoutes(web: web).add(to: router)
        SimulationRoutes(web: web).add(to: router)
        LiveRoutes(web: web).add(to: router)
    }

    /// An error as people read it, in their own shell where they are signed in.
    static func errorPage(_ answer: ErrorAnswer, _ request: Request, _ context: AbideRequestContext, _ web: Web) async -> Response {
        let signed = answer.status >= 500 ? nil : try? await web.signedIn(request, context)
        let page: PageContext
        var acts: [(label: String, href: String)] = []
        if let signed, case let reader = Reader(desk: web.desk, signed), let known = try? await reader.page(web.desk.now(), current: "") {
            page = known
            acts.append((reader.isStaff ? say("Back to the desk") : say("Back to your tickets"), Reader.home(signed.person.role)))
        } else {
            page = web.visitorPage()
            acts.append(answer.status >= 500 ? (say("Try again"), request.method == .get ? request.uri.path : "/") : (say("Sign in"), "/sign-in"))
        }
        let view = ErrorView(status: answer.status, title: title(answer.status), text: answer.detail, clause: answer.clause, acts: acts, reference: answer.id ?? "")
        return answer.response(type: Response.htmlType, body: Pages.error(view, page).bytes)
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 401: say("You are not signed in.")
        case 403: say("This is not yours to do.")
        case 404: say("We could not find this page.")
        case 409, 412, 422: say("This was not done.")
        case 413: say("This is too large.")
        case 429: say("That was too often.")
        case 503: say("The desk's store does not answer.")
        case 500...: say("We could not load this page.")
        default: say("This was not understood.")
        }
    }
}

extension Web {
    /// The signed-in person as a reader of pages; throws `NotSignedIn`.
    func reader(_ request: Request, _ context: AbideRequestContext) async throws -> Reader {
        Reader(desk: desk, try await signedIn(request, context))
    }

    /// The reader and the checked form that came.
    func sent(_ request: Request, _ context: AbideRequestContext) async throws -> (Reader, Form) {
        let signed = try await signedIn(request, context)
        let form = try await form(request, signed)
        return (Reader(desk: desk, signed), form)
    }

    /// What a page for signed-out visitors is told.
    func visitorPage() -> PageContext {
        let provider = desk.currentAgreement().terms.provider
        let words = TimeWords(zone: desk.zone(provider.zone), place: provider.place)
        return PageContext(
            now: desk.now(), words: words, desk: words, provider: provider.name, mailbox: provider.mailbox, csrf: "", user: nil, navigation: [],
            live: nil, toast: nil, refusal: nil, agreement: "")
    }
}

extension AbideRequestContext {
    /// A parameter of the path; empty where there is none, which nothing is called.
    func part(_ name: String) -> String { parameters.get(name) ?? "" }
}

extension Request {
    /// A value of the query, as forms send it: a space is a plus, a plus is `%2B`. nil where there is none, or an empty one.
    func query(_ name: String) -> String? { queries(name).first.flatMap { $0.isEmpty ? nil : $0 } }

    /// All values of that name, in order.
    func queries(_ name: String) -> [String] {
        (uri.query ?? "").split(separator: "&").compactMap { pair in
            let end = pair.firstIndex(of: "=") ?? pair.endIndex
            guard Form.decode(pair[..<end].utf8) == name else { return nil }
            return end == pair.endIndex ? "" : Form.decode(pair[pair.index(after: end)...].utf8)
        }
    }
}

/// A path of this site that somebody may be led on to: nothing that begins like another host, and nothing that acts.
func ownPath(_ path: String?) -> String? {
    guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasPrefix("/\\"), !path.hasPrefix("/sign-"), path.utf8.count <= 500,
        path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
    else { return nil }
    return path
}
