package import AbideCore
import AbideStore

/// A mail as a client would get it, about a ticket that there is not.
package struct MailPreview: Sendable {
    package var mail: OutgoingMail
    package var milestone: String { mail.headers["X-Abide-Milestone"] ?? "" }
}

extension Desk {
    /// What a client gets at each milestone, in the desk's own words: an example's life is folded under the agreement in force, and its mails are
    /// written as any others are. Nothing is stored and nothing leaves.
    package func mailPreviews(for person: Person) throws -> [MailPreview] {
        guard Permissions.allows(person.role, .administer) else { throw Refusal.role(person.role, may: "Administrators look at the words of mails.") }
        // Mails have their own words, whoever looks at them.
        return try Tongue.inEnglish(previews)
    }

    private func previews() throws -> [MailPreview] {
        let start = now()
        let agreement = currentAgreement()
        let terms = agreement.terms
        let client = StoredClient(id: -1, name: "Example Works", zone: terms.provider.zone, subscriptionUntil: start + 365 * 86_400, managedHosting: false, shareTickets: false, createdAt: start)
        let stored = StoredPerson(id: -1, email: "dana@works.example", name: "Dana Example", role: .client, client: -1, phone: "+1 575 555 0142", createdAt: start)
        let directory = Directory.Content(people: [-1: stored], clients: [-1: client], readAt: start)
        let dana = self.person(stored, directory)
        func staff(_ role: Role) -> Person { Person(id: -2, name: "Maya Example", email: "", role: role, client: nil, zone: nil, phone: "", department: nil, seesColleagues: false) }
        let (agent, manager) = (staff(.agent), staff(.serviceManager))
        var mails: [OutboxItem] = []

        /// One more step of a ticket's life; one that the agreement doesn't have is left out.
        func step(_ ticket: inout Ticket, at now: Instant, _ decide: (Ticket) throws -> [Draft]) {
            guard let drafts = try? decide(ticket), !drafts.isEmpty,
                let work = try? consequences(of: drafts, on: ticket, agreement, directory, at: now, extras: MessageExtras(), acknowledges: true, budget: .none)
            else { return }
            ticket = work.ticket
            mails += work.mails
        }
        func registered(_ fields: [String: String]) -> Ticket {
            let new = NewTicket(subject: "Trend page stays empty", urgency: 2, fields: fields, machine: [], channel: .email, contact: dana, by: dana.actor, body: "Since the patch the trend page shows no data.")
            var ticket = Ticket(number: TicketNumber(id: 1000), registeredAt: start, agreement)
            step(&ticket, at: start) { _ in Self.registration(new, directory, at: start, agreement) }
            return ticket
        }
        _ = registered([:])
        let complete = Dictionary(uniqueKeysWithValues: terms.intake.filter(\.required).map { ($0.name, terms.choices($0).first?.value ?? "Example") })
        var missed = registered(complete)
        if let due = missed.clock(.response, agreement).due { step(&missed, at: due + 1) { $0.fallenDue(at: due + 1, agreement) } }
        var ticket = missed
        let answered = max(start, ticket.updatedAt)
        step(&ticket, at: answered) { try $0.answer("Which browser do you use?", visibility: .public, channel: .portal, by: agent, at: answered, agreement) }
        step(&ticket, at: answered) { try $0.setSeverity(3, reason: "The other pages work.", by: agent, at: answered, agreement) }
        step(&ticket, at: answered) { try $0.suspend(reason: terms.suspensionReasons.first?.name, note: "The server room is locked.", since: nil, by: agent, at: answered, agreement) }
        step(&ticket, at: answered + 3600) { try $0.resume(1, by: agent, at: answered + 3600) }
        step(&ticket, at: answered + 3600) { try $0.propose(due: nil, workingSeconds: 72_000, by: agent, at: answered + 3600, agreement) }
        step(&ticket, at: answered + 3660) { try $0.accept(proposal: 1, by: dana, at: answered + 3660) }
        step(&ticket, at: answered + 3700) { try $0.complain(reason: "Nobody calls back.", impact: "The shift works on paper.", by: dana, at: answered + 3700) }
        step(&ticket, at: answered + 3800) { try $0.answerComplaint("We were late, and call you at nine.", by: staff(.clientServicesManager), at: answered + 3800) }
        step(&ticket, at: answered + 3900) { try $0.resolve("The stream runs again.", fields: [:], channel: .portal, by: agent, at: answered + 3900, agreement) }
        var unconfirmed = ticket
        if let possible = unconfirmed.noticePossibleAt(agreement) { step(&unconfirmed, at: possible) { try $0.sendClosingNotice(by: agent, at: possible, agreement) } }
        step(&ticket, at: answered + 4000) { try $0.close(reason: nil, by: manager, at: answered + 4000) }
        step(&ticket, at: answered + 4100) { try $0.reopen(reason: "Empty again.", by: agent, at: answered + 4100) }
        // The first of each milestone.
        var seen = Set<String>()
        return try mails.filter { $0.recipient == stored.email && seen.insert($0.milestone).inserted }.map { MailPreview(mail: try Self.mail($0)) }
    }
}
