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
    /// The response target in words.
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
            guard let first = log.events.first else { continue }
            events += log.events.count
            let agreement = log.agreement
            var ticket = Ticket(id: log.id, ref: log.ref, registeredAt: first.occurredAt, provisionalSeverity: agreement.terms.provisionalSeverity)
            var answers: [(met: Bool, share: Double?)] = []
            var resolutions: [Bool] = []
            var misses: [TicketOutcome.Miss] = []
            var reopened = 0
            var cycles: [Int] = []
            var escalations: [String: (at: Instant, told: Instant?)] = [:]
            /// A promise is missed once in a cycle, by the first of its deadlines that passed; how far it is over is counted on from there.
            func note(_ name: ClockName, at instant: Instant) -> ClockReading {
                let clock = ticket.clock(name, agreement)
                let reading = clock.reading(at: instant)
                guard let due = clock.missedDue(at: instant) else { return reading }
                let over = reading.usedSeconds - clock.used(at: due)
                if let known = misses.indices.first(where: { misses[$0].clock == name && cycles[$0] == clock.cycle }) {
                    misses[known].overSeconds = over
                } else {
                    misses.append(.init(clock: name, due: due, overSeconds: over, escalatedAt: nil, toldClientAt: nil))
                    cycles.append(clock.cycle)
                }
                return reading
            }
            for event in log.events.sorted(by: { ($0.occurredAt, $0.number) < ($1.occurredAt, $1.number) }) {
                switch event.fact {
                case .responded:
                    let reading = note(.response, at: event.occurredAt)
                    answers.append((reading.outcome == nil && reading.targetSeconds != nil, reading.targetSeconds.map { Double(reading.usedSeconds) / Double(max($0, 1)) }))
                case .resolved:
                    // Still running as this happens: met where a target stands and is not missed by now.
                    let reading = note(.resolution, at: event.occurredAt)
                    resolutions.append(reading.outcome == nil && reading.targetSeconds != nil)
                case .resolutionAgreed:
                    // A date that was missed and is agreed anew stays counted.
                    _ = note(.resolution, at: event.occurredAt)
                case .reopened:
                    reopened += 1
                case .closed:
                    for name in agreement.terms.clocks where [.running, .suspended].contains(ticket.clock(name, agreement).state) { _ = note(name, at: event.occurredAt) }
                case .escalated(let clock, _, _, _, let tellClient, let cycle):
                    let key = "\(clock.rawValue)/\(cycle)"
                    if escalations[key] == nil { escalations[key] = (event.occurredAt, tellClient ? event.recordedAt : nil) }
                default: break
                }
                ticket.apply(event, agreement)
            }
            let response = ticket.clock(.response, agreement)
            for name in agreement.terms.clocks where [.running, .suspended].contains(ticket.clock(name, agreement).state) {
                _ = note(name, at: now)
            }
            for index in misses.indices {
                guard let first = escalations["\(misses[index].clock.rawValue)/\(cycles[index])"] else { continue }
                misses[index].escalatedAt = first.at
                misses[index].toldClientAt = first.told
            }
            var row = figures[ticket.severity] ?? SeverityFigures(
                severity: ticket.severity, name: agreement.terms.severity(ticket.severity)?.name ?? "", target: agreement.terms.severity(ticket.severity)?.response.words ?? "")
            row.logged += 1
            if ticket.loggedAt == nil { row.notYetLogged += 1 }
            row.responded += answers.count
            row.respondedInTime += answers.filter(\.met).count
            row.responseMissed += misses.filter { $0.clock == .response }.count
            if response.state == .running || response.state == .suspended { row.responseRunning += 1 }
            row.resolved += resolutions.count
            row.resolvedInTime += resolutions.count { $0 }
            row.resolutionMissed += misses.filter { $0.clock == .resolution }.count
            row.escalated += misses.filter { $0.escalatedAt != nil }.count
            row.reopened += reopened
            figures[ticket.severity] = row
            outcomes.append(TicketOutcome(
                ref: ticket.ref, subject: ticket.subject, severity: ticket.severity, loggedAt: ticket.loggedAt, misses: misses,
                responseUsedShare: answers.first?.share, reopened: reopened))
        }
        return ServiceReport(
            clientName: clientName, from: from, to: to, severities: figures.values.sorted { $0.severity < $1.severity }, outcomes: outcomes, events: events)
    }
}
