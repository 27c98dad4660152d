package import AbideCore
import Foundation

/// A replay as data and as lines of text; the shape is described in `docs/simulation.md`.
extension Replay {
    private struct Whole: Encodable {
        var agreement: Named, until: String, tickets: Int, differing: Int, now: FiguresText, then: FiguresText
        var severities: [SeverityText], clients: [ClientText], differences: [TicketText]
    }

    private struct Named: Encodable { var name: String, version: Int, digest: String }
    private struct SeverityText: Encodable { var severity: Int, name: String, tickets: Int, differing: Int, now: FiguresText, then: FiguresText }

    private struct ClientText: Encodable {
        var client: String?, tickets: Int, differing: Int, now: FiguresText, then: FiguresText
        enum CodingKeys: String, CodingKey { case client, tickets, differing, now, then }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // Also null stands there: tickets of senders whom nobody knows yet.
            try container.encode(client, forKey: .client)
            try container.encode(tickets, forKey: .tickets)
            try container.encode(differing, forKey: .differing)
            try container.encode(now, forKey: .now)
            try container.encode(then, forKey: .then)
        }
    }

    private struct FiguresText: Encodable {
        var responseMet: Int, responseMissed: Int, resolutionMet: Int, resolutionMissed: Int, nextReplyMet: Int, nextReplyMissed: Int, escalations: Int, paidApart: Int
        init(_ figures: Figures) {
            responseMet = figures.responseMet
            responseMissed = figures.responseMissed
            resolutionMet = figures.resolutionMet
            resolutionMissed = figures.resolutionMissed
            nextReplyMet = figures.nextReplyMet
            nextReplyMissed = figures.nextReplyMissed
            escalations = figures.escalations
            paidApart = figures.paidApart
        }
    }

    private struct TicketText: Encodable { var ref: String, subject: String, client: String?, severity: Int, clocks: [ClockDifferenceText], coverage: CoverageText? }
    private struct CoverageText: Encodable { var now: String, then: String, rule: String? }
    private struct ClockDifferenceText: Encodable { var clock: String, now: ClockText, then: ClockText, why: [String], intervals: [StretchText] }
    private struct MissText: Encodable { var due: String, overSeconds: Int64 }
    private struct EscalationText: Encodable { var rung: Int, dueAt: String, notified: [String] }

    private struct ClockText: Encodable {
        var state: String, outcome: String?, targetSeconds: Int64?, due: String?, usedSeconds: Int64, misses: [MissText], escalations: [EscalationText]
        init(_ clock: ReplayedClock) {
            state = clock.state.rawValue
            outcome = clock.outcome?.rawValue
            targetSeconds = clock.targetSeconds
            due = clock.due?.rfc3339
            usedSeconds = clock.usedSeconds
            misses = clock.misses.map { MissText(due: $0.due.rfc3339, overSeconds: $0.overSeconds) }
            escalations = clock.escalations.map { EscalationText(rung: $0.rung, dueAt: $0.dueAt.rfc3339, notified: $0.notified.map(\.rawValue)) }
        }
    }

    private struct StretchText: Encodable {
        var from: String, to: String, now: String?, then: String?, nowReason: String, thenReason: String
        init(_ stretch: ReplayedStretch) {
            from = stretch.from.rfc3339
            to = stretch.to.rfc3339
            now = stretch.now?.rawValue
            then = stretch.then?.rawValue
            nowReason = stretch.nowReason
            thenReason = stretch.thenReason
        }
    }

    /// One JSON object on one line.
    package func json(when: (Instant) -> String) throws -> String {
        let all = total
        let whole = Whole(
            agreement: Named(name: agreement.terms.name, version: agreement.terms.version, digest: agreement.terms.digest), until: until.rfc3339, tickets: all.tickets, differing: all.differing,
            now: FiguresText(all.now), then: FiguresText(all.then),
            severities: severities.sorted { $0.key < $1.key }.map { number, row in
                SeverityText(severity: number, name: agreement.terms.severity(number)?.name ?? "", tickets: row.tickets, differing: row.differing, now: FiguresText(row.now), then: FiguresText(row.then))
            },
            clients: sortedClients.map { ClientText(client: $0.name, tickets: $0.row.tickets, differing: $0.row.differing, now: FiguresText($0.row.now), then: FiguresText($0.row.then)) },
            differences: differences.map { ticket in
                TicketText(ref: ticket.ref, subject: ticket.subject, client: ticket.client, severity: ticket.severity, clocks: ticket.clocks.map { clock in
                    ClockDifferenceText(
                        clock: clock.name.rawValue, now: ClockText(clock.now.clock), then: ClockText(clock.then.clock), why: ReplaySentence.why(clock, when: when), intervals: clock.stretches.map(StretchText.init))
                }, coverage: ticket.coverage.map { CoverageText(now: $0.now.rawValue, then: $0.then.rawValue, rule: $0.rule) })
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(whole), as: UTF8.self)
    }

    package var sortedClients: [(name: String?, row: Row)] { clients.sorted { ($0.key == nil ? 1 : 0, $0.key ?? "") < ($1.key == nil ? 1 : 0, $1.key ?? "") }.map { ($0.key, $0.value) } }

    /// Lines for people: figures by severity and client, then each ticket that differs, with the reasons.
    package func lines(when: (Instant) -> String) -> [String] {
        let all = total
        var lines = ["\(agreement.terms.name), version \(agreement.terms.version), over \(all.tickets) tickets up to \(when(until)): \(all.differing) come out differently.", ""]
        // The widest change of a figure, and two spaces.
        let width = max(14, "\(all.tickets) -> \(all.tickets)".count + 2)
        func pad(_ text: String, _ width: Int) -> String { text.count >= width ? text : text + String(repeating: " ", count: width - text.count) }
        func change(_ now: Int, _ then: Int) -> String { pad(now == then ? "\(now)" : "\(now) -> \(then)", width) }
        func row(_ name: String, _ row: Row) -> String {
            pad(String(name.prefix(26)), 28) + pad("\(row.tickets)", 9) + change(row.now.responseMet, row.then.responseMet) + change(row.now.responseMissed, row.then.responseMissed)
                + change(row.now.resolutionMet, row.then.resolutionMet) + change(row.now.resolutionMissed, row.then.resolutionMissed) + change(row.now.escalations, row.then.escalations)
                + change(row.now.paidApart, row.then.paidApart)
        }
        lines.append(pad("", 28) + pad("tickets", 9) + ["answers met", "missed", "solutions met", "missed", "escalations"].map { pad($0, width) }.joined() + "paid apart")
        for (number, one) in severities.sorted(by: { $0.key < $1.key }) { lines.append(row("\(number) \(agreement.terms.severity(number)?.name ?? "")", one)) }
        for (name, one) in sortedClients { lines.append(row(name ?? "(no client)", one)) }
        lines.append(row("all", all))
        for ticket in differences {
            lines += ["", "\(ticket.ref)  \(ticket.subject)\(ticket.client.map { "  (\($0))" } ?? "")"]
            if let coverage = ticket.coverage { lines.append("  Coverage: \(ReplaySentence.why(coverage))") }
            for clock in ticket.clocks {
                lines.append("  \(clock.name.words): \(ReplaySentence.outcome(clock.now.clock)) -> \(ReplaySentence.outcome(clock.then.clock))")
                lines += ReplaySentence.why(clock, when: when).map { "    \($0)" }
            }
        }
        if differences.count < all.differing { lines += ["", "\(all.differing - differences.count) tickets more differ; --tickets says how many are listed."] }
        return lines
    }
}
