/// How one ticket stands to another.
package enum LinkRelation: String, CaseIterable, Sendable, Codable {
    case related
    /// The other one is the problem behind this incident.
    case problem
    /// The other one is an incident of this problem.
    case incident

    /// How the other ticket stands to this one.
    package var inverse: LinkRelation {
        switch self {
        case .related: .related
        case .problem: .incident
        case .incident: .problem
        }
    }

    package var words: String {
        switch self {
        case .related: say("related to")
        case .problem: say("an incident of the problem")
        case .incident: say("the problem behind")
        }
    }
}

/// Tickets that are one: merging is moving on in another ticket, not closing (N1), so the client is told and can take it back. And what
/// staff keep on a ticket for themselves: tags, links, followers, time spent.
extension Ticket {
    package struct Link: Sendable, Codable, Hashable {
        package var ref: String
        package var relation: LinkRelation
    }

    /// What a merging put an end to, so that taking it back leaves no trace in the clocks: they count as if it had not been.
    package struct Merging: Sendable, Codable, Hashable {
        package var into: String
        package var at: Instant
        var phase: Phase
        var suspensions: [Suspension]
        var closing: Closing?
        var responseChanges: Int
        var resolutionChanges: Int
        var nextReplyChanges: Int
    }

    package struct Follower: Sendable, Codable, Hashable {
        package var person: Int64
        package var name: String
    }

    /// Other tickets, people and time that belong to it.
    struct Bonds: Sendable, Codable, Hashable {
        var absorbed: [String] = []
        var links: [Link] = []
        var followers: [Follower] = []
        var spentSeconds: Int64 = 0
        var tasks: [Task]?
        /// The number of the last task that there was.
        var lastTask: Int?
        /// What the provider's own fields hold, by name.
        var custom: [String: String]?
        /// The ticket and the number of the message that this one was made of.
        var splitFrom: SplitOrigin?
        var attempts: [Attempt]?
        var survey: Survey?
    }

    /// Tickets that go on in this one.
    package var absorbed: [String] { bonds?.absorbed ?? [] }
    package var links: [Link] { bonds?.links ?? [] }
    package var followers: [Follower] { bonds?.followers ?? [] }
    package var spentSeconds: Int64 { bonds?.spentSeconds ?? 0 }

    /// What the provider's own fields hold, by name.
    package var custom: [String: String] { bonds?.custom ?? [:] }
    package var splitFrom: SplitOrigin? { bonds?.splitFrom }

    /// The message that became this ticket.
    package struct SplitOrigin: Sendable, Codable, Hashable {
        package var ref: String
        package var message: Int
    }

    mutating func bind(_ change: (inout Bonds) -> Void) {
        var bonds = bonds ?? Bonds()
        change(&bonds)
        self.bonds = bonds == Bonds() ? nil : bonds
    }

    package static let tagLimit = 20, linkLimit = 50, followerLimit = 50, absorbedLimit = 50

    /// What its mail named, while nobody has decided whether it belongs there (R1).
    package var openHint: String? { phase == .closed || hint.map(absorbed.contains) ?? false ? nil : hint }

    /// Why nothing more happens on a ticket that is closed, and where to go instead.
    var closedAlready: Refusal {
        merging.map { Refusal(.state, "\(ref) goes on in \($0.into): go on there, or take the merging back.") } ?? .closedAlready
    }

    /// Says that the ticket which its mail names is not where it belongs: the hint goes, and the log keeps who said so. Merging stays possible.
    package func dismissHint(channel: Channel, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .merge)
        guard let openHint else { throw Refusal(.state, "Nothing says that \(ref) may belong to another ticket.") }
        return [Draft(.messageAdded(visibility: .internal, channel: channel, automatic: false), now, person.actor, texts: [TextKey.body: "This does not belong to \(openHint).", TextKey.hintDismissed: openHint])]
    }

    // MARK: Merging

    /// Moves this ticket's conversation into `target`.
    /// - Parameters:
    ///   - agreement, targetAgreement: those that the two are pinned to.
    ///   - callerReads: whoever logged this one may read the other.
    /// - Returns: what is to be recorded here and there.
    /// - Throws: where a promise or a right would be lost by it.
    package func merge(
        into target: Ticket, reason: String?, callerReads: Bool, by person: Person, at now: Instant, _ agreement: Agreement, _ targetAgreement: Agreement
    ) throws(Refusal) -> (here: [Draft], there: [Draft]) {
        try permit(person, .merge)
        try target.permit(person, .merge)
        if let reason, reason.utf8.count > TextLimit.reason { throw .input("reason", "At most \(TextLimit.reason) characters.") }
        guard target.id != id else { throw .input("into", "A ticket can't be merged into itself.") }
        if let merging { throw Refusal(.state, "\(ref) is part of \(merging.into) already.") }
        if let into = target.merging?.into { throw Refusal(.state, "\(target.ref) is itself part of \(into): merge into that one.") }
        if phase == .closed { throw closedAlready }
        if target.phase == .closed { throw Refusal(.state, "\(target.ref) is closed. Reopen it first, or merge the other way round.", clause: "N4") }
        if let client, client != target.client { throw Refusal(.state, "\(ref) and \(target.ref) belong to different clients; nobody may see another client's ticket.") }
        guard callerReads else { throw Refusal(.state, "Whoever logged \(ref) may not see \(target.ref), and would lose sight of what they reported. Let the client's colleagues see each other's tickets, or link the two instead.") }
        if complaints.contains(where: { $0.answeredAt == nil }) { throw Refusal(.state, "A formal escalation of \(ref) waits for its answer: answer it first.", clause: "D3") }
        if quotes.contains(where: { $0.state == .open }) { throw Refusal(.state, "A quote on \(ref) waits for the client's decision: withdraw it first.", clause: "M5") }
        guard target.absorbed.count < Self.absorbedLimit else { throw Refusal(.state, "\(target.ref) holds \(Self.absorbedLimit) other tickets already.") }
        // No promise is lost: what goes on is at least as strict as what ends.
        if loggedAt != nil {
            guard severity >= target.severity else {
                throw Refusal(.state, "\(ref) counts as \(severity), \(target.ref) as \(target.severity): the stricter promise would be lost. Set the severity of \(target.ref) first, or merge the other way round.", clause: "C5")
            }
            guard target.loggedAt != nil else { throw Refusal(.state, "The clocks of \(target.ref) have not started: merge the other way round.", clause: "A5") }
            for name in [ClockName.response, .resolution] {
                let mine = clock(name, agreement), other = target.clock(name, targetAgreement)
                guard mine.state == .running, let due = mine.due, other.state != .stopped, (other.due ?? Instant(.max)) > due else { continue }
                throw Refusal(.state, "\(name.words) of \(ref) is due earlier than that of \(target.ref): merge the other way round.", clause: "C2")
            }
        }
        let texts = reason.map { [TextKey.reason: $0] } ?? [:]
        return (
            [Draft(.merged(into: target.ref), now, person.actor, texts: texts)],
            [Draft(.absorbed(ref: ref), max(now, target.updatedAt), person.actor, texts: texts)]
        )
    }

    /// Takes a merging back; the clocks count as if it had not been.
    package func unmerge(_ target: Ticket, reason: String?, by person: Person, at now: Instant) throws(Refusal) -> (here: [Draft], there: [Draft]) {
        try permit(person, .unmerge)
        if let reason, reason.utf8.count > TextLimit.reason { throw .input("reason", "At most \(TextLimit.reason) characters.") }
        guard let merging, merging.into == target.ref else { throw Refusal(.state, "\(ref) is not part of another ticket.") }
        let texts = reason.map { [TextKey.reason: $0] } ?? [:]
        return (
            [Draft(.unmerged(from: merging.into), now, person.actor, texts: texts)],
            [Draft(.released(ref: ref), max(now, target.updatedAt), person.actor, texts: texts)]
        )
    }

    mutating func merged(into ref: String, at: Instant) {
        merging = Merging(
            into: ref, at: at, phase: phase, suspensions: suspensions, closing: closing, responseChanges: responseChanges.count, resolutionChanges: resolutionChanges.count,
            nextReplyChanges: nextReplyChanges.count)
        end(at, by: .end)
        if !nextReplyChanges.isEmpty { nextReplyChanges.append(.init(at, .end)) }
    }

    mutating func unmerged() {
        guard let merging else { return }
        phase = merging.phase
        suspensions = merging.suspensions
        closing = merging.closing
        closedAt = nil
        responseChanges.removeLast(responseChanges.count - merging.responseChanges)
        resolutionChanges.removeLast(resolutionChanges.count - merging.resolutionChanges)
        nextReplyChanges.removeLast(nextReplyChanges.count - merging.nextReplyChanges)
        self.merging = nil
    }

    // MARK: What staff keep for themselves

    /// The tags that a text names, divided by commas, as they are kept: `Line 3` is `line-3`.
    package static func tags(in text: String) -> [String] {
        text.split(separator: ",").map { tag(String($0)) }.filter { !$0.isEmpty }
    }

    private static func tag(_ text: String) -> String { text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: "-") }

    /// Makes these its tags, and no others.
    package func tag(as wanted: [String], by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try tag(add: wanted, remove: (tags ?? []).filter { !wanted.contains($0) }, by: person, at: now)
    }

    package func tag(add: [String], remove: [String], by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        let (add, remove) = (add.map(Self.tag), remove.map(Self.tag))
        if let bad = add.first(where: { !Self.isTag($0) }) { throw .input("add", "'\(bad.prefix(60))' can't be a tag: up to 40 letters, digits, '-', '_' and '.'.") }
        let now = max(now, updatedAt), have = tags ?? []
        let added = add.filter { !have.contains($0) }, removed = remove.filter { have.contains($0) && !add.contains($0) }
        guard have.count - removed.count + added.count <= Self.tagLimit else { throw .input("add", "A ticket has at most \(Self.tagLimit) tags.") }
        return added.isEmpty && removed.isEmpty ? [] : [Draft(.tagged(added: added, removed: removed), now, person.actor)]
    }

    private static func isTag(_ text: String) -> Bool { !text.isEmpty && text.count <= 40 && text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } }

    /// - Returns: what is to be recorded here and there; nothing where they are linked so already.
    package func link(to other: Ticket, as relation: LinkRelation, by person: Person, at now: Instant) throws(Refusal) -> (here: [Draft], there: [Draft]) {
        try permit(person, .organise)
        guard other.id != id else { throw .input("to", "A ticket can't be linked to itself.") }
        if links.contains(Link(ref: other.ref, relation: relation)) { return ([], []) }
        for ticket in [self, other] where ticket.links.count >= Self.linkLimit { throw Refusal(.state, "\(ticket.ref) has \(Self.linkLimit) links already.") }
        if relation == .problem, links.contains(where: { $0.relation == .problem && $0.ref != other.ref }) { throw Refusal(.state, "\(ref) is an incident of another problem already: unlink it from that one first.") }
        return (
            [Draft(.linked(to: other.ref, relation: relation), now, person.actor)],
            [Draft(.linked(to: ref, relation: relation.inverse), max(now, other.updatedAt), person.actor)]
        )
    }

    package func unlink(_ other: Ticket, by person: Person, at now: Instant) throws(Refusal) -> (here: [Draft], there: [Draft]) {
        try permit(person, .organise)
        guard links.contains(where: { $0.ref == other.ref }) else { throw Refusal(.state, "\(ref) and \(other.ref) are not linked.") }
        return ([Draft(.unlinked(from: other.ref), now, person.actor)], [Draft(.unlinked(from: ref), max(now, other.updatedAt), person.actor)])
    }

    /// Staff who want to hear of a ticket that isn't theirs.
    package func follow(_ follows: Bool, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        guard followers.contains(where: { $0.person == person.id }) != follows else { return [] }
        guard !follows || followers.count < Self.followerLimit else { throw Refusal(.state, "\(Self.followerLimit) people follow this ticket already.") }
        return [Draft(follows ? .followed(person: person.id, name: person.name) : .unfollowed(person: person.id), now, person.actor)]
    }

    /// Time that somebody spent on it; a negative one corrects.
    package func spend(seconds: Int64?, note: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        if let note, note.utf8.count > TextLimit.reason { throw .input("note", "At most \(TextLimit.reason) characters.") }
        guard let seconds, seconds != 0, abs(seconds) <= 100 * 3600 else { throw .input("seconds", "Expected a time of up to 100 hours, as 1800 seconds for half an hour.") }
        guard spentSeconds + seconds >= 0 else { throw .input("seconds", "Only \(Duration.words(spentSeconds)) were spent so far; more can't be taken off.") }
        return [Draft(.timeSpent(seconds: seconds), now, person.actor, texts: note.map { [TextKey.note: $0] } ?? [:])]
    }
}
