package import AbideCore
import AbideDesk
import Hummingbird

/// The service report of a client and a period (I1 to I3, I5): the current month unless another is asked for.
struct ReportRoutes {
    let web: Web
    /// Misses that are drawn; the figures count all of them, the files name all.
    private static let drawn = 60

    func add(to router: Router<AbideRequestContext>) {
        router.get("/reports") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (asked, clients) = try await asked(reader, request)
            let now = web.desk.now()
            let page = try await reader.page(now, current: "/reports")
            let report = try await web.desk.report(client: asked.client.id, from: asked.from, to: asked.to, for: reader.person)
            return .html(Pages.report(try await view(report, asked, clients, reader, page), page))
        }
        router.get("/reports/file") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (asked, _) = try await asked(reader, request)
            let report = try await web.desk.report(client: asked.client.id, from: asked.from, to: asked.to, for: reader.person)
            let name = "\(report.clientName) \(asked.from.iso) to \(asked.to.iso)"
            switch request.query("format") ?? "csv" {
            case "csv": return AttachmentRoutes.download(name + ".csv", type: "text/csv", Array(ReportFile.csv(report).utf8))
            case "json": return AttachmentRoutes.download(name + ".json", type: "application/json", APITable.report(report).bytes)
            default: throw Refusal.input("format", "One of csv, json.")
            }
        }
    }

    private struct Asked {
        var client: ClientRecord
        var from: LocalDate
        var to: LocalDate
    }

    private func asked(_ reader: Reader, _ request: Request) async throws -> (Asked, [ClientRecord]) {
        guard reader.allows(.readReports) else {
            throw Refusal.role(reader.person.role, may: "Primary contacts, stand-ins and those whom the client nominates read reports.", clause: "I5")
        }
        let clients = try await web.desk.clients(for: reader.person).sorted { $0.name < $1.name }
        let wanted = request.query("client")
        guard let client = wanted == nil ? clients.first : clients.first(where: { String($0.id) == wanted }) else {
            throw PlainError(404, wanted == nil ? "There is no client yet, so there is nothing to report." : "There is no such client, or it is not yours to see.")
        }
        let zone = web.desk.zone(web.desk.currentAgreement().terms.provider.zone)
        let today = zone?.local(web.desk.now()).date ?? LocalDate(days: Int(web.desk.now().seconds / 86_400))
        var faults: [String: String] = [:]
        func day(_ name: String, _ otherwise: LocalDate) -> LocalDate {
            guard let text = request.query(name) else { return otherwise }
            guard let date = LocalDate(iso: text) else {
                faults[name] = "Write a date, as 2026-03-01."
                return otherwise
            }
            return date
        }
        let from = day("from", LocalDate(days: today.days - today.day + 1))
        let to = day("to", max(today, from))
        if faults.isEmpty, to < from { faults["to"] = "The last day lies before the first." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        return (Asked(client: client, from: from, to: to), clients)
    }

    private func view(_ report: ServiceReport, _ asked: Asked, _ clients: [ClientRecord], _ reader: Reader, _ page: PageContext) async throws -> ReportView {
        let terms = web.desk.currentAgreement().terms
        let severities = report.severities.map { figures in
            ReportSeverity(
                number: figures.severity, name: figures.name, target: figures.target,
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
        let query = "client=\(asked.client.id)&from=\(asked.from.iso)&to=\(asked.to.iso)"
        return ReportView(
            client: report.clientName, from: asked.from.iso, to: asked.to.iso, fromDay: start(asked.from), toDay: start(asked.to),
            clients: clients.map { Choice(value: String($0.id), label: $0.name, isChosen: $0.id == asked.client.id) },
            agreement: "\(terms.name), version \(terms.version)", severities: severities, misses: misses, missed: all.count,
            escalated: all.count { $0.1.escalatedAt != nil }, reopened: report.severities.reduce(0) { $0 + $1.reopened },
            files: [Choice(value: "/reports/file?\(query)&format=csv", label: "CSV"), Choice(value: "/reports/file?\(query)&format=json", label: "JSON")])
    }

    /// The promise line of a miss, and who heard of it first. Readers of reports need not see tickets (I5): then the ticket's line is
    /// left out, and the figures stand alone.
    private func drawing(
        _ ref: String, _ miss: TicketOutcome.Miss, _ promises: inout Promises, _ reader: Reader, _ page: PageContext
    ) async throws -> (line: PromiseLineView, axis: Axis, who: String)? {
        let agreement = web.desk.currentAgreement()
        let ladder = agreement.terms.ladder(miss.clock)
        guard reader.allows(.read), let view = try? await web.desk.ticket(ref, for: reader.person) else {
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
        let zone = web.desk.zone(web.desk.currentAgreement().terms.provider.zone)
        return zone?.instants(of: date, secondOfDay: 0).first ?? zone?.instants(of: date, secondOfDay: 7200).first ?? Instant(Int64(date.days) * 86_400)
    }
}

/// The report as a file for spreadsheets (RFC 4180): a line for each severity, then one for each ticket's miss.
package enum ReportFile {
    package static func csv(_ report: ServiceReport) -> String {
        var lines = [
            ["client", report.clientName], ["from", report.from.iso], ["to", report.to.iso], ["events", "\(report.events)"], [],
            ["severity", "name", "response target", "logged", "not yet logged", "responded", "responded in time", "response missed", "response running",
             "resolved", "resolved in time", "resolution missed", "escalated", "reopened"],
        ]
        for row in report.severities {
            let counts = [
                row.logged, row.notYetLogged, row.responded, row.respondedInTime, row.responseMissed, row.responseRunning, row.resolved, row.resolvedInTime,
                row.resolutionMissed, row.escalated, row.reopened,
            ]
            lines.append(["\(row.severity)", row.name, row.target] + counts.map(String.init))
        }
        lines += [[], ["ticket", "subject", "severity", "logged", "clock missed", "due", "over, seconds", "escalated", "client told", "reopened"]]
        for outcome in report.outcomes {
            let start = [outcome.ref, outcome.subject, "\(outcome.severity)", outcome.loggedAt?.rfc3339 ?? ""]
            let misses = outcome.misses.map { miss in
                [miss.clock.rawValue, miss.due.rfc3339, "\(miss.overSeconds)", miss.escalatedAt?.rfc3339 ?? "", miss.toldClientAt?.rfc3339 ?? ""]
            }
            for miss in misses.isEmpty ? [["", "", "", "", ""]] : misses { lines.append(start + miss + ["\(outcome.reopened)"]) }
        }
        return lines.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// What a spreadsheet would take for a formula is marked as text: subjects come from outside.
    private static func cell(_ text: String) -> String {
        let safe = text.first.map { "=+-@\t\r".contains($0) && Int64(text) == nil } ?? false ? "'" + text : text
        guard safe.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
