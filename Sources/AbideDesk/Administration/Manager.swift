package import AbideCore
import AbideStore

/// Who administers: somebody at the command line, who holds the data folder anyway, or a person with the right.
package enum Manager: Sendable {
    case command
    case person(Person)

    var id: Int64? { if case .person(let person) = self { person.id } else { nil } }
    var name: String { if case .person(let person) = self { person.name } else { "command line" } }

    /// Accounts of staff, settings of the desk.
    func mustAdminister() throws {
        guard case .person(let person) = self else { return }
        guard Permissions.allows(person.role, .administer) else { throw Refusal.role(person.role, may: "Administrators manage accounts and settings.", clause: "K4") }
    }

    /// An account: administrators all, the agreement manager those of clients, a client's primary contact and stand-in those of their own.
    func mustManage(role: Role, client: Int64?) throws {
        guard case .person(let person) = self, !Permissions.allows(person.role, .administer) else { return }
        guard Permissions.allows(person.role, .manageContacts), !role.isStaff else {
            throw Refusal.role(person.role, may: "Administrators manage accounts; the agreement manager and a client's primary contact manage contacts.", clause: "K4")
        }
        guard person.role.isStaff || person.client == client else { throw Refusal(.unknown, "There is no such contact.") }
    }
}

extension Session {
    func audit(_ manager: Manager, at now: Instant, _ action: String, _ object: String, _ detail: String = "") throws {
        try audit(at: now, actor: manager.id, actorName: manager.name, action: action, object: object, detail: detail)
    }
}

/// An account as administration sees it.
package struct PersonRecord: Sendable, Hashable {
    package var brief: PersonBrief
    package var client: Int64?
    package var department: String?
    package var zone: String?
    package var language: String?
    package var disabled: Bool
    package var readsReports: Bool
    package var hasPassword: Bool
    package var createdAt: Instant

    init(_ person: StoredPerson) {
        brief = PersonBrief(person)
        client = person.client
        department = person.department
        zone = person.zone
        language = person.language
        disabled = person.disabled
        readsReports = person.readsReports
        hasPassword = person.passwordHash != nil
        createdAt = person.createdAt
    }
}

package struct AuditRecord: Sendable {
    package var at: Instant
    package var actor: String
    package var action: String
    package var object: String
    package var detail: String

    init(_ entry: AuditEntry) {
        at = entry.at
        actor = entry.actorName
        action = entry.action
        object = entry.object
        detail = entry.detail
    }
}

/// What is given for an account, at its making or its change.
package struct PersonInput: Sendable {
    package var email: String
    package var name: String
    package var role: Role
    /// The client's id, for contacts.
    package var client: Int64?
    package var phone: String
    package var zone: String?
    package var department: String?
    /// In which the pages speak; empty: as the browser asks; nil: as it was.
    package var language: String?
    package init(email: String, name: String, role: Role, client: Int64? = nil, phone: String = "", zone: String? = nil, department: String? = nil, language: String? = nil) {
        self.email = email
        self.name = name
        self.role = role
        self.client = client
        self.phone = phone
        self.zone = zone
        self.department = department
        self.language = language
    }
}
