/// A ticket: the fold over its events. What stands here can be rebuilt from the log at any time.
package struct Ticket: Sendable, Codable, Hashable {
    package enum Phase: String, Sendable, Codable {
        /// Not yet correctly logged (A5). May become `open` or `closed`.
        case registered
        /// May become `resolved` or `closed`.
        case open
        /// May become `open` again (withdrawn, reopened) or `closed`.
        case resolved
        /// May become `open` by reopening, at any time (N4).
        case closed
    }

    /// The word that the outside reads: the phase, and `awaitingClient` while a suspension runs that waits for the client.
    package enum Status: String, Sendable, Codable, CaseIterable { case registered, open, awaitingClient, resolved, closed }

    package struct Suspension: Sendable, Codable, Hashable {
        package var id: Int
        package var reason: String
        package var note: String
        package var since: Instant
    }

    package struct Proposal: Sendable, Codable, Hashable {
        package var id: Int
        package var due: Instant?
        package var workingSeconds: Int64?
        package var byStaff: Bool
        package var accepted: Bool
        package var at: Instant
    }

    package struct Closing: Sendable, Codable, Hashable {
        package var noticedAt: Instant
        package var listed: Bool
    }

    package struct Complaint: Sendable, Codable, Hashable {
        package var id: Int
        package var at: Instant
        package var answeredAt: Instant?
        package var by: Int64?
        /// It was recorded that the answer is late.
        package var isOverdue = false
        /// It disputes the coverage decision (M6).
        package var isAboutCoverage = false
    }

    /// Access that the client gave to its environment (L5).
    package struct Grant: Sendable, Codable, Hashable {
        package var id: Int
        package var who: String
        package var how: String
        package var from: Instant
        package var until: Instant?
        package var endedAt: Instant?
    }

    /// Work that isn't covered, offered at a price (M5).
    package struct Quote: Sendable, Codable, Hashable {
        package enum State: String, Sendable, Codable { case open, accepted, declined, withdrawn }
        package var id: Int
        /// Working seconds.
        package var effortSeconds: Int64
        /// In hundredths of the currency.
        package var price: Int64
        package var currency: String
        package var deliverables: String
        package var due: Instant?
        package var at: Instant
        package var by: Actor
        package var state = State.open
        package var decidedAt: Instant?
        /// The reference of the ticket that the work became.
        package var work: String?
    }

    /// The quote that this ticket is the work of.
    package struct Origin: Sendable, Codable, Hashable {
        package var ref: String
        package var quote: Int
    }

    package var id: Int64
    package var ref: String
    package var phase = Phase.registered
    package var subject = ""
    package var client: Int64?
    package var contact: Int64?
    /// The sender's address and name, where no contact is known.
    package var contactEmail = ""
    package var contactName = ""
    package var assignee: Int64?
    package var assigneeName: String?
    package var department: String?
    package var channel = Channel.email
    package var agreement = ""
    package var fields: [String: String] = [:]
    package var readByMachine: Set<String> = []
    /// Words by which staff find it, from the routing rules; nil: none were ever given.
    package var tags: [String]?
    package var urgency: Int?
    /// What counts: assigned, else the caller's urgency, else the agreement's provisional one.
    package var severity: Int
    package var severityIsAssigned = false
    package var registeredAt: Instant
    package var loggedAt: Instant?
    package var resolvedAt: Instant?
    package var closedAt: Instant?
    package var coverage = CoverageDecision.undecided
    package var coverageRule: String?
    package var kind: String?
    package var cause: String?
    package var suspensions: [Suspension] = []
    package var proposals: [Proposal] = []
    package var closing: Closing?
    package var complaints: [Complaint] = []
    package var grants: [Grant] = []
    package var quotes: [Quote] = []
    package var origin: Origin?
    /// Where it goes on since it was merged.
    package var merging: Merging?
    /// Nil for most tickets, which then cost nothing for it.
    var bonds: Bonds?
    /// A ticket that the mail which made this one may belong to; staff say so, nobody else (R1).
    package var hint: String?
    /// Since when feedback was awaited when the desk last prompted for the closing notice (N2).
    package var promptedFor: Instant?
    /// Highest rung so far by clock and cycle: `response/1`.
    package var rungs: [String: Int] = [:]
    /// Everybody who was told of an escalation: management may read what came to it.
    package var escalatedTo: Set<Role> = []
    /// Clocks whose deadline was recorded as missed, `response/1`.
    package var missedRecorded: Set<String> = []
    /// The latest warning point that was recorded, by clock and deadline.
    package var warned: [String: Instant] = [:]
    package var responseChanges: [ClockChange] = []
    package var resolutionChanges: [ClockChange] = []
    /// Kept only where the agreement promises a next reply.
    package var nextReplyChanges: [ClockChange] = []
    package var reopenedCount = 0
    package var suspensionCount = 0
    /// The last message of the client's and the last by staff, for the list and for N2.
    package var lastClientMessageAt: Instant?
    package var lastStaffMessageAt: Instant?
    package var updatedAt: Instant
    /// The number of the last event.
    package var head = 0

    /// An empty ticket, to which its events are applied.
    package init(id: Int64, ref: String, registeredAt: Instant, provisionalSeverity: Int) {
        self.id = id
        self.ref = ref
        severity = provisionalSeverity
        self.registeredAt = registeredAt
        updatedAt = registeredAt
    }

    package func status(_ agreement: Agreement) -> Status {
        switch phase {
        case .registered: .registered
        case .resolved: .resolved
        case .closed: .closed
        case .open: suspensions.contains { agreement.suspensionReason($0.reason)?.waitsForClient ?? true } ? .awaitingClient : .open
        }
    }

    package func clock(_ name: ClockName, _ agreement: Agreement) -> SLAClock { SLAClock(name, changes: changes(of: name), agreement: agreement) }

    package func changes(of clock: ClockName) -> [ClockChange] {
        switch clock {
        case .response: responseChanges
        case .resolution: resolutionChanges
        case .nextReply: nextReplyChanges
        }
    }

    /// Names of the intake fields that are required and not there (A4, A5), in the agreement's order.
    package func missing(_ agreement: Agreement) -> [String] {
        phase == .registered ? agreement.terms.intake.filter { $0.required && (fields[$0.name] ?? "").isEmpty }.map(\.name) : []
    }

    package func highestRung(_ clock: ClockName, cycle: Int) -> Int { rungs[Self.key(clock, cycle)] ?? 0 }

    static func key(_ clock: ClockName, _ cycle: Int) -> String { "\(clock.rawValue)/\(cycle)" }
}
