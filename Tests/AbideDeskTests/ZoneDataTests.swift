import AbideCore
@testable import AbideDesk
import AbideStore
import AbideTestKit
import Foundation
import Logging
import Testing

@Suite("New time-zone data") struct ZoneDataTests {
    @Test("Rules that follow each other: before the change the old clock, from it on the new one")
    func followed() throws {
        let zones = ZoneFiles()
        let (chicago, york) = (try zones.rules("America/Chicago"), try zones.rules("America/New_York"))
        let at = try #require(Instant(rfc3339: "2026-03-11T15:00:00Z"))
        let both = chicago.followed(by: york, from: at)
        for days in stride(from: -4000, to: 4000, by: 7) {
            let t = at + Int64(days) * 86_400
            #expect(both.offset(at: t) == (t < at ? chicago : york).offset(at: t))
        }
        #expect(both.offset(at: at - 1) == chicago.offset(at: at - 1) && both.offset(at: at) == york.offset(at: at))
        let far = Instant(5_000_000_000)
        #expect(both.offset(at: far) == york.offset(at: far) && both.abbreviation(at: at) == "EDT")
    }

    @Test("C4 deadlines ahead follow with an event that says so, what is past stays, and a second start changes nothing")
    func update() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("America"), withIntermediateDirectories: true)
        func install(_ zone: String, _ version: String) throws {
            let source = URL(fileURLWithPath: "/usr/share/zoneinfo/America").appendingPathComponent(zone)
            try Data(contentsOf: source).write(to: folder.appendingPathComponent("America/Chicago"))
            try Data("# version \(version)\nZ America/Chicago x\n".utf8).write(to: folder.appendingPathComponent("tzdata.zi"))
        }
        let db = try SQLiteDatabase()
        let clock = VirtualClock("2026-03-10T20:00:00Z")
        func open() async throws -> Desk {
            try await Desk.open(
                db: db, settings: DeskSettings(baseURL: "http://desk.test"), keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: ZoneFiles(directory: folder.path),
                passwords: Passwords(rounds: 16, lanes: 1), logger: Logger(label: "t"), clock: { clock.now })
        }
        try install("Chicago", "2026a")
        let first = try await open()
        try await first.createClient(name: "Northfield")
        let person = try await first.createPerson(email: "a@n.example", name: "A", role: .primaryContact, client: "Northfield", phone: "1")
        let agent = try await first.createPerson(email: "m@l.example", name: "M", role: .agent, client: nil)
        #expect(person.role == .primaryContact && agent.role == .agent)
        let asks = try #require(try await first.bearer(first.createToken(email: "a@n.example", label: "t")))
        let works = try #require(try await first.bearer(first.createToken(email: "m@l.example", label: "t")))
        func log(_ urgency: Int) async throws -> String {
            try await first.log(LogRequest(subject: "S", urgency: urgency, fields: TestDesk.complete, channel: .portal), by: asks).ticket.ref
        }
        let answered = try await log(1)
        clock.advance(600)
        _ = try await first.act(answered, by: works) { try $0.answer("Yes", visibility: .public, channel: .portal, by: works, at: $2, $1) }
        // 15:10 in Dallas: 1 h 50 min are left today, 10 min tomorrow.
        let running = try await log(1)
        #expect(try await first.ticket(running, for: works).reading(.response).due == Instant(rfc3339: "2026-03-11T13:10:00Z"))
        let was = try await first.ticket(answered, for: works).reading(.response)
        clock.set("2026-03-10T21:00:00Z")
        try install("Denver", "2026b")
        let second = try await open()
        #expect(second.zoneData == "2026b")
        // From 21:00 UTC on the wall shows 15:00 again: 50 min were counted, 70 are left, today.
        let view = try await second.ticket(running, for: works)
        let (before, after) = (Instant(rfc3339: "2026-03-11T13:10:00Z"), Instant(rfc3339: "2026-03-10T22:10:00Z"))
        #expect(view.reading(.response).due == after && view.reading(.response).usedSeconds == 3000)
        let events = try await second.detail(running, for: works).events.map(\.event)
        #expect(events.last?.fact == .zoneDataChanged(version: "2026b", clock: .response, dueBefore: before, dueAfter: after))
        let past = try await second.ticket(answered, for: works)
        #expect(past.reading(.response) == was && past.intervals(.response).last?.to == was.stoppedAt)
        #expect(try await second.verify().fault == nil)
        let count = try await second.detail(running, for: works).events.count
        let third = try await open()
        #expect(try await third.detail(running, for: works).events.count == count)
    }
}
