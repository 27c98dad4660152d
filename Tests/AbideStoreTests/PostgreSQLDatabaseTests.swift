import AbideCore
@testable import AbideStore
import AbideTestKit
import Foundation
import Synchronization
import Testing

@Suite("PostgreSQL behind the seam")
struct PostgreSQLDatabaseTests {
    let url: String
    let database: PostgreSQLDatabase

    init() async throws {
        url = try TestPostgreSQL.shared.freshURL()
        database = try PostgreSQLDatabase(url: url, readers: 2)
        try await database.write { try $0.run("CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT)") }
    }

    @Test("Every kind of value comes back as it went in, and a sum is a number")
    func values() async throws {
        let large = [UInt8](repeating: 7, count: 3_000_000)
        for value: Value in [nil, 42, .integer(.min), .integer(.max), 1.5, "Zürich 😀 'quoted'", "", .blob([]), .blob([0, 255, 0]), .blob(large), .blob([1])] {
            #expect(try await database.read { try $0.run("SELECT $1", [value])[0][0] } == value)
        }
        #expect(try await database.read { try $0.run("SELECT $1", ["a\u{0}b"])[0].text(0) } == "a\u{FFFD}b")
        let sums = try await database.read { try $0.run("SELECT SUM(n), SUM(-n), SUM(n * 0), 1234567890123.25::numeric FROM (VALUES (9007199254740993::bigint), (7)) v (n)")[0] }
        #expect(sums.values == [.integer(9_007_199_254_741_000), .integer(-9_007_199_254_741_000), 0, .real(1_234_567_890_123.25)])
    }

    @Test("One statement takes values of different kinds, and null for any")
    func kinds() async throws {
        let insert = "INSERT INTO note (id, text) VALUES ($1, $2)"
        let rows = try await database.write { session in
            try session.run(insert, [1, nil])
            try session.run(insert, [2, "two"])
            try session.run(insert, [3, nil])
            return try session.run("SELECT id, text FROM note ORDER BY id")
        }
        #expect(rows.map(\.values) == [[1, nil], [2, "two"], [3, nil]])
    }

    @Test("A read sees one instant and can't write")
    func readOnly() async throws {
        let database = database
        await #expect(throws: (any Error).self) { try await database.read { try $0.run("INSERT INTO note (id) VALUES (1)") } }
        let url = url
        let counts = try await database.read { session in
            let before = try session.run("SELECT COUNT(*) FROM note")[0].int(0)
            // Another connection, which commits while this one reads.
            try PostgreSQLDatabase.execute("INSERT INTO note (id) VALUES (9)", at: url)
            return (before, try session.run("SELECT COUNT(*) FROM note")[0].int(0))
        }
        #expect(counts == (0, 0))
    }

    @Test("A glance is answered from what was read before until anybody commits anything, and never from two instants")
    func glances() async throws {
        // A server of its own: other tests commit on theirs all the time.
        let server = TestPostgreSQL()
        defer { server.stop() }
        let url = try server.freshURL()
        let database = try PostgreSQLDatabase(url: url, readers: 2)
        try await database.write { session in
            try session.run("CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT)")
            try session.run("INSERT INTO note (id, text) VALUES (1, 'a')")
        }
        let glance = { @Sendable in try await database.glance { session in (try session.run("SELECT random()")[0], try session.run("SELECT text FROM note WHERE id = $1", [1])[0].text(0)) } }
        let first = try await glance()
        #expect(try await glance() == first)
        // A node that this one has never heard of.
        try PostgreSQLDatabase.execute("UPDATE note SET text = 'b' WHERE id = 1", at: url)
        let second = try await glance()
        #expect(second.1 == "b" && second.0 != first.0)
        try await database.write { try $0.run("UPDATE note SET text = 'c' WHERE id = 1") }
        #expect(try await glance().1 == "c")
        // Half of it is known, and something is written while the closure runs: both halves are of the time after it, or both of before.
        let halves = try await database.glance { session in
            let known = try session.run("SELECT text FROM note WHERE id = $1", [1])[0].text(0)
            try PostgreSQLDatabase.execute("UPDATE note SET text = text || 'd' WHERE id = 1", at: url)
            return (known, try session.run("SELECT text, id FROM note WHERE id = $1", [1])[0].text(0))
        }
        #expect(halves.0 == halves.1)
        await #expect(throws: (any Error).self) { try await database.glance { try $0.run("DELETE FROM note") } }
        #expect(try await glance().1.hasPrefix("cd"))
        try await database.close()
    }

    @Test("Many rows at once: what COPY puts in is what single inserts put in, and a taken key ends all of it")
    func loading() async throws {
        let rows: [[Value]] = [[1, "Zürich 😀\t\\N\n"], [2, nil], [3, ""], [4, .text(String(repeating: "x", count: 200_000))]]
        let database = database
        try await database.write { try $0.load("note", "id, text", rows) }
        #expect(try await database.read { try $0.run("SELECT id, text FROM note ORDER BY id").map(\.values) } == rows)
        await #expect(throws: PostgreSQLError.self) { try await database.write { try $0.load("note", "id, text", [[5, "five"], [1, "one"]]) } }
        #expect(try await database.write { try $0.run("SELECT COUNT(*) FROM note")[0].int(0) } == 4)
    }

    @Test("Writers on two nodes: what was answered is stored, what threw is not, and nobody overtakes a read that a write rests on")
    func manyWriters() async throws {
        let nodes = [database, try PostgreSQLDatabase(url: url, readers: 1)]
        try await database.write { try $0.setMeta("sum", "0") }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for id in 0..<600 {
                group.addTask {
                    do {
                        try await nodes[id % 2].write { session in
                            let sum = Int(try session.meta("sum") ?? "") ?? 0
                            try session.setMeta("sum", String(sum + 1))
                            try session.run("INSERT INTO note (id, text) VALUES ($1, 'kept')", [Value(id)])
                            if id % 10 == 3 { throw Broken() }
                            // An error of the engine hurts its own writer only.
                            if id % 10 == 7 { try session.run("INSERT INTO note (id, text) VALUES ($1, 'again')", [Value(id)]) }
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 120)
        let (ids, sum) = try await database.read { session in (try session.run("SELECT id FROM note ORDER BY id").map { $0.int(0) }, try session.meta("sum")) }
        #expect(ids == (0..<600).filter { $0 % 10 != 3 && $0 % 10 != 7 })
        #expect(sum == "480")
        try await nodes[1].close()
    }

    @Test("P6 connections that are cut in the middle of writes: each write happens once, none fails, reading goes on")
    func cutConnections() async throws {
        let database = database, url = url
        let cutter = Task {
            for _ in 0..<6 {
                try await Task.sleep(for: .milliseconds(40))
                try TestPostgreSQL.shared.cutConnections(of: url)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<400 {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(id))
                    try await database.write { try $0.run("INSERT INTO note (id) VALUES ($1)", [Value(id)]) }
                    _ = try await database.read { try $0.run("SELECT COUNT(*) FROM note") }
                }
            }
            try await group.waitForAll()
        }
        try await cutter.value
        #expect(try await database.read { try $0.run("SELECT COUNT(*) FROM note")[0].int(0) } == 400)
    }

    @Test("A node hears what another announces with its commit, and not what was rolled back or is its own")
    func announcements() async throws {
        let other = try PostgreSQLDatabase(url: url, readers: 1)
        // The line must stand before something is said: say until it is heard.
        var heard = other.announcements().makeAsyncIterator()
        let own = database.announcements()
        let database = database
        let caller = Task {
            while !Task.isCancelled {
                try await database.write { try $0.announce("hello") }
                try? await database.write { session in
                    try session.announce("never")
                    throw Broken()
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(await heard.next() == .said("hello"))
        #expect(await heard.next() == .said("hello"))
        caller.cancel()
        _ = await caller.result
        try await other.close()
        try await database.close()
        for await announcement in own { Issue.record("heard its own \(announcement)") }
    }

    @Test("The time is the database's, whatever the machine's clock says")
    func time() async throws {
        let before = try #require(database.now())
        let theirs = try await database.read { try $0.run("SELECT EXTRACT(EPOCH FROM clock_timestamp())::bigint")[0].int64(0) }
        let after = try #require(database.now())
        #expect(before.seconds - 1 <= theirs && theirs <= after.seconds + 1)
    }

    @Test("Closing answers those who wait and refuses those who come; nobody is there: it says so")
    func closing() async throws {
        let database = database
        let writers = (0..<50).map { id in Task.immediate { try await database.write { try $0.run("INSERT INTO note (id) VALUES ($1)", [Value(id)]) } } }
        try await database.close()
        for writer in writers { _ = try await writer.value }
        await #expect(throws: StoreError.closed) { try await database.write { _ in } }
        await #expect(throws: StoreError.closed) { try await database.read { _ in } }
        #expect(throws: StoreError.self) { try PostgreSQLDatabase(url: "postgres://abide@/postgres?host=/nowhere") }
    }

    @Test("Of two nodes that start at once one takes the steps; a newer database is refused")
    func migrations() async throws {
        let url = try TestPostgreSQL.shared.freshURL()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await PostgreSQLDatabase(url: url, readers: 1).close() } }
            try await group.waitForAll()
        }
        let database = try PostgreSQLDatabase(url: url, readers: 1)
        let versions = try await database.read { try $0.run("SELECT version FROM schema_version ORDER BY version").map { $0.int(0) } }
        #expect(versions == Migration.all.map(\.version))
        try await database.write { try $0.run("INSERT INTO schema_version (version, reason, applied_at) VALUES (999, 'later', 0)") }
        #expect(throws: StoreError.tooNew(found: 999, known: versions.count)) { try PostgreSQLDatabase(url: url) }
    }
}
