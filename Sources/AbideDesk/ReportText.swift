package import AbideCore
import Foundation

/// A report as data: the same figures that its page shows.
extension ServiceReport {
    private struct Row: Encodable {
        var severity: Int, name: String, target: String
        var logged: Int, notYetLogged: Int, responded: Int, respondedInTime: Int, responseMissed: Int, responseRunning: Int
        var resolved: Int, resolvedInTime: Int, resolutionMissed: Int, escalated: Int, reopened: Int
    }

    private struct Miss: Encodable {
        var ref: String, clock: String, due: String, overSeconds: Int64, escalatedAt: String?
    }

    private struct Whole: Encodable {
        var client: String, from: String, to: String, events: Int, severities: [Row], misses: [Miss]
    }

    private var rows: [Row] {
        severities.map {
            Row(
                severity: $0.severity, name: $0.name, target: $0.target, logged: $0.logged, notYetLogged: $0.notYetLogged, responded: $0.responded, respondedInTime: $0.respondedInTime,
                responseMissed: $0.responseMissed, responseRunning: $0.responseRunning, resolved: $0.resolved, resolvedInTime: $0.resolvedInTime, resolutionMissed: $0.resolutionMissed,
                escalated: $0.escalated, reopened: $0.reopened)
        }
    }

    package var json: String {
        let misses = outcomes.flatMap { outcome in
            outcome.misses.map { Miss(ref: outcome.ref, clock: $0.clock.rawValue, due: $0.due.rfc3339, overSeconds: $0.overSeconds, escalatedAt: $0.escalatedAt?.rfc3339) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let whole = Whole(client: clientName, from: from.iso, to: to.iso, events: events, severities: rows, misses: misses)
        return (try? encoder.encode(whole)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.
    package var csv: String {
        let head = ["severity", "name", "target", "logged", "notYetLogged", "responded", "respondedInTime", "responseMissed", "responseRunning", "resolved", "resolvedInTime", "resolutionMissed", "escalated", "reopened"]
        let lines = rows.map { row in
            [
                String(row.severity), row.name, row.target, String(row.logged), String(row.notYetLogged), String(row.responded), String(row.respondedInTime), String(row.responseMissed),
                String(row.responseRunning), String(row.resolved), String(row.resolvedInTime), String(row.resolutionMissed), String(row.escalated), String(row.reopened),
            ]
        }
        return ([head] + lines).map { $0.map(Self.cell).joined(separator: ",") }.joined(separator: "\r\n")
    }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
