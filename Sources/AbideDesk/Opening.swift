package import AbideCore
package import AbideStore
import Foundation
package import Logging

extension Desk {
    /// Opens a desk on a store: its agreement (a new version from now on when the file has changed), all earlier versions, its keys.
    /// - Parameter agreementYAML: the file's text; nil: the version that was in force last, or the standard one.
    package static func open(
        db: any Database, settings: DeskSettings, keys: Keys, zones: ZoneFiles, passwords: Passwords = Passwords(), agreementYAML: String? = nil, agreementName: String = "agreement",
        logger: Logger, clock: @escaping @Sendable () -> Instant
    ) async throws -> Desk {
        let now = clock()
        let stored = try await db.read { try $0.agreements() }
        func parse(_ yaml: String, _ name: String) throws -> Agreement {
            let (terms, faults) = AgreementFile.read(yaml: yaml, fileName: name, knows: { (try? zones.rules($0)) != nil })
            guard let terms, faults.isEmpty else { throw AgreementFaults(fileName: name, faults: faults) }
            return try Agreement(terms) { try zones.rules($0) }
        }
        var earlier: [Agreement] = []
        for version in stored { earlier.append(try parse(version.yaml, version.name)) }
        let wanted = try agreementYAML.map { try parse($0, agreementName) }
        let latest = stored.max { $0.effectiveFrom < $1.effectiveFrom }
        let current: Agreement
        if let wanted {
            current = wanted
        } else if let latest, let found = earlier.first(where: { $0.terms.digest == latest.digest }) {
            current = found
        } else {
            current = try parse(AgreementFile.standardYAML, "standard.yaml")
        }
        if latest?.digest != current.terms.digest {
            let yaml = agreementYAML ?? AgreementFile.standardYAML
            try await db.write { session in
                try session.putAgreement(AgreementVersion(
                    digest: current.terms.digest, name: current.terms.name, version: String(current.terms.version), yaml: yaml, effectiveFrom: now))
            }
            logger.notice("agreement in force", metadata: ["name": "\(current.terms.name)", "version": "\(current.terms.version)", "digest": "\(current.terms.digest.prefix(12))"])
        }
        return Desk(
            db: db, settings: settings, keys: keys, zones: zones, passwords: passwords, agreement: current, earlier: earlier, logger: logger, clock: clock)
    }
}

package struct AgreementFaults: Error, CustomStringConvertible {
    package var fileName: String
    package var faults: [AgreementFault]
    package var description: String { faults.map { "\(fileName):\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n") }
}
