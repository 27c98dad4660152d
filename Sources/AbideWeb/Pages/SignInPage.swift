import AbideCore

/// The pages: functions from view values to markup.
enum Pages {}

extension Pages {
    static func signIn(_ view: SignInView, _ page: PageContext) -> HTML {
        let title = say("Sign in to \(page.provider) Support")
        return Shell.plain(say("Sign in"), page, main: """
            <div class="signin"><p class="mark">\(Shell.mark)Abide</p><h1>\(title)</h1>\
            <form method="post" action="/sign-in">\(Bits.csrf(page))\(if: view.next != nil, "<input type=\"hidden\" name=\"next\" value=\"\(view.next ?? "")\">")\
            \(if: view.error != nil, "<p class=\"error\" role=\"alert\">\(view.error ?? "")</p>")\
            \(Bits.field(say("User name or e-mail"), name: "email", value: view.email, isRequired: true, autocomplete: "username"))\
            \(Bits.field(say("Password"), name: "password", isRequired: true, type: "password", autocomplete: "current-password"))\
            <button class="btn primary big">\(say: "Sign in")</button></form>\
            <p><a href="/password-reset">\(say: "Forgotten your password?")</a></p>\
            <p class="dim">\(say: "A client and never been here? Your invitation came by mail. You can also just write to <a href=\"mailto:\(page.mailbox)\">\(page.mailbox)</a>.")</p></div>\
            \(if: view.axis != nil, openHours(view, page))\
            <footer class="foot"><span>\(say: "The support desk whose agreement runs itself")</span></footer>
            """, style: "signin-page")
    }

    /// The desk's own open hours as a line across the page.
    private static func openHours(_ view: SignInView, _ page: PageContext) -> HTML {
        guard let axis = view.axis?.sized(.list), !axis.pieces.isEmpty else { return "" }
        let words = page.desk
        let says: String
        if let until = view.openUntil {
            says = say("\(page.provider) Support is open now, until \(words.stamp(until, now: page.now)) in \(words.place)")
        } else if let opens = view.opensAt {
            says = say("\(page.provider) Support is closed now and opens \(words.stamp(opens, now: page.now)) in \(words.place)")
        } else {
            return ""
        }
        var d = Drawing()
        d.raw("<svg class=\"pl\" width=\"100%\" height=\"60\" aria-hidden=\"true\">")
        let style = TrackStyle(middle: 41, height: 10, radius: 2.5, pole: 0, isSmall: false, rise: 0)
        PromiseTrack.track(axis, style, into: &d)
        let x = axis.x(page.now)
        if let current = axis.pieces.first(where: { $0.from <= page.now && page.now < $0.to }) {
            let start = max(current.from, page.now - Int64(words.wall(page.now).second))
            d.rect("pl-m none", from: axis.x(start), to: x, y: 36, height: 10, radius: 2.5)
        }
        var last = -1
        for piece in axis.pieces {
            let day = words.wall(piece.from).dayNumber
            guard day != last else { continue }
            last = day
            let isToday = words.sameDay(piece.from, page.now)
            let name = words.names.weekdays[words.wall(piece.from).weekday]
            if abs(piece.left - x) > 4 {
                d.text("pl-t", x: piece.left, y: 27, dx: piece.left == 0 ? 28 : 0, "\(isToday ? words.clock(piece.from) : name)")
            }
            if isToday, piece.right - x > 6 { d.text("pl-t pl-opt", x: piece.right, y: 27, anchor: .end, "\(words.clock(piece.to))") }
        }
        d.line("pl-n", x1: x, y1: 18, x2: x, y2: 53)
        AxisWords.pill(x, width: 42, words.clock(page.now), into: &d)
        d.raw("</svg>")
        return "<div class=\"openhours\">\(d.html)<p>\(says)</p></div>"
    }
}
