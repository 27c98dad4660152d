package import AbideCore

/// The data of a zone as the desk counted by it from an instant on.
package struct StoredZoneData: Sendable, Hashable {
    package var zone: String
    package var since: Instant
    /// As `2026a`; empty where the system didn't say.
    package var version: String
    /// Of the content, to compare by.
    package var digest: String
    /// The TZif file.
    package var content: [UInt8]

    package init(zone: String, since: Instant, version: String, digest: String, content: [UInt8]) {
        self.zone = zone
        self.since = since
        self.version = version
        self.digest = digest
        self.content = content
    }
}

extension Session {
    /// All zone data that the desk ever counted by, each zone's in order.
    package func zoneData() throws -> [StoredZoneData] {
        try run("SELECT zone, since, version, digest, content FROM zone_data ORDER BY zone, since").map {
            StoredZoneData(zone: $0.text(0), since: $0.instant(1), version: $0.text(2), digest: $0.text(3), content: $0.bytes(4))
        }
    }

    package func putZoneData(_ data: StoredZoneData) throws {
        try run(
            "INSERT INTO zone_data (zone, since, version, digest, content) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (zone, since) DO NOTHING",
            [.text(data.zone), Value(data.since), .text(data.version), .text(data.digest), .blob(data.content)])
    }
}
