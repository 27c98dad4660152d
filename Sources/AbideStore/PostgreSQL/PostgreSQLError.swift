/// What PostgreSQL, or the way to it, said. The message is the server's first line: no values of rows.
package struct PostgreSQLError: Error, Hashable, CustomStringConvertible {
    /// Five characters as in the manual's appendix A; empty where the connection broke before the server could answer.
    package var sqlState: String
    package var message: String

    package var description: String { sqlState.isEmpty ? "PostgreSQL: \(message)" : "PostgreSQL \(sqlState): \(message)" }

    /// The server is gone, going, or no longer the one that takes writes: another connection may do, the transaction is lost.
    var isOfConnection: Bool {
        // 08: connection; 57P0x: shutting down, crashed, starting; 25P03, 25P04: ended for being idle or too long; 25006: read-only, as after a failover.
        sqlState.isEmpty || sqlState.hasPrefix("08") || sqlState.hasPrefix("57P0") || ["25P03", "25P04", "25006", "53300"].contains(sqlState)
    }

    /// Two transactions were in each other's way: the same again may well succeed.
    var isOfConcurrency: Bool { sqlState == "40001" || sqlState == "40P01" }
}
