import AbideCore

/// Why a deadline is when it is: the intervals that counted, those that did not and why, and the sums. To the second where a figure has
/// seconds, so that what stands in a column is always its sum.
enum Ledger {
    private struct Row {
        var day: String
        var hours: String
        var amount: String
        var style: String
        var seconds: Int64
    }

    static func html(_ view: PromiseLineView, axis: Axis, words: TimeWords, agreement: String, ref: String) -> HTML {
        let reading = view.reading
        guard reading.startedAt != nil else {
            return "<p class=\"dim\">\(say: "The clock starts when all that the agreement asks for is here. Missing: \(view.missing.map(lowerFirst).joined(separator: ", ")).")</p>"
        }
        let target = reading.targetSeconds
        var used = rows(view, axis: axis, words: words)
        var left: [Row] = []
        if let due = reading.due, reading.state == .running, due > axis.now {
            for piece in axis.pieces where piece.to > axis.now && piece.from < due {
                let a = max(piece.from, axis.now), b = min(piece.to, due)
                left.append(row(view, words, a, b, what: "", style: "counted", seconds: b - a))
            }
        }
        var folded = 0, foldedSeconds: Int64 = 0
        while used.count > 14 {
            let first = used.removeFirst()
            folded += 1
            foldedSeconds += first.style == "counted" ? first.seconds : 0
        }
        return """
            <table class="ledger"><caption class="hidden">\(say: "\(view.kind.name): what counted and what did not")</caption><tbody>\
            \(if: folded > 0, "<tr><td colspan=\"2\">\(say: "\(folded) earlier stretches")</td><td>\(DurationWords.exact(foldedSeconds))</td></tr>")\
            \(each: used, html)\
            <tr class="sum"><th colspan="2" scope="row">\(say: "Used")</th><td>\(DurationWords.exact(reading.usedSeconds))</td></tr>\
            \(each: left, html)\
            \(if: target != nil, sums(view))</tbody></table>\
            <p class="dim">\(agreement)<br><a href="/tickets/\(ref)/clocks">\(say: "Show every interval")</a></p>
            """
    }

    private static func sums(_ view: PromiseLineView) -> HTML {
        let left = view.reading.leftSeconds ?? 0
        let over = left < 0
        return """
            <tr class="sum\(if: over, " over")"><th colspan="2" scope="row">\(if: over, "\(say: "Over")", else: "\(say: "Left")")</th><td>\(DurationWords.exact(abs(left)))</td></tr>\
            <tr class="sum total"><th colspan="2" scope="row">\(say: "Target")</th><td>\(DurationWords.exact(view.reading.targetSeconds ?? 0))</td></tr>
            """
    }

    private static func html(_ row: Row) -> HTML {
        "<tr class=\"\(row.style)\"><td>\(row.day)</td><td>\(row.hours)</td><td>\(row.amount)</td></tr>"
    }

    /// Every stretch that counted or was suspended; closed days only where they have a name.
    private static func rows(_ view: PromiseLineView, axis: Axis, words: TimeWords) -> [Row] {
        var rows: [Row] = []
        for interval in view.intervals {
            switch interval.kind {
            case .counted:
                let isNow = interval.to == axis.now && view.reading.state == .running
                rows.append(row(view, words, interval.from, interval.to, what: isNow ? " " + say("now") : "", style: "counted", seconds: interval.seconds))
            case .suspended where interval.lost > 0:
                let pieces = axis.pieces.filter { $0.to > interval.from && $0.from < interval.to }
                let shown = pieces.reduce(Int64(0)) { $0 + (min($1.to, interval.to) - max($1.from, interval.from)) }
                guard shown == interval.lost else {
                    rows.append(row(view, words, interval.from, interval.to, what: " " + say("suspended"), style: "susp", seconds: interval.lost))
                    continue
                }
                for piece in pieces {
                    let a = max(piece.from, interval.from), b = min(piece.to, interval.to)
                    rows.append(row(view, words, a, b, what: " " + say("suspended"), style: "susp", seconds: b - a))
                }
            case .closed:
                guard case .holiday = interval.cause else { continue }
                rows.append(Row(day: words.day(interval.from), hours: interval.reason, amount: say("closed"), style: "holiday", seconds: 0))
            default: break
            }
        }
        return rows
    }

    private static func row(_ view: PromiseLineView, _ words: TimeWords, _ from: Instant, _ to: Instant, what: String, style: String, seconds: Int64) -> Row {
        let amount = DurationWords.exact(seconds)
        let end = words.sameDay(from, to - 1) ? "" : words.weekday(to) + " "
        let exact = view.isExact || from.seconds % 60 != 0 || to.seconds % 60 != 0
        return Row(
            day: words.day(from), hours: "\(words.clock(from, seconds: exact))–\(end)\(words.clock(to, seconds: exact))\(what)",
            amount: style == "susp" ? "(\(amount))" : amount, style: style, seconds: seconds)
    }
}
