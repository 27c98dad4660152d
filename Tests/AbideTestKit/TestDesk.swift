package import AbideCore
package import AbideDesk
package import AbideStore
import Foundation
import Logging

/// A desk on a store in memory, under a virtual clock, with the people of a small company.
package struct TestDesk: Sendable {
    package let desk: Desk
    package let clock: VirtualClock
    package var people: [Role: Person] = [:]

    /// - Parameters:
    ///   - start: RFC 3339; a Tuesday morning in Dallas unless told otherwise.
    ///   - agreement: the file's name under `agreements/`, without its ending.
    package init(start: String = "2026-03-10T14:00:00Z", agreement: String = "standard", db: (any Database)? = nil, trust: MailTrust = MailTrust(), templates: MailTemplates? = nil) async throws {
        let clock = VirtualClock(start)
        self.clock = clock
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("agreements/\(agreement).yaml")
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let store: any Database = if let db { db } else { try TestStore.open() }
        var settings = DeskSettings(baseURL: "http://desk.test", sendsMail: true)
        settings.mailTrust = trust
        settings.templates = templates
        desk = try await Desk.open(
            db: store, settings: settings, keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(),
            passwords: Passwords(rounds: 16, lanes: 1), agreementYAML: try String(contentsOf: file, encoding: .utf8), agreementName: file.lastPathComponent, logger: logger, clock: { clock.now })
        if try await desk.staff().isEmpty {
            try await desk.createClient(name: "Northfield Mining", zone: "America/Denver", subscriptionUntil: clock.now + 100 * 86_400)
            try await desk.createClient(name: "Harbor Chemicals", zone: "America/Chicago", subscriptionUntil: clock.now + 100 * 86_400)
            for role in Role.allCases {
                try await desk.createPerson(
                    email: "\(role.rawValue.lowercased())@\(role.isStaff ? "larkfield" : "northfield").example", name: role.rawValue, role: role,
                    client: role.isStaff ? nil : "Northfield Mining", phone: "+1 575 555 0100", passwordHash: try await desk.passwords.hash("correct horse"))
            }
            try await desk.createPerson(email: "stranger@harbor.example", name: "Nina", role: .client, client: "Harbor Chemicals", phone: "+1 575 555 0200")
        }
        for role in Role.allCases {
            let email = "\(role.rawValue.lowercased())@\(role.isStaff ? "larkfield" : "northfield").example"
            let token = try await desk.createToken(email: email, label: "test")
            people[role] = try await desk.bearer(token)
        }
    }

    package func person(_ role: Role) throws -> Person {
        guard let person = people[role] else { throw Refusal.unknownTicket }
        return person
    }

    package static let complete = ["environment": "Version 4.2, no change", "site": "Pit 4", "project": "Conveyor", "description": "Alarms come late."]

    /// Logs a complete ticket as the client user.
    package func log(urgency: Int? = 2, fields: [String: String] = complete, as role: Role = .client) async throws -> TicketView {
        try await desk.log(LogRequest(subject: "Conveyor alarms arrive late", urgency: urgency, fields: fields, channel: .portal), by: try person(role))
    }

    /// An act at the clock's present.
    @discardableResult
    package func act(_ ref: String, _ role: Role, _ decide: @escaping @Sendable (Ticket, Agreement, Instant, Person) throws -> [Draft]) async throws -> TicketView {
        let person = try person(role)
        return try await desk.act(ref, by: person) { try decide($0, $1, $2, person) }
    }

    /// Types of a ticket's events, in order.
    package func events(_ ref: String) async throws -> [TicketEvent] { try await desk.detail(ref, for: try person(.serviceManager)).events.map(\.event) }

    /// Milestone and recipient of every mail about a ticket.
    package func mails(_ ref: String) async throws -> [String] {
        try await desk.db.read { session in
            guard let ticket = try session.ticket(ref: ref) else { return [] }
            return try session.outbox(of: ticket.id).map { "\($0.milestone) to \($0.recipient)" }
        }
    }
}
