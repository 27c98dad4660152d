import AbideCore
import Testing

@Suite struct TimeZoneTests {
    /// A version 2 file without a transition, so that the footer alone speaks.
    private func zone(_ footer: String) throws -> ZoneRules {
        func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        let block = Array("TZif2".utf8) + Array(repeating: 0, count: 15) + [0, 0, 0, 0, 1, 4].flatMap(big) + big(0) + [0, 0] + Array("LMT\0".utf8)
        return try ZoneRules(name: footer, tzif: block + block + Array("\n\(footer)\n".utf8))
    }

    private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    /// Footers as the IANA files have them, and the second at which each offset begins, from the zones' own laws.
    @Test("the rule in the footer holds for ever: names in brackets, negative summer time, changes before and after the day", arguments: [
        ("<-03>3", "2500-07-01T00:00:00Z", -10_800, -10_800),
        ("CST6CDT,M3.2.0,M11.1.0", "2026-03-08T08:00:00Z", -21_600, -18_000),
        ("CST6CDT,M3.2.0,M11.1.0", "2026-11-01T07:00:00Z", -18_000, -21_600),
        ("CST6CDT,M3.2.0,M11.1.0", "9999-03-14T08:00:00Z", -21_600, -18_000),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-03-29T01:00:00Z", 0, 3600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-10-25T01:00:00Z", 3600, 0),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -7200, -3600),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 7200, 10_800),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-10-03T15:30:00Z", 37_800, 39_600),
        ("AAA3BBB4,0/0,J365/23", "2400-01-01T04:00:00Z", -14_400, -14_400),
        ("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 0, 3600),
        ("AAA0BBB,59/0,J300/0", "2028-02-29T00:00:00Z", 0, 3600),
    ])
    func footers(footer: String, at: String, before: Int, after: Int) throws {
        let zone = try zone(footer)
        let change = try instant(at)
        #expect(zone.offset(at: change - 1) == before)
        #expect(zone.offset(at: change) == after)
    }

    @Test("what is no TZif file is refused, however it is cut", arguments: ["", "CST6CDT,M3.2.0", "CST6CDT,M13.2.0,M11.1.0", "<-03", "CS6"])
    func broken(footer: String) throws {
        if !footer.isEmpty { #expect(throws: ZoneFault.self) { try zone(footer) } }
        let whole = Array("TZif2".utf8) + Array(repeating: UInt8(255), count: 80)
        for length in 0..<whole.count { #expect(throws: ZoneFault.self) { try ZoneRules(name: "", tzif: Array(whole[..<length])) } }
    }

    @Test("a wall time stands for two instants in the fold, for none in the gap")
    func folds() throws {
        let zone = try zone("CST6CDT,M3.2.0,M11.1.0")
        let spring = try #require(LocalDate(iso: "2026-03-08"))
        let autumn = try #require(LocalDate(iso: "2026-11-01"))
        #expect(zone.instants(of: spring, secondOfDay: 9000) == [])
        #expect(try zone.instants(of: spring, secondOfDay: 10_800) == [instant("2026-03-08T08:00:00Z")])
        #expect(try zone.instants(of: autumn, secondOfDay: 5400) == [instant("2026-11-01T06:30:00Z"), instant("2026-11-01T07:30:00Z")])
        #expect(try zone.local(instant("2026-11-01T07:30:00Z")) == LocalTime(date: autumn, secondOfDay: 5400))
        #expect(try zone.abbreviation(at: instant("2026-07-01T00:00:00Z")) == "CDT")
    }

    @Test("dates and instants are read strictly and written as they were")
    func texts() throws {
        for text in ["0000-01-01", "0000-03-01", "1900-02-28", "2000-02-29", "1969-12-31", "9999-12-31"] { #expect(LocalDate(iso: text)?.iso == text) }
        for text in ["1900-02-29", "2026-00-10", "2026-13-01", "2026-04-31", "2026-4-01", "+026-04-01", "2026-04-01 ", "2026/04/01", "२०२६-०४"] { #expect(LocalDate(iso: text) == nil) }
        for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"] { #expect(Instant(rfc3339: text)?.rfc3339 == text) }
        for text in ["2026-03-06T24:00:00Z", "2026-03-06T10:60:00Z", "2016-12-31T23:59:60Z", "2026-03-06t10:00:00Z", "2026-03-06T10:00:00z", "2026-03-06T10:00:00.0Z", "2026-03-06T10:00:00+00:00"] {
            #expect(Instant(rfc3339: text) == nil)
        }
        #expect(try instant("1970-01-01T00:00:00Z").seconds == 0 && instant("9999-12-31T23:59:59Z") + 1 == .endOfTime)
        #expect(LocalDate(iso: "2026-11-24")?.weekday == 1 && LocalDate(iso: "0000-01-01")?.weekday == 5)
    }
}
