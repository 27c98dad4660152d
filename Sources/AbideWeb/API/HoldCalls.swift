import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    /// How long departments hold tickets: internal targets, for staff alone.
    static let holdCalls: [Operation] = [
        Operation(
            method: .get, path: "/api/v1/tickets/{ref}/holds", id: "listHolds", summary: "How long each department had the ticket, against the agreement's internal target.", permission: [.readInternal],
            schema: "HoldList"
        ) { call in
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for hold in try await call.desk.holds(call.ref, for: call.person) {
                json.next()
                json.open()
                json.put("department", hold.department)
                json.put("from", hold.from)
                json.put("to", hold.to)
                json.put("workingSeconds", hold.workingSeconds)
                json.put("targetSeconds", hold.targetSeconds)
                json.put("isOver", hold.isOver)
                json.close()
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .get, path: "/api/v1/department-report", id: "getDepartmentReport", summary: "How long departments held the tickets that were registered in a period.", permission: [.readReports],
            query: [
                Field("from", .text(10, blank: false), required: true, "The first day, as 2026-03-01, in the desk's zone."), Field("to", .text(10, blank: false), required: true, "The last day, inclusive."),
            ], schema: "DepartmentReport"
        ) { call in
            var faults: [String: Phrase] = [:]
            func day(_ name: String) -> LocalDate? {
                let day = call.query(name).flatMap { LocalDate(iso: $0) }
                if day == nil { faults[name] = "This is required: a day as 2026-03-01." }
                return day
            }
            guard let from = day("from"), let to = day("to") else {
                _ = day("to")
                throw Refusal.input(faults)
            }
            var json = JSON()
            json.open()
            json.put("from", from.iso)
            json.put("to", to.iso)
            json.key("departments")
            json.openList()
            for row in try await call.desk.departmentFigures(from: from, to: to, for: call.person) {
                json.next()
                json.open()
                json.put("department", row.department)
                json.put("holds", Int64(row.holds))
                json.put("over", Int64(row.over))
                json.put("workingSeconds", row.workingSeconds)
                json.put("longestSeconds", row.longestSeconds)
                json.close()
            }
            json.closeList()
            json.close()
            return .json(json)
        },
    ]
}
