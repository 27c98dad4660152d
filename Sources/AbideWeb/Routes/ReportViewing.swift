import AbideCore
import AbideDesk

/// Makes a report's page of its figures.
struct ReportViewing {
    let desk: Desk
    /// Misses that are drawn; the figures count all of them, the files name all.
    private static let drawn = 60

    /// The response target in the reader's language. One of terms that are in force no longer stands as it was counted.
    private static func target(_ figures: SeverityFigures, _ terms: AgreementTerms) -> String {
        guard let response = terms.severity(figures.severity)?.response, Tongue.inEnglish({ response.words }) == figures.target else { return figures.target }
        return response.words
    }

    func view(_ report: ServiceReport, client: Int64, clients: [ClientRecord], reader: Reader, page: PageContext, issued: IssuedReport? = nil) async throws -> ReportView {
        let terms = desk.currentAgreement().terms
        let severities = report.severities.map { figures in
            ReportSeverity(
                number: figures.severity, name: figures.name, target: Self.target(figures, terms),
                hasDeadline: terms.severity(figures.severity).map { $0.response != .asap } ?? false, logged: figures.logged,
                inTime: figures.respondedInTime, late: figures.responseMissed, resolvedInTime: figures.resolvedInTime,
                resolvedLate: figures.resolutionMissed, escalated: figures.escalated, reopened: figures.reopened)
        }
        let all = report.outcomes.flatMap { outcome in outcome.misses.map { (outcome, $0) } }.sorted { $0.1.due < $1.1.due }
        var misses: [ReportMiss] = []
        var promises = Promises(now: page.now)
        for (outcome, miss) in all.prefix(Self.drawn) {
            guard let found = try await drawing(outcome.ref, miss, &promises, reader, page) else { continue }
            var told: [PromiseStep] = []
            if let at = miss.escalatedAt { told.append(PromiseStep(at: at, done: true, who: found.who)) }
            if let at = miss.toldClientAt { told.append(PromiseStep(at: at, done: true, who: report.clientName)) }
            misses.append(ReportMiss(
                ref: outcome.ref, subject: outcome.subject, severity: outcome.severity, promise: found.line, axis: found.axis, over: miss.overSeconds, told: told))
        }
        let files = issued.map { "/reports/issued/\($0.id)?" } ?? "/reports/file?client=\(client)&from=\(report.from.iso)&to=\(report.to.iso)&"
        return ReportView(
            client: report.clientName, clientID: client, from: report.from.iso, to: report.to.iso, fromDay: start(report.from), toDay: start(report.to),
            clients: clients.map { Choice(value: String($0.id), label: $0.name, isChosen: $0.id == client) },
            agreement: say("\(terms.name), version \(terms.version)"), severities: severities, misses: misses, missed: all.count,
            escalated: all.count { $0.1.escalatedAt != nil }, reopened: report.severities.reduce(0) { $0 + $1.reopened },
            files: ReportFile.Format.allCases.map { Choice(value: files + "format=\($0.rawValue)", label: $0.rawValue.uppercased()) },
            issued: issued.map { say("issued \(page.desk.full($0.issuedAt, now: page.now)) by \($0.issuedBy)") } ?? "")
    }

    /// The promise line of a miss, and who heard of it first. Readers of reports need not see tickets (I5): then the ticket's line is
    /// left out, and the figures stand alone.
    private func drawing(
        _ ref: String, _ miss: TicketOutcome.Miss, _ promises: inout Promises, _ reader: Reader, _ page: PageContext
    ) async throws -> (line: PromiseLineView, axis: Axis, who: String)? {
        let agreement = desk.currentAgreement()
        let ladder = agreement.terms.ladder(miss.clock)
        guard reader.allows(.read), let view = try? await desk.ticket(ref, for: reader.person) else {
            let reading = ClockReading(
                state: .stopped, outcome: .missed, targetSeconds: nil, startedAt: nil, due: miss.due, stoppedAt: nil, usedSeconds: 0,
                leftSeconds: -miss.overSeconds, dueSoon: false)
            let line = PromiseLineView(kind: miss.clock.promise, reading: reading, intervals: [])
            return (line, Axis(open: [], now: page.now, size: .small), EventSentence.list((ladder.first?.notify ?? []).map(\.words)))
        }
        var line = promises.line(miss.clock, view, events: [])
        // The report speaks of this miss, also where the clock was started anew since.
        line.reading.due = miss.due
        let calendar = view.agreement.calendar(ofSeverity: view.ticket.severity)
        let axis = Axis.ticket([line], now: page.now, words: page.desk, size: .small, open: calendar.stretches)
        return (line, axis, EventSentence.list((view.agreement.terms.ladder(miss.clock).first?.notify ?? []).map(\.words)))
    }

    /// Midnight of the desk's day, or its first instant where the clocks skip midnight.
    private func start(_ date: LocalDate) -> Instant {
        let zone = desk.zone(desk.currentAgreement().terms.provider.zone)
        return zone?.instants(of: date, secondOfDay: 0).first ?? zone?.instants(of: date, secondOfDay: 7200).first ?? Instant(Int64(date.days) * 86_400)
    }
}
