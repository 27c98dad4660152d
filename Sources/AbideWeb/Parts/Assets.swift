import AbideCore

/// The files that pages load, embedded in the program. Their addresses carry a digest of the content, so they may be cached for ever.
enum Assets {
    struct File: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    /// By name, as `/assets/abide.css` has it.
    static let files: [String: File] = [
        "abide.css": File(type: "text/css; charset=utf-8", bytes: tight(PackageResources.abide_css)),
        "pages.css": File(type: "text/css; charset=utf-8", bytes: tight(PackageResources.pages_css)),
        "guide.css": File(type: "text/css; charset=utf-8", bytes: tight(PackageResources.guide_css)),
        "app.js": File(type: "text/javascript; charset=utf-8", bytes: tightScript(PackageResources.app_js)),
        "composer.js": File(type: "text/javascript; charset=utf-8", bytes: tightScript(PackageResources.composer_js)),
        "offline.js": File(type: "text/javascript; charset=utf-8", bytes: tightScript(PackageResources.offline_js)),
        "speculation.json": File(type: "application/speculationrules+json", bytes: PackageResources.speculation_json),
        "favicon.svg": File(type: "image/svg+xml", bytes: PackageResources.favicon_svg),
    ]

    /// A style sheet without what only its writers need: comments, and white space beside punctuation that stands for nothing.
    private static func tight(_ css: [UInt8]) -> [UInt8] {
        var text = ""
        var rest = Substring(String(decoding: css, as: UTF8.self))
        while let start = rest.firstRange(of: "/*") {
            text += rest[..<start.lowerBound]
            rest = rest[start.upperBound...].firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
        }
        text += rest
        text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for (loose, tight) in [("{ ", "{"), (" {", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (": ", ":"), (", ", ","), (" > ", ">"), (" / ", "/"), (" !i", "!i"), (";}", "}")] {
            text = text.replacing(loose, with: tight)
        }
        return Array(text.utf8)
    }

    /// A script without its indentation, without lines that are a comment, and without space around what no text of ours holds; none goes over several lines.
    private static func tightScript(_ script: [UInt8]) -> [UInt8] {
        let lines = script.split(separator: UInt8(ascii: "\n")).map { $0.drop { $0 == UInt8(ascii: " ") } }.filter { !$0.isEmpty && !$0.starts(with: "//".utf8) }
        var text = String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
        for tight in ["=>", "===", "!==", "=", "&&", "||", "??"] { text = text.replacing(" \(tight) ", with: tight) }
        for (loose, tight) in [("{ ", "{"), (" }", "}"), (") {", "){")] { text = text.replacing(loose, with: tight) }
        return Array(text.utf8)
    }

    /// What the scripts say, in the reader's language, for the page to bring; nothing in English, which stands in the scripts.
    static var words: HTML {
        let tongue = Tongue.current
        guard !tongue.isEnglish else { return "" }
        let pairs = phrases.map { JSONText.quoted($0) + ":" + JSONText.quoted(tongue.phrase($0)) }.joined(separator: ",")
        return HTML(trusted: "<script type=\"application/json\" id=\"words\">{\(pairs.replacing("<", with: "\\u003c"))}</script>")
    }

    private static let phrases = Set(
        [PackageResources.app_js, PackageResources.composer_js].flatMap { String(decoding: $0, as: UTF8.self).matches(of: #/\bsay\("([^"]+)"/#).map { String($0.1) } }).sorted()

    /// What pages are made of besides themselves, kept on people's devices by the worker; it is another one with each version of them.
    static let serviceWorker: [UInt8] = {
        let list = files.keys.sorted().map { "\"\(path($0))\"" }.joined(separator: ", ")
        return Array(String(decoding: PackageResources.service_worker_js, as: UTF8.self).replacing("{{version}}", with: version).replacing("{{assets}}", with: list).utf8)
    }()

    /// `/assets/abide.css?v=1f3a…`
    static func path(_ name: String) -> String { "/assets/\(name)?v=\(version)" }

    /// FNV-1a over all files: it tells versions apart, it protects nothing.
    static let version: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in files.keys.sorted() {
            for byte in files[name]?.bytes ?? [] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }()
}
