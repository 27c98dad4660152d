package import AbideCore
import AbideStore
import Foundation

/// A service report as it was given to the client: never counted again, only checked.
package struct IssuedReport: Sendable {
    package var id: Int64
    package var client: Int64
    package var issuedAt: Instant
    /// Who issued it; the desk itself at the beginning of a month.
    package var issuedBy: String
    /// SHA-256 of `content`.
    package var digest: String
    /// The JSON as it was issued.
    package var content: String
    package var report: ServiceReport
}

extension Desk {
    /// Issues the report of a period that is over: counted from all that was recorded before this second, kept, and the client's report
    /// readers are told. One that was issued stays; asking again answers with it.
    package func issueReport(client: Int64, from: LocalDate, to: LocalDate, by person: Person) async throws -> IssuedReport {
        guard Permissions.allows(person.role, .issueReports) else { throw Refusal.role(person.role, may: "The service manager and the agreement manager issue reports.", clause: "I4") }
        if to < from { throw Refusal.input("to", "This is before the first day.") }
        if deskZone.start(of: to.next) > now() { throw Refusal.input("to", "The period is not over yet; a report is issued when nothing more can happen in it.") }
        return try await issue(client: client, from: from, to: to, issuedBy: person.name)
    }

    func issue(client: Int64, from: LocalDate, to: LocalDate, issuedBy: String) async throws -> IssuedReport {
        let now = now()
        let stored = try await db.write { session in
            if let known = try session.report(client: client, from: from.iso, to: to.iso) { return known }
            let directory = try self.directory.content(session, now: now)
            guard let record = directory.clients[client] else { throw Refusal(.unknown, "There is no such client.") }
            var object = try self.count(session, client: client, name: record.name, from: from, to: to, recordedBefore: now, readAt: now).object
            object["zone"] = self.deskZoneName
            object["countedAt"] = now.rfc3339
            object["issuedAt"] = now.rfc3339
            object["agreement"] = self.currentAgreement().terms.digest
            let content = ServiceReport.text(object)
            var report = StoredReport(
                client: client, from: from.iso, to: to.iso, issuedAt: now, issuedBy: issuedBy, digest: Secrets.digest(Array(content.utf8)), content: content)
            guard let id = try session.insertReport(report) else { throw Refusal(.state, "This report was issued at the same moment. Read it again.") }
            report.id = id
            try self.tellOfReport(session, report, record.name, directory, at: now)
            return report
        }
        return try Self.issued(stored)
    }

    /// At the beginning of a month in the desk's zone, the month before of every client that was there in it (I4). Called again and again.
    /// - Returns: how many were issued.
    @discardableResult
    package func issueDueReports() async throws -> Int {
        let zone = deskZone
        let today = zone.local(now()).date
        let month = LocalDate(days: today.days - today.day + 1)
        let last = LocalDate(days: month.days - 1)
        let first = LocalDate(days: last.days - last.day + 1)
        let key = "reportsIssued"
        guard try await db.read({ try $0.meta(key) }) != month.iso else { return 0 }
        let end = zone.start(of: month)
        var count = 0
        for client in try await people().clients.values.sorted(by: { $0.id < $1.id }) where client.createdAt < end {
            if try await db.read({ try $0.report(client: client.id, from: first.iso, to: last.iso) }) != nil { continue }
            _ = try await issue(client: client.id, from: first, to: last, issuedBy: Actor.desk.name)
            count += 1
        }
        try await db.write { try $0.setMeta(key, month.iso) }
        return count
    }

    /// Those that the reader may see (I5), the newest period first.
    package func issuedReports(for person: Person) async throws -> [IssuedReport] {
        guard person.may(.readReports) else { throw Refusal.role(person.role, may: "Primary and stand-in contacts read reports, and whom they nominate.", clause: "I5") }
        let client = person.role.isStaff ? nil : person.client ?? 0
        return try await db.read { try $0.reports(client: client).map(Self.issued) }
    }

    package func issuedReport(_ id: Int64, for person: Person) async throws -> IssuedReport {
        guard person.may(.readReports) else { throw Refusal.role(person.role, may: "Primary and stand-in contacts read reports, and whom they nominate.", clause: "I5") }
        guard let stored = try await db.read({ try $0.report(id: id) }), person.role.isStaff || stored.client == person.client else {
            throw Refusal(.unknown, "There is no such report, or it is not yours to see.")
        }
        return try Self.issued(stored)
    }

    private static func issued(_ stored: StoredReport) throws -> IssuedReport {
        guard let report = Self.object(stored.content).flatMap(ServiceReport.init(object:)) else { throw DeskFault.brokenRow("report \(stored.id)") }
        return IssuedReport(
            id: stored.id, client: stored.client, issuedAt: stored.issuedAt, issuedBy: stored.issuedBy, digest: stored.digest, content: stored.content, report: report)
    }

    static func object(_ content: String) -> [String: Any]? { (try? JSONSerialization.jsonObject(with: Data(content.utf8))) as? [String: Any] }

    // MARK: Counting

    /// - Parameters:
    ///   - zone: whose days they are; nil: the desk's.
    ///   - recordedBefore: what was recorded at or after it is left out, so that the same figures can be counted again at any later time.
    ///   - readAt: running clocks are read at it.
    func count(
        _ session: any Session, client: Int64, name: String, from: LocalDate, to: LocalDate, zone named: String? = nil, recordedBefore end: Instant? = nil, readAt now: Instant
    ) throws -> ServiceReport {
        let zone = named.flatMap { self.zone($0) } ?? deskZone
        let (start, stop) = (zone.start(of: from), zone.start(of: to.next))
        let decoder = JSONDecoder()
        var logs: [(id: Int64, ref: String, events: [TicketEvent], agreement: Agreement)] = []
        try session.eachHistory(client: client, from: start, to: stop) { key, events in
            guard let first = events.first, first.occurredAt >= start, first.occurredAt < stop else { return }
            let log = try events.filter { event in end.map { event.recordedAt < $0 } ?? true }.map { try self.decoded($0, decoder).event }
            guard case .registered(_, let registered, _, _, let digest, _, _)? = log.first?.fact else { return }
            // Whose it was by then: a sender can be found out later.
            let owner = log.reduce(registered) { owner, event in if case .identified(_, let client) = event.fact { client } else { owner } }
            guard owner == client else { return }
            logs.append((key.id, key.ref, log, try self.agreement(digest: digest, session)))
        }
        return ServiceReport.count(clientName: name, from: from, to: to, logs: logs, now: now)
    }

    // MARK: Checking

    /// Counts a report again from the log.
    /// - Returns: the first figure that does not follow, in words; nil when all do.
    func fault(in content: String, client: Int64, _ session: any Session) throws -> String? {
        guard let object = Self.object(content), let report = ServiceReport(object: object), let counted = (object["countedAt"] as? String).flatMap({ Instant(rfc3339: $0) }) else {
            return "it is not a report as the desk issues them"
        }
        let again = try count(session, client: client, name: report.clientName, from: report.from, to: report.to, zone: object["zone"] as? String, recordedBefore: counted, readAt: counted)
        guard let difference = Self.difference(object, again.object, at: "") else { return nil }
        return "\(report.clientName), \(report.from.iso) to \(report.to.iso): \(difference)"
    }

    /// The first place where two JSON values differ; names and subjects can be changed or erased later and are no figures.
    private static func difference(_ issued: Any?, _ counted: Any, at path: String) -> String? {
        switch counted {
        case let object as [String: Any]:
            guard let other = issued as? [String: Any] else { return "\(path) is missing" }
            for key in object.keys.sorted() where !["client", "name", "subject", "target"].contains(key) {
                if let found = difference(other[key], object[key] ?? NSNull(), at: path.isEmpty ? key : "\(path).\(key)") { return found }
            }
            return nil
        case let list as [Any]:
            guard let other = issued as? [Any] else { return "\(path) is missing" }
            for (index, pair) in zip(other, list).enumerated() {
                let name = ((pair.1 as? [String: Any])?["ref"] as? String) ?? ((pair.1 as? [String: Any])?["severity"]).map { "severity \($0)" } ?? "\(index + 1)"
                if let found = difference(pair.0, pair.1, at: "\(path)[\(name)]") { return found }
            }
            return other.count == list.count ? nil : "\(path) has \(other.count) entries, the log gives \(list.count)"
        default:
            let (a, b) = (issued.map { "\($0)" } ?? "nothing", "\(counted)")
            return a == b ? nil : "\(path) is \(a == "<null>" ? "null" : a), the log gives \(b == "<null>" ? "null" : b)"
        }
    }

    /// Checks every issued report: that it is as it was kept, and that its figures follow from the log.
    func faultInReports(_ session: any Session) throws -> (count: Int, fault: String?) {
        let reports = try session.reports(limit: Int.max)
        for report in reports.reversed() {
            if Secrets.digest(Array(report.content.utf8)) != report.digest { return (reports.count, "report \(report.id), \(report.from) to \(report.to): it was altered since it was issued") }
            if let fault = try fault(in: report.content, client: report.client, session) { return (reports.count, "report \(report.id), \(fault)") }
        }
        return (reports.count, nil)
    }

    /// Checks a report that somebody holds as a file, whatever its way to them.
    /// - Returns: the first fault in words, in the report or in the chain under it.
    package func verifyReport(_ content: String) async throws -> String? {
        guard let object = Self.object(content), let name = object["client"] as? String else { throw Refusal.input("file", "This is not a report as the desk issues them, in JSON.") }
        let client = try await clientID(named: name)
        return try await db.read { session in
            if let fault = try session.verifyAll().first { return "ABD-\(fault.ticket): \(fault)" }
            return try self.fault(in: content, client: client, session)
        }
    }

    // MARK: Telling

    /// The client's report readers hear of it, each by a mail of their own.
    private func tellOfReport(_ session: any Session, _ report: StoredReport, _ name: String, _ directory: Directory.Content, at now: Instant) throws {
        let provider = currentAgreement().terms.provider
        let readers = directory.people.values.filter { $0.client == report.client && !$0.disabled && (Permissions.allows($0.role, .readReports) || $0.readsReports) && !$0.email.isEmpty }.sorted { $0.id < $1.id }
        for person in readers {
            let text = """
                The service report of \(name) for \(report.from) to \(report.to) is ready:

                \(settings.baseURL)/reports/issued/\(report.id)

                It is kept as it was issued.

                \(provider.name) Support
                """
            let id = keys.messageID(mailbox: provider.mailbox, ticket: 0, participant: person.id, serial: "report-\(report.id)")
            let mail = OutgoingMail(
                from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: person.email, name: person.name), replyTo: nil,
                subject: "Service report \(report.from) to \(report.to)", messageID: id, inReplyTo: nil, references: [], date: now, text: text, html: nil, autoSubmitted: "auto-generated",
                headers: ["X-Abide-Milestone": "report"])
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try session.insertOutbox(OutboxItem(
                ticket: nil, number: nil, milestone: "report", recipient: person.email, messageID: id, mail: String(decoding: try encoder.encode(mail), as: UTF8.self),
                state: settings.sendsMail ? .queued : .held, nextAt: now, createdAt: now))
        }
    }
}
