import CQRencode

/// A QR code (ISO/IEC 18004) as inline SVG: one path, dark on light in both themes, since readers look for that.
enum QRCode {
    /// The free margin that the standard asks for.
    private static let margin = 4

    /// - Parameter says: what it is, for those who don't see it.
    /// - Returns: nil for a text that no code holds; the text itself always stands beside it.
    static func svg(_ text: String, says: String) -> HTML? {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width), side = width + 2 * margin
        guard let modules = code.pointee.data else { return nil }
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                // The lowest bit is the colour.
                guard modules[row * width + column] & 1 == 1 else {
                    column += 1
                    continue
                }
                let start = column
                while column < width, modules[row * width + column] & 1 == 1 { column += 1 }
                path += "M\(start + margin) \(row + margin)h\(column - start)v1h-\(column - start)z"
            }
        }
        return """
            <svg class="qr" role="img" aria-label="\(says)" viewBox="0 0 \(side) \(side)" width="\(side * 4)" height="\(side * 4)" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path fill="#000" d="\(path)"/></svg>
            """
    }
}
