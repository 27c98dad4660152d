import AbideCore

struct SplitView: Sendable {
    var ref: String
    var number: Int
    var message: MessageView
    var severities: [Choice]
    var form: FormState
}

extension Pages {
    /// One message becomes a ticket of its own.
    static func split(_ view: SplitView, _ page: PageContext) -> HTML {
        Shell.staff(say("Split \(view.ref)"), page, bar: "<a class=\"back\" href=\"/tickets/\(view.ref)#\(view.message.id)\">\(Icon.back.html)<span>\(view.ref)</span></a><h1>\(say: "A ticket of its own")</h1>", main: """
            <div class="settings">\(view.form.general)<div class="two-col"><form class="sheetform" method="post" action="/tickets/\(view.ref)/messages/\(view.number)/split">\(Bits.csrf(page))\
            \(view.form.field(say("What it is about"), "subject"))\(view.form.select(say("Severity"), "urgency", view.severities, empty: say("Not rated yet")))\
            <p class="help">\(say: "\(view.message.author.name) gets its reference by mail. It was reported \(page.words.stamp(view.message.at, now: page.now)), so its clocks count from then (A5). The message stays here as well, and the two are linked in the history.")</p>\
            <div class="row"><button class="btn primary">\(say: "Make the ticket")</button><a class="btn" href="/tickets/\(view.ref)">\(say: "Leave it")</a></div></form>\
            <div class="sideinfo"><ol class="rail">\(Timeline.message(view.message, page))</ol></div></div></div>
            """, style: "setting")
    }
}
