import AbideCore
import AbideStore

/// The words of the mails: the fact first, then what follows, then what one can do.
struct NoticeWriter {
    let desk: Desk
    let ticket: Ticket
    let agreement: Agreement
    let directory: Directory.Content

    private func labels(_ names: [String], _ words: MailWords = .inEnglish) -> String { words.list(names.map { agreement.terms.fieldLabel($0).lowercasedFirst }) }

    private func words(_ event: TicketEvent) -> String { EventSentence.sentence(event, agreement) { "\(Self.mark($0))" } }

    private func notice(_ milestone: String, _ headline: String, _ paragraphs: [String], words: String? = nil, byPerson: Bool = false, promise: ClockName? = nil, automaticReply: Bool = false, values: [String: String] = [:]) -> Notice {
        Notice(milestone: milestone, to: [], toAddress: nil, headline: headline, paragraphs: paragraphs, words: words, byPerson: byPerson, promise: promise, automaticReply: automaticReply, values: values)
    }

    /// A5: told at once exactly what is missing; an answer can supply it.
    func incomplete() -> Notice {
        let missing = ticket.missing(agreement)
        let lines = missing.map { "\(agreement.terms.fieldLabel($0)): " }
        return notice(
            "incomplete", "We have your message. The clock has not started: \(labels(missing)) missing.",
            [
                "Your reference is \(ticket.ref). The agreement's response time runs from the moment at which all that it asks for is there.",
                "Answer this message with the lines below filled in, or use the short form.",
                lines.joined(separator: "\n"),
            ], automaticReply: true)
    }

    /// A6, A7, E1: logged, with the reference and the deadlines that now run.
    func logged() -> Notice {
        let response = ticket.clock(.response, agreement).reading(at: desk.now())
        let severity = agreement.terms.severity(ticket.severity)
        let promise = response.due.map { "We answer by \(Self.mark($0))." } ?? "We answer as soon as possible; no deadline is agreed for this severity."
        return notice(
            "logged", "Your ticket \(ticket.ref) is logged.",
            [
                promise + " It counts as \(ticket.severity) \(severity?.name ?? ""): first answer within \(severity?.response.words ?? "the agreed time").",
                severity?.resolution == .agreed ? "We will propose a date for the solution, and you accept it or propose another." : "A date for the solution is not part of this severity.",
            ], promise: .response, automaticReply: true)
    }

    func answered(_ event: TicketEvent, first: Bool) -> Notice {
        notice(first ? "responded" : "answered", "\(event.actor.name) wrote about \(ticket.ref).", [], words: event.texts[TextKey.body], byPerson: true)
    }

    func clientWrote(_ event: TicketEvent) -> Notice {
        notice("clientAnswered", "\(event.actor.name) wrote about \(ticket.ref).", [], words: event.texts[TextKey.body])
    }

    func mentioned(_ event: TicketEvent) -> Notice {
        notice("mentioned", "\(event.actor.name) mentioned you in a note on \(ticket.ref).", ["\(ticket.subject). Severity \(ticket.severity), \(clientName)."], words: event.texts[TextKey.body])
    }

    func suspended(_ event: TicketEvent) -> Notice {
        var values = ["note": event.texts[TextKey.note] ?? ""]
        if case .suspended(_, let key) = event.fact { values["reason"] = agreement.suspensionReason(key)?.label ?? key }
        return notice("suspended", "The clock of \(ticket.ref) is paused.", [words(event), "It goes on as soon as this is settled; the deadline then moves by exactly the working time lost (C6)."], promise: .resolution, values: values)
    }

    func resumed(_ event: TicketEvent) -> Notice {
        let clock = ticket.clock(.response, agreement)
        let name: ClockName = clock.state == .running ? .response : .resolution
        let due = ticket.clock(name, agreement).due.map { " \(name.words) is now due \(Self.mark($0))." } ?? ""
        return notice("resumed", "The clock of \(ticket.ref) runs again.", [words(event) + due], promise: name)
    }

    func warned(_ clock: ClockName) -> Notice {
        let due = ticket.clock(clock, agreement).due.map { "\(Self.mark($0))" } ?? "soon"
        return notice("warning", "\(clock.words) of \(ticket.ref) is due \(due).", ["\(ticket.subject). Severity \(ticket.severity), \(clientName)."], promise: clock)
    }

    private var clientName: String { ticket.client.flatMap { directory.clients[$0]?.name } ?? "a client not known yet" }

    /// D1, D2.
    func escalated(_ events: [TicketEvent], toClient: Bool) -> Notice {
        // What a stop had kept back says so: when it fell due, and when it was found.
        let lines = events.map { event in words(event) + (event.recordedAt - event.occurredAt > 60 ? " Recorded \(Self.mark(event.recordedAt))." : "") }
        var clock = ClockName.resolution
        if case .escalated(let name, _, _, _, _, _)? = events.last?.fact { clock = name }
        let promise = clock == .resolution ? "a solution" : "an answer"
        return notice(
            "escalated", toClient ? "We promised \(promise) to \(ticket.ref) and did not give one in time. It is escalated." : "\(ticket.ref) missed its \(clock.words.lowercasedFirst) and is escalated to you.",
            (toClient ? [] : ["\(ticket.subject). Severity \(ticket.severity), \(clientName)."]) + lines
                + (toClient ? ["If you are not satisfied, you can write to the client services manager: on the page of the ticket, or by answering with a line \"Complaint:\" and a line \"Impact:\" (D3)."] : []), promise: clock)
    }

    func proposed(_ event: TicketEvent) -> Notice {
        notice("resolutionProposed", "A date is proposed for \(ticket.ref).", [words(event), "Accept it, or propose another one, on the page of the ticket (C3)."], values: date(event))
    }

    func agreed(_ event: TicketEvent) -> Notice {
        let due = ticket.clock(.resolution, agreement).due.map { "It is to be solved by \(Self.mark($0))." } ?? ""
        return notice("resolutionAgreed", "The date for \(ticket.ref) is agreed.", [words(event), due].filter { !$0.isEmpty }, promise: .resolution, values: date(event))
    }

    /// A date that is proposed or agreed, or the working time within which it is.
    private func date(_ event: TicketEvent) -> [String: String] {
        switch event.fact {
        case .resolutionProposed(_, let due, let seconds), .resolutionAgreed(_, let due, let seconds):
            due.map { ["proposed": Self.mark($0)] } ?? ["proposedWithin": Duration.words(seconds ?? 0)]
        default: [:]
        }
    }

    /// E2.
    func resolved(_ event: TicketEvent) -> Notice {
        notice(
            "resolved", "\(event.actor.name) has resolved \(ticket.ref).",
            ["Does it work? Confirm and close it on the page of the ticket, or say what is still wrong: then we go on."], words: event.texts[TextKey.body], byPerson: false)
    }

    func closed(_ event: TicketEvent) -> Notice {
        notice("closed", "\(ticket.ref) is closed.", [words(event), "It can be reopened online at any time (N4)."], values: reason(event))
    }

    /// H1.
    func survey() -> Notice {
        var survey = notice("survey", "How was it?", ["\(ticket.ref) is closed. A few questions, one minute, no sign-on: what you say goes to those who can change something."])
        survey.linkWords = "survey"
        return survey
    }

    /// H4.
    func poorSurvey(_ event: TicketEvent) -> Notice {
        let said = agreement.terms.survey?.questions.compactMap { question in event.texts[TextKey.survey(question.name)].map { "\(question.label) \($0)" } } ?? []
        return notice("surveyPoor", "\(event.actor.name) was not satisfied with \(ticket.ref).", said + ["\(ticket.subject). \(clientName). Talk to them."])
    }

    func reopened(_ event: TicketEvent) -> Notice {
        let due = ticket.clock(.response, agreement).due.map { " We answer by \(Self.mark($0))." } ?? ""
        return notice("reopened", "\(ticket.ref) is open again.", [words(event) + due], promise: .response, values: reason(event))
    }

    func merged(into ref: String, _ event: TicketEvent) -> Notice {
        notice(
            "merged", "\(ticket.ref) goes on as \(ref).", [words(event), "What you write to either of the two arrives there. If it is not the same, take it out again on the page of \(ticket.ref)."],
            values: reason(event).merging(["other": ref]) { $1 })
    }

    func unmerged(from ref: String, _ event: TicketEvent) -> Notice {
        notice("unmerged", "\(ticket.ref) is a ticket of its own again.", [words(event)], values: reason(event).merging(["other": ref]) { $1 })
    }

    private func reason(_ event: TicketEvent) -> [String: String] { ["reason": event.texts[TextKey.reason] ?? "", "impact": event.texts[TextKey.impact] ?? ""] }

    /// N2.
    func closingNotice() -> Notice {
        let closable = ticket.closableAt(agreement)
        let at = closable.map { " from \(Self.mark($0)) on" } ?? ""
        return notice("closingNotice", "Without an answer \(ticket.ref) will be closed.", ["We asked for your answer and have none yet. The service manager can close this ticket\(at) (N2). Any answer keeps it open."],
            values: ["closableFrom": closable.map { Self.mark($0) } ?? ""])
    }

    /// C5: each change of the severity, with its reason; the deadlines follow.
    func severity(_ event: TicketEvent) -> Notice {
        let response = ticket.clock(.response, agreement)
        let name: ClockName = response.state == .running || response.state == .suspended ? .response : .resolution
        return notice("severityChanged", "The severity of \(ticket.ref) is \(ticket.severity) \(agreement.terms.severity(ticket.severity)?.name ?? "").", [words(event)], promise: name, values: reason(event))
    }

    /// M: what support covers, by which rule, and what the client can do about it.
    func coverage(_ event: TicketEvent) -> Notice {
        notice(
            "coverageDecided", "\(ticket.ref) is \(ticket.coverage.words).",
            [words(event), ticket.coverage == .covered ? "" : "You can dispute this on the page of the ticket, with your reason and what it means for your business (M6).",
             [.notCovered, .quote, .chargeable].contains(ticket.coverage) ? "It can go on as a quote, which you accept or decline (M5)." : ""].filter { !$0.isEmpty },
            values: ["decision": ticket.coverage.rawValue, "rule": ticket.coverageRule ?? "", "reason": event.texts[TextKey.reason] ?? ""])
    }

    /// M5.
    func quoted(_ event: TicketEvent) -> Notice {
        guard let quote = ticket.quotes.last else { return plain("quoted", event) }
        return notice(
            "quoted", "A quote for \(ticket.ref): \(quote.priceWords).",
            ["Effort: \(Duration.words(quote.effortSeconds)) of work.\(quote.due.map { " Delivered by \(Self.mark($0))." } ?? "")", "Delivered: \(quote.deliverables)",
             "Accept or decline it on the page of the ticket. Accepted work becomes a ticket of its own (M5)."],
            values: ["price": quote.priceWords, "effort": Duration.words(quote.effortSeconds), "deliverables": quote.deliverables])
    }

    /// N2: the desk prompts whoever works on it.
    func closingPrompt(_ event: TicketEvent) -> Notice {
        notice("closingPrompt", "\(ticket.ref) waits for the client's feedback: send the closing notice?", [words(event), "\(ticket.subject). \(clientName). Sending the notice is on the page of the ticket (N2)."])
    }

    func complained(_ event: TicketEvent, aboutCoverage: Bool) -> Notice {
        let answer = agreement.instant(after: event.occurredAt, agreement.terms.complaintAnswer).map { Self.mark($0) } ?? ""
        let by = answer.isEmpty ? "" : " by \(answer)"
        return notice(
            "complained", "A formal escalation of \(ticket.ref) by \(event.actor.name).",
            (aboutCoverage ? ["It disputes the coverage decision: \(ticket.coverage.words)\(ticket.coverageRule.map { " (\($0))" } ?? "") (M6)."] : [])
                + ["The client services manager answers in writing\(by) (D3).", "Reason: \(event.texts[TextKey.reason] ?? "")", "Impact: \(event.texts[TextKey.impact] ?? "")"],
            values: reason(event).merging(["answerBy": answer]) { $1 })
    }

    /// D3 by mail asks for reason and impact; what came is kept on the ticket, and is no formal escalation yet.
    func complaintIncomplete() -> Notice {
        notice(
            "complaintIncomplete", "Your formal escalation of \(ticket.ref) needs one more line.",
            ["We have your message, and the people who work on the ticket read it. For the client services manager to take it up, answer this message with both lines filled in (D3):", "Complaint: \nImpact: ",
             "Complaint is what you are not satisfied with, impact what it does to your business."], automaticReply: true)
    }

    func complaintAnswered(_ event: TicketEvent) -> Notice {
        notice("complaintAnswered", "\(event.actor.name) answers the formal escalation of \(ticket.ref).", [], words: event.texts[TextKey.body], byPerson: true)
    }

    func plain(_ milestone: String, _ event: TicketEvent) -> Notice { notice(milestone, words(event), [], values: reason(event)) }

    // MARK: Writing

    /// Plain text and HTML of a notice for one reader; instants stand in the reader's zone, with the desk's beside it.
    func compose(_ notice: Notice, staff: Bool, zone: ZoneRules?, now: Instant, baseURL: String, by: String = "") -> (text: String, html: String) {
        let words = staff ? MailWords.inEnglish : desk.settings.templates?.words ?? .inEnglish
        let (headline, paragraphs) = wording(notice, staff: staff, by: by, words)
        let when = desk.when(zone: zone, names: words.names, agreement)
        func fill(_ text: String) -> String { Self.fill(text, when) }
        let link = "\(baseURL)/t/\(ticket.ref)"
        var parts = [fill(headline)] + paragraphs.map(fill)
        if let written = notice.words { parts.insert(written, at: min(1, parts.count)) }
        var cells = ""
        if let promise = notice.promise {
            let clock = ticket.clock(promise, agreement)
            parts.append(words.sentence(promise, clock.reading(at: now), when: when))
            cells = promiseLine(clock, zone: zone ?? agreement.defaultCalendar.zone, now: now, words)
        }
        if !notice.link.isEmpty { parts.append("\(words[notice.linkWords]): \(notice.link)") }
        let text = parts.joined(separator: "\n\n") + "\n\n\(ticket.ref): \(link)\n\(words["answering"])\n\n-- \n\(agreement.terms.provider.name)\n"
        let ink = "color:#1B1C1F;font-family:Inter,Segoe UI,Roboto,sans-serif"
        var html = "<div style=\"max-width:600px;\(ink);font-size:15px;line-height:22px\">"
        html += "<p style=\"font-size:21px;line-height:26px;font-weight:600\">\(Self.escape(fill(headline)))</p>"
        if let written = notice.words { html += "<div style=\"border-left:3px solid #D4D2CD;padding-left:12px;white-space:pre-wrap\">\(Self.escape(written))</div>" }
        for paragraph in paragraphs { html += "<p style=\"white-space:pre-line\">\(Self.escape(fill(paragraph)))</p>" }
        if let promise = notice.promise { html += "<p>\(Self.escape(words.sentence(promise, ticket.clock(promise, agreement).reading(at: now), when: when)))</p>\(cells)" }
        if !notice.link.isEmpty { html += "<p><a href=\"\(Self.escape(notice.link))\" style=\"color:#1B1C1F;font-weight:600\">\(Self.escape(words[notice.linkWords]))</a></p>" }
        html += "<p><a href=\"\(Self.escape(link))\" style=\"color:#1B1C1F\">\(Self.escape(words["open", ["ref": ticket.ref]]))</a></p>"
        html += "<p style=\"color:#686A71;font-size:13px\">\(Self.escape(words["answering"])) \(Self.escape(agreement.terms.provider.name))</p></div>"
        return (text, html)
    }

    /// In the provider's words or language, where there are some for this milestone; the people of the desk read English.
    private func wording(_ notice: Notice, staff: Bool, by: String, _ words: MailWords) -> (headline: String, paragraphs: [String]) {
        guard !staff, let milestone = desk.settings.templates?.milestones[notice.milestone] else { return (notice.headline, notice.paragraphs) }
        let missing = ticket.missing(agreement)
        var values = notice.values
        values["decision"] = values["decision"].map { words[$0] }
        values["proposed"] = values["proposed"].map { words["by", ["time": $0]] } ?? values["proposedWithin"].map { words["within", ["time": $0]] }
        let own = [
            "ref": ticket.ref, "subject": ticket.subject, "severity": "\(ticket.severity) \(agreement.terms.severity(ticket.severity)?.name ?? "")",
            "due": ticket.clock(notice.promise ?? .response, agreement).due.map { Self.mark($0) } ?? "",
            "missing": labels(missing, words),
            "fields": missing.map { "\(agreement.terms.fieldLabel($0)): " }.joined(separator: "\n"), "by": by, "provider": agreement.terms.provider.name,
        ]
        values.merge(own) { _, own in own }
        return (MailTemplates.filled(milestone.headline, values) ?? notice.headline, milestone.paragraphs.compactMap { MailTemplates.filled($0, values) })
    }

    /// The promise as coloured cells, from the clock's first day to its deadline's; a clock of many weeks is said in words alone.
    private func promiseLine(_ clock: SLAClock, zone: ZoneRules, now: Instant, _ mailWords: MailWords) -> String {
        let reading = clock.reading(at: now)
        guard let start = reading.startedAt else { return "" }
        let from = zone.start(of: zone.local(start).date)
        let to = zone.start(of: zone.local(max(reading.due ?? now, now)).date.next)
        let open = agreement.calendar(ofSeverity: ticket.severity).open(from: from, to: to)
        guard open.count <= 15 else { return "" }
        let words = TimeWords(place: "", names: mailWords.names) { Int64(zone.offset(at: $0)) }
        return promiseLineCells(
            reading, intervals: clock.intervals(at: reading.stoppedAt ?? now), open: open, sent: now, words: words, labels: .init(sent: mailWords["sent"], done: mailWords["done"], due: mailWords["due"]))
    }

    /// An instant that is written for each reader apart; in characters that no keyboard has.
    private static func mark(_ instant: Instant) -> String { "\u{E000}\(instant.seconds)\u{E001}" }

    private static func fill(_ text: String, _ when: (Instant) -> String) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "\u{E000}"), let end = rest[start...].firstIndex(of: "\u{E001}") {
            result += rest[..<start]
            if let seconds = Int64(rest[rest.index(after: start)..<end]) { result += when(Instant(seconds)) }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
