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
        return settings(say("Fields"), frame, page, main: """
            <p class="lead">\(say: "Fields of your own on tickets, as a serial number or a project code. What the clocks wait for stands in the agreement’s intake list, not here.")</p>\
            \(view.form.general)<div class="two-col"><form class="sheetform" method="post" action="/settings/fields\(if: !isNew, "/\(view.editing ?? 0)")">\(Bits.csrf(page))\
            <h2 class="form-title">\(isNew ? say("A new one") : say("Change it"))</h2>\(view.form.field(say("Label"), "label", help: say("As people read it.")))\
            \(if: isNew, view.form.field(say("Name"), "name", help: say("As the API calls it, as serial-number. It stays.")))\
            \(view.form.select(say("What it holds"), "kind", CustomField.Kind.allCases.map { Choice(value: $0.rawValue, label: $0.words) }, isRequired: true))\
            \(view.form.field(say("Choices"), "choices", help: say("One a line, where it is a choice."), isRequired: false, multiline: true))\
            \(view.form.select(say("Tickets of"), "client", view.clients, empty: say("All clients")))\(view.form.select(say("Tickets of the kind"), "ticketKind", view.kinds, empty: say("Any kind")))\
            \(view.form.check(say("The client reads it"), "public"))\(if: !isNew, view.form.check(say("Not offered any more"), "retired", help: say("What it holds stays.")))\
            <div class="row"><button class="btn primary">\(say: "Save")</button>\(if: !isNew, "<a class=\"btn\" href=\"/settings/fields\">\(say: "Leave it")</a>")</div></form>\
            <div class="sideinfo">\(if: view.rows.isEmpty, "<h2>\(say: "None yet.")</h2><p>\(say: "Every ticket has what the agreement asks for; add what you need besides.")</p>")<ul class="audit">\(each: view.rows, { row in """
                <li><b>\(row.label)</b> <span class="dim">\(row.name), \(row.kind.lowercasedFirst)\(if: row.isRetired, "\(say: ", not offered any more")")</span><small>\(row.scope.uppercasedFirst)\(if: row.isPublic, "\(say: "; the client reads it")")</small><div class="row"><a href="/settings/fields?edit=\(row.id)">\(say: "Change")</a></div></li>
                """ as HTML })</ul></div></div>
            """)
    }
}
