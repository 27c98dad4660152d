extension Session {
    /// Inserts many rows with few statements: one statement costs as much as the row that it writes.
    /// - Parameters:
    ///   - tail: what stands behind the values, as `ON CONFLICT … DO NOTHING RETURNING number`.
    /// - Returns: what `RETURNING` gave.
    @discardableResult
    func insert(into table: String, _ columns: String, _ rows: [[Value]], _ tail: String = "") throws -> [Row] {
        var answers: [Row] = []
        var rest = rows[...]
        while let width = rest.first?.count {
            let some = rest.prefix(Self.rowsAtOnce)
            rest = rest.dropFirst(some.count)
            var places = ""
            for row in 0..<some.count {
                places += row == 0 ? "(" : ", ("
                for column in 1...width { places += (column == 1 ? "$" : ", $") + String(row * width + column) }
                places += ")"
            }
            let sql = "INSERT INTO \(table) (\(columns)) VALUES \(places) \(tail)"
            if tail.contains("RETURNING") { answers += try run(sql, some.flatMap(\.self)) } else { try put(sql, some.flatMap(\.self)) }
        }
        return answers
    }

    /// Few enough that the engine's cache of prepared statements holds one for each number of rows.
    private static var rowsAtOnce: Int { 24 }
}
