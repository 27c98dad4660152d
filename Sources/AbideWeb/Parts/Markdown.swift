import AbideCore
import AbideDesk
import CMarkGFM
import Foundation

/// What people write, as markup that can do no harm.
enum Markdown {
    private static let extensions: [String] = {
        cmark_gfm_core_extensions_ensure_registered()
        return ["autolink", "strikethrough", "table", "tagfilter"]
    }()

    /// CommonMark with GitHub's tables, strike-through and bare links. Markup in it is left out, a link leads to `http:`, `https:` or
    /// `mailto:` or nowhere, and an image becomes a link to it: whoever reads fetches nothing from elsewhere.
    static func html(_ text: String) -> HTML {
        let options = CMARK_OPT_SAFE | CMARK_OPT_HARDBREAKS | CMARK_OPT_VALIDATE_UTF8
        guard let parser = cmark_parser_new(options) else { return "\(text)" }
        defer { cmark_parser_free(parser) }
        for name in extensions {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let root = cmark_parser_finish(parser) else { return "\(text)" }
        defer { cmark_node_free(root) }
        tame(root)
        guard let rendered = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser)) else { return "\(text)" }
        defer { free(rendered) }
        return HTML(trusted: String(cString: rendered))
    }

    private static func tame(_ root: OpaquePointer) {
        guard let walk = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(walk) }
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(walk) else { continue }
            let type = cmark_node_get_type(node)
            guard type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE else { continue }
            if type == CMARK_NODE_IMAGE { cmark_node_set_type(node, CMARK_NODE_LINK) }
            let url = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
            if !isSafe(url) { cmark_node_set_url(node, "") }
        }
    }

    static func isSafe(_ url: String) -> Bool {
        let lower = url.prefix(8).lowercased()
        return ["http://", "https://", "mailto:"].contains { lower.hasPrefix($0) }
    }
}

/// The markup of a message: a mail's own HTML as it was sanitised on arrival, its plain text as it stands, else Markdown.
enum MessageHTML {
    static func html(_ message: AbideDesk.MessageView) -> HTML {
        if let html = message.html { return HTML(trusted: html) }
        return message.channel == .email ? plain(message.body) : Markdown.html(message.body)
    }

    /// Paragraphs and line ends kept; nothing else is read into it.
    static func plain(_ text: String) -> HTML {
        var html = HTML()
        for paragraph in text.split(separator: "\n\n") {
            let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: false)
            html += "<p>\(each: lines.enumerated(), { "\(if: $0.offset > 0, "<br>")\($0.element)" })</p>\n"
        }
        return html
    }
}
