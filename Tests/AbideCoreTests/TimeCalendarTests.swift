import AbideCore
import AbideDesk
import AbideTestKit
import Testing

@Suite struct TimeCalendarTests {
    private func calendar(_ zone: String, days: ClosedRange<Int>, _ open: Int, _ close: Int, rules: [String] = [], expanding: ClosedRange<Int> = 2015...2045) throws -> WorkingCalendar {
        let week = (0..<7).map { days.contains($0) ? [DayHours(open: open * 60, close: close * 60)] : [] }
        let terms = CalendarTerms(name: "c", zone: zone, week: week, holidayRules: rules, holidays: [], exceptions: [], nominalDay: nil)
        return try WorkingCalendar(terms: terms, zone: ZoneFiles().rules(zone), expanding: expanding)
    }

    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test("C4 the standard calendar counts over holidays and changes of the clocks as its page says")
    func dallas() throws {
        let dallas = try calendar("America/Chicago", days: 0...4, 480, 1020, rules: ["us-federal"])
        #expect(try dallas.instant(after: at("2026-07-02T20:00:00Z"), working: 7200) == at("2026-07-02T22:00:00Z"))
        #expect(try dallas.instant(after: at("2026-07-02T21:30:00Z"), working: 7200) == at("2026-07-06T14:30:00Z"))
        #expect(dallas.nominalDay == 32_400)
        #expect(try dallas.instant(after: at("2026-03-06T16:00:00Z"), working: 32_400) == at("2026-03-09T15:00:00Z"))
        // Zero is the start itself, also outside hours; nothing is counted backwards.
        #expect(try dallas.instant(after: at("2026-07-04T12:00:00Z"), working: 0) == at("2026-07-04T12:00:00Z"))
        #expect(try dallas.instant(after: at("2026-07-04T12:00:00Z"), working: -1) == nil)
        #expect(try !dallas.isOpen(at("2026-07-02T22:00:00Z")) && dallas.isOpen(at("2026-07-02T21:59:59Z")))
    }

    /// Local midnight to the next, as UTC instants.
    @Test("a wall time that is skipped contributes nothing, one shown twice counts both times", arguments: [
        ("America/Chicago", 0, 1440, "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z", 82_800), ("America/Chicago", 0, 1440, "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z", 90_000),
        ("America/Chicago", 60, 180, "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z", 3600), ("America/Chicago", 60, 180, "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z", 10_800),
        ("America/Chicago", 90, 150, "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z", 5400),
        // 2011-12-30 never was: from the evening of the 29th to the morning of the 31st.
        ("Pacific/Apia", 540, 1020, "2011-12-30T03:00:00Z", "2011-12-30T19:00:00Z", 0),
    ])
    func days(zone: String, open: Int, close: Int, from: String, to: String, seconds: Int64) throws {
        let calendar = try calendar(zone, days: 0...6, open, close)
        #expect(try calendar.worked(from: at(from), to: at(to)) == seconds)
        #expect(try calendar.worked(from: at(to), to: at(from)) == -seconds)
        #expect(try calendar.open(from: at(from), to: at(to)).reduce(0) { $0 + ($1.to - $1.from) } == seconds)
    }

    /// As the Office of Personnel Management lists them; 2021 and 2022 have each rule of moving.
    @Test("C4 federal holidays are kept on the day that the law moves them to")
    func federal() throws {
        let calendar = try calendar("America/Chicago", days: 0...6, 480, 1020, rules: ["us-federal"])
        func kept(_ year: Int) throws -> [String] {
            let first = try #require(LocalDate(year: year, month: 1, day: 1)).days
            return (first..<first + 365).map(LocalDate.init(days:)).filter { calendar.holiday(on: $0) != nil }.map { String($0.iso.dropFirst(5)) }
        }
        #expect(try kept(2026) == ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"])
        #expect(try kept(2021) == ["01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"])
        #expect(try kept(2022) == ["01-17", "02-21", "05-30", "06-20", "07-04", "09-05", "10-10", "11-11", "11-24", "12-26"])
        #expect(try kept(2020).contains("06-19") == false)
        #expect(calendar.holiday(on: try #require(LocalDate(iso: "2026-07-03"))) == "Independence Day (observed)")
        #expect(calendar.holiday(on: try #require(LocalDate(iso: "2026-07-04"))) == nil)
    }

    /// As gov.uk, the German states' calendars and the European Central Bank list them, in years with every rule of moving.
    @Test("C4 the other sets of holidays are kept as their countries list them", arguments: [
        ("england-and-wales", 2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        ("england-and-wales", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        ("england-and-wales", 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        ("england-and-wales", 2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        ("germany", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"), ("germany", 2017, "01-01 04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"),
        ("target", 2027, "01-01 03-26 03-29 05-01 12-25 12-26"),
    ])
    func others(rule: String, year: Int, kept: String) throws {
        let calendar = try calendar("Europe/London", days: 0...6, 480, 1020, rules: [rule])
        let first = try #require(LocalDate(year: year, month: 1, day: 1)).days
        #expect((first..<first + 366).map(LocalDate.init(days:)).filter { $0.year == year && calendar.holiday(on: $0) != nil }.map { String($0.iso.dropFirst(5)) }.joined(separator: " ") == kept)
        let both = try self.calendar("Europe/London", days: 0...6, 480, 1020, rules: [rule, "us-federal"])
        #expect(both.holiday(on: try #require(LocalDate(iso: "2026-11-26"))) == "Thanksgiving Day")
    }

    @Test("what was worked adds up over any cut, and a deadline is the earliest instant with that much before it")
    func additivity() throws {
        var random = Seeded(7)
        for expanding in [2015...2045, 2026...2026] {
            let calendar = try calendar("America/Chicago", days: 0...4, 480, 1020, rules: ["us-federal"], expanding: expanding)
            for _ in 0..<3000 {
                // From 2007 to 2055, over both edges of what is expanded.
                let cuts = (0..<3).map { _ in Instant(1_167_609_600 + Int64(random.below(1_514_764_800))) }
                #expect(calendar.worked(from: cuts[0], to: cuts[1]) + calendar.worked(from: cuts[1], to: cuts[2]) == calendar.worked(from: cuts[0], to: cuts[2]))
                let length = Int64(1 + random.below(100_000_000))
                let due = try #require(calendar.instant(after: cuts[0], working: length))
                #expect(calendar.worked(from: cuts[0], to: due) == length)
                #expect(calendar.worked(from: cuts[0], to: due - 1) == length - 1)
            }
        }
    }

    @Test("questions far away are answered as near ones are; the calendar repeats every 400 years", .timeLimit(.minutes(1)))
    func far() throws {
        let calendar = try calendar("America/Chicago", days: 0...4, 480, 1020, rules: ["us-federal"])
        let cycle: Int64 = 146_097 * 86_400
        let start = try at("2030-05-01T10:00:00Z")
        let due = try #require(calendar.instant(after: start, working: 500_000))
        #expect(calendar.instant(after: start + 19 * cycle, working: 500_000) == due + 19 * cycle)
        #expect(try calendar.endOfDay(after: at("9630-05-01T10:00:00Z"), days: 4) == #require(calendar.endOfDay(after: start, days: 4)) + 19 * cycle)
        #expect(calendar.worked(from: start, to: start + 18 * cycle) == 18 * calendar.worked(from: start, to: start + cycle))
        let day = try at("9999-12-29T10:00:00Z")
        #expect(try calendar.instant(after: day, working: 64_800) == at("9999-12-30T23:00:00Z"))
        // The 31st, a Friday, is New Year's Day kept.
        #expect(calendar.instant(after: day, working: 64_801) == nil && calendar.endOfDay(after: day, days: 2) == nil)
        #expect(calendar.instant(after: start, working: .max) == nil && calendar.endOfDay(after: start, days: .max) == nil)
        #expect(calendar.worked(from: start, to: Instant(.max)) == calendar.worked(from: start, to: .endOfTime))
    }
}
