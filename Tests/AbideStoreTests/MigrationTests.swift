@testable import AbideStore
import GRDB
import Testing

@Suite("Migrations")
struct MigrationTests {
    @Test("A new file gets every step once, and keeps its data when opened again")
    func fromNothing() async throws {
        let folder = try ScratchFolder()
        let first = try SQLiteDatabase(path: folder.file)
        try await first.write { try $0.setMeta("greeting", "hello") }
        try await first.close()
        let second = try SQLiteDatabase(path: folder.file)
        let (versions, greeting) = try await second.read { session in
            (try session.run("SELECT version FROM schema_version ORDER BY version").map { $0.int(0) }, try session.meta("greeting"))
        }
        #expect(versions == Migration.all.map(\.version))
        #expect(versions == Array(1...versions.count))
        #expect(greeting == "hello")
    }

    @Test("A file of a newer program is refused by name, and left as it is")
    func tooNew() async throws {
        let folder = try ScratchFolder()
        let database = try SQLiteDatabase(path: folder.file)
        try await database.write { try $0.run("INSERT INTO schema_version (version, reason, applied_at) VALUES (999, 'later', 0)") }
        try await database.close()
        let known = Migration.all.count
        #expect(throws: StoreError.tooNew(found: 999, known: known)) { try SQLiteDatabase(path: folder.file) }
        #expect("\(StoreError.tooNew(found: 999, known: known))".contains("999"))
    }

    @Test("A step that fails leaves nothing behind, and those before it stand")
    func failingStep() throws {
        let queue = try DatabaseQueue()
        let steps = [
            Migration(version: 1, reason: "good", statements: ["CREATE TABLE a (id {id})"]),
            Migration(version: 2, reason: "half", statements: ["CREATE TABLE b (id {id})", "CREATE TABLE a (id {id})"]),
        ]
        #expect(throws: DatabaseError.self) { try queue.writeWithoutTransaction { try SQLiteMigrator.migrate($0, migrations: steps) } }
        let (a, b, versions) = try queue.read { connection in
            (
                try connection.tableExists("a"), try connection.tableExists("b"),
                try Int.fetchAll(connection, sql: "SELECT version FROM schema_version")
            )
        }
        #expect(a)
        #expect(!b)
        #expect(versions == [1])
    }
}
