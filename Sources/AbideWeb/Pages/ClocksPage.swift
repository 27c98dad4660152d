import AbideCore

extension Pages {
    /// The table behind the promise lines: every interval of a ticket's clocks, counted or not, with the sums (C7).
    static func clocks(ref: String, subject: String, clocks: [PromiseLineView], holds: [DepartmentHold] = [], agreement: String, _ page: PageContext) -> HTML {
        let main: HTML = "<div class=\"intervals\">\(each: clocks, { clock in section(clock, page) })\(if: !holds.isEmpty, departments(holds, page))<p class=\"dim\">\(say: "\(agreement). The same from the command line: abide clock explain \(ref)")</p></div>"
        return page.user?.isStaff == true
            ? Shell.staff(say("\(ref) clocks"), page, bar: "<a class=\"back\" href=\"/tickets/\(ref)\">\(Icon.back.html)<span>\(ref)</span></a><h1>\(subject)</h1>", main: main, style: "mailing")
            : Shell.portal(say("\(ref) clocks"), page, back: "/tickets/\(ref)", main: "<p class=\"crumb\"><a href=\"/tickets/\(ref)\">\(Icon.back.html)\(ref)</a></p><h1 class=\"title\">\(subject)</h1>\(main)")
    }

    private static func section(_ clock: PromiseLineView, _ page: PageContext) -> HTML {
        let words = page.words
        return """
            <section><h2>\(clock.kind.name) \(Bits.badge(clock.state))</h2><p>\(clock.sentence(words, now: page.now))</p>\
            \(if: !clock.intervals.isEmpty, """
                <div class="scroll" tabindex="0"><table class="table"><thead><tr><th scope="col">\(say: "From")</th><th scope="col">\(say: "To")</th><th scope="col">\(say: "What")</th><th scope="col">\(say: "Counted")</th></tr></thead><tbody>\
                \(each: clock.intervals, { i in "<tr class=\"\(if: i.kind == .suspended, "susp")\"><td>\(words.full(i.from, now: page.now, seconds: true))</td><td>\(words.full(i.to, now: page.now, seconds: true))</td><td>\(what(i, clock))</td><td>\(seconds(i.seconds))</td></tr>" })\
                <tr class="sum"><th colspan="3" scope="row">\(say: "Used")</th><td>\(seconds(clock.reading.usedSeconds))</td></tr></tbody></table></div>
                """)</section>
            """
    }

    /// Internal targets, for staff: how long each department had it.
    private static func departments(_ holds: [DepartmentHold], _ page: PageContext) -> HTML {
        """
        <section><h2>\(say: "Departments")</h2><p class="dim">\(say: "Internal: measured and reported, and no part of a client’s clock.")</p><div class="scroll" tabindex="0"><table class="table">\
        <thead><tr><th scope="col">\(say: "Department")</th><th scope="col">\(say: "From")</th><th scope="col">\(say: "To")</th><th scope="col">\(say: "Held")</th><th scope="col">\(say: "At most")</th></tr></thead><tbody>\
        \(each: holds, { hold in
            "<tr><td>\(hold.department)</td><td>\(page.words.full(hold.from, now: page.now))</td><td>\(hold.to.map { page.words.full($0, now: page.now) } ?? say("now"))</td><td>\(seconds(hold.workingSeconds))\(if: hold.isOver, " <b>\(say: "over")</b>")</td><td>\(hold.targetSeconds.map(seconds) ?? "")</td></tr>"
        })</tbody></table></div></section>
        """
    }

    private static func what(_ interval: ClockReading.Interval, _ clock: PromiseLineView) -> String {
        switch interval.kind {
        case .counted: say("counted")
        case .closed: interval.reason.isEmpty ? say("closed") : say("closed, \(interval.reason)")
        case .suspended: say("suspended, \(lowerFirst(clock.reasons[interval.reason] ?? interval.reason)), \(seconds(interval.lost)) lost")
        }
    }

    /// To the second, for those who check: `2 h 29 m 00 s`.
    private static func seconds(_ n: Int64) -> String {
        func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let minutes = Tongue.current.writing.minutes
        return n < 60 ? "\(n) s" : n < 3600 ? "\(n / 60) \(minutes) \(two(n % 60)) s" : "\(n / 3600) h \(two(n / 60 % 60)) \(minutes) \(two(n % 60)) s"
    }
}
