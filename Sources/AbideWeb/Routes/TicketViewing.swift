import AbideCore
import AbideDesk

/// From what the desk tells of a ticket to what its pages show, for staff and for clients.
struct TicketViewing {
    let reader: Reader
    let detail: TicketDetail

    private var view: AbideDesk.TicketView { detail.view }
    private var ticket: Ticket { detail.view.ticket }
    private var agreement: Agreement { detail.view.agreement }
    private var terms: AgreementTerms { detail.view.agreement.terms }

    /// - Parameters:
    ///   - draft: what was typed when an act was refused.
    ///   - staff: whom it can be given to; empty for clients.
    ///   - drawn: what was drawn of it in this second: its promises are not read again, and its conversation is left out.
    func make(words: TimeWords, desk: TimeWords, draft: String = "", staff: [PersonBrief] = [], loads: [Int64: Int] = [:], drawn: DrawnTicket? = nil) -> TicketView {
        let promises = drawn?.promises ?? promises(desk)
        let isRated = ticket.severityIsAssigned || ticket.urgency != nil
        let missing = ticket.missing(agreement)
        let missingFields = terms.intake.filter { missing.contains($0.name) }
        return TicketView(
            ref: ticket.ref, subject: ticket.subject, status: TicketView.Status(rawValue: view.status.rawValue) ?? .open,
            severity: isRated ? ticket.severity : nil, severityName: terms.severity(ticket.severity)?.name ?? "",
            severityIsProvisional: !ticket.severityIsAssigned, client: view.client?.name ?? "", contact: contact,
            assignee: view.assignee.map(PersonView.init) ?? ticket.assigneeName.map { PersonView(name: $0, isStaff: true) },
            department: ticket.department, registeredAt: ticket.registeredAt, response: promises.response, resolution: promises.resolution, nextReply: promises.nextReply, axis: promises.axis,
            missing: missingFields.map(\.label), missingFields: missingFields, facts: drawn == nil ? facts() : [], suspensions: suspensions(),
            coverage: coverage(), agreement: say("\(terms.name), version \(terms.version)"), timeline: drawn == nil ? timeline() : [], may: may(),
            proposals: proposals(), closing: closing(), draft: draft, choices: reader.isStaff ? choices(staff, loads) : StaffChoices(), head: ticket.head, held: held(), decisions: drawn == nil ? decisions() : DecisionsView(), connections: connections(drawn != nil))
    }

    private func promises(_ desk: TimeWords) -> DrawnTicket.Promised {
        var promises = Promises(now: view.now)
        let response = promises.line(.response, view, events: detail.events)
        let resolution = promises.line(.resolution, view, events: detail.events)
        let nextReply = terms.clocks.contains(.nextReply) && !ticket.nextReplyChanges.isEmpty ? promises.line(.nextReply, view, events: detail.events) : nil
        let open = agreement.calendar(ofSeverity: ticket.severity)
        return DrawnTicket.Promised(
            response: response, resolution: resolution, nextReply: nextReply,
            axis: Axis.ticket([response, resolution] + (nextReply.map { [$0] } ?? []), now: view.now, words: desk, size: reader.isStaff ? .large : .medium, open: open.stretches))
    }

    /// What a client's page says besides.
    func portal(_ view: TicketView, complaintsTo: PersonBrief?) -> PortalTicketView {
        let resolved = detail.events.last { if case .resolved = $0.event.fact { true } else { false } }
        let asks = ticket.contact == reader.person.id && ticket.surveyEnds(agreement).map { self.view.now < $0 } ?? false
        return PortalTicketView(
            survey: asks ? terms.survey.map { SurveyView(ticket, $0) } : nil, ticket: view, site: ticket.fields["site"] ?? "", logger: contact.name, readerIsLogger: ticket.contact == reader.person.id,
            complaintsTo: complaintsTo.map { "\($0.name), \($0.role.words)" } ?? say("the client services manager"),
            complaintWithin: Target.within(terms.complaintAnswer, .rolling).words,
            resolvedBy: ticket.resolvedAt == nil ? nil : resolved?.event.actor.name, resolvedAt: ticket.resolvedAt)
    }

    // MARK: Facts

    private var contact: PersonView {
        if let known = view.contact { return PersonView(known) }
        return PersonView(name: ticket.contactName.isEmpty ? ticket.contactEmail : ticket.contactName, isStaff: false, email: ticket.contactEmail, note: say("not known as a contact"))
    }

    private func facts() -> [(label: String, value: String)] {
        terms.intake.compactMap { field in
            guard field.name != "description", let value = ticket.fields[field.name], !value.isEmpty else { return nil }
            return (field.label, value)
        } + (reader.isStaff ? [] : detail.customFields.compactMap { field in ticket.custom[field.name].map { (field.label, field.kind == .check ? ($0 == "yes" ? say("Yes") : say("No")) : $0) } })
    }

    private func suspensions() -> [SuspensionView] {
        ticket.suspensions.map { suspension in
            let reason = agreement.suspensionReason(suspension.reason)
            let by = detail.events.last { event in
                if case .suspended(suspension.id, _) = event.event.fact { true } else { false }
            }
            return SuspensionView(
                id: String(suspension.id), reason: reason?.label ?? suspension.reason, note: suspension.note, since: suspension.since,
                by: by?.event.actor.name ?? "", waitsForClient: reason?.waitsForClient ?? true)
        }
    }

    private func coverage() -> CoverageView? {
        let said = detail.events.last { if case .coverageDecided = $0.event.fact { true } else { false } }?.event.texts[TextKey.reason]
        let rule = ticket.coverageRule.flatMap { name in terms.coverage.first { $0.name == name } }
        let reason = (said ?? "").isEmpty ? rule?.description ?? "" : said ?? ""
        let words = ticket.coverage.words
        return CoverageView(decision: words.prefix(1).uppercased() + words.dropFirst(), reason: reason, rule: ticket.coverageRule)
    }

    private func proposals() -> [ProposalView] {
        ticket.proposals.filter { !$0.accepted }.suffix(1).map { proposal in
            let by = detail.events.last { event in
                if case .resolutionProposed(proposal.id, _, _) = event.event.fact { true } else { false }
            }
            return ProposalView(
                id: String(proposal.id), by: by?.event.actor.name ?? "", due: proposal.due, workingSeconds: proposal.workingSeconds,
                mayAccept: allowed(.accept) && proposal.byStaff != reader.isStaff && ticket.phase == .open)
        }
    }

    private func closing() -> ClosingView? {
        guard ticket.phase != .closed else { return nil }
        if let closing = ticket.closing { return ClosingView(noticedAt: closing.noticedAt, closableAt: ticket.closableAt(agreement), isListed: closing.listed) }
        return nil
    }

    private func choices(_ staff: [PersonBrief], _ loads: [Int64: Int]) -> StaffChoices {
        let workers: Set<Role> = [.agent, .departmentLead, .serviceManager]
        return StaffChoices(
            suspensionReasons: terms.suspensionReasons.map { Choice(value: $0.name, label: $0.label) },
            answerReason: terms.suspensionReasons.first(where: \.endsWithAnswer)?.name,
            agents: staff.filter { workers.contains($0.role) }.map { Choice(value: String($0.id), label: $0.name, isChosen: $0.id == ticket.assignee) },
            loads: staff.filter { workers.contains($0.role) }.map { ($0.name, loads[$0.id] ?? 0) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) },
            colleagues: staff.filter { $0.id != reader.person.id && Permissions.allows($0.role, .readInternal) }.map(\.name),
            departments: terms.departments.map { Choice(value: $0.name, label: $0.name, isChosen: $0.name == ticket.department) },
            severities: terms.severities.map { Choice(value: String($0.number), label: "\($0.number) \($0.name)", isChosen: $0.number == ticket.severity) },
            coverage: CoverageDecision.allCases.map { Choice(value: $0.rawValue, label: $0.words, isChosen: $0 == ticket.coverage) }, details: terms.resolutionDetails)
    }

    private func decisions() -> DecisionsView {
        var view = DecisionsView()
        view.quotes = ticket.quotes
        view.grants = ticket.grants
        view.origin = ticket.origin
        var by: [Int: String] = [:], reasons: [Int: (reason: String, impact: String)] = [:], answers: [Int: String] = [:]
        for item in detail.events {
            let texts = item.event.texts
            switch item.event.fact {
            case .resolutionProposed(let id, _, _): by[id] = item.event.actor.name
            case .complained(let id): reasons[id] = (texts[TextKey.reason] ?? "", texts[TextKey.impact] ?? "")
            case .complaintAnswered(let id): answers[id] = texts[TextKey.body] ?? ""
            case .coverageDecided: view.effect = texts[TextKey.effect] ?? ""
            default: break
            }
        }
        view.dates = ticket.proposals.map { proposal in
            let isLast = proposal.id == ticket.proposals.last?.id
            return .init(
                due: proposal.due, workingSeconds: proposal.workingSeconds, by: by[proposal.id] ?? "", at: proposal.at,
                state: proposal.accepted ? "agreed" : isLast ? "proposed" : "replaced")
        }
        view.complaints = ticket.complaints.map { complaint in
            let reading = ticket.reading(complaint, agreement, at: detail.view.now)
            let who = complaint.by == ticket.contact ? contact.name : detail.events.first { if case .complained(complaint.id) = $0.event.fact { true } else { false } }?.event.actor.name ?? ""
            return .init(
                by: who, at: complaint.at, due: reading.due, answeredAt: complaint.answeredAt, isLate: reading.outcome == .missed,
                isAboutCoverage: complaint.isAboutCoverage, reason: reasons[complaint.id]?.reason ?? "", impact: reasons[complaint.id]?.impact ?? "", answer: answers[complaint.id] ?? "")
        }
        if reader.isStaff {
            view.kinds = CoverageFact.kind.values.map { Choice(value: $0, label: $0, isChosen: $0 == ticket.kind) }
            view.causes = CoverageFact.cause.values.map { Choice(value: $0, label: $0, isChosen: $0 == ticket.cause) }
        }
        return view
    }

    private func held() -> [HeldAnswerView] {
        detail.held.map { HeldAnswerView(id: $0.id, author: $0.author, isOwn: $0.isOwn, body: $0.body, left: $0.dueAt.map { $0 - view.now }, refusal: $0.refusal ?? "") }
    }

    /// Public messages of others after an event that the reader saw.
    func messages(after seen: Int) -> [AbideDesk.MessageView] {
        detail.messages.filter { $0.origin == nil && $0.id > seen && $0.visibility == .public && !$0.automatic && $0.author.id != reader.person.id }
    }

    func crossing(_ messages: [AbideDesk.MessageView], _ form: Form) -> CrossingView {
        var fields = form.fields.filter { ["body", "visibility", "suspend", "macro", "hold"].contains($0.name) }
        fields.append(("seen", String(ticket.head)))
        return CrossingView(by: messages.last?.author.name ?? "", messages: messages.map(message), fields: fields, hadFiles: !form.files.isEmpty)
    }

    /// - Parameter isDrawn: all but what is drawn for each reader is.
    private func connections(_ isDrawn: Bool) -> ConnectionsView {
        var ties = ConnectionsView()
        if isDrawn {
            ties.followers = ticket.followers.map(\.name)
            ties.follows = ticket.followers.contains { $0.person == reader.person.id }
            ties.mayOrganise = allowed(.organise)
            return ties
        }
        ties.merging = ticket.merging
        ties.mayUnmerge = ticket.merging != nil && allowed(.unmerge)
        guard reader.isStaff else { return ties }
        ties.absorbed = ticket.absorbed
        ties.hint = ticket.openHint
        ties.links = detail.links
        ties.tags = ticket.tags ?? []
        ties.followers = ticket.followers.map(\.name)
        ties.follows = ticket.followers.contains { $0.person == reader.person.id }
        ties.spentSeconds = ticket.spentSeconds
        ties.mayMerge = ticket.phase != .closed && allowed(.merge)
        ties.mayOrganise = allowed(.organise)
        ties.tasks = ticket.tasks
        ties.fields = detail.customFields
        ties.custom = ticket.custom
        ties.splitFrom = ticket.splitFrom?.ref
        ties.contacts = detail.contacts.map { ($0.id, PersonView($0)) }
        ties.attempts = ticket.attempts
        ties.mayTell = allowed(.resolve) && ticket.links.contains { $0.relation == .incident }
        return ties
    }

    // MARK: What the reader may do now

    private func allowed(_ act: Act) -> Bool {
        Permissions.answer(reader.person.role, act, reader.person.relation(client: ticket.client, contact: ticket.contact)) == .allowed
    }

    private func may() -> Set<TicketAct> {
        let isOpen = ticket.phase == .open, isClosed = ticket.phase == .closed, isResolved = ticket.phase == .resolved
        let waits = ticket.proposals.last.map { !$0.accepted && $0.byStaff != reader.isStaff } ?? false
        let acts: [(TicketAct, Bool, Act)] = [
            (.reply, !isClosed, .answer), (.note, true, .note),
            (.suspend, isOpen, .suspend), (.resume, !ticket.suspensions.isEmpty, .resume),
            (.resolve, isOpen, .resolve), (.withdrawResolution, isResolved, .withdrawResolution),
            (.assign, !isClosed, .assign), (.severity, !isClosed, .setSeverity), (.coverage, !isClosed, .decideCoverage),
            (.complete, ticket.phase == .registered, .declareComplete), (.supply, !ticket.missing(agreement).isEmpty, .supply),
            (.propose, isOpen, .propose), (.accept, isOpen && waits, .accept),
            (.closingNotice, ticket.closing == nil && (ticket.noticePossibleAt(agreement).map { $0 <= view.now } ?? false), .sendClosingNotice),
            (.reopen, isClosed && ticket.merging == nil, .reopen), (.complain, !isClosed, .complain),
            (.answerComplaint, ticket.complaints.contains { $0.answeredAt == nil }, .answerComplaint),
            (.dispute, !isClosed && ticket.coverage != .undecided && !ticket.complaints.contains { $0.isAboutCoverage && $0.answeredAt == nil }, .complain),
            (.grantAccess, !isClosed, .grantAccess), (.quote, !isClosed && ticket.coverage != .covered, .quote), (.decideQuote, !isClosed, .decideQuote),
        ]
        var may = Set(acts.filter { $0.1 && allowed($0.2) }.map(\.0))
        // Staff who work on tickets find the button on a resolved one, and are told who can close it (N1): better than no button.
        if !isClosed, allowed(.close) || (isResolved && allowed(.resolve)) { may.insert(.close) }
        return may
    }

    // MARK: History

    /// Every event in order (B2); a message stands in the place of its event.
    private func timeline() -> [TimelineItem] {
        let messages = Dictionary(detail.messages.lazy.filter { $0.origin == nil }.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        var items: [TimelineItem] = []
        items.reserveCapacity(detail.events.count + 1)
        for item in detail.events {
            let event = item.event
            if let message = messages[event.number] {
                items.append(.message(self.message(message)))
                // What came with the registration stands before it.
                guard case .registered = event.fact else { continue }
            }
            items.append(.event(EventView(
                number: event.number, type: item.disclosed ? event.fact.type : "internal", at: event.occurredAt,
                recordedAt: abs(event.recordedAt - event.occurredAt) < 60 ? nil : event.recordedAt,
                sentence: item.disclosed ? item.sentence : say("Internal to the desk."))))
        }
        let others = detail.messages.filter { $0.origin != nil }
        guard !others.isEmpty else { return items }
        // What was said on tickets that go on here stands in its time.
        return (items + others.map { .message(message($0)) }).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    /// A message by itself.
    func shown(_ message: AbideDesk.MessageView) -> MessageView { self.message(message) }

    private func message(_ message: AbideDesk.MessageView) -> MessageView {
        let isClient = message.author.kind == .contact
        let client = view.client?.name ?? "", home = message.origin ?? ticket.ref
        var via: String
        if message.visibility == .internal { via = "" }
        else if isClient { via = client.isEmpty ? message.channel.words : "\(client), \(message.channel.words)" }
        else { via = say("to \(contact.name)") }
        if let origin = message.origin { via += via.isEmpty ? say("on ticket \(origin)") : say(", on ticket \(origin)") }
        return MessageView(
            id: "message-\(message.origin.map { $0 + "-" } ?? "")\(message.id)", kind: message.visibility == .internal ? .note : isClient ? .client : .ours,
            author: PersonView(name: message.author.name, isStaff: !isClient), via: message.automatic ? via + say(", automatic answer") : via,
            at: message.at, body: MessageHTML.readable(message),
            attachments: message.attachments.filter { !$0.name.isEmpty }.map { file in
                AttachmentView(name: file.name, href: "/tickets/\(home)/attachments/\(file.id)", size: Int64(file.size), isPicture: AttachmentView.isPicture(file.type, file.size))
            },
            original: message.html == nil ? nil : "/tickets/\(home)/messages/\(message.id)/html",
            raw: reader.isStaff && Permissions.allows(reader.person.role, .readInternal) && isClient && message.channel == .email ? "/tickets/\(home)/messages/\(message.id)/raw" : nil,
            sealing: MailSealing(of: message.attachments.map { ($0.type, $0.name) }, readable: !message.body.allSatisfy(\.isWhitespace)),
            splits: reader.isStaff && isClient && message.origin == nil && message.id > 1 && message.visibility == .public && !message.automatic && ticket.contact != nil && ticket.merging == nil && allowed(.merge)
                ? "/tickets/\(ticket.ref)/messages/\(message.id)/split" : nil)
    }
}
