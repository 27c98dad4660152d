import AbideCore

struct FieldRow: Sendable {
    var id: Int64
    var name: String
    var label: String
    var kind: String
    /// "all tickets", "tickets of Northfield Mining"
    var scope: String
    var isPublic: Bool
    var isRetired: Bool
}

struct FieldsView: Sendable {
    var rows: [FieldRow]
    var form: FormState
    /// nil: a new one.
    var editing: Int64?
    var clients: [Choice]
    var kinds: [Choice]
}

extension Pages {
    /// Fields of the provider's own: what an agreement's intake list does not ask for.
    static func customFields(_ view: FieldsView, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let isNew = view.editing == nil
        return settings("Fields", frame, page, main: """
            <p class="lead">Fields of your own on tickets, as a serial number or a project code. What the clocks wait for stands in the agreement’s intake list, not here.</p>\
            \(view.form.general)<div class="two-col"><form class="sheetform" method="post" action="/settings/fields\(if: !isNew, "/\(view.editing ?? 0)")">\(Bits.csrf(page))\
            <h2 class="form-title">\(isNew ? "A new one" : "Change it")</h2>\(view.form.field("Label", "label", help: "As people read it."))\
            \(if: isNew, view.form.field("Name", "name", help: "As the API calls it, as serial-number. It stays."))\
            \(view.form.select("What it holds", "kind", CustomField.Kind.allCases.map { Choice(value: $0.rawValue, label: $0.words) }, isRequired: true))\
            \(view.form.field("Choices", "choices", help: "One a line, where it is a choice.", isRequired: false, multiline: true))\
            \(view.form.select("Tickets of", "client", view.clients, empty: "All clients"))\(view.form.select("Tickets of the kind", "ticketKind", view.kinds, empty: "Any kind"))\
            \(view.form.check("The client reads it", "public"))\(if: !isNew, view.form.check("Not offered any more", "retired", help: "What it holds stays."))\
            <div class="row"><button class="btn primary">Save</button>\(if: !isNew, "<a class=\"btn\" href=\"/settings/fields\">Leave it</a>")</div></form>\
            <div class="sideinfo">\(if: view.rows.isEmpty, "<h2>None yet.</h2><p>Every ticket has what the agreement asks for; add what you need besides.</p>")<ul class="audit">\(each: view.rows, { row in """
                <li><b>\(row.label)</b> <span class="dim">\(row.name), \(row.kind.lowercasedFirst)\(if: row.isRetired, ", not offered any more")</span><small>\(row.scope.uppercasedFirst)\(if: row.isPublic, "; the client reads it")</small><div class="row"><a href="/settings/fields?edit=\(row.id)">Change</a></div></li>
                """ as HTML })</ul></div></div>
            """)
    }
}
