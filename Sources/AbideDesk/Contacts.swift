package import AbideCore
import AbideStore

extension Desk {
    /// The people of all clients, by name: the callers whom staff log for (A3). Throws a refusal for whoever may not.
    package func contacts(for person: Person) async throws -> [(person: PersonBrief, client: Int64?)] {
        guard Permissions.allows(person.role, .logForCaller) else { throw Refusal.role(person.role, may: "Agents, department leads and the service manager log for callers.", clause: "A3") }
        let known = try await people().people.values.filter { !$0.role.isStaff && !$0.disabled && Permissions.allows($0.role, .logTicket) }
        return known.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { (PersonBrief($0), $0.client) }
    }
}
