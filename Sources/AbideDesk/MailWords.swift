package import AbideCore

/// The words of mails that stand in no milestone: what the clocks are called and how they are read, days and months. English, and in a file
/// of mail words under `words:` in another language; what such a file leaves out stays English.
package struct MailWords: Sendable, Hashable {
    /// Every key with its English words. Those of a clock's sentence have variables of their own.
    package static let english: [String: String] = [
        "answering": "Answering this message adds to the ticket.", "open": "Open {{ref}}", "accept": "Accept this date", "survey": "Say how it was",
        "weekdays": TimeWords.shortWeekdays.joined(separator: " "), "months": TimeWords.shortMonths.joined(separator: " "), "in": "in", "and": "and",
        "response": "Response", "resolution": "Resolution", "nextReply": "Next reply",
        "notStarted": "{{clock}}: the clock has not started.", "paused": "{{clock}}, paused. {{used}} counted.", "pausedLeft": "{{clock}}, paused. {{used}} counted, {{left}} left.",
        "stopped": "{{clock}} after {{used}}.", "stoppedTarget": "{{clock}} after {{used}} of {{target}}.", "running": "{{clock}}, running. {{used}} counted, no deadline.",
        "runningLeft": "{{clock}}, running. {{used}} of {{target}} used. Due {{due}}, {{left}} left.", "runningOver": "{{clock}}, running. {{used}} of {{target}} used. Due {{due}}, {{left}} over.",
        "sent": "sent", "done": "done", "due": "due", "by": "by {{time}}", "within": "within {{time}} of working time",
        "covered": "covered", "notCovered": "not covered", "chargeable": "chargeable", "quote": "to be quoted", "undecided": "undecided",
    ]
    /// The variables that a key's words may name.
    package static let variables: Set<String> = ["ref", "clock", "used", "left", "target", "due", "time"]

    package static let inEnglish = MailWords()

    private var own: [String: String] = [:]

    package init() {}

    /// - Returns: false where there is no such key.
    mutating func set(_ key: String, _ words: String) -> Bool {
        guard Self.english[key] != nil else { return false }
        own[key] = words
        return true
    }

    package subscript(_ key: String, _ values: [String: String] = [:]) -> String {
        let words = own[key] ?? Self.english[key] ?? key
        return values.isEmpty ? words : MailTemplates.filled(words, values) ?? MailTemplates.filled(Self.english[key] ?? "", values) ?? words
    }

    /// Every key that these words leave in English.
    package var missing: [String] { Self.english.keys.filter { own[$0] == nil }.sorted() }

    package var names: Tongue.Writing {
        func list(_ key: String, _ count: Int, _ english: [String]) -> [String] {
            let words = self[key].split(separator: " ").map(String.init)
            return words.count == count ? words : english
        }
        return Tongue.Writing(shortWeekdays: list("weekdays", 7, TimeWords.shortWeekdays), shortMonths: list("months", 12, TimeWords.shortMonths), within: self["in"])
    }

    /// `a, b and c`
    func list(_ words: [String]) -> String {
        words.isEmpty ? "" : EventSentence.list(words, and: self["and"])
    }

    /// A clock's reading in one sentence.
    func sentence(_ name: ClockName, _ reading: ClockReading, when: (Instant) -> String) -> String {
        var values = ["clock": self[name.rawValue], "used": Duration.words(reading.usedSeconds)]
        values["left"] = reading.leftSeconds.map { Duration.words(abs($0)) }
        values["target"] = reading.targetSeconds.map(Duration.words)
        values["due"] = reading.due.map(when)
        switch reading.state {
        case .notStarted: return self["notStarted", values]
        case .suspended: return self[reading.leftSeconds == nil ? "paused" : "pausedLeft", values]
        case .stopped: return self[reading.targetSeconds == nil ? "stopped" : "stoppedTarget", values]
        case .running:
            guard reading.targetSeconds != nil, reading.due != nil, let left = reading.leftSeconds else { return self["running", values] }
            return self[left < 0 ? "runningOver" : "runningLeft", values]
        }
    }
}
