import AbideDesk

extension Pages {
    /// The lists that all staff have in their sidebar.
    static func sharedViews(_ views: [SharedView], form: FormState, editing: Int64?, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Views"), frame, page, main: """
            <p class="lead">\(say: "Lists that all staff find in their sidebar. Everybody keeps own ones from the list itself; these are for all.")</p>\
            \(form.general)<div class="two-col"><form class="sheetform" method="post" action="/settings/views\(if: editing != nil, "/\(editing ?? 0)")">\(Bits.csrf(page))<h2 class="form-title">\(editing == nil ? say("A new one") : say("Change it"))</h2>\
            \(form.field(say("Name"), "name"))\(form.field(say("What it shows"), "q", help: say("As status:open severity:1, client:\"Northfield Mining\", assignee:me, is:escalated, due:<4h, sort:client, and words that are looked for.")))\
            <div class="row"><button class="btn primary">\(say: "Save")</button>\(if: editing != nil, "<a class=\"btn\" href=\"/settings/views\">\(say: "Leave it")</a>")</div></form>\
            <div class="sideinfo">\(if: views.isEmpty, "<h2>\(say: "None yet.")</h2><p>\(say: "A view shows, for instance, what is due within four hours.")</p>")<ul class="audit">\(each: views, { view in """
                <li><b>\(view.name)</b> <span class="dim">\(view.query)</span><small>\(say: "kept by \(view.owner)")</small><div class="row"><a href="/settings/views?edit=\(view.id)">\(say: "Change")</a>\(Bits.button(say("Delete"), "/settings/views/\(view.id)/deletion", page, style: "ghost danger"))</div></li>
                """ as HTML })</ul></div></div>
            """)
    }
}
