import AbideStore
import Foundation
import Synchronization
import Testing

@Suite("SQLite behind the seam")
struct SQLiteDatabaseTests {
    let folder: ScratchFolder
    let database: SQLiteDatabase

    init() async throws {
        folder = try ScratchFolder()
        database = try SQLiteDatabase(path: folder.file)
        try await database.write { try $0.run("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)") }
    }

    @Test("The writer waits for the disk: synchronous is FULL in WAL mode, after the pool has opened")
    func durability() async throws {
        let settings = try await database.write { session in
            try ["synchronous", "journal_mode", "foreign_keys"].map { try session.run("PRAGMA \($0)")[0][0] }
        }
        #expect(settings == [2, "wal", 1])
    }

    @Test("Nobody but the owner reads the files")
    func fileModes() async throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
    }

    @Test("P15 more writers than could be answered in a moment: those from outside are to come again, and all who wait are answered")
    func busy() async throws {
        let database = database
        #expect(!database.isBusy)
        let gate = DispatchSemaphore(value: 0)
        let first = Task.immediate { try await database.write { _ in gate.wait() } }
        let writers = (0..<2_500).map { id in Task.immediate { try await database.write { try $0.run("INSERT INTO note (id) VALUES ($1)", [Value(id)]) } } }
        #expect(database.isBusy)
        gate.signal()
        try await first.value
        for writer in writers { _ = try await writer.value }
        #expect(!database.isBusy)
        #expect(try await database.read { try $0.run("SELECT COUNT(*) FROM note")[0].int(0) } == 2_500)
    }

    @Test("Placeholders go by their number, in any order and repeated")
    func placeholders() async throws {
        let row = try await database.read { try $0.run("SELECT $2, $1, $2, $3", ["a", "b", nil])[0] }
        #expect(row.values == ["b", "a", "b", nil])
    }

    @Test("Every kind of value comes back as it went in, with large ones and their successors")
    func values() async throws {
        let large = [UInt8](repeating: 7, count: 100_000)
        for value: Value in [nil, 42, .integer(.min), 1.5, "Zürich 😀 'quoted'", .blob([]), .blob([0, 255, 0]), .blob(large), .blob([1])] {
            #expect(try await database.read { try $0.run("SELECT $1", [value])[0][0] } == value)
        }
    }

    @Test("A missing value is an error, not a guess")
    func missingValue() async throws {
        await #expect(throws: (any Error).self) { try await database.read { try $0.run("SELECT $1, $2", ["a"]) } }
    }

    @Test("A read can't write")
    func readOnly() async throws {
        await #expect(throws: (any Error).self) { try await database.read { try $0.run("INSERT INTO note (id, text) VALUES (1, 'a')") } }
    }

    @Test("A thousand writers at once: what was answered is in the file, what threw is not, and hurts nobody")
    func manyWriters() async throws {
        let database = database
        let failures = await withTaskGroup(of: Bool.self) { group in
            for id in 0..<1_000 {
                group.addTask {
                    do {
                        try await database.write { session in
                            try session.run("INSERT INTO note (id, text) VALUES ($1, 'kept')", [Value(id)])
                            if id % 10 == 3 { throw Broken() }
                        }
                        return false
                    } catch {
                        return error is Broken
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 100)
        try await database.close()
        let again = try SQLiteDatabase(path: folder.file)
        let ids = try await again.read { try $0.run("SELECT id FROM note ORDER BY id").map { $0.int(0) } }
        #expect(ids == (0..<1_000).filter { $0 % 10 != 3 })
    }

    @Test("Writers that wait together share one commit: none is answered before all have run")
    func sharedCommit() async throws {
        let database = database
        let ran = Counter()
        let gate = await holdWriter()
        let writers = (0..<100).map { id in
            Task.immediate {
                try await database.write { session in
                    try session.run("INSERT INTO note (id, text) VALUES ($1, 'shared')", [Value(id)])
                    ran.increment()
                }
                return ran.value
            }
        }
        gate.signal()
        for writer in writers { #expect(try await writer.value == 100) }
    }

    /// Returns once a write is running that lasts until the gate is opened: those that come meanwhile are the next group.
    private func holdWriter() async -> DispatchSemaphore {
        let gate = DispatchSemaphore(value: 0)
        await withCheckedContinuation { running in
            _ = Task { [database] in
                try await database.write { _ in
                    running.resume()
                    gate.wait()
                }
            }
        }
        return gate
    }

    @Test("When the commit fails, all of the group hear of it, nothing is kept, and the next write works")
    func failedCommit() async throws {
        let database = database
        try await database.write { session in
            try session.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
            try session.run("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        }
        let gate = await holdWriter()
        let innocent = Task.immediate {
            try await database.write { try $0.run("INSERT INTO note (id, text) VALUES (1, 'a')") }
        }
        let orphan = Task.immediate { try await database.write { try $0.run("INSERT INTO child (id) VALUES (9)") } }
        gate.signal()
        await #expect(throws: (any Error).self) { try await innocent.value }
        await #expect(throws: (any Error).self) { try await orphan.value }
        try await database.write { try $0.run("INSERT INTO note (id, text) VALUES (2, 'b')") }
        #expect(try await database.read { try $0.run("SELECT id FROM note").map { $0.int(0) } } == [2])
    }

    @Test("Closing answers those who wait and refuses those who come")
    func closing() async throws {
        let database = database
        let writers = (0..<50).map { id in
            Task.immediate { try await database.write { try $0.run("INSERT INTO note (id, text) VALUES ($1, 'x')", [Value(id)]) } }
        }
        try await database.close()
        for writer in writers { _ = try await writer.value }
        await #expect(throws: StoreError.closed) { try await database.write { _ in } }
        let again = try SQLiteDatabase(path: folder.file)
        #expect(try await again.read { try $0.run("SELECT COUNT(*) FROM note")[0].int(0) } == 50)
    }
}

final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}
