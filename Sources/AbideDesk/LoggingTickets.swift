package import AbideCore
import AbideStore
import Foundation

extension Desk {
    /// Logs a ticket by page or API (A2, A3). What is missing can be supplied later; the clocks start when nothing is (A5).
    package func log(_ request: LogRequest, by person: Person, idempotency: Idempotency? = nil) async throws -> TicketView {
        let act: Act = person.role.isStaff ? .logForCaller : .logTicket
        guard Permissions.allows(person.role, act) else { throw Refusal.role(person.role, may: "Contacts of a client log tickets, and agents for them.", clause: "A3") }
        let agreement = try await agreement(of: request, by: person)
        var faults: [String: Phrase] = [:]
        let subject = (request.subject ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        if subject.isEmpty { faults["subject"] = "Say in a few words what it is about." }
        if subject.utf8.count > TextLimit.subject { faults["subject"] = "At most \(TextLimit.subject) characters." }
        if let urgency = request.urgency, agreement.terms.severity(urgency) == nil { faults["urgency"] = "One of \(agreement.terms.severities.map { String($0.number) }.joined(separator: ", "))." }
        for (name, value) in request.fields {
            if !agreement.terms.intake.contains(where: { $0.name == name }) { faults["fields.\(name)"] = "The agreement's intake list has no such field." }
            if value.utf8.count > TextLimit.field { faults["fields.\(name)"] = "At most \(TextLimit.field) characters." }
            if let wrong = agreement.terms.fault(of: value, in: name) { faults["fields.\(name)"] = wrong }
        }
        if person.role.isStaff {
            if request.contact == nil { faults["contact"] = "Whose call it is: the e-mail address of a contact." }
            if ![.phone, .meeting, .portal, .api, .email].contains(request.channel) { faults["channel"] = "phone or meeting." }
        } else if request.contact != nil { faults["contact"] = "Only staff log for somebody else." }
        let present = now()
        if let occurredAt = request.occurredAt {
            if !person.role.isStaff { faults["occurredAt"] = "Staff alone enter what happened earlier; leave it out." }
            else if occurredAt > present { faults["occurredAt"] = "This lies in the future." }
            else if present - occurredAt > 366 * 86_400 { faults["occurredAt"] = "More than a year ago." }
        }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        return try await once(idempotency, by: person) { session, now in
            var directory = try self.directory.content(session, now: now)
            var logger = person
            if let contact = request.contact {
                // `#7`: a contact who has no address, as the form for staff names them.
                let found = contact.hasPrefix("#") ? try Int64(contact.dropFirst()).flatMap { try session.person(id: $0) } : try session.person(email: contact)
                guard let stored = found, !stored.role.isStaff, !stored.disabled else {
                    throw Refusal.input("contact", "There is no contact with this address.")
                }
                directory = try self.directory.content(session, now: now, person: stored)
                logger = self.person(stored, directory)
            }
            let made = try self.register(
                session, NewTicket(subject: subject, urgency: request.urgency, fields: request.fields, machine: [], channel: request.channel, contact: logger, contactAddress: nil, by: person.actor, occurredAt: request.occurredAt),
                directory, at: now, extras: MessageExtras(attachments: request.attachments))
            return (made, [])
        }
    }

    struct NewTicket: Sendable, Hashable {
        var subject: String
        var urgency: Int?
        var fields: [String: String]
        /// Names of the fields that a machine read from a mail.
        var machine: [String]
        var channel: Channel
        /// The logger; nil: nobody is known by that address.
        var contact: Person?
        var contactAddress: MailAddress?
        /// Who entered it.
        var by: Actor
        /// The words as they came, where they are more than the description.
        var body: String?
        /// The mailbox to which a mail was sent.
        var mailbox: String?
        /// When it really came, where that is not now.
        var occurredAt: Instant?
    }

    /// Registers a ticket within a transaction: reference, intake list, coverage, clocks, acknowledgement (A1, A4 to A7, M).
    func register(_ session: any Session, _ new: NewTicket, _ directory: Directory.Content, at now: Instant, extras: MessageExtras, acknowledges: Bool = true, foreseen: Foreseen? = nil) throws -> Committed {
        try agreements.refresh(session)
        let agreement = agreement(client: new.contact?.client, at: now)
        let came = new.occurredAt ?? now
        let number = try session.nextTicketNumber()
        if let foreseen, foreseen.fits(new, number, agreement) { return try put(session, foreseen.work, extras: extras, at: now, isNew: true) }
        let empty = Ticket(number: number, registeredAt: came, agreement)
        return try store(session, empty, Self.registration(new, directory, at: came, agreement), agreement, at: now, extras: extras, isNew: true, acknowledges: acknowledges)
    }

    /// A registration that was worked out before its turn came, off the way of the writers: good if it gets the number that was foreseen.
    struct Foreseen: Sendable {
        var new: NewTicket
        var digest: String
        var work: Consequences

        func fits(_ new: NewTicket, _ number: TicketNumber, _ agreement: Agreement) -> Bool { number.id == work.ticket.id && agreement.terms.digest == digest && new == self.new }
    }

    /// - Parameter number: that the ticket will have if nobody is quicker.
    /// - Returns: nil for a stranger, whose answers are counted as they are written (R9).
    func foresee(_ new: NewTicket, number: Int64, _ directory: Directory.Content, at now: Instant, extras: MessageExtras, acknowledges: Bool) throws -> Foreseen? {
        guard new.contact != nil, new.occurredAt == nil else { return nil }
        let agreement = agreement(client: new.contact?.client, at: now)
        let empty = Ticket(number: TicketNumber(id: number), registeredAt: now, agreement)
        let work = try consequences(
            of: Self.registration(new, directory, at: now, agreement), on: empty, agreement, directory, at: now, extras: extras, acknowledges: acknowledges, budget: .none)
        return Foreseen(new: new, digest: agreement.terms.digest, work: work)
    }

    /// What registering a ticket makes happen.
    /// - Parameter came: when it really came.
    static func registration(_ new: NewTicket, _ directory: Directory.Content, at came: Instant, _ agreement: Agreement) -> [Draft] {
        let client = new.contact?.client.flatMap { directory.clients[$0] }
        var fields = new.fields.filter { !$0.value.allSatisfy(\.isWhitespace) }
        for (name, value) in fields { fields[name] = agreement.terms.taken(value, forField: name) }
        let profile = ["name": new.contact?.name, "company": client?.name, "phone": new.contact?.phone]
        for field in agreement.terms.intake where field.fromProfile && fields[field.name] == nil {
            if let value = profile[field.name] ?? nil, !value.isEmpty { fields[field.name] = value }
        }
        let (kind, category, proposals) = agreement.terms.proposals(fields: fields)
        let route = agreement.terms.route(
            RoutingFacts(
                kind: kind?.name, category: category?.name, client: client?.name, mailbox: new.mailbox ?? agreement.terms.provider.mailbox, channel: new.channel,
                severity: new.urgency ?? proposals.severity ?? agreement.terms.provisionalSeverity, text: "\(new.subject)\n\(fields["description"] ?? "")"),
            proposals: proposals)
        let name = new.contact?.name ?? new.contactAddress.map { $0.name.isEmpty ? $0.address : $0.name } ?? ""
        var texts = [TextKey.subject: String(new.subject.prefix(TextLimit.subject)), TextKey.contactName: name, TextKey.contactEmail: new.contact?.email ?? new.contactAddress?.address ?? ""]
        for (key, value) in fields { texts[TextKey.field(key)] = value }
        if let body = new.body { texts[TextKey.body] = body }
        var drafts = [Draft(
            .registered(
                channel: new.channel, client: client?.id, contact: new.contact?.id, urgency: new.urgency, agreement: agreement.terms.digest,
                department: route.department, readByMachine: new.machine.filter { fields[$0] != nil }.sorted()),
            came, new.by, texts: texts)]
        let required = agreement.terms.intake.filter { $0.required && fields[$0.name] == nil }
        if required.isEmpty { drafts.append(Draft(.correctlyLogged(declared: false), came, new.by)) }
        if !route.rules.isEmpty { drafts.append(Draft(.routed(rules: route.rules, tags: route.tags), came, .desk)) }
        if let assignee = route.assignee.flatMap({ address in directory.people.values.first { $0.email.lowercased() == address.lowercased() } }), assignee.role.isStaff, !assignee.disabled {
            drafts.append(Draft(.assigned(assignee: assignee.id, assigneeName: assignee.name, department: route.department), came, .desk))
        }
        if let client {
            let facts = agreement.terms.coverageFacts(proposals: proposals, fields: fields, client: directory.entitlements(client, at: came))
            let (decision, rule) = Coverage.decide(agreement.terms.coverage, facts: facts)
            if decision != .undecided { drafts.append(Draft(.coverageDecided(decision: decision, rule: rule), came, .desk)) }
        }
        return drafts
    }
}

extension Ticket {
    init(number: TicketNumber, registeredAt: Instant, _ agreement: Agreement) {
        self.init(id: number.id, ref: number.ref, registeredAt: registeredAt, provisionalSeverity: agreement.terms.provisionalSeverity)
    }
}

extension Desk {
    /// What is in force for the client of whoever calls, whom staff name by address.
    private func agreement(of request: LogRequest, by person: Person) async throws -> Agreement {
        guard person.role.isStaff, let address = request.contact else { return agreement(for: person) }
        let client = try await db.read { try $0.person(email: address) }?.client
        return agreement(client: client, at: now())
    }
}

extension Desk {
    /// The facts of a client's record, as the coverage table asks for them (M).
    static func entitlements(_ client: StoredClient, at now: Instant) -> [String: String] {
        [
            CoverageFact.subscriptionPaid.rawValue: client.subscriptionUntil.map { $0 >= now } ?? false ? "true" : "false",
            CoverageFact.managedHosting.rawValue: client.managedHosting ? "true" : "false",
        ]
    }
}

extension Directory.Content {
    /// The same with the facts that the client's own agreement names.
    func entitlements(_ client: StoredClient, at now: Instant) -> [String: String] {
        entitlements[client.id, default: [:]].merging(Desk.entitlements(client, at: now)) { $1 }
    }
}
