import AbideCore
import AbideDesk

extension Pages {
    /// How the desk does: what is wrong and what to do, and the same facts where all is right.
    static func status(_ condition: DeskCondition, version: String, zoneData: String, _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        let checks = condition.checks
        let wrong = checks.count { $0.state == .wrong }, look = checks.count { $0.state == .look }
        let summary = wrong > 0
            ? (wrong == 1 ? say("One thing is wrong.") : say("\(wrong) things are wrong."))
            : look > 0 ? (look == 1 ? say("All works; somebody should look at one thing.") : say("All works; somebody should look at \(look) things.")) : say("All is right.")
        return settings(say("Status"), frame, page, acts: "<a class=\"btn\" href=\"/settings/status\">\(say: "Look again")</a>", main: """
            <p class="says">\(summary)</p>\
            <ul class="condition">\(each: checks, check)</ul>\
            <p class="dim">\(say: "As of \(page.words.full(condition.at, now: page.now)), on this node, which serves since \(page.words.full(condition.upSince, now: page.now)). Abide \(version)\(if: !zoneData.isEmpty, "\(say: ", time-zone data \(zoneData)")"). The same figures for programs are at <a href=\"/metrics\">/metrics</a>.")</p>
            """)
    }

    private static func check(_ check: DeskCheck) -> HTML {
        """
        <li class="\(check.state.rawValue)" data-check="\(check.id)">\(badge(check.state))<div><h2>\(check.title)</h2><p>\(check.fact)</p>\
        \(if: !check.advice.isEmpty, "<p class=\"advice\">\(check.advice)</p>")</div>\(if: !check.page.isEmpty, "<a class=\"btn\" href=\"\(url: check.page)\">\(say: "Open it")</a>")</li>
        """
    }

    private static func badge(_ state: DeskCheck.State) -> HTML {
        switch state {
        case .wrong: "<span class=\"badge miss\"><i></i>\(say: "Wrong")</span>"
        case .look: "<span class=\"badge soon\"><i></i>\(say: "Look")</span>"
        case .good: "<span class=\"badge met\"><i></i>\(say: "Right")</span>"
        case .unused: "<span class=\"badge\"><i></i>\(say: "Not used")</span>"
        }
    }
}
