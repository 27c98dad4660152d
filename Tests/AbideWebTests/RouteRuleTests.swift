import AbideCore
import AbideDesk
import AbideTestKit
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Testing
@testable import AbideWeb

/// Rules for every address of the desk, made from the router itself: an address that no rule speaks of fails here.
@Suite struct RouteRuleTests {
    private enum Rule { case open, signedIn, staff, administration, api }

    /// By the beginning of the path; the longest that fits decides.
    private static let rules: [(prefix: String, rule: Rule)] = [
        ("/assets/", .open), ("/favicon.ico", .open), ("/service-worker.js", .open), ("/offline", .open), ("/health/", .open), ("/metrics", .open), ("/sign-in", .open), ("/set-up", .open), ("/password-reset", .open), ("/invitation/", .open),
        ("/new-address/", .open), ("/a/", .open), ("/s/", .open), ("/api/openapi.json", .open), ("/api/v1/", .api), ("/settings", .administration), ("/account", .signedIn), ("/agreement", .signedIn), ("/live", .signedIn),
        ("/outbox", .staff), ("/palette", .signedIn), ("/portal", .signedIn), ("/reports", .signedIn), ("/sign-out", .signedIn), ("/t/", .signedIn), ("/tickets", .signedIn), ("/now", .staff),
        ("/my-day", .staff), ("/canned-answers", .staff), ("/views", .staff), ("/styleguide", .staff), ("/drafts", .signedIn), ("/mail", .staff), ("/strangers", .staff), ("/notifications", .staff),
    ]

    private struct Route {
        var method: HTTPRequest.Method
        var pattern: String
        var rule: Rule?

        /// With something in the place of each parameter.
        func path(ref: String = "ABD-9999", other: String = "999999") -> String {
            pattern.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix("{") || $0.hasPrefix(":") ? ($0.contains("ref") ? ref : other) : String($0) }.joined(separator: "/")
        }
        var isChange: Bool { method != .get && method != .head }
    }

    private static func routes(_ desk: PageDesk) -> [Route] {
        WebServer.router(Web(desk: desk.test.desk, logger: Logger(label: "test"), errorPage: PageRoutes.errorPage)).routes.filter { $0.method != .head }.map { route in
            var pattern = route.path.description
            if !pattern.hasPrefix("/") { pattern = "/" + pattern }
            let rule = pattern == "/" ? Rule.open : rules.filter { pattern.hasPrefix($0.prefix) || pattern + "/" == $0.prefix }.max { $0.prefix.utf8.count < $1.prefix.utf8.count }?.rule
            return Route(method: route.method, pattern: pattern, rule: rule)
        }
    }

    @Test("S4 every route has a rule, and opens to nobody who is not signed in") func anonymous() async throws {
        let desk = try await PageDesk()
        let routes = Self.routes(desk)
        #expect(routes.count > 80)
        for route in routes {
            guard let rule = route.rule else {
                Issue.record("\(route.method) \(route.pattern) has no rule: say in RouteRuleTests who may")
                continue
            }
            guard rule != .open else { continue }
            let answer = try await desk.ask(route.method, route.path(), nil, type: route.isChange ? "application/x-www-form-urlencoded" : nil)
            if route.isChange || rule == .api { #expect([401, 403].contains(answer.status), "\(route.method) \(route.pattern): \(answer.status)") }
            else { #expect(answer.status == 303 && (answer.location.hasPrefix("/sign-in") || answer.location.hasPrefix("/agreement")), "\(route.pattern): \(answer.status) \(answer.location)") }
        }
    }

    @Test("S20 no form is taken without its session's token, and none that another site sent") func forged() async throws {
        let desk = try await PageDesk()
        for route in Self.routes(desk) where route.isChange && route.rule != .api {
            for person in ["serviceManager", "administrator", "primaryContact"] where route.rule != .open {
                let session = try await desk.session("\(person.lowercased())@\(person == "primaryContact" ? "northfield" : "larkfield").example")
                let answer = try await desk.ask(route.method, route.path(), session, type: "application/x-www-form-urlencoded", "csrf=forged")
                #expect(answer.status == 403, "\(route.method) \(route.pattern) as \(person): \(answer.status)")
            }
            let foreign = try await desk.ask(route.method, route.path(), nil, type: "application/x-www-form-urlencoded", "email=a", site: "cross-site")
            #expect([303, 401, 403].contains(foreign.status) && foreign.headers[.setCookie] == nil, "\(route.method) \(route.pattern) from another site: \(foreign.status)")
        }
    }

    @Test("S3 a ticket of another client does not exist, at any address, and neither does administration for those without the right") func otherClient() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log().ticket.ref
        try await desk.test.desk.createPerson(
            email: "other@harbor.example", name: "Other", role: .primaryContact, client: "Harbor Chemicals", passwordHash: try await desk.test.desk.passwords.hash("correct horse"))
        let session = try #require(try await desk.session("other@harbor.example"))
        let before = try await desk.test.events(ref).count
        for route in Self.routes(desk) where route.rule != .api && route.pattern.contains("ref") {
            let body = route.isChange ? "csrf=\(session.csrf)&body=x&reason=x&visibility=public&severity=1&impact=x" : ""
            func ask(_ ref: String) async throws -> (Int, String) {
                let answer = try await desk.ask(route.method, route.path(ref: ref, other: "1"), session, type: route.isChange ? "application/x-www-form-urlencoded" : nil, body)
                return (answer.status, answer.text.replacing(ref, with: "REF"))
            }
            let real = try await ask(ref), none = try await ask("ABD-9999")
            #expect(real.0 == none.0 && real.1 == none.1 && (real.0 == 404 || real.0 == 303), "\(route.method) \(route.pattern): \(real.0), and \(none.0) for one that there is not")
        }
        #expect(try await desk.test.events(ref).count == before)
        for route in Self.routes(desk) where route.rule == .administration {
            for email in ["agent@larkfield.example", "client@northfield.example"] {
                let session = try #require(try await desk.session(email))
                let answer = try await desk.ask(route.method, route.path(other: "1"), session, type: route.isChange ? "application/x-www-form-urlencoded" : nil, "csrf=\(session.csrf)")
                #expect(answer.status == 403, "\(route.method) \(route.pattern) as \(email): \(answer.status)")
            }
        }
    }

    @Test("every page's address stands in the list of pages that the accessibility journeys open, or says there why it is none") func listedPages() async throws {
        let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Journeys/pages.json")
        let listed = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: list)) as? [String: Any])
        let desk = try await PageDesk()
        let acts = ["{act}", "/end", "withdrawal", "/answer", "/acceptance", "/dispute", "{decision}", "/undo", "/completion", "/removal"]
        let pages = Set(Self.routes(desk).filter { route in
            // Where the browser stands after a refusal: each leads back to its page. Files of the pages, and what programs ask for, are none.
            route.method == .get && !["/api/", "/assets/", "/health/", "/metrics", "/favicon.ico", "/service-worker.js"].contains { route.pattern.hasPrefix($0) }
                && !(route.pattern.hasPrefix("/tickets/{ref}/") && acts.contains { route.pattern.hasSuffix($0) }) && !(route.pattern.hasPrefix("/agreement/reviews/{id}/"))
        }.map(\.pattern))
        for page in pages.subtracting(listed.keys) { Issue.record("\(page) is not in Tests/Journeys/pages.json: say there who opens it, or why it is no page") }
        for gone in Set(listed.keys).subtracting(pages) { Issue.record("\(gone) stands in Tests/Journeys/pages.json, and there is no such address") }
    }
}
