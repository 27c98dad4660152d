import AbideCore

/// The service report counted a second time, from the raw log and the plain clocks alone.
struct PlainReport {
    struct Figures: Equatable {
        var logged = 0, notYetLogged = 0, responded = 0, respondedInTime = 0, responseMissed = 0, responseRunning = 0
        var resolved = 0, resolvedInTime = 0, resolutionMissed = 0, escalated = 0, reopened = 0
    }

    var bySeverity: [Int: Figures] = [:]
    /// `ABD-1001 response due over escalated told`
    var misses: [String] = []

    init(_ tickets: [PlainTicket], from: Int64, to: Int64, now: Int64) {
        for ticket in tickets {
            guard let registered = ticket.events.first?.occurred, registered >= from, registered < to else { continue }
            var row = bySeverity[ticket.severity] ?? Figures()
            row.logged += 1
            if ticket.logged == nil { row.notYetLogged += 1 }
            row.reopened += ticket.reopened
            for name in ["response", "resolution"] {
                let clock = ticket.clock(response: name == "response")
                let stops = clock.stops.filter(\.isAnswer)
                let missed = clock.allMisses(now)
                if name == "response" {
                    row.responded += ticket.events.count { $0.type == "responded" }
                    row.respondedInTime += stops.count { $0.hadTarget && !$0.missed }
                    row.responseMissed += missed.count
                    if clock.state == .running || clock.state == .suspended { row.responseRunning += 1 }
                } else {
                    row.resolved += ticket.events.count { $0.type == "resolved" }
                    row.resolvedInTime += stops.count { $0.hadTarget && !$0.missed }
                    row.resolutionMissed += missed.count
                }
                for miss in missed {
                    let first = ticket.events.filter { $0.type == "escalated" && $0.text("clock") == name && $0.int("cycle") == miss.cycle }.min { ($0.occurred, $0.number) < ($1.occurred, $1.number) }
                    if first != nil { row.escalated += 1 }
                    misses.append("ABD-\(ticket.id) \(name) \(miss.due) \(miss.over) \(first?.occurred ?? 0) \(first.flatMap { $0.flag("tellClient") ? $0.recorded : nil } ?? 0)")
                }
            }
            bySeverity[ticket.severity] = row
        }
        misses.sort()
    }

    func compare(_ report: ServiceReport) throws {
        for row in report.severities {
            let theirs = Figures(
                logged: row.logged, notYetLogged: row.notYetLogged, responded: row.responded, respondedInTime: row.respondedInTime, responseMissed: row.responseMissed, responseRunning: row.responseRunning,
                resolved: row.resolved, resolvedInTime: row.resolvedInTime, resolutionMissed: row.resolutionMissed, escalated: row.escalated, reopened: row.reopened)
            let own = bySeverity[row.severity] ?? Figures()
            guard theirs == own else { throw Violation(law: "report = independent recount", detail: "\(report.clientName), severity \(row.severity): the report has \(theirs), counted again it is \(own)") }
        }
        guard report.severities.count == bySeverity.count else { throw Violation(law: "report = independent recount", detail: "\(report.clientName): \(report.severities.count) severities, \(bySeverity.count) counted again") }
        let theirs = report.outcomes.flatMap { outcome in
            outcome.misses.map { "\(outcome.ref) \($0.clock.rawValue) \($0.due.seconds) \($0.overSeconds) \($0.escalatedAt?.seconds ?? 0) \($0.toldClientAt?.seconds ?? 0)" }
        }.sorted()
        guard theirs == misses else {
            let only = Set(theirs).symmetricDifference(misses).sorted()
            throw Violation(law: "report = independent recount", detail: "\(report.clientName): misses differ in \(only.prefix(4))")
        }
    }
}
