import AbideCore
import AbideDesk
import Hummingbird

/// The service report of a client and a period (I1 to I3, I5): the current month unless another is asked for.
struct ReportRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/reports") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (asked, clients) = try await asked(reader, request)
            let now = web.desk.now()
            let page = try await reader.page(now, current: "/reports")
            let report = try await web.desk.report(client: asked.client.id, from: asked.from, to: asked.to, for: reader.person)
            var view = try await ReportViewing(desk: web.desk).view(report, client: asked.client.id, clients: clients, reader: reader, page: page)
            view.kept = try await kept(reader, page)
            view.mayIssue = reader.allows(.issueReports) && web.desk.deskZone.start(of: asked.to.next) <= now
            return .html(Pages.report(view, page))
        }
        router.get("/reports/file") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (asked, _) = try await asked(reader, request)
            let report = try await web.desk.report(client: asked.client.id, from: asked.from, to: asked.to, for: reader.person)
            return try await file(report, client: asked.client.id, issued: nil, reader, request)
        }
        router.get("/reports/issued/{id}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let issued = try await web.desk.issuedReport(Int64(context.part("id")) ?? 0, for: reader.person)
            if request.query("format") != nil { return try await file(issued.report, client: issued.client, issued: issued, reader, request) }
            let page = try await reader.page(web.desk.now(), current: "/reports", toast: request.query("done") == nil ? nil : say("The report is issued, and its readers are told."))
            var view = try await ReportViewing(desk: web.desk).view(issued.report, client: issued.client, clients: [], reader: reader, page: page, issued: issued)
            view.kept = try await kept(reader, page)
            return .html(Pages.report(view, page))
        }
        router.post("/reports/issued") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            guard let client = form.text("client").flatMap({ Int64($0) }), let from = form.text("from").flatMap({ LocalDate(iso: $0) }), let to = form.text("to").flatMap({ LocalDate(iso: $0) }) else {
                throw Refusal.input("from", "A client and two dates, as 2026-03-01.")
            }
            let issued = try await web.desk.issueReport(client: client, from: from, to: to, by: reader.person)
            return .seeOther("/reports/issued/\(issued.id)?done=issued")
        }
    }

    private func kept(_ reader: Reader, _ page: PageContext) async throws -> [Choice] {
        try await web.desk.issuedReports(for: reader.person).map { Choice(value: "/reports/issued/\($0.id)", label: say("\($0.report.clientName), \($0.report.from.iso) to \($0.report.to.iso)")) }
    }

    private func file(_ report: ServiceReport, client: Int64, issued: IssuedReport?, _ reader: Reader, _ request: Request) async throws -> Response {
        let name = "\(report.clientName) \(report.from.iso) to \(report.to.iso)"
        guard let format = ReportFile.Format(rawValue: request.query("format") ?? "csv") else { throw Refusal.input("format", "One of \(ReportFile.Format.allCases.map(\.rawValue).joined(separator: ", ")).") }
        let bytes = try await ReportFile.bytes(web.desk, report, client: client, issued: issued, format: format, reader)
        return AttachmentRoutes.download(name + "." + format.rawValue, type: format.type, bytes)
    }

    private struct Asked {
        var client: ClientRecord
        var from: LocalDate
        var to: LocalDate
    }

    private func asked(_ reader: Reader, _ request: Request) async throws -> (Asked, [ClientRecord]) {
        guard reader.allows(.readReports) else {
            throw Refusal.role(reader.person.role, may: "Primary contacts, stand-ins and those whom the client nominates read reports.", clause: "I5")
        }
        let clients = try await web.desk.clients(for: reader.person).sorted { $0.name < $1.name }
        let wanted = request.query("client")
        guard let client = wanted == nil ? clients.first : clients.first(where: { String($0.id) == wanted }) else {
            throw PlainError(404, wanted == nil ? "There is no client yet, so there is nothing to report." : "There is no such client, or it is not yours to see.")
        }
        let zone = web.desk.zone(web.desk.currentAgreement().terms.provider.zone)
        let today = zone?.local(web.desk.now()).date ?? LocalDate(days: Int(web.desk.now().seconds / 86_400))
        var faults: [String: Phrase] = [:]
        func day(_ name: String, _ otherwise: LocalDate) -> LocalDate {
            guard let text = request.query(name) else { return otherwise }
            guard let date = LocalDate(iso: text) else {
                faults[name] = "Write a date, as 2026-03-01."
                return otherwise
            }
            return date
        }
        let from = day("from", LocalDate(days: today.days - today.day + 1))
        let to = day("to", max(today, from))
        if faults.isEmpty, to < from { faults["to"] = "The last day lies before the first." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        return (Asked(client: client, from: from, to: to), clients)
    }
}
