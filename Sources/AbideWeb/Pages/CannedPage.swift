import AbideCore

struct CannedView: Sendable {
    var id: Int64
    var name: String
    var body: String
    var shared: Bool
    var isOwn: Bool
    /// What happens with it besides; empty: nothing.
    var says = ""
}

/// What a macro can do under the agreement.
struct MacroChoices: Sendable {
    var departments: [Choice]
    var reasons: [Choice]
}

extension Pages {
    /// Texts for answers: the own ones and those of all.
    static func canned(_ answers: [CannedView], form: FormState, editing: Int64?, variables: [String], choices: MacroChoices, _ page: PageContext) -> HTML {
        Shell.staff("Canned answers", page, bar: "<h1>Canned answers</h1><p class=\"sum dim\">in the composer behind <kbd>/</kbd> at the start of a line, or in its list</p>", main: """
            <div class="settings">\(form.general)<div class="two-col"><form class="sheetform" method="post" action="/canned-answers\(if: editing != nil, "/\(editing ?? 0)")">\(Bits.csrf(page))\
            <h2 class="form-title">\(editing == nil ? "A new one" : "Change it")</h2>\(form.field("Name", "name"))\(form.field("Text", "body", help: "Markdown. Filled in when it is used: \(variables.map { "{{\($0)}}" }.joined(separator: " ")).", multiline: true, rows: 8))\
            <details class="inline" id="macro"\(if: ["tags", "department", "mine", "suspend", "resolves", "tasks"].contains { !(form.values[$0] ?? "").isEmpty || form.errors[$0] != nil }, " open")><summary>What happens with it: make it a macro</summary>\
            \(form.field("Tags", "tags", help: "Divided by commas; they are added.", isRequired: false))\(form.check("Assign the ticket to whoever sends it", "mine"))\
            \(form.select("Give it to", "department", choices.departments, empty: "The department stays"))\(form.select("Suspend the clock", "suspend", choices.reasons, empty: "It runs on", help: "The deadline moves by the working time lost (C6)."))\
            \(form.check("The answer is the solution: resolve it", "resolves"))\(form.field("Tasks", "tasks", help: "One step a line.", isRequired: false, multiline: true))</details>\
            \(form.check("Shared with all staff", "shared"))<div class="row"><button class="btn primary">Save</button>\(if: editing != nil, "<a class=\"btn\" href=\"/canned-answers\">Leave it</a>")</div></form>\
            <div class="sideinfo">\(if: answers.isEmpty, "<h2>None yet.</h2><p>What you write often is worth keeping here.</p>")<ul class="audit">\(each: answers, { one in """
                <li><b>\(one.name)</b> <span class="dim">\(one.shared ? "shared" : "yours")</span><small>\(one.body.prefix(140))</small>\(if: !one.says.isEmpty, "<small>Sending it \(one.says).</small>")<div class="row"><a href="/canned-answers?edit=\(one.id)">Change</a>\(Bits.button("Delete", "/canned-answers/\(one.id)/deletion", page, style: "ghost danger"))</div></li>
                """ as HTML })</ul></div></div></div>
            """, style: "setting")
    }
}
