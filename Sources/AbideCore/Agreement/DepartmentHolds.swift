/// How long a department had a ticket, against the agreement's internal target. Measured and reported; no clock of the client's knows it.
package struct DepartmentHold: Hashable, Sendable {
    package var department: String
    package var from: Instant
    /// nil: it has it still.
    package var to: Instant?
    /// Working time of the desk in which it could work on it: not while the client is awaited, not while it is resolved.
    package var workingSeconds: Int64
    /// nil: the agreement sets none.
    package var targetSeconds: Int64?
    package var isOver: Bool { targetSeconds.map { workingSeconds > $0 } ?? false }
}

package enum DepartmentHolds {
    /// Every stay of a ticket in a department, in order.
    package static func read(_ events: [TicketEvent], _ agreement: Agreement, at now: Instant) -> [DepartmentHold] {
        let calendar = agreement.defaultCalendar
        var holds: [DepartmentHold] = []
        // Since when time counts for the department that has it; nil: it doesn't.
        var counting: Instant?
        var (isLogged, isDone, awaited) = (false, false, Set<Int>())
        func count(to at: Instant) {
            guard let since = counting, let last = holds.indices.last else { return }
            holds[last].workingSeconds += calendar.worked(from: since, to: max(at, since))
            counting = nil
        }
        func settle(at: Instant) {
            count(to: at)
            if isLogged, !isDone, awaited.isEmpty { counting = at }
        }
        func move(to department: String?, at: Instant) {
            guard holds.last?.to != nil || holds.last?.department != department else { return }
            count(to: at)
            if let last = holds.indices.last, holds[last].to == nil { holds[last].to = at }
            guard let department else { return }
            let target = agreement.terms.departments.first { $0.name == department }?.holdWithin.flatMap { agreement.seconds($0, calendar: calendar) }
            holds.append(DepartmentHold(department: department, from: at, to: nil, workingSeconds: 0, targetSeconds: target))
            settle(at: at)
        }
        let ordered = events.enumerated().sorted { ($0.element.occurredAt, $0.offset) < ($1.element.occurredAt, $1.offset) }.map(\.element)
        for event in ordered where event.occurredAt <= now {
            let at = event.occurredAt
            switch event.fact {
            case .registered(_, _, _, _, _, let department, _): move(to: department, at: at)
            case .assigned(_, _, let department): move(to: department, at: at)
            case .correctlyLogged: isLogged = true
            case .suspended(let id, let reason): if agreement.suspensionReason(reason)?.waitsForClient ?? true { awaited.insert(id) }
            case .resumed(let id, _): awaited.remove(id)
            case .resolved: isDone = true
            case .closed: (isDone, awaited) = (true, [])
            case .merged: isDone = true
            case .resolutionWithdrawn, .reopened, .unmerged: isDone = false
            default: continue
            }
            settle(at: at)
        }
        if let since = counting, let last = holds.indices.last, holds[last].to == nil { holds[last].workingSeconds += calendar.worked(from: since, to: max(now, since)) }
        return holds
    }
}

/// What the stays of a period's tickets in one department come to.
package struct DepartmentFigures: Hashable, Sendable {
    package var department: String
    package var holds = 0
    package var over = 0
    package var workingSeconds: Int64 = 0
    package var longestSeconds: Int64 = 0
    package init(department: String) { self.department = department }

    package mutating func add(_ hold: DepartmentHold) {
        holds += 1
        over += hold.isOver ? 1 : 0
        workingSeconds += hold.workingSeconds
        longestSeconds = max(longestSeconds, hold.workingSeconds)
    }
}
