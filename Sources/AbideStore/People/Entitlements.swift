extension Session {
    /// The facts of a client's record that its agreement asks for by names of its own (M), by client and name.
    package func entitlements() throws -> [Int64: [String: String]] {
        var all: [Int64: [String: String]] = [:]
        for row in try run("SELECT client, name, content FROM client_entitlement") { all[row.int64(0), default: [:]][row.text(1)] = row.text(2) }
        return all
    }

    /// - Parameter value: nil: the record says nothing any more.
    package func putEntitlement(client: Int64, name: String, value: String?) throws {
        if let value {
            try run(
                "INSERT INTO client_entitlement (client, name, content) VALUES ($1, $2, $3) ON CONFLICT (client, name) DO UPDATE SET content = excluded.content",
                [.integer(client), .text(name), .text(value)])
        } else {
            try run("DELETE FROM client_entitlement WHERE client = $1 AND name = $2", [.integer(client), .text(name)])
        }
    }
}
