package import AbideCore
package import AbideStore
import Synchronization

/// All versions of agreements, ready to be executed, and which one is in force for whom and when.
package final class AgreementShelf: Sendable {
    private struct State {
        var versions: [String: Agreement] = [:]
        var inForce: [AgreementInForce] = []
        /// The last entry that was read; -1: none yet.
        var last: Int64 = -1
    }

    private let state = Mutex(State())
    let zones: ZoneFiles

    init(zones: ZoneFiles) { self.zones = zones }

    /// Reads what another process, or this one, has put in force since. Cheap where nothing has.
    func refresh(_ session: any Session) throws {
        let last = try session.lastAgreementInForce()
        guard last != state.withLock({ $0.last }) else { return }
        let inForce = try session.agreementsInForce()
        for digest in Set(inForce.compactMap(\.digest)) where version(digest) == nil {
            guard let stored = try session.agreement(digest: digest) else { throw DeskFault.unknownAgreement(digest) }
            try keep(stored)
        }
        state.withLock { ($0.inForce, $0.last) = (inForce, last) }
    }

    /// Every version that tickets may be pinned to.
    func readAll(_ session: any Session) throws {
        for stored in try session.agreements() where version(stored.digest) == nil { try keep(stored) }
        try refresh(session)
    }

    private func keep(_ stored: AgreementVersion) throws {
        let agreement = try make(stored)
        state.withLock { $0.versions[stored.digest] = agreement }
    }

    /// A stored version; it keeps the digest under which tickets know it.
    func make(_ stored: AgreementVersion) throws -> Agreement {
        let reading = AgreementFile.load(yaml: stored.yaml, fileName: stored.name, knows: knows) { stored.sources[$0] }
        guard var terms = reading.terms else { throw AgreementFaults(fileName: stored.name, faults: reading.faults) }
        terms.digest = stored.digest
        return try make(terms)
    }

    func make(_ terms: AgreementTerms) throws -> Agreement { try Agreement(terms) { try zones.rules($0) } }

    /// All zones by which versions count.
    var zoneNames: Set<String> {
        state.withLock { state in Set(state.versions.values.flatMap { $0.terms.calendars.map(\.zone) + [$0.terms.provider.zone] }) }
    }

    func knows(_ zone: String) -> Bool { (try? zones.rules(zone)) != nil }

    func version(_ digest: String) -> Agreement? { state.withLock { $0.versions[digest] } }

    /// A version that nobody has in force is known all the same.
    func add(_ agreement: Agreement) { state.withLock { $0.versions[agreement.terms.digest] = agreement } }

    /// The version in force for a client at an instant; where the client has none of its own, the one for all.
    func inForce(client: Int64?, at instant: Instant) -> Agreement? {
        state.withLock { state in
            func digest(_ client: Int64?) -> String? { Self.entry(state.inForce, client: client, at: instant)?.digest }
            // What is entered afterwards, as having come before the first version, is under that one.
            let first = state.inForce.first { $0.client == nil }?.digest
            return (client.flatMap { digest($0) } ?? digest(nil) ?? first).flatMap { state.versions[$0] }
        }
    }

    /// The entry that decides at an instant: the one that came into force last, and of several at once the one recorded last.
    package static func entry(_ entries: [AgreementInForce], client: Int64?, at instant: Instant) -> AgreementInForce? {
        entries.filter { $0.client == client && $0.effectiveFrom <= instant }.max { ($0.effectiveFrom, $0.id) < ($1.effectiveFrom, $1.id) }
    }

    /// Versions that are in force for anybody at an instant.
    func allInForce(at instant: Instant) -> [Agreement] {
        state.withLock { state in
            let clients: Set<Int64?> = Set(state.inForce.map(\.client))
            let digests = Set(clients.compactMap { Self.entry(state.inForce, client: $0, at: instant)?.digest })
            return digests.sorted().compactMap { state.versions[$0] }
        }
    }
}
