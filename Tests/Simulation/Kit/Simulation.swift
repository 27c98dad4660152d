import AbideCore
import AbideDesk
import AbideMail
import AbideStore
import AbideTestKit
import Foundation
import Logging
import Synchronization

/// What one seed came to.
package struct Outcome: Sendable {
    package var seed: UInt64
    package var tickets = 0
    package var events = 0
    package var mails = 0
    package var refusals = 0
    package var deaths = 0
    package var escalations = 0
    package var comparisons = 0
    /// SHA-256 over the log, the mails that left and those that came; the same for the same seed, anywhere.
    package var digest = ""
}

/// A quarter of a desk's life under one seed: three clients, five staff, 120 tickets, and everything that goes wrong; a serial loop over a
/// virtual clock, with the real desk on the real store. `docs/simulation.md` says what is simulated and which laws are watched.
package final class Simulation {
    static let quarter: Int64 = 92 * 86_400
    static let ticketCount = 120

    let seed: UInt64
    let trace: Bool
    var dice: Seeded
    var agenda = Agenda()
    var outcome: Outcome
    let firstDay: Int
    let begin: Int64
    let plans: [PlainPlan]
    let store: SQLiteDatabase
    let clock: VirtualClock
    let zones = ZoneFiles()

    var database: MortalDatabase
    /// Nil while it is down.
    var desk: Desk?
    var upSince: Int64
    var awaySeconds: Int64 = 0
    var lastAlive: Int64
    var isRelayUp = true
    /// Something has happened since the process last looked for mail to register, and to send.
    var mayRegister = true
    var maySend = true
    var newAgreementIsIn = false
    var contacts: [Person] = []
    var staff: [Person] = []
    var manager: Person
    var digests: [String: PlainPlan] = [:]

    var mails: [SimMail] = []
    /// What reached each address, in order.
    var mailboxes: [String: [OutgoingMail]] = [:]
    var deliveredTwice: Set<String> = []
    var plain: [Int64: PlainTicket] = [:]
    var heads: [Int64: Int] = [:]
    var obligations: [Int64: [PlainTicket.Obligation]] = [:]
    var contactOf: [Int64: Person] = [:]
    var stepsLeft: [Int64: Int] = [:]
    var logged = 0
    var ticks: Set<Int64> = []
    /// Since the log was read last; the clock can be set back.
    var lowestNow: Int64

    package init(seed: UInt64, trace: Bool = false) throws {
        self.seed = seed
        self.trace = trace
        var dice = Seeded(seed &* 0x2545_F491_4F6C_DD1D)
        outcome = Outcome(seed: seed)
        // From the beginning of 2024, over four years; with the changes of the clocks of either half of the year.
        firstDay = 19_723 + dice.below(4 * 365)
        begin = Int64(firstDay) * 86_400 + Int64(dice.below(86_400))
        let firstDay = firstDay
        let first = SimAgreement(&dice, version: 1, firstDay: firstDay)
        let second = SimAgreement(&dice, version: 2, firstDay: firstDay)
        plans = [try PlainPlan(first, firstDay: firstDay), try PlainPlan(second, firstDay: firstDay)]
        self.dice = dice
        store = try SQLiteDatabase(checksReads: false)
        database = MortalDatabase(store)
        clock = VirtualClock(Instant(begin).rfc3339)
        upSince = begin
        lastAlive = begin
        lowestNow = begin
        manager = Person(id: 0, name: "", email: "", role: .serviceManager, client: nil, zone: nil, phone: "", department: nil, seesColleagues: false)
    }

    var now: Int64 { clock.now.seconds }
    var end: Int64 { begin + Self.quarter }

    func say(_ text: @autoclosure () -> String) {
        if trace { FileHandle.standardError.write(Data("\(clock.now.rfc3339)  \(text())\n".utf8)) }
    }

    /// Runs the quarter.
    /// - Throws: the first `Violation`.
    package func run() async throws -> Outcome {
        try await open()
        try await makePeople()
        plan()
        while let next = agenda.take() {
            guard next.at <= end else { break }
            clock.set(max(Instant(next.at), clock.now))
            do { try await perform(next.item) } catch is Died { try await crash() }
            try await pump()
        }
        try await settle()
        return outcome
    }

    // MARK: The process

    func open() async throws {
        var logger = Logger(label: "simulation")
        logger.logLevel = trace ? .error : .critical
        let clock = clock
        let wanted = plans[newAgreementIsIn ? 1 : 0].agreement.yaml
        let desk = try await Desk.open(
            db: database, settings: DeskSettings(baseURL: "http://desk.test", sendsMail: true), keys: Keys(secret: [UInt8](repeating: 7, count: 32)), zones: zones,
            passwords: Passwords(rounds: 16, lanes: 1), agreementYAML: wanted, agreementName: "simulated.yaml", logger: logger, clock: { clock.now })
        digests[desk.currentAgreement().terms.digest] = plans[newAgreementIsIn ? 1 : 0]
        try await desk.wake()
        awaySeconds = max(0, now - lastAlive)
        upSince = now
        self.desk = desk
        (mayRegister, maySend) = (true, true)
    }

    /// The process is gone, with all that it had in memory; the store stays. It comes back at once or after some minutes.
    func crash() async throws {
        outcome.deaths += 1
        say("the process dies")
        desk = nil
        database = MortalDatabase(store)
        agenda.put(.start(newAgreement: false), at: now + (dice.chance(50) ? 0 : dice.within(1...1200)))
    }

    func makePeople() async throws {
        guard let desk else { return }
        for (name, zone) in [("Northfield", "America/Denver"), ("Harbor", "Europe/London"), ("Sundale", plans[0].agreement.calendars[0].zone)] {
            try await desk.createClient(name: name, zone: zone, subscriptionUntil: Instant(begin) + 400 * 86_400)
            let domain = name.lowercased() + ".example"
            for role in [Role.client, .primaryContact] {
                let made = try await desk.createPerson(email: "\(role.rawValue.lowercased())@\(domain)", name: "\(name) \(role.rawValue)", role: role, client: name, phone: role == .client ? nil : "+1 575 555 0100")
                contacts.append(try await person(made, desk))
            }
        }
        for (index, role) in [Role.agent, .agent, .departmentLead, .serviceManager, .clientServicesManager].enumerated() {
            let made = try await desk.createPerson(email: "staff\(index)@larkfield.example", name: "Staff \(index)", role: role, client: nil)
            staff.append(try await person(made, desk))
        }
        _ = try await desk.createPerson(email: "head@larkfield.example", name: "Head", role: .management, client: nil)
        manager = staff[3]
    }

    private func person(_ brief: PersonBrief, _ desk: Desk) async throws -> Person {
        guard let person = try await desk.bearer(try await desk.createToken(email: brief.email, label: "simulation")) else { throw Violation(law: "a token stands for its person", detail: brief.email) }
        return person
    }

    // MARK: What is going to happen

    private func plan() {
        for _ in 0..<Self.ticketCount { agenda.put(.log, at: begin + dice.within(0...(Self.quarter - 12 * 86_400))) }
        for day in stride(from: Int64(0), to: 92, by: 1) { agenda.put(.tick, at: begin + day * 86_400 + dice.within(0...86_399)) }
        // A weekend without the desk, from Friday evening on, and some shorter stops.
        let friday = (begin / 86_400 + 4 + 3) / 7 * 7 + 1 + 7 * dice.within(0...10)
        agenda.put(.stop(until: friday * 86_400 + dice.within(160_000...250_000), newAgreement: false), at: friday * 86_400 + dice.within(60_000...80_000))
        for _ in 0..<4 {
            let at = begin + dice.within(86_400...(Self.quarter - 86_400))
            agenda.put(.stop(until: at + dice.within(1...30_000), newAgreement: false), at: at)
        }
        let change = begin + dice.within(20 * 86_400...70 * 86_400)
        agenda.put(.stop(until: change + dice.within(1...60), newAgreement: true), at: change)
        for _ in 0..<9 { agenda.put(.doom(writes: dice.below(6), committed: dice.chance(60)), at: begin + dice.within(3600...Self.quarter - 86_400)) }
        for _ in 0..<5 {
            let at = begin + dice.within(3600...Self.quarter - 172_800)
            agenda.put(.relay(isUp: false), at: at)
            agenda.put(.relay(isUp: true), at: at + dice.within(10...86_400))
        }
        for _ in 0..<8 { agenda.put(.clockStep(dice.chance(50) ? dice.within(1...7200) : -dice.within(1...300)), at: begin + dice.within(3600...Self.quarter - 86_400)) }
        for _ in 0..<3 { agenda.put(.look, at: begin + dice.within(10 * 86_400...Self.quarter)) }
    }

    private func perform(_ item: Agenda.Item) async throws {
        switch item {
        case .stop(let until, let changes):
            guard let desk else {
                agenda.put(item, at: now + 3600)
                return
            }
            say("the desk stops\(changes ? " for a new agreement" : "")")
            try await desk.noteAlive()
            lastAlive = now
            self.desk = nil
            database = MortalDatabase(store)
            agenda.put(.start(newAgreement: changes), at: max(until, now))
        case .start(let changes):
            if changes { newAgreementIsIn = true }
            guard desk == nil else { return }
            try await open()
            say("the desk starts")
        case .relay(let isUp): (isRelayUp, maySend) = (isUp, true)
        case .clockStep(let seconds):
            say("the clock steps by \(seconds) s")
            clock.advance(seconds)
            lowestNow = min(lowestNow, now)
        case .doom(let writes, let committed): database.doom(after: writes, committed: committed)
        case .tick: break
        case .look: if desk != nil { try await compareReports() }
        case .log:
            maySend = true
            try await log()
        case .deliver(let index):
            mayRegister = true
            try await deliver(index)
        case .step(let ticket):
            maySend = true
            try await step(ticket)
        case .aimed(let ticket, let resolve):
            maySend = true
            try await aim(ticket, resolve: resolve)
        }
    }

    /// What the running process does by itself after anything has happened: registers mail, looks at its timers, sends.
    private func pump() async throws {
        guard let desk else { return }
        do {
            if mayRegister {
                mayRegister = false
                while try await desk.registerMail(read: readMail) > 0 { maySend = true }
            }
            while try await desk.tick() > 0 { maySend = true }
            // The tick goes on when one ticket fails, so it doesn't say that the store is gone.
            if database.isDead { throw Died() }
            if now - lastAlive >= 6 * 3600 {
                try await desk.noteAlive()
                lastAlive = now
            }
            // What waits for another try is looked for whenever something new goes out.
            guard maySend else { return try owesNothing() }
            try await sendAll(desk)
            maySend = false
        } catch is Died {
            try await crash()
            return
        }
        try await watch()
    }

    var readMail: @Sendable ([UInt8]) -> IncomingMail { { MailReader.read($0) } }

    func sendAll(_ desk: Desk) async throws {
        let arrived = Mutex<[OutgoingMail]>([])
        let (seed, isUp, now, database) = (seed, isRelayUp, now, database)
        // A process that is about to die sends one by one, so that the same one is the last each time.
        let limit = database.isDoomed ? 1 : 50
        defer { take(arrived.withLock { $0 }) }
        while try await desk.sendMail(limit: limit, send: { mail in
            guard isUp else { return .tryAgain("the relay is down") }
            var luck = Seeded(mail.messageID.utf8.reduce(seed &+ UInt64(now)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
            if luck.chance(4) { return .tryAgain("try again") }
            if luck.chance(1) { return .failed("no such mailbox") }
            arrived.withLock { $0.append(mail) }
            return .sent
        }) > 0 {}
    }

    private func take(_ arrived: [OutgoingMail]) {
        for mail in arrived.sorted(by: { $0.messageID < $1.messageID }) {
            if mailboxes[mail.to.address, default: []].contains(where: { $0.messageID == mail.messageID }) { deliveredTwice.insert(mail.messageID) }
            mailboxes[mail.to.address, default: []].append(mail)
        }
    }
}
