import AbideCore
import AbideDesk

/// What ties a ticket to other tickets and to people; staff see all of it, a client that two tickets became one.
struct ConnectionsView: Sendable {
    /// Where the ticket goes on since it was merged.
    var merging: Ticket.Merging?
    /// Tickets that go on here.
    var absorbed: [String] = []
    /// What a mail without our token named (R1), while nobody has decided.
    var hint: String?
    var links: [LinkedTicket] = []
    var tags: [String] = []
    var followers: [String] = []
    var follows = false
    var spentSeconds: Int64 = 0
    var tasks: [Ticket.Task] = []
    /// Fields of the provider's own that this ticket can have, and what they hold.
    var fields: [CustomField] = []
    var custom: [String: String] = [:]
    /// The ticket that this one was made of by splitting.
    var splitFrom: String?
    /// Whom staff can turn to about it.
    var contacts: [(id: Int64, person: PersonView)] = []
    var attempts: [Ticket.Attempt] = []
    var mayMerge = false
    var mayUnmerge = false
    var mayOrganise = false
    /// It is a problem with incidents, all of which can be told at once.
    var mayTell = false
}

enum Connections {
    /// On the client's page and on the staff's: the ticket goes on elsewhere.
    static func merged(_ view: TicketView, _ page: PageContext) -> HTML {
        guard let merging = view.connections.merging else { return "" }
        let path = page.user?.isStaff ?? true ? "/tickets/" : "/portal/tickets/"
        return """
            <section class="card pad note-card merged"><h2>\(say: "It goes on in <a href=\"\(url: path + merging.into)\">\(merging.into)</a>.")</h2><p>\(say: "\(view.ref) was merged into it \(page.at(merging.at)). What is written to either arrives there.")</p>\
            \(if: view.connections.mayUnmerge, "<form method=\"post\" action=\"/tickets/\(view.ref)/merging/end\">\(Bits.csrf(page))<button class=\"btn\">\(say: "It is not the same: take it out again")</button></form>")</section>
            """
    }

    /// One click on what the desk only supposes.
    static func hint(_ view: TicketView, _ page: PageContext) -> HTML {
        guard let hint = view.connections.hint, view.connections.mayMerge else { return "" }
        return """
            <section class="card pad note-card hint"><h2>\(say: "This may belong to <a href=\"/tickets/\(hint)\">\(hint)</a>.")</h2><p>\(say: "The mail names it, but carries no token of ours, so it was not put there by itself (R1).")</p>\
            <form method="post" action="/tickets/\(view.ref)/merging">\(Bits.csrf(page))<input type="hidden" name="into" value="\(hint)"><button class="btn primary">\(say: "Merge into \(hint)")</button></form>\
            <form method="post" action="/tickets/\(view.ref)/merging/dismissal">\(Bits.csrf(page))<button class="btn">\(say: "No, it does not belong there")</button></form></section>
            """
    }

    static func facts(_ view: TicketView, _ page: PageContext) -> HTML {
        let ties = view.connections
        let path = "/tickets/\(view.ref)"
        func typed(_ name: String, _ act: String) -> String { Bits.typed(name, in: act, page) }
        return """
            \(Checklist.html(view, page))\(CustomFields.html(view, page))\
            <section id="ties"><h2>\(say: "Related")</h2>\
            \(if: ties.splitFrom != nil, "<p>\(say: "Made of a message of <a href=\"\(url: "/tickets/" + (ties.splitFrom ?? ""))\">\(ties.splitFrom ?? "")</a>")</p>")\
            \(if: !ties.absorbed.isEmpty, "<p>\(each: ties.absorbed, { "<a href=\"\(url: "/tickets/" + $0)\">\($0)</a> " }) \(say: "merged into this one")</p>")\
            \(if: ties.links.isEmpty && ties.absorbed.isEmpty && ties.splitFrom == nil, "<p class=\"dim\">\(say: "No other ticket.")</p>")\
            <ul class="ties">\(each: ties.links, { link in """
                <li><p><span class="dim">\(link.relation.words.uppercasedFirst)</span> <a href="\(url: "/tickets/" + link.ref)">\(link.ref)</a> \(link.subject) <span class="dim">\(TicketView.Status(rawValue: link.status.rawValue)?.word ?? "")\(if: link.client != nil && link.client != view.client, ", \(link.client ?? "")")</span></p>\
                \(if: ties.mayOrganise, "<form method=\"post\" action=\"\(path)/links/\(link.ref)/end\">\(Bits.csrf(page))<button class=\"btn ghost\" aria-label=\"\(say: "Unlink \(link.ref)")\">\(say: "Unlink")</button></form>")</li>
                """ })</ul>\
            \(if: ties.mayOrganise, Bits.inline(say("Link another ticket"), act: "link", to: path + "/links", page, """
                \(Bits.field(say("Its reference"), name: "to", value: typed("to", "link"), id: "f-link-to", placeholder: "ABD-1042", isRequired: true))\
                \(Bits.select(say("How"), name: "relation", LinkRelation.allCases.map { Choice(value: $0.rawValue, label: $0.words.uppercasedFirst + " …") }, id: "f-link-how", chosen: typed("relation", "link"), isRequired: true))
                """, submit: say("Link")))\
            \(if: ties.mayMerge, Bits.inline(say("Merge into another ticket"), act: "merge", to: path + "/merging", page, """
                \(Bits.field(say("Its reference"), name: "into", value: typed("into", "merge"), id: "f-merge-into", help: say("The conversation goes on there, and \(view.contact.firstName) is told. It can be taken back."), placeholder: "ABD-1042", isRequired: true))\
                \(Bits.field(say("Reason"), name: "reason", value: typed("reason", "merge"), id: "f-merge-reason", help: say("The client reads this."), note: say("if you like")))
                """, submit: say("Merge")))\
            \(if: ties.mayTell, Bits.inline(say("Tell all open incidents"), act: "incidents", to: path + "/incidents", page, """
                \(Bits.field(say("What each client reads"), name: "body", value: typed("body", "incidents"), id: "f-incidents", multiline: true, rows: 4, isRequired: true))\
                <label class="check"><input type="checkbox" name="resolves" value="1"> \(say: "It solves them")</label>
                """, submit: say("Send to all")))</section>\
            <section id="tags-fact"><h2>\(say: "Tags")</h2><p class="tags">\(if: ties.tags.isEmpty, "<span class=\"dim\">\(say: "None")</span>", else: "\(each: ties.tags, { "<span class=\"tag\">\($0)</span> " })")</p>\
            \(if: ties.mayOrganise, Bits.inline(say("Change tags"), act: "tags", to: path + "/tags", page, Bits.field(say("Tags"), name: "tags", value: page.refusal?.act == "tags" ? typed("tags", "tags") : ties.tags.joined(separator: ", "), id: "f-tags", help: say("Divided by commas.")), submit: say("Keep")))</section>\
            <section id="time-fact"><h2>\(say: "Time spent")</h2><p>\(if: ties.spentSeconds == 0, "<span class=\"dim\">\(say: "None yet")</span>", else: "\(DurationWords.exact(ties.spentSeconds))")</p>\
            \(if: ties.mayOrganise, Bits.inline(say("Add time"), act: "time", to: path + "/time", page, """
                \(Bits.field(say("Time"), name: "spent", value: typed("spent", "time"), id: "f-spent", help: say("As 1:30, 90m or 1.5h; with a minus to take some off."), isRequired: true))\
                \(Bits.field(say("For what"), name: "note", value: typed("note", "time"), id: "f-spent-note", note: say("if you like")))
                """, submit: say("Add")))</section>
            """
    }

    /// Drawn for each reader: whether they follow it.
    static func followers(_ view: TicketView, _ page: PageContext) -> HTML {
        let ties = view.connections, path = "/tickets/\(view.ref)"
        return """
            <section id="followers"><h2>\(say: "Followers")</h2><p>\(if: ties.followers.isEmpty, "<span class=\"dim\">\(say: "Nobody besides who works on it")</span>", else: "\(ties.followers.joined(separator: ", "))")</p>\
            \(if: ties.mayOrganise, "<form method=\"post\" action=\"\(path)/following\(if: ties.follows, "/end")\">\(Bits.csrf(page))<button class=\"btn\">\(ties.follows ? say("Follow no longer") : say("Follow"))</button></form>")</section>
            """
    }
}
