extension WorkingCalendar {
    /// Is this an instant at which something can be due: open, or the closing instant itself?
    package func holds(_ instant: Instant) -> Bool { isOpen(instant) || isOpen(instant - 1) }

    /// The latest instant from which `working` seconds are worked until `instant`; nil where nothing is open in the twenty years before.
    package func instant(before instant: Instant, working: Int64) -> Instant? {
        var reach: Int64 = 86_400
        while worked(from: instant - reach, to: instant) < working {
            reach *= 2
            guard reach < 20 * 366 * 86_400 else { return nil }
        }
        var low = instant - reach, high = instant
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if worked(from: middle, to: instant) >= working { low = middle } else { high = middle }
        }
        return low
    }
}

extension ZoneRules {
    /// The first instant of a local date; where midnight is skipped, the first that the date has.
    package func start(of date: LocalDate) -> Instant {
        if let first = instants(of: date, secondOfDay: 0).first { return first }
        for minute in 1..<1440 {
            if let found = instants(of: date, secondOfDay: minute * 60).first { return found }
        }
        return Instant(Int64(date.days) * 86_400)
    }
}

extension LocalDate {
    package var next: LocalDate { LocalDate(days: days + 1) }
}
