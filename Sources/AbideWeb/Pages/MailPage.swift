import AbideCore
import AbideDesk

struct MailView: Sendable {
    struct Source: Sendable {
        var address: String
        var readAt: Instant?
        var failingSince: Instant?
        var error: String
    }

    var aside: [AsideMail]
    var rules: [(pattern: String, blocks: Bool)]
    var sources: [Source]
}

extension Pages {
    /// What made no ticket, and what the desk knows of senders and mailboxes.
    static func mail(_ view: MailView, _ page: PageContext) -> HTML {
        Shell.staff(say("Incoming mail"), page, bar: "<h1>\(say: "Incoming mail")</h1><p class=\"sum dim\">\(say: "what made no ticket; nothing of it is lost")</p>", main: """
            \(Bits.refusal(page.refusal))\(each: view.sources.filter { $0.failingSince != nil }, { "<p class=\"notice\" role=\"alert\">\(say: "The mailbox \($0.address) can't be read since \(Bits.time($0.failingSince ?? page.now, page)): \($0.error)")</p>" })\
            <div class="scroll" tabindex="0" data-part="mail"><table class="table mails"><thead><tr><th scope="col">\(say: "From")</th><th scope="col">\(say: "Subject")</th><th scope="col">\(say: "Why")</th><th scope="col">\(say: "When")</th><th scope="col"><span class="hidden">\(say: "What to do")</span></th></tr></thead><tbody>\
            \(each: view.aside, { mail in
                "<tr><td>\(mail.sender)</td><th scope=\"row\"><a href=\"/mail/\(String(mail.id))\">\(mail.subject.isEmpty ? say("(no subject)") : mail.subject)</a></th><td>\(mail.reason)</td><td>\(Bits.time(mail.receivedAt, page))</td><td>\(again(mail, page))</td></tr>"
            })</tbody></table>\(if: view.aside.isEmpty, "<div class=\"empty\"><h2>\(say: "Nothing is set aside.")</h2><p>\(say: "Junk, and mail that could not be read, waits here for somebody to look.")</p></div>")</div>\
            <section class="rules"><h2>\(say: "Senders")</h2><ul>\(each: view.rules, { rule in
                "<li>\(rule.pattern) <span class=\"dim\">\(rule.blocks ? say("is set aside") : say("passes"))</span> <form method=\"post\" action=\"/mail/rules\">\(Bits.csrf(page))<input type=\"hidden\" name=\"pattern\" value=\"\(rule.pattern)\"><button class=\"btn\" name=\"remove\" value=\"1\">\(say: "Remove")</button></form></li>"
            })</ul><form method="post" action="/mail/rules">\(Bits.csrf(page))\(Bits.field(say("Address, or @domain"), name: "pattern", value: "", id: "f-pattern", isRequired: true))<button class="btn" name="kind" value="block">\(say: "Set aside")</button> <button class="btn" name="kind" value="allow">\(say: "Let pass")</button></form></section>\
            \(if: !view.sources.isEmpty, "<section><h2>\(say: "Mailboxes")</h2><ul>\(each: view.sources, { source in "<li>\(source.address) <span class=\"dim\">\(source.readAt.map { say("read \(page.words.full($0, now: page.now))") } ?? say("not read yet"))</span></li>" })</ul></section>")
            """, style: "mailing")
    }

    private static func again(_ mail: AsideMail, _ page: PageContext) -> HTML {
        "<form method=\"post\" action=\"/mail/\(String(mail.id))/again\">\(Bits.csrf(page))<button class=\"btn\">\(mail.isJunk ? say("Not junk") : say("Read again"))</button></form>"
    }

    /// A mail as it came.
    static func rawMail(_ mail: AsideMail, text: String, isWhole: Bool, _ page: PageContext) -> HTML {
        Shell.staff(mail.subject, page, bar: "<a class=\"back\" href=\"/mail\">\(Icon.back.html)<span>\(say: "Incoming mail")</span></a>", main: """
            <div class="mail"><header><h1>\(mail.subject.isEmpty ? say("(no subject)") : mail.subject)</h1><dl><div><dt>\(say: "From")</dt><dd>\(mail.sender)</dd></div><div><dt>\(say: "Why")</dt><dd>\(mail.reason)</dd></div></dl></header>\
            \(if: mail.isAside, again(mail, page))<pre>\(text)</pre>\(if: !isWhole, "<p class=\"dim\">\(say: "Only the first part is shown.")</p>")</div>
            """, style: "mailing")
    }

    /// What can be done about a mail that leaves.
    static func outboxActs(_ view: OutboxMailView, _ page: PageContext) -> HTML {
        guard view.row.state != .sent else { return "" }
        return """
            <div class="acts"><form method="post" action="\(url: view.row.href)/retry">\(Bits.csrf(page))<button class="btn">\(say: "Send again now")</button></form>\
            <details class="inline"><summary>\(view.row.state == .bounced ? say("Drop") : say("Hold or drop"))</summary><form method="post" action="\(url: view.row.href)/hold">\(Bits.csrf(page))\(Bits.field(say("Reason"), name: "reason", value: "", id: "f-outbox-reason", isRequired: true))\
            \(if: view.row.state != .bounced, "<button class=\"btn\">\(say: "Hold")</button> ")<button class="btn danger" formaction="\(url: view.row.href)/drop">\(say: "Drop")</button></form></details></div>
            """
    }
}
