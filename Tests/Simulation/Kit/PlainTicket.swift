import AbideCore
import AbideStore
import Foundation

/// A ticket read from the raw rows of the log, by no code of the product but SQL: what happened, and the clocks that follow from it.
struct PlainTicket {
    struct Event {
        var number: Int
        var type: String
        var occurred: Int64
        var recorded: Int64
        var actorKind: String
        var fact: [String: any Sendable]

        func int(_ key: String) -> Int? { (fact[key] as? NSNumber)?.intValue }
        func seconds(_ key: String) -> Int64? { (fact[key] as? NSNumber)?.int64Value }
        func text(_ key: String) -> String? { fact[key] as? String }
        func flag(_ key: String) -> Bool { (fact[key] as? NSNumber)?.boolValue ?? false }
    }

    let id: Int64
    let plan: PlainPlan
    private(set) var events: [Event] = []
    private(set) var severity = 0
    private(set) var urgency: Int?
    private(set) var logged: Int64?
    private(set) var phase = "registered"
    private(set) var reopened = 0
    private(set) var noticedAt: Int64?
    private(set) var listed = false
    private(set) var hasLateEntry = false
    private var severityAtStart = 0
    private var suspended: [Int] = []
    /// As it stood before it was merged; nil while it is a ticket of its own.
    private var beforeMerging: (phase: String, suspended: [Int], noticedAt: Int64?, listed: Bool, response: [PlainClock.Change], resolution: [PlainClock.Change])?
    private var responseChanges: [PlainClock.Change] = []
    private var resolutionChanges: [PlainClock.Change] = []

    init(id: Int64, plan: PlainPlan) {
        self.id = id
        self.plan = plan
    }

    static func event(_ row: Row) throws -> Event {
        let object = try JSONSerialization.jsonObject(with: Data(row.text(5).utf8))
        let type = row.text(1)
        guard let whole = object as? [String: any Sendable], let fact = whole[type] as? [String: any Sendable] else { throw Violation(law: "a fact can be read by anybody", detail: row.text(5)) }
        return Event(number: row.int(0), type: type, occurred: row.int64(2), recorded: row.int64(3), actorKind: row.text(4), fact: fact)
    }

    mutating func append(_ event: Event) {
        events.append(event)
        let at = event.occurred
        if at < (events.dropLast().last?.occurred ?? at), event.type == "suspended" { hasLateEntry = true }
        switch event.type {
        case "registered":
            urgency = event.int("urgency")
            severity = urgency ?? plan.agreement.provisional
            severityAtStart = severity
        case "correctlyLogged":
            guard logged == nil else { return }
            logged = at
            phase = "open"
            severityAtStart = severity
            both(at, .start)
        case "severityAssigned":
            severity = event.int("severity") ?? 0
            if logged != nil { both(at, .severity(severity)) }
        case "responded": responseChanges.append(.init(at: at, kind: .stop(answer: true)))
        case "suspended":
            suspended.append(event.int("suspension") ?? 0)
            both(at, .suspend(event.int("suspension") ?? 0))
        case "resumed":
            suspended.removeAll { $0 == event.int("suspension") }
            both(at, .resume(event.int("suspension") ?? 0))
            if suspended.isEmpty, phase == "open" { takeOff() }
        case "resolutionAgreed":
            if let seconds = event.seconds("workingSeconds") { resolutionChanges.append(.init(at: at, kind: .agreedTime(seconds))) }
            else { resolutionChanges.append(.init(at: at, kind: .agreedDate(event.seconds("due") ?? 0))) }
        case "messageAdded":
            if event.text("visibility") == "public", !event.flag("automatic"), event.actorKind == "contact" { takeOff() }
        case "resolved":
            phase = "resolved"
            takeOff()
            resolutionChanges.append(.init(at: at, kind: .stop(answer: true)))
        case "resolutionWithdrawn":
            phase = "open"
            takeOff()
            resolutionChanges.append(.init(at: at, kind: .carryOn))
        case "closingNoticed": (noticedAt, listed) = (at, false)
        case "closingListed": listed = true
        case "closed":
            phase = "closed"
            takeOff()
            for id in suspended { both(at, .resume(id)) }
            suspended = []
            both(at, .stop(answer: false))
        case "merged":
            beforeMerging = (phase, suspended, noticedAt, listed, responseChanges, resolutionChanges)
            phase = "closed"
            takeOff()
            for id in suspended { both(at, .resume(id)) }
            suspended = []
            both(at, .end)
        case "unmerged":
            guard let before = beforeMerging else { return }
            (phase, suspended, noticedAt, listed, responseChanges, resolutionChanges) = before
            beforeMerging = nil
        case "reopened":
            reopened += 1
            takeOff()
            guard logged != nil else {
                phase = "registered"
                return
            }
            phase = "open"
            reopen(plan.agreement.reopenResponse, at, &responseChanges)
            reopen(plan.agreement.reopenResolution, at, &resolutionChanges)
        default: break
        }
    }

    private mutating func both(_ at: Int64, _ kind: PlainClock.Kind) {
        responseChanges.append(.init(at: at, kind: kind))
        resolutionChanges.append(.init(at: at, kind: kind))
    }

    private mutating func takeOff() { (noticedAt, listed) = (nil, false) }

    private func reopen(_ rule: SimAgreement.Reopening, _ at: Int64, _ changes: inout [PlainClock.Change]) {
        switch rule {
        case .restart: changes.append(.init(at: at, kind: .restart))
        case .carry: changes.append(.init(at: at, kind: .carryOn))
        case .none: break
        }
    }

    func clock(response: Bool) -> PlainClock {
        PlainClock(plan, isResponse: response, severityAtStart: severityAtStart, changes: response ? responseChanges : resolutionChanges)
    }

    /// The story so far, for a violation's words.
    var story: String {
        events.map { event in
            "\n    \(event.number) \(event.type) at \(Instant(event.occurred).rfc3339)\(event.recorded == event.occurred ? "" : " recorded \(Instant(event.recorded).rfc3339)") "
                + event.fact.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }.joined()
    }

    func wasMissed(_ clock: String, cycle: Int) -> Bool { events.contains { $0.type == "targetMissed" && $0.text("clock") == clock && $0.int("cycle") == cycle } }
    func highestRung(_ clock: String, cycle: Int) -> Int { events.reduce(0) { $1.type == "escalated" && $1.text("clock") == clock && $1.int("cycle") == cycle ? max($0, $1.int("rung") ?? 0) : $0 } }

    /// What must happen by itself, and from when on; as long as nothing else happens to the ticket.
    struct Obligation: Hashable {
        /// From the first second at which the tick must have done it.
        var at: Int64
        /// `targetMissed`, `escalated` or `closingListed`.
        var type: String
        var clock: String
        var cycle: Int
        var rung: Int
        /// The instant that the event must carry.
        var due: Int64
    }

    func obligations() -> [Obligation] {
        var all: [Obligation] = []
        guard phase == "open" else { return listing() }
        for name in ["response", "resolution"] {
            let clock = clock(response: name == "response")
            guard clock.knowsAll, clock.state == .running, let due = clock.shownDue else { continue }
            if !wasMissed(name, cycle: clock.cycle) { all.append(.init(at: due + 1, type: "targetMissed", clock: name, cycle: clock.cycle, rung: 0, due: due)) }
            for rung in clock.rungs() where rung.number > highestRung(name, cycle: clock.cycle) {
                all.append(.init(at: max(rung.at, due + 1), type: "escalated", clock: name, cycle: clock.cycle, rung: rung.number, due: rung.at))
            }
        }
        return all + listing()
    }

    private func listing() -> [Obligation] {
        guard let noticedAt, !listed, phase != "closed" else { return [] }
        let calendar = plan.calendars[0]
        let seconds: Int64
        switch plan.agreement.noticePeriod {
        case .seconds(let length): seconds = length
        case .days(let days): seconds = calendar.nominalDay * Int64(days)
        }
        guard let at = calendar.instant(noticedAt, plus: seconds) else { return [] }
        return [.init(at: at, type: "closingListed", clock: "", cycle: 0, rung: 0, due: at)]
    }
}

/// A law that did not hold.
package struct Violation: Error, Sendable, CustomStringConvertible {
    package var law: String
    package var detail: String
    package var description: String { "\(law): \(detail)" }
}
