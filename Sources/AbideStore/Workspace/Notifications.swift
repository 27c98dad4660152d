package import AbideCore

/// Something that a person is told on the pages: what happened stands in the ticket's log, under the number.
package struct StoredNotification: Sendable, Hashable {
    /// 0 before it is stored.
    package var id: Int64
    package var person: Int64
    package var ticket: Int64
    /// The event that it tells of.
    package var number: Int
    /// What it is to the person: the milestone of the mail for it, or `mentioned`, `assigned`, `task`.
    package var kind: String
    package var at: Instant
    package var readAt: Instant?
    /// When it goes out with others in one mail; nil: it does not, or did.
    package var digestAt: Instant?

    package init(id: Int64 = 0, person: Int64, ticket: Int64, number: Int, kind: String, at: Instant, readAt: Instant? = nil, digestAt: Instant? = nil) {
        self.id = id
        self.person = person
        self.ticket = ticket
        self.number = number
        self.kind = kind
        self.at = at
        self.readAt = readAt
        self.digestAt = digestAt
    }
}

/// One of them with what its ticket says of it now.
package struct ToldNotification: Sendable, Hashable {
    package var notification: StoredNotification
    package var ref: String
    package var subject: String
    /// Who did it.
    package var actor: String
}

extension Session {
    package func insertNotifications(_ notifications: [StoredNotification]) throws {
        for one in notifications {
            try run(
                "INSERT INTO notification (person, ticket, number, kind, at, digest_at) VALUES ($1, $2, $3, $4, $5, $6)",
                [.integer(one.person), .integer(one.ticket), Value(one.number), .text(one.kind), Value(one.at), Value(one.digestAt)])
        }
    }

    /// The latest first.
    package func notifications(of person: Int64, before id: Int64? = nil, limit: Int) throws -> [ToldNotification] {
        try told("n.person = $1 AND n.id < $2 ORDER BY n.id DESC LIMIT $3", [.integer(person), .integer(id ?? .max), Value(limit)])
    }

    /// Those that go out in one mail by now, oldest first.
    package func digest(of person: Int64, at now: Instant, limit: Int) throws -> [ToldNotification] {
        try told("n.person = $1 AND n.digest_at <= $2 AND n.read_at IS NULL ORDER BY n.id LIMIT $3", [.integer(person), Value(now), Value(limit)])
    }

    private func told(_ condition: String, _ values: [Value]) throws -> [ToldNotification] {
        try run(
            """
            SELECT n.id, n.person, n.ticket, n.number, n.kind, n.at, n.read_at, n.digest_at, t.ref, t.subject, e.actor_name FROM notification n
            JOIN ticket t ON t.id = n.ticket LEFT JOIN ticket_event e ON e.ticket = n.ticket AND e.number = n.number WHERE \(condition)
            """, values
        ).map { ToldNotification(notification: StoredNotification(row: $0), ref: $0.text(8), subject: $0.text(9), actor: $0.textOrNil(10) ?? "") }
    }

    package func notification(id: Int64) throws -> StoredNotification? {
        try run("SELECT id, person, ticket, number, kind, at, read_at, digest_at FROM notification WHERE id = $1", [.integer(id)]).first.map(StoredNotification.init(row:))
    }

    /// How many a person has not read, by ticket.
    package func unreadNotifications(of person: Int64) throws -> [Int64: Int] {
        try run("SELECT ticket, COUNT(*) FROM notification WHERE person = $1 AND read_at IS NULL GROUP BY ticket", [.integer(person)]).reduce(into: [:]) { $0[$1.int64(0)] = $1.int(1) }
    }

    /// - Parameter ticket: nil: all of the person's.
    package func readNotifications(of person: Int64, ticket: Int64?, at now: Instant) throws {
        if let ticket {
            try run("UPDATE notification SET read_at = $3, digest_at = NULL WHERE person = $1 AND read_at IS NULL AND ticket = $2", [.integer(person), .integer(ticket), Value(now)])
        } else {
            try run("UPDATE notification SET read_at = $2, digest_at = NULL WHERE person = $1 AND read_at IS NULL", [.integer(person), Value(now)])
        }
    }

    /// Who gets a digest by now.
    package func dueDigests(at now: Instant) throws -> [Int64] {
        try run("SELECT DISTINCT person FROM notification WHERE digest_at <= $1 ORDER BY person LIMIT 500", [Value(now)]).map { $0.int64(0) }
    }

    /// - Returns: false where another node was first.
    package func takeDigest(of person: Int64, at now: Instant) throws -> Bool {
        try !run("UPDATE notification SET digest_at = NULL WHERE person = $1 AND digest_at <= $2 RETURNING id", [.integer(person), Value(now)]).isEmpty
    }

    package func deleteNotifications(before: Instant) throws { try run("DELETE FROM notification WHERE at < $1", [Value(before)]) }

    /// Who has set a name to something, and to what.
    package func settings(called name: String) throws -> [Int64: String] {
        try run("SELECT person, value FROM person_setting WHERE name = $1", [.text(name)]).reduce(into: [:]) { $0[$1.int64(0)] = $1.text(1) }
    }
}

extension StoredNotification {
    fileprivate init(row: Row) {
        self.init(
            id: row.int64(0), person: row.int64(1), ticket: row.int64(2), number: row.int(3), kind: row.text(4), at: row.instant(5), readAt: row.instantOrNil(6), digestAt: row.instantOrNil(7))
    }
}

/// A task that is still to be done, by whom and until when; its words stand in the ticket.
package struct OpenTask: Sendable, Hashable {
    package var ticket: Int64
    package var task: Int
    package var assignee: Int64?
    package var due: Instant?

    package init(ticket: Int64, task: Int, assignee: Int64?, due: Instant?) {
        self.ticket = ticket
        self.task = task
        self.assignee = assignee
        self.due = due
    }
}

extension Session {
    /// Replaces what is noted of a ticket.
    package func setOpenTasks(ticket: Int64, _ tasks: [OpenTask]) throws {
        try run("DELETE FROM open_task WHERE ticket = $1", [.integer(ticket)])
        for task in tasks { try run("INSERT INTO open_task (ticket, task, assignee, due) VALUES ($1, $2, $3, $4)", [.integer(ticket), Value(task.task), Value(task.assignee), Value(task.due)]) }
    }

    /// What a person has to do, soonest first.
    package func openTasks(of person: Int64, limit: Int) throws -> [OpenTask] {
        try run("SELECT ticket, task, assignee, due FROM open_task WHERE assignee = $1 ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, ticket, task LIMIT $2", [.integer(person), Value(limit)]).map {
            OpenTask(ticket: $0.int64(0), task: $0.int(1), assignee: $0.int64OrNil(2), due: $0.instantOrNil(3))
        }
    }
}
