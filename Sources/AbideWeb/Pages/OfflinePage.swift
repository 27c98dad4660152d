import AbideCore

extension Pages {
    /// What the service worker shows while there is no connection. It is kept on people's devices, so it knows nobody and nothing.
    static func offline(_ page: PageContext) -> HTML {
        Shell.plain(say("No connection"), page, main: """
            <div class="signin offline-page"><p class="mark">\(Shell.mark)Abide</p><h1>\(say: "There is no connection")</h1>\
            <p>\(say: "Either this device is offline, or the desk does not answer. This page opens by itself as soon as the line is back; nothing has to be typed again.")</p>\
            <p class="dim" role="status" data-says="\(say: "Last tried at")"></p>\
            <section hidden><h2>\(say: "Kept on this device")</h2><p class="dim">\(say: "What you had begun, not sent yet. It stands in its form again when you come back.")</p><ul class="plainlist drafts" data-drafts data-new="\(say: "New ticket")"></ul></section>\
            <div class="row"><a class="btn primary big" href="/" data-again>\(say: "Try again")</a></div>\
            <p class="dim">\(say: "Is it urgent? Call your support contact; every ticket can be logged for you on the telephone.")</p></div>\
            <script type="module" src="\(Assets.path("offline.js"))"></script>
            """, style: "signin-page")
    }
}
