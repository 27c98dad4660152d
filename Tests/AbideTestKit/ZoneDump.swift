import Foundation
import Synchronization

/// The changes of a zone's clocks as the system's `zdump` prints them: an answer that shares nothing with the product's own reader.
package enum ZoneDump {
    private static let known = Mutex<[String: [(at: Int, offset: Int)]]>([:])

    /// (instant, offset) of each change from 1998 to 2041, in order; empty for a zone without any.
    /// - Throws: where `zdump` can't be run or prints something unknown.
    package static func changes(_ zone: String) throws -> [(at: Int, offset: Int)] {
        if let known = known.withLock({ $0[zone] }) { return known }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zdump")
        process.arguments = ["-V", "-c", "1998,2041", zone]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let changes = try text.split(separator: "\n").map(change)
        known.withLock { $0[zone] = changes }
        return changes
    }

    /// The offset at an instant, before the first change and in zones without any as `otherwise` says.
    package static func offset(_ changes: [(at: Int, offset: Int)], at instant: Int, otherwise: Int) -> Int {
        (changes.last { $0.at <= instant } ?? changes.first)?.offset ?? otherwise
    }

    private static func change(_ line: Substring) throws -> (at: Int, offset: Int) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // Pacific/Apia  Fri Dec 30 10:00:00 2011 UT = Sat Dec 31 00:00:00 2011 +14 isdst=1 gmtoff=50400
        let words = line.split { $0 == " " || $0 == ":" || $0 == "=" }
        guard words.count == 21, words[8] == "UT", let month = months.firstIndex(of: String(words[2])), let day = Int32(words[3]), let hour = Int32(words[4]),
            let minute = Int32(words[5]), let second = Int32(words[6]), let year = Int32(words[7]), let offset = Int(words[20])
        else { throw UnknownLine(line: String(line)) }
        var tm = tm()
        tm.tm_mon = Int32(month)
        tm.tm_mday = day
        tm.tm_hour = hour
        tm.tm_min = minute
        tm.tm_sec = second
        tm.tm_year = year - 1900
        return (timegm(&tm), offset)
    }

    package struct UnknownLine: Error {
        package var line: String
    }
}
