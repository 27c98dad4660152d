import AbideDesk

extension Pages {
    /// The lists that all staff have in their sidebar.
    static func sharedViews(_ views: [SharedView], form: FormState, editing: Int64?, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings("Views", frame, page, main: """
            <p class="lead">Lists that all staff find in their sidebar. Everybody keeps own ones from the list itself; these are for all.</p>\
            \(form.general)<div class="two-col"><form class="sheetform" method="post" action="/settings/views\(if: editing != nil, "/\(editing ?? 0)")">\(Bits.csrf(page))<h2 class="form-title">\(editing == nil ? "A new one" : "Change it")</h2>\
            \(form.field("Name", "name"))\(form.field("What it shows", "q", help: "As status:open severity:1, client:\"Northfield Mining\", assignee:me, is:escalated, due:<4h, sort:client, and words that are looked for."))\
            <div class="row"><button class="btn primary">Save</button>\(if: editing != nil, "<a class=\"btn\" href=\"/settings/views\">Leave it</a>")</div></form>\
            <div class="sideinfo">\(if: views.isEmpty, "<h2>None yet.</h2><p>A view shows, for instance, what is due within four hours.</p>")<ul class="audit">\(each: views, { view in """
                <li><b>\(view.name)</b> <span class="dim">\(view.query)</span><small>kept by \(view.owner)</small><div class="row"><a href="/settings/views?edit=\(view.id)">Change</a>\(Bits.button("Delete", "/settings/views/\(view.id)/deletion", page, style: "ghost danger"))</div></li>
                """ as HTML })</ul></div></div>
            """)
    }
}
