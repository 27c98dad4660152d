import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import HTTPTypes
import Testing
@testable import AbideWeb

@Suite struct LanguageTests {
    // MARK: The catalogues

    @Test("every phrase of the sources is in the catalogue of each language and no other is, with the same holes and the same markup", arguments: ["de", "es"])
    func complete(code: String) throws {
        let tongue = try #require(Languages.tongue(code))
        #expect(tongue.code == code && tongue.writing.weekdays != TimeWords.weekdays)
        let used = try Phrases.ofSources()
        #expect(used.count > 1500)
        #expect(used.subtracting(tongue.phrases.keys).sorted() == [], "not translated: write it into pages.\(code).yaml")
        #expect(Set(tongue.phrases.keys).subtracting(used).sorted() == [], "said nowhere any more: take it out of pages.\(code).yaml")
        func holes(_ text: String) -> Set<Substring> { Set(text.matches(of: /\{[0-9]+\}/).map(\.0)) }
        func tags(_ text: String) -> [Substring] { text.matches(of: /<\/?[a-z]+/).map(\.0).sorted() }
        for (english, own) in tongue.phrases {
            #expect(holes(english) == holes(own) && tags(english) == tags(own) && !own.isEmpty, "\(english): \(own)")
            // A phrase may stand in an attribute.
            #expect(english.contains("\"") || !own.contains("\""), "\(english): \(own)")
        }
    }

    @Test("the sentences of the sources are found, with their holes numbered") func scanner() throws {
        let found = try Phrases.of(
            #"""
            let a = say("One \(x ? say("two") : "not") three"), b: HTML = "<p>\(say: "It \"is\" \(each: rows, { "<li>\($0)</li>" })")</p>" // say("no")
            throw Refusal(.state, "Closed since \(when).", clause: "N4")
            throw Refusal.input("zone", isLong ? "Too long." : "Choose \(n).")
            """#)
        #expect(found == ["One {1} three", "two", "It \"is\" {1}", "Closed since {1}.", "Too long.", "Choose {1}."])
        #expect(throws: Phrases.Fault.self) { try Phrases.of("let a = say(text)") }
    }

    // MARK: Who reads what

    @Test("the account's language comes before the browser's, and the browser's before English", arguments: [
        ("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr,es;q=0.7,en;q=0.3", "es"), ("en-GB,en;q=0.9,de;q=0.5", "en"), ("fr", "en"), ("de;q=0", "en"), ("*", "en"), ("", "en"),
    ])
    func wanted(header: String, code: String) { #expect(Languages.wanted(header).code == code) }

    @Test("a page speaks as its reader's account says, else as the browser asks; programs read English") func readers() async throws {
        let desk = try await PageDesk()
        let german = "de-DE,de;q=0.9"
        #expect(try await desk.get("/sign-in", asking: german).text.contains("<html lang=\"de\">"))
        #expect(try await desk.get("/sign-in", asking: german).text.contains("Passwort"))
        let plain = try await desk.get("/portal", "client@northfield.example", asking: german)
        #expect(plain.text.contains("<html lang=\"de\">") && plain.text.contains("Guten Morgen"))
        _ = try await desk.post("/account/profile", "client@northfield.example", ["name": "Luis", "phone": "", "zone": "", "language": "es"])
        let own = try await desk.get("/portal", "client@northfield.example", asking: german)
        #expect(own.text.contains("<html lang=\"es\">") && own.text.contains("Buenos días"))
        #expect(try await desk.get("/portal/tickets/ABD-9999", "client@northfield.example", asking: german).text.contains("No encontramos esta página."))
        let refused = try await desk.ask(.get, "/api/v1/tickets/ABD-9999", try await desk.session("client@northfield.example"), asking: german)
        #expect(refused.text.contains("There is no such ticket"))
        let wrong = try await desk.post("/account/profile", "client@northfield.example", ["name": "", "phone": "", "zone": "", "language": "tlh"])
        #expect(wrong.status == 422 && wrong.text.contains("Elija un idioma de la lista.") && wrong.text.contains("Entre 1 y 200 caracteres."))
    }

    @Test("two who look at the same list and ticket in the same second each read their own language") func side() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log(fields: ["site": "Pit 4"]).ticket.ref
        for path in ["/tickets", "/tickets/\(ref)"] {
            for (code, word) in [("de", "fehlt"), ("en", "missing"), ("es", "falta")] {
                let text = try await desk.get(path, "agent@larkfield.example", asking: code).text.lowercased()
                for other in ["fehlt", "missing", "falta"] where text.contains(">\(other)<") { #expect(other == word, "\(path) in \(code)") }
                #expect(text.contains(word), "\(path) in \(code)")
            }
        }
    }

    @Test("what happened on a ticket is told with the reader's own days and words") func dates() async throws {
        let desk = try await PageDesk()
        let ref = try await desk.test.log(urgency: 2).ticket.ref
        let due = try #require(Instant(rfc3339: "2026-03-12T15:00:00Z"))
        try await desk.test.act(ref, .agent) { try $0.answer("On it.", visibility: .public, channel: .portal, by: $3, at: $2, $1) }
        try await desk.test.act(ref, .agent) { try $0.propose(due: due, workingSeconds: nil, by: $3, at: $2, $1) }
        for (code, words) in [("en", "Thu 10:00 in Dallas"), ("de", "Do. 10:00 in Dallas"), ("es", "jue 10:00 en Dallas")] {
            let text = try await desk.get("/tickets/\(ref)", "agent@larkfield.example", asking: code).text
            #expect(text.contains(words), "\(code)")
        }
    }

    @Test("what is stored and sent is the same whoever did it in whatever language") func stored() async throws {
        func traces(_ code: String) async throws -> ([String], [String], [String]) {
            let desk = try await PageDesk()
            let ref = try await desk.test.log().ticket.ref
            for (path, fields) in [
                ("suspension", ["reason": "accessAwaited", "note": "VPN"]), ("severity", ["severity": "1", "reason": "All is down."]), ("coverage", ["decision": "notCovered", "reason": "Training."]),
            ] as [(String, KeyValuePairs<String, String>)] {
                let answer = try await desk.post("/tickets/\(ref)/\(path)", "agent@larkfield.example", fields, asking: code)
                #expect(answer.status == 303, "\(path): \(answer.text)")
            }
            _ = try await desk.post("/settings/users", "administrator@larkfield.example", ["name": "New", "email": "new@larkfield.example", "role": "agent"], asking: code)
            let texts = try await desk.test.events(ref).flatMap { $0.texts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
            return try await desk.test.desk.db.read { session in
                let mails = try (session.ticket(ref: ref).map { try session.outbox(of: $0.id) } ?? []).map { mail in
                    let parts = try JSONSerialization.jsonObject(with: Data(mail.mail.utf8)) as? [String: Any]
                    return ["subject", "text", "html"].map { parts?[$0] as? String ?? "" }.joined(separator: "\n")
                }
                return (texts, mails, try session.auditEntries(limit: 20).map { "\($0.action) \($0.detail)" })
            }
        }
        let english = try await traces("en"), german = try await traces("de")
        #expect(english.1.count > 3)
        #expect(english.0 == german.0)
        #expect(english.1 == german.1)
        #expect(english.2 == german.2)
    }

    // MARK: Every page

    @Test("no page of the desk holds English where the language has a phrase for it", arguments: ["de", "es"])
    func pages(code: String) async throws {
        let desk = try await PageDesk()
        let tongue = try #require(Languages.tongue(code))
        try await Story.tell(desk, language: code)
        var seen: Set<String> = [], left: [String: String] = [:], suspects: [String: String] = [:]
        let own = Story.texts(desk)
        for email in Story.readers {
            var paths = Story.starts, next = 0, known = Set(paths)
            while next < paths.count, next < 120 {
                let path = paths[next]
                next += 1
                let answer = try await desk.get(path, email, asking: code)
                guard answer.status == 200, answer.headers[.contentType]?.hasPrefix("text/html") == true, answer.text.contains("<html lang") else { continue }
                #expect(answer.text.contains("<html lang=\"\(code)\""), "\(path)")
                seen.insert(Story.shape(path))
                for text in Story.words(answer.text) {
                    if let translated = tongue.phrases[text], translated != text, !own.contains(text), Role(rawValue: text) == nil, !path.hasPrefix("/outbox") { left[text] = path }
                    if !path.hasPrefix("/settings/log"), Story.looksEnglish(text, but: own) { suspects[text] = path }
                }
                for link in answer.text.matches(of: /href="(\/[^"#]*)/).map({ String($0.1).replacing("&amp;", with: "&") }) {
                    let isPage = !["/assets", "/styleguide", "/t/", "/metrics", "/outbox/", "/mail/", "/settings/mails"].contains { link.hasPrefix($0) } && !link.contains("format=") && !link.contains("/attachments/")
                    if isPage, Story.isNew(link, known), known.insert(link).inserted { paths.append(link) }
                }
            }
        }
        #expect(seen.count > 25, "\(seen.sorted())")
        #expect(left == [:], "English where there is a phrase")
        #expect(suspects == [:], "English that no phrase knows")
    }
}

extension PageDesk {
    func get(_ path: String, _ email: String? = nil, asking language: String) async throws -> Answer { try await ask(.get, path, try await session(email), asking: language) }
}

/// A desk on which something of every kind has happened, and what stands on its pages in nobody's language.
private enum Story {
    static let readers: [String?] = [
        nil, "agent@larkfield.example", "servicemanager@larkfield.example", "administrator@larkfield.example", "agreementmanager@larkfield.example", "clientservicesmanager@larkfield.example",
        "management@larkfield.example", "client@northfield.example", "primarycontact@northfield.example",
    ]
    static let starts = ["/", "/sign-in", "/password-reset", "/account", "/tickets", "/now", "/my-day", "/reports", "/portal", "/portal/tickets/new", "/tickets/new", "/settings", "/nothing-here", "/account/confirmation", "/account/second-factor"]

    static func tell(_ desk: PageDesk, language: String) async throws {
        let test = desk.test
        for (index, role) in Role.allCases.enumerated() {
            try await test.desk.changeProfile(try test.person(role), name: "Xq\(index) Zw\(index)", phone: "+1 575 555 0100", zone: nil, language: language)
        }
        func act(_ ref: String, _ path: String, _ fields: KeyValuePairs<String, String>, as email: String = "agent@larkfield.example") async throws {
            let answer = try await desk.post("/tickets/\(ref)/\(path)", email, fields)
            #expect(answer.status == 303, "\(path): \(answer.status)")
        }
        let client = "client@northfield.example"
        _ = try await test.log(urgency: nil, fields: ["site": "Pit 4"])
        let worked = try await test.log().ticket.ref
        try await act(worked, "messages", ["body": "Zzz.", "visibility": "public"])
        try await act(worked, "messages", ["body": "Zzz.", "visibility": "internal"])
        try await act(worked, "proposals", ["due": "2026-03-16T12:00"])
        try await act(worked, "tags", ["tags": "zzz"])
        try await act(worked, "time", ["spent": "1:30", "note": "Zzz"])
        let paused = try await test.log().ticket.ref
        try await act(paused, "suspension", ["reason": "accessAwaited", "note": "Zzz."])
        try await act(paused, "severity", ["severity": "1", "reason": "Zzz."])
        try await act(paused, "links", ["to": worked, "relation": "related"])
        let quoted = try await test.log().ticket.ref
        try await act(quoted, "coverage", ["decision": "notCovered", "reason": "Zzz."])
        try await act(quoted, "quotes", ["effort": "2", "price": "1200", "currency": "USD", "deliverables": "Zzz"])
        try await act(quoted, "access", ["who": "Zzz", "how": "Zzz"], as: client)
        try await act(quoted, "complaint", ["reason": "Zzz.", "impact": "Zzz."], as: client)
        let solved = try await test.log().ticket.ref
        try await act(solved, "resolution", ["body": "Zzz."])
        let closed = try await test.log().ticket.ref
        try await act(closed, "resolution", ["body": "Zzz."])
        try await act(closed, "closure", [:], as: client)
        let main = try await test.log().ticket.ref, merged = try await test.log().ticket.ref
        try await act(merged, "merging", ["into": main, "reason": "Zzz."])
        // Some promises are missed by then, and escalated.
        for _ in 0..<6 {
            test.clock.advance(86_400)
            _ = try await test.desk.tick()
        }
        _ = try await test.log(urgency: 3)
    }

    /// A path without what differs from one thing to the next.
    static func shape(_ path: String) -> String { String(path.prefix { $0 != "?" }).replacing(/[0-9]+/, with: "0").replacing(/ABD-0/, with: "REF") }

    /// One or two of each kind are looked at, and every page without a number in its address.
    static func isNew(_ link: String, _ known: Set<String>) -> Bool { known.count { shape($0) == shape(link) } < (shape(link).contains("REF") ? 10 : 4) }

    /// What a page shows to somebody, piece by piece: text and the attributes that are read out.
    static func words(_ html: String) -> [String] {
        let body = html.replacing(/<(script|style|pre|textarea|datalist|code|kbd)[^>]*>[\s\S]*?<\/(script|style|pre|textarea|datalist|code|kbd)>/, with: "")
        return (body.matches(of: />([^<]+)</).map(\.1) + body.matches(of: /(?:title|placeholder|aria-label|alt)="([^"]+)"/).map(\.1)).map { text in
            [("&#39;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].reduce(String(text)) { $0.replacing($1.0, with: $1.1) }.trimmingCharacters(in: .whitespacesAndNewlines)
        }.filter { !$0.isEmpty }
    }

    /// The agreement's own words, longest first, and what is called alike everywhere.
    static func texts(_ desk: PageDesk) -> [String] {
        let terms = desk.test.desk.currentAgreement().terms
        var texts = terms.severities.flatMap { [$0.name, $0.description] } + terms.intake.flatMap { [$0.label, $0.help] } + terms.suspensionReasons.map(\.label) + terms.coverage.map(\.description)
        texts += terms.departments.map(\.name) + terms.kinds.flatMap { [$0.label] + $0.categories.map(\.label) } + terms.leadTimes.map(\.label) + terms.resolutionDetails.flatMap { [$0.label, $0.help] } + (terms.survey?.questions.map(\.label) ?? []) + [terms.name]
        // What was recorded stays as it was written.
        texts += ["It was covered (M1). The response and resolution clocks go on as they stood, from what had elapsed.", "put Support eService, version 1 in force for all clients without an agreement of their own. Running tickets stay with theirs."]
        texts += terms.calendars.map(\.name) + terms.calendars.flatMap { $0.holidays.map(\.name) } + ["Conveyor alarms arrive late", "abide clock explain", "The clocks are not changed by it."]
        return (texts + texts.map(lowerFirst)).filter { $0.count > 2 }.sorted { $0.count > $1.count }
    }

    static func looksEnglish(_ text: String, but own: [String]) -> Bool {
        var text = text
        for known in own where text.contains(known) { text = text.replacing(known, with: "") }
        return text.contains(/\b(the|The|and|with|is|are|not|this|This|your|Your|of|when|what|which|who|from|to|it|It|for|have|has|been|you|You)\b/)
    }
}
