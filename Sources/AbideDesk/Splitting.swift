package import AbideCore
import AbideStore

extension Desk {
    /// Makes a ticket of its own of a message that is about something else. It was reported when the message came, so its clocks count from then (A5):
    /// what fell due since is recorded with it.
    /// - Parameters:
    ///   - number: of the message's event.
    ///   - urgency: as whoever splits it rates it; nil: provisional.
    /// - Returns: the new ticket.
    package func split(_ ref: String, message number: Int, subject: String?, urgency: Int?, by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        let subject = (subject ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
        guard !subject.allSatisfy(\.isWhitespace), subject.utf8.count <= TextLimit.subject else { throw Refusal.input("subject", "Say in a few words what it is about: between 1 and \(TextLimit.subject) characters.") }
        return try await once(idempotency, by: person) { session, now in
            let origin = try self.found(session, ref, by: person, ifMatch: ifMatch)
            guard let message = try session.messages(of: origin.id, includingInternal: true).first(where: { $0.number == number }) else { throw Refusal.input("message", "\(origin.ref) has no message of this number.") }
            try origin.checkSplit(message: number, isPublic: message.visibility == Visibility.public.rawValue, byClient: message.authorKind == Actor.Kind.contact.rawValue, by: person)
            let directory = try self.directory.content(session, now: now)
            guard let contact = (message.author ?? origin.contact).flatMap({ directory.people[$0] }) ?? origin.contact.flatMap({ directory.people[$0] }) else { throw Refusal(.state, "Whoever wrote this is not known as a contact.") }
            if let urgency, self.agreement(client: contact.client, at: now).terms.severity(urgency) == nil { throw Refusal.input("urgency", "The agreement has no such severity.") }
            var fields = origin.fields
            fields["description"] = String(message.body.prefix(TextLimit.field))
            var files: [NewAttachment] = []
            for file in try session.attachments(of: origin.id) where file.message == message.id {
                files.append(NewAttachment(name: file.name, type: file.type, content: try session.attachmentContent(id: file.id) ?? [], inline: file.inline, contentID: file.contentID))
            }
            let made = try self.register(
                session,
                NewTicket(
                    subject: subject, urgency: urgency, fields: fields, machine: [], channel: Channel(rawValue: message.channel) ?? .email, contact: self.person(contact, directory), contactAddress: nil, by: person.actor,
                    body: message.body, occurredAt: min(message.at, now)),
                directory, at: now, extras: MessageExtras(html: message.html, attachments: files))
            let drafts = origin.split(message: number, into: made.ticket, by: person, at: now)
            let there = try self.commit(session, made.ticket, at: now) { _, _ in drafts.there }
            let here = try self.commit(session, origin, at: now) { _, _ in drafts.here }
            return (there, [here])
        }
    }
}
