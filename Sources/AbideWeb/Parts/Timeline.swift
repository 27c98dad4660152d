import AbideCore

/// The conversation and what happened between, on one rail.
enum Timeline {
    static func staff(_ items: [TimelineItem], _ page: PageContext) -> HTML {
        "<ol class=\"rail\">\(each: items, { item($0, page) })</ol>"
    }

    private static func item(_ item: TimelineItem, _ page: PageContext) -> HTML {
        switch item {
        case .message(let message): Timeline.message(message, page)
        case .event(let event): Timeline.event(event, page)
        }
    }

    static func message(_ m: MessageView, _ page: PageContext) -> HTML {
        let style: HTML = switch m.kind {
        case .client: "client"
        case .ours: "ours"
        case .note: "note"
        }
        return """
            <li class="msg \(style)" id="\(m.id)">\(Bits.initials(m.author, size: 28))<article>\
            <header>\(if: m.kind == .note, "<span class=\"locked\">\(Icon.lock.html)\(say: "Internal note, not seen by the client")</span>", else: "<b>\(m.author.name)</b> <span class=\"dim\">\(m.via)</span>")\(Bits.time(m.at, page))</header>\
            \(if: m.kind == .note, "<p class=\"by\"><b>\(m.author.name)</b></p>")\
            \(if: m.isUnverified, "<p class=\"warn\">\(say: "Sender not verified: the mail server gave no proof that \(m.author.email.isEmpty ? say("this address") : m.author.email) sent it.")</p>")\
            <div class="body">\(m.body)</div>\(if: m.sealing != nil, "<p class=\"dim\">\(m.sealing?.words ?? "")</p>")\(original(m))\(attachments(m.attachments))\(if: m.splits != nil, "<p class=\"splits\"><a href=\"\(url: m.splits ?? "")\">\(say: "Make it a ticket of its own")</a></p>")\(if: !m.delivery.isEmpty, "<p class=\"dim delivery\">\(m.delivery)</p>")</article></li>
            """
    }

    static func original(_ m: MessageView) -> HTML {
        let shown: HTML = "\(if: m.original != nil, "<a href=\"\(url: m.original ?? "")\" target=\"_blank\" rel=\"noopener\">\(say: "Show it as it was sent")</a>")"
        let raw: HTML = "\(if: m.raw != nil, "<a href=\"\(url: m.raw ?? "")\" download>\(say: "The mail as it came")</a>")"
        return "\(if: m.original != nil || m.raw != nil, "<p class=\"dim\">\(shown)\(if: m.original != nil && m.raw != nil, " · ")\(raw)</p>")"
    }

    static func attachments(_ list: [AttachmentView]) -> HTML {
        "\(if: !list.isEmpty, "<ul class=\"files\">\(each: list, { file in "<li><a href=\"\(url: file.href)\" download>\(if: file.isPicture, "<img src=\"\(url: file.href)\" alt=\"\" loading=\"lazy\" width=\"120\" height=\"80\">", else: Icon.clip.html)\(file.name) <small>\(Bits.size(file.size))</small></a></li>" })</ul>")"
    }

    static func event(_ e: EventView, _ page: PageContext) -> HTML {
        let (lead, rest) = split(e.sentence, type: e.type)
        return """
            <li class="event \(ring(e.type))" id="event-\(e.number)"><i aria-hidden="true"></i><p>\(if: !lead.isEmpty, "<b>\(lead)</b>")\(rest)\
            \(if: e.recordedAt != nil, " <span class=\"dim\">\(say: "entered \(page.words.stamp(e.recordedAt ?? e.at, now: page.now))")</span>")</p>\(Bits.time(e.at, page))</li>
            """
    }

    /// The first words of a sentence, up to its first stop, stand out: "Registered. Phone number and site missing".
    /// So do the words of the type itself, as "Correctly logged".
    static func split(_ sentence: String, type: String = "") -> (String, String) {
        let utf8 = sentence.utf8
        func isStop(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") }
        if let end = end(of: type, in: utf8), end == utf8.endIndex || !isStop(utf8[end]) { return (String(sentence[..<end]), String(sentence[end...])) }
        guard let stop = utf8.prefix(33).firstIndex(where: isStop) else { return ("", sentence) }
        let end = utf8[stop] == UInt8(ascii: ",") ? stop : utf8.index(after: stop)
        return (String(sentence[..<end]), String(sentence[end...]))
    }

    /// Where `correctlyLogged` ends in `Correctly logged by Dana`; nil where the sentence doesn't begin with it.
    private static func end(of type: String, in sentence: String.UTF8View) -> String.Index? {
        var place = sentence.startIndex
        func take(_ wanted: UInt8) -> Bool {
            guard place < sentence.endIndex, sentence[place] | 0x20 == wanted | 0x20 else { return false }
            place = sentence.index(after: place)
            return true
        }
        for byte in type.utf8 {
            if byte < UInt8(ascii: "a"), !take(UInt8(ascii: " ")) { return nil }
            if !take(byte) { return nil }
        }
        return type.isEmpty ? nil : place
    }

    /// Ring or disc: blue where a clock runs, green where a promise was met, violet suspended, red missed, grey for all else.
    static func ring(_ type: String) -> HTML {
        switch type {
        case "correctlyLogged", "resumed", "resolutionAgreed", "reopened", "resolutionWithdrawn": "run"
        case "responded", "resolved", "closed": "met"
        case "suspended": "susp"
        case "targetMissed", "escalated": "miss"
        default: "other"
        }
    }
}
