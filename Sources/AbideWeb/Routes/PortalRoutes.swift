import AbideCore
import AbideDesk
import Hummingbird

/// The client's first page: what waits for them, what is being worked on, what was closed lately (B4).
struct PortalRoutes {
    let web: Web
    /// A client has few open tickets; more than this are on the list that the page's search gives.
    private static let shown = 40

    func add(to router: Router<AbideRequestContext>) {
        router.get("/portal") { request, context -> Response in
            let reader = try await web.reader(request, context)
            guard !reader.isStaff else { return .seeOther(Reader.home(reader.person.role)) }
            return try await home(reader)
        }
    }

    private func home(_ reader: Reader) async throws -> Response {
        let desk = web.desk
        let now = desk.now()
        let page = try await reader.page(now, current: "/portal", live: "/live")
        var query = TicketQuery()
        query.statuses = [.registered, .open, .awaitingClient, .resolved]
        query.limit = Self.shown
        let open = try await desk.list(query, for: reader.person).rows
        query.statuses = [.closed]
        query.sort = .updated
        query.limit = 5
        let closed = try await desk.list(query, for: reader.person).rows
        let calendar = desk.agreement(for: reader.person).defaultCalendar
        let axis = Axis.list(now: now, words: page.desk, longestTarget: desk.agreement(for: reader.person).terms.longestTarget, open: calendar.stretches)
        var promises = Promises(now: now)
        var waiting: [PortalWaiting] = [], working: [PortalRow] = [], done: [PortalRow] = []
        for row in open {
            let view = try await desk.ticket(row.ref, for: reader.person)
            if let reason = reason(view, reader) {
                waiting.append(PortalWaiting(ref: row.ref, subject: row.subject, reason: reason))
            } else {
                working.append(PortalRow(ref: row.ref, subject: row.subject, assignee: row.assigneeName, promise: promises.next(row), axis: axis))
            }
        }
        for row in closed {
            let ticket = try await desk.ticket(row.ref, for: reader.person).ticket
            let mayReopen = Permissions.answer(reader.person.role, .reopen, reader.person.relation(client: ticket.client, contact: ticket.contact)) == .allowed
            done.append(PortalRow(
                ref: row.ref, subject: row.subject, assignee: row.assigneeName, promise: promises.next(row), axis: axis, closedAt: ticket.closedAt, mayReopen: mayReopen))
        }
        let client = try await desk.clients(for: reader.person).first
        let view = PortalHomeView(
            client: client?.name ?? "", waiting: waiting, working: working, closed: done, reports: reader.allows(.readReports) ? "/reports" : nil,
            standing: standing(reader, client))
        return .html(Pages.portalHome(view, page))
    }

    /// What a ticket wants of the client; nil: nothing.
    private func reason(_ view: AbideDesk.TicketView, _ reader: Reader) -> PortalWaiting.Reason? {
        let ticket = view.ticket
        if let quote = ticket.quotes.last, quote.state == .open, (try? ticket.permit(reader.person, .decideQuote)) != nil { return .quote(quote, by: quote.by.name) }
        switch view.status {
        case .registered:
            return .supply(ticket.missing(view.agreement).map { view.agreement.terms.fieldLabel($0) })
        case .resolved:
            return .confirm(
                by: view.assignee?.name ?? ticket.assigneeName ?? view.agreement.terms.provider.name, at: ticket.resolvedAt ?? ticket.updatedAt,
                mayClose: ticket.contact == reader.person.id, logger: view.contact?.name ?? ticket.contactName)
        case .awaitingClient:
            let waits = ticket.suspensions.first { view.agreement.suspensionReason($0.reason)?.waitsForClient ?? true }
            guard let waits else { return nil }
            return .suspended(reason: view.agreement.suspensionReason(waits.reason)?.label ?? waits.reason, note: waits.note, since: waits.since)
        case .open:
            guard let proposal = ticket.proposals.last, proposal.byStaff, !proposal.accepted else { return nil }
            return .proposal(ProposalView(
                id: String(proposal.id), by: view.assignee?.name ?? view.agreement.terms.provider.name, due: proposal.due,
                workingSeconds: proposal.workingSeconds, mayAccept: true))
        case .closed: return nil
        }
    }

    private func standing(_ reader: Reader, _ client: ClientRecord?) -> String {
        guard let client else { return "" }
        switch reader.person.role {
        case .primaryContact, .standIn: return say("You see all tickets of \(client.name), as its \(reader.person.role.words).")
        case .client: return reader.person.seesColleagues ? say("You and your colleagues see each other's tickets.") : say("You see the tickets that you logged.")
        default: return ""
        }
    }
}
