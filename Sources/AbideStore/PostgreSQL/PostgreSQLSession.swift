/// Statements within one transaction of PostgreSQL.
struct PostgreSQLSession: Session {
    let connection: PostgreSQLConnection
    var dialect: Dialect { .postgreSQL }

    func run(_ sql: String, _ values: [Value]) throws -> [Row] { try connection.run(sql, values) }

    func put(_ sql: String, _ values: [Value]) throws { try connection.later(sql, values) }

    func load(_ table: String, _ columns: String, _ rows: [[Value]]) throws {
        guard !rows.isEmpty else { return }
        try connection.copy(table, columns, rows)
    }
}
