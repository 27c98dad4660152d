import AbideCore

/// What stands in a form: as stored, or as typed and refused.
struct FormState: Sendable {
    var values: [String: String] = [:]
    /// A sentence by field name.
    var errors: [String: String] = [:]

    init(_ values: [String: String] = [:]) { self.values = values }

    /// What had been typed, and why it was not taken.
    init(_ form: Form, _ refusal: Refusal) {
        for (name, value) in form.fields where name != "csrf" && !name.contains("password") && name != "current" { values[name] = value }
        errors = refusal.fields.isEmpty ? ["": refusal.detail] : refusal.fields
    }

    func isOn(_ name: String) -> Bool { ["on", "1", "yes"].contains(values[name] ?? "") }

    /// What concerns no single field.
    var general: HTML {
        guard let text = errors[""] else { return "" }
        return "<section class=\"refusal flat\" role=\"alert\"><h2>\(say: "This was not done.")</h2><p>\(text)</p></section>"
    }

    func field(
        _ label: String, _ name: String, type: String = "text", help: String = "", note: String = "", isRequired: Bool = true, suggestions: [String] = [], autocomplete: String? = nil, multiline: Bool = false,
        rows: Int = 3, id: String? = nil
    ) -> HTML {
        Bits.field(
            label, name: name, value: values[name] ?? "", id: id, multiline: multiline, rows: rows, help: help, error: errors[name], note: note, isRequired: isRequired, type: type, suggestions: suggestions,
            autocomplete: autocomplete)
    }

    func select(_ label: String, _ name: String, _ choices: [Choice], empty: String? = nil, isRequired: Bool = false, help: String = "") -> HTML {
        """
        <div class="\(if: errors[name] != nil, "wrong")">\(Bits.select(label, name: name, choices, chosen: values[name] ?? "", empty: empty, isRequired: isRequired))\
        \(if: errors[name] != nil || !help.isEmpty, "<p class=\"help under\">\(errors[name] ?? help)</p>")</div>
        """
    }

    func check(_ label: String, _ name: String, help: String = "") -> HTML {
        """
        <label class="tick"><input type="checkbox" name="\(name)" value="on"\(if: isOn(name), " checked")\(if: !help.isEmpty, " aria-describedby=\"h-\(name)\"")><span>\(label)\(if: !help.isEmpty, "<small id=\"h-\(name)\">\(help)</small>")</span></label>
        """
    }
}

extension Bits {
    /// A form of one button.
    static func button(_ label: String, _ action: String, _ page: PageContext, style: String = "", fields: [(String, String)] = []) -> HTML {
        "<form method=\"post\" action=\"\(url: action)\">\(csrf(page))\(each: fields, { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })<button class=\"btn \(style)\">\(label)</button></form>"
    }
}
