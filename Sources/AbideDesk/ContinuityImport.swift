import AbideCore
import AbideStore
import Foundation

/// One line of what was done by hand while the desk was away.
struct ContinuityRow: Sendable {
    static let columns = ["act", "ref", "at", "by", "text", "contact", "subject", "urgency", "reason", "phone", "site", "project", "environment"]

    var line: Int
    var cells: [String: String]

    subscript(_ column: String) -> String { cells[column] ?? "" }

    var digest: String { Secret.hash(Self.columns.map { self[$0] }.joined(separator: "\u{1F}")) }
}

/// What became of a line.
package struct ContinuityOutcome: Sendable, Hashable {
    package var line: Int
    package var ref: String
    package var act: String
    /// It had been taken over before.
    package var isKnown: Bool
}

/// A line that can't be taken over; the lines before it are.
package struct ContinuityFault: Error, Hashable, CustomStringConvertible {
    package var line: Int
    package var problem: String
    package var description: String { "line \(line): \(problem)" }
}

extension Desk {
    /// Logs what was handled while the desk was away, each with its true time (J3); the time of recording is now. A line that was taken over
    /// before is left out, so that a file can be handed in again.
    package func importContinuity(_ csv: String) async throws -> [ContinuityOutcome] {
        let rows = try Self.continuityRows(csv)
        var marks: [String: String] = [:]
        var outcomes: [ContinuityOutcome] = []
        for row in rows {
            do {
                let (outcome, committed) = try await takeOver(row, marks)
                if row["act"].lowercased() == "logged", !row["ref"].isEmpty { marks[row["ref"].uppercased()] = outcome.ref }
                if let committed { told(committed) }
                outcomes.append(outcome)
            } catch let refusal as Refusal {
                let fields = refusal.fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: " ")
                throw ContinuityFault(line: row.line, problem: refusal.detail + (fields.isEmpty ? "" : " " + fields))
            }
        }
        return outcomes
    }

    private static func continuityRows(_ csv: String) throws -> [ContinuityRow] {
        let lines = CSVText.parse(csv.hasPrefix("\u{FEFF}") ? String(csv.dropFirst()) : csv)
        guard let head = lines.first?.cells.map({ $0.trimmingCharacters(in: .whitespaces) }), head.contains("act"), head.contains("at") else {
            throw ContinuityFault(line: 1, problem: "the first line names the columns: \(ContinuityRow.columns.joined(separator: ", "))")
        }
        return lines.dropFirst().filter { $0.cells.contains { !$0.allSatisfy(\.isWhitespace) } }.map { line in
            ContinuityRow(line: line.line, cells: Dictionary(zip(head, line.cells.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }), uniquingKeysWith: { first, _ in first }))
        }
    }

    private func takeOver(_ row: ContinuityRow, _ marks: [String: String]) async throws -> (ContinuityOutcome, Committed?) {
        let now = now()
        guard let at = instant(row["at"]) else { throw Refusal.input("at", "When it happened, as 2026-03-10 14:05 or 2026-03-10T20:05:00Z.") }
        guard at <= now else { throw Refusal.input("at", "This is in the future.") }
        let act = row["act"].lowercased()
        let key = "continuity:" + row.digest
        return try await db.write { session in
            let directory = try self.directory.content(session, now: now)
            guard let stored = try session.person(email: row["by"]), stored.role.isStaff, !stored.disabled else { throw Refusal.input("by", "The e-mail address of the person who did it.") }
            let person = self.person(stored, directory)
            if let kept = try session.keptAnswer(key: key, person: 0) { return (ContinuityOutcome(line: row.line, ref: kept.body, act: act, isKnown: true), nil) }
            let committed = act == "logged" ? try self.logAfterwards(row, by: person, directory, at: at, now, session) : try self.actAfterwards(row, act, marks, by: person, at: at, now, session)
            try session.keepAnswer(KeptAnswer(status: 201, body: committed.ticket.ref), key: key, person: 0, at: now)
            return (ContinuityOutcome(line: row.line, ref: committed.ticket.ref, act: act, isKnown: false), committed)
        }
    }

    private func logAfterwards(_ row: ContinuityRow, by person: Person, _ directory: Directory.Content, at: Instant, _ now: Instant, _ session: any Session) throws -> Committed {
        guard let contact = try session.person(email: row["contact"]), !contact.role.isStaff else { throw Refusal.input("contact", "The e-mail address of the contact who called.") }
        guard !row["subject"].isEmpty else { throw Refusal.input("subject", "Say in a few words what it is about.") }
        var fields = ["description": row["text"].isEmpty ? row["subject"] : row["text"]]
        for name in ["phone", "site", "project", "environment"] { fields[name] = row[name] }
        let new = NewTicket(
            subject: row["subject"], urgency: Int(row["urgency"].prefix(1)), fields: fields.filter { !$0.value.isEmpty }, machine: [], channel: .phone, contact: self.person(contact, directory), contactAddress: nil,
            by: person.actor, body: nil)
        return try register(session, new, directory, at: at, extras: MessageExtras(recordedAt: now))
    }

    private func actAfterwards(_ row: ContinuityRow, _ act: String, _ marks: [String: String], by person: Person, at: Instant, _ now: Instant, _ session: any Session) throws -> Committed {
        let ref = marks[row["ref"].uppercased()] ?? row["ref"]
        guard let record = try session.ticket(ref: ref) else { throw Refusal.input("ref", "There is no ticket \(row["ref"]).") }
        let ticket = try cache.ticket(record, committed: false)
        let agreement = try agreement(digest: ticket.agreement)
        guard at >= ticket.registeredAt else { throw Refusal.input("at", "This is before \(ref) was registered.") }
        let text = row["text"]
        // What fell due before the desk was back is in the log already, or will be: the clock is read again from the true times.
        let drafts = switch act {
        case "answered": try ticket.answer(text, visibility: .public, channel: .phone, by: person, at: at, agreement)
        case "noted": try ticket.answer(text, visibility: .internal, channel: .phone, by: person, at: at, agreement)
        case "suspended": try ticket.suspend(reason: row["reason"], note: text, since: nil, by: person, at: at, agreement)
        case "resumed": try ticket.suspensions.flatMap { try ticket.resume($0.id, by: person, at: at) }
        case "resolved": try ticket.resolve(text, fields: [:], channel: .phone, by: person, at: at, agreement)
        case "closed": try ticket.close(reason: text.isEmpty ? nil : text, by: person, at: at)
        default: throw Refusal.input("act", "One of logged, answered, noted, suspended, resumed, resolved, closed.")
        }
        guard !drafts.isEmpty else { throw Refusal.input("act", "There is nothing to do: the ticket stands like that already.") }
        return try store(session, ticket, drafts, agreement, at: now, extras: MessageExtras(recordedAt: now), isNew: false)
    }

    /// RFC 3339, or `2026-03-10 14:05` by the desk's own clock on the wall.
    private func instant(_ text: String) -> Instant? {
        if let exact = Instant(rfc3339: text) { return exact }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard parts.count == 2, let date = LocalDate(iso: String(parts[0])) else { return nil }
        let clock = parts[1].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == parts[1].split(separator: ":").count, (2...3).contains(clock.count), (0..<24).contains(clock[0]), (0..<60).contains(clock[1]) else { return nil }
        let zone = deskZone
        // From local midnight; on a day when the clocks change, the offset of the hour itself counts.
        let midnight = zone.start(of: date)
        let plain = midnight + clock[0] * 3600 + clock[1] * 60 + (clock.count == 3 ? clock[2] : 0)
        return plain + Int64(zone.offset(at: midnight)) - Int64(zone.offset(at: plain))
    }
}
