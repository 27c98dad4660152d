import AbideCore

/// What a client can do with a ticket; each act opens in place, with scripts off as well.
enum PortalActs {
    /// The two answers to "does it work for you?". Only the logger's closes (N1); another contact's is passed on.
    static func confirm(_ view: PortalTicketView, _ page: PageContext) -> HTML {
        let path = "/tickets/\(view.ticket.ref)"
        let mayClose = view.ticket.may.contains(.close)
        return """
            <div class="row answers">\
            \(if: mayClose, "<form method=\"post\" action=\"\(path)/closure\">\(Bits.csrf(page))<button class=\"btn primary\">\(say: "Yes, it works. Close it")</button></form>", else: "<form method=\"post\" action=\"\(path)/confirmation\">\(Bits.csrf(page))<button class=\"btn primary\">\(say: "It works, tell \(view.logger)")</button></form>")\
            \(if: view.ticket.may.contains(.withdrawResolution), "<form method=\"post\" action=\"\(path)/resolution/withdrawal\">\(Bits.csrf(page))<button class=\"btn\">\(say: "No, go on with it")</button></form>")</div>
            """
    }

    static func html(_ view: PortalTicketView, _ page: PageContext) -> HTML {
        let ticket = view.ticket, path = "/tickets/\(ticket.ref)"
        func may(_ act: TicketAct) -> Bool { ticket.may.contains(act) }
        return """
            <ul class="acts-list">\
            \(if: may(.reply), "<li><a href=\"#composer\">\(say: "Write to \(ticket.assignee?.firstName ?? say("us"))")</a><p>\(say: "Your answer lands on the ticket.")</p></li>")\
            \(if: may(.close) && ticket.status != .resolved, act(say("It works again"), id: "close", say("Confirm and close. You can reopen it at any time."), path + "/closure", page, "", submit: say("Close the ticket")))\
            \(if: may(.propose), "<li>\(propose(ticket, page))<p>\(say: "Say when you need it, and we answer.")</p></li>")\
            \(if: may(.reopen), act(say("Reopen it"), id: "reopen", say("At any time. A new first answer is then promised."), path + "/reopening", page, Bits.field(say("What does not work?"), name: "reason", value: Bits.typed("reason", in: "reopen", page), id: "f-reopen", multiline: true, isRequired: true), submit: say("Reopen")))\
            \(if: ticket.status == .resolved && !may(.reopen), "<li><b>\(say: "Reopen later")</b><p>\(say: "Once closed, at any time. A new first answer is then promised.")</p></li>")\
            \(if: may(.complain), act(say("Not looked after as it should be?"), id: "complain", say("Write to \(view.complaintsTo). The answer comes in writing within \(view.complaintWithin)."), path + "/complaint", page, """
                \(Bits.field(say("What is not as it should be?"), name: "reason", value: Bits.typed("reason", in: "complain", page), id: "f-complaint", multiline: true, isRequired: true))\
                \(Bits.field(say("What does it mean for your business?"), name: "impact", value: Bits.typed("impact", in: "complain", page), multiline: true, isRequired: true))
                """, submit: say("Send complaint")))</ul>
            """
    }

    static func propose(_ ticket: TicketView, _ page: PageContext) -> HTML {
        Bits.inline(
            say("Ask for another date"), act: "propose", to: "/tickets/\(ticket.ref)/proposals", page,
            Bits.field(say("Solved by"), name: "due", value: Bits.typed("due", in: "propose", page), help: say("In \(page.desk.place)."), isRequired: true, type: "datetime-local"), submit: say("Propose"))
    }

    private static func act(_ title: String, id: String, _ text: String, _ action: String, _ page: PageContext, _ fields: HTML, submit: String) -> HTML {
        """
        <li>\(Bits.inline(title, act: id, to: action, page, fields, submit: submit))<p>\(text)</p></li>
        """
    }
}
