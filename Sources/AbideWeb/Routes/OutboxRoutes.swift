import AbideCore
import AbideDesk
import Hummingbird

/// The desk's own copy of every mail that leaves.
struct OutboxRoutes {
    let web: Web

    func add(to router: Router<AbideRequestContext>) {
        router.get("/outbox") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let rows = try await web.desk.outbox(for: reader.person)
            let page = try await reader.page(web.desk.now(), current: "/outbox")
            let leaves = web.desk.settings.sendsMail
            let view = OutboxView(rows: rows.map(row), notice: leaves ? "" : say("No relay is set: mails are kept here and nothing leaves."), next: nil)
            return .html(Pages.outbox(view, page))
        }
        router.get("/outbox/{id}") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (row, mail) = try await mail(reader, context)
            let page = try await reader.page(web.desk.now(), current: "/outbox")
            let view = OutboxMailView(
                row: self.row(row), headers: headers(row, mail), text: mail.text, html: mail.html, detail: row.lastError ?? "")
            return .html(Pages.outboxMail(view, page))
        }
        // The mail as its reader gets it, in a frame without any rights: no script, no form, nothing from elsewhere.
        router.get("/outbox/{id}/html") { request, context -> Response in
            let reader = try await web.reader(request, context)
            let (_, mail) = try await mail(reader, context)
            guard let html = mail.html else { throw PlainError(404, "This mail has no HTML part.") }
            return MessageRoutes.sandboxed(html)
        }
    }

    private func mail(_ reader: Reader, _ context: AbideRequestContext) async throws -> (AbideDesk.OutboxRow, OutgoingMail) {
        guard let id = Int64(context.part("id")) else { throw PlainError(404, "There is no such mail.") }
        let found = try await web.desk.outboxMail(id, for: reader.person)
        return (found.row, found.mail)
    }

    /// The fields that people look at, in the order in which they are sent.
    private func headers(_ row: AbideDesk.OutboxRow, _ mail: OutgoingMail) -> [(name: String, value: String)] {
        var headers = [("From", Self.address(mail.from)), ("To", Self.address(mail.to))]
        if let replyTo = mail.replyTo { headers.append(("Reply-To", Self.address(replyTo))) }
        headers += [("Subject", mail.subject), ("Date", mail.date.rfc3339), ("Message-ID", "<\(mail.messageID)>")]
        if let automatic = mail.autoSubmitted { headers.append(("Auto-Submitted", automatic)) }
        headers += mail.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return headers.map { (name: $0.0, value: $0.1) }
    }

    private static func address(_ address: MailAddress) -> String {
        address.name.isEmpty ? address.address : "\(address.name) <\(address.address)>"
    }

    private func row(_ row: AbideDesk.OutboxRow) -> OutboxRow {
        let state: OutboxState = switch row.state {
        case "sent": .sent
        case "failed": .failed
        case "held": .kept
        case "bounced": .bounced
        case "dropped": .dropped
        default: web.desk.settings.sendsMail ? .queued : .kept
        }
        return OutboxRow(
            href: "/outbox/\(row.id)", to: row.recipient, subject: row.subject, milestone: row.milestone, ref: row.ticketRef,
            state: state, at: row.sentAt ?? row.createdAt)
    }
}
