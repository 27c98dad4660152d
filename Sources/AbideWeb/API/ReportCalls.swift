import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    static let reportCalls: [Operation] = [
        Operation(
            method: .get, path: "/api/v1/reports", id: "getReport", summary: "The service report of a client and a period, counted from the event log.", clause: "I1",
            permission: [.readReports],
            query: [
                Field("client", .text(200, blank: false), "A client's id or name; a contact's own where it isn't said."),
                Field("from", .text(10, blank: false), required: true, "The first day, as 2026-03-01, in the desk's zone."),
                Field("to", .text(10, blank: false), required: true, "The last day, inclusive."),
            ],
            schema: "Report"
        ) { call in
            var faults: [String: String] = [:]
            func day(_ name: String) -> LocalDate? {
                guard let text = call.query(name) else {
                    faults[name] = "This is required: a day as 2026-03-01."
                    return nil
                }
                guard let day = LocalDate(iso: text) else {
                    faults[name] = "A day as 2026-03-01."
                    return nil
                }
                return day
            }
            let (from, to) = (day("from"), day("to"))
            var client = call.person.client
            if let name = call.query("client") { client = try await call.web.client(name, for: call.person) }
            else if client == nil { faults["client"] = "This is required: a client's id or name." }
            guard faults.isEmpty, let from, let to else { throw Refusal.input(faults) }
            guard let client else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
            return .json(report(try await call.desk.report(client: client, from: from, to: to, for: call.person)))
        }
    ]

    static func report(_ report: ServiceReport) -> JSON {
        var json = JSON(capacity: 4096)
        json.open()
        json.put("client", report.clientName)
        json.put("from", report.from.iso)
        json.put("to", report.to.iso)
        json.put("events", Int64(report.events))
        json.key("severities")
        json.openList()
        for row in report.severities {
            json.next()
            json.open()
            json.put("severity", Int64(row.severity))
            json.put("name", row.name)
            json.put("target", row.target)
            let counts: [(StaticString, Int)] = [
                ("logged", row.logged), ("notYetLogged", row.notYetLogged), ("responded", row.responded), ("respondedInTime", row.respondedInTime), ("responseMissed", row.responseMissed),
                ("responseRunning", row.responseRunning), ("resolved", row.resolved), ("resolvedInTime", row.resolvedInTime), ("resolutionMissed", row.resolutionMissed),
                ("escalated", row.escalated), ("reopened", row.reopened),
            ]
            for (name, count) in counts { json.put(name, Int64(count)) }
            json.close()
        }
        json.closeList()
        json.key("tickets")
        json.openList()
        for outcome in report.outcomes {
            json.next()
            json.open()
            json.put("ref", outcome.ref)
            json.put("subject", outcome.subject)
            json.put("severity", Int64(outcome.severity))
            json.put("loggedAt", outcome.loggedAt)
            json.put("reopened", Int64(outcome.reopened))
            json.key("misses")
            json.openList()
            for miss in outcome.misses {
                json.next()
                json.open()
                json.put("clock", miss.clock.rawValue)
                json.put("due", miss.due)
                json.put("overSeconds", miss.overSeconds)
                json.put("escalatedAt", miss.escalatedAt)
                json.put("clientToldAt", miss.toldClientAt)
                json.close()
            }
            json.closeList()
            json.close()
        }
        json.closeList()
        json.close()
        return json
    }
}
