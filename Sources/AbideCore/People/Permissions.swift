/// What people do to tickets and with the desk; the columns of the one table that every door asks.
package enum Act: String, CaseIterable, Sendable {
    case logTicket, logForCaller
    case read, readInternal
    case supply, declareComplete, answer, note
    case setSeverity, decideCoverage, assign
    case suspend, resume
    case propose, accept
    case resolve, withdrawResolution
    case confirm, close, sendClosingNotice, reopen
    case complain, answerComplaint
    case grantAccess
    case quote, decideQuote
    /// Tags, links, followers, time spent: what staff keep on a ticket for themselves.
    case organise
    case merge, unmerge
    case readReports, issueReports, readOutbox, administer
    /// Replays the history under other terms (O1).
    case tryTerms
    case acceptAgreement, manageAgreements
    /// Clients and their contacts: on pages of administration of all, on the portal of the own client (L8, I5).
    case manageContacts
}

/// Where a person stands to a ticket.
package enum Relation: String, CaseIterable, Sendable {
    /// The person who logged it (or for whom it was logged).
    case own
    /// Of the same client, seen through the role or the client's setting.
    case sameClient
    /// A staff member to any ticket.
    case staff
    /// Management, to a ticket whose escalation came to it.
    case escalated
    /// None: the ticket does not exist for this person.
    case none
}

/// One table, role by act (P). Deny by default.
package enum Permissions {
    package enum Answer: Hashable, Sendable {
        case allowed
        /// As if it did not exist: 404.
        case unknown
        case forbidden
    }

    /// Acts on a ticket that a person of a client may do, given that the person sees it.
    private static let ofClient: [Role: Set<Act>] = {
        let contact: Set<Act> = [.logTicket, .read, .supply, .answer, .propose, .accept, .withdrawResolution, .confirm, .reopen, .complain, .grantAccess, .decideQuote, .unmerge]
        return [
            .client: contact,
            .primaryContact: contact.union([.readReports, .acceptAgreement, .manageContacts]),
            .standIn: contact.union([.readReports, .acceptAgreement, .manageContacts]),
            .reportReader: [.readReports],
            .partner: [],
        ]
    }()

    private static let ofStaff: [Role: Set<Act>] = {
        let agent: Set<Act> = [
            .logForCaller, .read, .readInternal, .supply, .declareComplete, .answer, .note, .setSeverity, .decideCoverage, .assign, .suspend, .resume,
            .propose, .accept, .resolve, .withdrawResolution, .sendClosingNotice, .reopen, .readOutbox, .readReports,
            .grantAccess, .quote, .organise, .merge, .unmerge,
        ]
        return [
            .agent: agent,
            .departmentLead: agent,
            .serviceManager: agent.union([.close, .tryTerms, .issueReports]),
            .clientServicesManager: [.read, .readInternal, .note, .answerComplaint, .readReports, .organise],
            .agreementManager: [.readReports, .tryTerms, .issueReports, .manageAgreements, .manageContacts],
            .management: [.readReports, .tryTerms],
            .administrator: [.readOutbox, .administer, .manageContacts],
        ]
    }()

    /// May a person of `role`, who stands in `relation` to the ticket, do `act`?
    package static func answer(_ role: Role, _ act: Act, _ relation: Relation) -> Answer {
        if role.isStaff {
            if role == .management, relation == .escalated, act == .read { return .allowed }
            return ofStaff[role, default: []].contains(act) ? .allowed : .forbidden
        }
        let acts = ofClient[role, default: []]
        guard relation == .own || relation == .sameClient else { return .unknown }
        guard acts.contains(.read) else { return .unknown }
        // N1: only the person who logged a ticket closes it, besides the service manager.
        if act == .close { return relation == .own ? .allowed : .forbidden }
        return acts.contains(act) ? .allowed : .forbidden
    }

    /// Acts that concern no ticket.
    package static func allows(_ role: Role, _ act: Act) -> Bool {
        (role.isStaff ? ofStaff[role, default: []] : ofClient[role, default: []]).contains(act)
    }
}

/// Who asks: a signed-in person, as the core needs to know them.
package struct Person: Hashable, Sendable, Codable {
    package var id: Int64
    package var name: String
    package var email: String
    package var role: Role
    package var client: Int64?
    package var zone: String?
    package var phone: String
    package var department: String?
    /// The client lets colleagues see each other's tickets; off by default.
    package var seesColleagues: Bool
    /// Nominated by the client to read its reports (I5), whatever the role.
    package var readsReports: Bool
    /// In which the pages speak, as "de"; nil: as the browser asks.
    package var language: String?

    package init(
        id: Int64, name: String, email: String, role: Role, client: Int64?, zone: String?, phone: String, department: String?, seesColleagues: Bool, readsReports: Bool = false, language: String? = nil
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.role = role
        self.client = client
        self.zone = zone
        self.phone = phone
        self.department = department
        self.seesColleagues = seesColleagues
        self.readsReports = readsReports
        self.language = language
    }

    /// May this person do what concerns no ticket? The role's right, or the client's nomination.
    package func may(_ act: Act) -> Bool { Permissions.allows(role, act) || (act == .readReports && readsReports) }

    package var actor: Actor { Actor(kind: role.isStaff ? .staff : .contact, id: id, name: name) }

    package func relation(client: Int64?, contact: Int64?) -> Relation {
        if role.isStaff { return .staff }
        guard let own = self.client, own == client else { return .none }
        if contact == id { return .own }
        return role == .primaryContact || role == .standIn || seesColleagues ? .sameClient : .none
    }
}
