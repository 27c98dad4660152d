/// A whole day in a calendar, as iCalendar text (RFC 5545) to go with a mail.
package struct CalendarEntry: Sendable {
    /// The same for every state of one entry; a higher `sequence` takes the place of a lower one.
    package var uid: String
    package var sequence: Int
    package var day: LocalDate
    package var summary: String
    package var isCancelled: Bool
    package var stamp: Instant

    package init(uid: String, sequence: Int, day: LocalDate, summary: String, isCancelled: Bool, stamp: Instant) {
        self.uid = uid
        self.sequence = sequence
        self.day = day
        self.summary = summary
        self.isCancelled = isCancelled
        self.stamp = stamp
    }

    /// Lines end with CR LF; those over 75 bytes are folded.
    package var text: String {
        let lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Abide//Support desk//EN", "METHOD:\(method)", "BEGIN:VEVENT", "UID:\(uid)", "SEQUENCE:\(sequence)",
            "DTSTAMP:\(Self.basic(stamp.rfc3339))", "DTSTART;VALUE=DATE:\(Self.basic(day.iso))", "DTEND;VALUE=DATE:\(Self.basic(day.next.iso))", "SUMMARY:\(Self.escaped(summary))",
            "STATUS:\(isCancelled ? "CANCELLED" : "CONFIRMED")", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
        ]
        return lines.map(Self.folded).joined(separator: "\r\n") + "\r\n"
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
