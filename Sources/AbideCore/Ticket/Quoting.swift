/// What is not covered can go on as a quote (M5): effort, price, what is delivered. The client accepts or declines; accepted work is a ticket
/// with its own terms.
extension Ticket {
    /// - Parameters:
    ///   - effortSeconds: working seconds.
    ///   - price: in hundredths of the currency.
    ///   - due: until when it is delivered; nil: within the effort, from the acceptance on.
    package func quote(
        effortSeconds: Int64?, price: Int64?, currency: String?, deliverables: String?, due: Instant?, by person: Person, at now: Instant, _ agreement: Agreement
    ) throws(Refusal) -> [Draft] {
        try permit(person, .quote)
        var faults: [String: Phrase] = [:]
        if effortSeconds.map({ $0 < 60 || $0 > 315_360_000 }) ?? true { faults["effortSeconds"] = "The effort in seconds of working time, at least 60." }
        if price.map({ $0 < 0 || $0 > 100_000_000_000 }) ?? true { faults["price"] = "An amount such as 1200 or 1200.50." }
        let code = currency ?? ""
        if code.utf8.count != 3 || !code.utf8.allSatisfy({ (65...90).contains($0) }) { faults["currency"] = "Three capital letters, as USD (ISO 4217)." }
        let text = deliverables ?? ""
        if text.allSatisfy(\.isWhitespace) { faults["deliverables"] = "Say what is delivered; the client decides on it." }
        if text.utf8.count > TextLimit.field { faults["deliverables"] = "At most \(TextLimit.field) characters." }
        if let due {
            if due <= now { faults["due"] = "This lies in the past." }
            else if !agreement.defaultCalendar.holds(due) { faults["due"] = "The desk is closed then. Choose a time in its hours." }
        }
        guard faults.isEmpty, let effortSeconds, let price else { throw .input(faults) }
        if phase == .closed { throw closedAlready }
        if coverage == .covered { throw Refusal(.state, "This ticket is covered, so that nothing is quoted for it. Correct the coverage first, with a reason.", clause: "M5") }
        return [Draft(
            .quoted(quote: quotes.count + 1, effortSeconds: effortSeconds, price: price, currency: code, due: due), now, person.actor, texts: [TextKey.deliverables: text])]
    }

    package func withdrawQuote(_ id: Int, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .quote)
        _ = try openQuote(id)
        return [Draft(.quoteWithdrawn(quote: id), now, person.actor)]
    }

    package func declineQuote(_ id: Int, reason: String?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .decideQuote)
        if let reason, reason.utf8.count > TextLimit.reason { throw .input("reason", "At most \(TextLimit.reason) characters.") }
        _ = try openQuote(id)
        return [Draft(.quoteDeclined(quote: id), now, person.actor, texts: reason.map { [TextKey.reason: $0] } ?? [:])]
    }

    /// - Parameter work: the reference of the ticket that the work becomes.
    package func acceptQuote(_ id: Int, work: String, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .decideQuote)
        _ = try openQuote(id)
        return [Draft(.quoteAccepted(quote: id, work: work), now, person.actor)]
    }

    /// The quote that still waits for the client.
    package func openQuote(_ id: Int) throws(Refusal) -> Quote {
        guard let quote = quotes.first(where: { $0.id == id }) else { throw .noQuote }
        guard quote.state == .open else { throw Refusal(.state, "This quote was \(quote.state.rawValue) already.", clause: "M5") }
        if phase == .closed { throw closedAlready }
        return quote
    }

    /// What stands on the ticket that accepted work becomes: whose quote it is, that it is charged for, and by when it is delivered.
    package func ordered(_ quote: Quote, from origin: Ticket, by person: Person, at now: Instant, _ agreement: Agreement) -> [Draft] {
        let rule = agreement.terms.coverage.first { $0.name == "M5" || $0.name.hasPrefix("M5-") }?.name
        return [
            Draft(.workOrdered(origin: origin.ref, quote: quote.id, effortSeconds: quote.effortSeconds, price: quote.price, currency: quote.currency), now, person.actor),
            Draft(.coverageDecided(decision: .chargeable, rule: rule), now, .desk, texts: [TextKey.reason: "Quote \(quote.id) of \(origin.ref), accepted by \(person.name) (M5)"]),
            Draft(.resolutionProposed(proposal: 1, due: quote.due, workingSeconds: quote.due == nil ? quote.effortSeconds : nil), now, quote.by),
            Draft(.resolutionAgreed(proposal: 1, due: quote.due, workingSeconds: quote.due == nil ? quote.effortSeconds : nil), now, person.actor),
        ]
    }
}

extension Ticket.Quote {
    /// `USD 1,200.00`
    package var priceWords: String { Money.words(price, currency) }
}

/// Amounts of money, in hundredths.
package enum Money {
    /// `USD 1,200.00`
    package static func words(_ hundredths: Int64, _ currency: String) -> String {
        var whole = String(hundredths / 100), grouped = ""
        while whole.count > 3 {
            grouped = "," + whole.suffix(3) + grouped
            whole.removeLast(3)
        }
        return "\(currency) \(whole)\(grouped).\(decimals(hundredths))"
    }

    /// `1200.00`
    package static func plain(_ hundredths: Int64) -> String { "\(hundredths / 100).\(decimals(hundredths))" }

    /// `1200`, `1200.5` or `1200.50` in hundredths; nil for anything else.
    package static func read(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...10).contains(whole.utf8.count), whole.utf8.allSatisfy({ (48...57).contains($0) }), let units = Int64(whole) else { return nil }
        guard parts.count == 2 else { return units * 100 }
        let rest = parts[1]
        guard (1...2).contains(rest.utf8.count), rest.utf8.allSatisfy({ (48...57).contains($0) }), let cents = Int64(rest) else { return nil }
        return units * 100 + (rest.utf8.count == 1 ? cents * 10 : cents)
    }

    private static func decimals(_ hundredths: Int64) -> String { hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)" }
}
