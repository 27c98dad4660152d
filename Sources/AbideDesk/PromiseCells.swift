import AbideCore

/// The promise line of a mail: a table of coloured cells, since several mail programs drop inline SVG; it works with images off.
/// The sentence beside it says all of it in words.
enum PromiseCells {
    static func table(_ clock: SLAClock, _ agreement: Agreement, now: Instant) -> String {
        let reading = clock.reading(at: now)
        guard let start = reading.startedAt else { return "" }
        var cells: [(weight: Int64, colour: String)] = []
        func add(_ weight: Int64, _ colour: String) {
            guard weight > 0 else { return }
            if let last = cells.indices.last, cells[last].colour == colour { cells[last].weight += weight } else { cells.append((weight, colour)) }
        }
        let missed = reading.outcome == .missed
        let counted = missed ? "#CC3A30" : reading.state == .stopped ? "#2E8B5A" : reading.dueSoon ? "#AA6400" : "#3F66BF"
        for interval in clock.intervals(at: reading.stoppedAt ?? now) {
            switch interval.kind {
            case .counted: add(interval.seconds, counted)
            case .suspended: add(interval.lost, "#DAD8E4")
            case .closed: break
            }
        }
        if let left = reading.leftSeconds, left > 0 { add(left, missed ? "#F1C1BC" : reading.state == .stopped ? "#CFE6D8" : reading.dueSoon ? "#F0D5A4" : "#C6D3EE") }
        let whole = cells.reduce(0) { $0 + $1.weight }
        guard whole > 0, start <= now else { return "" }
        var html = "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"><tr>"
        for cell in cells {
            let percent = max(1, cell.weight * 100 / whole)
            html += "<td width=\"\(percent)%\" height=\"12\" bgcolor=\"\(cell.colour)\" style=\"background:\(cell.colour);height:12px;line-height:12px;font-size:1px\">&nbsp;</td>"
        }
        return html + "</tr></table>"
    }
}
