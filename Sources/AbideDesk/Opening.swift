package import AbideCore
package import AbideStore
import Foundation
package import Logging

extension Desk {
    /// Opens a desk on a store: its agreement (a new version from now on when the file has changed), all earlier versions, its keys.
    /// - Parameters:
    ///   - agreementYAML: the file's text; nil: the version that is in force, or the standard one.
    ///   - beside: the files beside it, by name.
    package static func open(
        db: any Database, settings: DeskSettings, keys: Keys, zones: ZoneFiles, passwords: Passwords = Passwords(), agreementYAML: String? = nil, agreementName: String = "agreement",
        beside: (String) -> String? = AgreementFile.standardBeside, logger: Logger, clock: @escaping @Sendable () -> Instant
    ) async throws -> Desk {
        let now = clock()
        let shelf = AgreementShelf(zones: zones)
        let changed = try await ZoneHistory.adopt(zones, db, at: now)
        try await db.read { try shelf.readAll($0) }
        let desk = try await open(db, settings, keys, zones, passwords, shelf, agreementYAML, agreementName, beside, logger, clock)
        try await ZoneHistory.note(shelf.zoneNames, zones, db)
        try await desk.rebuildWhereOld()
        if !changed.isEmpty { try await desk.followZoneData(changed, at: now) }
        return desk
    }

    private static func open(
        _ db: any Database, _ settings: DeskSettings, _ keys: Keys, _ zones: ZoneFiles, _ passwords: Passwords, _ shelf: AgreementShelf, _ agreementYAML: String?, _ agreementName: String,
        _ beside: (String) -> String?, _ logger: Logger, _ clock: @escaping @Sendable () -> Instant
    ) async throws -> Desk {
        let now = clock()
        let known = shelf.inForce(client: nil, at: now)
        guard let yaml = agreementYAML ?? (known == nil ? AgreementFile.standardYAML : nil) else {
            return Desk(db: db, settings: settings, keys: keys, zones: zones, passwords: passwords, agreements: shelf, logger: logger, clock: clock)
        }
        let reading = AgreementFile.load(yaml: yaml, fileName: agreementYAML == nil ? "standard.yaml" : agreementName, knows: shelf.knows, beside: beside)
        guard let terms = reading.terms else { throw AgreementFaults(fileName: agreementName, faults: reading.faults) }
        let agreement = try shelf.make(terms)
        let from = known == nil ? now : terms.begins(agreement, from: now)
        let entries = try await db.read { try $0.agreementsInForce() }
        let isThere = known?.terms.digest == terms.digest || entries.contains { $0.client == nil && $0.digest == terms.digest && $0.effectiveFrom == from && from > now }
        if !isThere {
            let version = AgreementVersion(digest: terms.digest, name: terms.name, version: String(terms.version), yaml: yaml, sources: reading.sources, storedAt: now)
            try await db.write { session in
                try session.putAgreement(version)
                try session.putInForce(AgreementInForce(client: nil, digest: terms.digest, effectiveFrom: from, recordedAt: now, actor: "abide serve"))
            }
            try await db.read { try shelf.refresh($0) }
            logger.notice(
                "agreement in force", metadata: ["name": "\(terms.name)", "version": "\(terms.version)", "digest": "\(terms.digest.prefix(12))", "from": "\(from.rfc3339)"])
            if let known, known.terms.name == terms.name, known.terms.version == terms.version {
                logger.warning("this version of the agreement had other terms before; raise 'version' with every change", metadata: ["version": "\(terms.version)"])
            }
        }
        return Desk(db: db, settings: settings, keys: keys, zones: zones, passwords: passwords, agreements: shelf, logger: logger, clock: clock)
    }
}

extension AgreementTerms {
    /// From when the version is in force that is put in force now: the beginning of its date in the provider's zone, but nothing past.
    func begins(_ agreement: Agreement, from now: Instant) -> Instant {
        guard let date = effectiveFrom.flatMap(LocalDate.init(iso:)) else { return now }
        return max(now, (agreement.providerZone ?? agreement.defaultCalendar.zone).start(of: date))
    }
}

package struct AgreementFaults: Error, CustomStringConvertible {
    package var fileName: String
    package var faults: [AgreementFault]
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
