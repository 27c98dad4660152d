/// The named sets of holidays, each of which knows its days in every year.
package enum HolidayRules {
    /// By name; in the order in which they are offered.
    static let all: [(name: String, holiday: @Sendable (LocalDate) -> String?)] = [
        ("us-federal", { USFederal.name(on: $0) }), ("england-and-wales", { EnglandAndWales.name(on: $0) }), ("germany", { Easter.name(on: $0, germany, others: ["2017-10-31": "Reformation Day"]) }),
        ("target", { Easter.name(on: $0, target) }),
    ]

    package static let names = all.map(\.name)

    /// `germany`: the nine holidays of the whole country; those of single states are dates of one's own. None is moved.
    private static let germany = [
        Easter.Day.fixed(1, 1, "New Year's Day"), .easter(-2, "Good Friday"), .easter(1, "Easter Monday"), .fixed(5, 1, "Labour Day"), .easter(39, "Ascension Day"), .easter(50, "Whit Monday"),
        .fixed(10, 3, "Day of German Unity", since: 1990), .fixed(12, 25, "Christmas Day"), .fixed(12, 26, "Second Day of Christmas"),
    ]

    /// `target`: the closing days of the euro's payment system, which banks of the euro area keep; none is moved.
    private static let target = [
        Easter.Day.fixed(1, 1, "New Year's Day"), .easter(-2, "Good Friday"), .easter(1, "Easter Monday"), .fixed(5, 1, "Labour Day"), .fixed(12, 25, "Christmas Day"), .fixed(12, 26, "Second Day of Christmas"),
    ]
}

/// Holidays that hang on Easter, or on a date.
enum Easter {
    struct Day: Sendable {
        var name: String
        /// Days after Easter Sunday; nil: a date.
        var after: Int?
        var month = 0, day = 0, since = Int.min

        static func easter(_ days: Int, _ name: String) -> Day { Day(name: name, after: days) }
        static func fixed(_ month: Int, _ day: Int, _ name: String, since: Int = .min) -> Day { Day(name: name, month: month, day: day, since: since) }
    }

    static func name(on date: LocalDate, _ days: [Day], others: [String: String] = [:]) -> String? {
        let (year, month, day) = date.civil
        let after = date.days - sunday(year).days
        return days.first { $0.after.map { $0 == after } ?? ($0.month == month && $0.day == day && year >= $0.since) }?.name ?? (others.isEmpty ? nil : others[date.iso])
    }

    /// Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus).
    static func sunday(_ year: Int) -> LocalDate {
        let a = year % 19, b = year / 100, c = year % 100
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114
        return LocalDate(days: LocalDate.days(year: year, month: n / 31, day: n % 31 + 1))
    }
}

/// `england-and-wales`: the bank holidays of England and Wales. One on a weekend is kept on the next working day instead; the days of jubilees,
/// a wedding, a funeral and a coronation are as they were proclaimed.
enum EnglandAndWales {
    private static let proclaimed = [
        "1995-05-08": "Early May bank holiday", "1999-12-31": "Millennium Eve", "2002-06-03": "Golden Jubilee bank holiday", "2002-06-04": "Spring bank holiday", "2011-04-29": "Royal wedding",
        "2012-06-04": "Spring bank holiday", "2012-06-05": "Diamond Jubilee bank holiday", "2020-05-08": "Early May bank holiday (VE Day)", "2022-06-02": "Spring bank holiday",
        "2022-06-03": "Platinum Jubilee bank holiday", "2022-09-19": "State Funeral of Queen Elizabeth II", "2023-05-08": "Coronation of King Charles III",
    ]

    static func name(on date: LocalDate) -> String? {
        let (year, month, day) = date.civil
        if let name = Easter.name(on: date, [.easter(-2, "Good Friday"), .easter(1, "Easter Monday")], others: proclaimed) { return name }
        switch (date.weekday, month) {
        case (0, 5) where day <= 7: return year == 1995 || year == 2020 ? nil : "Early May bank holiday"
        case (0, 5) where day > 24: return [2002, 2012, 2022].contains(year) ? nil : "Spring bank holiday"
        case (0, 8) where day > 24: return "Summer bank holiday"
        case (5, _), (6, _): return nil
        case (0, 1) where day == 2 || day == 3: return "New Year's Day (substitute day)"
        case (0, 12) where day == 27: return "Christmas Day (substitute day)"
        case (0, 12) where day == 28, (1, 12) where day == 28: return "Boxing Day (substitute day)"
        case (1, 12) where day == 27: return "Christmas Day (substitute day)"
        default: break
        }
        return switch (month, day) {
        case (1, 1): "New Year's Day"
        case (12, 25): "Christmas Day"
        case (12, 26): "Boxing Day"
        default: nil
        }
    }
}
