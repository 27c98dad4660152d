import AbideCore
import AbideMail
import Testing

@Suite("Sanitised HTML")
struct SanitiserTests {
    private func sanitised(_ html: String) -> String {
        MailReader.read(Array("From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\(html)".utf8)).html ?? ""
    }

    @Test("S1 S2 nothing that runs, styles, frames, posts or fetches gets through", arguments: [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<a href='javascript:alert(1)'>x</a>",
        "<a href=' jav\tascript:alert(1)'>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href=vbscript:x>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<form action=https://evil.example><input name=a><button>x</button></form>", "<style>@import 'https://evil.example'</style>",
        "<p style='background:url(https://evil.example)'>x</p>", "<link rel=stylesheet href=https://evil.example>", "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href=https://evil.example>", "<img src='https://evil.example/pixel.gif' srcset='https://evil.example/2'>", "<img src=data:image/svg+xml,x>", "<object data=x></object>",
        "<video poster=https://evil.example src=x></video>", "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>", "<textarea><script>alert(1)</script></textarea>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<p title='\"><script>alert(1)</script>'>x</p>", "<table background=https://evil.example><td>x</table>",
        "<xmp><script>alert(1)</script></xmp>", "<plaintext><script>alert(1)</script>", "<!--><script>alert(1)</script>-->", "<a href='//evil.example'>x</a>", "<a href=x ping=https://evil.example>x</a>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<isindex action=javascript:alert(1)>", "<frameset onload=alert(1)>", "<image src=x onerror=alert(1)>",
        "<script/src=data:,alert(1)>", "<img/src=`x`onerror=alert(1)>", "<<script>alert(1)//<</script>", "<body onload=alert(1) background=https://evil.example>x", "<details open ontoggle=alert(1)>x",
    ])
    func payloads(html: String) {
        let result = sanitised("<p>before</p>\(html)")
        #expect(result.contains("before"))
        // What is left is read again as tags: text is escaped, so every "<" starts one that was written on purpose.
        for tag in result.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
            #expect(!["script", "style", "svg", "math", "iframe", "form", "input", "button", "object", "embed", "link", "meta", "base", "video", "template", "frameset"].contains(String(name)))
            let outside = tag.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
            for forbidden in [" on", " style=", " src=", " srcset=", " background=", " action=", " ping=", " poster="] { #expect(!outside.lowercased().contains(forbidden), "\(result)") }
            if let href = tag.firstRange(of: "href=\"") { #expect(["http://", "https://", "mailto:", "tel:"].contains { tag[href.upperBound...].hasPrefix($0) }) }
        }
    }

    @Test("S1 words are shortened for the parser and stand in full where they stood", arguments: [
        "<p>Dear Anna, the printer stands still</p>", "<p title=\"long > words in here\">text of many words</p>", "<table>words before a cell<td>words in the cell</table>", "<title>words of a title</title>words behind it all",
        "<a href=\"x<a href='https://x.example/words and > more words'>words", "one &amp; words behind it, &ltwords", "<!-- words > of a comment --> words behind it", "<![CDATA[ words > in there ]]> words behind",
        "words &#983040; and &#xF000F0000; of their own", "\u{F0000} words of private use \u{F0000}", "<textarea>words in here</textarea><pre>\n words here\n and there</pre>", "<\u{1F600} smile and go on", "große Wörter, ganz ohne Marken",
        "<svg>words in a picture</svg><select>words to choose<option>and others</select>", "<b>bold words <i>both of them</b> words</i> of none",
    ])
    func runs(html: String) { #expect(MailReader.readsAlike(html: html)) }

    @Test("what people write stays: links, tables, emphasis, pictures of the mail")
    func kept() {
        #expect(sanitised("<h1>T</h1><a href=\"https://x.example/?a=1&amp;b=2\" onclick=x>l</a>")
            == #"<h1>T</h1><a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">l</a>"#)
        #expect(sanitised("<img src=https://x.example/a.png alt='A \"b\"' width=3>") == #"<img data-blocked-src="https://x.example/a.png" alt="A &quot;b&quot;" width="3">"#)
        #expect(sanitised("<custom-tag>in <em>it</em></custom-tag> a &lt;b&gt; &amp; c") == "in <em>it</em> a &lt;b&gt; &amp; c")
    }
}
