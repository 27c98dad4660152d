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
        Shell.staff(say("Canned answers"), page, bar: "<h1>\(say: "Canned answers")</h1><p class=\"sum dim\">\(say: "in the composer behind <kbd>/</kbd> at the start of a line, or in its list")</p>", main: """
            <div class="settings">\(form.general)<div class="two-col"><form class="sheetform" method="post" action="/canned-answers\(if: editing != nil, "/\(editing ?? 0)")">\(Bits.csrf(page))\
            <h2 class="form-title">\(editing == nil ? say("A new one") : say("Change it"))</h2>\(form.field(say("Name"), "name"))\(form.field(say("Text"), "body", help: say("Markdown. Filled in when it is used: \(variables.map { "{{\($0)}}" }.joined(separator: " "))."), multiline: true, rows: 8))\
            <details class="inline" id="macro"\(if: ["tags", "department", "mine", "suspend", "resolves", "tasks"].contains { !(form.values[$0] ?? "").isEmpty || form.errors[$0] != nil }, " open")><summary>\(say: "What happens with it: make it a macro")</summary>\
            \(form.field(say("Tags"), "tags", help: say("Divided by commas; they are added."), isRequired: false))\(form.check(say("Assign the ticket to whoever sends it"), "mine"))\
            \(form.select(say("Give it to"), "department", choices.departments, empty: say("The department stays")))\(form.select(say("Suspend the clock"), "suspend", choices.reasons, empty: say("It runs on"), help: say("The deadline moves by the working time lost (C6).")))\
            \(form.check(say("The answer is the solution: resolve it"), "resolves"))\(form.field(say("Tasks"), "tasks", help: say("One step a line."), isRequired: false, multiline: true))</details>\
            \(form.check(say("Shared with all staff"), "shared"))<div class="row"><button class="btn primary">\(say: "Save")</button>\(if: editing != nil, "<a class=\"btn\" href=\"/canned-answers\">\(say: "Leave it")</a>")</div></form>\
            <div class="sideinfo">\(if: answers.isEmpty, "<h2>\(say: "None yet.")</h2><p>\(say: "What you write often is worth keeping here.")</p>")<ul class="audit">\(each: answers, { one in """
                <li><b>\(one.name)</b> <span class="dim">\(one.shared ? say("shared") : say("yours"))</span><small>\(one.body.prefix(140))</small>\(if: !one.says.isEmpty, "<small>\(say: "Sending it \(one.says).")</small>")<div class="row"><a href="/canned-answers?edit=\(one.id)">\(say: "Change")</a>\(Bits.button(say("Delete"), "/canned-answers/\(one.id)/deletion", page, style: "ghost danger"))</div></li>
                """ as HTML })</ul></div></div></div>
            """, style: "setting")
    }
}
