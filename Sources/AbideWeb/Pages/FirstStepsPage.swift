import AbideCore

/// What is left to do before a new desk serves anybody, each with the place where it is done.
struct FirstStep: Sendable {
    var title: String
    /// Why, or how it stands.
    var text: String
    var isDone: Bool
    var act: (label: String, href: String)
}

extension Pages {
    static func firstSteps(_ steps: [FirstStep], _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let left = steps.count { !$0.isDone }
        return settings(say("First steps"), frame, page, main: """
            <p class="says">\(left == 0 ? say("All of it is done.") : left == 1 ? say("One thing is left.") : say("\(left) things are left."))</p>\
            <ol class="condition first">\(each: steps, { step in """
                <li>\(if: step.isDone, "<span class=\"badge met\"><i></i>\(say: "Done")</span>", else: "<span class=\"badge\"><i></i>\(say: "To do")</span>")<div><h2>\(step.title)</h2><p>\(step.text)</p></div><a class="btn\(if: !step.isDone && step.title == steps.first { !$0.isDone }?.title, " primary")" href="\(url: step.act.href)">\(step.act.label)</a></li>
                """ as HTML })</ol>
            """)
    }
}
