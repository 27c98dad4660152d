package import AbideCore
import Foundation

/// A report as data: the same figures that its page shows, in the shape that the API gives.
extension ServiceReport {
    /// Keys and figures of a severity's row, in the order of the columns.
    private static let figures: [(key: String, words: String, value: any WritableKeyPath<SeverityFigures, Int> & Sendable)] = [
        ("logged", "logged", \.logged), ("notYetLogged", "not yet logged", \.notYetLogged), ("responded", "responded", \.responded), ("respondedInTime", "responded in time", \.respondedInTime),
        ("responseMissed", "response missed", \.responseMissed), ("responseRunning", "response running", \.responseRunning), ("resolved", "resolved", \.resolved),
        ("resolvedInTime", "resolved in time", \.resolvedInTime), ("resolutionMissed", "resolution missed", \.resolutionMissed), ("escalated", "escalated", \.escalated), ("reopened", "reopened", \.reopened),
    ]

    var object: [String: Any] {
        func orNull(_ instant: Instant?) -> Any { instant?.rfc3339 ?? NSNull() }
        return [
            "client": clientName, "from": from.iso, "to": to.iso, "events": events,
            "severities": severities.map { row in
                var object: [String: Any] = ["severity": row.severity, "name": row.name, "target": row.target]
                for figure in Self.figures { object[figure.key] = row[keyPath: figure.value] }
                return object
            },
            "tickets": outcomes.map { outcome in
                [
                    "ref": outcome.ref, "subject": outcome.subject, "severity": outcome.severity, "loggedAt": orNull(outcome.loggedAt), "reopened": outcome.reopened,
                    "misses": outcome.misses.map { miss in
                        [
                            "clock": miss.clock.rawValue, "due": miss.due.rfc3339, "overSeconds": miss.overSeconds, "escalatedAt": orNull(miss.escalatedAt), "clientToldAt": orNull(miss.toldClientAt),
                        ] as [String: Any]
                    },
                ] as [String: Any]
            },
        ]
    }

    package var json: String { Self.text(object) }

    static func text(_ object: [String: Any]) -> String {
        (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads what `object` wrote; nil for anything else.
    init?(object: [String: Any]) {
        func number(_ value: Any?) -> Int? { (value as? NSNumber)?.intValue }
        func instant(_ value: Any?) -> Instant? { (value as? String).flatMap { Instant(rfc3339: $0) } }
        guard let client = object["client"] as? String, let from = (object["from"] as? String).flatMap({ LocalDate(iso: $0) }), let to = (object["to"] as? String).flatMap({ LocalDate(iso: $0) }),
            let events = number(object["events"]), let rows = object["severities"] as? [[String: Any]], let tickets = object["tickets"] as? [[String: Any]]
        else { return nil }
        let severities = rows.map { row in
            var figures = SeverityFigures(severity: number(row["severity"]) ?? 0, name: row["name"] as? String ?? "", target: row["target"] as? String ?? "")
            for figure in Self.figures { figures[keyPath: figure.value] = number(row[figure.key]) ?? 0 }
            return figures
        }
        let outcomes = tickets.map { ticket in
            TicketOutcome(
                ref: ticket["ref"] as? String ?? "", subject: ticket["subject"] as? String ?? "", severity: number(ticket["severity"]) ?? 0, loggedAt: instant(ticket["loggedAt"]),
                misses: (ticket["misses"] as? [[String: Any]] ?? []).compactMap { miss in
                    guard let clock = (miss["clock"] as? String).flatMap({ ClockName(rawValue: $0) }), let due = instant(miss["due"]) else { return nil }
                    return TicketOutcome.Miss(
                        clock: clock, due: due, overSeconds: Int64(number(miss["overSeconds"]) ?? 0), escalatedAt: instant(miss["escalatedAt"]), toldClientAt: instant(miss["clientToldAt"]))
                }, responseUsedShare: nil, reopened: number(ticket["reopened"]) ?? 0)
        }
        self.init(clientName: client, from: from, to: to, severities: severities, outcomes: outcomes, events: events)
    }

    /// For spreadsheets (RFC 4180): a line for each severity, then one for each ticket's miss.
    package var csv: String {
        var lines = [
            ["client", clientName], ["from", from.iso], ["to", to.iso], ["events", "\(events)"], [], ["severity", "name", "response target"] + Self.figures.map(\.words),
        ]
        for row in severities { lines.append(["\(row.severity)", row.name, row.target] + Self.figures.map { "\(row[keyPath: $0.value])" }) }
        lines += [[], ["ticket", "subject", "severity", "logged", "clock missed", "due", "over, seconds", "escalated", "client told", "reopened"]]
        for outcome in outcomes {
            let start = [outcome.ref, outcome.subject, "\(outcome.severity)", outcome.loggedAt?.rfc3339 ?? ""]
            let misses = outcome.misses.map { miss in
                [miss.clock.rawValue, miss.due.rfc3339, "\(miss.overSeconds)", miss.escalatedAt?.rfc3339 ?? "", miss.toldClientAt?.rfc3339 ?? ""]
            }
            for miss in misses.isEmpty ? [["", "", "", "", ""]] : misses { lines.append(start + miss + ["\(outcome.reopened)"]) }
        }
        return lines.map { CSVText.line($0) + "\r\n" }.joined()
    }
}
