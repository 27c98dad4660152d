import AbideCore

/// The staff's acts on a ticket, each a form of its own that works with scripts off. An act that the reader may not do is not offered.
enum TicketForms {
    /// True where the form that was refused stands in the bar, with the refusal in it.
    static func showsRefusal(_ view: TicketView, _ page: PageContext) -> Bool {
        let forms: [String: TicketAct] = [
            "assign": .assign, "severity": .severity, "suspend": .suspend, "propose": .propose, "notice": .closingNotice, "complaint": .answerComplaint,
            "withdraw": .withdrawResolution, "reopen": .reopen, "resolve": .resolve, "close": .close,
        ]
        return page.refusal?.act.flatMap { forms[$0] }.map(view.may.contains) ?? false
    }

    static func bar(_ view: TicketView, _ page: PageContext) -> HTML {
        let path = "/tickets/\(view.ref)"
        func may(_ act: TicketAct) -> Bool { view.may.contains(act) }
        func typed(_ name: String, _ act: String) -> String { Bits.typed(name, in: act, page) }
        return """
            \(if: may(.assign), Bits.act(say("Assign"), id: "assign", key: "a", style: "ghost", action: path + "/assignment", page, """
                \(Bits.select(say("Who works on it"), name: "assignee", view.choices.agents, chosen: typed("assignee", "assign"), empty: say("Nobody")))\
                \(if: !view.choices.loads.isEmpty, "<p class=\"help loads\">\(say: "Open now:") \(view.choices.loads.prefix(8).map { "\($0.name) \($0.open)" }.joined(separator: ", "))\(view.choices.loads.count > 8 ? ", …" : ".")</p>")\
                \(if: view.choices.departments.count > 1, Bits.select(say("Department"), name: "department", view.choices.departments, chosen: typed("department", "assign")))
                """, submit: say("Assign")))\
            \(if: may(.severity), Bits.act(say("Severity"), id: "severity", key: "v", style: "ghost", action: path + "/severity", page, """
                \(Bits.select(say("Severity"), name: "severity", view.choices.severities, chosen: typed("severity", "severity"), isRequired: true))\
                \(Bits.field(say("Reason"), name: "reason", value: typed("reason", "severity"), id: "f-severity-reason", help: say("The client reads this. The deadlines follow (C5)."), isRequired: true))
                """, submit: say("Change severity")))\
            \(if: may(.suspend), Bits.act(say("Suspend"), id: "suspend", key: "s", style: "ghost", action: path + "/suspension", page, """
                \(Bits.select(say("Why does the clock stop?"), name: "reason", view.choices.suspensionReasons, id: "f-suspend-reason", chosen: typed("reason", "suspend"), isRequired: true))\
                \(Bits.field(say("Note"), name: "note", value: typed("note", "suspend"), id: "f-suspend-note", help: say("The client reads this. The deadline moves by the working time lost (C6)."), note: say("if you like")))
                """, submit: say("Suspend")))\
            \(if: may(.propose), Bits.act(say("Propose date"), id: "propose", key: "p", action: path + "/proposals", page, """
                \(Bits.field(say("Solved by"), name: "due", value: typed("due", "propose"), help: say("In \(page.desk.place). The client accepts or proposes another (C3)."), isRequired: true, type: "datetime-local"))
                """, submit: say("Propose")))\
            \(if: may(.closingNotice), Bits.act(say("Send closing notice"), id: "notice", action: path + "/closing-notice", page, "<p>\(say: "The client is told that the ticket will be closed. Any answer takes the notice back (N2).")</p>", submit: say("Send notice")))\
            \(if: may(.answerComplaint), Bits.act(say("Answer complaint"), id: "complaint", style: "primary", action: path + "/complaint/answer", page, """
                \(Bits.field(say("Your answer"), name: "body", value: typed("body", "complaint"), id: "f-complaint-body", multiline: true, rows: 5, help: say("Goes out in writing to those involved (D3)."), isRequired: true))
                """, submit: say("Send answer")))\
            \(if: may(.withdrawResolution), Bits.act(say("Withdraw resolution"), id: "withdraw", style: "danger", action: path + "/resolution/withdrawal", page, "<p>\(say: "It is not solved after all: the resolution clock goes on from where it stopped.")</p>", submit: say("Withdraw")))\
            \(if: may(.reopen), Bits.act(say("Reopen"), id: "reopen", action: path + "/reopening", page, """
                \(Bits.field(say("Reason"), name: "reason", value: typed("reason", "reopen"), id: "f-reopen-reason", help: say("The client reads this (N4)."), isRequired: true))
                """, submit: say("Reopen")))\
            \(if: may(.resolve), Bits.act(say("Resolve"), id: "resolve", key: "e", style: "primary", action: path + "/resolution", page, """
                \(Bits.field(say("What solved it"), name: "body", value: typed("body", "resolve"), id: "f-resolve-body", multiline: true, rows: 5, help: say("\(view.contact.firstName) gets this and is asked to confirm."), isRequired: true))\
                \(each: view.choices.details, { detail($0, page) })
                """, submit: say("Resolve")))\
            \(if: may(.close), Bits.act(say("Close"), id: "close", style: view.status == .resolved ? "primary" : "", action: path + "/closure", page, """
                \(Bits.field(say("Reason"), name: "reason", value: typed("reason", "close"), id: "f-close-reason", help: say("Only who logged it or the service manager closes (N1)."), note: say("if you like")))
                """, submit: say("Close ticket")))
            """
    }

    static func resume(_ view: TicketView, _ suspension: SuspensionView, _ page: PageContext) -> HTML {
        guard view.may.contains(.resume) else { return "" }
        return "<form method=\"post\" action=\"/tickets/\(view.ref)/suspension/\(suspension.id)/end\">\(Bits.csrf(page))<button class=\"btn\">\(say: "Resume the clock")</button></form>"
    }

    /// A detail that the agreement asks for at resolution.
    private static func detail(_ field: IntakeField, _ page: PageContext) -> HTML {
        let (name, value) = ("detail-" + field.name, Bits.typed("detail-" + field.name, in: "resolve", page))
        guard field.choices.isEmpty else {
            return Bits.select(field.label, name: name, field.choices.map { Choice(value: $0, label: $0) }, chosen: value, empty: field.required ? say("Choose one") : say("Not said"), isRequired: field.required)
        }
        return Bits.field(field.label, name: name, value: value, multiline: field.multiline, help: field.help, note: field.required ? "" : say("if you like"), isRequired: field.required)
    }

    static func complete(_ view: TicketView, _ page: PageContext) -> HTML {
        """
        \(if: view.may.contains(.supply) && !view.missingFields.isEmpty, """
            <details class="inline"\(if: page.refusal?.act == "fields", " open")><summary>\(say: "Supply it")</summary><form method="post" action="/tickets/\(view.ref)/fields">\(Bits.csrf(page))\
            \(each: view.missingFields, { Bits.field($0.label, name: $0.name, value: Bits.typed($0.name, in: "fields", page), id: "f-supply-\($0.name)", multiline: $0.multiline, help: $0.help) })<button class="btn">\(say: "Supply")</button></form></details>
            """)\
        \(if: view.may.contains(.complete), """
            <details class="inline"\(if: page.refusal?.act == "complete", " open")><summary>\(say: "Declare it correctly logged")</summary><form method="post" action="/tickets/\(view.ref)/completion">\(Bits.csrf(page))\
            \(Bits.field(say("Reason"), name: "reason", value: Bits.typed("reason", in: "complete", page), id: "f-complete-reason", help: say("The clocks start now (A5)."), isRequired: true))<button class="btn">\(say: "Start the clocks")</button></form></details>
            """)
        """
    }

    static func proposal(_ proposal: ProposalView, _ view: TicketView, _ page: PageContext) -> HTML {
        let what = proposal.due.map { page.words.full($0, now: page.now) } ?? say("\(DurationWords.say(proposal.workingSeconds ?? 0)) of working time")
        return """
            <section><h2>\(say: "Proposed date") <span>C3</span></h2><p><b>\(what)</b> <span class="dim">\(say: "proposed by \(proposal.by)")</span></p>\
            \(if: proposal.mayAccept, "<form method=\"post\" action=\"/tickets/\(view.ref)/proposals/\(proposal.id)/acceptance\">\(Bits.csrf(page))<button class=\"btn\">\(say: "Accept")</button></form>", else: "<p class=\"dim\">\(say: "Waits for the other side.")</p>")</section>
            """
    }
}
