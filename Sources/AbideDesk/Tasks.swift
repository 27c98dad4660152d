package import AbideCore
import AbideStore

/// A task that somebody has to do, on one of the tickets.
package struct TaskRow: Sendable {
    package var ref: String
    package var subject: String
    package var client: String?
    package var task: Ticket.Task
}

extension Ticket {
    /// Tasks still to be done, each by whom it is: without a name by whoever works on the ticket.
    var openTasks: [OpenTask] {
        phase == .closed ? [] : tasks.filter { $0.doneAt == nil }.map { OpenTask(ticket: id, task: $0.id, assignee: $0.assignee ?? assignee, due: $0.due) }
    }
}

extension Desk {
    /// What a person has to do, soonest first.
    package func tasks(of person: Person) async throws -> [TaskRow] {
        guard person.may(.organise) else { return [] }
        let now = now()
        return try await db.read { session in
            let directory = try self.directory.content(session, now: now)
            return try session.openTasks(of: person.id, limit: 200).compactMap { open in
                guard let record = try session.ticket(id: open.ticket) else { return nil }
                let ticket = try self.cache.ticket(record)
                guard let task = ticket.tasks.first(where: { $0.id == open.task }) else { return nil }
                return TaskRow(ref: ticket.ref, subject: ticket.subject, client: ticket.client.flatMap { directory.clients[$0]?.name }, task: task)
            }
        }
    }
}
