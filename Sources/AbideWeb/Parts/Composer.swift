import AbideCore

/// Reply or internal note. What it is, is decided before typing; a note turns the whole box to note paper. Works with scripts off.
enum Composer {
    static func staff(_ view: TicketView, _ page: PageContext) -> HTML {
        let mayReply = view.may.contains(.reply), mayNote = view.may.contains(.note)
        guard mayReply || mayNote else { return "" }
        return """
            <form class="composer" id="composer" method="post" enctype="multipart/form-data" action="/tickets/\(view.ref)/messages" data-draft="\(view.ref)"\(if: view.holds && mayReply, " data-hold")\(if: mayNote, " data-people=\"\(view.choices.colleagues.joined(separator: "|"))\"")>\(Bits.csrf(page))<input type="hidden" name="seen" value="\(view.head)">\
            <fieldset><legend class="hidden">\(say: "What it is")</legend>\
            \(if: mayReply, "<label class=\"tab\"><input type=\"radio\" name=\"visibility\" value=\"public\" checked>\(Icon.reply.html)\(say: "Reply to client <kbd>R</kbd>")</label>")\
            \(if: mayNote, "<label class=\"tab\"><input type=\"radio\" name=\"visibility\" value=\"internal\"\(if: !mayReply, " checked")>\(Icon.lock.html)\(say: "Internal note <kbd>N</kbd>")</label>")</fieldset>\
            <p class="to"><span class="if-reply">\(say: "To <b>\(view.contact.name)</b>")</span><span class="if-note">\(say: "Stays inside. Staff of the desk can read it.")</span></p>\
            <label class="hidden" for="body">\(say: "Text")</label><textarea id="body" name="body" rows="4" required>\n\(view.draft)</textarea>\
            \(if: mayReply, "<p class=\"with if-reply\" data-with\(if: view.macro == nil, " hidden")><label class=\"check\"><input type=\"checkbox\" name=\"macro\" value=\"\(if: view.macro != nil, "\(view.macro?.id ?? 0)")\"\(if: view.macro != nil, " checked")><span>\(say: "Sending it \(view.macro?.says ?? "")")</span></label></p>")\
            <div class="row end">\(Bits.files(id: "files"))\
            \(if: mayReply && !view.canned.isEmpty, "<details class=\"pop canned\"><summary class=\"btn ghost\">\(say: "Canned answer")</summary><div class=\"pop-body\"><ul>\(each: view.canned, { "<li><button class=\"quiet\" name=\"insert\" value=\"\($0.id)\" formnovalidate data-insert=\"\($0.text)\" data-macro=\"\($0.says)\">\($0.label)\(if: !$0.says.isEmpty, "<small>\($0.says)</small>")</button></li>" as HTML })</ul><p><a href=\"/canned-answers\">\(say: "Change them")</a></p></div></details>")\
            \(if: mayReply && view.may.contains(.suspend) && view.choices.answerReason != nil, "<label class=\"check if-reply\"><input type=\"checkbox\" name=\"suspend\" value=\"\(view.choices.answerReason ?? "")\">\(say: "Suspend, waiting for the client’s answer")</label>")\
            <span class="dim kept" role="status"></span><button type="button" class="btn ghost scripted-only" data-preview aria-expanded="false">\(say: "Preview")</button>\
            \(if: mayReply, "<button class=\"btn primary if-reply\">\(say: "Send to client <kbd>Ctrl ↵</kbd>")</button>")\
            \(if: mayNote, "<button class=\"btn if-note\">\(Icon.lock.html)\(say: "Add note <kbd>Ctrl ↵</kbd>")</button>")</div></form>
            """
    }

    /// - Parameter to: "Maya", or the provider.
    static func portal(_ view: TicketView, to: String, _ page: PageContext) -> HTML {
        """
        <form class="composer plainer" id="composer" method="post" enctype="multipart/form-data" action="/tickets/\(view.ref)/messages" data-draft="\(view.ref)">\(Bits.csrf(page))\
        <input type="hidden" name="visibility" value="public">\
        <label class="hidden" for="body">\(say: "Write to \(to)")</label><textarea id="body" name="body" rows="3" required placeholder="\(say: "Write to \(to)")">\n\(view.draft)</textarea>\
        <div class="row end">\(Bits.files(id: "files"))<span class="dim kept" role="status"></span><button type="button" class="btn ghost scripted-only" data-preview aria-expanded="false">\(say: "Preview")</button><button class="btn primary">\(say: "Send")</button></div></form>
        """
    }
}
