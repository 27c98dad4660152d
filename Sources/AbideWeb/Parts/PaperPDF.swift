import CPangoCairo

/// Pages of A4 as PDF, written from top to bottom: headings, paragraphs and tables of text, in any script that the system's fonts have.
/// Set by pango and drawn by cairo; needs no browser.
final class PaperPDF {
    private static let width = 595.28, height = 841.89, margin = 54.0
    /// The first that the system has; the last is whatever it takes for a plain one.
    private static let family = "Inter, Liberation Sans, DejaVu Sans, Sans"
    private let sink = Sink()
    private let surface: OpaquePointer?
    private let cairo: OpaquePointer?
    private let footer: String
    private var y = PaperPDF.margin
    private var page = 1

    private final class Sink { var bytes: [UInt8] = [] }

    struct Column {
        /// In points.
        var width: Double
        var isNumber = false
    }

    /// - Parameter footer: stands at the foot of every page, beside its number.
    init(title: String, footer: String) {
        self.footer = footer
        surface = cairo_pdf_surface_create_for_stream({ closure, data, length in
            guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
            Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
            return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(sink).toOpaque(), Self.width, Self.height)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo = cairo_create(surface)
    }

    deinit {
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }

    /// The whole document; nothing can be added afterwards.
    func finish() -> [UInt8] {
        foot()
        cairo_show_page(cairo)
        cairo_surface_finish(surface)
        return sink.bytes
    }

    func heading(_ text: String, size: Double = 12) {
        y += size * 0.7
        // A heading stays with what follows.
        room(size * 4)
        y += draw(text, font: "\(Self.family) Bold \(size)", x: Self.margin, y: y, width: Self.width - 2 * Self.margin) + size * 0.4
    }

    func paragraph(_ text: String, size: Double = 9.5, grey: Bool = false) {
        let height = measure(text, font: "\(Self.family) \(size)", width: Self.width - 2 * Self.margin)
        room(height)
        y += draw(text, font: "\(Self.family) \(size)", x: Self.margin, y: y, width: Self.width - 2 * Self.margin, grey: grey) + 4
    }

    /// A table with a head that is said again on each page; cells wrap.
    func table(_ columns: [Column], head: [String], rows: [[String]]) {
        func line(_ cells: [String], font: String) {
            let height = zip(columns, cells).map { measure($1, font: font, width: $0.width - 6) }.max() ?? 0
            if y + height + 5 > Self.height - Self.margin - 16 {
                next()
                if cells != head { line(head, font: "\(Self.family) Bold 7.5") }
            }
            var x = Self.margin
            for (column, cell) in zip(columns, cells) {
                _ = draw(cell, font: font, x: x, y: y, width: column.width - 6, right: column.isNumber)
                x += column.width
            }
            y += height + 2.5
            cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8)
            cairo_set_line_width(cairo, 0.5)
            cairo_move_to(cairo, Self.margin, y)
            cairo_line_to(cairo, x - 6, y)
            cairo_stroke(cairo)
            y += 2.5
        }
        line(head, font: "\(Self.family) Bold 7.5")
        for row in rows { line(row, font: "\(Self.family) 8") }
        y += 4
    }

    private func room(_ height: Double) { if y + height > Self.height - Self.margin - 16 { next() } }

    private func next() {
        foot()
        cairo_show_page(cairo)
        page += 1
        y = Self.margin
    }

    private func foot() {
        let width = Self.width - 2 * Self.margin
        _ = draw(footer, font: "\(Self.family) 7.5", x: Self.margin, y: Self.height - Self.margin, width: width - 40, grey: true)
        _ = draw("\(page)", font: "\(Self.family) 7.5", x: Self.margin, y: Self.height - Self.margin, width: width, right: true, grey: true)
    }

    // MARK: Text

    private func layout(_ text: String, _ font: String, _ width: Double, right: Bool = false) -> OpaquePointer? {
        let layout = pango_cairo_create_layout(cairo)
        let description = pango_font_description_from_string(font)
        pango_layout_set_font_description(layout, description)
        pango_font_description_free(description)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        if right { pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT) }
        // What comes from outside may hold a NUL, at which C would stop.
        pango_layout_set_text(layout, text.replacing("\0", with: " "), -1)
        return layout
    }

    private func measure(_ text: String, font: String, width: Double) -> Double {
        let made = layout(text, font, width)
        defer { abide_object_unref(UnsafeMutableRawPointer(made)) }
        var (w, h): (Int32, Int32) = (0, 0)
        pango_layout_get_size(made, &w, &h)
        return Double(h) / Double(PANGO_SCALE)
    }

    private func draw(_ text: String, font: String, x: Double, y: Double, width: Double, right: Bool = false, grey: Bool = false) -> Double {
        let made = layout(text, font, width, right: right)
        defer { abide_object_unref(UnsafeMutableRawPointer(made)) }
        let shade = grey ? 0.4 : 0.07
        cairo_set_source_rgb(cairo, shade, shade, shade)
        cairo_move_to(cairo, x, y)
        pango_cairo_show_layout(cairo, made)
        var (w, h): (Int32, Int32) = (0, 0)
        pango_layout_get_size(made, &w, &h)
        return Double(h) / Double(PANGO_SCALE)
    }
}
