import AbideDesk
import Foundation
import Testing

@Suite("The schema for editors")
struct AgreementFileSchemaTests {
    @Test("agreements/schema.json knows the reader's keys, each described, and requires the same")
    func keys() throws {
        let json = try JSONSerialization.jsonObject(with: Data(AgreementExamples.shipped("schema.json").utf8))
        let schema = try #require(json as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        for (name, shape) in AgreementShape.all {
            let entry = try #require((name == "agreement" ? schema : definitions[name]) as? [String: Any], "no definition '\(name)'")
            let properties = try #require(entry["properties"] as? [String: [String: Any]])
            #expect(Set(properties.keys) == Set(shape.keys.map(\.name)), "\(name)")
            #expect(Set(entry["required"] as? [String] ?? []) == Set(shape.keys.filter(\.required).map(\.name)), "\(name)")
            #expect(entry["additionalProperties"] as? Bool == false, "\(name)")
            for (key, property) in properties { #expect((property["description"] as? String)?.isEmpty == false, "\(name).\(key)") }
        }
        // Whatever else is defined there is a value, not an entry that the reader doesn't know.
        let values = definitions.keys.filter { AgreementShape.all[$0] == nil }
        #expect(values.allSatisfy { (definitions[$0] as? [String: Any])?["properties"] == nil })
    }

    @Test("agreements/amendment.json knows the same keys and asks only for what an entry is matched by")
    func amendment() throws {
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(AgreementExamples.shipped("schema.json").utf8)) as? [String: Any])
        let own = try #require(try JSONSerialization.jsonObject(with: Data(AgreementExamples.shipped("amendment.json").utf8)) as? [String: Any])
        #expect(own["required"] as? [String] == ["base", "name", "version"])
        let (a, b) = (try #require(whole["$defs"] as? [String: [String: Any]]), try #require(own["$defs"] as? [String: [String: Any]]))
        for name in AgreementShape.all.keys.sorted() {
            let (full, part) = (name == "agreement" ? whole : a[name] ?? [:], name == "agreement" ? own : b[name] ?? [:])
            #expect(Set((full["properties"] as? [String: Any] ?? [:]).keys) == Set((part["properties"] as? [String: Any] ?? [:]).keys), "\(name)")
            if name != "agreement", name != "rung" { #expect(Set(part["required"] as? [String] ?? []).isSubset(of: ["name", "number", "date"]), "\(name)") }
        }
    }
}
