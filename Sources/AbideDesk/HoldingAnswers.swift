package import AbideCore
import AbideStore
import Foundation
import Logging

/// An answer that waits to go out, as its ticket's page shows it to staff.
package struct HeldView: Sendable {
    package var id: Int64
    package var author: String
    /// True for its writer, who alone takes it back.
    package var isOwn: Bool
    package var body: String
    /// Nil: it was refused, and waits for its writer.
    package var dueAt: Instant?
    package var refusal: String?
}

/// An answer that waits, as its writer sees it on every other page.
package struct WaitingAnswer: Sendable, Hashable {
    package var id: Int64
    package var ref: String
    /// To whom it goes.
    package var contact: String
    /// Nil: it was refused, and waits for its writer.
    package var dueAt: Instant?
}

/// Public answers of staff wait some seconds, in which their writers may take them back. They lie in the store and are sent by whichever node looks next,
/// after a restart as well. Until then nothing has happened on the ticket: its clocks stop when the answer goes out, not before.
extension Desk {
    package static let holdSeconds: Int64 = 10

    /// Answers as an act would, but in some seconds. What the ticket would refuse now is refused now.
    /// - Parameter ifMatch: the version that the writer saw.
    package func hold(_ ref: String, _ body: String?, suspend: String?, acts: MacroActs? = nil, attachments: [NewAttachment], by person: Person, ifMatch: Int? = nil) async throws {
        guard person.role.isStaff else { throw Refusal.role(person.role, may: "Only answers of staff can be taken back.") }
        let now = now()
        let ticket = try await db.write { session in
            let ticket = try self.found(session, ref, by: person, ifMatch: ifMatch)
            _ = try ticket.answer(body, suspend: suspend, acts: acts, channel: .portal, by: person, at: max(now, ticket.updatedAt), try self.agreement(digest: ticket.agreement, session))
            try session.insertHeldAnswer(
                HeldAnswer(ticket: ticket.id, person: person.id, body: body ?? "", suspend: suspend, acts: try Self.coded(acts), heldAt: now, dueAt: now + Self.holdSeconds),
                files: attachments.map { ($0.name, $0.type, $0.content) })
            try session.putDraft(of: person.id, place: "ticket:" + ticket.ref, content: "", at: now)
            try self.announce(ticket, session)
            return ticket
        }
        workspace.forget([person.id])
        changed(ticket)
    }

    /// Takes an answer back into its writer's draft, before what is written there already. Files are to be attached again.
    package func takeBack(_ id: Int64, on ref: String, by person: Person) async throws -> TicketView {
        let now = now()
        let ticket = try await db.write { session in
            let ticket = try self.found(session, ref, by: person, ifMatch: nil)
            guard let held = try session.heldAnswer(id: id), held.ticket == ticket.id, held.person == person.id, try session.takeHeldAnswer(id) else {
                throw Refusal(.state, "It went out already. It can't be taken back any more.")
            }
            let place = "ticket:" + ticket.ref, draft = try session.draft(of: person.id, place: place) ?? ""
            try session.putDraft(of: person.id, place: place, content: draft.isEmpty ? held.body : held.body + "\n\n" + draft, at: now)
            try self.announce(ticket, session)
            return ticket
        }
        workspace.forget([person.id])
        changed(ticket)
        return try await view(ticket, now: now)
    }

    /// Sends what is due, each in a transaction of its own.
    /// - Returns: how many left.
    @discardableResult
    package func sendHeldAnswers() async throws -> Int {
        let now = now()
        let due = try await db.read { try $0.dueHeldAnswers(at: now, limit: 100) }
        var sent = 0
        for answer in due {
            do {
                if let committed = try await db.write({ try self.send(answer, $0, at: now) }) {
                    workspace.forget([answer.person])
                    told(committed)
                    sent += 1
                }
            } catch let refusal as Refusal {
                let ticket = try await db.write { session -> Ticket? in
                    try session.refuseHeldAnswer(answer.id, why: refusal.words)
                    guard let record = try session.ticket(id: answer.ticket) else { return nil }
                    let ticket = try self.cache.ticket(record, committed: false)
                    try self.announce(ticket, session)
                    return ticket
                }
                workspace.forget([answer.person])
                if let ticket { changed(ticket) }
            } catch { logger.error("an answer could not be sent and is tried again", metadata: ["ticket": "\(answer.ticket)", "error": "\(error)"]) }
        }
        return sent
    }

    private func send(_ answer: HeldAnswer, _ session: any Session, at now: Instant) throws -> Committed? {
        let files = try session.heldFiles(of: answer.id).map { NewAttachment(name: $0.name, type: $0.type, content: $0.content) }
        guard try session.takeHeldAnswer(answer.id), let record = try session.ticket(id: answer.ticket) else { return nil }
        let directory = try directory.content(session, now: self.now())
        guard let stored = directory.people[answer.person], !stored.disabled else { throw Refusal(.forbidden, "Its writer's account is disabled.") }
        let person = person(stored, directory)
        let ticket = try cache.ticket(record, committed: false)
        return try commit(session, ticket, at: now, extras: MessageExtras(attachments: files)) { ticket, agreement in
            try ticket.answer(answer.body, suspend: answer.suspend, acts: try Self.acts(answer.acts), channel: .portal, by: person, at: max(now, ticket.updatedAt), agreement)
        }
    }

    /// What a macro does, as the store keeps it.
    static func coded(_ acts: MacroActs?) throws -> String? {
        guard let acts, !acts.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(acts), as: UTF8.self)
    }

    static func acts(_ text: String?) throws -> MacroActs? { try text.map { try JSONDecoder().decode(MacroActs.self, from: Data($0.utf8)) } }

    /// Open pages look again, though no event was added.
    private func changed(_ ticket: Ticket) { live.send(LiveChange(ticket: ticket.id, ref: ticket.ref, head: ticket.head, client: ticket.client, contact: ticket.contact)) }

    func held(_ ticket: Ticket, _ session: any Session, _ directory: Directory.Content, for person: Person) throws -> [HeldView] {
        try session.heldAnswers(of: ticket.id).map {
            HeldView(id: $0.id, author: directory.people[$0.person]?.name ?? "", isOwn: $0.person == person.id, body: $0.body, dueAt: $0.dueAt, refusal: $0.refusal)
        }
    }

    /// What this person wrote and may still take back, wherever they are now.
    package func waitingAnswers(of person: Person) async throws -> [WaitingAnswer] {
        guard person.role.isStaff, Permissions.allows(person.role, .answer) else { return [] }
        return try await kept(of: person).waiting
    }

    func waitingAnswers(by person: Int64, _ session: any Session) throws -> [WaitingAnswer] {
        try session.heldAnswers(by: person).compactMap { held in
            guard let record = try session.ticket(id: held.ticket) else { return nil }
            let ticket = try cache.ticket(record, committed: false)
            let directory = try directory.content(session, now: now())
            return WaitingAnswer(id: held.id, ref: ticket.ref, contact: ticket.contact.flatMap { directory.people[$0]?.name } ?? ticket.contactName, dueAt: held.dueAt)
        }
    }

    // MARK: Who wants it so

    private static let undoSetting = "undoSend"

    /// True unless this person has turned it off.
    package func undoesSending(_ person: Person) async throws -> Bool { try await kept(of: person).settings[Self.undoSetting] != "off" }

    package func setUndoesSending(_ on: Bool, by person: Person) async throws {
        try await db.write { try $0.putSetting(Self.undoSetting, of: person.id, on ? nil : "off") }
        workspace.forget()
    }
}
