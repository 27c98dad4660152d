import AbideCore
import AbideDesk
import Foundation
import Testing

@Suite struct TimeVectorTests {
    @Test("each of the 1500 shared questions of working time gets its answer, and each senseless line an error")
    func vectors() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors/clock-vectors.jsonl")
        let batch = ClockBatch(rules: ZoneFiles().rules)
        var count = 0
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let vector = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let input = try JSONSerialization.data(withJSONObject: try #require(vector["input"]))
            let expected = try #require(vector["expect"] as? NSDictionary)
            let text = batch.answer(to: input)
            let answer = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
            if expected["error"] != nil {
                #expect(answer["error"] is String && answer.count == 2 && answer["id"] as? String == expected["id"] as? String, "\(text) for \(vector)")
            } else {
                #expect(answer == expected, "\(text) for \(vector)")
            }
            count += 1
        }
        #expect(count == 1500)
    }

    @Test("a fault anywhere in a line is an error, also where the answer would not need that part", arguments: [
        #""op":"add","seconds":1,"days":-1"#, #""op":"add","seconds":1,"end":"2026-03-06""#, #""op":"add","seconds":1,"mode":"calendar""#, #""op":"add","seconds":1,"nominalDay":0"#,
        #""op":"add","seconds":1.0"#, #""op":"add","seconds":1e3"#, #""op":"add","seconds":true"#, #""op":"add","seconds":null"#, #""op":"add","seconds":1,"seconds":1"#,
        #""op":"add","seconds":1,"holiday":[]"#, #""op":"add","seconds":1,"holidays":null"#, #""op":"add","seconds":1,"exceptions":{"2026-02-29":[]}"#,
        #""op":"add","seconds":1,"suspended":[["2026-03-06T15:00:00Z","2026-03-06T14:59:59Z"]]"#, #""op":"add","seconds":1,"suspended":[["2026-03-06T15:00:00Z","2026-03-06T24:00:00Z"]]"#,
    ])
    func faults(fields: String) {
        let batch = ClockBatch(rules: ZoneFiles().rules)
        func answer(_ fields: String) -> String {
            batch.answer(to: #"{"id":"x","zone":"UTC","week":{"fri":[["08:00","17:00"]]},"start":"2026-03-06T14:00:00Z",\#(fields)}"#.utf8)
        }
        #expect(answer(fields).hasPrefix(#"{"id":"x","error":""#) || answer(fields).hasPrefix(#"{"id":null,"error":"no JSON: the key seconds stands twice"#))
        #expect(answer(#""op":"add","seconds":1"#) == #"{"id":"x","due":"2026-03-06T14:00:01Z"}"#)
    }

    @Test("an answer keeps its line's id, whatever characters it has; a line without one gets null")
    func ids() {
        let batch = ClockBatch(rules: ZoneFiles().rules)
        #expect(batch.answer(to: #"{"id":"a\"\u00e9\ud83d\ude00\n","op":"add"}"#.utf8).hasPrefix(#"{"id":"a\"é😀\n","error":"#))
        for line in ["", "[]", "{", #"{"id":7}"#, #"{"id":"x"} {}"#, #"{"op":"add"}"#, String(repeating: "[", count: 10_000)] {
            #expect(batch.answer(to: line.utf8).hasPrefix(#"{"id":null,"error":""#))
        }
    }

    @Test("abbreviations, offsets, paths and unknown names are no zones, even where the data has such a file", arguments: [
        "", "EST", "CST6CDT", "GMT+0", "UTC+5", "+05:00", "Europe/Dallas", "America", "zone.tab", "tzdata.zi", "posix/UTC", "right/UTC", "posixrules", "localtime", "/usr/share/zoneinfo/UTC",
        "../zoneinfo/UTC", "America/../UTC", "America//Chicago", "america/chicago", "Europe/London ", "Etc/",
    ])
    func names(name: String) {
        #expect(throws: ZoneFault.self) { try ZoneFiles().rules(name) }
    }

    @Test("links and zones with more than two parts are names too; the data says its version")
    func links() throws {
        let zones = ZoneFiles()
        for name in ["UTC", "Etc/UTC", "US/Central", "America/Argentina/La_Rioja", "Etc/GMT+5", "Asia/Calcutta"] { #expect(try zones.rules(name).name == name) }
        #expect(zones.version.count >= 5 && zones.version.hasPrefix("20"))
    }
}
