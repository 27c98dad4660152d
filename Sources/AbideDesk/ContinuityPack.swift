package import AbideCore
import AbideStore
import Foundation

/// What the desk's people need when the desk is not there (J3): plain files that open anywhere, and need nothing.
package struct ContinuityPack: Sendable {
    /// By name of the file.
    package var files: [String: String]
    /// The page, which also travels by mail.
    package var page: String
    package var text: String
    /// The same for packs with the same content, whenever they were made.
    package var digest: String
    package var madeAt: Instant

    package static let pageName = "continuity.html"

    /// Writes the files, each under its name only when it is whole.
    package func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, text) in files {
            let part = "\(folder)/.\(name).part"
            guard FileManager.default.createFile(atPath: part, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else { throw CocoaError(.fileWriteUnknown) }
            guard rename(part, "\(folder)/\(name)") == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }
}

extension Desk {
    /// The pack as of now.
    /// - Parameter within: after so long no more tickets are read: a stop must not be held up. What is due first is read first.
    package func continuityPack(within limit: Swift.Duration = .seconds(60)) async throws -> ContinuityPack {
        let now = now()
        let start = ContinuousClock.now
        let directory = try await people()
        var lines: [ContinuityLine] = []
        var cursor: String?
        repeat {
            let from = cursor
            let (part, next) = try await db.read { session -> ([ContinuityLine], String?) in
                let page = try session.tickets(TicketFilter(open: true), sort: .due, limit: 200, cursor: from)
                let lines = try page.items.compactMap { key -> ContinuityLine? in
                    guard let record = try session.ticket(id: key.id) else { return nil }
                    let ticket = try self.cache.ticket(record, committed: false)
                    return ContinuityLine(try self.view(ticket, directory, now: now))
                }
                return (lines, page.next)
            }
            lines += part
            cursor = next
        } while cursor != nil && lines.count < 20_000 && start.duration(to: .now) < limit
        return pack(lines, isWhole: cursor == nil, directory, at: now)
    }

    private func pack(_ lines: [ContinuityLine], isWhole: Bool, _ directory: Directory.Content, at now: Instant) -> ContinuityPack {
        let agreement = currentAgreement()
        let words = TimeWords(place: agreement.terms.provider.place) { [zone = deskZone] in Int64(zone.offset(at: $0)) }
        let escape = NoticeWriter.escape
        func time(_ instant: Instant?) -> String { instant.map { words.stamp($0, now: now) } ?? "" }

        var tickets = [CSVText.line(["ref", "status", "severity", "client", "contact", "phone", "email", "subject", "site", "assignee", "answerDue", "solutionDue", "suspended", "lastFromClient"])]
        var rows = ""
        for line in lines {
            tickets.append(CSVText.line([
                line.ref, line.status, line.severity, line.client, line.contact, line.phone, line.email, line.subject, line.site, line.assignee, line.responseDue?.rfc3339 ?? "",
                line.resolutionDue?.rfc3339 ?? "", line.suspended, line.lastFromClient?.rfc3339 ?? "",
            ]))
            let late = [line.responseDue, line.resolutionDue].compactMap { $0 }.contains { $0 < now }
            rows += """
                <tr\(late ? " class=\"late\"" : "")><td>\(escape(line.ref))<td>\(escape(line.severity))<td>\(escape(time(line.responseDue)))<td>\(escape(time(line.resolutionDue)))<td>\(escape(line.subject))\
                <br><small>\(escape([line.site, line.suspended.isEmpty ? "" : "suspended: " + line.suspended].filter { !$0.isEmpty }.joined(separator: " · ")))</small>\
                <td>\(escape(line.client))<br>\(escape(line.contact))<br>\(escape(line.phone))<br>\(escape(line.email))<td>\(escape(line.assignee))

                """
        }
        var contacts = [CSVText.line(["name", "role", "client", "department", "phone", "email"])]
        var people = ""
        let known = directory.people.values.filter { !$0.disabled }.sorted { ($0.role.isStaff ? 0 : 1, directory.clients[$0.client ?? 0]?.name ?? "", $0.name) < ($1.role.isStaff ? 0 : 1, directory.clients[$1.client ?? 0]?.name ?? "", $1.name) }
        for person in known {
            let client = person.client.flatMap { directory.clients[$0]?.name } ?? agreement.terms.provider.name
            contacts.append(CSVText.line([person.name, person.role.rawValue, client, person.department ?? "", person.phone ?? "", person.email]))
            people += "<tr><td>\(escape(person.name))<td>\(escape(person.role.rawValue))<td>\(escape(client))<td>\(escape(person.phone ?? ""))<td>\(escape(person.email))\n"
        }
        let targets = agreement.terms.severities.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
        let help = """
            Answer callers by telephone and e-mail from this list, what is due first comes first. Note each thing you do as a line of log.csv, with its true time: \
            act (logged, answered, noted, suspended, resumed, resolved, closed), ref, at (as 2026-03-10 14:05 in \(words.place), or with Z in UTC), by (your e-mail address), and the words. \
            For a new call leave ref empty or give it a mark of your own (N1), and fill in contact, subject, urgency (\(targets)) and what the caller says. \
            When the desk is back: abide continuity import log.csv
            """
        let css = "body{font:15px/1.4 sans-serif;margin:1.5rem;color:#111;background:#fff}table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-top:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}.late td:nth-child(3),.late td:nth-child(4){font-weight:bold}small{color:#444}@media print{body{margin:0;font-size:10pt}}"
        let provider = agreement.terms.provider
        let content = """
            <h2>How to go on by hand</h2><p>\(escape(help))</p>
            <h2>Open tickets: \(lines.count)\(isWhole ? "" : " of more; these are due first")</h2>
            <table><tr><th>Ticket<th>Severity<th>Answer due<th>Solution due<th>Subject<th>Client<th>Assigned to
            \(rows)</table>
            <h2>People</h2><table><tr><th>Name<th>Role<th>Of<th>Telephone<th>E-mail
            \(people)</table>
            """
        let stamp = words.full(now) + " in \(words.place)"
        let page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Continuity pack, \(escape(provider.name))</title><style>\(css)</style></head>
            <body><h1>Continuity pack, \(escape(provider.name))</h1><p>As of \(escape(stamp)); times are those of \(escape(words.place)).</p>
            \(content)</body></html>

            """
        let log = CSVText.line(ContinuityRow.columns) + "\r\n"
        let ticketText = tickets.joined(separator: "\r\n") + "\r\n", contactText = contacts.joined(separator: "\r\n") + "\r\n"
        let lineText = lines.map { "\($0.ref)  \(time($0.responseDue ?? $0.resolutionDue))  \($0.subject)  \($0.client), \($0.contact), \($0.phone)" }.joined(separator: "\n")
        return ContinuityPack(
            files: [ContinuityPack.pageName: page, "tickets.csv": ticketText, "contacts.csv": contactText, "log.csv": log], page: page,
            text: "As of \(stamp)\n\n\(help)\n\nOpen tickets: \(lines.count)\n\n\(lineText)\n", digest: Secret.hash(ticketText + contactText), madeAt: now)
    }

    /// Puts the pack into the outbox for these addresses, unless they have one with the same content.
    package func mailContinuityPack(_ pack: ContinuityPack, to addresses: [String]) async throws {
        let provider = currentAgreement().terms.provider
        try await db.write { session in
            guard !addresses.isEmpty, try session.meta("continuityMailed") != pack.digest else { return }
            for address in addresses {
                let id = "continuity.\(pack.madeAt.seconds).\(Secret.hash(address + pack.digest).prefix(16))@\(Keys.split(provider.mailbox).domain)"
                let mail = OutgoingMail(
                    from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: address), replyTo: nil, subject: "Continuity pack, \(provider.name)",
                    messageID: id, inReplyTo: nil, references: [], date: pack.madeAt, text: pack.text, html: pack.page, autoSubmitted: "auto-generated", headers: ["X-Abide-Milestone": "continuity"])
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.withoutEscapingSlashes]
                try session.insertOutbox(OutboxItem(
                    ticket: nil, number: nil, milestone: "continuity", recipient: address, messageID: id, mail: String(decoding: try encoder.encode(mail), as: UTF8.self),
                    state: self.settings.sendsMail ? .queued : .held, nextAt: pack.madeAt, createdAt: pack.madeAt))
            }
            try session.setMeta("continuityMailed", pack.digest)
        }
    }
}

/// One open ticket in the pack.
private struct ContinuityLine: Sendable {
    var ref: String, status: String, severity: String, client: String, contact: String, phone: String, email: String, subject: String, site: String, assignee: String
    var responseDue: Instant?, resolutionDue: Instant?
    var suspended: String
    var lastFromClient: Instant?

    init(_ view: TicketView) {
        let ticket = view.ticket
        func due(_ name: ClockName) -> Instant? {
            let reading = view.reading(name)
            return reading.state == .stopped ? nil : reading.due
        }
        ref = ticket.ref
        status = view.status.rawValue
        severity = view.agreement.terms.severity(ticket.severity)?.name ?? String(ticket.severity)
        client = view.client?.name ?? ""
        contact = view.contact?.name ?? ticket.contactName
        phone = ticket.fields["phone"] ?? view.contact?.phone ?? ""
        email = view.contact?.email ?? ticket.contactEmail
        subject = ticket.subject
        site = ticket.fields["site"] ?? ""
        assignee = view.assignee?.name ?? ""
        responseDue = due(.response)
        resolutionDue = due(.resolution)
        suspended = ticket.suspensions.map { $0.note.isEmpty ? $0.reason : $0.note }.joined(separator: "; ")
        lastFromClient = ticket.lastClientMessageAt
    }
}
