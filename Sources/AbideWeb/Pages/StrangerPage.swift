import AbideCore
import AbideDesk

extension Pages {
    /// Tickets that wait for somebody to say whose they are.
    static func strangers(_ tickets: [StrangerTicket], contacts: [Choice], clients: [Choice], _ page: PageContext) -> HTML {
        Shell.staff(say("Who is this?"), page, bar: "<h1>\(say: "Who is this?")</h1><p class=\"sum dim\">\(say: "senders that nobody knows; the clock waits for their company")</p>", main: """
            \(Bits.refusal(page.refusal))<div class="scroll" tabindex="0" data-part="strangers"><table class="table mails"><thead><tr><th scope="col">\(say: "Ticket")</th><th scope="col">\(say: "From")</th><th scope="col">\(say: "When")</th><th scope="col">\(say: "A contact that we have")</th><th scope="col">\(say: "A new contact")</th></tr></thead><tbody>\
            \(each: tickets, { ticket in row(ticket, contacts, clients, page) })</tbody></table>\
            \(if: tickets.isEmpty, "<div class=\"empty\"><h2>\(say: "Everybody is known.")</h2><p>\(say: "A ticket of a sender without a contact waits here.")</p></div>")</div>
            """, style: "mailing")
    }

    private static func row(_ ticket: StrangerTicket, _ contacts: [Choice], _ clients: [Choice], _ page: PageContext) -> HTML {
        """
        <tr><th scope="row"><a href="/tickets/\(ticket.ref)">\(ticket.ref)</a> \(ticket.subject)</th><td>\(ticket.name) <span class="dim">\(ticket.address)</span></td><td>\(Bits.time(ticket.registeredAt, page))</td>\
        <td><form method="post" action="/strangers/\(ticket.ref)">\(Bits.csrf(page))\(Bits.select(say("Contact"), name: "email", contacts, id: "f-contact-\(ticket.ref)", empty: say("Choose"), isRequired: true))<button class="btn">\(say: "Link")</button></form></td>\
        <td><form method="post" action="/strangers/\(ticket.ref)">\(Bits.csrf(page))\(Bits.field(say("Name"), name: "name", value: ticket.name == ticket.address ? "" : ticket.name, id: "f-name-\(ticket.ref)", isRequired: true))\
        \(Bits.select(say("Client"), name: "client", clients, id: "f-client-\(ticket.ref)", chosen: ticket.client ?? "", empty: say("Choose"), isRequired: true))\
        <label><input type="checkbox" name="domain" value="1"> \(say: "All mail of this domain is this client's")</label><button class="btn">\(say: "Make a contact")</button></form></td></tr>
        """
    }
}
