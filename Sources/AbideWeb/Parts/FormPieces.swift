/// A part of a page that was drawn once for all who read it in the same second, cut where the forms' token goes, which each reader has of their own.
struct FormPieces: Sendable {
    private static let mark = "\u{2}token\u{2}"
    private let parts: [[UInt8]]

    /// - Parameter draw: draws it for a page whose token is a mark, and on which nothing was refused.
    init(_ page: PageContext, _ draw: (PageContext) -> HTML) {
        var blank = page
        blank.csrf = Self.mark
        blank.refusal = nil
        blank.typed = [:]
        let bytes = draw(blank).bytes, mark = Array(Self.mark.utf8)
        var parts: [[UInt8]] = [], from = 0, at = 0
        while at + mark.count <= bytes.count {
            if bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) {
                parts.append(Array(bytes[from..<at]))
                at += mark.count
                from = at
            } else { at += 1 }
        }
        parts.append(Array(bytes[from...]))
        self.parts = parts
    }

    func filled(_ token: String) -> HTML {
        let escaped = ("\(token)" as HTML).bytes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.count + escaped.count })
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes += escaped }
            bytes += part
        }
        return HTML(trusted: bytes)
    }
}
