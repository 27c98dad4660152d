import AbideCore

extension Pages {
    /// Every mail that leaves, with its state.
    static func outbox(_ view: OutboxView, _ page: PageContext) -> HTML {
        Shell.staff(say("Outbox"), page, bar: "<h1>\(say: "Outbox")</h1><p class=\"sum dim\">\(say: "every mail that leaves the desk, newest first")</p>", main: """
            \(Bits.refusal(page.refusal))\(if: !view.notice.isEmpty, "<p class=\"notice\">\(view.notice)</p>")\
            <div class="scroll" tabindex="0" data-part="outbox"><table class="table mails"><thead><tr><th scope="col">\(say: "Recipient")</th><th scope="col">\(say: "Subject")</th><th scope="col">\(say: "About")</th><th scope="col">\(say: "State")</th><th scope="col">\(say: "When")</th></tr></thead><tbody>\
            \(each: view.rows, { mail in "<tr><td>\(mail.to)</td><th scope=\"row\"><a href=\"\(url: mail.href)\">\(mail.subject)</a></th><td>\(if: mail.ref != nil, "<a href=\"/tickets/\(mail.ref ?? "")\">\(mail.ref ?? "")</a> ")<span class=\"dim\">\(mail.milestone)</span></td><td>\(state(mail.state))</td><td>\(Bits.time(mail.at, page))</td></tr>" })</tbody></table>\
            \(if: view.rows.isEmpty, "<div class=\"empty\"><h2>\(say: "No mail has left yet.")</h2><p>\(say: "What the desk writes to people appears here.")</p></div>")</div>\
            \(if: view.next != nil, "<p class=\"more\"><a class=\"btn\" rel=\"next\" href=\"\(url: view.next ?? "")\">\(say: "More")</a></p>")
            """, style: "mailing")
    }

    private static func state(_ state: OutboxState) -> HTML {
        switch state {
        case .kept: "<span class=\"badge none\"><i></i>\(say: "Kept here")</span>"
        case .queued: "<span class=\"badge none\"><i></i>\(say: "Queued")</span>"
        case .sent: "<span class=\"badge none sent\">\(Icon.check.html)\(say: "Sent")</span>"
        case .failed: "<span class=\"badge none\"><i></i>\(say: "Tried, again later")</span>"
        case .bounced: "<span class=\"badge none\"><i></i>\(say: "Bounced")</span>"
        case .dropped: "<span class=\"badge none\"><i></i>\(say: "Dropped")</span>"
        }
    }

    /// One mail: its headers, its text and its HTML part in a frame without any rights.
    static func outboxMail(_ view: OutboxMailView, _ page: PageContext) -> HTML {
        Shell.staff(view.row.subject, page, bar: "<a class=\"back\" href=\"/outbox\">\(Icon.back.html)<span>\(say: "Outbox")</span></a><p class=\"crumb dim\">\(view.row.milestone)</p>", main: """
            <div class="mail"><header><h1>\(view.row.subject)</h1><dl>\(each: view.headers, { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" })<div><dt>\(say: "State")</dt><dd>\(state(view.row.state)) \(view.detail)</dd></div></dl></header>\(outboxActs(view, page))\
            \(if: view.html != nil, "<iframe title=\"\(say: "The mail as its reader sees it")\" sandbox=\"allow-popups\" referrerpolicy=\"no-referrer\" src=\"\(url: view.row.href)/html\"></iframe>")\
            <details class="inline"\(if: view.html == nil, " open")><summary>\(say: "As plain text")</summary><pre>\(view.text)</pre></details></div>
            """, style: "mailing")
    }
}
