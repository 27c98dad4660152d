/// The service report of a client and a period (I1 to I3), counted from the event log alone: whoever has the log can count it again.
package struct ServiceReport: Sendable {
    package var clientName: String
    package var from: LocalDate
    /// The last day, included.
    package var to: LocalDate
    package var severities: [SeverityFigures]
    package var outcomes: [TicketOutcome]
    /// How many events it was counted from.
    package var events: Int

    package init(clientName: String, from: LocalDate, to: LocalDate, severities: [SeverityFigures], outcomes: [TicketOutcome], events: Int) {
        self.clientName = clientName
        self.from = from
        self.to = to
        self.severities = severities
        self.outcomes = outcomes
        self.events = events
    }
}

package struct SeverityFigures: Sendable, Hashable {
    package var severity: Int
    package var name: String
    /// The response target in English words, as files have it.
    package var target: String
    /// Tickets registered in the period.
    package var logged = 0
    package var notYetLogged = 0
    /// First answers, and those of them that met a target; an answer as soon as possible has none to meet.
    package var responded = 0
    package var respondedInTime = 0
    /// Response deadlines missed, answered since or not.
    package var responseMissed = 0
    package var responseRunning = 0
    /// Solutions, and those of them that met a target or an agreed date.
    package var resolved = 0
    package var resolvedInTime = 0
    package var resolutionMissed = 0
    /// Missed deadlines that were escalated (I3).
    package var escalated = 0
    package var reopened = 0

    package init(severity: Int, name: String, target: String) {
        self.severity = severity
        self.name = name
        self.target = target
    }
}

package struct TicketOutcome: Sendable {
    package struct Miss: Sendable, Hashable {
        package var clock: ClockName
        package var due: Instant
        package var overSeconds: Int64
        package var escalatedAt: Instant?
        package var toldClientAt: Instant?

        package init(clock: ClockName, due: Instant, overSeconds: Int64, escalatedAt: Instant?, toldClientAt: Instant?) {
            self.clock = clock
            self.due = due
            self.overSeconds = overSeconds
            self.escalatedAt = escalatedAt
            self.toldClientAt = toldClientAt
        }
    }

    package var ref: String
    package var subject: String
    package var severity: Int
    package var loggedAt: Instant?
    package var misses: [Miss]
    /// Used share of the response target of the first answer, 1 being the whole.
    package var responseUsedShare: Double?
    package var reopened: Int

    package init(ref: String, subject: String, severity: Int, loggedAt: Instant?, misses: [Miss], responseUsedShare: Double?, reopened: Int) {
        self.ref = ref
        self.subject = subject
        self.severity = severity
        self.loggedAt = loggedAt
        self.misses = misses
        self.responseUsedShare = responseUsedShare
        self.reopened = reopened
    }
}

extension ServiceReport {
    /// - Parameters:
    ///   - logs: each ticket of the client registered in the period, with its whole log and the agreement that it is pinned to.
    ///   - now: the instant up to which running clocks are read.
    package static func count(
        clientName: String, from: LocalDate, to: LocalDate, logs: [(id: Int64, ref: String, events: [TicketEvent], agreement: Agreement)], now: Instant
    ) -> ServiceReport {
        var figures: [Int: SeverityFigures] = [:]
        var outcomes: [TicketOutcome] = []
        var events = 0
        for log in logs {
            guard !log.events.isEmpty else { continue }
            events += log.events.count
            let agreement = log.agreement
            guard let ticket = Ticket(id: log.id, ref: log.ref, events: log.events, agreement: agreement) else { continue }
            // The clocks as they stand by the whole log: what was entered late, with its true time, counts for what came before it too.
            let clocks = agreement.terms.clocks.map { name in (name: name, clock: ReplayedClock(name, changes: ticket.changes(of: name), agreement: agreement, until: now)) }
            var answers = 0, answersMet = 0, solutions = 0, solutionsMet = 0, reopened = 0
            var share: Double?
            var escalations: [String: TicketEvent] = [:]
            func stop(_ name: ClockName, _ at: Instant) -> ReplayedClock.Stop? { clocks.first { $0.name == name }?.clock.stops.first { $0.at == at } }
            for event in log.events {
                switch event.fact {
                case .responded:
                    let stop = stop(.response, event.occurredAt)
                    answers += 1
                    if stop?.met ?? false { answersMet += 1 }
                    if answers == 1, let stop, let target = stop.targetSeconds { share = Double(stop.usedSeconds) / Double(max(target, 1)) }
                case .resolved:
                    solutions += 1
                    if stop(.resolution, event.occurredAt)?.met ?? false { solutionsMet += 1 }
                case .reopened: reopened += 1
                case .escalated(let clock, _, _, _, _, let cycle):
                    let key = "\(clock.rawValue)/\(cycle)"
                    if escalations[key].map({ event.occurredAt < $0.occurredAt }) ?? true { escalations[key] = event }
                default: break
                }
            }
            // A promise is missed once in a cycle, by the first of its deadlines that passed; how far it is over is counted on from there.
            let misses = clocks.flatMap { name, clock in
                clock.misses.map { miss in
                    let first = escalations["\(name.rawValue)/\(miss.cycle)"]
                    var told: Instant?
                    if let first, case .escalated(_, _, _, _, true, _) = first.fact { told = first.recordedAt }
                    return TicketOutcome.Miss(clock: name, due: miss.due, overSeconds: miss.overSeconds, escalatedAt: first?.occurredAt, toldClientAt: told)
                }
            }
            let response = ticket.clock(.response, agreement)
            var row = figures[ticket.severity] ?? SeverityFigures(
                severity: ticket.severity, name: agreement.terms.severity(ticket.severity)?.name ?? "", target: Tongue.inEnglish { agreement.terms.severity(ticket.severity)?.response.words } ?? "")
            row.logged += 1
            if ticket.loggedAt == nil { row.notYetLogged += 1 }
            row.responded += answers
            row.respondedInTime += answersMet
            row.responseMissed += misses.filter { $0.clock == .response }.count
            if response.state == .running || response.state == .suspended { row.responseRunning += 1 }
            row.resolved += solutions
            row.resolvedInTime += solutionsMet
            row.resolutionMissed += misses.filter { $0.clock == .resolution }.count
            row.escalated += misses.filter { $0.escalatedAt != nil }.count
            row.reopened += reopened
            figures[ticket.severity] = row
            outcomes.append(TicketOutcome(
                ref: ticket.ref, subject: ticket.subject, severity: ticket.severity, loggedAt: ticket.loggedAt, misses: misses,
                responseUsedShare: share, reopened: reopened))
        }
        return ServiceReport(
            clientName: clientName, from: from, to: to, severities: figures.values.sorted { $0.severity < $1.severity }, outcomes: outcomes, events: events)
    }
}
