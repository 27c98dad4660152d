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
            var faults: [String: Phrase] = [:]
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
            if let name = call.query("client") { client = try await call.web.desk.client(name, for: call.person) }
            else if client == nil { faults["client"] = "This is required: a client's id or name." }
            guard faults.isEmpty, let from, let to else { throw Refusal.input(faults) }
            guard let client else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
            return .json(JSON(raw: try await call.desk.report(client: client, from: from, to: to, for: call.person).json))
        },
        Operation(method: .get, path: "/api/v1/issued-reports", id: "listIssuedReports", summary: "The reports that were issued, the newest period first; each is kept as it was issued.", clause: "I4", permission: [.readReports], schema: "IssuedReportList") { call in
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for issued in try await call.desk.issuedReports(for: call.person) {
                json.next()
                json.open()
                json.put("id", issued.id)
                json.put("client", issued.report.clientName)
                json.put("from", issued.report.from.iso)
                json.put("to", issued.report.to.iso)
                json.put("issuedAt", issued.issuedAt)
                json.put("issuedBy", issued.issuedBy)
                json.put("digest", issued.digest)
                json.close()
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: "/api/v1/issued-reports", id: "issueReport", summary: "Issues the report of a period that is over: it is kept as it is and its readers are told. One that was issued already is answered.", clause: "I4",
            permission: [.issueReports],
            body: [
                Field("client", .text(200, blank: false), required: true, "A client's id or name."), Field("from", .text(10, blank: false), required: true, "The first day, as 2026-03-01."),
                Field("to", .text(10, blank: false), required: true, "The last day, inclusive."),
            ], status: 201, schema: "Report"
        ) { call in
            guard let from = call.input.text("from").flatMap({ LocalDate(iso: $0) }), let to = call.input.text("to").flatMap({ LocalDate(iso: $0) }) else { throw Refusal.input("from", "Days as 2026-03-01.") }
            guard let client = try await call.web.desk.client(call.input.text("client") ?? "", for: call.person) else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
            return .json(JSON(raw: try await call.desk.issueReport(client: client, from: from, to: to, by: call.person).content))
        },
        Operation(method: .get, path: "/api/v1/issued-reports/{id}", id: "getIssuedReport", summary: "A report as it was issued; its figures follow from the log, as `abide verify` checks.", clause: "I4", permission: [.readReports], schema: "Report") { call in
            .json(JSON(raw: try await call.desk.issuedReport(Int64(call.number), for: call.person).content))
        },
    ]
}
