/// A table of the store, as the engine itself describes it.
struct StoreTable: Sendable, Hashable {
    var name: String
    var columns: [String]
    /// The columns of its primary key, in order.
    var key: [String]
    /// The tables that its rows refer to.
    var refersTo: [String]
}

extension Session {
    /// All tables whose rows are the desk's: those that can be made again from others (the words of the search) are left out. A table stands behind
    /// those that it refers to.
    func storeTables() throws -> [StoreTable] {
        let tables = try run(dialect.tables).map { row in
            let name = row.text(0)
            return StoreTable(
                name: name, columns: try run(dialect.columns, [.text(name)]).map { $0.text(0) }, key: try run(dialect.keyColumns, [.text(name)]).map { $0.text(0) },
                refersTo: try run(dialect.references, [.text(name)]).map { $0.text(0) })
        }
        var sorted: [StoreTable] = []
        var left = tables.filter { !["schema_version", "search_queue"].contains($0.name) && !$0.name.hasPrefix("ticket_words") }.sorted { $0.name < $1.name }
        while !left.isEmpty {
            let names = Set(left.map(\.name))
            let free = left.filter { table in table.refersTo.allSatisfy { $0 == table.name || !names.contains($0) } }
            guard !free.isEmpty else { throw ArchiveFault("tables refer to each other in a ring: \(names.sorted().joined(separator: ", "))") }
            sorted += free
            left.removeAll { free.contains($0) }
        }
        return sorted
    }

    func schemaVersion() throws -> Int { try run("SELECT COALESCE(MAX(version), 0) FROM schema_version").first?.int(0) ?? 0 }

    /// Hands out a table's rows in order of their keys, some at a time.
    func eachRow(of table: StoreTable, _ body: ([Value]) throws -> Void) throws {
        // Names of tables and columns are the schema's own.
        let columns = table.columns.joined(separator: ", ")
        let key = table.key.joined(separator: ", ")
        let places = table.key.compactMap { table.columns.firstIndex(of: $0) }
        guard !key.isEmpty, places.count == table.key.count else { throw ArchiveFault("the table \(table.name) has no primary key") }
        // Rows with attachments and raw mails are large.
        let size = table.columns.contains("content") || table.columns.contains("raw") ? 8 : 500
        var last: [Value]?
        while true {
            let behind = last == nil ? "" : " WHERE (\(key)) > (\((1...table.key.count).map { "$\($0)" }.joined(separator: ", ")))"
            let rows = try run("SELECT \(columns) FROM \(table.name)\(behind) ORDER BY \(key) LIMIT \(size)", last ?? [])
            for row in rows { try body(row.values) }
            guard rows.count == size, let end = rows.last else { return }
            last = places.map { end[$0] }
        }
    }
}
