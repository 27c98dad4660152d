package import AbideCore
import AbideStore
import Foundation

/// What the desk's history would have been under other terms (`abide agreement simulate`); nothing is written.
extension Desk {
    /// - Parameters:
    ///   - terms: the other agreement.
    ///   - client: only that client's tickets; nil: all.
    ///   - keep: of how many differing tickets the difference itself is told.
    /// - Throws: a refusal for whoever may not.
    package func replay(_ terms: AgreementTerms, client: Int64? = nil, keep: Int = 200, for person: Person) async throws -> Replay {
        try Self.permitReplay(person)
        return try await replay(terms, client: client, keep: keep)
    }

    package static func permitReplay(_ person: Person) throws(Refusal) {
        guard Permissions.allows(person.role, .tryTerms) else { throw .role(person.role, may: "The agreement manager, the service manager and management try other terms.", clause: "O1") }
    }

    /// The text of the version in force, as it was written.
    package func currentAgreementText() async throws -> String {
        let digest = currentAgreement().terms.digest
        return try await db.read { try $0.agreement(digest: digest)?.yaml } ?? AgreementFile.standardYAML
    }

    /// The same for the command line, where whoever holds the data may read it. Works on as many cores as there are.
    package func replay(_ terms: AgreementTerms, client: Int64? = nil, keep: Int = 200) async throws -> Replay {
        let other = try Agreement(terms) { try zones.rules($0) }
        let now = now()
        let names = try await people().clients.mapValues(\.name)
        let bounds = try await db.read { try $0.run("SELECT MIN(id), MAX(id) FROM ticket") }.first
        guard let low = bounds?.int64OrNil(0), let high = bounds?.int64OrNil(1) else { return Replay(agreement: other, until: now) }
        let lanes = Int64(max(1, ProcessInfo.processInfo.activeProcessorCount))
        let width = (high - low) / lanes + 1
        return try await withThrowingTaskGroup(of: (Int64, Replay).self) { group in
            for lane in 0..<lanes {
                let range = (low + lane * width)...(low + (lane + 1) * width - 1)
                group.addTask { (lane, try await self.replay(range, other, client: client, names, keep: keep, until: now)) }
            }
            var parts: [(Int64, Replay)] = []
            for try await part in group { parts.append(part) }
            var whole = Replay(agreement: other, until: now)
            for (_, part) in parts.sorted(by: { $0.0 < $1.0 }) { whole.join(part, keep: keep) }
            return whole
        }
    }

    /// The clocks of most tickets stand in their rows, folded from the log already; where the other terms would have had the log folded
    /// otherwise, it is.
    private func replay(_ range: ClosedRange<Int64>, _ other: Agreement, client: Int64?, _ names: [Int64: String], keep: Int, until end: Instant) async throws -> Replay {
        var replay = Replay(agreement: other, until: end)
        var from = range.lowerBound
        while from <= range.upperBound {
            let part = from...min(range.upperBound, from + 4999)
            replay = try await db.read { [replay] session in try self.add(part, to: replay, other, client: client, names, keep: keep, session) }
            from = part.upperBound + 1
        }
        return replay
    }

    private func add(_ range: ClosedRange<Int64>, to replay: Replay, _ other: Agreement, client: Int64?, _ names: [Int64: String], keep: Int, _ session: any Session) throws -> Replay {
        var replay = replay
        let bounds: [Value] = [.integer(range.lowerBound), .integer(range.upperBound)]
        let reopened = Set(try session.run("SELECT DISTINCT ticket FROM ticket_event WHERE ticket BETWEEN $1 AND $2 AND type = 'reopened'", bounds).map { $0.int64(0) })
        let rows = try session.run("SELECT id, ref, client, severity, urgency, subject, line FROM ticket WHERE id BETWEEN $1 AND $2 ORDER BY id", bounds)
        let decoder = JSONDecoder()
        let readsMore = other.terms.needsWholeTickets
        let directory = try directory.content(session, now: self.now())
        var decided: [Int64: (decision: CoverageDecision, byStaff: Bool)] = [:]
        for row in try session.run("SELECT ticket, fact, actor_kind FROM ticket_event WHERE ticket BETWEEN $1 AND $2 AND type = 'coverageDecided' ORDER BY ticket, number", bounds) {
            guard case .coverageDecided(let decision, _)? = try? decoder.decode(Fact.self, from: Data(row.text(1).utf8)) else { throw DeskFault.brokenRow("event of ticket \(row.int64(0))") }
            decided[row.int64(0)] = (decision, row.text(2) == Actor.Kind.staff.rawValue)
        }
        for row in rows where client == nil || row.int64OrNil(2) == client {
            guard let line = TicketLine(text: row.text(6)) else { throw DeskFault.brokenRow("ticket \(row.text(1))") }
            let pinned = try agreement(digest: line.agreement, session)
            let reopensOtherwise = reopened.contains(row.int64(0)) && pinned.terms.reopening != other.terms.reopening
            let beginsOtherwise = row.isNull(4) && pinned.terms.provisionalSeverity != other.terms.provisionalSeverity
            let decision = decided[row.int64(0)]
            // What a person has decided stands under any terms.
            let decidesOtherwise = decision?.byStaff != true && (pinned.terms.coverage != other.terms.coverage || pinned.terms.kinds != other.terms.kinds || pinned.terms.facts != other.terms.facts)
            var coverage = Replay.CoverageDifference(now: decision?.decision ?? .undecided, then: decision?.decision ?? .undecided, rule: nil)
            var severity = row.int(3)
            let now: Replay.History, then: Replay.History
            if reopensOtherwise || beginsOtherwise || decidesOtherwise || readsMore || pinned.terms.needsWholeTickets {
                let log = try session.events(of: row.int64(0)).map { try decoded($0, decoder).event }
                guard let asItIs = Ticket(id: row.int64(0), ref: row.text(1), events: log, agreement: pinned), let tried = Ticket(id: row.int64(0), ref: row.text(1), events: log, agreement: other) else {
                    throw DeskFault.brokenRow("ticket \(row.text(1))")
                }
                severity = tried.severity
                if decidesOtherwise, let client = row.int64OrNil(2).flatMap({ directory.clients[$0] }) {
                    let facts = tried.coverageFacts(entitlements: directory.entitlements(client, at: tried.registeredAt), other)
                    (coverage.then, coverage.rule) = Coverage.decide(other.terms.coverage, facts: facts)
                }
                now = asItIs.history(pinned)
                then = tried.history(other)
            } else {
                let lines = (response: ClockChangeCoding.read(line.response), resolution: ClockChangeCoding.read(line.resolution))
                now = Replay.History(changes: { $0 == .response ? lines.response : $0 == .resolution ? lines.resolution : [] }, holds: { _ in true })
                then = now
            }
            replay.add(
                id: row.int64(0), ref: row.text(1), subject: row.text(5), client: row.int64OrNil(2).flatMap { names[$0] }, severity: severity, pinned: pinned, now: now, then: then, coverage: coverage, keep: keep)
        }
        return replay
    }
}

extension Ticket {
    fileprivate func history(_ agreement: Agreement) -> Replay.History {
        let kind = agreement.terms.proposals(fields: fields).kind?.name ?? kind
        return Replay.History(changes: changes(of:), holds: { $0.when?.hold(severity: severity, department: department, kind: kind, coverage: coverage) ?? true })
    }
}

extension AgreementTerms {
    /// More than response and resolution in their rows decides what comes out: a promise of the next reply, or conditions of rungs.
    fileprivate var needsWholeTickets: Bool { clocks.contains(.nextReply) || (ladders.response + ladders.resolution).contains { $0.when != nil } }
}
