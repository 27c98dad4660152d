import AbideCore
import AbideDesk
import AbideStore
import AbideTestKit

/// What must hold, watched after everything that happens.
extension Simulation {
    /// Reads what was added to the log, checks that what happened by itself was due, and that all that was due has happened.
    func watch() async throws {
        guard let desk else { return }
        // Nothing was recorded before the lowest reading of the clock since this looked last.
        let since = lowestNow
        lowestNow = now
        let rows = try await store.read { try $0.run("SELECT id, head, contact FROM ticket WHERE updated_at >= $1 ORDER BY id", [.integer(since)]) }
        for row in rows where heads[row.int64(0)] != row.int(1) {
            let id = row.int64(0)
            if heads[id] == nil { try await meet(id, contact: row.int64OrNil(2)) }
            try await readOn(id)
            heads[id] = row.int(1)
            try compare(try await desk.ticket("ABD-\(id)", for: manager))
        }
        try owesNothing()
    }

    /// All that was due by now has happened.
    func owesNothing() throws {
        let holds = awaySeconds > Int64(plans[newAgreementIsIn ? 1 : 0].agreement.graceHours) * 3600 && now - upSince < Int64(plans[newAgreementIsIn ? 1 : 0].agreement.graceHours) * 3600
        for (id, all) in obligations {
            for one in all where one.at <= now && !(one.type == "closingListed" && holds) {
                throw Violation(law: "no missed promise without its escalation in one tick", detail: "ABD-\(id) owes \(one) since \(Instant(one.at).rfc3339); it is \(Instant(now).rfc3339)")
            }
        }
    }

    private func meet(_ id: Int64, contact: Int64?) async throws {
        let first = try await store.read { try $0.run("SELECT number, type, occurred_at, recorded_at, actor_kind, fact FROM ticket_event WHERE ticket = $1 AND number = 1", [.integer(id)]) }
        let digest = try first.first.map(PlainTicket.event)?.text("agreement") ?? ""
        guard let plan = digests[digest] else { throw Violation(law: "a ticket stays with the version under which it was logged", detail: "ABD-\(id) names \(digest)") }
        plain[id] = PlainTicket(id: id, plan: plan)
        contactOf[id] = contacts.first { $0.id == contact }
        stepsLeft[id] = 4 + dice.below(16)
        agenda.put(.step(ticket: id), at: now + dice.within(60...20_000))
    }

    private func readOn(_ id: Int64) async throws {
        guard var ticket = plain[id] else { return }
        let known = heads[id] ?? 0
        let rows = try await store.read {
            try $0.run("SELECT number, type, occurred_at, recorded_at, actor_kind, fact FROM ticket_event WHERE ticket = $1 AND number > $2 ORDER BY number", [.integer(id), Value(known)])
        }
        var owed = obligations[id]
        for row in rows {
            let event = try PlainTicket.event(row)
            outcome.events += 1
            if ["targetMissed", "escalated", "closingListed"].contains(event.type) {
                outcome.escalations += event.type == "escalated" ? 1 : 0
                let open = owed ?? ticket.obligations()
                let due = event.type == "closingListed" ? event.occurred : event.seconds("dueAt") ?? 0
                let clock = event.text("clock") ?? "", cycle = event.int("cycle") ?? 0, rung = event.int("rung") ?? 0
                let index = open.firstIndex { $0.type == event.type && $0.clock == clock && $0.cycle == cycle && $0.rung == rung && $0.due == due && $0.at <= event.recorded }
                let isKnown = event.type == "closingListed" || ticket.clock(response: clock == "response").knowsAll
                if index == nil, isKnown {
                    let isSecond = ticket.events.contains { $0.type == event.type && $0.text("clock") == clock && $0.int("rung") == event.int("rung") && $0.int("cycle") == cycle }
                    throw Violation(
                        law: isSecond ? "no rung twice" : "due instant met exactly", detail: "ABD-\(id) event \(event.number) \(event.type) \(clock) rung \(rung) cycle \(cycle) due \(Instant(due).rfc3339) recorded \(Instant(event.recorded).rfc3339); owed was \(open)\(ticket.story)")
                }
                if event.occurred != due { throw Violation(law: "due instant met exactly", detail: "ABD-\(id) event \(event.number) occurred \(event.occurred), due \(due)") }
                ticket.append(event)
                var left = open
                if let index { left.remove(at: index) }
                owed = left
            } else {
                ticket.append(event)
                owed = nil
            }
        }
        plain[id] = ticket
        let all = ticket.obligations()
        obligations[id] = all.isEmpty ? nil : all
        // Each is looked for at its own second, whatever the desk's own timers say.
        for at in Set(all.map(\.at)).sorted().prefix(4) where ticks.insert(at).inserted { agenda.put(.tick, at: at) }
    }

    /// The desk's reading of both clocks against the plain one, and its own intervals against its own sum.
    func compare(_ view: TicketView) throws {
        guard let ticket = plain[view.ticket.id] else { return }
        let now = view.now.seconds
        for name in [ClockName.response, .resolution] {
            let reading = view.reading(name)
            let plain = ticket.clock(response: name == .response)
            func differs(_ what: String, _ a: Any?, _ b: Any?) -> Violation {
                Violation(law: "due instant met exactly", detail: "\(view.ticket.ref) \(name.rawValue) at \(Instant(now).rfc3339): the desk's \(what) is \(a ?? "none"), counted plainly it is \(b ?? "none")\(ticket.story)\(trace ? "\n    \(ticket.plan.agreement)" : "")")
            }
            outcome.comparisons += 1
            guard reading.state.rawValue == plain.state.rawValue else { throw differs("state", reading.state.rawValue, plain.state.rawValue) }
            guard reading.usedSeconds == plain.shownUsed(now) else { throw differs("used time", reading.usedSeconds, plain.shownUsed(now)) }
            let intervals = view.intervals(name)
            guard intervals.reduce(0, { $0 + $1.seconds }) == reading.usedSeconds else {
                throw Violation(law: "elapsed time additive", detail: "\(view.ticket.ref) \(name.rawValue): the intervals sum to \(intervals.reduce(0) { $0 + $1.seconds }), the figure is \(reading.usedSeconds)")
            }
            for (one, next) in zip(intervals, intervals.dropFirst()) where one.to != next.from {
                throw Violation(law: "elapsed time additive", detail: "\(view.ticket.ref) \(name.rawValue): a gap between \(one.to.rfc3339) and \(next.from.rfc3339)")
            }
            guard plain.knowsAll else { continue }
            guard reading.targetSeconds == plain.budget else { throw differs("target", reading.targetSeconds, plain.budget) }
            let due = plain.shownDue
            // Behind the months that were looked up the plain clock has no opinion.
            if due != nil || reading.due.map({ $0.seconds < end + 60 * 86_400 }) ?? false, reading.due?.seconds != due { throw differs("deadline", reading.due?.rfc3339, due.map { Instant($0).rfc3339 }) }
            let missed = plain.isMissed(now)
            guard (reading.outcome == .missed) == missed else { throw differs("outcome", reading.outcome?.rawValue, missed ? "missed" : "not missed") }
            guard (reading.outcome == .met) == (!missed && plain.state == .stopped && plain.budget != nil && plain.isGiven) else { throw differs("outcome", reading.outcome?.rawValue, "not so") }
        }
    }

    // MARK: At the end

    /// Lets what is under way arrive, then looks at everything.
    func settle() async throws {
        isRelayUp = true
        clock.set(max(Instant(end), clock.now))
        if desk == nil { try await open() }
        database = MortalDatabase(store)
        try await open()
        guard let desk else { return }
        while try await desk.registerMail(read: readMail) > 0 {}
        for _ in 0..<40 {
            while try await desk.tick() > 0 {}
            try await sendAll(desk)
            clock.advance(3600)
        }
        try await watch()
        for id in plain.keys.sorted() { try compare(try await desk.ticket("ABD-\(id)", for: manager)) }
        try await compareReports()
        try await replay()
        let check = try await desk.verify()
        if let fault = check.fault { throw Violation(law: "fold(events) = projections", detail: fault) }
        try await checkMails()
        outcome.tickets = plain.count
        outcome.digest = try await digest()
    }

    func compareReports() async throws {
        guard let desk else { return }
        let zone = desk.deskZone
        let from = zone.local(Instant(begin)).date, to = zone.local(Instant(now)).date
        for client in try await desk.clients(for: manager) {
            let report = try await desk.report(client: client.id, from: from, to: to, for: manager)
            let mine = plain.values.filter { ticket in contactOf[ticket.id]?.client == client.id }
            do { try PlainReport(mine, from: zone.start(of: from).seconds, to: zone.start(of: to.next).seconds, now: now).compare(report) } catch var violation as Violation {
                for ticket in mine where violation.detail.contains("ABD-\(ticket.id) ") { violation.detail += "\n  ABD-\(ticket.id) read at \(Instant(now).rfc3339)\(ticket.story)" }
                throw violation
            }
            outcome.comparisons += 1
        }
    }

    /// The history under the terms that it had comes out as it did; what it counts is what the reports count.
    private func replay() async throws {
        guard let desk else { return }
        let terms = desk.currentAgreement().terms
        let replay = try await desk.replay(terms, keep: 1000)
        if let one = replay.differences.first(where: { $0.pinned.terms.digest == terms.digest }) {
            throw Violation(law: "a replay under the same terms changes nothing", detail: "\(one.ref): \(one.clocks.map { "\($0.now.clock) then \($0.then.clock)" })")
        }
        let zone = desk.deskZone
        var missed = 0
        for client in try await desk.clients(for: manager) {
            let report = try await desk.report(client: client.id, from: zone.local(Instant(begin)).date, to: zone.local(Instant(now)).date, for: manager)
            missed += report.severities.reduce(0) { $0 + $1.responseMissed + $1.resolutionMissed }
        }
        let mine = replay.total.now.responseMissed + replay.total.now.resolutionMissed
        if mine != missed { throw Violation(law: "replay = report", detail: "the replay counts \(mine) misses, the reports \(missed)") }
    }

    private func checkMails() async throws {
        let (rows, bodies) = try await store.read { session in
            (try session.run("SELECT ticket, milestone, recipient, message_id, state, created_at FROM outbox ORDER BY id"), try session.run("SELECT ticket, body FROM message ORDER BY id"))
        }
        outcome.mails = rows.count
        var notices: [String: Int] = [:]
        for row in rows {
            if row.text(4) == "queued" { throw Violation(law: "what is committed is sent", detail: "\(row.text(1)) to \(row.text(2)) is still queued") }
            let reached = mailboxes[row.text(2), default: []].contains { $0.messageID == row.text(3) }
            if row.text(4) == "sent", !reached { throw Violation(law: "what is committed is sent", detail: "\(row.text(1)) to \(row.text(2)) says sent and never arrived") }
            if row.text(1) == "escalated" { notices["ABD-\(row.int64(0)) to \(row.text(2)) at \(row.int64(5))", default: 0] += 1 }
        }
        if let twice = notices.first(where: { $0.value > 1 }) { throw Violation(law: "one notice lists all rungs", detail: "\(twice.value) notices for \(twice.key)") }
        if deliveredTwice.count > outcome.deaths { throw Violation(law: "a mail leaves once, unless the process died as it left", detail: "\(deliveredTwice.count) left twice in \(outcome.deaths) deaths") }
        for ticket in plain.values {
            for event in ticket.events where event.type == "escalated" && event.flag("tellClient") {
                let told = rows.contains { $0.int64(0) == ticket.id && $0.text(1) == "escalated" && $0.text(2) == contactOf[ticket.id]?.email && $0.int64(5) == event.recorded }
                if !told { throw Violation(law: "the client is told of each escalation", detail: "ABD-\(ticket.id), event \(event.number)") }
            }
        }
        // Nothing is dropped, and nothing stands twice (A1, R11).
        var said: [String: Int] = [:]
        for body in bodies {
            for line in body.text(1).split(separator: "\n") where line.hasPrefix("mark-") { said[String(line), default: 0] += 1 }
        }
        for mail in mails where mail.accepted {
            guard let mark = mail.mark else { continue }
            let found = said[mark] ?? 0
            if found != 1 { throw Violation(law: "a mail is registered once", detail: "\(mark) from \(mail.from.email) stands \(found) times") }
        }
    }

    private func digest() async throws -> String {
        try await store.read { session in
            var bytes: [UInt8] = []
            let queries = [
                "SELECT ticket, number, type, occurred_at, recorded_at, actor_kind, actor, actor_name, fact FROM ticket_event ORDER BY ticket, number",
                "SELECT ticket, number, key, text FROM ticket_text ORDER BY ticket, number, key",
                "SELECT ticket, number, milestone, recipient, message_id, state, attempts, created_at, sent_at FROM outbox ORDER BY id",
                "SELECT received_at, envelope_from, state, ticket FROM mail_in ORDER BY id",
                "SELECT id, status, severity, due, group_rank, line, updated_at FROM ticket ORDER BY id",
            ]
            for query in queries {
                for row in try session.run(query) {
                    for value in row.values {
                        switch value {
                        case .text(let text): bytes.append(contentsOf: text.utf8)
                        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
                        default: break
                        }
                        bytes.append(0x1F)
                    }
                    bytes.append(0x0A)
                }
            }
            return Secrets.digest(bytes)
        }
    }
}
