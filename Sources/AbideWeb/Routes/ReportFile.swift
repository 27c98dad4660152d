package import AbideCore
package import AbideDesk

/// A report as a file.
package enum ReportFile {
    package enum Format: String, CaseIterable, Sendable {
        case pdf, html, csv, json

        var type: String {
            switch self {
            case .pdf: "application/pdf"
            case .html: "text/html; charset=utf-8"
            case .csv: "text/csv"
            case .json: "application/json"
            }
        }
    }

    /// For the command line, where whoever holds the data may read it.
    /// - Parameter issue: issues it first; one that was issued already is given as it was.
    package static func bytes(_ desk: Desk, client: Int64, from: LocalDate, to: LocalDate, issue: Bool, format: Format) async throws -> [UInt8] {
        let administration = Person(
            id: 0, name: "the command line", email: "", role: .serviceManager, client: nil, zone: nil, phone: "", department: nil, seesColleagues: false)
        let reader = Reader(desk: desk, person: administration)
        guard issue else {
            return try await bytes(desk, try await desk.report(client: client, from: from, to: to, for: administration), client: client, issued: nil, format: format, reader)
        }
        let issued = try await desk.issueReport(client: client, from: from, to: to, by: administration)
        return try await bytes(desk, issued.report, client: client, issued: issued, format: format, reader)
    }

    static func bytes(_ desk: Desk, _ report: ServiceReport, client: Int64, issued: IssuedReport?, format: Format, _ reader: Reader) async throws -> [UInt8] {
        switch format {
        case .csv: return Array(report.csv.utf8)
        case .json: return Array((issued?.content ?? report.json).utf8)
        case .html, .pdf:
            // A file is read by others than who fetched it: times are the desk's.
            var page = try await reader.page(issued?.issuedAt ?? desk.now(), current: "/reports")
            page.words = page.desk
            var view = try await ReportViewing(desk: desk).view(report, client: client, clients: [], reader: reader, page: page, issued: issued)
            view.isLinked = false
            return format == .pdf ? ReportPaper.pdf(view, page) : ReportPaper.html(view, page).bytes
        }
    }
}
