package import AbideCore

extension Session {
    package func customFields() throws -> [CustomField] {
        try run("SELECT id, name, label, kind, choices, client, ticket_kind, public, retired FROM custom_field ORDER BY label, id LIMIT 500").map {
            CustomField(
                id: $0.int64(0), name: $0.text(1), label: $0.text(2), kind: CustomField.Kind(rawValue: $0.text(3)) ?? .text, choices: $0.text(4).split(separator: "\n").map(String.init),
                client: $0.int64OrNil(5), ticketKind: $0.textOrNil(6), isPublic: $0.bool(7), isRetired: $0.bool(8))
        }
    }

    /// - Parameter field: with id 0 a new one.
    package func putCustomField(_ field: CustomField) throws {
        let values: [Value] = [
            .text(field.label), .text(field.kind.rawValue), .text(field.choices.joined(separator: "\n")), Value(field.client), Value(field.ticketKind), Value(field.isPublic), Value(field.isRetired),
        ]
        if field.id == 0 {
            try run("INSERT INTO custom_field (label, kind, choices, client, ticket_kind, public, retired, name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", values + [.text(field.name)])
        } else {
            try run("UPDATE custom_field SET label = $1, kind = $2, choices = $3, client = $4, ticket_kind = $5, public = $6, retired = $7 WHERE id = $8", values + [.integer(field.id)])
        }
    }
}
