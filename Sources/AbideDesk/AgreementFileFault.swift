/// One thing that is wrong in an agreement file, at its place.
package struct AgreementFault: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    /// What is wrong; what is allowed.
    package var message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `FILE:LINE:COLUMN: what is wrong; what is allowed`, as editors and compilers write it.
    package var description: String { "\(file):\(line):\(column): \(message)" }
}

/// The word that somebody probably meant.
enum NearMiss {
    /// The candidate nearest to `word`, if no more than a third of its letters (at least one, at most three) differ, or one
    /// that is written out or cut short.
    static func suggestion(for word: String, among candidates: [String]) -> String? {
        let lowered = Array(word.lowercased().prefix(64))
        let limit = min(3, max(1, lowered.count / 3))
        let scored = candidates.map { (distance(lowered, Array($0.lowercased())), $0) }.filter { $0.0 <= limit }
        if let nearest = scored.min(by: { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }) { return nearest.1 }
        return candidates.first { candidate in
            let (a, b) = (word.lowercased(), candidate.lowercased())
            return min(a.count, b.count) >= 3 && (a.hasPrefix(b) || b.hasPrefix(a))
        }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, before[j - 2] + 1) }
                row.append(best)
            }
            (before, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
