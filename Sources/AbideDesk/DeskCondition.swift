package import AbideCore
import AbideStore
import Foundation
import Synchronization

/// All that is known of how the desk does, as of one instant.
package struct DeskCondition: Sendable {
    package struct Node: Sendable, Hashable {
        package var name: String
        package var seenAt: Instant

        package init(name: String, seenAt: Instant) {
            self.name = name
            self.seenAt = seenAt
        }
    }

    package struct Mailbox: Sendable, Hashable {
        package var address: String
        package var readAt: Instant?
        package var failingSince: Instant?
        package var error: String?

        package init(address: String, readAt: Instant? = nil, failingSince: Instant? = nil, error: String? = nil) {
            self.address = address
            self.readAt = readAt
            self.failingSince = failingSince
            self.error = error
        }
    }

    package var at: Instant
    /// Since when this process serves.
    package var upSince: Instant
    package var takesWrites: Bool
    /// nil: the store does not answer at all.
    package var figures: DeskFigures?
    package var lastJump: (at: Instant, seconds: Int64)?
    package var sendsMail: Bool
    package var mailboxes: [Mailbox]
    package var upkeep: [Upkeep.Kind: Upkeep.Note]
    /// nil where the data are on a server.
    package var disk: DiskSpace?
    /// Those on one database, this one included; empty where there can be only one.
    package var nodes: [Node]
}

extension Desk {
    /// How the desk does, for administrators.
    package func condition(for person: Person) async throws -> DeskCondition {
        guard Permissions.allows(person.role, .administer) else { throw Refusal.role(person.role, may: "Administrators see how the desk does.", clause: "K4") }
        return await condition()
    }

    /// As it was found some seconds ago at most: for a line on every page of administration.
    package func recentCondition(for person: Person) async throws -> DeskCondition {
        if let known = conditionSeen.withLock({ $0 }), abs(now() - known.at) < 5, Permissions.allows(person.role, .administer) { return known }
        return try await condition(for: person)
    }

    /// How the desk does, without asking for whom: for what watches it.
    package func condition() async -> DeskCondition {
        let now = now()
        let found = DeskCondition(
            at: now, upSince: awake.withLock { $0.since }, takesWrites: await isReady(), figures: try? await figures(), lastJump: clockWatch.lastJump, sendsMail: settings.sendsMail,
            mailboxes: (try? await mailboxes()) ?? [], upkeep: upkeep.known, disk: settings.folder.flatMap { DiskSpace(of: $0) }, nodes: settings.node == nil ? [] : (try? await nodes()) ?? [])
        conditionSeen.withLock { $0 = found }
        return found
    }

    /// Those that are looked into; what the store knows of others is of the past.
    private func mailboxes() async throws -> [DeskCondition.Mailbox] {
        let known = try await mailSources().map { DeskCondition.Mailbox(address: $0.address, readAt: $0.readAt, failingSince: $0.failingSince, error: $0.error) }
        guard let atStart = settings.mailboxes else { return known }
        let set = atStart + (try await lookedInto()).filter { !atStart.contains($0) }
        return set.map { address in known.first { $0.address == address } ?? DeskCondition.Mailbox(address: address) }
    }

    // MARK: Nodes

    private static let nodeKey = "node."
    /// A node that did not stop by itself is missed for so long.
    private static let nodeSeconds: Int64 = 86_400

    /// Notes that this node is there, for the others.
    func noteNode(_ session: any Session, stops: Bool, at now: Instant) throws {
        guard let name = settings.node else { return }
        if stops { try session.removeMeta(Self.nodeKey + name) } else { try session.setMeta(Self.nodeKey + name, String(now.seconds)) }
        for (key, value) in try session.metas(Self.nodeKey) where now.seconds - (Int64(value) ?? 0) > Self.nodeSeconds { try session.removeMeta(key) }
    }

    private func nodes() async throws -> [DeskCondition.Node] {
        try await db.read { try $0.metas(Self.nodeKey) }.map { DeskCondition.Node(name: String($0.key.dropFirst(Self.nodeKey.utf8.count)), seenAt: Instant(Int64($0.value) ?? 0)) }
    }
}
