/// Who did something: a contact of a client, staff of the provider, or the desk itself.
package struct Actor: Hashable, Sendable, Codable {
    package enum Kind: String, Sendable, Codable { case contact, staff, system }

    package var kind: Kind
    /// The person's record; nil for the desk itself and for a sender that nobody knows.
    package var id: Int64?
    package var name: String

    package init(kind: Kind, id: Int64?, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    package static let desk = Actor(kind: .system, id: nil, name: "Abide")
}

/// The door through which a ticket or a message came.
package enum Channel: String, Sendable, Codable, CaseIterable { case email, portal, api, phone, meeting }

package enum Visibility: String, Sendable, Codable { case `public`, `internal` }

/// The promises of a ticket (C2, C3), and the next reply where the agreement promises one.
package enum ClockName: String, Sendable, Codable, CaseIterable { case response, resolution, nextReply }

/// What happened, without any derived deadline. Names of cases are the types of `api.md`; what people wrote stands beside a fact
/// as text, so that it can be erased while the chain over the facts still verifies.
package enum Fact: Hashable, Sendable, Codable {
    case registered(channel: Channel, client: Int64?, contact: Int64?, urgency: Int?, agreement: String, department: String?, readByMachine: [String])
    case supplied(fields: [String], readByMachine: [String])
    /// The caller was found out afterwards: a stranger's ticket gets its contact and client.
    case identified(contact: Int64, client: Int64?)
    case correctlyLogged(declared: Bool)
    case severityAssigned(severity: Int, from: Int)
    case coverageDecided(decision: CoverageDecision, rule: String?)
    case assigned(assignee: Int64?, assigneeName: String?, department: String?)
    case messageAdded(visibility: Visibility, channel: Channel, automatic: Bool)
    case responded
    case suspended(suspension: Int, reason: String)
    case resumed(suspension: Int, byAnswer: Bool)
    case warned(clock: ClockName, dueAt: Instant)
    case targetMissed(clock: ClockName, dueAt: Instant, cycle: Int)
    case escalated(clock: ClockName, rung: Int, dueAt: Instant, notified: [Role], tellClient: Bool, cycle: Int)
    case resolutionProposed(proposal: Int, due: Instant?, workingSeconds: Int64?)
    case resolutionAgreed(proposal: Int, due: Instant?, workingSeconds: Int64?)
    case resolved(fields: [String])
    case resolutionWithdrawn
    /// "It works" from a contact who isn't the logger: recorded and passed on, closes nothing (N1).
    case confirmed
    case closingNoticed
    /// On the service manager's list (N2).
    case closingListed
    case closed
    case reopened
    case complained(complaint: Int)
    case complaintAnswered(complaint: Int)
    case surveyAnswered(score: Int)
    /// The agreement's routing rules that decided where it goes, and the tags that they gave it.
    case routed(rules: [String], tags: [String])
    /// The world's zone data changed, and with it a deadline that still lay ahead; what is past stays.
    case zoneDataChanged(version: String, clock: ClockName, dueBefore: Instant?, dueAfter: Instant?)
    /// What it is and where it comes from, as staff found out: the agreement's table decides coverage on it (M).
    case categorised(kind: String?, cause: String?)
    /// The client disputes the decision that stands (M6); the complaint of that number carries it on (D3).
    case coverageDisputed(complaint: Int, decision: CoverageDecision, rule: String?)
    /// The written answer to a complaint is late (D3).
    case complaintOverdue(complaint: Int, dueAt: Instant)
    /// The desk prompts staff that the closing notice may be sent (N2).
    case closingPrompted(awaitedSince: Instant)
    /// L5; who and how stand beside it as texts. `until` nil: until further notice.
    case accessGranted(grant: Int, until: Instant?)
    case accessEnded(grant: Int, expired: Bool)
    /// M5: effort in working seconds, price in hundredths of the currency, ISO 4217; what is delivered stands beside it.
    case quoted(quote: Int, effortSeconds: Int64, price: Int64, currency: String, due: Instant?)
    case quoteWithdrawn(quote: Int)
    /// `work`: the reference of the ticket that the accepted work became.
    case quoteAccepted(quote: Int, work: String)
    case quoteDeclined(quote: Int)
    /// This ticket is the work that was accepted on another one.
    case workOrdered(origin: String, quote: Int, effortSeconds: Int64, price: Int64, currency: String)
    /// The third trigger (D1): not solved at so many times the response target.
    case unsolvedEscalated(rung: Int, dueAt: Instant, notified: [Role], tellClient: Bool, cycle: Int)
    /// It goes on in another ticket; and its counterpart there. Both can be taken back.
    case merged(into: String)
    case absorbed(ref: String)
    case unmerged(from: String)
    case released(ref: String)
    case tagged(added: [String], removed: [String])
    case linked(to: String, relation: LinkRelation)
    case unlinked(from: String)
    case followed(person: Int64, name: String)
    case unfollowed(person: Int64)
    case timeSpent(seconds: Int64)
    /// What is to be done stands beside it.
    case taskAdded(task: Int, assignee: Int64?, assigneeName: String?, due: Instant?)
    case taskDone(task: Int)
    case taskReopened(task: Int)
    case taskRemoved(task: Int)
    /// Fields that the provider keeps of its own; what they hold stands beside it, empty where it was taken out.
    case customised(fields: [String])
    /// One of its messages became a ticket of its own; and its counterpart there.
    case split(message: Int, into: String)
    case splitFrom(ref: String, message: Int)
    /// Somebody tried to reach a contact of the client (L4); whom stands beside it.
    case contactAttempted(contact: Int64, way: Ticket.AttemptWay, reached: Bool)

    /// The stable name of the type.
    package var type: String {
        switch self {
        case .registered: "registered"
        case .supplied: "supplied"
        case .identified: "identified"
        case .correctlyLogged: "correctlyLogged"
        case .severityAssigned: "severityAssigned"
        case .coverageDecided: "coverageDecided"
        case .assigned: "assigned"
        case .messageAdded: "messageAdded"
        case .responded: "responded"
        case .suspended: "suspended"
        case .resumed: "resumed"
        case .warned: "warned"
        case .targetMissed: "targetMissed"
        case .escalated: "escalated"
        case .resolutionProposed: "resolutionProposed"
        case .resolutionAgreed: "resolutionAgreed"
        case .resolved: "resolved"
        case .resolutionWithdrawn: "resolutionWithdrawn"
        case .confirmed: "confirmed"
        case .closingNoticed: "closingNoticed"
        case .closingListed: "closingListed"
        case .closed: "closed"
        case .reopened: "reopened"
        case .complained: "complained"
        case .complaintAnswered: "complaintAnswered"
        case .surveyAnswered: "surveyAnswered"
        case .routed: "routed"
        case .zoneDataChanged: "zoneDataChanged"
        case .categorised: "categorised"
        case .coverageDisputed: "coverageDisputed"
        case .complaintOverdue: "complaintOverdue"
        case .closingPrompted: "closingPrompted"
        case .accessGranted: "accessGranted"
        case .accessEnded: "accessEnded"
        case .quoted: "quoted"
        case .quoteWithdrawn: "quoteWithdrawn"
        case .quoteAccepted: "quoteAccepted"
        case .quoteDeclined: "quoteDeclined"
        case .workOrdered: "workOrdered"
        case .unsolvedEscalated: "escalated"
        case .merged: "merged"
        case .absorbed: "absorbed"
        case .unmerged: "unmerged"
        case .released: "released"
        case .tagged: "tagged"
        case .linked: "linked"
        case .unlinked: "unlinked"
        case .followed: "followed"
        case .unfollowed: "unfollowed"
        case .timeSpent: "timeSpent"
        case .taskAdded: "taskAdded"
        case .taskDone: "taskDone"
        case .taskReopened: "taskReopened"
        case .taskRemoved: "taskRemoved"
        case .customised: "customised"
        case .split: "split"
        case .splitFrom: "splitFrom"
        case .contactAttempted: "contactAttempted"
        }
    }

    /// Not for the client's eyes: it gets number and hash of such an event, without facts and sentence.
    package var isInternal: Bool {
        switch self {
        case .messageAdded(let visibility, _, _): visibility == .internal
        case .warned, .closingPrompted, .tagged, .linked, .unlinked, .followed, .unfollowed, .timeSpent, .taskAdded, .taskDone, .taskReopened, .taskRemoved, .customised: true
        default: false
        }
    }
}

/// Keys of the texts that stand beside facts.
package enum TextKey {
    package static let subject = "subject"
    package static let body = "body"
    package static let reason = "reason"
    package static let note = "note"
    package static let impact = "impact"
    /// What a formal escalation by mail left out: `impact` (D3).
    package static let lacks = "lacks"
    /// A ticket that a mail without our token may belong to (R1).
    package static let hint = "hint"
    /// The same ticket, where somebody says that it does not.
    package static let hintDismissed = "hintDismissed"
    /// What a correction does to the clocks (M6), in words.
    package static let effect = "effect"
    /// Who was given access, and how (L5).
    package static let who = "who"
    package static let how = "how"
    /// What a quote delivers (M5).
    package static let deliverables = "deliverables"
    package static let contactName = "contactName"
    /// The name that belongs into the fact (`Fact.name`); only the store has it here.
    package static let person = "person"
    package static let contactEmail = "contactEmail"
    /// What is to be done.
    package static let task = "task"
    /// `survey.speed` is the answer to the question `speed`.
    package static func survey(_ name: String) -> String { "survey." + name }
    /// `custom.machine` is the text of the provider's own field `machine`.
    package static func custom(_ name: String) -> String { "custom." + name }
    /// `field.phone` is the text of the intake field `phone`.
    package static func field(_ name: String) -> String { "field." + name }
}

extension Fact {
    /// The name of the person whom it is about, where it has one.
    package var name: String? {
        switch self {
        case .assigned(_, let name, _), .taskAdded(_, _, let name, _): name
        case .followed(_, let name): name
        default: nil
        }
    }

    /// The same with another name, or none: names are kept beside what is hashed, so that they can be erased.
    package func named(_ name: String?) -> Fact {
        switch self {
        case .assigned(let assignee, _, let department): .assigned(assignee: assignee, assigneeName: name, department: department)
        case .taskAdded(let task, let assignee, _, let due): .taskAdded(task: task, assignee: assignee, assigneeName: name, due: due)
        case .followed(let person, _): .followed(person: person, name: name ?? "")
        default: self
        }
    }
}

/// One event of a ticket's log.
package struct TicketEvent: Hashable, Sendable {
    /// From 1, no gaps.
    package var number: Int
    package var fact: Fact
    package var occurredAt: Instant
    package var recordedAt: Instant
    package var actor: Actor
    /// What people wrote, by `TextKey`.
    package var texts: [String: String]

    package init(number: Int, fact: Fact, occurredAt: Instant, recordedAt: Instant, actor: Actor, texts: [String: String] = [:]) {
        self.number = number
        self.fact = fact
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.actor = actor
        self.texts = texts
    }
}
