import AbideCore
import AbideStore
import Foundation

/// 2026-03-12T15:42:00Z.
let noon = Instant(1_773_330_120)

struct Broken: Error, Equatable {}

/// A directory that is gone when the test is.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("abide-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/abide.sqlite" }
}

/// A client with a contact, and an agent: the least that a ticket needs.
struct SmallDesk: Sendable {
    var client: StoredClient
    var contact: StoredPerson
    var agent: StoredPerson

    init(in session: any Session) throws {
        client = try session.createClient(
            StoredClient(name: "Northfield Mining", zone: "America/Chicago", subscriptionUntil: nil, managedHosting: false, shareTickets: true, createdAt: noon))
        contact = try session.createPerson(
            StoredPerson(email: "Gary@Northfield.example", name: "Gary", role: .client, client: client.id, createdAt: noon))
        agent = try session.createPerson(StoredPerson(email: "maya@desk.example", name: "Maya", role: .agent, client: nil, createdAt: noon))
    }

    func ticket(_ number: Int64, status: String = "open", group: Int = 0, due: Instant? = nil, logged: Instant? = nil) -> TicketRecord {
        TicketRecord(
            id: number, ref: "ABD-\(number)", client: client.id, contact: contact.id, assignee: nil, department: "Support", status: status,
            severity: 2, urgency: 2, channel: "email", subject: "Conveyor alarms \(number)", registeredAt: noon + number, loggedAt: logged,
            groupRank: group, due: due, state: "{}", line: "line", head: 0, headHash: "", updatedAt: noon, escalated: 0)
    }
}

func event(_ type: String, _ fact: String = "{}", texts: [String: String] = [:]) -> NewEvent {
    NewEvent(
        type: type, occurredAt: noon, recordedAt: noon + 1, actorKind: "staff", actor: 7, actorName: "Maya", fact: fact, texts: texts)
}
