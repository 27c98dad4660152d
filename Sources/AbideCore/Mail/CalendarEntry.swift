/// A whole day, or a moment, in a calendar, as iCalendar text (RFC 5545) to go with a mail.
package struct CalendarEntry: Sendable {
    /// The same for every state of one entry; a higher `sequence` takes the place of a lower one.
    package var uid: String
    package var sequence: Int
    package var when: When
    package var summary: String
    package var isCancelled: Bool
    package var stamp: Instant

    package enum When: Sendable, Equatable {
        case day(LocalDate)
        /// Until which something is promised: it takes no time of its own.
        case moment(Instant)
    }

    package init(uid: String, sequence: Int, when: When, summary: String, isCancelled: Bool, stamp: Instant) {
        self.uid = uid
        self.sequence = sequence
        self.when = when
        self.summary = summary
        self.isCancelled = isCancelled
        self.stamp = stamp
    }

    /// Lines end with CR LF; those over 75 bytes are folded.
    package var text: String {
        let lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Abide//Support desk//EN", "METHOD:\(method)", "BEGIN:VEVENT", "UID:\(uid)", "SEQUENCE:\(sequence)",
            "DTSTAMP:\(Self.basic(stamp.rfc3339))",
        ] + times + [
            "SUMMARY:\(Self.escaped(summary))",
            "STATUS:\(isCancelled ? "CANCELLED" : "CONFIRMED")", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
        ]
        return lines.map(Self.folded).joined(separator: "\r\n") + "\r\n"
    }

    private var times: [String] {
        switch when {
        case .day(let day): ["DTSTART;VALUE=DATE:\(Self.basic(day.iso))", "DTEND;VALUE=DATE:\(Self.basic(day.next.iso))"]
        case .moment(let moment): ["DTSTART:\(Self.basic(moment.rfc3339))"]
        }
    }

    package var method: String { isCancelled ? "CANCEL" : "PUBLISH" }

    /// `20260310T140000Z`, `20260310`
    private static func basic(_ iso: String) -> String { iso.filter { $0 != "-" && $0 != ":" } }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "\\", ";", ",": out += "\\\(character)"
            case _ where character.isNewline: out += "\\n"
            default: out.append(character)
            }
        }
        return out
    }

    private static func folded(_ line: String) -> String {
        var out = "", length = 0
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if length + size > 75 {
                out += "\r\n "
                length = 1
            }
            out.unicodeScalars.append(scalar)
            length += size
        }
        return out
    }
}
