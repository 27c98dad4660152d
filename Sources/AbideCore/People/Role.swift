/// The roles of `clauses.md` P, by the names that the API and the agreement file use.
package enum Role: String, CaseIterable, Hashable, Sendable, Codable {
    case client, primaryContact, standIn, reportReader, partner
    case agent, departmentLead, serviceManager, clientServicesManager, agreementManager, management, administrator

    /// Staff of the provider; all others belong to a client.
    package var isStaff: Bool {
        switch self {
        case .client, .primaryContact, .standIn, .reportReader, .partner: false
        case .agent, .departmentLead, .serviceManager, .clientServicesManager, .agreementManager, .management, .administrator: true
        }
    }
}
