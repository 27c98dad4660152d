/// The agreement as the file that the desk reads.
extension SimAgreement {
    static let mailbox = "support@larkfield.example"

    var yaml: String {
        var lines = ["name: Simulated", "version: \(version)", "provider:", "  name: Larkfield Systems", "  place: Here", "  zone: \(calendars[0].zone)", "  mailbox: \(Self.mailbox)", "calendars:"]
        for calendar in calendars {
            lines += ["  - name: \(calendar.name)", "    zone: \(calendar.zone)", "    week:"]
            for (name, hours) in zip(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], calendar.week) where !hours.isEmpty { lines.append("      \(name): \(list(hours))") }
            lines.append("    holidays: [" + calendar.holidays.map { "{date: \(Self.iso($0)), name: closed}" }.joined(separator: ", ") + "]")
            lines.append("    exceptions: [" + calendar.exceptions.sorted { $0.key < $1.key }.map { "{date: \(Self.iso($0.key)), hours: \(list($0.value))}" }.joined(separator: ", ") + "]")
        }
        lines += ["defaultCalendar: \(calendars[0].name)", "workingDays: \(endOfDay ? "endOfDay" : "rolling")", "severities:"]
        for (index, severity) in severities.enumerated() {
            lines += [
                "  - number: \(index + 1)", "    name: Severity \(index + 1)", "    description: As the seed has it", "    calendar: \(calendars[severity.calendar].name)",
                "    response: \(severity.response.text)", "    resolution: \(severity.resolution.text)",
            ]
        }
        lines += ["severityChange: \(restartsOnChange ? "restart" : "carry")", "provisionalSeverity: \(provisional)", "intake:"]
        for (name, label, required, profile) in [("name", "Name", true, true), ("phone", "Phone", true, true), ("site", "Site", true, false), ("description", "Description", true, false), ("urgency", "Urgency", false, false)] {
            lines.append("  - {name: \(name), label: \(label), required: \(required)\(profile ? ", fromProfile: true" : "")}")
        }
        lines += [
            "departments: [{name: First}, {name: Second}]", "suspensionReasons:", "  - {name: accessAwaited, label: Access, waitsForClient: true}",
            "  - {name: answerAwaited, label: Answer, waitsForClient: true, endsWithAnswer: true}", "  - {name: partAwaited, label: A part, waitsForClient: false}", "escalation:",
        ]
        for (name, ladder) in [("response", responseLadder), ("resolution", resolutionLadder)] {
            lines.append("  \(name):")
            for rung in ladder { lines.append("    - {after: \(rung.after.text), notify: [\(rung.role)], tellClient: \(rung.tellClient)}") }
        }
        lines += [
            "complaint: {answerWithin: 1wd, notify: [serviceManager]}", "coverage:", "  - {name: M1, description: Paid, when: {subscriptionPaid: true}, decision: covered}",
            "closing: {feedbackWithin: \(feedbackWithin.text), noticePeriod: \(noticePeriod.text)}", "reopening: {response: \(reopenResponse.rawValue), resolution: \(reopenResolution.rawValue)}",
            "catchUpGrace: \(graceHours)h",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func list(_ hours: [SimHours]) -> String { "[" + hours.map { "\"\($0.text)\"" }.joined(separator: ", ") + "]" }
    static func iso(_ date: Int) -> String { "\(date / 10_000)-\(pad(date / 100 % 100))-\(pad(date % 100))" }
}
