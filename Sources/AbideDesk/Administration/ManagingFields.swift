package import AbideCore
import AbideStore

/// Fields of the provider's own: which there are, and for whose tickets.
extension Desk {
    /// All of them, by label; for those of the desk.
    package func customFields() async throws -> [CustomField] { try await people().customFields }

    /// Makes one, or changes one that there is: its name stays, since tickets hold values under it.
    /// - Parameter field: with id 0 a new one.
    package func putCustomField(_ field: CustomField, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            var field = field
            let all = try session.customFields()
            if let known = all.first(where: { $0.id == field.id }), field.id != 0 { field.name = known.name }
            var faults = field.faults
            if field.id == 0 {
                if all.contains(where: { $0.name == field.name }) { faults["name"] = "There is a field of this name already." }
                if all.count >= CustomField.limit { faults["name"] = "At most \(CustomField.limit) fields." }
            } else if !all.contains(where: { $0.id == field.id }) { throw Refusal(.unknown, "There is no such field.") }
            if let client = field.client, try session.clients().contains(where: { $0.id == client }) == false { faults["client"] = "There is no such client." }
            if let kind = field.ticketKind, !CoverageFact.kind.values.contains(kind) { faults["ticketKind"] = "One of \(CoverageFact.kind.values.joined(separator: ", "))." }
            guard faults.isEmpty else { throw Refusal.input(faults) }
            try session.putCustomField(field)
            try session.audit(manager, at: now, field.id == 0 ? "field.added" : "field.changed", field.name, field.isRetired ? "retired" : "")
            try session.announce("people")
        }
        directory.forget()
    }

    /// Sets fields of the provider's own on a ticket.
    @discardableResult
    package func customise(_ ref: String, _ values: [String: String], by person: Person, ifMatch: Int? = nil, idempotency: Idempotency? = nil) async throws -> TicketView {
        let fields = try await customFields()
        return try await act(ref, by: person, ifMatch: ifMatch, idempotency: idempotency) { ticket, _, now in try ticket.customise(values, fields: fields, by: person, at: now) }
    }
}
