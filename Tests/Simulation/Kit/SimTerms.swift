import AbideTestKit

/// A length of working time as an agreement writes it.
enum SimSpan: Sendable {
    case seconds(Int64)
    case days(Int)

    var text: String {
        switch self {
        case .seconds(let seconds) where seconds % 3600 == 0 && seconds > 0: "\(seconds / 3600)h"
        case .seconds(let seconds) where seconds % 60 == 0 && seconds > 0: "\(seconds / 60)m"
        case .seconds(let seconds): "\(seconds)s"
        case .days(let days): "\(days)wd"
        }
    }
}

enum SimTarget: Sendable {
    case within(SimSpan), agreed, asap

    var text: String {
        switch self {
        case .within(let span): span.text
        case .agreed: "agreed"
        case .asap: "asap"
        }
    }
}

/// Hours in minutes after local midnight.
struct SimHours: Sendable, Hashable {
    var open: Int
    var close: Int
    var text: String { "\(SimHours.clock(open))-\(SimHours.clock(close))" }
    private static func clock(_ minutes: Int) -> String { pad(minutes / 60) + ":" + pad(minutes % 60) }
}

func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

struct SimCalendar: Sendable {
    var name: String
    var zone: String
    /// Monday first.
    var week: [[SimHours]]
    /// Dates as year × 10,000 + month × 100 + day.
    var holidays: [Int]
    var exceptions: [Int: [SimHours]]

    /// Seconds of one working day: the most common total of the open weekdays, the larger on a tie.
    var nominalDay: Int64 {
        var counts: [Int: Int] = [:]
        for day in week {
            let total = union(day)
            if total > 0 { counts[total, default: 0] += 1 }
        }
        return Int64(counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0) * 60
    }

    private func union(_ day: [SimHours]) -> Int { (0..<1440).count { minute in day.contains { $0.open <= minute && minute < $0.close } } }
}

struct SimSeverity: Sendable {
    var calendar: Int
    var response: SimTarget
    var resolution: SimTarget
}

struct SimRung: Sendable {
    var after: SimSpan
    var role: String
    var tellClient: Bool
}

/// An agreement as the seed makes it: written to a file for the desk, and executed a second time by the plain clocks.
struct SimAgreement: Sendable {
    enum Reopening: String, Sendable { case restart, carry, none }

    var version: Int
    var calendars: [SimCalendar]
    var endOfDay: Bool
    /// Numbers 1 to 4.
    var severities: [SimSeverity]
    var restartsOnChange: Bool
    var provisional: Int
    var responseLadder: [SimRung]
    var resolutionLadder: [SimRung]
    var feedbackWithin: SimSpan
    var noticePeriod: SimSpan
    var reopenResponse: Reopening
    var reopenResolution: Reopening
    var graceHours: Int

    static let zones = [
        "America/Chicago", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kolkata", "Europe/London", "Africa/Casablanca", "America/Chicago", "Europe/Berlin",
        "Asia/Kathmandu", "America/St_Johns",
    ]

    init(_ dice: inout Seeded, version: Int, firstDay: Int) {
        self.version = version
        let zone = dice.pick(Self.zones)
        calendars = [Self.calendar("office", zone, &dice, firstDay: firstDay)]
        if dice.chance(40) { calendars.append(SimCalendar(name: "always", zone: zone, week: Array(repeating: [SimHours(open: 0, close: 1440)], count: 7), holidays: [], exceptions: [:])) }
        if dice.chance(25) { calendars.append(Self.calendar("second", dice.pick(Self.zones), &dice, firstDay: firstDay)) }
        endOfDay = dice.chance(30)
        let calendarCount = calendars.count
        let quick: [SimTarget] = [.within(.seconds(7200)), .within(.seconds(3600)), .within(.seconds(5400)), .within(.seconds(617))]
        let middle: [SimTarget] = [.within(.days(1)), .within(.seconds(14_400)), .within(.days(2))]
        let slow: [SimTarget] = [.within(.days(3)), .within(.days(5)), .within(.seconds(100_800))]
        let solved: [SimTarget] = [.agreed, .agreed, .within(.seconds(28_800)), .within(.days(4)), .asap]
        severities = (1...4).map { number in
            let response = number == 1 ? dice.pick(quick) : number == 2 ? dice.pick(middle) : number == 3 ? dice.pick(slow) : .asap
            return SimSeverity(calendar: number == 1 || dice.chance(20) ? dice.below(calendarCount) : 0, response: response, resolution: number == 4 ? .asap : dice.pick(solved))
        }
        restartsOnChange = dice.chance(35)
        provisional = 2 + dice.below(2)
        responseLadder = Self.ladder(&dice)
        resolutionLadder = Self.ladder(&dice)
        feedbackWithin = dice.pick([.days(5), .days(2), .seconds(36_000)])
        noticePeriod = dice.pick([.days(2), .days(1), .seconds(10_800)])
        reopenResponse = dice.pick([.restart, .restart, .carry, .none])
        reopenResolution = dice.pick([.carry, .carry, .restart, .none])
        graceHours = 4
    }

    private static func ladder(_ dice: inout Seeded) -> [SimRung] {
        let roles = ["departmentLead", "serviceManager", "management"]
        let delays: [[SimSpan]] = [[.seconds(0), .seconds(14_400), .seconds(32_400)], [.seconds(0), .days(1)], [.seconds(1800), .days(1), .days(3)], [.seconds(0)], [.seconds(0), .seconds(90), .seconds(91)]]
        return dice.pick(delays).enumerated().map { SimRung(after: $0.element, role: roles[$0.offset], tellClient: dice.chance(85)) }
    }

    private static func calendar(_ name: String, _ zone: String, _ dice: inout Seeded, firstDay: Int) -> SimCalendar {
        let office = [SimHours(open: 480, close: 1020)], halves = [SimHours(open: 510, close: 720), SimHours(open: 780, close: 1050)]
        let night = [SimHours(open: 0, close: 210), SimHours(open: 1320, close: 1440)]
        let day = dice.pick([office, office, halves, [SimHours(open: 540, close: 1085)]])
        var week = Array(repeating: day, count: 5) + [[], []]
        if dice.chance(25) { week[5] = [SimHours(open: 540, close: 780)] }
        // Where the clocks change, which is in the small hours of a Sunday nearly everywhere.
        if dice.chance(25) { week[6] = dice.chance(50) ? [SimHours(open: 60, close: 180)] : night }
        if dice.chance(10) { week = Array(repeating: night, count: 7) }
        var holidays: [Int] = []
        var exceptions: [Int: [SimHours]] = [:]
        for offset in 0..<140 {
            let date = PlainCalendar.date(firstDay + offset)
            if dice.chance(3) { holidays.append(date) } else if dice.chance(2) { exceptions[date] = dice.chance(40) ? [] : [SimHours(open: 480, close: 720)] }
        }
        return SimCalendar(name: name, zone: zone, week: week, holidays: holidays, exceptions: exceptions)
    }
}
