package import AbideCore
import AbideStore
import Foundation
import Synchronization

/// What each keeps for the own work: drafts, canned answers, saved views.
package struct CannedRecord: Sendable, Hashable {
    package var id: Int64
    package var name: String
    package var body: String
    package var shared: Bool
    package var isOwn: Bool
    /// What happens with it; nil: it is words alone.
    package var acts: MacroActs?
}

package struct ViewRecord: Sendable, Hashable {
    package var id: Int64
    package var name: String
    package var query: String
    package var shared: Bool
    package var isOwn: Bool
}

/// A view of all staff's, as administration sees it.
package struct SharedView: Sendable, Hashable {
    package var id: Int64
    package var name: String
    package var query: String
    package var owner: String
}

/// What each keeps, for three seconds: every page names the views, and they change rarely.
final class WorkspaceCache: Sendable {
    struct Content: Sendable {
        var canned: [CannedRecord]
        var views: [ViewRecord]
        /// What the person has set, by name.
        var settings: [String: String]
        /// What the person wrote and may still take back.
        var waiting: [WaitingAnswer]
        /// How many notifications are unread, by ticket.
        var unread: [Int64: Int]
        var readAt: Instant
    }

    private let known = Mutex<[Int64: Content]>([:])

    func content(of person: Int64, now: Instant) -> Content? { known.withLock { $0[person] }.flatMap { abs(now - $0.readAt) < 3 ? $0 : nil } }

    func keep(_ content: Content, of person: Int64) {
        known.withLock { known in
            if known.count > 1024 { known.removeAll(keepingCapacity: true) }
            known[person] = content
        }
    }

    func forget() { known.withLock { $0.removeAll() } }
    func forget(_ people: some Sequence<Int64>) { known.withLock { known in for person in people { known[person] = nil } } }
}

extension Desk {
    func kept(of person: Person) async throws -> WorkspaceCache.Content {
        let now = now()
        if let known = workspace.content(of: person.id, now: now) { return known }
        let content = try await db.read { session in
            WorkspaceCache.Content(
                canned: try session.cannedAnswers(for: person.id).map { CannedRecord(id: $0.id, name: $0.name, body: $0.body, shared: $0.shared, isOwn: $0.owner == person.id, acts: try Self.acts($0.acts)) },
                views: try session.savedViews(for: person.id).map { ViewRecord(id: $0.id, name: $0.name, query: $0.query, shared: $0.shared, isOwn: $0.owner == person.id) },
                settings: try session.settings(of: person.id), waiting: try self.waitingAnswers(by: person.id, session), unread: try session.unreadNotifications(of: person.id), readAt: now)
        }
        workspace.keep(content, of: person.id)
        return content
    }

    // MARK: Drafts

    package func draft(of person: Person, place: String) async throws -> String {
        try await db.read { try $0.draft(of: person.id, place: place) } ?? ""
    }

    package func keepDraft(of person: Person, place: String, _ content: String) async throws {
        guard !place.isEmpty, place.utf8.count <= 100 else { throw Refusal.input("place", "At most 100 characters.") }
        guard content.utf8.count <= TextLimit.field else { throw Refusal.input("content", "At most \(TextLimit.field) characters.") }
        let now = now()
        try await db.write { try $0.putDraft(of: person.id, place: place, content: content, at: now) }
    }

    // MARK: Canned answers

    /// Variables that a canned answer may name; any other is refused when it is saved.
    package static let variables = ["contact", "firstName", "reference", "subject", "agent", "provider", "due"]

    package func cannedAnswers(for person: Person) async throws -> [CannedRecord] {
        guard Permissions.allows(person.role, .answer) || Permissions.allows(person.role, .administer), person.role.isStaff else { return [] }
        return try await kept(of: person).canned
    }

    /// - Parameter id: nil: a new one.
    package func putCannedAnswer(_ id: Int64?, name: String, body: String, shared: Bool, acts: MacroActs? = nil, by person: Person) async throws {
        try mustAnswer(person)
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [String: Phrase] = [:]
        if name.isEmpty || name.utf8.count > 100 || name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 100 characters." }
        if body.allSatisfy(\.isWhitespace) || body.utf8.count > 20_000 { faults["body"] = "Between 1 and 20,000 characters." }
        for variable in Self.variables(in: body) where !Self.variables.contains(variable) {
            faults["body"] = "There is no variable {{\(variable)}}. There are \(Self.variables.map { "{{\($0)}}" }.joined(separator: ", "))."
        }
        faults.merge(acts?.faults(agreement(for: person).terms) ?? [:]) { first, _ in first }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let now = now(), coded = try Self.coded(acts)
        try await db.write { session in
            var owner = person.id
            if let id { owner = try self.own(session, id, person).owner }
            try session.putCannedAnswer(CannedAnswer(id: id ?? 0, owner: owner, name: name, body: body, shared: shared, acts: coded), at: now)
        }
        workspace.forget()
    }

    package func deleteCannedAnswer(_ id: Int64, by person: Person) async throws {
        try mustAnswer(person)
        try await db.write { session in
            _ = try self.own(session, id, person)
            try session.deleteCannedAnswer(id)
        }
        workspace.forget()
    }

    private func mustAnswer(_ person: Person) throws {
        guard person.role.isStaff, Permissions.allows(person.role, .answer) || Permissions.allows(person.role, .administer) else {
            throw Refusal.role(person.role, may: "Those who answer tickets keep canned answers.")
        }
    }

    private func own(_ session: any Session, _ id: Int64, _ person: Person) throws -> CannedAnswer {
        guard let found = try session.cannedAnswers(for: person.id).first(where: { $0.id == id }) else { throw Refusal(.unknown, "There is no such canned answer.") }
        guard found.owner == person.id || [.departmentLead, .serviceManager, .administrator].contains(person.role) else {
            throw Refusal(.forbidden, "Only its owner, a lead, the service manager and administrators change a shared answer.")
        }
        return found
    }

    /// The names between double braces.
    static func variables(in text: String) -> [String] {
        var names: [String] = [], rest = text[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            names.append(rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces))
            rest = rest[end.upperBound...]
        }
        return names
    }

    /// A canned answer with its variables filled in, once: what a value holds is text and is not looked at again (S22).
    package static func fill(_ text: String, _ values: [String: String]) -> String {
        var result = "", rest = text[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            let name = rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
            result += rest[..<start.lowerBound]
            result += values[name] ?? String(rest[start.lowerBound..<end.upperBound])
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    // MARK: Saved views

    package func savedViews(for person: Person) async throws -> [ViewRecord] {
        guard person.role.isStaff, Permissions.allows(person.role, .read) else { return [] }
        return try await kept(of: person).views
    }

    package func saveView(name: String, query: String, shared: Bool, by person: Person) async throws -> Int64 {
        guard person.role.isStaff, Permissions.allows(person.role, .read) else { throw Refusal.role(person.role, may: "Those who work on tickets keep views.") }
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [String: Phrase] = [:]
        if name.isEmpty || name.utf8.count > 60 || name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 60 characters." }
        if query.isEmpty || query.utf8.count > 1000 { faults["q"] = "Say what the view shows, as status:open severity:1." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let now = now()
        let id = try await db.write { try $0.insertSavedView(SavedView(owner: person.id, name: name, query: query, shared: shared), at: now) }
        workspace.forget()
        return id
    }

    /// Keeps other conditions, another order or other columns in an own view.
    package func changeView(_ id: Int64, query: String, by person: Person) async throws {
        guard !query.isEmpty, query.utf8.count <= 1000 else { throw Refusal.input("q", "Say what the view shows, as status:open severity:1.") }
        try await db.write { session in
            guard let found = try session.savedViews(for: person.id).first(where: { $0.id == id }), found.owner == person.id else { throw Refusal(.unknown, "There is no such view of yours.") }
            try session.updateSavedView(id, query: query)
        }
        workspace.forget()
    }

    package func deleteView(_ id: Int64, by person: Person) async throws {
        try await db.write { session in
            guard let found = try session.savedViews(for: person.id).first(where: { $0.id == id }), found.owner == person.id else { throw Refusal(.unknown, "There is no such view of yours.") }
            try session.deleteSavedView(id)
        }
        workspace.forget()
    }

    // MARK: Views of all

    package func sharedViews(for manager: Manager) async throws -> [SharedView] {
        try manager.mustAdminister()
        let names = try await people().people
        return try await db.read { try $0.sharedViews() }.map { SharedView(id: $0.id, name: $0.name, query: $0.query, owner: names[$0.owner]?.name ?? say("nobody who is here")) }
    }

    /// A view for all staff.
    /// - Parameter id: nil: a new one.
    package func putSharedView(_ id: Int64?, name: String, query: String, by person: Person) async throws {
        try Manager.person(person).mustAdminister()
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [String: Phrase] = [:]
        if name.isEmpty || name.utf8.count > 60 || name.contains(where: \.isNewline) { faults["name"] = "Between 1 and 60 characters." }
        if query.isEmpty || query.utf8.count > 1000 { faults["q"] = "Say what the view shows, as status:open severity:1." }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let now = now()
        try await db.write { session in
            if let id {
                guard try session.sharedViews().contains(where: { $0.id == id }) else { throw Refusal(.unknown, "There is no such view.") }
                try session.updateSavedView(id, name: name, query: query)
            } else { _ = try session.insertSavedView(SavedView(owner: person.id, name: name, query: query, shared: true), at: now) }
            try session.audit(.person(person), at: now, id == nil ? "view made for all" : "view of all changed", "desk", name)
        }
        workspace.forget()
    }

    package func deleteSharedView(_ id: Int64, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            guard let found = try session.sharedViews().first(where: { $0.id == id }) else { throw Refusal(.unknown, "There is no such view.") }
            try session.deleteSavedView(id)
            try session.audit(manager, at: now, "view of all deleted", "desk", found.name)
        }
        workspace.forget()
    }
}
