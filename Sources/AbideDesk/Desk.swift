package import AbideCore
package import AbideStore
import Foundation
package import Logging
import Synchronization

package struct DeskSettings: Sendable {
    /// How browsers reach the desk, without a slash at the end; links in mails begin with it. Never taken from a request.
    package var baseURL: String
    package var secureCookies: Bool
    /// The names by which a request may call the desk, without a port; nil: any, where nobody said how the desk is reached.
    package var hosts: Set<String>?
    /// False: no relay, what would leave stays in the outbox page.
    package var sendsMail: Bool
    package var version: String
    /// A command beside the serving process, which alone knows how the desk is reached.
    package var isCommand: Bool
    /// Whose word about senders counts.
    package var mailTrust = MailTrust()
    /// The folder of the embedded database; nil where the data are on a server.
    package var folder: String?
    /// How this process is called among those on one database; nil: it is the only one.
    package var node: String?
    /// The mailboxes that are looked into; nil: any that the store knows.
    package var mailboxes: [String]?
    /// Looks into a mailbox once and takes nothing; what it found, and the grant where the provider renewed it. nil: this process reads none.
    package var probeMailbox: (@Sendable (MailboxAccess) async throws -> (found: MailboxFound, renewed: MailboxGrant?))?
    /// The doors of mail as they were set at the start, for the administrators' page: where it comes in, and by which relay it leaves.
    package var mailDoor: String?
    package var relay: String?
    /// The words of mails to clients; nil: English.
    package var templates: MailTemplates?
    package init(baseURL: String, secureCookies: Bool = false, sendsMail: Bool = false, version: String = "0.1.0", isCommand: Bool = false) {
        self.isCommand = isCommand
        self.baseURL = baseURL
        self.secureCookies = secureCookies
        self.sendsMail = sendsMail
        self.version = version
    }
}

/// The desk: its use cases over the store. Each act loads, folds, decides, appends; what follows is in the same transaction.
package final class Desk: Sendable {
    package let settings: DeskSettings
    package let live = LiveHub()
    package let presence = PresenceHub()
    package let db: any Database
    package let passwords: Passwords
    let keys: Keys
    let zones: ZoneFiles
    let logger: Logger
    let clock: @Sendable () -> Instant
    let directory: Directory
    package let agreements: AgreementShelf
    let cache = TicketCache()
    /// This process, among those on the store.
    let node = Secrets.token()
    let signedIn = SignedInCache()
    let probe = WriteProbe()
    let roomProbe = RoomProbe()
    let clockWatch = ClockWatch()
    package let upkeep = Upkeep()
    let conditionSeen = Mutex<DeskCondition?>(nil)
    /// Whether the last mail found no relay that answered.
    let relayIsAway = Mutex(false)
    let erasuresSeen = Mutex<Int?>(nil)
    let countCache = CountCache()
    let rowCache = RowCache()
    let workspace = WorkspaceCache()
    let logCache = LogCache()
    /// When this process opened its doors, and how long the desk had been away before.
    let awake = Mutex<(since: Instant, awaySeconds: Int64)>((Instant(0), 0))

    package init(
        db: any Database, settings: DeskSettings, keys: Keys, zones: ZoneFiles, passwords: Passwords, agreements: AgreementShelf,
        logger: Logger, clock: @escaping @Sendable () -> Instant
    ) {
        self.db = db
        self.settings = settings
        self.keys = keys
        self.zones = zones
        self.passwords = passwords
        self.logger = logger
        self.clock = clock
        self.agreements = agreements
        directory = Directory(alsoReads: agreements.refresh)
    }

    package func now() -> Instant { clock() }

    /// What is in force now for clients without an agreement of their own.
    package func currentAgreement() -> Agreement { agreement(client: nil, at: now()) }

    /// What is in force for a client (O4); nil: for those without an agreement of their own.
    package func agreement(client: Int64?, at instant: Instant) -> Agreement {
        // The desk was opened with one in force for all, and none is ever taken away.
        guard let agreement = agreements.inForce(client: client, at: instant) else { preconditionFailure("no agreement is in force") }
        return agreement
    }

    /// What is in force for a person: the client's, or for staff the one for all.
    package func agreement(for person: Person?) -> Agreement { agreement(client: person.flatMap { $0.role.isStaff ? nil : $0.client }, at: now()) }

    var isCommand: Bool { settings.isCommand }

    /// The version that a ticket is pinned to (O2).
    package func agreement(digest: String) throws -> Agreement {
        guard let found = agreements.version(digest) else {
            // Another process has just put it in force: the next reading of the directory brings it.
            directory.forget()
            throw DeskFault.unknownAgreement(digest)
        }
        return found
    }

    /// The same within a transaction, which can bring a version that another process has stored.
    func agreement(digest: String, _ session: any Session) throws -> Agreement {
        if let found = agreements.version(digest) { return found }
        guard let stored = try session.agreement(digest: digest) else { throw DeskFault.unknownAgreement(digest) }
        let made = try agreements.make(stored)
        agreements.add(made)
        return made
    }

    /// The fields that a new ticket of anybody for whom this person logs may have.
    package func intake(for person: Person) -> [IntakeField] {
        guard person.role.isStaff else { return agreement(for: person).terms.intake }
        var all = currentAgreement().terms.intake
        for field in agreements.allInForce(at: now()).flatMap(\.terms.intake) where !all.contains(where: { $0.name == field.name }) { all.append(field) }
        return all
    }

    /// The version of the zone data by which deadlines are counted, as `2026a`; empty where the system doesn't say.
    package var zoneData: String { zones.version }

    package func zone(_ name: String) -> ZoneRules? { try? zones.rules(name) }

    /// The desk's own zone.
    package var deskZone: ZoneRules { currentAgreement().defaultCalendar.zone }

    var deskZoneName: String {
        let terms = currentAgreement().terms
        return terms.calendar(terms.defaultCalendar)?.zone ?? terms.provider.zone
    }

    /// Finishes what is being written and lets go of the store.
    package func close() async throws { try await db.close() }
}

package enum DeskFault: Error, CustomStringConvertible {
    case unknownAgreement(String)
    case brokenRow(String)

    package var description: String {
        switch self {
        case .unknownAgreement(let digest): "no agreement with the digest \(digest) is stored"
        case .brokenRow(let what): "a stored row can't be read: \(what)"
        }
    }
}

/// Who a cookie belongs to, for two seconds: a page asks it with each request, and a right that is taken away must be gone within five.
final class SignedInCache: Sendable {
    private let known = Mutex<[String: (person: Person, csrf: String, readAt: Instant)]>([:])

    func find(_ hash: String, now: Instant) -> (person: Person, csrf: String)? {
        guard let found = known.withLock({ $0[hash] }), abs(now - found.readAt) < 2 else { return nil }
        return (found.person, found.csrf)
    }

    func keep(_ hash: String, _ person: Person, _ csrf: String, now: Instant) {
        known.withLock { known in
            if known.count > 4096 { known.removeAll(keepingCapacity: true) }
            known[hash] = (person, csrf, now)
        }
    }

    func forget(_ hash: String) { known.withLock { $0[hash] = nil } }

    func forget(person: Int64) { known.withLock { known in known = known.filter { $0.value.person.id != person } } }
}

/// The counts beside lists, until a ticket moves here, or for two seconds where another process moves one.
final class CountCache: Sendable {
    private struct State {
        var moves = 0
        var counts: [Int64: (moves: Int, readAt: Instant, counts: TicketCounts)] = [:]
        var views: [String: (moves: Int, readAt: Instant, count: Int)] = [:]
    }

    private let state = Mutex(State())

    func moved() { state.withLock { $0.moves += 1 } }

    var moves: Int { state.withLock { $0.moves } }

    func known(client: Int64?, now: Instant) -> TicketCounts? {
        state.withLock { state in
            guard let known = state.counts[client ?? 0], known.moves == state.moves, abs(now - known.readAt) < 2 else { return nil }
            return known.counts
        }
    }

    func known(view: String, now: Instant) -> Int? {
        state.withLock { state in
            guard let known = state.views[view], abs(now - known.readAt) < (known.moves == state.moves ? 10 : 2) else { return nil }
            return known.count
        }
    }

    func keep(_ count: Int, view: String, moves: Int, now: Instant) {
        state.withLock { state in
            if state.views.count > 1024 { state.views.removeAll(keepingCapacity: true) }
            state.views[view] = (moves, now, count)
        }
    }

    /// - Parameter moves: as they were before the counts were read.
    func keep(_ counts: TicketCounts, client: Int64?, moves: Int, now: Instant) {
        state.withLock { $0.counts[client ?? 0] = (moves, now, counts) }
    }
}

/// Decoded logs by ticket and version: a log of that length never changes.
final class LogCache: Sendable {
    private struct Content {
        var logs: [Int64: Desk.Written] = [:]
        var size = 0
    }

    private let content = Mutex(Content())
    /// What is larger is read each time; all that is kept takes some 16 MB at most.
    private static let (largest, most) = (131_072, 16_777_216)

    func forget() { content.withLock { $0 = Content() } }

    func written(_ ticket: Ticket, _ read: () throws -> Desk.Written) rethrows -> Desk.Written {
        if let known = content.withLock({ $0.logs[ticket.id] }), known.log.count == ticket.head { return known }
        let fresh = try read()
        let size = fresh.size
        guard size <= Self.largest else { return fresh }
        content.withLock { content in
            if content.size + size > Self.most { content = Content() }
            content.size += size - (content.logs[ticket.id]?.size ?? 0)
            content.logs[ticket.id] = fresh
        }
        return fresh
    }
}

/// Folded tickets by id and version: a version never changes, so that nothing here can be stale for the version asked for.
final class TicketCache: Sendable {
    private let tickets = Mutex<[Int64: Ticket]>([:])

    /// - Parameter committed: false within a write, where what is read may yet be rolled back and must not stay here.
    func ticket(_ record: TicketRecord, committed: Bool = true) throws -> Ticket {
        if let known = tickets.withLock({ $0[record.id] }), known.head == record.head { return known }
        let ticket: Ticket
        do { ticket = try JSONDecoder().decode(Ticket.self, from: Data(record.state.utf8)) } catch { throw DeskFault.brokenRow("ticket \(record.ref)") }
        if committed { keep(ticket) }
        return ticket
    }

    func forget() { tickets.withLock { $0 = [:] } }

    /// Only for what is committed.
    func keep(_ ticket: Ticket) {
        tickets.withLock { tickets in
            if tickets.count > 1024 { tickets.removeAll(keepingCapacity: true) }
            tickets[ticket.id] = ticket
        }
    }
}
