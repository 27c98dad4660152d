import AbideCore

/// An answer that waits some seconds, and can be taken back by its writer.
struct HeldAnswerView: Sendable {
    var id: Int64
    var author: String
    var isOwn: Bool
    var body: String
    /// Seconds until it goes out; nil: it was refused and waits for its writer.
    var left: Int64?
    var refusal: String = ""
}

/// One of the reader's own, on a page that is not its ticket's.
struct WaitingAnswerView: Sendable {
    var id: Int64
    var ref: String
    /// "Luis"
    var contact: String
    /// Seconds until it goes out; nil: it was refused.
    var left: Int64?
}

/// What came while an answer was being written. Nothing was sent.
struct CrossingView: Sendable {
    /// "Priya Nair"
    var by: String
    var messages: [MessageView]
    /// What was written, field by field, to be sent after all.
    var fields: [(name: String, value: String)]
    /// True where files have to be attached again.
    var hadFiles: Bool
}

enum HeldAnswers {
    /// At the foot of every page but the ticket's own: how long it can still be taken back, and where it is.
    static func waiting(_ answers: [WaitingAnswerView], _ page: PageContext) -> HTML {
        "<div class=\"takebacks\" data-part=\"takebacks\">\(each: answers, { waits($0, page) })</div>"
    }

    private static func waits(_ answer: WaitingAnswerView, _ page: PageContext) -> HTML {
        let ticket = "/tickets/\(answer.ref)"
        guard let left = answer.left else {
            return "<section class=\"takeback\"><p role=\"alert\">\(say: "Your answer to \(answer.contact) was not sent.")</p><a class=\"btn\" href=\"\(url: ticket)\">\(say: "Look at \(answer.ref)")</a></section>"
        }
        return """
            <section class="takeback"><p role="status">\(say: "Answer to \(answer.contact)") <span aria-hidden="true">\(say: "goes out in <b data-left=\"\(left)\">\(left) s</b>")</span><span class="hidden">\(say: "waits and can be taken back")</span></p>\
            <form method="post" action="\(url: "\(ticket)/held/\(answer.id)/undo")" data-key="z">\(Bits.csrf(page))<button class="btn">\(say: "Take it back <kbd>Z</kbd>")</button></form><a class="btn" href="\(url: ticket)">\(answer.ref)</a></section>
            """
    }

    static func html(_ held: [HeldAnswerView], _ view: TicketView, _ page: PageContext) -> HTML {
        "<div data-part=\"held\">\(each: held, { one($0, view, page) })</div>"
    }

    private static func one(_ held: HeldAnswerView, _ view: TicketView, _ page: PageContext) -> HTML {
        let action = "/tickets/\(view.ref)/held/\(held.id)/undo"
        guard let left = held.left else {
            return """
                <section class="refusal" role="alert"><h2>\(if: held.isOwn, "\(say: "Your answer was not sent.")", else: "\(say: "\(held.author)’s answer was not sent.")")</h2><p>\(held.refusal)</p>\
                \(if: held.isOwn, "<div class=\"row\">\(Bits.button(say("Take it back into the draft"), action, page))</div>")</section>
                """
        }
        return """
            <div class="held-answer"><div class="ink"><p role="status">\(held.isOwn ? HTML(say: "Answer to \(view.contact.firstName) goes out in <b data-left=\"\(max(0, left))\">\(max(0, left)) s</b>") : HTML(say: "\(held.author)’s answer to \(view.contact.firstName) goes out in <b data-left=\"\(max(0, left))\">\(max(0, left)) s</b>"))</p>\(if: held.isOwn, "<form method=\"post\" action=\"\(url: action)\" data-key=\"z\">\(Bits.csrf(page))<button class=\"btn\">\(say: "Undo <kbd>Z</kbd>")</button></form>")</div>\
            <div class="body">\(Markdown.html(held.body))</div></div>
            """
    }

    /// What came meanwhile, and the choice: look first, or send it anyway.
    static func crossing(_ crossing: CrossingView?, _ view: TicketView, _ page: PageContext) -> HTML {
        guard let crossing else { return "" }
        return """
            <section class="crossing" role="alert" id="crossing"><h2>\(crossing.messages.contains { $0.kind == .client } ? HTML(say: "\(crossing.by) wrote while you wrote.") : HTML(say: "\(crossing.by) answered while you wrote."))</h2>\
            <p>\(say: "Yours is kept as a draft and was not sent.")\(if: crossing.hadFiles, " \(say: "Attach its files again.")")</p><ol class="rail">\(each: crossing.messages, { Timeline.message(renamed($0), page) })</ol>\
            <div class="row"><a class="btn primary" href="/tickets/\(view.ref)#\(crossing.messages.first?.id ?? "conversation")"\(if: !crossing.fields.isEmpty, " autofocus")>\(say: "Look first")</a>\
            <form method="post" action="/tickets/\(view.ref)/messages">\(Bits.csrf(page))\(each: crossing.fields, { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })<button class="btn">\(say: "Send anyway")</button></form></div></section>
            """
    }

    /// The same message stands in the conversation under its own name.
    private static func renamed(_ message: MessageView) -> MessageView {
        var message = message
        message.id = "crossed-" + message.id
        return message
    }
}
