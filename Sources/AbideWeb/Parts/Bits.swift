import AbideCore

/// The small parts of every page.
enum Bits {
    /// The hidden field that every form carries.
    static func csrf(_ page: PageContext) -> HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(page.csrf)\">" }

    /// A square for staff, a circle for clients, dashed for nobody.
    static func initials(_ person: PersonView?, size: Int = 28) -> HTML {
        guard let person else { return "<span class=\"ini nobody s\(size)\"><span aria-hidden=\"true\">+</span><span class=\"hidden\">\(say: "Unassigned")</span></span>" }
        return person.isStaff
            ? "<span class=\"ini ours s\(size)\" title=\"\(person.name)\">\(person.initials)</span>"
            : "<span class=\"ini theirs s\(size)\" title=\"\(person.name)\">\(person.initials)</span>"
    }

    /// Severity is weight, not colour: a square with its number, a `?` where nobody has rated it.
    static func severity(_ number: Int?, name: String) -> HTML {
        guard let number, (1...4).contains(number) else { return "<span class=\"sev sev0\" title=\"\(say: "Not rated")\">?</span>" }
        return "<span class=\"sev sev\(number)\" title=\"\(name)\">\(number)<span class=\"hidden\"> \(name)</span></span>"
    }

    /// Dot and word; a diamond where it is missed, so that hue is never alone.
    static func badge(_ state: PromiseState) -> HTML {
        "<span class=\"badge \(state.style)\"><i></i>\(state.word.prefix(1).uppercased())\(state.word.dropFirst())</span>"
    }

    static func key(_ key: String) -> HTML { "<kbd>\(key)</kbd>" }

    /// A label, its control and the sentence under it.
    /// - Parameters:
    ///   - isMissing: shows a dashed `missing` beside the label while it is empty: it can be sent as it is.
    ///   - note: "if you like", small beside the label.
    static func field(
        _ label: String, name: String, value: String = "", id: String? = nil, multiline: Bool = false, rows: Int = 3, help: String = "",
        placeholder: String = "", error: String? = nil, note: String = "", isMissing: Bool = false, isRequired: Bool = false, type: String = "text",
        suggestions: [String] = [], autocomplete: String? = nil
    ) -> HTML {
        let id = id ?? "f-\(name)"
        let describes = error != nil || !help.isEmpty
        let attributes: HTML = """
             id="\(id)" name="\(name)"\(if: isRequired, " required")\(if: describes, " aria-describedby=\"\(id)-h\"")\(if: error != nil, " aria-invalid=\"true\"")\
            \(if: !placeholder.isEmpty || isMissing, " placeholder=\"\(placeholder.isEmpty ? " " : placeholder)\"")\(if: autocomplete != nil, " autocomplete=\"\(autocomplete ?? "")\"")
            """
        let control: HTML = multiline
            ? "<textarea rows=\"\(rows)\"\(attributes)>\n\(value)</textarea>"
            : "<input type=\"\(type)\" value=\"\(value)\"\(attributes)\(if: !suggestions.isEmpty, " list=\"\(id)-l\"")>"
        return """
            <div class="field\(if: error != nil, " wrong")"><label for="\(id)">\(label)\(if: !note.isEmpty, " <small>\(note)</small>")\(if: isMissing, " <span class=\"missing\">\(say: "missing")</span>")</label>\
            \(control)\(if: !suggestions.isEmpty && !multiline, "<datalist id=\"\(id)-l\">\(each: suggestions, { "<option value=\"\($0)\">" })</datalist>")\
            \(if: describes, "<p class=\"help\" id=\"\(id)-h\">\(error ?? help)</p>")</div>
            """
    }

    /// Files to send along; 25 MB in all.
    static func files(id: String) -> HTML {
        "<label class=\"attach\" for=\"\(id)\">\(Icon.clip.html)<span class=\"hidden\">\(say: "Attach files, up to 25 MB")</span><input type=\"file\" id=\"\(id)\" name=\"files\" multiple title=\"\(say: "Up to 25 MB")\"></label>"
    }

    static func select(_ label: String, name: String, _ choices: [Choice], id: String? = nil, chosen: String = "", empty: String? = nil, isRequired: Bool = false) -> HTML {
        let id = id ?? "f-\(name)"
        return """
            <div class="field"><label for="\(id)">\(label)</label><select id="\(id)" name="\(name)"\(if: isRequired, " required")>\
            \(if: empty != nil, "<option value=\"\">\(empty ?? "")</option>")\
            \(each: choices, { "<option value=\"\($0.value)\"\(if: chosen.isEmpty ? $0.isChosen : $0.value == chosen, " selected")>\($0.label)</option>" })</select></div>
            """
    }

    /// A form that opens from a button in the bar, with scripts off as well; only one is open at a time. A refused one is open, and
    /// the refusal stands in it.
    /// - Parameter key: opens it from the keyboard, and stands in the button.
    static func act(_ label: String, id: String, key: String? = nil, style: String = "", action: String, _ page: PageContext, _ content: HTML, submit: String, submitStyle: String = "primary") -> HTML {
        let isRefused = page.refusal?.act == id
        return """
            <details class="pop" name="act" id="act-\(id)"\(if: isRefused, " open")\(if: key != nil, " data-key=\"\(key ?? "")\"")><summary class="btn \(style)">\(label)\(if: key != nil, " \(Bits.key((key ?? "").uppercased()))")</summary>\
            <form class="pop-body" method="post" action="\(url: action)">\(if: isRefused, refusal(page.refusal))\(csrf(page))\(content)<div class="row"><button class="btn \(submitStyle)">\(submit)</button></div></form></details>
            """
    }

    /// What had been typed into a field of the form that was refused; empty for any other form.
    /// A form that opens in place, open where it was refused.
    static func inline(_ title: String, act: String, to action: String, _ page: PageContext, _ fields: HTML, submit: String) -> HTML {
        """
        <details class="inline" id="\(act)"\(if: page.refusal?.act == act, " open")><summary>\(title)</summary><form method="post" action="\(url: action)">\(csrf(page))\(fields)<button class="btn">\(submit)</button></form></details>
        """
    }

    static func typed(_ name: String, in act: String, _ page: PageContext) -> String { page.refusal?.act == act ? page.typed[name] ?? "" : "" }

    /// What did not happen, who can, under which clause; beside the act.
    static func refusal(_ refusal: RefusalView?) -> HTML {
        guard let refusal else { return "" }
        return """
            <section class="refusal" role="alert"><h2>\(refusal.title)</h2><p>\(refusal.text)\
            \(if: refusal.clause != nil, " <span class=\"dim\">\(say: "Clause <a href=\"/agreement#\(refusal.clause ?? "")\">\(refusal.clause ?? "")</a>")</span>")</p></section>
            """
    }

    static func time(_ t: Instant, _ page: PageContext) -> HTML {
        "<time datetime=\"\(t.rfc3339)\" title=\"\(page.words.full(t, now: page.now))\">\(page.words.stamp(t, now: page.now))</time>"
    }

    /// `184 KB`
    static func size(_ bytes: Int64) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) KB" }
        return "\(bytes / 1_000_000)\(Tongue.current.writing.decimal)\(bytes / 100_000 % 10) MB"
    }
}

extension PromiseState {
    /// The class that carries the state's colours.
    var style: String {
        switch self {
        case .running: "run"
        case .dueSoon: "soon"
        case .missed, .late: "miss"
        case .met: "met"
        case .suspended: "susp"
        case .notStarted, .open, .ended: "none"
        }
    }
}
