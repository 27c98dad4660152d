import AbideCore
import AbideStore
import Foundation

/// What people are told, and when: every milestone of clause E has its mail, written in the transaction of its event.
struct Notice {
    var milestone: String
    var to: [StoredPerson]
    /// Somebody without an account: the sender of a mail.
    var toAddress: MailAddress?
    var headline: String
    var paragraphs: [String]
    /// What a person wrote, quoted as it is.
    var words: String?
    /// A person's own words travel as a person's mail; all else says that a machine wrote it.
    var byPerson = false
    var promise: ClockName?
    var automaticReply = false
    /// Accepts what is offered, for its one recipient alone (C3); empty: nothing to accept.
    var link = ""
    /// What following it does: a key of `MailWords`.
    var linkWords = "accept"
    /// What the words of a template can name besides the ticket's own values.
    var values: [String: String] = [:]
}

extension Desk {
    /// Automatic answers to mail within an hour: in a ticket, and to an address that answers us outside of its ticket.
    static let answersOfThread = 5

    /// What may still be answered by itself; counted as it is asked.
    struct AnswerBudget {
        /// A stranger's address (R9).
        var stranger: (String, Instant) -> Bool
        /// A thread of mails (R15).
        var thread: (Ticket, Instant) -> Bool

        /// Where nothing is answered that would have to be counted.
        static var none: AnswerBudget { AnswerBudget(stranger: { _, _ in false }, thread: { _, _ in false }) }

        init(stranger: @escaping (String, Instant) -> Bool, thread: @escaping (Ticket, Instant) -> Bool) {
            self.stranger = stranger
            self.thread = thread
        }

        init(_ session: any Session) {
            stranger = { address, now in (try? session.mayAnswer(address, at: now)) ?? false }
            thread = { ticket, now in ((try? session.countMail(to: "thread of \(ticket.ref)", at: now)) ?? 0) <= Desk.answersOfThread }
        }
    }

    /// The mails that events owe to people, and what those of the desk are told on the pages.
    func owed(
        before: Ticket, after ticket: Ticket, _ events: [TicketEvent], _ agreement: Agreement, _ directory: Directory.Content, at now: Instant, acknowledges: Bool, budget: AnswerBudget
    ) throws -> Owed {
        let contact = ticket.contact.flatMap { directory.people[$0] }
        let stranger = contact == nil && !ticket.contactEmail.isEmpty ? MailAddress(address: ticket.contactEmail, name: ticket.contactName) : nil
        let writer = NoticeWriter(desk: self, ticket: ticket, agreement: agreement, directory: directory)
        var notices: [(event: TicketEvent, notice: Notice)] = []
        var owed = Owed(ticket: ticket.id)

        func client(_ event: TicketEvent, _ notice: Notice) {
            // Nobody is told by mail what they just did themselves by another door, but for the receipts that the agreement owes.
            var notice = notice
            notice.to = contact.map { [$0] } ?? []
            notice.toAddress = stranger
            if stranger != nil, notice.milestone == "logged" || notice.milestone == "incomplete" {
                // A stranger may be a forged address: no more than a few answers (R9).
                guard acknowledges, budget.stranger(ticket.contactEmail, now) else { return }
            }
            notices.append((event, notice))
        }
        func staff(_ event: TicketEvent, _ people: [StoredPerson], _ notice: Notice) {
            var notice = notice
            notice.to = people.filter { $0.id != event.actor.id && !$0.disabled }
            if !notice.to.isEmpty { notices.append((event, notice)) }
            owed.tell(notice.to, notice.milestone, event)
        }
        func role(_ role: Role) -> [StoredPerson] {
            let all = directory.people.values.filter { $0.role == role && !$0.disabled }.sorted { $0.id < $1.id }
            guard role == .departmentLead, let department = ticket.department else { return all }
            let own = all.filter { $0.department == department }
            return own.isEmpty ? all : own
        }
        /// A person of the client besides the logger, as who complained.
        func contactBesides(_ event: TicketEvent, _ id: Int64?, _ notice: Notice) {
            guard let id, id != ticket.contact, let person = directory.people[id], !person.role.isStaff, !person.disabled else { return }
            var notice = notice
            notice.to = [person]
            notices.append((event, notice))
        }
        let assigned = ticket.assignee.flatMap { directory.people[$0] }.map { [$0] } ?? []
        // Whoever works on it hears of it anyway.
        let followers = ticket.followers.compactMap { directory.people[$0.person] }.filter { $0.id != ticket.assignee }
        let answered = events.contains { if case .responded = $0.fact { true } else { false } }
        let resolved = events.contains { if case .resolved = $0.fact { true } else { false } }
        let disputes = events.contains { if case .coverageDisputed = $0.fact { true } else { false } }
        let workers = assigned.isEmpty ? role(.departmentLead) : assigned
        var escalations: [TicketEvent] = []

        for event in events {
            switch event.fact {
            case .registered:
                if ticket.loggedAt == nil, acknowledges { client(event, writer.incomplete()) }
            case .correctlyLogged:
                if acknowledges || before.head > 0 { client(event, writer.logged()) }
            case .messageAdded(.public, _, false) where event.actor.kind == .staff:
                if !resolved { client(event, writer.answered(event, first: answered)) }
            case .messageAdded(.public, let channel, false) where event.actor.kind == .contact && before.head > 0:
                staff(event, assigned + followers, writer.clientWrote(event))
                // R15, S12: a program that answers each of our mails without saying that it is one gets no more than a person could want.
                let isHeard = channel != .email || budget.thread(ticket, now)
                if ticket.loggedAt == nil, before.loggedAt == nil, acknowledges, isHeard { client(event, writer.incomplete()) }
                if event.texts[TextKey.lacks] != nil, isHeard {
                    client(event, writer.complaintIncomplete())
                    contactBesides(event, event.actor.id, writer.complaintIncomplete())
                }
            case .messageAdded(.internal, _, _):
                let called = Mention.people(in: event.texts[TextKey.body] ?? "", staff: directory.people.values.filter { $0.role.isStaff && !$0.disabled && Permissions.allows($0.role, .readInternal) }.map { ($0.id, $0.name, $0.email) })
                staff(event, called.compactMap { directory.people[$0] }, writer.mentioned(event))
            case .assigned(let assignee?, _, _) where assignee != event.actor.id && before.assignee != assignee:
                staff(event, [directory.people[assignee]].compactMap { $0 }, writer.plain("assigned", event))
            case .taskAdded(_, let assignee?, _, _): staff(event, [directory.people[assignee]].compactMap { $0 }, writer.plain("taskAdded", event))
            case .suspended: client(event, writer.suspended(event))
            case .resumed where ticket.phase == .open: client(event, writer.resumed(event))
            case .warned(let clock, _): staff(event, workers, writer.warned(clock))
            case .severityAssigned where event.actor.kind == .staff: client(event, writer.severity(event))
            case .coverageDecided where event.actor.kind == .staff: client(event, writer.coverage(event))
            case .closingPrompted: staff(event, workers, writer.closingPrompt(event))
            case .accessGranted where event.actor.kind == .contact: staff(event, workers, writer.plain("accessGranted", event))
            case .accessEnded: staff(event, workers, writer.plain("accessEnded", event))
            case .quoted: client(event, writer.quoted(event))
            case .quoteWithdrawn: client(event, writer.plain("quoteWithdrawn", event))
            case .quoteAccepted: staff(event, workers, writer.plain("quoteAccepted", event))
            case .quoteDeclined: staff(event, workers, writer.plain("quoteDeclined", event))
            case .complaintOverdue: staff(event, agreement.terms.complaintNotify.flatMap(role) + role(.management), writer.plain("complaintOverdue", event))
            case .escalated, .unsolvedEscalated: escalations.append(event)
            case .resolutionProposed:
                if event.actor.kind == .staff { client(event, writer.proposed(event)) } else { staff(event, workers, writer.proposed(event)) }
            case .resolutionAgreed:
                client(event, writer.agreed(event))
                staff(event, assigned, writer.agreed(event))
            case .resolved:
                client(event, writer.resolved(event))
                staff(event, followers, writer.plain("resolved", event))
            case .resolutionWithdrawn: staff(event, assigned, writer.plain("resolutionWithdrawn", event))
            case .confirmed:
                client(event, writer.plain("confirmed", event))
                staff(event, role(.serviceManager), writer.plain("confirmed", event))
            case .closingNoticed: client(event, writer.closingNotice())
            case .closingListed: staff(event, role(.serviceManager), writer.plain("closingListed", event))
            case .closed:
                client(event, writer.closed(event))
                if let contact, !contact.email.isEmpty, !directory.noSurveys.contains(contact.id), ticket.surveyEnds(agreement) != nil { client(event, writer.survey()) }
                staff(event, followers, writer.plain("closed", event))
            case .surveyAnswered(let score):
                // H4
                if let survey = agreement.terms.survey, score <= survey.poorAt { staff(event, survey.followUp.flatMap(role), writer.poorSurvey(event)) }
            case .merged(let into): client(event, writer.merged(into: into, event))
            case .unmerged(let from): client(event, writer.unmerged(from: from, event))
            case .reopened:
                client(event, writer.reopened(event))
                staff(event, assigned + followers, writer.plain("reopened", event))
            case .complained:
                let notice = writer.complained(event, aboutCoverage: disputes)
                client(event, notice)
                contactBesides(event, event.actor.id, notice)
                staff(event, agreement.terms.complaintNotify.flatMap(role), notice)
            case .complaintAnswered(let id):
                // To all who are involved: the logger, who complained, who works on it and who was told.
                client(event, writer.complaintAnswered(event))
                contactBesides(event, ticket.complaints.first { $0.id == id }?.by, writer.complaintAnswered(event))
                var seen = Set<Int64>()
                staff(event, (assigned + agreement.terms.complaintNotify.flatMap(role)).filter { seen.insert($0.id).inserted }, writer.complaintAnswered(event))
            default: break
            }
        }
        if let last = escalations.last {
            // One notice a person, listing every rung that was passed (after a weekend's stop there can be several).
            var told = Set<Int64>()
            for event in escalations.reversed() {
                guard let rung = event.fact.rung(agreement.terms) else { continue }
                let leads = directory.people.values.filter { $0.role == .departmentLead && rung.departments.contains($0.department ?? "") }.sorted { $0.id < $1.id }
                let people = (rung.notified.flatMap(role) + leads).filter { told.insert($0.id).inserted }
                staff(last, people, writer.escalated(escalations, toClient: false))
            }
            let tell = escalations.contains { $0.fact.rung(agreement.terms)?.tellClient ?? false }
            if tell { client(last, writer.escalated(escalations, toClient: true)) }
        }
        owed.setDigests(directory, at: now) { self.zone($0) }
        owed.mails = try notices.flatMap { event, notice in
            // What is only of use to a colleague comes as they wish it; what the agreement owes comes at once.
            try notice.to.filter { !MailWish.isOptional(notice.milestone) || !$0.role.isStaff || directory.mailWishes[$0.id] == nil }.compactMap { try mail(notice, $0.id, MailAddress(address: $0.email, name: $0.name), $0, ticket, event, agreement, writer, at: now) }
                + (notice.toAddress.flatMap { try mail(notice, 0, $0, nil, ticket, event, agreement, writer, at: now) }.map { [$0] } ?? [])
        }
        return owed
    }

    /// One message to one recipient (R14), with a reply address of its own.
    private func mail(
        _ notice: Notice, _ participant: Int64, _ to: MailAddress, _ person: StoredPerson?, _ ticket: Ticket, _ event: TicketEvent, _ agreement: Agreement,
        _ writer: NoticeWriter, at now: Instant
    ) throws -> OutboxItem? {
        // Who has a telephone and no address is told by a call or a letter.
        guard !to.address.isEmpty else { return nil }
        let provider = agreement.terms.provider
        let mailbox = provider.mailbox
        let id = keys.messageID(mailbox: mailbox, ticket: ticket.id, participant: participant, serial: "\(event.number)-\(notice.milestone.lowercased())")
        let opening = keys.messageID(mailbox: mailbox, ticket: ticket.id, participant: participant, serial: "0-thread")
        let zone = (person?.zone ?? person?.client.flatMap { writer.directory.clients[$0]?.zone }).flatMap { self.zone($0) }
        var notice = notice
        if notice.milestone == "resolutionProposed", let person, !person.role.isStaff { notice.link = acceptanceLink(ticket, person: person.id, at: now) ?? "" }
        var headers = ["X-Abide-Ticket": ticket.ref, "X-Abide-Milestone": notice.milestone]
        if notice.milestone == "survey", let person, let link = surveyLink(ticket, person: person.id, agreement) {
            notice.link = link
            // Nobody owes us an answer (RFC 2369, 8058).
            headers["List-Unsubscribe"] = "<\(link)/end>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        }
        let (text, html) = writer.compose(notice, staff: person?.role.isStaff ?? false, zone: zone, now: now, baseURL: settings.baseURL, by: event.actor.name)
        var mail = OutgoingMail(
            from: MailAddress(address: mailbox, name: notice.byPerson ? "\(event.actor.name), \(provider.name)" : "\(provider.name) Support"), to: to,
            replyTo: MailAddress(address: keys.replyAddress(mailbox: mailbox, ticket: ticket.id, participant: participant), name: "\(provider.name) Support"),
            subject: "[\(ticket.ref)] \(ticket.subject)", messageID: id, inReplyTo: opening, references: [opening], date: now, text: text, html: html,
            autoSubmitted: notice.byPerson ? nil : notice.automaticReply && ticket.channel == .email ? "auto-replied" : "auto-generated",
            headers: headers)
        // C3: an agreed date stands in the calendars of both; a later one takes its place.
        if case .resolutionAgreed = event.fact, notice.milestone == "resolutionAgreed", let due = ticket.clock(.resolution, agreement).due {
            mail.calendar = CalendarEntry(
                uid: "resolution-\(ticket.ref)@\(Keys.split(mailbox).domain)", sequence: event.number, when: .moment(due), summary: "\(ticket.ref) \(ticket.subject)", isCancelled: false, stamp: now
            ).text
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return OutboxItem(
            ticket: ticket.id, number: event.number, milestone: notice.milestone, recipient: to.address, messageID: id,
            mail: String(decoding: try encoder.encode(mail), as: UTF8.self), state: settings.sendsMail ? .queued : .held, nextAt: now, createdAt: now)
    }
}

extension Fact {
    /// Whom an escalation tells: the roles that stand in the fact, and the departments that the agreement's rung names besides.
    fileprivate func rung(_ terms: AgreementTerms) -> (notified: [Role], departments: [String], tellClient: Bool)? {
        func departments(_ ladder: [Rung], _ number: Int) -> [String] { ladder.indices.contains(number - 1) ? ladder[number - 1].departments : [] }
        switch self {
        case .escalated(let clock, let number, _, let notified, let tell, _): return (notified, departments(terms.ladder(clock), number), tell)
        case .unsolvedEscalated(let number, _, let notified, let tell, _): return (notified, departments(terms.ladders.unsolved?.rungs ?? [], number), tell)
        default: return nil
        }
    }
}
