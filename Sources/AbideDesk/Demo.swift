import AbideCore
import AbideStore
import Foundation

/// The demo company: a provider, two clients and a dozen tickets in different stages, with dates relative to now.
package struct DemoAccount: Codable, Sendable {
    package var role: String
    package var email: String
    package var name: String
    package var password: String
    package var client: String?
}

extension Desk {
    /// The accounts of the demo, as `abide demo accounts` prints them; empty where there is no demo.
    package func demoAccounts() async throws -> [DemoAccount] {
        guard let text = try await db.read({ try $0.meta("demoAccounts") }) else { return [] }
        return try JSONDecoder().decode([DemoAccount].self, from: Data(text.utf8))
    }

    /// Fills an empty desk, once.
    /// - Returns: false where there are people already.
    @discardableResult
    package func fillWithDemo() async throws -> Bool {
        guard try await people().people.isEmpty else { return false }
        let now = now()
        let clients = ["Northfield Mining", "Harbor Chemicals"]
        try await createClient(name: clients[0], zone: "America/Denver", subscriptionUntil: now + 200 * 86_400, managedHosting: true)
        try await createClient(name: clients[1], zone: "America/Chicago", subscriptionUntil: now + 90 * 86_400)
        let departments = currentAgreement().terms.departments.map(\.name)
        let mail = "larkfield.example"
        let people: [(String, String, Role, String?, String?)] = [
            ("Maya Torres", "maya.torres@\(mail)", .agent, nil, departments.first), ("Priya Nair", "priya.nair@\(mail)", .agent, nil, departments.first),
            ("Sam Okafor", "sam.okafor@\(mail)", .agent, nil, departments.last), ("Lena Brandt", "lena.brandt@\(mail)", .agent, nil, departments.last),
            ("Devon Price", "devon.price@\(mail)", .departmentLead, nil, departments.first), ("Ruth Calloway", "ruth.calloway@\(mail)", .serviceManager, nil, nil),
            ("Andrew Lindqvist", "andrew.lindqvist@\(mail)", .clientServicesManager, nil, nil), ("Helen Marsh", "helen.marsh@\(mail)", .agreementManager, nil, nil),
            ("Grace Whitfield", "grace.whitfield@\(mail)", .management, nil, nil), ("Tomas Vega", "tomas.vega@\(mail)", .administrator, nil, nil),
            ("Luis Ferreira", "luis.ferreira@northfield.example", .client, clients[0], nil), ("Dana Whitlock", "dana.whitlock@northfield.example", .primaryContact, clients[0], nil),
            ("Owen Hale", "owen.hale@northfield.example", .standIn, clients[0], nil), ("Nina Kowalski", "nina.kowalski@harbor.example", .client, clients[1], nil),
            ("Ingrid Solheim", "ingrid.solheim@harbor.example", .primaryContact, clients[1], nil), ("Marcus Bell", "marcus.bell@harbor.example", .standIn, clients[1], nil),
        ]
        // Made-up passwords of 120 random bits need no slow hash, and the first start stays short.
        let quick = Passwords(rounds: 1 << 12, lanes: 1)
        var accounts: [DemoAccount] = []
        for (name, email, role, client, department) in people {
            let password = Secrets.random(15).hex.enumerated().map { $0.offset > 0 && $0.offset % 6 == 0 ? "-\($0.element)" : "\($0.element)" }.joined()
            try await createPerson(
                email: email, name: name, role: role, client: client, phone: client == nil ? nil : "+1 575 555 01\(40 + accounts.count)", department: department,
                passwordHash: try await quick.hash(password))
            accounts.append(DemoAccount(role: role.rawValue, email: email, name: name, password: password, client: client))
        }
        let text = String(decoding: try JSONEncoder().encode(accounts), as: UTF8.self)
        try await db.write { try $0.setMeta("demoAccounts", text) }
        directory.forget()
        try await tellDemoStories(now)
        return true
    }

    private struct Story {
        var subject: String
        var by: String
        var urgency: Int?
        var site: String
        var project: String
        var description: String
        var environment = "Version 4.2 on the managed hosting. Last change: the monthly patches."
        var phone = true
        /// Working seconds before now at which it was registered.
        var ago: Int64
        var assignee: String?
        var steps: [(ago: Int64, act: DemoAct)] = []
    }

    private enum DemoAct {
        case answer(String), reply(String), note(String), suspend(String, String), resume, propose(Int64), accept, resolve(String), close, severity(Int, String)
    }

    private func tellDemoStories(_ now: Instant) async throws {
        let h: Int64 = 3600
        let luis = "luis.ferreira@northfield.example", dana = "dana.whitlock@northfield.example", nina = "nina.kowalski@harbor.example", ingrid = "ingrid.solheim@harbor.example"
        let maya = "maya.torres@larkfield.example", priya = "priya.nair@larkfield.example", sam = "sam.okafor@larkfield.example"
        let stories: [Story] = [
            Story(subject: "Conveyor alarms arrive 20 minutes late", by: luis, urgency: 2, site: "Sierra Alta, Pit 4", project: "Conveyor health",
                  description: "Since the patch window the conveyor alarms for Pit 4 show up about 20 minutes late. The control room sees the belt stop before the page does.", ago: 16 * h, assignee: maya,
                  steps: [(14 * h, .answer("Luis, I can see it too. The alarm stream has been falling behind since the restart.\n\nCould you confirm that our access to ALTA-APP-02 still stands?")),
                          (13 * h, .propose(22 * h)), (12 * h, .accept), (11 * h, .note("The queue is emptied by a service account whose password was rotated with the patch.")),
                          (10 * h, .suspend("accessAwaited", "access to ALTA-APP-02 ended")), (5 * h, .resume), (4 * h, .reply("Access is back and valid until the end of next month."))]),
            Story(subject: "Reactor 3 overview shows no data", by: nina, urgency: 1, site: "Bayport", project: "Reactor overview", description: "The overview of reactor 3 is empty since the shift change. Nobody can see the temperatures.", ago: h + 1500, assignee: priya),
            Story(subject: "Batch report leaves out the last step", by: ingrid, urgency: 2, site: "Freeport", project: "Batch reports", description: "The printed batch report ends one step too early when the batch ran over midnight.", ago: 7 * h, assignee: sam),
            Story(subject: "Historian backfill stops at midnight", by: nina, urgency: 2, site: "Bayport", project: "Historian", description: "The backfill stops each night at midnight and has to be started by hand.", ago: 2 * h),
            Story(subject: "Furnace stream drops one tag in forty", by: ingrid, urgency: 2, site: "Bayport", project: "Furnace stream", description: "One of forty tags is missing in the stream since the last deployment.", ago: 12 * h, assignee: maya),
            Story(subject: "Shift hand-over prints in the wrong zone", by: dana, urgency: 3, site: "Sierra Alta", project: "Shift book", description: "The hand-over sheet shows times one hour off.", ago: 20 * h, assignee: priya),
            Story(subject: "Crusher page asks to sign in every ten minutes", by: luis, urgency: 2, site: "Sierra Alta, Pit 2", project: "Crusher", description: "Operators are thrown out of the crusher page every ten minutes.", ago: 9 * h, assignee: maya,
                  steps: [(8 * h, .answer("Luis, which browser do the operators use, and since when does it happen?")), (7 * h, .suspend("answerAwaited", "which browser, and since when"))]),
            Story(subject: "Screen frozen again, please call", by: luis, urgency: nil, site: "", project: "", description: "It is frozen again. Please call.", environment: "", ago: 1800),
            Story(subject: "How do we add a second approver to a recipe?", by: nina, urgency: 4, site: "Freeport", project: "Recipes", description: "We would like two people to approve each recipe. How is that set up?", ago: 6 * h, assignee: sam),
            Story(subject: "Dosing trend is blank above 400 points", by: ingrid, urgency: 3, site: "Freeport", project: "Dosing", description: "Trends with more than 400 points stay blank.", ago: 24 * h, assignee: sam,
                  steps: [(20 * h, .answer("Thank you. I can reproduce it with 401 points and am looking for the cause.")), (19 * h, .propose(27 * h)), (18 * h, .accept)]),
            Story(subject: "Export to the lab system loses units", by: dana, urgency: 3, site: "Sierra Alta", project: "Lab export", description: "The export writes numbers without their units.", ago: 30 * h, assignee: priya,
                  steps: [(26 * h, .answer("We found the template that drops the unit.")), (20 * h, .resolve("The template is corrected. Exports from today on carry their units; would you check one?"))]),
            Story(subject: "Alarm mail in two languages", by: nina, urgency: 3, site: "Bayport", project: "Alarms", description: "The alarm mail mixes English and German.", ago: 60 * h, assignee: maya,
                  steps: [(52 * h, .answer("The second language came from a copied template.")), (48 * h, .resolve("The template is English now.")), (40 * h, .close)]),
        ]
        let everybody = try await people()
        let byEmail = Dictionary(uniqueKeysWithValues: everybody.people.values.map { ($0.email, person($0, everybody)) })
        let calendar = currentAgreement().defaultCalendar
        let when = { @Sendable (ago: Int64) -> Instant in calendar.instant(before: now, working: ago) ?? now - ago }
        for story in stories.sorted(by: { $0.ago > $1.ago }) {
            guard let by = byEmail[story.by] else { continue }
            let start = when(story.ago)
            try await db.write { session in
                let directory = try self.directory.content(session, now: self.now())
                let fields = ["description": story.description, "environment": story.environment, "site": story.site, "project": story.project]
                var ticket = try self.register(
                    session, NewTicket(subject: story.subject, urgency: story.urgency, fields: fields, machine: [], channel: .portal, contact: by, contactAddress: nil, by: by.actor, body: nil),
                    directory, at: start, extras: MessageExtras()).ticket
                if let assignee = story.assignee.flatMap({ byEmail[$0] }) {
                    ticket = try self.commit(session, ticket, at: start + 240) { ticket, agreement in
                        try ticket.assign(to: (assignee.id, assignee.name), department: ticket.department, by: assignee, at: start + 240, agreement)
                    }.ticket
                }
                for step in story.steps {
                    let at = when(step.ago)
                    ticket = try self.letPass(session, ticket, until: at)
                    let agent = ticket.assignee.flatMap { id in byEmail.values.first { $0.id == id } }
                    ticket = try self.commit(session, ticket, at: at) { ticket, agreement in
                        guard let agent else { return [] }
                        switch step.act {
                        case .answer(let body): return try ticket.answer(body, visibility: .public, channel: .portal, by: agent, at: at, agreement)
                        case .reply(let body): return try ticket.answer(body, visibility: .public, channel: .portal, by: by, at: at, agreement)
                        case .note(let body): return try ticket.answer(body, visibility: .internal, channel: .portal, by: agent, at: at, agreement)
                        case .suspend(let reason, let note): return try ticket.suspend(reason: reason, note: note, since: nil, by: agent, at: at, agreement)
                        case .resume: return try ticket.suspensions.flatMap { try ticket.resume($0.id, by: agent, at: at) }
                        case .propose(let seconds): return try ticket.propose(due: nil, workingSeconds: seconds, by: agent, at: at, agreement)
                        case .accept: return try ticket.accept(proposal: ticket.proposals.count, by: by, at: at)
                        case .resolve(let body): return try ticket.resolve(body, fields: [:], channel: .portal, by: agent, at: at, agreement)
                        case .close: return try ticket.close(reason: nil, by: by, at: at)
                        case .severity(let severity, let reason): return try ticket.setSeverity(severity, reason: reason, by: agent, at: at, agreement)
                        }
                    }.ticket
                }
                _ = try self.letPass(session, ticket, until: now)
            }
        }
    }

    /// What fell due by itself happens at its own instant, as the tick would have had it.
    private func letPass(_ session: any Session, _ ticket: Ticket, until end: Instant) throws -> Ticket {
        var ticket = ticket
        let agreement = try agreement(digest: ticket.agreement)
        while let next = ticket.timers(agreement).map(\.dueAt).min(), next <= end {
            let committed = try commit(session, ticket, at: next) { _, _ in [] }
            guard !committed.events.isEmpty else { break }
            ticket = committed.ticket
        }
        return ticket
    }
}
