package import AbideCore
import Foundation
package struct ZoneFiles: Sendable {
    package init(directory: String? = nil) {}
    package func rules(_ name: String) throws -> ZoneRules { try ZoneRules(name: name, tzif: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name)))) }
    package var version: String { "" }
}
