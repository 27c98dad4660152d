import AbideCore

/// Whom to turn to about a ticket, who stands in, and who was tried (L4).
enum Reaching {
    static func html(_ view: TicketView, _ page: PageContext) -> HTML {
        let ties = view.connections
        // A sender whom nobody knows yet is the only one there is.
        let people = ties.contacts.isEmpty ? [(id: Int64(0), person: view.contact)] : ties.contacts
        return """
            <section id="contacts"><h2>\(say: "Contact") <span>L4</span></h2>\(each: people, { one in person(one.person, ties.attempts.last { $0.contact == one.id }, page) })\
            \(if: ties.attempts.count > 1, "<details class=\"inline\"><summary>\(say: "\(ties.attempts.count) attempts to reach them")</summary><ul class=\"attempts\">\(each: ties.attempts.reversed(), { "<li><span>\($0.name) \($0.way.words), \($0.reached ? say("reached") : say("in vain")) <small>\($0.by)</small></span>\(Bits.time($0.at, page))</li>" as HTML })</ul></details>")\
            \(if: ties.mayOrganise && !ties.contacts.isEmpty && view.status != .closed, Bits.inline(say("Record an attempt to reach them"), act: "attempt", to: "/tickets/\(view.ref)/attempts", page, """
                \(Bits.select(say("Whom"), name: "contact", ties.contacts.map { Choice(value: String($0.id), label: $0.person.name) }, id: "f-attempt-contact", chosen: typed("contact", page), isRequired: true))\
                \(Bits.select(say("How"), name: "way", Ticket.AttemptWay.allCases.map { Choice(value: $0.rawValue, label: $0.words.uppercasedFirst) }, id: "f-attempt-way", chosen: typed("way", page), isRequired: true))\
                \(Bits.select(say("Outcome"), name: "reached", [Choice(value: "no", label: say("In vain")), Choice(value: "yes", label: say("Reached"))], id: "f-attempt-reached", chosen: typed("reached", page), isRequired: true))\
                \(Bits.field(say("What came of it"), name: "note", value: typed("note", page), id: "f-attempt-note", help: say("The client reads this."), note: say("if you like")))
                """, submit: say("Record")))</section>
            """
    }

    private static func typed(_ name: String, _ page: PageContext) -> String { Bits.typed(name, in: "attempt", page) }

    private static func person(_ person: PersonView, _ last: Ticket.Attempt?, _ page: PageContext) -> HTML {
        """
        <div class="contact">\(Bits.initials(person, size: 28))<p><b>\(person.name)</b> <span class="dim">\(person.note)</span>\(if: !person.email.isEmpty, "<br><a href=\"mailto:\(person.email)\">\(person.email)</a>")\
        \(if: !person.phone.isEmpty, "<br><a href=\"tel:\(person.phone.filter { !$0.isWhitespace })\">\(person.phone)</a>")\
        \(if: last != nil, "<br><small class=\"\(if: last?.reached == false, "t-suspended", else: "dim")\">\(last?.reached == true ? say("Reached") : say("Tried in vain")), \(page.words.stamp(last?.at ?? page.now, now: page.now))</small>")</p></div>
        """
    }
}
