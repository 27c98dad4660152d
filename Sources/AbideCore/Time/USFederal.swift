/// `us-federal`: the eleven yearly holidays of 5 U.S.C. 6103. One that falls on a Saturday is kept on the Friday before, one
/// on a Sunday on the Monday after; the day is moved, not doubled.
enum USFederal {
    private static let fixed: [(month: Int, day: Int, since: Int, name: String)] = [
        (1, 1, .min, "New Year's Day"),
        (6, 19, 2021, "Juneteenth National Independence Day"),
        (7, 4, .min, "Independence Day"),
        (11, 11, .min, "Veterans Day"),
        (12, 25, .min, "Christmas Day"),
    ]

    /// The holiday kept on `date`; nil: none.
    static func name(on date: LocalDate) -> String? {
        let (year, month, day) = date.civil
        switch (date.weekday, month, (day - 1) / 7 + 1) {
        case (0, 1, 3): return "Birthday of Martin Luther King, Jr."
        case (0, 2, 3): return "Washington's Birthday"
        case (0, 5, _) where day > 24: return "Memorial Day"
        case (0, 9, 1): return "Labor Day"
        case (0, 10, 2): return "Columbus Day"
        case (3, 11, 4): return "Thanksgiving Day"
        case (5, _, _), (6, _, _): return nil
        default: break
        }
        if let name = fixedName(year, month, day) { return name }
        // The neighbour of a Friday or Monday can lie in another month or year.
        let moved: LocalDate
        switch date.weekday {
        case 4: moved = LocalDate(days: date.days + 1)
        case 0: moved = LocalDate(days: date.days - 1)
        default: return nil
        }
        let civil = moved.civil
        return fixedName(civil.year, civil.month, civil.day).map { $0 + " (observed)" }
    }

    private static func fixedName(_ year: Int, _ month: Int, _ day: Int) -> String? {
        fixed.first { $0.month == month && $0.day == day && year >= $0.since }?.name
    }
}
