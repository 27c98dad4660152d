import AbideCore
import AbideDesk

struct NotificationsView: Sendable {
    /// The latest first.
    var items: [NotificationView]
    /// How mail tells of what only concerns the reader; empty: at once.
    var wish: String
    /// From where older ones go on; nil: there are none.
    var older: Int64?
}

extension Pages {
    static func notifications(_ view: NotificationsView, _ page: PageContext) -> HTML {
        let unread = view.items.count { !$0.isRead }
        return Shell.staff(say("Notifications"), page, bar: """
            <h1>\(say: "Notifications")</h1><div class="acts">\(if: unread > 0, Bits.button(say("Mark all as read"), "/notifications/reading", page))</div>
            """, main: """
            <div class="settings"><div class="two-col"><div data-part="notifications">\
            \(if: view.items.isEmpty, "<div class=\"empty\"><h2>\(say: "Nothing yet.")</h2><p>\(say: "What is assigned to you, who mentions you in a note, what clients answer on your tickets and what falls due appears here.")</p></div>")\
            <ul class="told">\(each: view.items, { one in """
                <li\(if: !one.isRead, " class=\"unread\"")><a href="/notifications/\(one.id)"><b>\(one.words)</b> <span>\(one.ref) \(one.subject)</span></a>\(if: !one.isRead, "<span class=\"hidden\">\(say: "unread")</span>")\(Bits.time(one.at, page))</li>
                """ as HTML })</ul>\
            \(if: view.older != nil, "<p><a class=\"btn\" href=\"/notifications?before=\(view.older ?? 0)\">\(say: "Older ones")</a></p>")</div>\
            <aside class="sideinfo"><section><h2>\(say: "By mail")</h2><form method="post" action="/notifications/mail">\(Bits.csrf(page))\
            \(Bits.select(say("What only concerns you"), name: "wish", [Choice(value: "hourly", label: say("Every hour, in one mail")), Choice(value: "daily", label: say("Every morning, in one mail")), Choice(value: "never", label: say("Not by mail"))], chosen: view.wish, empty: say("At once, each by itself")))\
            <p class="help">\(say: "Mentions, assignments, tasks, answers on your tickets. Warnings, escalations and complaints come at once in any case: the agreement says so.")</p><div class="row"><button class="btn">\(say: "Save")</button></div></form></section>\
            <section class="scripted-only" data-browser><h2>\(say: "On this computer")</h2><p class="dim">\(say: "The browser shows what you are told while a page of the desk is open in it, whatever window is in front.")</p><button class="btn" type="button" data-allow>\(say: "Show them here")</button><p class="dim" role="status" data-says></p></section></aside></div></div>
            """, style: "setting")
    }
}
