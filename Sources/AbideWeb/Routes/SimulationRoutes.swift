import AbideCore
import AbideDesk
import Hummingbird

/// Trying other terms on the desk's own history, for the agreement manager.
struct SimulationRoutes {
    let web: Web
    /// Tickets whose promise lines are drawn; the figures count all.
    private static let drawn = 40

    func add(to router: Router<AbideRequestContext>) {
        router.get("/agreement/simulation") { request, context -> Response in
            let reader = try await web.reader(request, context)
            try Desk.permitReplay(reader.person)
            let page = try await reader.page(web.desk.now(), current: "/agreement")
            return .html(Pages.simulation(text: try await web.desk.currentAgreementText(), faults: [], nil, page))
        }
        router.post("/agreement/simulation") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            try Desk.permitReplay(reader.person)
            let page = try await reader.page(web.desk.now(), current: "/agreement")
            let text = form["yaml"] ?? ""
            guard text.utf8.count <= 1_000_000 else { throw Refusal.input("yaml", "At most 1 MB; an agreement has some 10 KB.") }
            let (terms, faults) = AgreementFile.read(yaml: text, fileName: "agreement")
            guard let terms else {
                let lines = faults.map { say("Line \($0.line), column \($0.column): \($0.message)") }
                return .html(Pages.simulation(text: text, faults: lines, nil, page))
            }
            let replay = try await web.desk.replay(terms, keep: Self.drawn, for: reader.person)
            return .html(Pages.simulation(text: text, faults: [], view(replay, reader, page), page))
        }
    }

    private func view(_ replay: Replay, _ reader: Reader, _ page: PageContext) -> SimulationView {
        func line(_ name: String, _ row: Replay.Row) -> SimulationView.Line { .init(name: name, tickets: row.tickets, now: row.now, then: row.then) }
        let terms = replay.agreement.terms
        let when = web.desk.when(for: reader.person, replay.agreement)
        var promises = Promises(now: page.now)
        let shown = replay.differences.map { ticket in
            SimulationView.Ticket(
                ref: ticket.ref, subject: ticket.subject, client: ticket.client ?? "", severity: ticket.severity, href: reader.allows(.read) ? "/tickets/\(ticket.ref)" : "",
                clocks: ticket.clocks.map { clock in
                    func promise(_ side: Replay.Side, _ agreement: Agreement) -> PromiseLineView {
                        var line = PromiseLineView(kind: clock.name.promise, reading: side.reading, intervals: side.intervals)
                        line.reasons = promises.labels(agreement)
                        line.steps = side.clock.escalations.map { PromiseStep(at: $0.dueAt, done: true, who: EventSentence.list($0.notified.map(\.words))) }
                        return line
                    }
                    let lines = [promise(clock.now, ticket.pinned), promise(clock.then, replay.agreement)]
                    let calendars = [ticket.pinned.calendar(ofSeverity: ticket.severity), replay.agreement.calendar(ofSeverity: ticket.severity)]
                    // Where either is open, so that what one counts and the other doesn't can be seen.
                    let axis = Axis.ticket(lines, now: page.now, words: page.desk, size: .small) { from, to in
                        Axis.join(calendars.flatMap { $0.stretches(from, to) }.sorted { $0.from < $1.from })
                    }
                    return SimulationView.Clock(now: lines[0], then: lines[1], axis: axis, why: ReplaySentence.why(clock, when: when))
                }, coverage: ticket.coverage.map { ReplaySentence.why($0) } ?? "")
        }
        let severities = replay.severities.sorted { $0.key < $1.key }.map { line("\($0.key) \(terms.severity($0.key)?.name ?? "")", $0.value) }
        let clients = replay.sortedClients.map { line($0.name ?? say("No client yet"), $0.row) }
        let all = replay.total
        return SimulationView(
            name: terms.name, version: terms.version, tickets: all.tickets, differing: all.differing, severities: severities, clients: clients, all: line(say("All"), all), shown: shown)
    }
}
