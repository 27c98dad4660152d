extension Session {
    /// Mail domains of clients, by domain.
    package func clientDomains() throws -> [(domain: String, client: Int64)] {
        try run("SELECT domain, client FROM client_domain ORDER BY domain").map { ($0.text(0), $0.int64(1)) }
    }

    package func clientDomains(of client: Int64) throws -> [String] {
        try run("SELECT domain FROM client_domain WHERE client = $1 ORDER BY domain", [.integer(client)]).map { $0.text(0) }
    }

    package func client(ofDomain domain: String) throws -> Int64? {
        try run("SELECT client FROM client_domain WHERE domain = $1", [.text(domain.lowercased())]).first?.int64(0)
    }

    /// Replaces a client's domains.
    /// - Throws: `Duplicate` when another client has one of them.
    package func setClientDomains(_ domains: [String], of client: Int64) throws {
        try run("DELETE FROM client_domain WHERE client = $1", [.integer(client)])
        for domain in domains {
            let rows = try run("INSERT INTO client_domain (domain, client) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING RETURNING client", [.text(domain), .integer(client)])
            if rows.isEmpty { throw Duplicate(kind: "domain", name: domain) }
        }
    }
}
