import AbideCore
import AbideDesk
import Synchronization

/// The rows of lists, drawn for one second and one zone. A drawn row depends on nothing else but its ticket's version, so all who look
/// at that second share it.
final class ListDrawing: Sendable {
    struct Key: Hashable {
        /// The reader's.
        var zone: String
        var agreement: String
        var columns: [ListColumn]
        var language = Tongue.current.code
    }

    let line: PromiseLine.List
    private let columns: [ListColumn]
    private let words: TimeWords
    private let now: Instant
    private let drawn = Mutex<[Int64: (row: AbideDesk.TicketRow, drawn: DrawnRow)]>([:])

    init(line: PromiseLine.List, columns: [ListColumn], words: TimeWords, now: Instant) {
        self.line = line
        self.columns = columns
        self.words = words
        self.now = now
    }

    func rows(_ rows: [AbideDesk.TicketRow]) -> [DrawnRow] {
        let known = drawn.withLock { drawn in rows.map { row in drawn[row.id].flatMap { $0.row === row ? $0.drawn : nil } } }
        var promises = Promises(now: now)
        var fresh: [(AbideDesk.TicketRow, DrawnRow)] = []
        let all = zip(rows, known).map { row, known in
            if let known { return known }
            let made = DrawnRow(TicketRow(row, &promises), line: line, columns: columns, words: words, now: now)
            fresh.append((row, made))
            return made
        }
        if !fresh.isEmpty { drawn.withLock { drawn in for (row, made) in fresh { drawn[row.id] = (row, made) } } }
        return all
    }
}

extension TicketRow {
    init(_ row: AbideDesk.TicketRow, _ promises: inout Promises) {
        var client = row.clientName ?? say("Not known yet")
        if !row.site.isEmpty { client += " · " + row.site }
        self.init(
            ref: row.ref, subject: row.subject, client: client, severity: row.severityIsRated ? row.severity : nil,
            severityName: row.agreement.terms.severity(row.severity)?.name ?? "",
            assignee: row.assigneeName.map { PersonView(name: $0, isStaff: true) }, isUnread: row.unread, isResolved: row.rank >= 5,
            clientName: row.clientName ?? "", status: TicketView.Status(rawValue: row.status)?.word ?? "", department: row.department ?? "", loggedAt: row.loggedAt ?? row.registeredAt, updatedAt: row.updatedAt,
            promise: promises.next(row))
    }
}
