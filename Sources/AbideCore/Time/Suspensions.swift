/// Stretches that are taken out of a count (C6). They may come in any order and overlap; their union is what counts.
package struct Suspensions: Hashable, Sendable {
    /// In order, disjoint, none empty.
    package let union: [Stretch]

    package struct Stretch: Hashable, Sendable {
        package var from, to: Instant
        package init(from: Instant, to: Instant) {
            self.from = from
            self.to = to
        }
    }

    /// One that ends when it starts, or before, takes nothing out.
    package init(_ stretches: [Stretch]) {
        var union: [Stretch] = []
        for one in stretches.sorted(by: { $0.from < $1.from }) where one.from < one.to {
            if let last = union.indices.last, union[last].to >= one.from {
                union[last].to = max(union[last].to, one.to)
            } else {
                union.append(one)
            }
        }
        self.union = union
    }
}

extension WorkingCalendar {
    /// As `worked(from:to:)`, less what is suspended.
    package func worked(from: Instant, to: Instant, without suspensions: Suspensions) -> Int64 {
        if to < from { return -worked(from: to, to: from, without: suspensions) }
        var sum = worked(from: from, to: to)
        for one in suspensions.union where one.from < to && one.to > from {
            sum -= worked(from: max(one.from, from), to: min(one.to, to))
        }
        return sum
    }

    /// As `instant(after:working:)`, where suspended time doesn't count.
    package func instant(after: Instant, working: Int64, without suspensions: Suspensions) -> Instant? {
        guard working > 0 else { return instant(after: after, working: working) }
        var start = after
        var left = working
        for one in suspensions.union where one.to > start {
            if one.from > start {
                let before = worked(from: start, to: one.from)
                if before >= left { break }
                left -= before
            }
            start = one.to
        }
        return instant(after: start, working: left)
    }
}
